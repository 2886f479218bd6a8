//! MT424.

use crate::{
    context::Context,
    facts::{Dialled, EndingKind, Place, Refusal, Side},
    finding::{Hit, Verdict},
    rule,
    rules::help::{host_port, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A webhook whose own certificate was rejected here, so the request was not sent.
    ///
    /// ## Why it matters
    ///
    /// The sender verifies the webhook's certificate too. A chain without a trusted root, with
    /// another name, or expired, ends the call before the client certificate matters. Which roots
    /// Dialogflow trusts by default is not documented; here it is the public web's list, or what
    /// `--cacert` names.
    ///
    /// ## How to fix it
    ///
    /// Fix the chain (the other findings say how), or name its trust anchor with `--cacert` if it
    /// is a private one that the sender was given too (CX: custom CA).
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --host webhook.example
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/cx/docs/concept/custom-ca, 2026-11-23
    /// - RFC 8446 section 4.4.2.4, 2018-08
    pub static RULE = MT424 {
        name: "webhook-certificate-refused",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/cx/docs/concept/custom-ca", "2026-11-23"), ("RFC 8446 section 4.4.2.4", "2018-08")],
        faults: ["server-unknown-ca", "server-self-signed"],
        symptoms: [],
        check: Dialled(check),
        fires_on: || CallFixture::good().ended(EndingKind::Refused, Phase::Handshake, Some(Party::Us)).done(),
        silent_on: || CallFixture::good().done(),
    }
}

/// `X509_V_ERR_HOSTNAME_MISMATCH`.
const HOSTNAME_MISMATCH: u32 = 62;

/// The call with another root, or a look at the chain where one was given that does not fit.
fn again(dialled: &Dialled, context: &Context) -> String {
    if context.cacert_given {
        return look(dialled, context) + " -v";
    }
    format!(
        "mtls simulate {}{}{} --cacert {}",
        shell(&dialled.url),
        context.reached_by,
        context.called_as,
        context.anchors_at_hand.as_deref().unwrap_or("ca.pem")
    )
}

/// The command that shows the webhook's chain, reached as it was.
fn look(dialled: &Dialled, context: &Context) -> String {
    format!(
        "mtls inspect {}{}",
        host_port(&dialled.url),
        context.reached_by
    )
}

fn check(dialled: &Dialled, context: &Context) -> Verdict {
    if dialled.tls.ending.kind != EndingKind::Refused {
        return Verdict::Pass;
    }
    if dialled.tls.refusal == Some(Refusal::Signature) {
        return Verdict::NotApplicable(
            "the handshake signature was the reason, which is another finding",
        );
    }
    let why = &dialled.tls.ending.detail;
    // Another root does not change the names of a leaf.
    let by_name = matches!(&dialled.tls.refusal, Some(Refusal::Chain(problem)) if problem.error.num == HOSTNAME_MISMATCH);
    if by_name {
        return Verdict::hit(
            Hit::new(
                format!("the webhook's certificate was rejected, nothing was sent: {why}"),
                dialled.url.clone(),
                Place::wire(Side::Server, "Certificate"),
                "call the webhook by a name in its certificate, with --resolve NAME:PORT:ADDRESS where DNS does not know it here; -k calls anyway",
            )
            .check(look(dialled, context)),
        );
    }
    Verdict::hit(
        Hit::new(
            format!("the webhook's certificate was rejected, nothing was sent: {why}"),
            dialled.url.clone(),
            Place::wire(Side::Server, "Certificate"),
            if context.cacert_given {
                "fix the chain, or pass the root that it leads to with --cacert; -k calls anyway"
            } else {
                "fix the chain, or pass the root with --cacert if the CA is private; -k calls anyway"
            },
        )
        .step(again(dialled, context)),
    )
}
