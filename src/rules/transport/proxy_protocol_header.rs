//! MT902.

use crate::{
    context::Context,
    facts::{Accepted, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A PROXY protocol header before the TLS handshake.
    ///
    /// ## Why it matters
    ///
    /// A load balancer adds it to pass on the sender's address. This program reads it; a server
    /// that is not configured for it sees a broken handshake and closes the connection.
    ///
    /// ## How to fix it
    ///
    /// Turn it on in the server or off in the load balancer. Accept it only from the load
    /// balancer's addresses, since anyone can send such a header.
    ///
    /// ```text
    /// # nginx    listen 443 ssl proxy_protocol;  set_real_ip_from 10.0.0.0/8;
    /// # HAProxy  bind :443 ssl crt site.pem accept-proxy    sending: server s 10.0.0.5:443 send-proxy
    /// ```
    ///
    /// ## References
    ///
    /// - HAProxy, "The PROXY protocol", versions 1 and 2
    pub static RULE = MT902 {
        name: "proxy-protocol-header",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("HAProxy, The PROXY protocol, versions 1 and 2", "2020-03")],
        faults: [],
        symptoms: [Says("wrong version number"), Says("broken header"), Says("first record does not look like a tls handshake")],
        check: Accepted(check),
        fires_on: || Fixture::good().handshake(|handshake| {
            handshake.proxy = Some(ProxyHeader { version: 2, source: None, destination: None });
        }).done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(handshake: &Accepted, _: &Context) -> Verdict {
    let Some(proxy) = &handshake.proxy else {
        return Verdict::Pass;
    };
    let source = match proxy.source {
        Some(source) => format!("source {source}"),
        None => "no source".to_owned(),
    };
    Verdict::hit(
        Hit::new(
            format!(
                "a PROXY protocol header (version {}, {source}): the server must be configured to expect it",
                proxy.version
            ),
            handshake.peer.clone(),
            Place::wire(Side::Client, "first bytes"),
            "turn the PROXY protocol on in the server, or off in the load balancer",
        )
        .setting("nginx:   listen 443 ssl proxy_protocol;"),
    )
}
