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
    /// A call of a scenario that did not show the result that the scenario expects: another status,
    /// another alert, another value in the answer, or an answer that came too late.
    ///
    /// ## Why it matters
    ///
    /// A scenario is a test; this is its failure.
    ///
    /// ## How to fix it
    ///
    /// Change what the webhook does, or what the scenario expects.
    ///
    /// ```text
    /// mtls simulate --scenario webhook.toml
    /// ```
    ///
    /// ## References
    ///
    /// - this program's own contract, 2026-11
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
            call.visit.url.clone(),
            Place::http("answer"),
            "change what the webhook does, or what the scenario expects",
        )
    });
    Verdict::from_hits(hits.collect())
}
