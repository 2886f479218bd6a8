//! MT117.

use crate::{
    context::Context,
    facts::{FileFacts, FileRole, Format, ItemKind},
    finding::{Hit, Verdict},
    rule,
    rules::file::help::{beginning, has, meant, on_disk, whole},
};

rule! {
    /// ## What it finds
    ///
    /// A file with neither a certificate nor a private key: a web page, JSON, plain text, bare
    /// base64, parameters or unknown bytes.
    ///
    /// ## Why it matters
    ///
    /// A download that ended on a login page, an error message saved under the expected name, or
    /// the base64 value of a Kubernetes secret that was not decoded: each looks like the right file
    /// until a server reads it.
    ///
    /// ## How to fix it
    ///
    /// Look at its beginning, and get it again.
    ///
    /// ```text
    /// head -c 300 fullchain.pem | cat -v
    /// kubectl get secret web -o jsonpath='{.data.tls\.crt}' | base64 -d > fullchain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7468, section 2
    /// - Kubernetes, Secrets: values of data are base64 (concepts/configuration/secret)
    pub static RULE = MT117 {
        name: "nothing-usable-in-file",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 7468 section 2", "2015-04")],
        faults: [],
        symptoms: [Says("no start line"), Says("failed to find any pem data")],
        check: File(check),
        fires_on: || file_fixture::chain().format(Format::Html).done(),
        silent_on: || file_fixture::chain().done(),
    }
}

fn check(file: &FileFacts, _: &Context) -> Verdict {
    let what = match file.format {
        Format::Html => "a web page",
        Format::Json => "JSON",
        Format::Text => "text without a PEM block",
        Format::Binary => "binary data of an unknown type",
        Format::Pem if !has(file, usable) && file.meant_as != FileRole::Crl => "other PEM blocks",
        _ => return Verdict::Pass,
    };
    // What kind of PEM block it is instead may be another rule's finding.
    let explained = has(file, |kind| {
        matches!(
            kind,
            ItemKind::Request(_) | ItemKind::PublicKey(_) | ItemKind::Pkcs7 { .. }
        )
    }) || file
        .items
        .iter()
        .any(|item| !item.label.is_empty() && item.problem.is_some());
    if explained {
        return Verdict::NotApplicable("another rule says what is in it");
    }
    let what = match file.items.first() {
        Some(item) if file.format == Format::Text => item.problem.as_deref().unwrap_or(what),
        _ => what,
    };
    let entry = file.path.contains('#') && !on_disk(&file.path);
    let remedy = if entry {
        "write the document again with this entry"
    } else {
        "look at its beginning, and get it again from its source"
    };
    let hit = Hit::new(
        format!("expected {}, found {what}", meant(file)),
        file.path.clone(),
        whole(file),
        remedy,
    )
    .evidence("bytes", file.bytes.to_string());
    Verdict::hit(if entry {
        hit
    } else {
        hit.check(beginning(&file.path))
    })
}

fn usable(kind: &ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::Certificate(_)
            | ItemKind::TrustedCertificate(..)
            | ItemKind::PrivateKey(_)
            | ItemKind::RevocationList { .. }
    )
}
