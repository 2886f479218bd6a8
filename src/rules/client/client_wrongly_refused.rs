//! MT421.

use crate::{
    context::Context,
    facts::{Call, ClientKind, Expected, Outcome, Place, RejectedBy, Side},
    finding::{Hit, Verdict},
    rule,
    rules::help::shell,
};

rule! {
    /// ## What it finds
    ///
    /// A valid client certificate that the webhook rejected: with a TLS alert, with an HTTP status
    /// such as nginx's 400, or by closing the connection.
    ///
    /// ## Why it matters
    ///
    /// The sender will get the same answer. In TLS 1.3 the handshake looks complete to the client
    /// before the server has checked its certificate, so the rejection comes instead of the
    /// response. nginx accepts every handshake and answers 400. A 401 or 403 may be about the
    /// bearer token or the subject, not about the chain.
    ///
    /// ## How to fix it
    ///
    /// Put the sender's root into the webhook's client-CA file and reload it. For a rehearsal with
    /// the certificates of `mtls pki`, that is `client-ca.pem`.
    ///
    /// ```text
    /// mtls lint --client-ca clients.pem --profile dialogflow
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446 section 4.4.2.4 and 6.2, 2018-08
    /// - openssl s_server transcripts gathered for this project, 2026-11
    pub static RULE = MT421 {
        name: "client-wrongly-refused",
        severity: Error,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8446 section 6.2", "2018-08"), ("facts of 2246 runs of 18 servers, gathered for this project", "2026-11")],
        faults: [],
        symptoms: [],
        check: Call(check),
        fires_on: || CallFixture::good().alert(48, "unknown_ca").done(),
        silent_on: || CallFixture::good().bad("client-unknown-ca").alert(48, "unknown_ca").done(),
    }
}

fn check(call: &Call, context: &Context) -> Verdict {
    if call.expected == Expected::Reject {
        return Verdict::NotApplicable("the client is to be rejected");
    }
    if call.differs.is_some() {
        return Verdict::NotApplicable("implementation-dependent for this client");
    }
    if call.outcome() != Outcome::Rejected {
        return Verdict::Pass;
    }
    let status = call.reply.as_ref().map(|reply| reply.status);
    let meaning = match (
        call.rejected_by(),
        status,
        call.alert().map(|alert| alert.code),
    ) {
        (_, Some(400), _) => {
            "nginx answers so if it does not accept the client certificate, other servers if the request is bad"
        }
        (_, Some(401), _) => "often about the bearer token, not the certificate",
        (_, Some(403), _) => "often a check of the certificate's subject, or of the bearer token",
        (_, Some(_), _) => "nginx's own status for a client certificate",
        (_, _, Some(48)) => "it does not trust the CA of the client certificate",
        (_, _, Some(116)) => "it requires a client certificate and received none",
        (Some(RejectedBy::Close), _, _) => "no reason given; see its log",
        _ => "see its log",
    };
    // It trusts the CA, and rejects the client after the handshake.
    let shaped = matches!(call.client_kind, ClientKind::Sender(_));
    // After the handshake, and not in nginx's words for a certificate: the CA is trusted.
    let after = matches!(status, Some(401 | 403)) && call.dialled.tls.handshaken();
    let by_name = shaped && call.rejected_by() == Some(RejectedBy::HttpStatus);
    let remedy = if by_name {
        "make the check of the subject accept the name in the sender's current certificate as well"
    } else if after && call.client_kind != ClientKind::Own {
        "the handshake passed, so look at what the application checks: call with the sender's own names, or let it accept this client's name for the rehearsal"
    } else if call.client_kind == ClientKind::Own {
        "add the root of your client certificate to the webhook's client-CA file and reload the webhook; the command says whether that file accepts it"
    } else {
        "put the client's CA into the webhook's client-CA file and reload it; for a rehearsal that is client-ca.pem of `mtls pki`"
    };
    let who = match call.client_kind {
        ClientKind::Own => "your client certificate".to_owned(),
        _ => format!("`{}`", call.client),
    };
    let hit = Hit::new(
        format!("the webhook rejected {who}: {} ({meaning})", call.how()),
        call.dialled.url.clone(),
        Place::wire(Side::Client, "Certificate"),
        remedy,
    )
    .evidence("certificates sent", call.dialled.presented.to_string())
    .evidence(
        "certificate requested",
        match call.dialled.asked {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        },
    );
    // A folder that was named has the clients; one that was not is made first.
    let reached = &context.reached_by;
    let made = context.pki_given;
    let flags = if made {
        reached.clone()
    } else {
        format!(" --pki ./pki{reached}")
    };
    Verdict::hit(
        if by_name || (after && call.client_kind != ClientKind::Own) {
            hit.check("mtls profiles show dialogflow   # or the sender's own profile")
                .check(format!(
                    "mtls simulate {}{flags} --readiness",
                    shell(&call.dialled.url)
                ))
        } else if call.client_kind == ClientKind::Own {
            let client = context.client_file.as_deref().unwrap_or("client.pem");
            hit.check(format!(
                "mtls lint --client-ca clients.pem --would-accept {client}"
            ))
        } else {
            let hit = match made {
                true => hit,
                false => {
                    hit.step("mtls pki ./pki   # then let the webhook trust pki/client-ca.pem")
                }
            };
            hit.check(format!(
                "mtls simulate {}{flags} --client valid",
                shell(&call.dialled.url)
            ))
        },
    )
}
