//! MT104.

use crate::{
    context::Context,
    facts::{FileFacts, Format, ItemKind},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{at, meant, shell},
};

rule! {
    /// ## What it finds
    ///
    /// Certificates in a PKCS #7 bag (.p7b, .p7c), as Windows authorities hand out chains. They were read all the same and
    /// are judged below.
    ///
    /// ## Why it matters
    ///
    /// Servers read CERTIFICATE blocks and pass over a PKCS7 block, so that they find no certificate, or only the ones beside
    /// it.
    ///
    /// ## How to fix it
    ///
    /// Unpack it, and put the leaf first.
    ///
    /// ```text
    /// openssl pkcs7 -in chain.p7b -print_certs -out chain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 2315 and RFC 5652, section 5.1 (SignedData)
    /// - RFC 7468, section 8 (PKCS7 label)
    pub static RULE = MT104 {
        name: "pkcs7-in-place-of-pem",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 8", "2015-04")],
        faults: [],
        symptoms: [Says("no start line")],
        check: File(check),
        fires_on: || file_fixture::chain().items(vec![file_fixture::item("PKCS7", ItemKind::Pkcs7 { certificates: 2 })]).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let bag = file.items.iter().find_map(|item| match item.kind {
        ItemKind::Pkcs7 { certificates } => Some((item, certificates)),
        _ => None,
    });
    let Some((item, certificates)) = bag else {
        return Verdict::Pass;
    };
    let form = if file.format == Format::Der {
        " -inform DER"
    } else {
        ""
    };
    let hit = Hit::new(
        format!(
            "{} holds a PKCS #7 bag of {certificates} certificates, wanted {}",
            file.path,
            meant(file)
        ),
        file.path.clone(),
        at(file, item),
        "unpack it, and put the leaf first",
    )
    .command(format!(
        "openssl pkcs7{form} -in {path} -print_certs -out {path}.pem",
        path = shell(&file.path)
    ));
    Verdict::hit(hit)
}
