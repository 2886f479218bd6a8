//! MT409.

use crate::{
    context::Context,
    facts::{Chain, Side},
    finding::{Hit, Severity, Verdict},
    profiles, rule,
    rules::help::{place, trusted},
};

rule! {
    /// ## What it finds
    ///
    /// A client's leaf whose common name is one that a known sender uses, in a chain that does not
    /// end at that sender's root.
    ///
    /// ## Why it matters
    ///
    /// A name in a certificate is what its issuer wrote. Without the root it proves nothing: test
    /// CAs copy it, and so may anyone who wants to pass as that sender. A webhook that compares
    /// only the name is fooled.
    ///
    /// ## How to fix it
    ///
    /// Check the chain first, the name second and the Bearer token third. If this is your own test
    /// CA, there is nothing to fix. If the sender has changed its CA, update the sender
    /// profiles.
    ///
    /// ```text
    /// # nginx    ssl_verify_client on;  if ($ssl_client_s_dn !~ "CN=THE NAME") { return 403; }
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read 2026-11-23
    pub static RULE = MT409 {
        name: "sender-not-recognised",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [
            ("docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read", "2026-11-23"),
        ],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::good()
            .certificate(0, |leaf| leaf.form.common_names = sender_fixture::names(0)).done(),
        silent_on: || Fixture::good()
            .certificate(0, |leaf| leaf.form.common_names = sender_fixture::names(0)).identity("current", None).done(),
    }
}

/// Whether a sender profile has an identity of this common name; source and date stand in the
/// profile.
fn claimed(name: &str) -> bool {
    profiles::all()
        .iter()
        .flat_map(|profile| &profile.identity)
        .any(|identity| identity.common_name() == Some(name))
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.role != Side::Client {
        return Verdict::NotApplicable("not the client's chain");
    }
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the client sent no certificate");
    };
    let Some(name) = leaf.form.common_names.last().filter(|name| claimed(name)) else {
        return Verdict::NotApplicable("the leaf does not claim to be a known sender");
    };
    if chain.profile.is_some() {
        return Verdict::Pass;
    }
    let hit = Hit::new(
        format!("the client's leaf has the name \"{name}\", but its chain does not end at that sender's root"),
        leaf.label(),
        place(chain, chain.leaf),
        "check the chain first and the name second; if this is your own test CA, there is nothing to fix",
    )
    .evidence("issuer", leaf.issuer.clone())
    .evidence("sha256", leaf.sha256.clone());
    // Whoever trusts the CA on purpose knows what it writes.
    Verdict::hit(if trusted(chain) {
        hit.severity(Severity::Note)
    } else {
        hit
    })
}
