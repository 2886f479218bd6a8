//! MT116.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{as_read, filtered, quirk, rewrite},
};

rule! {
    /// ## What it finds
    ///
    /// A PEM file that has lost its line breaks: they are written out as \n, or markers and base64
    /// are on one line. It was read as what it was meant to be.
    ///
    /// ## Why it matters
    ///
    /// Environment variables, .env files, JSON values and `cat` of files without a final line break
    /// do this. No TLS stack reads it: each marker has to be on a line of its own.
    ///
    /// ## How to fix it
    ///
    /// Put the line breaks back.
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --fix --out fullchain.fixed.pem
    /// printf '%b' "$CERTIFICATE" > fullchain.pem      # from an environment variable with \n in it
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

/// Puts each marker on a line of its own, and 64 characters of base64 on each line between.
const UNFOLD: &str = r#"awk '{ gsub(/\\r/, ""); gsub(/\\n/, "\n"); gsub(/-----(BEGIN|END) [^-]*-----/, "\n&\n"); print }' | awk '/^-/ { print; next } { gsub(/[ \t"]/, "") } length' | fold -w 64"#;

fn check(file: &FileFacts, _: &Context) -> Verdict {
    quirk(file, &[Quirk::EscapedLineBreaks], |seen, place| {
        let hit = Hit::new(
            format!("line breaks are missing: {seen}"),
            file.path.clone(),
            place,
            "put the line breaks back: each marker on a line of its own",
        );
        let hit = as_read(hit, file, Quirk::EscapedLineBreaks);
        match rewrite(file) {
            Some(command) if file.private_keys().next().is_none() => hit.fix(command),
            _ => filtered(hit, file, UNFOLD),
        }
    })
}
