//! MT911.

use crate::{
    context::Context,
    facts::{Dialled, EndingKind, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A port that answered the ClientHello with something that is not TLS.
    ///
    /// ## Why it matters
    ///
    /// The URL has the wrong port, or TLS ends at a proxy that was bypassed.
    ///
    /// ## How to fix it
    ///
    /// Call the TLS port, or turn TLS on for this one.
    ///
    /// ```text
    /// openssl s_client -connect webhook.example:443
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446 section 5.1, 2018-08
    pub static RULE = MT911 {
        name: "webhook-speaks-no-tls",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8446 section 5.1", "2018-08")],
        faults: ["tls-to-plain-http-port", "peer-is-ssh"],
        symptoms: [Says("wrong version number"), Says("packet length too long")],
        check: Dialled(check),
        fires_on: || CallFixture::good().ended(EndingKind::NotTls, Phase::Handshake, Some(Party::Peer)).done(),
        silent_on: || CallFixture::good().done(),
    }
}

fn check(dialled: &Dialled, _: &Context) -> Verdict {
    if dialled.tls.ending.kind != EndingKind::NotTls {
        return Verdict::Pass;
    }
    Verdict::hit(Hit::new(
        format!("the port does not speak TLS: {}", dialled.tls.ending.detail),
        dialled.url.clone(),
        Place::wire(Side::Server, "ServerHello"),
        "call the TLS port, or turn TLS on for this one",
    ))
}
