//! MT442.

use crate::{
    context::Context,
    facts::{Accepted, Place, Side},
    finding::{Hit, Verdict},
    profiles, rule,
    rules::help::anchors_file,
};

rule! {
    /// ## What it finds
    ///
    /// A connection that was accepted with a sender's older certificate shortly after one with its
    /// newer certificate was rejected.
    ///
    /// ## Why it matters
    ///
    /// The sender tried twice: the call succeeds, and nothing in its log says that it succeeded
    /// only with a certificate that is about to be retired. From the day after its last day every
    /// call fails.
    ///
    /// ## How to fix it
    ///
    /// Trust the root of the newer certificate, and make any check of the subject accept its name.
    ///
    /// ```text
    /// mtls profiles pem dialogflow >> clients.pem
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read 2026-11-23
    pub static RULE = MT442 {
        name: "living-on-fallback",
        severity: Warning,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Accepted(check),
        fires_on: || Fixture::good().identity("legacy", None).handshake(|handshake| handshake.preceded_by = Some(Preceded { identity: "current".into(), title: "#1 203.0.113.7:40112".into(), milliseconds: 120, same_address: true })).done(),
        silent_on: || Fixture::good().identity("current", None).done(),
    }
}

fn check(handshake: &Accepted, context: &Context) -> Verdict {
    let Some(before) = &handshake.preceded_by else {
        return Verdict::NotApplicable(
            "no connection of the same sender was rejected shortly before",
        );
    };
    let Some(sender) = handshake
        .tls
        .client_chain
        .as_ref()
        .and_then(|chain| chain.profile.as_ref())
    else {
        return Verdict::NotApplicable("the chain belongs to no known sender");
    };
    let until = match &sender.until {
        Some(until) => {
            format!("; {}, {}", until.as_last_day(), until.refused_from())
        }
        None => String::new(),
    };
    let whence = if before.same_address {
        "from the same address"
    } else {
        "from another address"
    };
    let mut hit = Hit::new(
        format!(
            "{} was accepted with its {} certificate after its {} one was rejected{until}",
            sender.profile, sender.identity, before.identity
        ),
        sender.profile.clone(),
        Place::wire(Side::Client, "Certificate"),
        "trust the root of the other certificate as well, and make any check of the subject accept its name",
    )
    .evidence("rejected before", format!("{}, {} ms earlier, {whence}", before.title, before.milliseconds));
    let roots = profiles::find(&sender.profile)
        .into_iter()
        .flat_map(|profile| &profile.identity)
        .filter(|identity| identity.name == before.identity)
        .flat_map(|identity| &identity.roots);
    for root in roots {
        hit = hit.evidence(
            "root to trust",
            format!("{}, sha256 {}", root.subject, root.sha256),
        );
    }
    Verdict::hit(hit.step(format!(
        "mtls profiles pem {} >> {}",
        sender.profile,
        anchors_file(context)
    )))
}
