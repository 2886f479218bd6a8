//! MT908.

use crate::{
    context::Context,
    facts::{Accepted, EndingKind, Phase, Place, Side},
    finding::{Certainty, Hit, Verdict},
    rule,
    rules::connection::server_certificate_rejected,
};

rule! {
    /// ## What it finds
    ///
    /// A connection that ended because the peer violated the TLS or HTTP protocol, or because it
    /// sent a fatal alert that is not about a certificate.
    ///
    /// ## Why it matters
    ///
    /// It is rare between current libraries. Usual causes: a middlebox that changes bytes, a test
    /// tool, or two incompatible library versions. The message has the details.
    ///
    /// ## How to fix it
    ///
    /// Check the other side's log. Another TLS version narrows it down:
    ///
    /// ```text
    /// curl -v --tls-max 1.2 https://your-webhook.example/
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 6.2 (error alerts)
    pub static RULE = MT908 {
        name: "protocol-broken",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 6.2", "2018-08")],
        faults: [],
        symptoms: [
            Alert(10), Alert(20), Alert(22), Alert(47), Alert(50), Alert(80), Alert(109),
            Says("unexpected message"), Says("bad record mac"), Says("illegal parameter"), Says("decode error"),
        ],
        check: Accepted(check),
        fires_on: || Fixture::good()
            .ended(EndingKind::ProtocolError, Phase::Handshake, Some(Party::Us))
            .alert(10, "unexpected_message").done(),
        silent_on: || Fixture::good()
            .ended(EndingKind::PeerAlert, Phase::Handshake, Some(Party::Peer))
            .alert(48, "unknown_ca").done(),
    }
}

fn check(handshake: &Accepted, context: &Context) -> Verdict {
    let ending = &handshake.tls.ending;
    let who = match ending.kind {
        EndingKind::ProtocolError => "the peer violated the protocol",
        EndingKind::PeerAlert => "the peer ended the connection",
        EndingKind::Internal => "mtls failed, not the peer",
        _ => return Verdict::Pass,
    };
    if server_certificate_rejected::hits(handshake, context) {
        return Verdict::NotApplicable(
            "the server's certificate was rejected, which is another finding",
        );
    }
    let mut message = who.to_owned();
    if let Some(alert) = &ending.alert {
        message.push_str(&format!(" with alert {} ({})", alert.code, alert.name));
    }
    if !ending.detail.is_empty() {
        message.push_str(&format!(": {}", ending.detail));
    }
    let from = match handshake.tls.seen_from {
        Side::Server => Side::Client,
        Side::Client => Side::Server,
    };
    let (remedy, command) = if ending.phase >= Phase::Http {
        (
            "make the client follow the HTTP rule that the message names; compare with what curl sends",
            "curl -v --http1.1 https://your-webhook.example/",
        )
    } else {
        (
            "check the other side's log, and try another TLS version",
            "curl -v --tls-max 1.2 https://your-webhook.example/",
        )
    };
    let hit = Hit::new(
        message,
        handshake.peer.clone(),
        Place::wire(from, "connection"),
        remedy,
    )
    .check(command);
    Verdict::hit(match ending.kind {
        EndingKind::PeerAlert => hit.certainty(Certainty::Likely),
        _ => hit,
    })
}
