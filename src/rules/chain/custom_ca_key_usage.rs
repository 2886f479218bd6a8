//! MT278.

use crate::{
    context::Context,
    facts::{Chain, KeyUsage, Side, listed},
    finding::{Hit, Verdict},
    profiles::Fact,
    rule,
    rules::help::{argument, place},
};

/// The id under which a profile states what it asks of servers below an authority of their own.
const CUSTOM_CA: &str = "custom-ca";

rule! {
    /// ## What it finds
    ///
    /// A leaf whose key usage lacks `digitalSignature`, in a webhook for a sender that requires it
    /// below a custom CA (`--profile dialogflow-cx`).
    ///
    /// ## Why it matters
    ///
    /// Dialogflow CX lets a webhook bring its own CAs (`allowedCaCerts`), which then replace the
    /// sender's default trust store. Its page says that a certificate with a key usage must include
    /// `digitalSignature`; with only `keyEncipherment` the webhook cannot be called, although curl
    /// may reach it.
    ///
    /// ## How to fix it
    ///
    /// Have the leaf reissued with `digitalSignature`, or without the key usage extension.
    ///
    /// ```text
    /// openssl x509 -in fullchain.pem -noout -ext keyUsage
    /// printf 'keyUsage=critical,digitalSignature\nsubjectAltName=DNS:hook.example\n' > server.ext
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/cx/docs/concept/custom-ca, read 2026-11-23
    /// - RFC 8446, section 4.4.2.2 (the certificate must allow signing)
    pub static RULE = MT278 {
        name: "custom-ca-key-usage",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [
            ("docs.cloud.google.com/dialogflow/cx/docs/concept/custom-ca, read", "2026-11-23"),
            ("RFC 8446 section 4.4.2.2", "2018-08"),
        ],
        faults: ["server-wrong-key-usage"],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::files().for_one_that_says("custom-ca")
            .file(|chain| if let Some(trust) = &mut chain.trust { trust.anchor_public = Some(true) })
            .block(0, |leaf| leaf.key_usage = Some(vec![KeyUsage::KeyEncipherment])).done(),
        silent_on: || Fixture::files().for_one_that_says("custom-ca")
            .block(0, |leaf| leaf.key_usage = None).done(),
    }
}

/// What the profile asked for says about servers below an authority of their own, when it says
/// anything and this is a server's chain.
pub(in crate::rules) fn asked<'a>(chain: &Chain, context: &'a Context) -> Option<&'a Fact> {
    let profile = context.profile.filter(|_| chain.role == Side::Server)?;
    profile.fact.iter().find(|fact| fact.id == CUSTOM_CA)
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    let Some(fact) = asked(chain, context) else {
        return Verdict::NotApplicable("no sender profile was given that allows custom CAs");
    };
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the chain is empty");
    };
    let Some(usages) = &leaf.key_usage else {
        return Verdict::Pass;
    };
    if usages.contains(&KeyUsage::DigitalSignature) {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            format!(
                "the server's leaf has the key usage {}, expected digitalSignature or no key usage",
                listed(usages, ", ")
            ),
            leaf.label(),
            place(chain, chain.leaf),
            "have the leaf reissued with digitalSignature in its key usage",
        )
        .evidence("source", fact.source.clone())
        .evidence("read", fact.seen.to_string())
        .check(format!(
            "openssl x509 -in {} -noout -ext keyUsage",
            argument(chain, "fullchain.pem")
        )),
    )
}
