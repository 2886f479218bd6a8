//! MT510.

use crate::{
    context::Context,
    facts::{Call, Expected, Place},
    finding::{Hit, Verdict},
    rule,
    rules::client::help,
    rules::help::shell,
};

rule! {
    /// ## What it finds
    ///
    /// A response that came after the sender's timeout, or not at all.
    ///
    /// ## Why it matters
    ///
    /// Dialogflow ES waits 5 seconds; CX waits 5 seconds unless the webhook resource says otherwise
    /// (30 at most). After that it reports `DEADLINE_EXCEEDED` and continues without the webhook,
    /// and ES may call again.
    ///
    /// ## How to fix it
    ///
    /// Respond first and work later; keep an instance warm; raise the timeout in CX.
    ///
    /// ```text
    /// mtls simulate https://webhook.example/hook --repeat 20
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, 2026-04-13
    /// - googleapis, google/cloud/dialogflow/cx/v3/webhook.proto, Webhook.timeout, 2026-08-22
    pub static RULE = MT510 {
        name: "webhook-too-slow",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13"), ("googleapis google/cloud/dialogflow/{v2,cx/v3}/webhook.proto", "2026-08-22")],
        faults: [],
        symptoms: [Says("deadline_exceeded"), Says("url_timeout")],
        check: Call(check),
        fires_on: || CallFixture::good().call(|call| call.dialled.timings.total = Some(6000.0)).done(),
        silent_on: || CallFixture::good().call(|call| call.dialled.timings.total = Some(4999.0)).done(),
    }
}

fn check(call: &Call, context: &Context) -> Verdict {
    let silent = call.dialled.left_waiting();
    // That a client which should be rejected was let in is the finding then.
    if call.expected == Expected::Reject || (!silent && call.reply.is_none()) {
        return Verdict::NotApplicable(help::NOTHING);
    }
    let seconds = call.dialled.timings.total.unwrap_or_default() / 1000.0;
    let Some(limit) = call.time_limit.map(|limit| limit.as_secs_f64()) else {
        if !silent {
            return Verdict::NotApplicable("how long the sender waits is not known");
        }
        return Verdict::hit(Hit::new(
            format!(
                "no response within {seconds:.1} s; how long {} waits is not known",
                call.sender
            ),
            call.dialled.url.clone(),
            Place::http("answer"),
            "respond first and work later, or keep an instance warm",
        ));
    };
    if !silent && seconds <= limit {
        return Verdict::Pass;
    }
    let what = if silent {
        format!("no response within {seconds:.1} s")
    } else {
        format!("the response took {seconds:.1} s")
    };
    Verdict::hit(
        Hit::new(
            format!("{what}, expected within {limit} s: {} then gives up", call.sender),
            call.dialled.url.clone(),
            Place::http("answer"),
            "respond first and work later, keep an instance warm, or raise the sender's timeout (CX: up to 30 s)",
        )
        .check(format!(
            "mtls simulate {}{} --repeat 20   # how often is it slow?",
            shell(&call.dialled.url),
            context.reached_by
        )),
    )
}
