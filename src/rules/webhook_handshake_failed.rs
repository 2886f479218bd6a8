//! MT912.

use crate::{
    context::Context,
    facts::{Call, EndingKind, Outcome, Phase, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A call that ended without a decision on the client certificate: an alert, a close or a reset before the webhook asked for one, or
    /// a broken protocol.
    ///
    /// ## Why it matters
    ///
    /// Whatever ended the call was not the client certificate: protocol versions, host names (SNI) and proxies are the usual causes.
    /// After a finished handshake without a certificate request, a close is a crash or a proxy without a backend.
    ///
    /// ## How to fix it
    ///
    /// Look at the server's log; try the other TLS version and HTTP version to narrow it down.
    ///
    /// ```text
    /// mtls simulate https://webhook.example/hook --tls-max 1.2
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446 section 6, 2018-08
    pub static RULE = MT912 {
        name: "webhook-handshake-failed",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8446 section 6", "2018-08")],
        faults: ["close-after-client-hello", "close-on-accept", "reset-after-client-hello", "peer-server-tls10-only", "peer-server-tls11-only", "sni-unrecognized", "alpn-mismatch-server-only-bogus"],
        symptoms: [],
        check: Call(check),
        fires_on: || super::fixture_call::CallFixture::good().call(|call| call.asked = None).ended(crate::facts::EndingKind::Reset, crate::facts::Phase::Handshake, Some(crate::facts::Party::Peer)).done(),
        silent_on: || super::fixture_call::CallFixture::good().bad("client-expired").ended(crate::facts::EndingKind::Closed, crate::facts::Phase::Http, Some(crate::facts::Party::Peer)).done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    if call.outcome() != Outcome::Unreachable {
        return Verdict::Pass;
    }
    let what = match call.ending.kind {
        EndingKind::PeerAlert | EndingKind::Closed | EndingKind::Reset => call.how(),
        EndingKind::ProtocolError
        | EndingKind::Limit
        | EndingKind::Internal
        | EndingKind::Completed
        | EndingKind::Interrupted => "the protocol was broken".to_owned(),
        _ => return Verdict::NotApplicable("the call failed in a way that has a rule of its own"),
    };
    let when = match (call.ending.phase >= Phase::Http, call.asked) {
        (true, Some(true)) => "after the handshake",
        (true, _) => "after the handshake, without having asked for a certificate",
        (false, Some(true)) => "within the handshake",
        (false, _) => "within the handshake, before a client certificate was asked for",
    };
    let detail = if call.ending.detail.is_empty() {
        String::new()
    } else {
        format!(": {}", call.ending.detail)
    };
    Verdict::hit(
        Hit::new(
            format!("the call ended {when}: {what}{detail}"),
            call.url.clone(),
            Place::wire(Side::Server, "Alert"),
            "look at the server's log; try the other TLS version and HTTP version to narrow it down",
        )
        .command(format!("mtls simulate {} --tls-max 1.2", call.url)),
    )
}
