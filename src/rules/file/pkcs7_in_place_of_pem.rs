//! MT104.

use crate::{
    context::Context,
    facts::{FileFacts, ItemKind},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{at, meant, rewritten},
};

rule! {
    /// ## What it finds
    ///
    /// Certificates in a PKCS #7 bundle (.p7b, .p7c), as Windows CAs hand out chains. They were
    /// read and are checked below.
    ///
    /// ## Why it matters
    ///
    /// Servers read CERTIFICATE blocks and ignore a PKCS7 block: they find no certificate, or only
    /// those beside it.
    ///
    /// ## How to fix it
    ///
    /// Unpack it, with the leaf first.
    ///
    /// ```text
    /// openssl pkcs7 -in chain.p7b -print_certs -out chain.pem
    /// mtls lint --cert chain.p7b --fix --out fullchain.pem
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
    let hit = Hit::new(
        format!(
            "expected {}, found a PKCS #7 bundle of {certificates} certificates",
            meant(file)
        ),
        file.path.clone(),
        at(file, item),
        "unpack it, with the leaf first",
    );
    Verdict::hit(rewritten(
        hit,
        file,
        "openssl pkcs7 -print_certs -noout -in",
    ))
}
