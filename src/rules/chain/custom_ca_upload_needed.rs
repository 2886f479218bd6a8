//! MT279.

use crate::{
    context::Context,
    facts::Chain,
    finding::{Hit, Verdict},
    rule,
    rules::{chain::custom_ca_key_usage::asked, help::place},
};

rule! {
    /// ## What it finds
    ///
    /// A server's chain that leads to no public authority, for a sender that takes private ones only when they are uploaded (`--profile
    /// dialogflow-cx`).
    ///
    /// ## Why it matters
    ///
    /// Dialogflow CX knows a private authority from the webhook's `allowedCaCerts`, and takes it in DER there: a PEM file is not the same
    /// thing. Once the list has an entry it replaces the sender's default trust store, so that a later change to a public authority needs
    /// a change of the list. Which roots are in the default store is not documented.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook converts the authority's root, or a self-signed leaf itself, and uploads it. If that is done, nothing is
    /// to be fixed.
    ///
    /// ```text
    /// openssl x509 -in root.pem -outform der -out root.der
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/cx/docs/concept/custom-ca, read 2026-11-23
    /// - googleapis, google/cloud/dialogflow/cx/v3/webhook.proto
    pub static RULE = MT279 {
        name: "custom-ca-upload-needed",
        severity: Note,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [
            ("docs.cloud.google.com/dialogflow/cx/docs/concept/custom-ca, read", "2026-11-23"),
            ("googleapis google/cloud/dialogflow/cx/v3/webhook.proto", "2026-08-22"),
        ],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::files().for_one_that_says("custom-ca").done(),
        silent_on: || Fixture::files().for_one_that_says("custom-ca")
            .file(|chain| if let Some(trust) = &mut chain.trust { trust.anchor_public = Some(true) }).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    let Some(fact) = asked(chain, context) else {
        return Verdict::NotApplicable(
            "no sender was named that lets servers bring their own authority",
        );
    };
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the chain is empty");
    };
    let trust = chain.trust.as_ref();
    if trust.and_then(|trust| trust.anchor_public) == Some(true) {
        return Verdict::Pass;
    }
    let top = trust
        .and_then(|trust| trust.anchor.clone())
        .unwrap_or_else(|| leaf.issuer.clone());
    Verdict::hit(
        Hit::new(
            format!(
                "the server's chain leads to no public authority known here but to \"{top}\", which the sender has to be given in DER"
            ),
            leaf.label(),
            place(chain, chain.leaf),
            "upload the root in DER to the webhook's allowedCaCerts; if that is done, nothing is to be fixed",
        )
        .evidence("source", fact.source.clone())
        .evidence("read", fact.seen.to_string())
        .command("openssl x509 -in root.pem -outform der -out root.der"),
    )
}
