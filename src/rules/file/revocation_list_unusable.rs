//! MT130.

use crate::{
    context::Context,
    facts::{FileFacts, ListFacts, ListScope, ListSigner},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{at, lists, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A revocation list that OpenSSL does not take for an answer: its signature is not that of the CA whose name it bears, it is a delta or an indirect list, speaks of some reasons only, or has a critical extension that is not known.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL refuses every certificate of that CA: error 8, CRL signature failure; 44, different CRL scope; 36, unhandled critical CRL extension.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook fetches the complete list of the CA, from where its certificates say.
    ///
    /// ```text
    /// openssl crl -in list.pem -noout -text -CAfile ca.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280 section 5.2
    /// - openssl-verification-options(1), -crl_check, -extended_crl
    pub static RULE = MT130 {
        name: "revocation-list-unusable",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 5280 section 5.2", "2008-05"), ("openssl 3.0 verify -crl_check", "2026-11-29")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::list(|list| list.scope = ListScope::Delta).done(),
        silent_on: || file_fixture::list(|_| {}).done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if lists(file).next().is_none() {
        return Verdict::NotApplicable("no revocation list in it");
    }
    let alone = lists(file).all(|(_, list)| list.signer == ListSigner::Absent);
    let hits = lists(file).filter_map(|(item, list)| {
        let (severity, seen) = judged(list, alone)?;
        let hit = Hit::new(
            format!("the revocation list of {} {seen}", list.issuer),
            list.issuer.clone(),
            at(file, item),
            remedy(list),
        );
        Some(hit.severity(severity).check(format!(
            "openssl crl -in {} -noout -text",
            shell(&file.path)
        )))
    });
    Verdict::from_hits(hits.collect())
}

/// A signature that was not checked may be good: the certificate to check it with is what is missing.
fn remedy(list: &ListFacts) -> &'static str {
    let whole = list.scope == ListScope::Complete && list.unknown_critical.is_empty();
    if list.signer == ListSigner::Absent && whole {
        "name the certificate of that CA as well, so that the signature can be checked"
    } else {
        "use the complete list that this CA itself signs"
    }
}

fn judged(list: &ListFacts, alone: bool) -> Option<(Severity, String)> {
    let seen = match (&list.signer, list.scope) {
        (ListSigner::Forged(why), _) => format!("was not signed by that CA's key: {why}"),
        (ListSigner::NotChecked(why), _) => {
            return Some((
                Severity::Warning,
                format!("has a signature that was not checked: {why}"),
            ));
        }
        (_, ListScope::Delta) => {
            "is a delta list: it has only the changes to another list".to_owned()
        }
        (_, ListScope::Indirect) => {
            "is an indirect list: OpenSSL does not accept one by default".to_owned()
        }
        (_, ListScope::SomeReasons) => {
            "covers only some reasons for revocation: OpenSSL does not accept that by default"
                .to_owned()
        }
        _ if !list.unknown_critical.is_empty() => format!(
            "has a critical extension that is not processed: {}",
            list.unknown_critical.join(", ")
        ),
        (ListSigner::Absent, _) => {
            // Beside lists that are signed by the CAs here it is that of an intermediate.
            let severity = if alone {
                Severity::Warning
            } else {
                Severity::Note
            };
            let seen = "has a signature that was not checked: the CA's certificate is not among these files";
            return Some((severity, seen.to_owned()));
        }
        _ => return None,
    };
    Some((Severity::Error, seen))
}
