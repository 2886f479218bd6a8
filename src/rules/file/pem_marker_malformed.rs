//! MT111.

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
    /// A BEGIN or END line that is not written as it must be: other than five hyphens on each side, lower case, blanks,
    /// dashes of a word processor, two markers on one line, or an END without its BEGIN. What was meant was read all the
    /// same.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL, Go and rustls look for the exact line and pass over everything else, so that the block does not exist for
    /// them.
    ///
    /// ## How to fix it
    ///
    /// Write the markers as five hyphens, the words in capitals, five hyphens, on a line of their own.
    ///
    /// ```text
    /// grep -n -e BEGIN -e END fullchain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, section 3 (preeb and posteb)
    pub static RULE = MT111 {
        name: "pem-marker-malformed",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 3", "2015-04")],
        faults: ["server-file-baddash"],
        symptoms: [Says("no start line"), Says("bad end line")],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::MalformedMarker).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    quirk(
        file,
        &[Quirk::MalformedMarker, Quirk::StrayEnd],
        |seen, place| {
            Hit::new(
                format!(
                    "{} has a line that only looks like a PEM marker: {seen}",
                    file.path
                ),
                file.path.clone(),
                place,
                "write the line as five hyphens, the words in capitals, five hyphens",
            )
            .command(format!("grep -n -e BEGIN -e END {}", shell(&file.path)))
        },
    )
}
