//! MT141.

use crate::{
    context::Context,
    facts::{Bundle, ChainUse},
    finding::{Hit, Verdict},
    rule,
    rules::help::{owner, public_half_of, public_key_of},
};

rule! {
    /// ## What it finds
    ///
    /// A private key that could not be compared with the leaf: it is encrypted, unreadable, or of a
    /// type that mtls does not support.
    ///
    /// ## Why it matters
    ///
    /// It is then unknown whether key and certificate belong together. That is the first thing a
    /// server checks when it starts.
    ///
    /// ## How to fix it
    ///
    /// Compare the two public keys with a program that can read the private key.
    ///
    /// ```text
    /// openssl x509 -in fullchain.pem -noout -pubkey | openssl sha256
    /// openssl pkey -in key.pem -pubout | openssl sha256      # asks for the passphrase; both must print the same
    /// ```
    ///
    /// ## References
    ///
    /// - OpenSSL, openssl-pkey(1)
    pub static RULE = MT141 {
        name: "key-comparison-impossible",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("openssl-pkey(1) of OpenSSL 3.0.19", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Bundle(check),
        fires_on: || Fixture::files().bundle(|bundle| if let Some(key) = &mut bundle.key {
            key.matches.clear();
            key.problem = Some(KeyProblem::Encrypted("PBES2".into()));
        }).done(),
        silent_on: || Fixture::files().bundle(|bundle| bundle.key = None).done(),
    }
}

fn check(bundle: &Bundle, _: &Context) -> Verdict {
    if bundle.chain.holds != ChainUse::Identity {
        return Verdict::NotApplicable("trust anchors have no private key here");
    }
    let Some(key) = &bundle.key else {
        return Verdict::NotApplicable("no private key was given");
    };
    let Some(problem) = &key.problem else {
        return Verdict::Pass;
    };
    let chain = &bundle.chain;
    let subject = match chain.certificate(chain.leaf) {
        Some(leaf) => leaf.label(),
        None => "the private key".into(),
    };
    Verdict::hit(
        Hit::new(
            format!("unknown whether the key belongs to the leaf: {problem}"),
            subject,
            key.place.clone(),
            "compare the two public keys with a program that can read this private key; both commands must print the same",
        )
        .check(public_key_of(chain))
        .check(public_half_of(chain))
        .act(owner(chain.role)),
    )
}
