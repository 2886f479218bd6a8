//! MT120.

use crate::{
    context::Context,
    facts::{FileFacts, KeyFormat, KeyProblem, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{as_read, at, fixed, on_disk, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A private key that cannot be read: its block is broken, its bytes are not a key, its label
    /// does not match its content, or it is in OpenSSH's own format.
    ///
    /// ## Why it matters
    ///
    /// A server cannot start with it. A truncated key cannot be repaired: the missing part is
    /// secret.
    ///
    /// ## How to fix it
    ///
    /// Copy the key again from its source, or make a new one and have the certificate reissued.
    ///
    /// ```text
    /// openssl pkey -in key.pem -noout -check
    /// cp key.pem key.fixed.pem && ssh-keygen -p -N '' -m PKCS8 -f key.fixed.pem     # from OpenSSH's format
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
        // An encrypted key has a rule of its own; an unsupported type is not a fault.
        let unreadable = match key.format {
            KeyFormat::EncryptedPkcs8 | KeyFormat::LegacyEncrypted => false,
            KeyFormat::OpenSsh => true,
            _ => !matches!(problem, KeyProblem::NotComparable(_)),
        };
        unreadable.then(|| {
            // OpenSSL and Go read a key under some other labels.
            let lead = match problem {
                KeyProblem::WrappedOtherwise { .. } => "the private key has another label",
                _ => "the private key cannot be used",
            };
            let hit = Hit::new(
                format!("{lead}: {problem}"),
                file.path.clone(),
                at(file, item),
                "copy the key again from its source; one in OpenSSH's format can be converted",
            );
            if key.format == KeyFormat::OpenSsh && on_disk(&file.path) {
                let (path, out) = (shell(&file.path), fixed(&file.path));
                return hit.fix(format!(
                    "(umask 077; cat {path} > {out} && ssh-keygen -p -N '' -m PKCS8 -f {out})"
                ));
            }
            let hit = match problem {
                KeyProblem::WrappedOtherwise { .. } => as_read(hit, file, Quirk::Unread),
                _ => hit,
            };
            hit.check(format!(
                "openssl pkey -in {} -noout -check",
                shell(&file.path)
            ))
        })
    });
    Verdict::from_hits(hits.collect())
}
