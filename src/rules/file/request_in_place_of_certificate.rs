//! MT106.

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
    /// A certificate signing request (CSR) where a certificate is expected.
    ///
    /// ## Why it matters
    ///
    /// The request is what was sent to the CA; the certificate is what the CA sent back. Servers
    /// find no certificate in the file.
    ///
    /// ## How to fix it
    ///
    /// Name the file that the CA sent back for this request. If there is none, send the request to
    /// the CA.
    ///
    /// ```text
    /// openssl req -in request.pem -noout -subject -verify
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 2986, section 4 (certification request)
    /// - RFC 7468, section 7
    pub static RULE = MT106 {
        name: "request-in-place-of-certificate",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 2986 section 4", "2000-11")],
        faults: ["server-file-csr", "client-file-csr"],
        symptoms: [Says("no start line"), Says("expecting: trusted certificate"), Says("expecting: certificate")],
        check: File(check),
        fires_on: || file_fixture::chain().items(vec![file_fixture::item("CERTIFICATE REQUEST", ItemKind::Request { subject: "CN = x".into(), spki_sha256: "00".into() })]).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let is_certificate = |kind: &ItemKind| {
        matches!(
            kind,
            ItemKind::Certificate(_) | ItemKind::TrustedCertificate(_)
        )
    };
    let request = file.items.iter().find_map(|item| match &item.kind {
        ItemKind::Request { subject, .. } => Some((item, subject)),
        _ => None,
    });
    let Some((item, subject)) = request else {
        return Verdict::Pass;
    };
    if has(file, is_certificate) {
        return Verdict::NotApplicable("the file also holds a certificate");
    }
    let hit = Hit::new(
        format!(
            "expected {}, found a certificate signing request",
            meant(file)
        ),
        subject.clone(),
        at(file, item),
        "name the certificate that the CA sent back for this request",
    )
    .check(format!(
        "openssl req -in {} -noout -subject -verify",
        shell(&file.path)
    ));
    Verdict::hit(hit)
}
