//! MT202.

use crate::{
    context::Context,
    facts::Chain,
    finding::Verdict,
    rule,
    rules::{
        chain::help::belongs,
        help::{apart, suspects, verdict},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A certificate whose validity (`notBefore`) begins after the evaluation time.
    ///
    /// ## Why it matters
    ///
    /// Verifiers reject it like an expired one. Most often the certificate is fine and a clock is
    /// wrong: the verifier's is slow, or the clock of the private CA that issued the certificate
    /// minutes ago is fast. OpenSSL answers with alert 42, rustls with 45.
    ///
    /// ## How to fix it
    ///
    /// Compare the clocks first. If they agree, wait, or have the certificate issued with an
    /// earlier start; private CAs should set `notBefore` a few minutes into the past.
    ///
    /// ```text
    /// date -u
    /// openssl x509 -in leaf.pem -noout -startdate
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1.2.5 (validity) and section 6.1.3 (the check)
    pub static RULE = MT202 {
        name: "certificate-not-yet-valid",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1.2.5", "2008-05")],
        faults: ["client-not-yet-valid", "server-not-yet-valid"],
        symptoms: [
            Verify(9), Alert(42), Alert(45),
            Says("certificate is not yet valid"), Says("certificate has expired or is not yet valid"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good()
            .certificate(0, |leaf| leaf.not_before = "2026-11-23T12:05:00Z".parse().unwrap())
            .problem(0, 9).done(),
        silent_on: || Fixture::good()
            .certificate(0, |leaf| leaf.not_before = fixture::now()).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.links.is_empty() {
        return Verdict::NotApplicable("the chain is empty");
    }
    let belongs = belongs(chain);
    let early = suspects(chain, &[9], |index, certificate| {
        (belongs(index) && certificate.not_before > context.now).then(|| {
            format!(
                "notBefore {}, in {}",
                certificate.not_before,
                apart(context.now, certificate.not_before)
            )
        })
    });
    verdict(&early, |suspect| {
        suspect
            .hit(
                format!("{} is not yet valid: {}", suspect.which(), suspect.why),
                "compare the clocks of both sides; if they agree, wait, or have the certificate issued with an earlier start",
            )
            .check("date -u")
    })
}
