//! MT401.

use crate::{
    context::Context,
    facts::{Accepted, ClientAuth, EndingKind, Phase, Place, Side},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::help::asked_host,
};

rule! {
    /// ## What it finds
    ///
    /// A client that was asked for a certificate and sent none.
    ///
    /// ## Why it matters
    ///
    /// If a certificate is required the handshake fails, in TLS 1.3 with alert 116 and only after
    /// the client considers it complete, in TLS 1.2 usually with alert 40. If it is only requested,
    /// nobody notices: OpenSSL's `s_server -verify` and Envoy with a CA but without
    /// `require_client_certificate` accept the call.
    ///
    /// There are two causes. Either the client has no certificate configured, or its issuer is not
    /// among the CA names that the server sends: Go, Java and GnuTLS clients then send nothing,
    /// with the same files that curl, Python and Node do send.
    ///
    /// ## How to fix it
    ///
    /// Configure certificate and key in the sender; make sure that the issuer is among the CA names
    /// of the webhook.
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
        check: Accepted(check),
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

fn check(handshake: &Accepted, context: &Context) -> Verdict {
    if handshake.client_auth == ClientAuth::None {
        return Verdict::NotApplicable("the client was not asked for a certificate");
    }
    match sent(handshake) {
        None => {
            return Verdict::NotApplicable("the handshake ended before the client's certificate");
        }
        Some(true) => return Verdict::Pass,
        Some(false) => {}
    }
    let (severity, wanted) = match handshake.client_auth {
        ClientAuth::Require => (Severity::Error, "is required"),
        _ => (Severity::Warning, "was requested"),
    };
    Verdict::hit(
        Hit::new(
            format!("the client sent no certificate; one {wanted}"),
            handshake.peer.clone(),
            Place::wire(Side::Client, "Certificate"),
            "configure certificate and key in the client; if they are, make sure that their issuer is among the CA names that the server sends",
        )
        .severity(severity)
        .check(format!(
            "curl -v --cert fullchain.pem --key key.pem https://{}/",
            asked_host(handshake, context)
        )),
    )
}

/// Whether the client sent a certificate; `None` when the connection ended before one could tell.
fn sent(handshake: &Accepted) -> Option<bool> {
    let ending = &handshake.tls.ending;
    let required = ending.alert.as_ref().is_some_and(|alert| alert.code == 116);
    match &handshake.tls.client_chain {
        Some(chain) => Some(!chain.links.is_empty()),
        None if ending.kind == EndingKind::Refused && required => Some(false),
        None if handshake.tls.negotiated.is_some() && ending.phase >= Phase::Http => Some(false),
        None => None,
    }
}
