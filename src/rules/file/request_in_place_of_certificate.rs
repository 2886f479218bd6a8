//! MT106.

use crate::{
    context::Context,
    facts::{FileFacts, ItemKind},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{at, has, meant, shell, was_named},
};

rule! {
    /// ## What it finds
    ///
    /// A certificate signing request (CSR) where a certificate or a key is expected. A request that is
    /// given by its path alone is checked as what it is.
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
        fires_on: || file_fixture::request(|_| ()).meant_as(FileRole::Chain).done(),
        silent_on: || file_fixture::request(|_| ()).done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let is_certificate = |kind: &ItemKind| {
        matches!(
            kind,
            ItemKind::Certificate(_) | ItemKind::TrustedCertificate(..)
        )
    };
    let Some((item, request)) = file.requests().next() else {
        return Verdict::Pass;
    };
    if !was_named(file) {
        return Verdict::NotApplicable("nothing says that a certificate was expected");
    }
    if has(file, is_certificate) {
        return Verdict::NotApplicable("the file also holds a certificate");
    }
    let hit = Hit::new(
        format!(
            "expected {}, found a certificate signing request",
            meant(file)
        ),
        request.asked.label(),
        at(file, item),
        "name the certificate that the CA sent back for this request",
    )
    .check(format!(
        "openssl req -in {} -noout -subject -verify",
        shell(&file.path)
    ));
    Verdict::hit(hit)
}
