//! MT118.

use crate::{
    context::Context,
    facts::{FileFacts, KeyFormat, KeyProblem},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{at, rewritten},
};

rule! {
    /// ## What it finds
    ///
    /// A private key that is encrypted with a passphrase (PKCS #8). With --pass, mtls opens it and
    /// compares it with the certificate; without, or with the wrong one, that is not checked.
    ///
    /// ## Why it matters
    ///
    /// A server that starts unattended cannot ask for the passphrase. nginx has ssl_password_file
    /// and Apache SSLPassPhraseDialog; Go, rustls, Node without its passphrase option and most
    /// others reject the file. A key for a webhook platform has to be in the form that the platform
    /// expects.
    ///
    /// ## How to fix it
    ///
    /// Decrypt it into a file that only its owner can read.
    ///
    /// ```text
    /// (umask 077; openssl pkey -in key.pem -out key.fixed.pem)
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5958, section 3 (EncryptedPrivateKeyInfo)
    /// - RFC 8018 (PKCS #5)
    pub static RULE = MT118 {
        name: "key-encrypted",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 5958 section 3", "2010-08")],
        faults: ["server-file-enckey", "client-file-enckey"],
        symptoms: [Says("bad decrypt"), Says("bad password read"), Says("empty or bad password")],
        check: File(check),
        fires_on: || file_fixture::key().change(|file| file.items = vec![file_fixture::item("ENCRYPTED PRIVATE KEY", ItemKind::PrivateKey(PrivateKey { format: KeyFormat::EncryptedPkcs8, problem: Some(KeyProblem::Encrypted("PBES2".into())), spki: None, ..file_fixture::private() }))]).done(),
        silent_on: || file_fixture::key().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let encrypted = file
        .private_keys()
        .find(|(_, key)| key.format == KeyFormat::EncryptedPkcs8);
    let Some((item, key)) = encrypted else {
        return Verdict::Pass;
    };
    // Opened with the passphrase that its server uses, there is nothing to say.
    if key.problem.is_none() && key.passphrase.is_some() {
        return Verdict::Pass;
    }
    let Some(problem) = &key.problem else {
        let scheme = key.encryption.as_deref().unwrap_or("PKCS #8");
        let hit = Hit::new(
            format!("the private key is encrypted ({scheme}), and the password opens it"),
            file.path.clone(),
            at(file, item),
            "give the server the passphrase too (nginx ssl_password_file, Apache SSLPassPhraseDialog), or decrypt the key into a file that only its owner can read",
        )
        .severity(Severity::Note);
        return Verdict::hit(rewritten(hit, file, "openssl pkey -noout -in"));
    };
    let text = match problem {
        KeyProblem::NotOpened { .. } => {
            "try the passphrase with openssl, or copy the key again from its source"
        }
        KeyProblem::Encrypted(_) => {
            "decrypt it into a file that only its owner can read, or give the server the passphrase; --pass opens it for mtls"
        }
        _ => {
            "decrypt it into a file that only its owner can read, or give the server the passphrase"
        }
    };
    let mut text = text.to_owned();
    let mut severity = Severity::Error;
    if let Some(line) = &key.passphrase {
        match problem {
            // Whether what the server is given opens it is not known.
            KeyProblem::Encrypted(_) => {
                severity = Severity::Note;
                text = format!(
                    "the server takes the passphrase from {line}; --pass opens the key for mtls"
                );
            }
            _ => text = format!("the server takes the passphrase from {line}: correct it there"),
        }
    }
    let hit = Hit::new(
        format!("the private key cannot be used as it is: {problem}"),
        file.path.clone(),
        at(file, item),
        text,
    )
    .severity(severity);
    Verdict::hit(rewritten(hit, file, "openssl pkey -noout -in"))
}
