//! MT268.

use crate::{
    context::Context,
    facts::Chain,
    finding::{Hit, Severity, Verdict},
    rule,
    rules::{
        chain::help::Shape,
        help::{argument, holds, owner, place},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A file whose first certificate is not the leaf, or a chain in which an issuer stands before what it issued.
    ///
    /// ## Why it matters
    ///
    /// Servers take the first certificate of the file for their own. With an authority in front they look for the authority's key
    /// and do not start: OpenSSL, nginx, Node and Python say "key values mismatch", Go and Caddy "private key does not match public
    /// key", and the key is right. That is the error.
    ///
    /// Intermediates in another order are a warning: TLS 1.2 says that each certificate certifies the one before it, and verifiers
    /// of old keep to that. TLS 1.3 asks receivers to put them in order themselves; the current curl, Go, Node, Python, Java's
    /// HttpsURLConnection, GnuTLS and rustls did so for TLS 1.2 as well when tried.
    ///
    /// ## How to fix it
    ///
    /// The owner of the chain puts the leaf first, then its issuer, then that one's issuer; the root can be left out.
    ///
    /// ```text
    /// cat leaf.pem intermediate.pem > fullchain.pem
    /// mtls lint --cert fullchain.pem --fix --out ordered.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.4.2 (the sender's certificate comes first, the others may be in any order)
    /// - RFC 5246, section 7.4.2 (each certificate certifies the one before it)
    /// - Starts of nine servers and calls of nine clients with such files, tried 2026-11-23
    pub static RULE = MT268 {
        name: "chain-out-of-order",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [
            ("RFC 8446 section 4.4.2", "2018-08"),
            ("RFC 5246 section 7.4.2", "2008-08"),
            ("nine servers and nine clients, tried", "2026-11-23"),
        ],
        faults: ["server-file-wrongorder", "client-file-wrongorder", "server-chain-wrong-order"],
        symptoms: [
            Says("key values mismatch"), Says("private key does not match public key"), Says("keymismatch"),
            Says("key_values_mismatch"),
        ],
        check: Chain(check),
        fires_on: || Fixture::files().ordered(&[1, 0]).done(),
        silent_on: || Fixture::files().also(chain_fixture::server_root()).done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.links.len() < 2 {
        return Verdict::NotApplicable("fewer than two certificates have no order");
    }
    let shape = Shape::of(chain);
    let (at, message, severity) = if chain.leaf != 0 {
        let first = match chain.certificate(0) {
            Some(first) => first.label(),
            None => String::new(),
        };
        let message = format!(
            "{} \"{first}\" first and the leaf in place {}, wanted the leaf first",
            holds(chain),
            chain.leaf + 1
        );
        (0, message, Severity::Error)
    } else if let Some((child, issuer)) = shape.inverted {
        let message = format!(
            "{} the issuer in place {} before what it issued in place {}, wanted each certificate before its issuer",
            holds(chain),
            issuer + 1,
            child + 1
        );
        (issuer, message, Severity::Warning)
    } else {
        return Verdict::Pass;
    };
    let Some(subject) = chain.certificate(at) else {
        return Verdict::Pass;
    };
    let mut hit = Hit::new(
        message,
        subject.label(),
        place(chain, at),
        "put the leaf first, then its issuer, then that one's issuer; leave the root out",
    )
    .severity(severity)
    .act(owner(chain.role));
    for (position, certificate) in shape
        .order
        .iter()
        .filter_map(|&index| chain.certificate(index))
        .take(8)
        .enumerate()
    {
        hit = hit.evidence(
            format!("place {} wanted", position + 1),
            certificate.label(),
        );
    }
    if chain.in_file() {
        let file = argument(chain, "fullchain.pem");
        hit = hit.command(format!("mtls lint --cert {file} --fix --out ordered.pem"));
    }
    Verdict::hit(hit.command("cat leaf.pem intermediate.pem > fullchain.pem"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::judge, rules::chain::fixture::linked, rules::fixture::Fixture};

    #[test]
    fn only_the_leaf_behind_is_an_error() {
        for (order, wanted) in [
            (vec![0, 1, 2, 3], None),
            (vec![0, 2, 1, 3], Some(Severity::Warning)),
            (vec![0, 3, 1, 2], Some(Severity::Warning)),
            (vec![1, 0, 2, 3], Some(Severity::Error)),
            (vec![3, 2, 1, 0], Some(Severity::Error)),
        ] {
            let (case, context) = Fixture::files()
                .bundle(|bundle| {
                    bundle.chain = linked(4);
                    bundle.key = None;
                })
                .context(|context| context.hosts.clear())
                .ordered(&order)
                .done();
            let found = judge(case, &context)
                .findings
                .iter()
                .find(|finding| finding.rule.code == "MT268")
                .map(|finding| finding.severity);
            assert_eq!(found, wanted, "{order:?}");
        }
    }

    #[test]
    fn a_key_that_fits_the_leaf_is_not_blamed() {
        let (case, context) = Fixture::files().ordered(&[1, 0]).done();
        let findings = judge(case, &context).findings;
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].hit.message.contains("wanted the leaf first"));
    }
}
