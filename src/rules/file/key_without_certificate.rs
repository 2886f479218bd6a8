//! MT142.

use crate::{
    context::Context,
    facts::FileFacts,
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{at, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A private key in a directory, or named beside other files, where no certificate and no
    /// certificate request belongs to it. It is a warning where a certificate beside it lacks its
    /// key too, else a note.
    ///
    /// ## Why it matters
    ///
    /// After a renewal that made a new key, the old one stays behind; or the key was replaced and the
    /// certificate was not. No server starts with a key and a certificate that do not belong
    /// together.
    ///
    /// ## How to fix it
    ///
    /// Find the certificate of this key. If there is none, remove the key, so that nobody configures
    /// it.
    ///
    /// ```text
    /// openssl pkey -in key.pem -pubout | openssl sha256
    /// openssl x509 -in fullchain.pem -noout -pubkey | openssl sha256      # both must print the same
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.4.3 (the key of the end-entity certificate signs the handshake)
    pub static RULE = MT142 {
        name: "key-without-certificate",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.4.3", "2018-08")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::key().change(|file| file.neighbours = Some(Neighbours { lone_key: true, certificates: 2, lone_keys: 1, bare_leaves: 1, ..Neighbours::default() })).done(),
        silent_on: || file_fixture::key().change(|file| file.neighbours = Some(Neighbours { certificates: 2, ..Neighbours::default() })).done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let Some(around) = &file.neighbours else {
        return Verdict::NotApplicable("not from a directory with keys");
    };
    if !around.lone_key {
        return Verdict::Pass;
    }
    if around.certificates == 0 {
        return Verdict::NotApplicable("no certificate is beside it");
    }
    let Some((item, _)) = file.private_keys().find(|(_, key)| key.spki.is_some()) else {
        return Verdict::NotApplicable("the key could not be read, which is another finding");
    };
    let (message, severity) = match around.bare_leaves {
        0 => (
            "the private key belongs to no certificate beside it".to_owned(),
            Severity::Note,
        ),
        bare => (
            format!(
                "the private key belongs to no certificate beside it, of which {} no key that was found",
                match bare {
                    1 => "one certificate has".to_owned(),
                    bare => format!("{bare} certificates have"),
                }
            ),
            Severity::Warning,
        ),
    };
    let hit = Hit::new(
        message,
        file.path.clone(),
        at(file, item),
        "find the certificate that was issued for this key, or remove the key if there is none",
    )
    .evidence(
        "certificates and requests compared",
        around.certificates.to_string(),
    );
    Verdict::hit(hit.severity(severity).check(format!(
        "openssl pkey -in {} -pubout | openssl sha256",
        shell(&file.path)
    )))
}
