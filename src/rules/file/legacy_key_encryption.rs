//! MT119.

use crate::{
    context::Context,
    facts::{FileFacts, KeyFormat},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{at, rewritten},
};

rule! {
    /// ## What it finds
    ///
    /// A private key encrypted by headers within its PEM block (Proc-Type: 4,ENCRYPTED), OpenSSL's
    /// format before 2010.
    ///
    /// ## Why it matters
    ///
    /// Its encryption key comes from one round of MD5, so the passphrase can be guessed quickly. Go
    /// deprecated reading it, rustls and Java do not read it, and an unattended server cannot ask
    /// for the passphrase.
    ///
    /// ## How to fix it
    ///
    /// Decrypt it, or encrypt it in the current format.
    ///
    /// ```text
    /// (umask 077; openssl pkey -in key.pem -out key.fixed.pem)
    /// openssl pkcs8 -topk8 -in key.pem -out key-pkcs8.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 1421, section 4.6
    /// - Go, crypto/x509 IsEncryptedPEMBlock (deprecated)
    pub static RULE = MT119 {
        name: "legacy-key-encryption",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 1421 section 4.6", "1993-02")],
        faults: ["server-file-enckeytrad"],
        symptoms: [Says("bad decrypt"), Says("bad password read")],
        check: File(check),
        fires_on: || file_fixture::key().change(|file| file.items = vec![file_fixture::item("RSA PRIVATE KEY", ItemKind::PrivateKey(PrivateKey { format: KeyFormat::LegacyEncrypted, problem: Some(KeyProblem::EncryptedByHeaders), spki: None, ..file_fixture::private() }))]).done(),
        silent_on: || file_fixture::key().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let legacy = file
        .private_keys()
        .find(|(_, key)| key.format == KeyFormat::LegacyEncrypted);
    let Some((item, _)) = legacy else {
        return Verdict::Pass;
    };
    let hit = Hit::new(
        "expected an unencrypted private key, found one encrypted by PEM headers (Proc-Type: 4,ENCRYPTED)",
        file.path.clone(),
        at(file, item),
        "decrypt it into a file that only its owner can read, or encrypt it in the current format; mtls does not open this one, not even with --pass",
    );
    Verdict::hit(rewritten(hit, file, "openssl pkey -noout -in"))
}
