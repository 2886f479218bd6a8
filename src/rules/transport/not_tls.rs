//! MT905.

use crate::{
    context::Context,
    facts::{Accepted, FirstBytes, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A connection whose first bytes are neither TLS nor any other known protocol, or an SSL 2.0
    /// hello.
    ///
    /// ## Why it matters
    ///
    /// Something that does not speak TLS connected to a TLS port. Libraries report `wrong version
    /// number` or `first record does not look like a TLS handshake`; it has nothing to do with TLS
    /// versions. An SSL 2.0 hello comes from software more than ten years old.
    ///
    /// ## How to fix it
    ///
    /// The bytes often show what the client is. Correct its scheme or port.
    ///
    /// ```text
    /// echo 'BYTES' | xxd -r -p | xxd
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 5.1 (record layer)
    /// - RFC 6176 (prohibiting SSL 2.0)
    pub static RULE = MT905 {
        name: "not-tls",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 8446 section 5.1", "2018-08"), ("RFC 6176", "2011-03")],
        faults: [],
        symptoms: [
            Alert(10), Says("wrong version number"), Says("first record does not look like a tls handshake"),
            Says("invalidcontenttype"), Says("unrecognized ssl message, plaintext connection?"), Says("packet length too long"),
        ],
        check: Accepted(check),
        fires_on: || Fixture::good()
            .first_bytes(FirstBytes::Unknown { hex: "00ff00ff".into() }).done(),
        silent_on: || Fixture::good()
            .first_bytes(FirstBytes::PlainHttp2).done(),
    }
}

fn check(handshake: &Accepted, _: &Context) -> Verdict {
    let (message, evidence) = match &handshake.first_bytes {
        FirstBytes::Unknown { hex } => (
            format!("expected a TLS handshake record (160301 or 160303), found {hex}"),
            hex.clone(),
        ),
        FirstBytes::Ssl2Hello => (
            "expected a TLS handshake record, found an SSL 2.0 hello".to_owned(),
            "SSL 2.0 hello".to_owned(),
        ),
        FirstBytes::Nothing => return Verdict::NotApplicable("nothing was received"),
        _ => return Verdict::Pass,
    };
    let hit = Hit::new(
        message,
        handshake.peer.clone(),
        Place::wire(Side::Client, "first bytes"),
        "find out what the client is, and correct its scheme or port",
    )
    .evidence("first bytes", evidence);
    Verdict::hit(match &handshake.first_bytes {
        FirstBytes::Unknown { hex } => hit.check(format!("echo {hex} | xxd -r -p | xxd")),
        _ => hit,
    })
}
