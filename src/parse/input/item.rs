//! One DER value, or one PEM block, to what it is: by its structure first, then by its label.

use std::sync::Arc;

use super::keys;
use crate::{
    facts::{Eku, Item, ItemKind, Quirk, Remark, TrustSettings},
    parse::{
        cert::{
            self,
            der::{self, Reader},
        },
        crl, key,
        pem::Block,
        request,
    },
};

/// id-data and id-signedData (RFC 5652 sections 4 and 5.1), as OID contents.
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
/// Values of a DER file that are taken in: certificates one after the other are rare, and a hostile
/// heap is cut.
const VALUES: usize = 10_000;

/// The items of a file that begins with DER; `None` when it does not.
pub(super) fn of_der(bytes: &[u8], remarks: &mut Vec<Remark>) -> Option<Vec<Item>> {
    if !matches!(bytes, [0x30, _, ..]) {
        return None;
    }
    let mut rest = bytes;
    let mut items = Vec::new();
    while !rest.is_empty() && items.len() < VALUES {
        let Some(value) = Reader::new(rest)
            .any()
            .filter(|value| value.tag == der::SEQUENCE)
        else {
            break;
        };
        let kinds = kinds(value.whole);
        if kinds.is_empty() && items.is_empty() {
            break;
        }
        items.extend(kinds.into_iter().map(|kind| at((1, 1), "", kind)));
        rest = &rest[value.whole.len()..];
    }
    if items.is_empty() {
        // A SEQUENCE that is cut short, or of no known kind: still DER in all likelihood, when its
        // length is near the truth.
        let claimed = claimed_length(bytes)?;
        let near = claimed >= 64 && claimed <= bytes.len().saturating_mul(4).max(4096);
        return near.then(|| {
            // PFX begins with its version, which is 3 (RFC 7292 section 4); a certificate never
            // does.
            if let [0x30, 0x82, _, _, 2, 1, 3, ..] | [0x30, 0x83, _, _, _, 2, 1, 3, ..] = bytes {
                return vec![Item {
                    problem: Some("it is cut short".to_owned()),
                    ..at((1, 1), "", ItemKind::Pkcs12)
                }];
            }
            let certificate = cert::certificate(bytes);
            vec![at((1, 1), "", ItemKind::Certificate(Arc::new(certificate)))]
        });
    }
    if !rest.is_empty() {
        remarks.push(Remark {
            quirk: Quirk::TrailingBytes,
            first_line: 1,
            last_line: 1,
            seen: format!("{} bytes after the DER value", rest.len()),
        });
    }
    Some(items)
}

/// Header and contents of the first value, by its own word.
fn claimed_length(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [_, length, ..] if *length < 0x80 => Some(2 + usize::from(*length)),
        [_, count, octets @ ..] if (0x81..=0x84).contains(count) => {
            let count = usize::from(count & 0x7f);
            let octets = octets.get(..count)?;
            let length = octets
                .iter()
                .fold(0usize, |sum, &octet| sum << 8 | usize::from(octet));
            Some(2 + count + length)
        }
        _ => None,
    }
}

