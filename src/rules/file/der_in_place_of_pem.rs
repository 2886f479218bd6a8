//! MT102.

use crate::{
    context::Context,
    facts::{FileFacts, FileRole, Format, ItemKind},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{fixed, meant, on_disk, shell, was_named, whole},
};

rule! {
    /// ## What it finds
    ///
    /// A file in DER, the binary form, where PEM, the text form, is expected.
    ///
    /// ## Why it matters
    ///
    /// nginx, Apache, HAProxy, Envoy, Go, Node and Python read PEM from their certificate files,
    /// and report a missing start line. Windows tools and some CAs hand out DER in files named .crt
    /// and .cer. Java keystores and the custom CAs of a Dialogflow CX webhook are the opposite:
    /// they expect DER. For a path given without a flag this is a note.
    ///
    /// ## How to fix it
    ///
    /// Convert it.
    ///
    /// ```text
    /// openssl x509 -inform DER -in cert.der -out cert.pem
    /// openssl pkey -inform DER -in key.der -out key.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, section 5 (textual encoding of certificates)
    /// - nginx, ssl_certificate: "in the PEM format"
    pub static RULE = MT102 {
        name: "der-in-place-of-pem",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 5", "2015-04")],
        faults: ["server-file-der", "server-file-ca-der", "client-file-der", "client-file-ca-der"],
        symptoms: [Says("no start line")],
        check: File(check),
        fires_on: || file_fixture::chain().change(|file| file.format = Format::Der).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if file.format != Format::Der || file.meant_as == FileRole::Crl {
        return Verdict::Pass;
    }
    // What else the DER may hold is another rule's business.
    let (tool, what) = match file.items.first().map(|item| &item.kind) {
        Some(ItemKind::Certificate(_)) => ("x509", "a certificate"),
        Some(ItemKind::PrivateKey(_)) => ("pkey", "a private key"),
        _ => return Verdict::NotApplicable("the file holds neither a certificate nor a key"),
    };
    let mut hit = Hit::new(
        format!("expected {}, found {what} in DER", meant(file)),
        file.path.clone(),
        whole(file),
        "convert it to PEM",
    );
    if on_disk(&file.path) {
        hit = hit.fix(format!(
            "(umask 077; openssl {tool} -inform DER -in {} -out {})",
            shell(&file.path),
            fixed(&file.path)
        ));
    }
    if !was_named(file) {
        hit = hit.severity(Severity::Note);
    }
    Verdict::hit(hit)
}
