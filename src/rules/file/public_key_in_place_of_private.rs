//! MT107.

use crate::{
    context::Context,
    facts::{FileFacts, ItemKind},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{at, has, meant},
};

rule! {
    /// ## What it finds
    ///
    /// A public key where a private key or a certificate is needed.
    ///
    /// ## Why it matters
    ///
    /// The public key alone proves nothing: the server needs the private one, and peers need the certificate around the
    /// public one.
    ///
    /// ## How to fix it
    ///
    /// Name the private key. It has a line BEGIN PRIVATE KEY, or BEGIN RSA or EC PRIVATE KEY.
    ///
    /// ```text
    /// grep -l "PRIVATE KEY" *.pem *.key
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, sections 10 and 13
    pub static RULE = MT107 {
        name: "public-key-in-place-of-private",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 13", "2015-04")],
        faults: ["server-file-pubkey"],
        symptoms: [Says("no start line"), Says("expecting: any private key")],
        check: File(check),
        fires_on: || file_fixture::key().items(vec![file_fixture::item("PUBLIC KEY", ItemKind::PublicKey(Key::default()))]).done(),
        silent_on: || file_fixture::key().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let public = file
        .items
        .iter()
        .find(|item| matches!(item.kind, ItemKind::PublicKey(_)));
    let Some(item) = public else {
        return Verdict::Pass;
    };
    let better = |kind: &ItemKind| {
        matches!(
            kind,
            ItemKind::Certificate(_) | ItemKind::TrustedCertificate(_) | ItemKind::PrivateKey(_)
        )
    };
    if has(file, better) {
        return Verdict::NotApplicable("there is a certificate or a private key in it as well");
    }
    let hit = Hit::new(
        format!("{} holds a public key, wanted {}", file.path, meant(file)),
        file.path.clone(),
        at(file, item),
        "name the private key, or the certificate that holds this public key",
    )
    .command("grep -l 'PRIVATE KEY' *.pem *.key");
    Verdict::hit(hit)
}
