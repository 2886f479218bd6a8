//! MT401.

use crate::{
    context::Context,
    facts::{ClientAuth, EndingKind, Handshake, Phase, Place, Side},
    finding::{Hit, Severity, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A client that was asked for a certificate and sent none.
    ///
    /// ## Why it matters
    ///
    /// Where a certificate is required the handshake ends, under TLS 1.3 with alert 116 and only after the client believes it
    /// is done, under TLS 1.2 mostly with alert 40. Where it is only requested, nobody notices: OpenSSL's `s_server -verify`
    /// and Envoy with a CA but without `require_client_certificate` let the call pass.
    ///
    /// It has two causes. No certificate is configured in the client. Or one is, but its issuer is not among the CA names
    /// that the server lists: Go, Java and GnuTLS clients then send nothing, with the very files that curl, Python and Node do send.
    ///
    /// ## How to fix it
    ///
    /// The sender configures certificate and key; the owner of the webhook makes sure that the issuer is in its list.
    ///
    /// ```text
    /// openssl s_client -connect your-webhook.example:443 </dev/null | sed -n '/Acceptable client/,/Requested/p'
    /// curl -v --cert fullchain.pem --key key.pem https://your-webhook.example/
    /// # nginx    ssl_verify_client on;  ssl_client_certificate clients.pem;
    /// # Go       tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
    /// # Node     { requestCert: true, rejectUnauthorized: true, ca }
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.4.2.4 (receiving a Certificate message) and section 4.2.4 (certificate authorities)
    /// - RFC 5246, section 7.4.6 (client certificate)
    pub static RULE = MT401 {
        name: "client-certificate-not-sent",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.4.2.4", "2018-08"), ("RFC 5246 section 7.4.6", "2008-08")],
        faults: ["client-cert-not-sent", "upstream-requires-client-cert"],
        symptoms: [
            Alert(116), Alert(40), Alert(42), Alert(50),
            Says("certificate required"), Says("peer did not return a certificate"), Says("peer sent no certificates"),
            Says("client didn't provide a certificate"), Says("no required ssl certificate was sent"),
        ],
        check: Handshake(check),
        fires_on: || Fixture::good()
            .ended(
                EndingKind::Refused, Phase::Http, Some(Party::Us),
            )
            .alert(116, "certificate_required")
            .handshake(|handshake| handshake.client_auth = ClientAuth::Require)
            .no_client_certificate().done(),
        silent_on: || Fixture::good().no_client_certificate()
            .handshake(|handshake| handshake.client_auth = ClientAuth::None).done(),
    }
}

fn check(handshake: &Handshake, _: &Context) -> Verdict {
    if handshake.client_auth == ClientAuth::None {
        return Verdict::NotApplicable("the client was not asked for a certificate");
    }
    match sent(handshake) {
        None => {
            return Verdict::NotApplicable(
                "the handshake did not come as far as the client's certificate",
            );
        }
        Some(true) => return Verdict::Pass,
        Some(false) => {}
    }
    let (severity, wanted) = match handshake.client_auth {
        ClientAuth::Require => (Severity::Error, "required"),
        _ => (Severity::Warning, "requested"),
    };
    Verdict::hit(
        Hit::new(
            format!("the client sent no certificate, one was {wanted}"),
            handshake.peer.clone(),
            Place::wire(Side::Client, "Certificate"),
            "configure certificate and key in the client; if they are, see that their issuer is among the CA names the server lists",
        )
        .severity(severity)
        .command("curl -v --cert fullchain.pem --key key.pem https://your-webhook.example/"),
    )
}

/// Whether the client sent a certificate; `None` when the connection ended before one could tell.
fn sent(handshake: &Handshake) -> Option<bool> {
    let ending = &handshake.ending;
    let required = ending.alert.as_ref().is_some_and(|alert| alert.code == 116);
    match &handshake.client_chain {
        Some(chain) => Some(!chain.links.is_empty()),
        None if ending.kind == EndingKind::Refused && required => Some(false),
        None if handshake.negotiated.is_some() && ending.phase >= Phase::Http => Some(false),
        None => None,
    }
}