/// The items of a PEM block: one, and for a bag of certificates these too.
pub(super) fn of_block(block: &Block, remarks: &mut Vec<Remark>) -> Vec<Item> {
    let lines = (block.first_line, block.last_line);
    let label = block.label.as_str();
    let item = |kind| at(lines, label, kind);
    if label.ends_with("PRIVATE KEY") {
        remarks.extend(keys::behind(block));
        return vec![item(ItemKind::PrivateKey(keys::of_block(block)))];
    }
    let bytes = match &block.der {
        Ok(bytes) => bytes,
        Err(problem) => {
            return vec![Item {
                problem: Some(problem.clone()),
                ..item(ItemKind::Other(label.to_owned()))
            }];
        }
    };
    if label == "TRUSTED CERTIFICATE" {
        let certificate = Reader::new(bytes)
            .any()
            .map_or(bytes.as_slice(), |value| value.whole);
        let settings = trust_settings(&bytes[certificate.len()..]);
        let certificate = Arc::new(cert::certificate(certificate));
        return vec![item(ItemKind::TrustedCertificate(certificate, settings))];
    }
    if matches!(
        label,
        "DH PARAMETERS" | "X9.42 DH PARAMETERS" | "EC PARAMETERS" | "DSA PARAMETERS"
    ) {
        return vec![item(ItemKind::Parameters)];
    }
    // Bytes behind the value: OpenSSL passes over them, stricter readers do not.
    let value = Reader::new(bytes)
        .any()
        .filter(|value| value.tag == der::SEQUENCE)
        .map_or(bytes.as_slice(), |value| value.whole);
    if value.len() < bytes.len() {
        remarks.push(Remark {
            quirk: Quirk::TrailingBytes,
            first_line: lines.0,
            last_line: lines.1,
            seen: format!("{} bytes after the DER value", bytes.len() - value.len()),
        });
    }
    if let Some(key) = (label == "RSA PUBLIC KEY")
        .then(|| key::rsa_public(value))
        .flatten()
    {
        return vec![item(ItemKind::PublicKey(key))];
    }
    let found = kinds(value);
    let wanted = |kind: &ItemKind| match label {
        "CERTIFICATE" | "X509 CERTIFICATE" => matches!(kind, ItemKind::Certificate(_)),
        "PUBLIC KEY" => matches!(kind, ItemKind::PublicKey(_)),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            matches!(kind, ItemKind::Request(_))
        }
        "X509 CRL" => matches!(kind, ItemKind::RevocationList { .. }),
        "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => matches!(kind, ItemKind::Pkcs7 { .. }),
        _ => true,
    };
    if let Some(first) = found.first()
        && !read_label(label)
    {
        // Nearly nobody reads it (Java takes any label), so that nothing is claimed of what is in it.
        return vec![Item {
            problem: Some(format!(
                "it holds {}, but OpenSSL, Go and rustls skip a block with the label {label}",
                in_words(first)
            )),
            ..item(ItemKind::Other(label.to_owned()))
        }];
    }
    match found.first() {
        Some(first) if wanted(first) => found.into_iter().map(item).collect(),
        Some(first) => {
            let problem = format!("its label says {label}, but it holds {}", in_words(first));
            let mut items: Vec<Item> = found.into_iter().map(item).collect();
            if let Some(first) = items.first_mut() {
                first.problem = Some(problem);
            }
            items
        }
        // A certificate that cannot be read says why itself.
        None if matches!(label, "CERTIFICATE" | "X509 CERTIFICATE") => {
            vec![item(ItemKind::Certificate(Arc::new(cert::certificate(
                value,
            ))))]
        }
        None => vec![Item {
            problem: Some(format!("its bytes are not a {label}")),
            ..item(ItemKind::Other(label.to_owned()))
        }],
    }
}

/// What stands behind the certificate of a `TRUSTED CERTIFICATE` block: `X509_CERT_AUX`, of which the
/// purposes decide something.
fn trust_settings(bytes: &[u8]) -> TrustSettings {
    let purposes = |list: der::Tlv<'_>| -> Vec<Eku> {
        Reader::new(list.content)
            .filter(|oid| oid.tag == der::OID)
            .map(|oid| Eku::of_oid(&der::dotted(oid.content)))
            .collect()
    };
    let mut settings = TrustSettings::default();
    let Some(content) = der::only(bytes, der::SEQUENCE) else {
        return settings;
    };
    for field in Reader::new(content) {
        match field.tag {
            der::SEQUENCE => settings.trusted = Some(purposes(field)),
            0xa0 => settings.rejected = purposes(field),
            _ => {}
        }
    }
    settings
}

/// Whether some TLS stack reads a block with this label: the labels of RFC 7468 and those that
/// OpenSSL's pem.h (3.0) has beside them. `OLD CERTIFICATE` is read by nobody today.
fn read_label(label: &str) -> bool {
    matches!(
        label,
        "CERTIFICATE"
            | "X509 CERTIFICATE"
            | "TRUSTED CERTIFICATE"
            | "CERTIFICATE REQUEST"
            | "NEW CERTIFICATE REQUEST"
            | "X509 CRL"
            | "PKCS7"
            | "CMS"
            | "PKCS #7 SIGNED DATA"
            | "PUBLIC KEY"
            | "RSA PUBLIC KEY"
            | "PRIVATE KEY"
            | "ENCRYPTED PRIVATE KEY"
            | "RSA PRIVATE KEY"
            | "EC PRIVATE KEY"
            | "DSA PRIVATE KEY"
    )
}

