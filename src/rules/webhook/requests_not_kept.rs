//! MT514.

use crate::{
    context::Context,
    facts::{Case, Place},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A connection with more requests than are kept per connection. The others were answered
    /// normally and are not in the results.
    ///
    /// ## Why it matters
    ///
    /// The requests that are not shown were not checked either: a token, a body or a header of a
    /// later request may be wrong.
    ///
    /// ## How to fix it
    ///
    /// Nothing is wrong with the client. To see every request, make it open a new connection more
    /// often.
    ///
    /// ```text
    /// curl --no-keepalive -H 'connection: close' https://your-webhook.example/
    /// ```
    ///
    /// ## References
    ///
    /// - mtls 0.1.0, manual page
    pub static RULE = MT514 {
        name: "requests-not-kept",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("mtls 0.1.0, manual page", "2026-11")],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || {
            Fixture::good().handshake(|handshake| handshake.http_not_kept = 400).done()
        },
        silent_on: || Fixture::good().done(),
    }
}

fn check(case: &Case, _: &Context) -> Verdict {
    let Some(handshake) = case.accepted() else {
        return Verdict::NotApplicable("no connection was seen");
    };
    let (kept, more) = (handshake.http.len(), handshake.http_not_kept);
    if more == 0 {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            format!(
                "the connection carried {} requests: the first {kept} are kept, the other {more} are not shown",
                kept as u64 + more
            ),
            handshake.peer.clone(),
            Place::http("request"),
            "nothing is wrong with the client; to see every request, make it open a new connection more often",
        )
        .evidence("requests not kept", more.to_string()),
    )
}
