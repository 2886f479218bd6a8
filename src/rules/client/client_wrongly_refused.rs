//! MT421.

use crate::{
    context::Context,
    facts::{Call, ClientKind, Expected, Outcome, Place, RejectedBy, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A client certificate that belongs in, and a webhook that refused it: with a TLS alert, with an HTTP status such as nginx's 400, or
    /// by closing.
    ///
    /// ## Why it matters
    ///
    /// This is what the sender will meet. In TLS 1.3 the handshake looks complete to the client before the server has judged its
    /// certificate, so the refusal comes where the answer should be. nginx lets every handshake through and answers 400. A 401 or 403 may
    /// be about the bearer token or the subject and not about the chain.
    ///
    /// ## How to fix it
    ///
    /// Put the anchor of the sender into the client-CA file of the webhook and reload it. With a rehearsal's certificates, that is
    /// `client-ca.pem` of the folder that `mtls pki` wrote.
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

fn check(call: &Call, _: &Context) -> Verdict {
    if call.expected == Expected::Reject {
        return Verdict::NotApplicable("the client is one to refuse");
    }
    if call.differs.is_some() {
        return Verdict::NotApplicable("enforcing servers differ about this client");
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
            "nginx says so when it does not accept the client certificate; other servers when they dislike the request"
        }
        (_, Some(401), _) => "often about the bearer token, not about the certificate",
        (_, Some(403), _) => "often a check of the certificate's subject, or of the bearer token",
        (_, Some(_), _) => "about the client certificate, in nginx's own numbers",
        (_, _, Some(48)) => "it does not know the authority above the client certificate",
        (_, _, Some(116)) => "it wants a client certificate and got none",
        (Some(RejectedBy::Close), _, _) => "without a reason; its own log will have one",
        _ => "its own log says more",
    };
    // It knows the authority, and turns the client away after the handshake.
    let shaped = matches!(call.client_kind, ClientKind::Sender(_));
    let by_name = shaped && call.rejected_by() == Some(RejectedBy::HttpStatus);
    let remedy = if by_name {
        "let the check of the certificate's subject accept the name of the sender's current certificate as well"
    } else {
        "put the client's anchor into the webhook's client-CA file and reload it; for a rehearsal that is client-ca.pem of `mtls pki`"
    };
    let hit = Hit::new(
        format!(
            "the webhook refused `{}` with {}: {meaning}",
            call.client,
            call.how()
        ),
        call.visit.url.clone(),
        Place::wire(Side::Client, "Certificate"),
        remedy,
    )
    .evidence("certificates sent", call.visit.presented.to_string())
    .evidence(
        "asked for a certificate",
        match call.visit.asked {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not seen",
        },
    );
    Verdict::hit(if by_name {
        hit.command("mtls profiles show dialogflow   # or the sender's own profile")
            .command(format!(
                "mtls simulate {} --pki ./pki --readiness",
                call.visit.url
            ))
    } else {
        hit.command("mtls pki ./pki   # then let the webhook trust pki/client-ca.pem")
            .command(format!(
                "mtls simulate {} --pki ./pki --client valid",
                call.visit.url
            ))
    })
}