fn at(lines: (usize, usize), label: &str, kind: ItemKind) -> Item {
    Item {
        kind,
        label: label.to_owned(),
        first_line: lines.0,
        last_line: lines.1,
        problem: None,
    }
}

/// What it is, in words.
pub(super) fn in_words(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Certificate(_) | ItemKind::TrustedCertificate(..) => "a certificate",
        ItemKind::PrivateKey(_) => "a private key",
        ItemKind::PublicKey(_) => "a public key",
        ItemKind::Request(_) => "a certificate request",
        ItemKind::RevocationList { .. } => "a revocation list",
        ItemKind::Pkcs7 { .. } => "a PKCS #7 bag",
        ItemKind::Pkcs12 => "PKCS #12",
        ItemKind::Parameters => "parameters",
        ItemKind::Other(_) => "something else",
    }
}

/// What one DER value is, by its structure; empty when it is of no known kind.
fn kinds(value: &[u8]) -> Vec<ItemKind> {
    let Some(content) = der::only(value, der::SEQUENCE) else {
        return Vec::new();
    };
    let mut fields = Reader::new(content);
    let first = fields.any();
    let second = fields.any();
    let tags = (first.map(|tlv| tlv.tag), second.map(|tlv| tlv.tag));
    match (tags, first, second) {
        // ContentInfo (RFC 5652 section 3).
        ((Some(der::OID), _), Some(oid), Some(body)) if oid.content == SIGNED_DATA => {
            bag(body.content)
        }
        // PFX (RFC 7292 section 4): version 3 and a ContentInfo.
        ((Some(der::INTEGER), Some(der::SEQUENCE)), Some(version), Some(info))
            if version.content == [3]
                && Reader::new(info.content)
                    .tagged(der::OID)
                    .is_some_and(|oid| oid.content == DATA || oid.content == SIGNED_DATA) =>
        {
            vec![ItemKind::Pkcs12]
        }
        ((Some(der::INTEGER), _), ..) => keys::of_der(value)
            .map(ItemKind::PrivateKey)
            .into_iter()
            .collect(),
        ((Some(der::SEQUENCE), Some(der::OCTET_STRING)), ..) => keys::of_der(value)
            .map(ItemKind::PrivateKey)
            .into_iter()
            .collect(),
        // SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
        ((Some(der::SEQUENCE), Some(der::BIT_STRING)), ..) => {
            vec![ItemKind::PublicKey(key::public_key(value))]
        }
        // Certificate, request and list: a signed part, an algorithm, a signature.
        ((Some(der::SEQUENCE), Some(der::SEQUENCE)), ..) => {
            signed_kind(value).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn signed_kind(value: &[u8]) -> Option<ItemKind> {
    if let Some(request) = request::request(value) {
        return Some(ItemKind::Request(Box::new(request)));
    }
    if der::layout(value).is_some() {
        return Some(ItemKind::Certificate(Arc::new(cert::certificate(value))));
    }
    let list = Box::new(crl::revocation_list(value).ok()?.facts());
    Some(ItemKind::RevocationList {
        list,
        der: value.to_vec(),
    })
}

/// The certificates of a SignedData (RFC 5652 section 5.1).
fn bag(tagged: &[u8]) -> Vec<ItemKind> {
    let Some(content) = der::only(tagged, der::SEQUENCE) else {
        return Vec::new();
    };
    let certificates: Vec<ItemKind> = Reader::new(content)
        .find(|field| field.tag == 0xa0)
        .into_iter()
        .flat_map(|set| Reader::new(set.content))
        .filter(|choice| choice.tag == der::SEQUENCE)
        .map(|choice| ItemKind::Certificate(Arc::new(cert::certificate(choice.whole))))
        .collect();
    let mut kinds = vec![ItemKind::Pkcs7 {
        certificates: certificates.len(),
    }];
    kinds.extend(certificates);
    kinds
}
