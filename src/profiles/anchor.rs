//! The trust anchors of the profiles.

use std::sync::LazyLock;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The certificates by id; `anchors.toml` says what they are.
const DER: [(&str, &[u8]); 21] = [
    (
        "ssl-com-root-rsa",
        include_bytes!("anchors/ssl-com-root-rsa.der"),
    ),
    ("gts-root-r1", include_bytes!("anchors/gts-root-r1.der")),
    ("gts-root-r2", include_bytes!("anchors/gts-root-r2.der")),
    ("gts-root-r3", include_bytes!("anchors/gts-root-r3.der")),
    ("gts-root-r4", include_bytes!("anchors/gts-root-r4.der")),
    (
        "globalsign-ecc-r4",
        include_bytes!("anchors/globalsign-ecc-r4.der"),
    ),
    (
        "cloudflare-origin-pull",
        include_bytes!("anchors/cloudflare-origin-pull.der"),
    ),
    (
        "digicert-global-root-g2",
        include_bytes!("anchors/digicert-global-root-g2.der"),
    ),
    (
        "digicert-global-root-ca",
        include_bytes!("anchors/digicert-global-root-ca.der"),
    ),
    (
        "digicert-global-root-g3",
        include_bytes!("anchors/digicert-global-root-g3.der"),
    ),
    (
        "digicert-high-assurance-ev",
        include_bytes!("anchors/digicert-high-assurance-ev.der"),
    ),
    (
        "digicert-assured-id-root-ca",
        include_bytes!("anchors/digicert-assured-id-root-ca.der"),
    ),
    (
        "digicert-assured-id-root-g2",
        include_bytes!("anchors/digicert-assured-id-root-g2.der"),
    ),
    (
        "digicert-assured-id-root-g3",
        include_bytes!("anchors/digicert-assured-id-root-g3.der"),
    ),
    (
        "digicert-trusted-root-g4",
        include_bytes!("anchors/digicert-trusted-root-g4.der"),
    ),
    (
        "digicert-tls-rsa4096-root-g5",
        include_bytes!("anchors/digicert-tls-rsa4096-root-g5.der"),
    ),
    (
        "digicert-tls-ecc-p384-root-g5",
        include_bytes!("anchors/digicert-tls-ecc-p384-root-g5.der"),
    ),
    (
        "tesla-motors-root",
        include_bytes!("anchors/tesla-motors-root.der"),
    ),
    (
        "tesla-product-rsa-root",
        include_bytes!("anchors/tesla-product-rsa-root.der"),
    ),
    (
        "tesla-product-root",
        include_bytes!("anchors/tesla-product-root.der"),
    ),
    ("tesla-root", include_bytes!("anchors/tesla-root.der")),
];

/// A root certificate that a profile's identities lead to. Compare by `spki_sha256`: authorities reissue and cross-sign
/// roots with the same key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Kebab-case, what profiles call it.
    pub id: String,
    /// Its subject as OpenSSL prints it.
    pub subject: String,
    /// SHA-256 of the certificate's DER, lower-case hexadecimal.
    pub sha256: String,
    /// SHA-256 of its SubjectPublicKeyInfo's DER, lower-case hexadecimal.
    pub spki_sha256: String,
    /// Where the sender's authority names it.
    pub source: String,
    /// The day on which the source was read.
    #[schemars(with = "String")]
    pub seen: Date,
    /// The certificate, DER.
    #[serde(skip)]
    pub der: Vec<u8>,
}

/// An anchor that is not among the program's own: its certificate as PEM, in place or in a file beside the profile; or
/// neither, and the user downloads it (`--profile NAME=FILE`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnAnchor {
    /// Kebab-case, what the identities call it.
    pub id: String,
    /// The certificate as PEM.
    pub pem: Option<String>,
    /// A PEM file with exactly this certificate; a relative path starts from the profile's own directory.
    pub file: Option<String>,
    /// Where to download it, or how to get it, where neither `pem` nor `file` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The command that prints it as PEM, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The common name of its subject; compared when given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub common_name: Option<String>,
    /// SHA-256 of the certificate's DER, hexadecimal with or without colons; compared when given.
    pub sha256: Option<String>,
    /// SHA-256 of its SubjectPublicKeyInfo, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spki_sha256: Option<String>,
    /// Where the sender's authority names it.
    pub source: String,
    /// The day on which the source was read.
    #[schemars(with = "String", extend("format" = "date"))]
    pub seen: Date,
}

impl OwnAnchor {
    /// How to get it, in an imperative: a command that writes it to `NAME.pem`, or where it is.
    pub fn how_to_get(&self, profile: &str) -> String {
        match &self.command {
            Some(command) => {
                format!("get its root, which mtls does not ship: {command} > {profile}.pem")
            }
            None => format!(
                "get its root, which mtls does not ship, and save it as {profile}.pem: {}",
                self.url.as_deref().unwrap_or(&self.source)
            ),
        }
    }
}

/// The shape of `anchors.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    anchor: Vec<Anchor>,
}

/// Every anchor.
pub fn anchors() -> &'static [Anchor] {
    static ANCHORS: LazyLock<Vec<Anchor>> = LazyLock::new(|| {
        let described = toml::from_str::<File>(include_str!("anchors.toml"))
            .map(|file| file.anchor)
            .unwrap_or_default();
        described
            .into_iter()
            .filter_map(|mut anchor| {
                // An anchor without its certificate would be an empty promise: leave it out.
                anchor.der = DER.iter().find(|(id, _)| *id == anchor.id)?.1.to_vec();
                Some(anchor)
            })
            .collect()
    });
    &ANCHORS
}

/// The anchor with this id.
pub fn anchor(id: &str) -> Option<&'static Anchor> {
    anchors().iter().find(|anchor| anchor.id == id)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::{SHA256, digest};

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn every_certificate_is_the_one_described() {
        assert_eq!(anchors().len(), DER.len());
        for anchor in anchors() {
            let (rest, certificate) = x509_parser::parse_x509_certificate(&anchor.der).unwrap();
            assert!(rest.is_empty());
            assert_eq!(
                hex(digest(&SHA256, &anchor.der).as_ref()),
                anchor.sha256,
                "{}",
                anchor.id
            );
            let spki = certificate.public_key().raw;
            assert_eq!(
                hex(digest(&SHA256, spki).as_ref()),
                anchor.spki_sha256,
                "{}",
                anchor.id
            );
            assert_eq!(certificate.subject(), certificate.issuer());
            let common_name = certificate.subject().iter_common_name().next().unwrap();
            let common_name = common_name.as_str().unwrap();
            assert!(
                anchor.subject.contains(&format!("CN = {common_name}")),
                "{}",
                anchor.id
            );
        }
    }

    /// The fingerprint in the documentation, so that no edit of the data file can replace the root and its fingerprint together.
    #[test]
    fn the_ssl_com_root_is_the_documented_one() {
        assert_eq!(
            anchor("ssl-com-root-rsa").unwrap().sha256,
            "85666a562ee0be5ce925c1d8890a6f76a87ec16d4d7d5f29ea7419cf20123b69"
        );
    }
}
