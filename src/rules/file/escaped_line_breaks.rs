//! MT116.

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
    /// A PEM whose line breaks are gone: written out as \n, or markers and base64 side by side on one line. It was read as
    /// what it was meant to be.
    ///
    /// ## Why it matters
    ///
    /// Environment variables, .env files and JSON values do this. No TLS stack reads it as it is: OpenSSL wants the markers
    /// on lines of their own.
    ///
    /// ## How to fix it
    ///
    /// Put the line breaks back.
    ///
    /// ```text
    /// printf '%b' "$CERTIFICATE" > fullchain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, section 3 (line structure)
    pub static RULE = MT116 {
        name: "escaped-line-breaks",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 3", "2015-04")],
        faults: ["server-file-oneline"],
        symptoms: [Says("no start line"), Says("bad end line")],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::EscapedLineBreaks).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    quirk(file, &[Quirk::EscapedLineBreaks], |seen, place| {
        let path = shell(&file.path);
        Hit::new(
            format!("{} has lost its line breaks: {seen}", file.path),
            file.path.clone(),
            place,
            "put the line breaks back: markers on lines of their own",
        )
        .command(format!("printf '%b' \"$(cat {path})\" > {path}.pem"))
    })
}
