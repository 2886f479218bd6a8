//! MT268.

use crate::{
    context::Context,
    facts::Chain,
    finding::{Hit, Severity, Verdict},
    rule,
    rules::{
        chain::help::Shape,
        help::{owner, place, repair},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A file whose first certificate is not the leaf, or a chain in which an issuer comes before
    /// what it issued.
    ///
    /// ## Why it matters
    ///
    /// Servers take the first certificate in the file as their own. With a CA certificate first
    /// they look for its key and do not start: OpenSSL, nginx, Node and Python say "key values
    /// mismatch", Go and Caddy "private key does not match public key", although the key is right.
    /// That is the error.
    ///
    /// Intermediates in another order are a warning: TLS 1.2 requires each certificate to certify
    /// the one before it, and old verifiers insist on that. TLS 1.3 asks receivers to sort them;
    /// current curl, Go, Node, Python, Java's HttpsURLConnection, GnuTLS and rustls also did so for
    /// TLS 1.2 when tested.
    ///
    /// ## How to fix it
    ///
    /// Put the leaf first, then its issuer, then the issuer's issuer; the root can be left out.
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --fix --out fullchain.fixed.pem
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
        return Verdict::NotApplicable("the chain has fewer than two certificates");
    }
    let shape = Shape::of(chain);
    let (at, message, severity) = if chain.leaf != 0 {
        let first = match chain.certificate(0) {
            Some(first) => first.label(),
            None => String::new(),
        };
        let message = format!(
            "expected the leaf first, found \"{first}\"; the leaf is at position {}",
            chain.leaf + 1
        );
        (0, message, Severity::Error)
    } else if let Some((child, issuer)) = shape.inverted {
        let message = format!(
            "out of order: each certificate must come before its issuer, and the issuer of position {} is at position {}",
            child + 1,
            issuer + 1
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
        "put the leaf first, then its issuer, then the issuer's issuer; leave the root out",
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
            format!("expected at position {}", position + 1),
            certificate.label(),
        );
    }
    Verdict::hit(match repair(chain) {
        Some(command) => hit.fix(command),
        None => hit,
    })
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
        assert!(findings[0].hit.message.contains("expected the leaf first"));
    }
}
