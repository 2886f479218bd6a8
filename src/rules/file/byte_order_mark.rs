//! MT112.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{as_read, filtered, quirk},
};

rule! {
    /// ## What it finds
    ///
    /// The three bytes EF BB BF before the first line: the byte order mark (BOM) that Windows
    /// editors write.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL ignores it, and with it nginx, Apache, Node, Python and curl. Go and rustls do not
    /// find the first block after it, and Java 17 refuses the file. Go then says "private key does
    /// not match public key", rustls "KeyMismatch", and a CA file with one certificate counts as
    /// empty (tested in November 2026 with 18 servers and 19 clients).
    ///
    /// ## How to fix it
    ///
    /// Save the file without the byte order mark.
    ///
    /// ```text
    /// tail -c +4 fullchain.pem > fullchain.fixed.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 3629, section 6 (byte order mark)
    /// - RFC 7468, section 2
    pub static RULE = MT112 {
        name: "byte-order-mark",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 3629 section 6", "2003-11")],
        faults: ["server-file-bom", "server-file-bomkey", "server-file-ca-bom", "client-file-bom", "client-file-ca-bom"],
        symptoms: [Says("private key does not match public key"), Says("keymismatch"), Says("appendcertsfrompem returned false")],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::ByteOrderMark).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    quirk(file, &[Quirk::ByteOrderMark], |_, place| {
        let hit = Hit::new(
            "begins with a byte order mark",
            file.path.clone(),
            place,
            "save the file without a byte order mark",
        );
        filtered(as_read(hit, file, Quirk::ByteOrderMark), file, "tail -c +4")
    })
}
