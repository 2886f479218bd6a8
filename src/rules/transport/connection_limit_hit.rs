//! MT907.

use crate::{
    context::Context,
    facts::{Accepted, EndingKind, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A connection that mtls ended because one of its own limits was reached: too many
    /// connections at once, or more bytes than it keeps.
    ///
    /// ## Why it matters
    ///
    /// The connection was not examined completely, so nothing about it is known to be good.
    ///
    /// ## How to fix it
    ///
    /// The message names the limit. Make fewer calls at once, or raise it.
    ///
    /// ## References
    ///
    /// - The manual page of the command, section on limits
    pub static RULE = MT907 {
        name: "connection-limit-hit",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("mtls 0.1.0, manual page", "2026-11")],
        faults: [],
        symptoms: [],
        check: Accepted(check),
        fires_on: || Fixture::good()
            .ended(EndingKind::Limit, Phase::Connected, Some(Party::Us))
            .done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(handshake: &Accepted, _: &Context) -> Verdict {
    if handshake.tls.ending.kind != EndingKind::Limit {
        return Verdict::Pass;
    }
    let limit = match handshake.tls.ending.detail.as_str() {
        "" => "unknown which one",
        detail => detail,
    };
    Verdict::hit(Hit::new(
        format!("a limit of mtls ended the connection: {limit}"),
        handshake.peer.clone(),
        Place::wire(Side::Server, "connection"),
        "make fewer calls at once, or raise the limit",
    ))
}
