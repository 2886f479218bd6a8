//! MT127.

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
    /// A certificate with the label X509 CERTIFICATE, as tools wrote it before 2000.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL and Java read it. Go and rustls look for CERTIFICATE only and do not see the block.
    ///
    /// ## How to fix it
    ///
    /// Write it with the current label.
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --fix --out fullchain.fixed.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, section 5.1 (labels other than CERTIFICATE)
    pub static RULE = MT127 {
        name: "old-pem-label",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 5.1", "2015-04")],
        faults: [],
        symptoms: [Says("failed to find any pem data")],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::OldLabel).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    quirk(file, &[Quirk::OldLabel], |seen, place| {
        let hit = Hit::new(
            format!("expected the label CERTIFICATE, found {seen}"),
            file.path.clone(),
            place,
            "write it with the label CERTIFICATE",
        );
        rewritten(
            as_read(hit, file, Quirk::OldLabel),
            file,
            "grep -n -e '-----'",
        )
    })
}
