//! MT411.

use crate::{
    context::Context,
    facts::{Case, Certificate, KeyUsage},
    finding::{Act, Verdict},
    rule,
    rules::anchors::help::{each_set, together},
    rules::help::show,
};

rule! {
    /// ## What it finds
    ///
    /// A certificate in the client-CA file that may not issue others: no `CA:TRUE`, or a key usage
    /// without `keyCertSign`. A self-signed leaf is not reported: trusting a single client's own
    /// certificate is legitimate.
    ///
    /// ## Why it matters
    ///
    /// Verifiers accept nothing below it (OpenSSL: error 79 or 32), and whoever puts a leaf into
    /// this file usually meant the CA that issued it. OpenSSL, nginx and Apache do not even accept
    /// the leaf itself, unless they use `-partial_chain`.
    ///
    /// ## How to fix it
    ///
    /// Replace it with the root above it.
    ///
    /// ```text
    /// openssl x509 -in clients.pem -noout -subject -issuer -ext basicConstraints,keyUsage
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.9 (basic constraints) and section 4.2.1.3 (key usage)
    /// - OpenSSL, openssl-verification-options(1), -partial_chain
    pub static RULE = MT411 {
        name: "anchor-is-not-a-ca",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [
            ("RFC 5280 section 4.2.1.9", "2008-05"),
            ("openssl-verification-options(1) of OpenSSL 3.0.19", "2026-11-23"),
        ],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || Fixture::client_ca()
            .also(fixture::certificate_of("sender", "Client Root")).done(),
        silent_on: || Fixture::client_ca()
            .also(fixture::certificate_of("sender", "sender")).done(),
    }
}

fn check(case: &Case, _: &Context) -> Verdict {
    each_set(case, |file| {
        let found: Vec<_> = file
            .anchors()
            .filter_map(|(index, certificate)| Some((index, certificate, why_not(certificate)?)))
            .collect();
        let hit = together(
            file,
            &found,
            "is not a CA certificate",
            "replace it with the root above it",
        );
        let hits = hit.map(|hit| {
            hit.check(show(file.chain, "Subject:|Issuer:|CA:|Certificate Sign"))
                .act(Act::Server)
        });
        Verdict::from_hits(hits.into_iter().collect())
    })
}

fn why_not(certificate: &Certificate) -> Option<String> {
    let signs = certificate
        .key_usage
        .as_ref()
        .is_none_or(|usages| usages.contains(&KeyUsage::KeyCertSign));
    if !certificate.is_ca && !certificate.self_issued {
        Some("no CA:TRUE in its basicConstraints".into())
    } else if certificate.is_ca && !signs {
        Some("no keyCertSign in its keyUsage".into())
    } else {
        None
    }
}
