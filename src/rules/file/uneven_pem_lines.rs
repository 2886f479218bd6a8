//! MT125.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk, Readings},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{as_read, lines, remarks, rewritten},
};

rule! {
    /// ## What it finds
    ///
    /// Base64 in lines other than 64 characters long, blanks or empty lines within a block, control
    /// characters at the end of a line, meaningless header lines, or something else among the blocks
    /// that a stack fails at, such as EC PARAMETERS in a chain for Java.
    ///
    /// ## Why it matters
    ///
    /// A strict parser of RFC 7468 need not read long lines and blanks; OpenSSL since 1.1.0, Go,
    /// Java and rustls do. An empty line below the first line of base64 is an error: OpenSSL takes
    /// it for the end of header lines and refuses the file. So are header lines in a certificate:
    /// OpenSSL, Java and rustls refuse the file, and Go skips a trust anchor that has them. OpenSSL
    /// ignores control characters at the end of a line; Go and Java do not.
    ///
    /// ## How to fix it
    ///
    /// Write the block again; where all stacks read it, nothing has to be done:
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --fix --out fullchain.fixed.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, section 3 (stricttextualmsg and laxtextualmsg)
    pub static RULE = MT125 {
        name: "uneven-pem-lines",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 3", "2015-04")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::LongLines).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    // What OpenSSL does not read comes first.
    let quirks = [
        Quirk::EmptyLines,
        Quirk::Headers,
        Quirk::LongLines,
        Quirk::WhiteSpace,
        Quirk::ControlCharacters,
        Quirk::Unread,
    ];
    let hits = quirks.iter().filter_map(|quirk| {
        let mut found = remarks(file, std::slice::from_ref(quirk));
        let first = found.next()?;
        let readings = file.readings_by(*quirk);
        let remedy = match readings.and_then(Readings::in_words) {
            Some(_) => "write the block again without it",
            None => {
                "nothing breaks in OpenSSL, Go, Java and rustls; write it again for strict parsers"
            }
        };
        let hit = Hit::new(
            format!("unusual PEM layout: {}", first.seen),
            file.path.clone(),
            lines(file, first.first_line, first.last_line),
            remedy,
        );
        let more = found.count();
        let hit = match more {
            0 => hit,
            more => hit.evidence("more of the kind", more.to_string()),
        };
        Some(rewritten(
            as_read(hit, file, *quirk),
            file,
            "grep -n -e '-----'",
        ))
    });
    Verdict::from_hits(hits.collect())
}
