//! MT109.

use crate::{
    context::Context,
    facts::{FileFacts, ItemKind, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{as_read, at, rewritten},
};

rule! {
    /// ## What it finds
    ///
    /// A block with the label TRUSTED CERTIFICATE: OpenSSL's own format, a certificate followed by
    /// trust settings.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL and programs built on it read it and apply the settings, which can forbid a purpose
    /// that the certificate itself allows. Go, rustls and GnuTLS do not know the label, and Java
    /// refuses the settings behind the certificate.
    ///
    /// ## How to fix it
    ///
    /// Write it as a plain certificate.
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --fix --out fullchain.fixed.pem
    /// ```
    ///
    /// ## References
    ///
    /// - OpenSSL 3.0, openssl-x509(1), option -trustout
    /// - RFC 7468, section 5
    pub static RULE = MT109 {
        name: "trusted-certificate-label",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("OpenSSL 3.0 openssl-x509(1)", "2021-09"), ("RFC 7468 section 5", "2015-04")],
        faults: [],
        symptoms: [Verify(27), Verify(28)],
        check: File(check),
        fires_on: || file_fixture::chain().items(vec![file_fixture::item("TRUSTED CERTIFICATE", ItemKind::TrustedCertificate(std::sync::Arc::new(fixture::root())))]).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let trusted = file.items.iter().find_map(|item| match &item.kind {
        ItemKind::TrustedCertificate(certificate) => Some((item, certificate)),
        _ => None,
    });
    let Some((item, certificate)) = trusted else {
        return Verdict::Pass;
    };
    let hit = Hit::new(
        "expected the label CERTIFICATE, found TRUSTED CERTIFICATE",
        certificate.label(),
        at(file, item),
        "write it as a plain certificate",
    );
    Verdict::hit(rewritten(
        as_read(hit, Quirk::TrustedLabel),
        file,
        "grep -n -e '-----'",
    ))
}
