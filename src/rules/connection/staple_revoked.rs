//! MT263.

use crate::{
    context::Context,
    facts::{Place, Probe, Side, StapleStatus},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A server whose own stapled OCSP response says that its certificate is revoked.
    ///
    /// ## Why it matters
    ///
    /// Clients that check stapled responses reject it, and so do those that check revocation
    /// elsewhere.
    ///
    /// ## How to fix it
    ///
    /// Get a new certificate with a new key; a revoked one stays revoked.
    ///
    /// ```text
    /// openssl req -new -newkey rsa:2048 -nodes -keyout new-key.pem -out new.csr
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 6960 section 2.2, 2013-06
    /// - RFC 8446 section 4.4.2.1, 2018-08
    pub static RULE = MT263 {
        name: "staple-revoked",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 6960 section 2.2", "2013-06"), ("RFC 8446 section 4.4.2.1", "2018-08")],
        faults: [],
        symptoms: [],
        check: Probe(check),
        fires_on: || ProbeFixture::good().probe(|probe| probe.staple = Some(probe_fixture::staple(StapleStatus::Revoked, None))).done(),
        silent_on: || ProbeFixture::good().probe(|probe| probe.staple = Some(probe_fixture::staple(StapleStatus::Good, None))).done(),
    }
}

fn check(probe: &Probe, _: &Context) -> Verdict {
    let Some(staple) = &probe.staple else {
        return Verdict::NotApplicable("no OCSP response was stapled");
    };
    if staple.status != StapleStatus::Revoked || staple.problem.is_some() {
        return Verdict::Pass;
    }
    let since = staple
        .revoked_at
        .map_or_else(String::new, |at| format!(" since {at}"));
    Verdict::hit(
        Hit::new(
            format!("the server's certificate is revoked{since}, by its own stapled OCSP response"),
            probe.dialled.url.clone(),
            Place::wire(Side::Server, "CertificateStatus"),
            "get a new certificate with a new key; a revoked one stays revoked",
        )
        .step("openssl req -new -newkey rsa:2048 -nodes -keyout new-key.pem -out new.csr"),
    )
}
