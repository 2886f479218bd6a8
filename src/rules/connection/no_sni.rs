//! MT302.

use crate::{
    context::Context,
    facts::{Accepted, Place, Side},
    finding::{Hit, Verdict},
    rule,
    rules::help::asked_host,
};

rule! {
    /// ## What it finds
    ///
    /// A ClientHello without the `server_name` extension.
    ///
    /// ## Why it matters
    ///
    /// A server with several names then answers with its default certificate, and a load balancer
    /// may route the call wrongly or reject it (alert 112). Clients omit the name if the URL has an
    /// IP address; scanners and health checks usually do.
    ///
    /// ## How to fix it
    ///
    /// Call the webhook by its host name.
    ///
    /// ```text
    /// openssl s_client -connect 203.0.113.7:443 -servername your-webhook.example
    /// curl --resolve your-webhook.example:443:203.0.113.7 https://your-webhook.example/
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 6066, section 3 (server name indication)
    pub static RULE = MT302 {
        name: "no-sni",
        severity: Note,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 6066 section 3", "2011-01")],
        faults: ["sni-unrecognized"],
        symptoms: [Alert(112), Says("unrecognized name"), Says("no sni provided")],
        check: Accepted(check),
        fires_on: || Fixture::good().no_sni().done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(handshake: &Accepted, context: &Context) -> Verdict {
    let Some(hello) = &handshake.hello else {
        return Verdict::NotApplicable("no complete ClientHello was read");
    };
    if hello.sni.is_some() {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            "expected the webhook's host name (SNI), the client sent none",
            handshake.peer.clone(),
            Place::wire(Side::Client, "ClientHello"),
            "call the webhook by its host name, not by its IP address",
        )
        .check(format!(
            "openssl s_client -connect {host}:443 -servername {host}",
            host = asked_host(handshake, context)
        )),
    )
}
