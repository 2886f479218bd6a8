//! MT508.

use crate::{
    context::Context,
    facts::{AnswerProblemKind, Call, Place},
    finding::{Hit, Verdict},
    rule,
    rules::client::help,
};

rule! {
    /// ## What it finds
    ///
    /// A part of the response that does not match the schema: a list where a string is expected,
    /// two members of a oneof, a value that an enum does not have. Each is named by its JSON
    /// pointer.
    ///
    /// ## Why it matters
    ///
    /// Empty values of the wrong type are the most common fault of hand-made responses:
    /// `"fulfillmentText": []` for "no text". Dialogflow reports the whole response as unreadable.
    /// Both camelCase and snake_case are accepted.
    ///
    /// ## How to fix it
    ///
    /// Leave the field out, or give it the type of the schema.
    ///
    /// ```text
    /// {"fulfillmentText": ""}
    /// ```
    ///
    /// ## References
    ///
    /// - googleapis, google/cloud/dialogflow/v2/webhook.proto and cx/v3/webhook.proto, 2026-08-22
    /// - Protocol Buffers documentation, ProtoJSON format, 2026-11
    pub static RULE = MT508 {
        name: "webhook-answer-misfit",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("googleapis google/cloud/dialogflow/{v2,cx/v3}/webhook.proto", "2026-08-22"), ("Protocol Buffers documentation, ProtoJSON format", "2026-11")],
        faults: [],
        symptoms: [Says("expect message object but got")],
        check: Call(check),
        fires_on: || CallFixture::good().reply(|reply| reply.answer.problems.push(AnswerProblem {
            pointer: "/fulfillmentText".into(),
            kind: AnswerProblemKind::WrongTypedEmpty,
            wanted: "a string".into(),
            seen: "an empty list, []".into(),
        })).done(),
        silent_on: || CallFixture::good().reply(|reply| reply.answer.unknown_fields.push("/x".into())).done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    let Some(reply) = help::answered(call) else {
        return Verdict::NotApplicable(help::NOTHING);
    };
    let hits = reply.answer.problems.iter().filter_map(|problem| {
        let (message, remedy) = match problem.kind {
            // That the body is no object at all is another finding.
            AnswerProblemKind::NotJson | AnswerProblemKind::NotAnObject => return None,
            AnswerProblemKind::WrongTypedEmpty => (
                format!("{}: expected {}, found {}", problem.pointer, problem.wanted, problem.seen),
                "leave the field out, or make it null: an empty value has to be of the field's type",
            ),
            AnswerProblemKind::OneOf => (
                format!("{}: {}, expected only one of them", problem.pointer, problem.seen),
                "keep one of the two",
            ),
            AnswerProblemKind::DuplicateField => (
                format!("{}: {} are both present, expected one spelling", problem.pointer, problem.seen),
                "keep one spelling",
            ),
            _ if problem.pointer.is_empty() => (
                format!("the answer: expected {}, found {}", problem.wanted, problem.seen),
                "answer as the sender's documentation says: `mtls profiles show` names it",
            ),
            _ => (
                format!("{}: expected {}, found {}", problem.pointer, problem.wanted, problem.seen),
                "give the field a type and value of the schema",
            ),
        };
        Some(
            Hit::new(
                message,
                call.dialled.url.clone(),
                Place::http(format!("answer body {}", problem.pointer)),
                remedy,
            )
            .evidence("pointer", problem.pointer.clone()),
        )
    });
    Verdict::from_hits(hits.collect())
}
