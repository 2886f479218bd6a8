//! MT134.

use crate::{
    context::Context,
    facts::{Certificate, FileFacts, KeyAlgorithm, Part, Purpose, Requirement},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{at, for_a_server, shell, was_named},
    verify::conformance,
};

rule! {
    /// ## What it finds
    ///
    /// What a certificate signing request (CSR) asks for and a public CA rejects or leaves out: a
    /// weak or unusual key, names that cannot be certified, an organizational unit, the client usage
    /// in a server's certificate, the right to sign certificates. It is a warning where verifiers
    /// reject a certificate with it, whoever issues it.
    ///
    /// ## Why it matters
    ///
    /// A public CA takes the key and the host names that it has validated, and decides the rest
    /// itself; a private CA may take over everything or nothing. Only the certificate that comes back
    /// shows what was issued.
    ///
    /// ## How to fix it
    ///
    /// Make the request again without what is named, or have a private CA sign it. Check the
    /// certificate when it is there.
    ///
    /// ```text
    /// openssl req -in request.pem -noout -text
    /// mtls lint --cert fullchain.pem --key key.pem --host hook.example
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, sections 6.1.5 (keys), 7.1.2.7 (server certificates), 7.1.4.2 (names)
    /// - Chrome Root Program Policy 1.8, section 1.3.2 (no client usage)
    pub static RULE = MT134 {
        name: "request-not-certifiable",
        severity: Note,
        certainty: Likely,
        act: Either,
        since: "0.1.0",
        cites: [
            ("CA/B Forum Baseline Requirements 2.1, 6.1.5, 7.1.2.7 and 7.1.4.2", "2025-04"),
            ("Chrome Root Program Policy 1.8 section 1.3.2", "2026-02-05"),
        ],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::request(|request| std::sync::Arc::make_mut(&mut request.asked).form.units = vec!["IT".into()]).done(),
        silent_on: || file_fixture::request(|_| ()).done(),
    }
}

/// What a request decides; dates, serial number, issuer and key identifiers are the CA's.
const ASKED_FOR: &[Requirement] = &[
    Requirement::LeafNoAuthority,
    Requirement::CertSign,
    Requirement::KeyUsageBits,
    Requirement::LeafKeyUsage,
    Requirement::ServerUsages,
    Requirement::AnyUsage,
    Requirement::ClientUsageInServer,
    Requirement::ExtensionsOnce,
    Requirement::AlternativeNamesCount,
    Requirement::AlternativeNameKinds,
    Requirement::InternalName,
    Requirement::WildcardPlace,
    Requirement::WildcardSuffix,
    Requirement::DnsName,
    Requirement::NameEncoding,
    Requirement::Underscore,
    Requirement::TopLevelDomain,
    Requirement::RsaSize,
    Requirement::RsaOctets,
    Requirement::RsaExponent,
    Requirement::RsaPrimes,
    Requirement::Curve,
    Requirement::NamedCurve,
    Requirement::KeyType,
    Requirement::NoDsa,
];

fn check(file: &FileFacts, context: &Context) -> Verdict {
    if was_named(file) {
        return Verdict::NotApplicable("a certificate or a key was expected");
    }
    let hits = file.requests().filter_map(|(item, request)| {
        let asked = request.asked.as_ref();
        let purpose = match for_a_server(asked, context.role) {
            true => Purpose::ServerAuth,
            false => Purpose::ClientAuth,
        };
        let found = conformance::violations(asked, Part::Leaf, purpose);
        let mut reasons: Vec<(bool, String)> = found
            .into_iter()
            .filter(|one| ASKED_FOR.contains(&one.requirement))
            .map(|one| (one.decides, one.why))
            .collect();
        reasons.extend(of_public_cas(asked).map(|why| (false, why)));
        let (worst, first) = reasons
            .iter()
            .max_by_key(|(decides, _)| *decides)
            .map(|(decides, _)| *decides)
            .zip(reasons.iter().rev().max_by_key(|(decides, _)| *decides))?;
        let message = match worst {
            true => format!("the request asks for what verifiers reject: {}", first.1),
            false => format!("a public CA rejects or leaves out a part of the request: {}", first.1),
        };
        let mut hit = Hit::new(
            message,
            asked.label(),
            at(file, item),
            "make the request again without it, or have a private CA sign it; then check the certificate that comes back",
        )
        .check(format!("openssl req -in {} -noout -text", shell(&file.path)))
        .severity(match worst {
            true => Severity::Warning,
            false => Severity::Note,
        });
        for (_, why) in reasons.iter().filter(|one| *one != first).take(8) {
            hit = hit.evidence("also", why.clone());
        }
        Some(hit)
    });
    Verdict::from_hits(hits.collect())
}

/// What no verifier minds and a public CA does not certify.
fn of_public_cas(asked: &Certificate) -> impl Iterator<Item = String> {
    let key = match asked.key.algorithm {
        KeyAlgorithm::Ed25519 | KeyAlgorithm::Ed448 | KeyAlgorithm::RsaPss => {
            Some(format!("its key type is {}", asked.key.algorithm))
        }
        _ => None,
    };
    let unit = asked.form.units.first();
    let unit = unit.map(|_| "its subject has an organizational unit (OU)".to_owned());
    key.into_iter().chain(unit)
}
