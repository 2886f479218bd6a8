//! MT128.

use crate::{
    context::Context,
    facts::{FileFacts, FileRole, Format, ItemKind},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{has, shell, whole},
};

rule! {
    /// ## What it finds
    ///
    /// A file given with --crlfile that has no readable revocation list.
    ///
    /// ## Why it matters
    ///
    /// nginx (ssl_crl), HAProxy (crl-file) and Apache refuse to start with it, or treat no
    /// certificate as revoked. Revocation was not checked here.
    ///
    /// ## How to fix it
    ///
    /// Fetch the list from the address that the certificate gives.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -ext crlDistributionPoints
    /// openssl crl -in list.pem -noout -issuer -nextupdate
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 5 (CRL profile)
    pub static RULE = MT128 {
        name: "revocation-list-missing",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 5280 section 5", "2008-05")],
        faults: [],
        symptoms: [Says("no certificate or crl found")],
        check: File(check),
        fires_on: || file_fixture::chain().meant_as(FileRole::Crl).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    if file.meant_as != FileRole::Crl || file.format == Format::Empty {
        return Verdict::NotApplicable("no revocation list was given");
    }
    if has(file, |kind| matches!(kind, ItemKind::RevocationList { .. })) {
        return Verdict::Pass;
    }
    let hit = Hit::new(
        "expected a certificate revocation list (CRL), found none that can be read",
        file.path.clone(),
        whole(file),
        "fetch the list from the address in the certificate's cRLDistributionPoints",
    )
    .check(format!(
        "openssl crl -in {} -noout -issuer -nextupdate",
        shell(&file.path)
    ));
    Verdict::hit(hit)
}
