//! MT301.

use crate::{
    context::Context,
    facts::{Accepted, Place, Side},
    finding::{Hit, Verdict},
    parse::ids::is_grease,
    rule,
    rules::help::version,
};

/// TLS 1.2, the oldest version that mtls and most servers still speak.
const OLDEST: u16 = 0x0303;

rule! {
    /// ## What it finds
    ///
    /// A ClientHello whose highest version is older than TLS 1.2.
    ///
    /// ## Why it matters
    ///
    /// TLS 1.0 and 1.1 are deprecated since 2021 and current servers reject them, not always in
    /// clear words: besides `protocol version` (alert 70), OpenSSL-based servers answer
    /// `internal_error` with "no suitable signature algorithm", since their security level forbids
    /// the SHA-1 that those versions need.
    ///
    /// ## How to fix it
    ///
    /// Update the sender's TLS library, or stop pinning an old version. Do not open the server to
    /// old versions.
    ///
    /// ```text
    /// curl -v --tlsv1.2 https://your-webhook.example/
    /// # Java 7: -Dhttps.protocols=TLSv1.2     .NET Framework: target 4.6.2 or later
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8996 (deprecating TLS 1.0 and TLS 1.1)
    pub static RULE = MT301 {
        name: "tls-version-too-old",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 8996", "2021-03")],
        faults: ["peer-client-tls10-only", "peer-client-tls11-only"],
        symptoms: [
            Alert(70), Alert(80), Says("unsupported protocol"), Says("alert protocol version"),
            Says("no suitable signature algorithm"), Says("client offered only unsupported versions"),
        ],
        check: Accepted(check),
        fires_on: || Fixture::good().refused_hello().alert(70, "protocol_version").hello(|hello| {
            hello.legacy_version = 0x0301;
            hello.supported_versions = None;
        }).done(),
        silent_on: || Fixture::good().hello(|hello| hello.supported_versions = None).done(),
    }
}

fn check(handshake: &Accepted, _: &Context) -> Verdict {
    let Some(hello) = &handshake.hello else {
        return Verdict::NotApplicable("no complete ClientHello was read");
    };
    let Some(highest) = hello
        .versions()
        .into_iter()
        .filter(|&v| !is_grease(v))
        .max()
    else {
        return Verdict::NotApplicable("the ClientHello has no version");
    };
    if highest >= OLDEST {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            format!(
                "expected {} or newer, the client offers at most {}",
                version(OLDEST),
                version(highest)
            ),
            handshake.peer.clone(),
            Place::wire(Side::Client, "ClientHello"),
            "update the client's TLS library, or stop pinning an old version in it",
        )
        .evidence("highest version offered", version(highest)),
    )
}

/// Whether this rule has already said why the two ends did not come together.
pub(in crate::rules) fn hits(handshake: &Accepted, context: &Context) -> bool {
    matches!(check(handshake, context), Verdict::Hit(_))
}
