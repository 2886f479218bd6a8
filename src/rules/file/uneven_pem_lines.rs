//! MT125.

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
    /// Base64 in lines of other than 64 characters, blanks or empty lines within a block, or header lines that mean nothing.
    ///
    /// ## Why it matters
    ///
    /// Parsers that keep to the letter of RFC 7468 need not read it; OpenSSL since 1.1.0, Go and rustls do.
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done. To write the lines anew:
    ///
    /// ```text
    /// openssl x509 -in cert.pem -out even.pem
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
        Hit::new(
            format!(
                "{} has a block that is not laid out as usual: {seen}",
                file.path
            ),
            file.path.clone(),
            place,
            "nothing breaks in OpenSSL, Go and rustls; write it anew for stricter readers",
        )
        .command(format!(
            "openssl x509 -in {path} -out {path}.even",
            path = shell(&file.path)
        ))
    })
}
