//! MT440.

use crate::{context::Context, facts::Site, finding::Verdict, rule, rules::site::help::hit};

rule! {
    /// ## What it finds
    ///
    /// A server that requires a client certificate but whose configuration does not check the
    /// `Authorization` header, for a sender that presents the same certificate for all its
    /// customers.
    ///
    /// ## Why it matters
    ///
    /// Mutual TLS then proves which company calls, not which customer: anyone can make an agent of
    /// their own call the webhook. Only the bearer token names the project.
    ///
    /// ## How to fix it
    ///
    /// Have the token checked: signature, audience, and the email that names the project. If the
    /// application behind the server does that, there is nothing to do.
    ///
    /// ```text
    /// mtls listen --verify-token --jwks keys.json --project-number NUMBER --audience https://hook.example.com/
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, version of 2026-04-13
    pub static RULE = MT440 {
        name: "site-bearer-not-checked",
        severity: Note,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.bearer.clear()).done(),
        silent_on: || site_fixture::SiteFixture::strict().done(),
    }
}

fn check(site: &Site, context: &Context) -> Verdict {
    if !site.mode().asks {
        return Verdict::NotApplicable("no client certificate is requested");
    }
    let Some(profile) = context
        .profile
        .filter(|profile| profile.proves_the_sender_only())
    else {
        return Verdict::NotApplicable(
            "no sender profile was given with one certificate for all customers",
        );
    };
    if !site.bearer.is_empty() {
        return Verdict::Pass;
    }
    let mut hit = hit(
        site,
        site.client_auth_place(),
        match &profile.token {
            Some(_) => format!("{} does not check the bearer token; the certificate of {} is the same for all customers", site.name, profile.title),
            None => format!("the certificate of {} is the same for all customers: it does not show for whom it calls", profile.title),
        },
        match (&profile.token, &profile.also_check) {
            (None, Some(also)) => format!("have the application check more than the certificate: {also}"),
            _ => "have the application check the token's signature, audience and email, or your own session parameter".to_owned(),
        },
    );
    if let Some(fact) = profile.fact("proves-the-sender-only") {
        hit = hit.evidence(
            "fact",
            format!("{} ({}, read {})", fact.text, fact.source, fact.seen),
        );
    }
    if profile.token.is_none() {
        return Verdict::hit(hit.check(format!("mtls profiles show {}", profile.name)));
    }
    if let Some(token) = &profile.token {
        hit = hit
            .evidence("expected email", token.email.clone())
            .evidence("keys", token.keys.clone());
    }
    Verdict::hit(hit.check(
        "mtls listen --verify-token --jwks keys.json --project-number NUMBER --audience https://hook.example.com/",
    ))
}
