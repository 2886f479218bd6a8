//! MT124.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{as_read, quirk, rewritten},
};

rule! {
    /// ## What it finds
    ///
    /// Extra bytes after the DER value, within a PEM block or at the end of a DER file.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL ignores them; Go, rustls and Java reject the certificate. They are a sign that two
    /// values were joined.
    ///
    /// ## How to fix it
    ///
    /// Write the value again without them.
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --fix --out fullchain.fixed.pem
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
        let hit = Hit::new(
            format!("extra bytes after the DER value: {seen}"),
            file.path.clone(),
            place,
            "write the value again without the extra bytes",
        );
        rewritten(
            as_read(hit, file, Quirk::TrailingBytes),
            file,
            "grep -n -e '-----'",
        )
    })
}
