//! MT439.

use crate::{
    context::Context,
    facts::{Pinned, Site},
    finding::Verdict,
    rule,
    rules::site::help::hit,
};

rule! {
    /// ## What it finds
    ///
    /// A server that requires a valid client certificate but does not check its subject, for a
    /// sender whose CA has other customers too.
    ///
    /// ## Why it matters
    ///
    /// The client-CA file decides who is accepted: everyone with a certificate below that root. A
    /// public root has many other customers; the sender's profile says so where it is known, with
    /// its source.
    ///
    /// ## How to fix it
    ///
    /// Compare the subject, in the server or in the application behind it. The name can change, as
    /// it has: compare with a list, and follow the sender's announcements.
    ///
    /// ```text
    /// mtls profiles show dialogflow
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read 2026-11-23
    pub static RULE = MT439 {
        name: "site-subject-not-checked",
        severity: Warning,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.pins.clear()).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

fn check(site: &Site, context: &Context) -> Verdict {
    if !site.mode().asks {
        return Verdict::NotApplicable("no client certificate is requested");
    }
    let Some((profile, fact)) = context
        .profile
        .and_then(|profile| Some((profile, profile.fact("root-is-shared")?)))
    else {
        return Verdict::NotApplicable(
            "no sender profile was given whose root has other customers",
        );
    };
    let looked = site
        .conditions()
        .any(|condition| !matches!(condition.pin.of, Pinned::Verified | Pinned::NoError));
    if looked || !site.forwards.is_empty() {
        return Verdict::Pass;
    }
    Verdict::hit(
        hit(
            site,
            site.client_auth_place(),
            format!("{} does not check the subject: any other customer of the CA of {} is accepted as well", site.name, profile.title),
            "compare the subject with the names in the sender's profile, here or in the application",
        )
        .evidence("fact", format!("{} ({}, read {})", fact.text, fact.source, fact.seen))
        .check(format!("mtls profiles show {}", profile.name)),
    )
}
