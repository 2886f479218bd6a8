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
    /// A stapled OCSP response that cannot be used: out of date, signed by the wrong key, about
    /// another certificate, or without an answer.
    ///
    /// ## Why it matters
    ///
    /// Clients that check stapled responses may end the handshake; for a certificate with
    /// `must-staple` they have to.
    ///
    /// ## How to fix it
    ///
    /// Make the server fetch a new response, or turn stapling off.
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
            format!("the stapled OCSP response cannot be used: {why}"),
            probe.dialled.url.clone(),
            Place::wire(Side::Server, "CertificateStatus"),
            "make the server fetch a new response, or turn stapling off",
        )
        .setting(
            "nginx:   ssl_stapling on; ssl_stapling_verify on; ssl_trusted_certificate chain.pem;",
        ),
    )
}
