//! MT111.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{as_read, quirk, rewrite, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A BEGIN or END line that is malformed: not exactly five hyphens on each side, lower case,
    /// extra blanks, dashes from a word processor, two markers on one line, white space in front of
    /// it, or an END without its BEGIN. It was read as what it was meant to be.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL, Go and rustls look for the exact line, from its first column on, and ignore
    /// everything else, so the block does not exist for them. A block that was pasted out of YAML
    /// is indented, and nobody reads it. Java refuses most such files.
    ///
    /// ## How to fix it
    ///
    /// Write each marker as five hyphens, the words in capitals, five hyphens, on a line of its
    /// own.
    ///
    /// ```text
    /// grep -n -e BEGIN -e END fullchain.pem
    /// mtls lint --cert fullchain.pem --fix --out fullchain.fixed.pem
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
    let shapes = [
        (Quirk::MalformedMarker, "malformed PEM marker: "),
        (Quirk::IndentedMarker, ""),
        (Quirk::IndentedEnd, ""),
        (Quirk::StrayEnd, "malformed PEM marker: "),
    ];
    let found = shapes.map(|(shape, lead)| {
        quirk(file, &[shape], |seen, place| {
            let hit = Hit::new(
                format!("{lead}{seen}"),
                file.path.clone(),
                place,
                "write the line as five hyphens, the words in capitals, five hyphens, from the first column on",
            );
            let hit = as_read(hit, file, shape);
            match rewrite(file) {
                // OpenSSL does not see a key behind a malformed marker.
                Some(command) if file.private_keys().next().is_none() => hit.fix(command),
                _ => hit.check(format!("grep -n -e BEGIN -e END {}", shell(&file.path))),
            }
        })
    });
    let hits = found.into_iter().flat_map(|verdict| match verdict {
        Verdict::Hit(hits) => hits,
        _ => Vec::new(),
    });
    Verdict::from_hits(hits.collect())
}
