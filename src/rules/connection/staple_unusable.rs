//! MT264.

use crate::{
    context::Context,
    facts::{Place, Probe, Side, StapleStatus},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A stapled OCSP response that says nothing: out of date, signed by somebody else, about another certificate, or without an answer.
    ///
    /// ## Why it matters
    ///
    /// Clients that look at staples may refuse the handshake; for a certificate with `must-staple` they have to.
    ///
    /// ## How to fix it
    ///
    /// Let the server fetch a new one, or staple none.
    ///
    /// ```text
    /// nginx: ssl_stapling on; ssl_stapling_verify on; ssl_trusted_certificate chain.pem;
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 6960 section 3.2, 2013-06
    pub static RULE = MT264 {
        name: "staple-unusable",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 6960 section 3.2", "2013-06")],
        faults: [],
        symptoms: [],
        check: Probe(check),
        fires_on: || ProbeFixture::good().probe(|probe| probe.staple = Some(probe_fixture::staple(StapleStatus::Good, Some("it was to be replaced")))).done(),
        silent_on: || ProbeFixture::good().probe(|probe| probe.staple = Some(probe_fixture::staple(StapleStatus::Good, None))).done(),
    }
}

fn check(probe: &Probe, _: &Context) -> Verdict {
    let Some(staple) = &probe.staple else {
        return Verdict::NotApplicable("no OCSP response was stapled");
    };
    let why = match (&staple.problem, staple.status) {
        (Some(why), _) => why.as_str(),
        (None, StapleStatus::Unknown) => "its responder does not know the certificate",
        _ => return Verdict::Pass,
    };
    Verdict::hit(
        Hit::new(
            format!("the stapled OCSP response is of no use: {why}"),
            probe.visit.url.clone(),
            Place::wire(Side::Server, "CertificateStatus"),
            "let the server fetch a new response, or staple none",
        )
        .command(
            "nginx:   ssl_stapling on; ssl_stapling_verify on; ssl_trusted_certificate chain.pem;",
        ),
    )
}
