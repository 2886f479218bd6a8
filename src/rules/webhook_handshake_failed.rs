//! MT912.

use crate::{
    context::Context,
    facts::{EndingKind, Phase, Place, Side, Visit},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A connection that ended without a decision on the client certificate: an alert, a close or a reset before the server asked for
    /// one, or a broken protocol.
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
        check: Visit(check),
        fires_on: || super::fixture_call::CallFixture::good().call(|call| call.visit.asked = None).ended(crate::facts::EndingKind::Reset, crate::facts::Phase::Handshake, Some(crate::facts::Party::Peer)).done(),
        silent_on: || super::fixture_call::CallFixture::good().bad("client-expired").ended(crate::facts::EndingKind::Closed, crate::facts::Phase::Http, Some(crate::facts::Party::Peer)).done(),
    }
}

fn check(visit: &Visit, _: &Context) -> Verdict {
    let ending = &visit.ending;
    let what = match ending.kind {
        _ if ending.phase >= visit.wanted || visit.turned_away() => return Verdict::Pass,
        EndingKind::PeerAlert | EndingKind::Closed | EndingKind::Reset => visit.how(),
        EndingKind::ProtocolError
        | EndingKind::Limit
        | EndingKind::Completed
        | EndingKind::Interrupted => "the protocol was broken".to_owned(),
        _ => return Verdict::NotApplicable("the call failed in a way that has a rule of its own"),
    };
    let when = match (visit.handshaken(), visit.asked) {
        (true, Some(true)) => "after the handshake",
        (true, _) => "after the handshake, without having asked for a certificate",
        (false, Some(true)) => "within the handshake",
        (false, _) => "within the handshake, before a client certificate was asked for",
    };
    let detail = if ending.detail.is_empty() {
        String::new()
    } else {
        format!(": {}", ending.detail)
    };
    let remedy = match (&visit.server_name, ending.phase) {
        (None, Phase::Connected | Phase::ClientHello | Phase::Handshake) => {
            "an address was called, so no name (SNI) was asked for, and some servers want one: name it with --sni; else look at the server's log"
        }
        _ => {
            "look at the server's log; try the other TLS version and HTTP version to narrow it down"
        }
    };
    Verdict::hit(
        Hit::new(
            format!("the call ended {when}: {what}{detail}"),
            visit.url.clone(),
            Place::wire(Side::Server, "Alert"),
            remedy,
        )
        .command(format!("mtls inspect {} --tls-max 1.2", visit.url)),
    )
}
