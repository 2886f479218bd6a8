//! MT114.

use crate::{
    context::Context,
    facts::{FileFacts, Quirk},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{as_read, filtered, is_pem, quirk, remarks},
};

rule! {
    /// ## What it finds
    ///
    /// Lines that end with a carriage return, as Windows writes them; or with a carriage return
    /// alone, as old Mac OS did.
    ///
    /// ## Why it matters
    ///
    /// Every TLS stack tested reads a file with CR LF (November 2026). Shell scripts that compare or
    /// cut lines may not. Where no line feed follows, OpenSSL and Go find no block in the file at
    /// all: that is an error. Two carriage returns in a row are read by OpenSSL, Java and rustls,
    /// and not by Go: a warning.
    ///
    /// ## How to fix it
    ///
    /// With CR LF nothing has to be done. To remove the carriage returns, or to turn lone ones into
    /// line feeds:
    ///
    /// ```text
    /// tr -d '\r' < fullchain.pem > fullchain.fixed.pem
    /// tr '\r' '\n' < fullchain.pem > fullchain.fixed.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, section 3 (eol is CRLF, CR or LF)
    pub static RULE = MT114 {
        name: "carriage-returns",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 3", "2015-04")],
        faults: ["server-file-crlf"],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::chain().quirk(Quirk::CarriageReturns).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if !is_pem(file) {
        return Verdict::NotApplicable("the file has no PEM block");
    }
    let hit = |message: &str, place, remedy: &str, filter| {
        let hit = Hit::new(message, file.path.clone(), place, remedy);
        filtered(hit, file, filter)
    };
    if remarks(file, &[Quirk::LoneReturns]).next().is_some() {
        return quirk(file, &[Quirk::LoneReturns], |_, place| {
            let message = "lines end with a carriage return alone, without a line feed";
            let hit = hit(
                message,
                place,
                "turn them into line feeds",
                "tr '\\r' '\\n'",
            );
            as_read(hit, file, Quirk::LoneReturns)
        });
    }
    if remarks(file, &[Quirk::DoubledReturns]).next().is_some() {
        return quirk(file, &[Quirk::DoubledReturns], |_, place| {
            let message = "lines end with two carriage returns and a line feed";
            let hit = hit(message, place, "remove the carriage returns", "tr -d '\\r'");
            as_read(hit, file, Quirk::DoubledReturns)
        });
    }
    quirk(file, &[Quirk::CarriageReturns], |_, place| {
        hit(
            "lines end with a carriage return",
            place,
            "nothing breaks in TLS stacks; remove them if scripts read the file",
            "tr -d '\\r'",
        )
    })
}
