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
    /// A private key where the certificate is expected, or certificates where the key is expected.
    ///
    /// ## Why it matters
    ///
    /// Two files or two flags were swapped. OpenSSL reports a missing start line; only Go says that
    /// its inputs may have been switched.
    ///
    /// ## How to fix it
    ///
    /// Swap the two.
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
            "expected certificates, found a private key",
            "swap the two: this file belongs to --key",
        ),
        (None, Some((item, _))) if file.meant_as == FileRole::Key => (
            item,
            "expected a private key, found certificates",
            "swap the two: this file belongs to --cert",
        ),
        _ => return Verdict::Pass,
    };
    let hit = Hit::new(message, file.path.clone(), at(file, item), remedy)
        .check(format!("grep -e '-----BEGIN' {}", shell(&file.path)));
    Verdict::hit(hit)
}
