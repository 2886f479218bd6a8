//! MT207.

use crate::{
    context::Context,
    facts::Chain,
    finding::Verdict,
    rule,
    rules::help::{show, suspects, verdict},
};

rule! {
    /// ## What it finds
    ///
    /// A certificate with an extension that is marked critical and that neither OpenSSL 3.0 nor webpki processes.
    ///
    /// ## Why it matters
    ///
    /// "Critical" means that a verifier which does not understand the extension must reject the
    /// certificate, and verifiers do. If it were not critical, they would ignore it.
    ///
    /// ## How to fix it
    ///
    /// Have the certificate reissued without the extension, or with it marked non-critical.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -text | grep critical
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2 (certificate extensions)
    pub static RULE = MT207 {
        name: "unknown-critical-extension",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2", "2008-05")],
        faults: ["client-unknown-critical-extension", "server-unknown-critical-extension"],
        symptoms: [
            Verify(34), Alert(46), Alert(42),
            Says("unhandled critical extension"), Says("unsupported critical extension"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good()
            .certificate(0, |leaf| leaf.unknown_critical = vec!["1.3.6.1.4.1.55555.1".into()])
            .problem(0, 34).done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.links.is_empty() {
        return Verdict::NotApplicable("the chain is empty");
    }
    let unknown = suspects(chain, &[34], |_, certificate| {
        (!certificate.unknown_critical.is_empty()).then(|| certificate.unknown_critical.join(", "))
    });
    verdict(&unknown, |suspect| {
        suspect
            .hit(
                format!(
                    "{} has an unknown critical extension: {}",
                    suspect.which(),
                    suspect.why
                ),
                "have the certificate reissued without the extension, or with it marked non-critical",
            )
            .check(show(chain, "Subject:|critical"))
    })
}
