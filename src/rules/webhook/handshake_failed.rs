//! MT912.

use crate::{
    context::Context,
    facts::{Dialled, EndingKind, Place, Side},
    finding::{CommandKind, Hit, Verdict},
    rule,
    rules::help::shell,
};

rule! {
    /// ## What it finds
    ///
    /// A connection that ended before a decision on the client certificate: an alert, a close or a
    /// reset before the server requested one, or a protocol error.
    ///
    /// ## Why it matters
    ///
    /// The client certificate was not the reason: TLS versions, host names (SNI) and proxies are
    /// the usual causes. After a complete handshake without a certificate request, a close is a
    /// crash or a proxy without a backend.
    ///
    /// ## How to fix it
    ///
    /// Check the server's log; try another TLS version and HTTP version to narrow it down.
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
        check: Dialled(check),
        fires_on: || CallFixture::good().call(|call| call.dialled.asked = None).ended(EndingKind::Reset, Phase::Handshake, Some(Party::Peer)).done(),
        silent_on: || CallFixture::good().bad("client-expired").ended(EndingKind::Closed, Phase::Http, Some(Party::Peer)).done(),
    }
}

fn check(dialled: &Dialled, _: &Context) -> Verdict {
    let ending = &dialled.tls.ending;
    let what = match ending.kind {
        _ if ending.phase >= dialled.wanted || dialled.turned_away() => return Verdict::Pass,
        EndingKind::PeerAlert
        | EndingKind::Closed
        | EndingKind::Reset
        | EndingKind::Incompatible
        | EndingKind::Limit => dialled.how(),
        EndingKind::ProtocolError | EndingKind::Completed | EndingKind::Interrupted => {
            "protocol error".to_owned()
        }
        // Each of these has a rule of its own. No wildcard: an ending without a rule would pass for
        // a handshake.
        EndingKind::Refused
        | EndingKind::Unresolved
        | EndingKind::Unreachable
        | EndingKind::TimedOut
        | EndingKind::NotTls
        | EndingKind::Internal => {
            return Verdict::NotApplicable("the call failed in a way that has a rule of its own");
        }
    };
    let when = match (dialled.tls.handshaken(), dialled.asked) {
        (true, Some(true)) => "after the handshake",
        (true, _) => "after the handshake, without a certificate request",
        (false, Some(true)) => "during the handshake",
        (false, _) => "during the handshake, before the certificate request",
    };
    let detail = if ending.detail.is_empty() {
        String::new()
    } else {
        format!(": {}", ending.detail)
    };
    let early = !dialled.tls.handshaken() && dialled.asked.is_none();
    let sent = match ending.kind {
        // Our own alert then says what was missing.
        EndingKind::Incompatible => ending.alert.as_ref(),
        _ => dialled.alert(),
    };
    let (remedy, kind, command) = match (sent.map(|alert| alert.code), &dialled.server_name) {
        (Some(70), _) => (
            "enable TLS 1.2 or TLS 1.3 in the server, or drop the flag that excludes its version",
            CommandKind::Setting,
            "nginx:   ssl_protocols TLSv1.2 TLSv1.3;".to_owned(),
        ),
        (Some(120), _) => (
            "enable http/1.1 in the server's ALPN list, or offer no protocol",
            CommandKind::Check,
            format!("mtls inspect {} --no-alpn", shell(&dialled.url)),
        ),
        (_, None) if early => (
            "an IP address was called, so no host name (SNI) was sent, and some servers need one: give it with --sni; otherwise check the server's log",
            CommandKind::Check,
            format!("mtls inspect {} --sni NAME", shell(&dialled.url)),
        ),
        (Some(40 | 71), _) if early => (
            "most likely no cipher suite or group in common (here: those of TLS 1.3, and ECDHE with AES-GCM or ChaCha20 in TLS 1.2); check the server's log",
            CommandKind::Check,
            format!("mtls inspect {} --tls-max 1.2", shell(&dialled.url)),
        ),
        _ => (
            "check the server's log; try another TLS version and HTTP version to narrow it down",
            CommandKind::Check,
            format!("mtls inspect {} --tls-max 1.2", shell(&dialled.url)),
        ),
    };
    Verdict::hit(
        Hit::new(
            format!("the call ended {when}: {what}{detail}"),
            dialled.url.clone(),
            Place::wire(Side::Server, "Alert"),
            remedy,
        )
        .command(kind, command),
    )
}
