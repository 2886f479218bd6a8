//! MT904.

use crate::{
    context::Context,
    facts::{EndingKind, FirstBytes, Handshake, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A connection that was opened and never carried a byte.
    ///
    /// ## Why it matters
    ///
    /// Load balancers and uptime monitors check that a port is open, and scanners do too; each leaves such a line. If it comes instead of
    /// a call that was expected, something between the two ends swallows the data, or the sender waits for the server to
    /// speak first, as SSH and SMTP clients do.
    ///
    /// ## How to fix it
    ///
    /// Nothing, if it is a health check. The owner of the webhook may have the check speak TLS or HTTPS, to keep it out of the log.
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
        check: Handshake(check),
        fires_on: || Fixture::good()
            .ended(EndingKind::Closed, Phase::Connected, Some(Party::Peer))
            .handshake(|handshake| handshake.first_bytes = FirstBytes::Nothing).done(),
        silent_on: || Fixture::good()
            .ended(EndingKind::Interrupted, Phase::Connected, None)
            .handshake(|handshake| handshake.first_bytes = FirstBytes::Nothing).done(),
    }
}

fn check(handshake: &Handshake, _: &Context) -> Verdict {
    if handshake.first_bytes != FirstBytes::Nothing {
        return Verdict::Pass;
    }
    let how = match handshake.ending.kind {
        EndingKind::TimedOut => "stayed silent until the time limit",
        EndingKind::Closed | EndingKind::Completed => "closed without a word",
        EndingKind::Reset => "reset the connection without a word",
        _ => return Verdict::NotApplicable("the connection was cut off from this side"),
    };
    Verdict::hit(
        Hit::new(
            format!(
                "the peer {how}, wanted a ClientHello: a health check or a port scan, most likely"
            ),
            handshake.peer.clone(),
            Place::wire(Side::Client, "first bytes"),
            "nothing, if this is a health check; else look for what swallows the data in between",
        )
        .evidence("ending", handshake.ending.detail.clone()),
    )
}
