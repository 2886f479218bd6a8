//! MT422.

use crate::{
    context::Context,
    facts::{Call, Place},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A call of a scenario, or of a recorded case that is replayed, that did not show the expected
    /// result: another status, another alert, another value in the answer, or an answer that came too
    /// late.
    ///
    /// ## Why it matters
    ///
    /// A scenario and a replayed case are tests; this is their failure.
    ///
    /// ## How to fix it
    ///
    /// Change what the webhook does, or what is expected: the scenario, or what `--compare` and
    /// `--ignore-field` leave out of a recorded answer.
    ///
    /// ```text
    /// mtls simulate --scenario webhook.toml
    /// mtls simulate --replay cases/ --to https://hook.example.com/ --ignore-field /responseId
    /// ```
    ///
    /// ## References
    ///
    /// - the contract of mtls, 2026-11
    pub static RULE = MT422 {
        name: "expectation-unmet",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("mtls simulate --scenario", "2026-11")],
        faults: [],
        symptoms: [],
        check: Call(check),
        fires_on: || CallFixture::good().call(|call| call.unmet = vec!["wanted status 204, saw 200".into()]).done(),
        silent_on: || CallFixture::good().done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    let hits = call.unmet.iter().map(|unmet| {
        Hit::new(
            format!("`{}`: {unmet}", call.client),
            call.dialled.url.clone(),
            Place::http("answer"),
            "change what the webhook does, or what is expected of it",
        )
    });
    Verdict::from_hits(hits.collect())
}
