//! MT512.

use crate::{
    context::Context,
    facts::{Call, Place},
    finding::{Hit, Verdict},
    rule,
    rules::client::help,
};

rule! {
    /// ## What it finds
    ///
    /// A response whose body was cut off, or has an encoding that cannot be decoded.
    ///
    /// ## Why it matters
    ///
    /// The sender gets half a response. Usual causes: a wrong Content-Length, a crash in the
    /// middle, a Content-Encoding that does not match the body.
    ///
    /// ## How to fix it
    ///
    /// Let the server framework write length and encoding.
    ///
    /// ```text
    /// curl --compressed -v https://webhook.example/hook
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9112 section 8, 2022-06
    /// - RFC 9110 section 8.4, 2022-06
    pub static RULE = MT512 {
        name: "webhook-answer-unreadable",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 9112 section 8", "2022-06"), ("RFC 9110 section 8.4", "2022-06")],
        faults: [],
        symptoms: [],
        check: Call(check),
        fires_on: || CallFixture::good().reply(|reply| reply.problem = Some("the body broke off after 3 bytes".into())).done(),
        silent_on: || CallFixture::good().done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    let Some(reply) = help::answered(call) else {
        return Verdict::NotApplicable(help::NOTHING);
    };
    let Some(problem) = &reply.problem else {
        return Verdict::Pass;
    };
    Verdict::hit(Hit::new(
        format!("the response cannot be read completely: {problem}"),
        call.dialled.url.clone(),
        Place::http("answer body"),
        "let the server framework write length and encoding, and check its log for a crash",
    ))
}
