//! MT109.

use crate::{
    context::Context,
    facts::{Eku, FileFacts, FileRole, ItemKind, Quirk, Side, TrustSettings},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{as_read, at, has, rewritten},
};

rule! {
    /// ## What it finds
    ///
    /// A block with the label TRUSTED CERTIFICATE: OpenSSL's own format, a certificate followed by
    /// trust settings.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL and programs built on it read it and apply the settings, which can forbid a purpose
    /// that the certificate itself allows: it then rejects every client or server below it. Of a
    /// chain OpenSSL reads the first block so, and skips the others. nginx sends the names of plain
    /// certificates to clients, and does not start with none. Go, rustls and GnuTLS do not know the label, and Java
    /// refuses the settings behind the certificate.
    ///
    /// ## How to fix it
    ///
    /// Write it as a plain certificate.
    ///
    /// ```text
    /// mtls lint --cert fullchain.pem --fix --out fullchain.fixed.pem
    /// ```
    ///
    /// ## References
    ///
    /// - OpenSSL 3.0, openssl-x509(1), option -trustout
    /// - RFC 7468, section 5
    pub static RULE = MT109 {
        name: "trusted-certificate-label",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("OpenSSL 3.0 openssl-x509(1)", "2021-09"), ("RFC 7468 section 5", "2015-04")],
        faults: [],
        symptoms: [Verify(27), Verify(28)],
        check: File(check),
        fires_on: || file_fixture::chain().items(vec![file_fixture::item("TRUSTED CERTIFICATE", ItemKind::TrustedCertificate(std::sync::Arc::new(fixture::root()), TrustSettings::default()))]).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

/// The purpose that a file of anchors is there for.
fn purpose(file: &FileFacts, role: Option<Side>) -> Option<Eku> {
    match (file.meant_as, role) {
        (FileRole::ClientCa, _) | (FileRole::Anchors, Some(Side::Client)) => Some(Eku::ClientAuth),
        (FileRole::Anchors, _) => Some(Eku::ServerAuth),
        _ => None,
    }
}

/// An anchor whose settings exclude the purpose: OpenSSL rejects every chain to it, and hardly
/// anybody else reads the block.
fn excluded(file: &FileFacts, context: &Context) -> Option<Hit> {
    let purpose = purpose(file, context.role)?;
    let (item, certificate, settings) = file.items.iter().find_map(|item| match &item.kind {
        ItemKind::TrustedCertificate(certificate, settings) if settings.exclude(&purpose) => {
            Some((item, certificate, settings))
        }
        _ => None,
    })?;
    let hit = Hit::new(
        format!("OpenSSL trusts no chain to this certificate for {purpose}: by its trust settings it is {settings}"),
        certificate.label(),
        at(file, item),
        "write it as a plain certificate, without the settings",
    )
    .severity(Severity::Error);
    Some(rewritten(hit, file, "grep -n -e '-----'"))
}

fn check(file: &FileFacts, context: &Context) -> Verdict {
    let trusted = file.items.iter().find_map(|item| match &item.kind {
        ItemKind::TrustedCertificate(certificate, settings) => Some((item, certificate, settings)),
        _ => None,
    });
    let Some((item, certificate, settings)) = trusted else {
        return Verdict::Pass;
    };
    if let Some(hit) = excluded(file, context) {
        return Verdict::hit(hit);
    }
    let hit = Hit::new(
        "expected the label CERTIFICATE, found TRUSTED CERTIFICATE",
        certificate.label(),
        at(file, item),
        "write it as a plain certificate",
    );
    let hit = match settings == &TrustSettings::default() {
        true => hit,
        false => hit.evidence("trust settings", settings.to_string()),
    };
    // A list of client authorities for the handshake has to be more than such blocks.
    let hit = match file.meant_as {
        FileRole::ClientCa if !has(file, |kind| matches!(kind, ItemKind::Certificate(_))) => hit
            .evidence(
                "nginx",
                "does not start: it finds no names to send to clients",
            ),
        _ => hit,
    };
    Verdict::hit(rewritten(
        as_read(hit, file, Quirk::TrustedLabel),
        file,
        "grep -n -e '-----'",
    ))
}
