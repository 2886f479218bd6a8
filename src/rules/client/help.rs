//! What several rules about calls ask: is there an answer to judge?

use crate::{
    facts::{Call, Expected, Outcome, Reply},
    parse::escape,
};

/// Why a rule about answers does not apply.
pub(in crate::rules) const NOTHING: &str = "no answer to a client that is to be accepted";

/// The answer to a client that belongs in and was let in; what a webhook says to others is not for
/// a user's eyes.
pub(in crate::rules) fn to_judge(call: &Call) -> Option<&Reply> {
    (call.expected == Expected::Accept && call.outcome() == Outcome::Accepted)
        .then_some(call.reply.as_ref())
        .flatten()
}

/// The same, with a status that says that the body is the answer.
pub(in crate::rules) fn answered(call: &Call) -> Option<&Reply> {
    to_judge(call).filter(|reply| (200..300).contains(&reply.status))
}

/// The first words of an answer.
pub(in crate::rules) fn beginning(reply: &Reply) -> String {
    let words: String = reply.body.trim().chars().take(80).collect();
    if words.is_empty() {
        "empty".to_owned()
    } else {
        escape::text(&words)
    }
}
