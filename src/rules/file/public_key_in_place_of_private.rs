//! MT107.

use crate::{
    context::Context,
    facts::{FileFacts, ItemKind},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{at, has, meant, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A public key where a private key or a certificate is expected.
    ///
    /// ## Why it matters
    ///
    /// A public key alone proves nothing: the server needs the private key, and peers need the
    /// certificate around the public key.
    ///
    /// ## How to fix it
    ///
    /// Name the private key. It has a line BEGIN PRIVATE KEY, BEGIN RSA PRIVATE KEY or BEGIN EC
    /// PRIVATE KEY.
    ///
    /// ```text
    /// grep -l "PRIVATE KEY" ./*
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

/// The folder of a file.
fn folder(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) | None => ".",
        Some((folder, _)) => folder,
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
            ItemKind::Certificate(_) | ItemKind::TrustedCertificate(..) | ItemKind::PrivateKey(_)
        )
    };
    if has(file, better) {
        return Verdict::NotApplicable("the file also holds a certificate or a private key");
    }
    let hit = Hit::new(
        format!("expected {}, found a public key", meant(file)),
        file.path.clone(),
        at(file, item),
        "name the private key, or the certificate that holds this public key",
    )
    .check(format!(
        "grep -s -l 'PRIVATE KEY' {}/*",
        shell(folder(&file.path))
    ));
    Verdict::hit(hit)
}
