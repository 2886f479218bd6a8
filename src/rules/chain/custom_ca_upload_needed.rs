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
    /// A server's chain below a private CA, for a sender that accepts private CAs only when they
    /// are uploaded (`--profile dialogflow-cx`).
    ///
    /// ## Why it matters
    ///
    /// Dialogflow CX knows a private CA from the webhook's `allowedCaCerts`, which takes DER; a PEM
    /// file does not work there. Once the list has an entry it replaces the sender's default trust
    /// store, so a later move to a public CA needs a change of the list. Which roots are in the
    /// default store is not documented.
    ///
    /// ## How to fix it
    ///
    /// Convert the CA's root, or a self-signed leaf itself, to DER and upload it. If that is done,
    /// there is nothing to fix.
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
        return Verdict::NotApplicable("no sender profile was given that allows custom CAs");
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
                "the server's chain ends at the private CA \"{top}\", which has to be uploaded to the sender in DER"
            ),
            leaf.label(),
            place(chain, chain.leaf),
            "upload the root in DER to the webhook's allowedCaCerts; if that is done, there is nothing to fix",
        )
        .evidence("source", fact.source.clone())
        .evidence("read", fact.seen.to_string())
        .step("openssl x509 -in root.pem -outform der -out root.der"),
    )
}
