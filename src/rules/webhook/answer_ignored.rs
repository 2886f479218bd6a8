//! MT515.

use crate::{
    context::Context,
    facts::{BodyShape, Call, Place, Reply, SenderKind},
    finding::{Hit, Verdict},
    rule,
    rules::client::help,
};

/// Misspelt fields that are named.
const LISTED: usize = 5;

rule! {
    /// ## What it finds
    ///
    /// An answer without a single field that the sender's API reads: one of another API version, or of the former v1, or `{}`. And a field
    /// whose name is nearly one that the API reads.
    ///
    /// ## Why it matters
    ///
    /// Unknown fields are ignored without an error. The call succeeds, and the user of the agent never sees the answer.
    ///
    /// ## How to fix it
    ///
    /// Use the field names of the API that the agent uses. `fulfillmentText` is Dialogflow ES, `fulfillmentResponse` Dialogflow CX,
    /// `speech` and `displayText` the former v1.
    ///
    /// ```text
    /// {"fulfillmentText": "Hello"}
    /// {"fulfillmentResponse": {"messages": [{"text": {"text": ["Hello"]}}]}}
    /// ```
    ///
    /// ## References
    ///
    /// - googleapis, google/cloud/dialogflow/v2/webhook.proto and cx/v3/webhook.proto, 2026-08-22
    /// - Protocol Buffers documentation, ProtoJSON format, 2026-11
    pub static RULE = MT515 {
        name: "webhook-answer-ignored",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("googleapis google/cloud/dialogflow/{v2,cx/v3}/webhook.proto", "2026-08-22"), ("Protocol Buffers documentation, ProtoJSON format", "2026-11")],
        faults: [],
        symptoms: [],
        check: Call(check),
        fires_on: || CallFixture::good().reply(|reply| {
            reply.answer.read_fields = 0;
            reply.answer.unknown_fields = vec!["/speech".into()];
            reply.answer.read_by = Some("the former v1 API of Dialogflow ES".into());
        }).done(),
        silent_on: || CallFixture::good().reply(|reply| reply.answer.unknown_fields.push("/trace".into())).done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    let Some(reply) = help::answered(call) else {
        return Verdict::NotApplicable(help::NOTHING);
    };
    if call.sender_kind != SenderKind::Schema || reply.answer.shape != BodyShape::Json {
        return Verdict::NotApplicable("not an answer of a known schema");
    }
    let mut hits = Vec::new();
    if reply.answer.read_fields == 0 && reply.answer.near_misses.is_empty() {
        let hit = Hit::new(
            nothing_read(call, reply),
            call.dialled.url.clone(),
            Place::http("answer body"),
            "answer with the fields of the API that the agent uses",
        );
        hits.push(if reply.answer.unknown_fields.is_empty() {
            hit
        } else {
            hit.evidence("fields found", reply.answer.unknown_fields.join(", "))
        });
    } else if let Some(other) = &reply.answer.read_by {
        hits.push(Hit::new(
            format!(
                "the answer has fields of {other}, which {} ignores",
                call.sender
            ),
            call.dialled.url.clone(),
            Place::http("answer body"),
            "answer with the fields of the API that the agent uses",
        ));
    }
    let near = reply.answer.near_misses.iter().take(LISTED);
    hits.extend(near.map(|near| {
        Hit::new(
            format!(
                "{} is ignored by {}; expected {}",
                near.pointer, call.sender, near.meant
            ),
            call.dialled.url.clone(),
            Place::http(format!("answer body {}", near.pointer)),
            format!("call the field {}", near.meant),
        )
        .evidence("pointer", near.pointer.clone())
    }));
    Verdict::from_hits(hits)
}

fn nothing_read(call: &Call, reply: &Reply) -> String {
    match &reply.answer.read_by {
        Some(other) => format!(
            "the answer is in the form of {other}: {} reads none of its fields",
            call.sender
        ),
        None if reply.answer.unknown_fields.is_empty() => format!(
            "the answer is an empty object: nothing in it for {}",
            call.sender
        ),
        None => format!("{} reads none of the answer's fields", call.sender),
    }
}
