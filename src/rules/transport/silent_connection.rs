//! MT904.

use crate::{
    context::Context,
    facts::{Accepted, EndingKind, FirstBytes, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A connection that was opened and sent no data.
    ///
    /// ## Why it matters
    ///
    /// Load balancers, uptime monitors and scanners check whether a port is open; each leaves such
    /// a line. If a real call was expected, something between the two sides drops the data, or the
    /// sender waits for the server to speak first, as SSH and SMTP clients do.
    ///
    /// ## How to fix it
    ///
    /// Nothing, if it is a health check. The check can speak TLS or HTTPS instead, to stay out of
    /// the log.
    ///
    /// ```text
    /// # HAProxy  option httpchk;  server webhook 10.0.0.5:443 check check-ssl verify none
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 2 (the client speaks first)
    pub static RULE = MT904 {
        name: "silent-connection",
        severity: Note,
        certainty: Likely,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 2", "2018-08")],
        faults: ["client-closes-before-hello", "handshake-timeout-peer-silent"],
        symptoms: [
            Says("unexpected eof while reading"), Says("tls handshake error from"), Says("peer closed connection in ssl handshake"),
        ],
        check: Accepted(check),
        fires_on: || Fixture::good()
            .ended(EndingKind::Closed, Phase::Connected, Some(Party::Peer))
            .handshake(|handshake| handshake.first_bytes = FirstBytes::Nothing).done(),
        silent_on: || Fixture::good()
            .ended(EndingKind::Interrupted, Phase::Connected, None)
            .handshake(|handshake| handshake.first_bytes = FirstBytes::Nothing).done(),
    }
}

fn check(handshake: &Accepted, _: &Context) -> Verdict {
    if handshake.first_bytes != FirstBytes::Nothing {
        return Verdict::Pass;
    }
    let how = match handshake.tls.ending.kind {
        EndingKind::TimedOut => "sent nothing before the timeout",
        EndingKind::Closed | EndingKind::Completed => "closed the connection without sending data",
        EndingKind::Reset => "reset the connection without sending data",
        _ => return Verdict::NotApplicable("mtls ended the connection"),
    };
    Verdict::hit(
        Hit::new(
            format!(
                "expected a ClientHello, the peer {how}: most likely a health check or a port scan"
            ),
            handshake.peer.clone(),
            Place::wire(Side::Client, "first bytes"),
            "nothing, if this is a health check; otherwise find out what drops the data in between",
        )
        .evidence("ending", handshake.tls.ending.detail.clone()),
    )
}
