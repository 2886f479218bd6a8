//! MT127.

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
    /// A certificate with the label X509 CERTIFICATE, as tools of before 2000 wrote it.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL reads it. Go, rustls and others look for CERTIFICATE only and do not see the block.
    ///
    /// ## How to fix it
    ///
    /// Write it with today's label.
    ///
    /// ```text
    /// openssl x509 -in old.pem -out new.pem
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
        Hit::new(
            format!(
                "{} has a block with the label {seen}, wanted CERTIFICATE",
                file.path
            ),
            file.path.clone(),
            place,
            "write it with the label CERTIFICATE",
        )
        .command(format!(
            "openssl x509 -in {path} -out {path}.new",
            path = shell(&file.path)
        ))
    })
}
