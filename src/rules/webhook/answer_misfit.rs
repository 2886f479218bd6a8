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
    /// A part of the answer that does not fit the schema: a list where a string belongs, two members of a one-of, a value that an enum
    /// does not have. Each is named by its JSON pointer.
    ///
    /// ## Why it matters
    ///
    /// Wrong-typed empties are the most common fault of hand-made answers: `"fulfillmentText": []` for "no text". Dialogflow reports the
    /// whole answer as unreadable. Unknown fields are no fault, and both camelCase and snake_case are taken.
    ///
    /// ## How to fix it
    ///
    /// Leave the field out, or give it the type that the schema has.
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
                format!("{} is {}, wanted {}", problem.pointer, problem.seen, problem.wanted),
                "leave the field out, or make it null: an empty value has to be of the field's own type",
            ),
            AnswerProblemKind::OneOf => (
                format!("{}: {}, wanted only one of them", problem.pointer, problem.seen),
                "keep one of the two",
            ),
            AnswerProblemKind::DuplicateField => (
                format!("{}: {} are both given, wanted one spelling", problem.pointer, problem.seen),
                "keep one spelling",
            ),
            _ => (
                format!("{} is {}, wanted {}", problem.pointer, problem.seen, problem.wanted),
                "give the field the type and the values that the schema has",
            ),
        };
        Some(
            Hit::new(
                message,
                call.visit.url.clone(),
                Place::http(format!("answer body {}", problem.pointer)),
                remedy,
            )
            .evidence("pointer", problem.pointer.clone()),
        )
    });
    Verdict::from_hits(hits.collect())
}
