//! MT910.

use crate::{
    context::Context,
    facts::{Dialled, EndingKind, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A server that cannot be connected to: DNS lookup failed, the port is closed, or nothing
    /// answers.
    ///
    /// ## Why it matters
    ///
    /// Nothing about certificates is known yet. Dialogflow needs a webhook that can be reached from
    /// the internet.
    ///
    /// ## How to fix it
    ///
    /// Check name, port and firewall, also from outside.
    ///
    /// ```text
    /// curl -v https://webhook.example/hook
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, 2026-04-13
    pub static RULE = MT910 {
        name: "webhook-unreachable",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13")],
        faults: ["connection-refused", "tcp-connect-timeout", "handshake-timeout-peer-silent"],
        symptoms: [],
        check: Dialled(check),
        fires_on: || CallFixture::good().ended(EndingKind::Unreachable, Phase::Connected, None).done(),
        silent_on: || CallFixture::good().done(),
    }
}

fn check(dialled: &Dialled, _: &Context) -> Verdict {
    let what = match dialled.tls.ending.kind {
        EndingKind::Unresolved => "DNS lookup failed",
        EndingKind::Unreachable => "connection failed",
        EndingKind::TimedOut if !dialled.tls.handshaken() => "timeout",
        _ => return Verdict::Pass,
    };
    Verdict::hit(Hit::new(
        format!(
            "the server cannot be reached, {what}: {}",
            dialled.tls.ending.detail
        ),
        dialled.url.clone(),
        Place::wire(Side::Client, "ClientHello"),
        "check name, port and firewall; the sender calls from the internet, so test from outside too",
    ))
}
