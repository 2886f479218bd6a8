//! MT103.

use crate::{
    context::Context,
    facts::{FileFacts, Format},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{exported, meant, on_disk, whole},
};

rule! {
    /// ## What it finds
    ///
    /// A PKCS #12 file (.p12, .pfx): certificate, chain and key in one encrypted container.
    ///
    /// ## Why it matters
    ///
    /// Java and Windows read it; nginx, Apache, HAProxy, Envoy, Go and Node expect PEM in their
    /// certificate files. Its content cannot be checked without its password (--pass).
    ///
    /// ## How to fix it
    ///
    /// Export the certificates and the key. openssl asks for the password.
    ///
    /// ```text
    /// openssl pkcs12 -in cert.p12 -nokeys -out fullchain.pem
    /// (umask 077; openssl pkcs12 -in cert.p12 -nocerts -nodes -out key.pem)
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7292, section 4 (PFX)
    pub static RULE = MT103 {
        name: "pkcs12-in-place-of-pem",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7292 section 4", "2014-07")],
        faults: ["server-file-p12"],
        symptoms: [Says("no start line")],
        check: File(check),
        fires_on: || file_fixture::chain().format(Format::Pkcs12).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if file.format != Format::Pkcs12 {
        return Verdict::Pass;
    }
    let opened = file.certificates().next().is_some();
    let shut = file.items.iter().find_map(|item| item.problem.as_deref());
    let mut hit = Hit::new(
        format!("expected {}, found PKCS #12", meant(file)),
        file.path.clone(),
        whole(file),
        "export the certificates and the key; openssl asks for the password",
    );
    if on_disk(&file.path) {
        hit = exported(hit, &file.path, &file.path);
    }
    if opened {
        hit = hit.severity(Severity::Note);
    }
    if let Some(why) = shut {
        hit = hit.evidence("not opened", why);
    }
    Verdict::hit(hit)
}
