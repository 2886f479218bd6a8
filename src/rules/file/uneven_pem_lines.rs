//! MT125.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{quirk, rewritten},
};

rule! {
    /// ## What it finds
    ///
    /// Base64 in lines other than 64 characters long, blanks or empty lines within a block, or
    /// meaningless header lines.
    ///
    /// ## Why it matters
    ///
    /// A strict parser of RFC 7468 need not read it; OpenSSL since 1.1.0, Go and rustls do.
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done. To write the lines again:
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
    let quirks = [Quirk::LongLines, Quirk::WhiteSpace, Quirk::Headers];
    quirk(file, &quirks, |seen, place| {
        let hit = Hit::new(
            format!("unusual PEM layout: {seen}"),
            file.path.clone(),
            place,
            "nothing breaks in OpenSSL, Go and rustls; write it again for strict parsers",
        );
        rewritten(hit, file, "grep -n -e '-----'")
    })
}
