//! MT201.

use crate::{
    context::Context,
    facts::Chain,
    finding::{Hit, Verdict},
    rule,
    rules::{
        chain::help::belongs,
        help::{apart, show, suspects, verdict},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A certificate whose validity (`notAfter`) has ended at the evaluation time: the leaf, an
    /// intermediate, or the trust anchor above them.
    ///
    /// ## Why it matters
    ///
    /// Most verifiers reject the whole chain for one expired certificate, and few say which one.
    /// OpenSSL answers with alert 45, Java with 46, older Go with 42. rustls and webpki ignore the
    /// dates of a trust anchor; OpenSSL, Go and GnuTLS do not.
    ///
    /// ## How to fix it
    ///
    /// Renew the certificate named here, and restart or reload the program that presents it. If it
    /// is an intermediate, take the current one from the CA and put it after the leaf. If every
    /// date looks right, check the clock.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -subject -dates
    /// date -u
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1.2.5 (validity, inclusive) and section 6.1.3 (the check)
    pub static RULE = MT201 {
        name: "certificate-expired",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1.2.5", "2008-05")],
        faults: [
            "client-expired", "client-intermediate-expired", "client-root-expired",
            "server-expired", "server-intermediate-expired", "server-root-expired", "upstream-expired",
        ],
        symptoms: [
            Verify(10), Alert(45), Alert(46), Alert(42),
            Says("certificate has expired"), Says("certificate expired"),
            Says("certificate has expired or is not yet valid"), Says("validity check failed"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good().leaf_expired().done(),
        silent_on: || Fixture::good()
            .certificate(0, |leaf| leaf.not_after = fixture::now()).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.links.is_empty() {
        return Verdict::NotApplicable("the chain is empty");
    }
    let belongs = belongs(chain);
    let expired = suspects(chain, &[10], |index, certificate| {
        (belongs(index) && certificate.not_after < context.now).then(|| {
            format!(
                "notAfter {}, {} ago",
                certificate.not_after,
                apart(context.now, certificate.not_after)
            )
        })
    });
    verdict(&expired, |suspect| -> Hit {
        suspect
            .hit(
                format!("{} expired: {}", suspect.which(), suspect.why),
                "renew this certificate and reload the program that presents it",
            )
            .check(show(chain, "Subject:|Not After"))
    })
}
