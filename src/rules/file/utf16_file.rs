//! MT113.

use crate::{
    context::Context,
    facts::{FileFacts, Format},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{filtered, meant, whole},
};

rule! {
    /// ## What it finds
    ///
    /// Text in UTF-16, as Windows tools write it with "Unicode" or PowerShell by redirection.
    ///
    /// ## Why it matters
    ///
    /// No TLS stack reads it: every other byte is zero.
    ///
    /// ## How to fix it
    ///
    /// Write the file again in ASCII or UTF-8.
    ///
    /// ```text
    /// iconv -f UTF-16 -t ASCII fullchain.pem > fullchain-ascii.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, section 2 (the encoding is of ASCII characters)
    pub static RULE = MT113 {
        name: "utf16-file",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 2", "2015-04")],
        faults: [],
        symptoms: [Says("no start line")],
        check: File(check),
        fires_on: || file_fixture::chain().change(|file| file.format = Format::Utf16).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if file.format != Format::Utf16 {
        return Verdict::Pass;
    }
    let hit = Hit::new(
        format!("expected {} in ASCII, found UTF-16", meant(file)),
        file.path.clone(),
        whole(file),
        "write the file again in ASCII or UTF-8",
    );
    Verdict::hit(filtered(hit, file, "iconv -f UTF-16 -t ASCII"))
}
