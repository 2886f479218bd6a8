//! MT108.

use crate::{
    context::Context,
    facts::{FileFacts, FileRole},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{at, shell, wants_certificates},
};

rule! {
    /// ## What it finds
    ///
    /// A private key in the place of the certificate, or certificates in the place of the key.
    ///
    /// ## Why it matters
    ///
    /// Two files or two flags were exchanged. OpenSSL says that there is no start line; Go alone says that its inputs may
    /// have been switched.
    ///
    /// ## How to fix it
    ///
    /// Exchange the two.
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --key key.pem
    /// ```
    ///
    /// ## References
    ///
    /// - Go, crypto/tls X509KeyPair
    /// - OpenSSL 3.0, PEM_read_bio(3)
    pub static RULE = MT108 {
        name: "key-and-certificate-swapped",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("OpenSSL 3.0 PEM_read_bio(3)", "2021-09")],
        faults: ["server-file-swapped", "client-file-swapped", "server-file-ca-key", "client-file-ca-key"],
        symptoms: [Says("pem inputs may have been switched"), Says("no start line"), Says("could not read server certificate private key")],
        check: File(check),
        fires_on: || file_fixture::key().meant_as(FileRole::Chain).done(),
        silent_on: || file_fixture::key().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let key = file.private_keys().next();
    let certificate = file.certificates().next();
    let (item, message, remedy) = match (key, certificate) {
        (Some((item, _)), None) if wants_certificates(file) => (
            item,
            format!(
                "{} holds a private key and no certificate, wanted certificates",
                file.path
            ),
            "name the file with the certificates here, and this one with --key",
        ),
        (None, Some((item, _))) if file.meant_as == FileRole::Key => (
            item,
            format!(
                "{} holds certificates and no private key, wanted the key",
                file.path
            ),
            "name the file with the private key here, and this one with --cert",
        ),
        _ => return Verdict::Pass,
    };
    let hit = Hit::new(message, file.path.clone(), at(file, item), remedy)
        .command(format!("grep -e '-----BEGIN' {}", shell(&file.path)));
    Verdict::hit(hit)
}
