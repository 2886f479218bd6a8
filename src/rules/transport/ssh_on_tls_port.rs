//! MT903.

use crate::{
    context::Context,
    facts::{Accepted, FirstBytes, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A connection that begins with an SSH identification string.
    ///
    /// ## Why it matters
    ///
    /// An SSH client or a scanner connected to the wrong port, or a port forwarding has the wrong
    /// target. TLS libraries report `wrong version number`, which has nothing to do with TLS
    /// versions.
    ///
    /// ## How to fix it
    ///
    /// Correct the port or the forwarding. From a stranger's address it is a scan, and can be
    /// ignored.
    ///
    /// ```text
    /// ssh -v -p 22 host        # SSH's own port
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 4253, section 4.2 (protocol version exchange)
    pub static RULE = MT903 {
        name: "ssh-on-tls-port",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 4253 section 4.2", "2006-01")],
        faults: ["client-sends-ssh-banner", "peer-is-ssh"],
        symptoms: [
            Says("wrong version number"), Says("first record does not look like a tls handshake"),
            Says("invalidcontenttype"), Says("an unexpected tls packet was received"),
        ],
        check: Accepted(check),
        fires_on: || Fixture::good()
            .first_bytes(FirstBytes::Ssh { banner: "SSH-2.0-OpenSSH_9.2".into() }).done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(handshake: &Accepted, _: &Context) -> Verdict {
    match &handshake.first_bytes {
        FirstBytes::Ssh { banner } => Verdict::hit(
            Hit::new(
                format!("expected a TLS handshake, found an SSH client (\"{banner}\")"),
                handshake.peer.clone(),
                Place::wire(Side::Client, "first bytes"),
                "correct the port or the forwarding; ignore a stranger's scan",
            )
            .evidence("first bytes", banner.clone()),
        ),
        FirstBytes::Nothing => Verdict::NotApplicable("nothing was received"),
        _ => Verdict::Pass,
    }
}
