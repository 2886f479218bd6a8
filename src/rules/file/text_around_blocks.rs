//! MT115.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{quirk, shell},
};

rule! {
    /// ## What it finds
    ///
    /// Text before, between or after the PEM blocks, such as the output of openssl x509 -text or of a keystore export.
    ///
    /// ## Why it matters
    ///
    /// RFC 7468 allows it and every TLS stack passes over it. Some tools with a parser of their own do not (smallstep/cli
    /// issue 1149 was one).
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done. To keep the certificates alone:
    ///
    /// ```text
    /// openssl crl2pkcs7 -nocrl -certfile fullchain.pem | openssl pkcs7 -print_certs | grep -v -e ^subject -e ^issuer
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, section 2 (explanatory text)
    pub static RULE = MT115 {
        name: "text-around-blocks",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 2", "2015-04")],
        faults: ["server-file-extratext"],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::TextAround).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if file.items.iter().all(|item| item.label.is_empty()) {
        return Verdict::NotApplicable("there is no PEM block to stand around");
    }
    quirk(file, &[Quirk::TextAround], |seen, place| {
        Hit::new(
            format!("{} has text outside of its PEM blocks: {seen}", file.path),
            file.path.clone(),
            place,
            "nothing breaks; it is passed over",
        )
        .command(format!(
            "grep -n -v -e '^[A-Za-z0-9+/=]*$' {}",
            shell(&file.path)
        ))
    })
}
