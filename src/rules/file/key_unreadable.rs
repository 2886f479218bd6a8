//! MT120.

use crate::{
    context::Context,
    facts::{FileFacts, KeyFormat, KeyProblem},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{at, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A private key whose block is broken, whose bytes are no key, whose label says another form than its bytes have, or
    /// that is in OpenSSH's own format.
    ///
    /// ## Why it matters
    ///
    /// A server cannot start with it. A key that was cut short cannot be repaired: what is missing is secret.
    ///
    /// ## How to fix it
    ///
    /// Copy the key again from where it was made, or make a new one and have the certificate issued again.
    ///
    /// ```text
    /// openssl pkey -in key.pem -noout -check
    /// ssh-keygen -p -m PEM -f key.pem     # from OpenSSH's format
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5958 (PKCS #8), RFC 8017 appendix A.1.2 (PKCS #1), RFC 5915 (SEC 1)
    pub static RULE = MT120 {
        name: "key-unreadable",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 5958 section 2", "2010-08")],
        faults: [],
        symptoms: [Says("could not read server certificate private key"), Says("failed to parse private key")],
        check: File(check),
        fires_on: || file_fixture::key().change(|file| file.items = vec![file_fixture::item("PRIVATE KEY", ItemKind::PrivateKey(PrivateKey { problem: Some(KeyProblem::NotAKey), spki: None, ..file_fixture::private() }))]).done(),
        silent_on: || file_fixture::key().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let hits = file.private_keys().filter_map(|(item, key)| {
        let problem = key.problem.as_ref()?;
        // An encrypted key is told by its own rule; a kind that cannot be computed with is no
        // fault.
        let unreadable = match key.format {
            KeyFormat::EncryptedPkcs8 | KeyFormat::LegacyEncrypted => false,
            KeyFormat::OpenSsh => true,
            _ => !matches!(problem, KeyProblem::NotComparable(_)),
        };
        unreadable.then(|| {
            Hit::new(
                format!("the private key in {} cannot be used: {problem}", file.path),
                file.path.clone(),
                at(file, item),
                "copy the key again from where it was made",
            )
            .command(format!(
                "openssl pkey -in {} -noout -check",
                shell(&file.path)
            ))
        })
    });
    Verdict::from_hits(hits.collect())
}
