//! MT906.

use crate::{
    context::Context,
    facts::{Accepted, EndingKind, FirstBytes, Phase, Place, Side},
    finding::{Hit, Verdict},
    rule,
    rules::connection::server_certificate_rejected,
    rules::help::asked_host,
};

rule! {
    /// ## What it finds
    ///
    /// A TLS handshake that began and then stopped: the peer closed or reset the connection, or
    /// nothing more came before the timeout.
    ///
    /// ## Why it matters
    ///
    /// No alert gives a reason. Before a complete ClientHello, the usual causes are a scanner, a
    /// middlebox that drops large ClientHellos (post-quantum key shares fill two packets), or a
    /// dead connection. If the server had already sent its certificate and the peer closed the
    /// connection, [MT406](#mt406) is more likely.
    ///
    /// ## How to fix it
    ///
    /// Check the other side's log. Try from another network, and with a small ClientHello:
    ///
    /// ```text
    /// openssl s_client -connect your-webhook.example:443 -servername your-webhook.example -groups X25519
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 6.1 (closure alerts)
    pub static RULE = MT906 {
        name: "handshake-cut-short",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 6.1", "2018-08")],
        faults: [
            "client-closes-mid-handshake", "client-resets-after-hello", "close-after-client-hello", "reset-after-client-hello",
        ],
        symptoms: [
            Says("unexpected eof while reading"), Says("remote host terminated the handshake"), Says("socket hang up"),
            Says("connection reset by peer"), Says("ssl_error_syscall"), Says("handshake timed out"), Says("tls handshake timeout"),
            Says("the tls connection was non-properly terminated"),
        ],
        check: Accepted(check),
        fires_on: || Fixture::good()
            .ended(EndingKind::Reset, Phase::ClientHello, Some(Party::Peer))
            .done(),
        silent_on: || Fixture::good()
            .ended(EndingKind::Closed, Phase::Handshake, Some(Party::Peer))
            .done(),
    }
}

fn check(handshake: &Accepted, context: &Context) -> Verdict {
    if handshake.first_bytes != FirstBytes::Tls {
        return Verdict::NotApplicable("no TLS handshake began");
    }
    let ending = &handshake.tls.ending;
    let how = match ending.kind {
        EndingKind::Closed => "the peer closed the connection",
        EndingKind::Reset => "the peer reset the connection",
        EndingKind::TimedOut => "the peer sent nothing more before the timeout",
        _ => return Verdict::Pass,
    };
    if !matches!(ending.phase, Phase::ClientHello | Phase::Handshake) {
        return Verdict::Pass;
    }
    if server_certificate_rejected::hits(handshake, context) {
        return Verdict::NotApplicable(
            "the server's certificate was likely rejected, which is another finding",
        );
    }
    let (when, message) = match ending.phase {
        Phase::ClientHello => ("before the ClientHello was complete", "ClientHello"),
        _ => ("before the handshake was complete", "Finished"),
    };
    Verdict::hit(
        Hit::new(
            format!("{how} {when}, without a TLS alert"),
            handshake.peer.clone(),
            Place::wire(Side::Client, message),
            "check the other side's log, and try from another network and with a small ClientHello",
        )
        .evidence("ending", ending.detail.clone())
        .check(format!(
            "openssl s_client -connect {host}:443 -servername {host} -groups X25519",
            host = asked_host(handshake, context)
        )),
    )
}
