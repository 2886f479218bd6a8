//! MT113.

use crate::{
    context::Context,
    facts::{FileFacts, Format},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{meant, shell, whole},
};

rule! {
    /// ## What it finds
    ///
    /// Text in UTF-16, as Windows tools write it with "Unicode" or by redirection in PowerShell.
    ///
    /// ## Why it matters
    ///
    /// No TLS stack reads it: between any two characters there is a zero byte.
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
        format!(
            "{} is text in UTF-16, wanted {} in ASCII",
            file.path,
            meant(file)
        ),
        file.path.clone(),
        whole(file),
        "write the file again in ASCII or UTF-8",
    )
    .command(format!(
        "iconv -f UTF-16 -t ASCII {path} > {path}.ascii",
        path = shell(&file.path)
    ));
    Verdict::hit(hit)
}
