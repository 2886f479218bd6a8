//! MT124.

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
    /// Bytes behind the DER value, within a PEM block or at the end of a DER file.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL passes over them; Go, rustls and Java refuse the certificate. They are a sign that two values were glued
    /// together.
    ///
    /// ## How to fix it
    ///
    /// Write the value again alone.
    ///
    /// ```text
    /// openssl x509 -in cert.pem -out clean.pem
    /// ```
    ///
    /// ## References
    ///
    /// - X.690, section 10 (DER is one value)
    /// - RFC 7468, section 5.1
    pub static RULE = MT124 {
        name: "trailing-bytes",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 5.1", "2015-04")],
        faults: [],
        symptoms: [Says("trailing data")],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::TrailingBytes).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    quirk(file, &[Quirk::TrailingBytes], |seen, place| {
        Hit::new(
            format!(
                "{} has something behind a value that should stand alone: {seen}",
                file.path
            ),
            file.path.clone(),
            place,
            "write the value again alone",
        )
        .command(format!(
            "openssl x509 -in {path} -out {path}.clean",
            path = shell(&file.path)
        ))
    })
}
