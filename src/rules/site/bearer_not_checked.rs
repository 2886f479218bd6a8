//! MT440.

use crate::{context::Context, facts::Site, finding::Verdict, rule, rules::site::help::hit};

rule! {
    /// ## What it finds
    ///
    /// A server that requires a client certificate and in whose configuration nothing looks at the `Authorization` header, for a sender
    /// that presents the same certificate for all its customers.
    ///
    /// ## Why it matters
    ///
    /// Mutual TLS then proves which company calls, and not for whom: anybody can have an agent of their own call the webhook. Only the
    /// bearer token names the project.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook has the token checked: signature, audience, and the email that names the project. Where the application
    /// behind does that, there is nothing to do.
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
        return Verdict::NotApplicable("no client certificate is asked for");
    }
    let Some((profile, fact)) = context
        .profile
        .and_then(|profile| Some((profile, profile.fact("proves-the-sender-only")?)))
    else {
        return Verdict::NotApplicable(
            "no sender was named whose certificate is the same for all its customers",
        );
    };
    if !site.bearer.is_empty() {
        return Verdict::Pass;
    }
    let mut hit = hit(
        site,
        site.client_auth_place(),
        format!("nothing in the configuration of {} looks at the bearer token, and the certificate of {} does not say whose call it is", site.name, profile.title),
        "have the application check the token's signature, audience and email, or a session parameter of your own",
    )
    .evidence("known", format!("{} ({}, read {})", fact.text, fact.source, fact.seen));
    if let Some(token) = &profile.token {
        hit = hit
            .evidence("email to expect", token.email.clone())
            .evidence("keys", token.keys.clone());
    }
    Verdict::hit(hit.command(
        "mtls listen --verify-token --jwks keys.json --project-number NUMBER --audience https://hook.example.com/",
    ))
}
