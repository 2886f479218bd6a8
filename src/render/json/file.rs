//! The files of one deployment: the object of `lint`.

use serde::Serialize;

use super::{FetchedObject, FindingObject, TrustObject, fetched::fetched, trust};
use crate::{
    engine::Judged,
    facts::{
        BundleKey, Certificate, ChainUse, Eku, FileFacts, FileRole, Format, ItemKind, Key,
        KeyFormat, KeyUsage, Quirk, Readiness, Request, RequestKey, RequestSignature, Side,
        SignatureAlgorithm, Site, Then, WouldAccept,
    },
    report::{self, OverallVerdict},
};

/// What a deployment's files hold.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct FileObject<'a> {
    kind: &'static str,
    path: &'a str,
    verdict: OverallVerdict,
    files: Vec<Read<'a>>,
    bundles: Vec<BundleObject<'a>>,
    certificates: Vec<&'a Certificate>,
    trust: Vec<TrustObject<'a>>,
    /// What `--fetch` fetched, an entry for each chain; null where nobody asked for that.
    fetched: Option<Vec<FetchedObject<'a>>>,
    site: Option<&'a Site>,
    readiness: &'a [Readiness],
    would_accept: &'a [WouldAccept],
    findings: Vec<FindingObject<'a>>,
    /// Of a recorded case: how its client was judged then. How it is judged now stands in `trust`.
    #[serde(skip_serializing_if = "Option::is_none")]
    then: Option<&'a Then>,
}

/// One file that was read.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Read<'a> {
    path: &'a str,
    meant_as: FileRole,
    format: Format,
    bytes: u64,
    mode: Option<String>,
    items: Vec<ItemObject<'a>>,
    remarks: Vec<RemarkObject<'a>>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct ItemObject<'a> {
    kind: &'static str,
    label: &'a str,
    first_line: usize,
    last_line: usize,
    sha256: Option<&'a str>,
    key_format: Option<KeyFormat>,
    /// What a private key is encrypted with, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption: Option<&'a str>,
    /// What a certificate request asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestObject<'a>>,
    problem: Option<String>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct RemarkObject<'a> {
    quirk: Quirk,
    first_line: usize,
    last_line: usize,
    seen: &'a str,
}

/// Certificates that belong together.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct BundleObject<'a> {
    role: Side,
    holds: ChainUse,
    leaf: Option<usize>,
    sha256: Vec<&'a str>,
    key: Option<KeyObject<'a>>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct KeyObject<'a> {
    algorithm: Option<String>,
    bits: Option<u32>,
    matches: &'a [usize],
    problem: Option<String>,
}

/// What a certificate request asks for, and what was found out about it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct RequestObject<'a> {
    subject: &'a str,
    sans: &'a [String],
    key: &'a Key,
    spki_sha256: &'a str,
    #[schemars(with = "String")]
    signature_algorithm: &'a SignatureAlgorithm,
    #[schemars(with = "Option<Vec<String>>")]
    eku: Option<&'a [Eku]>,
    #[schemars(with = "Option<Vec<String>>")]
    key_usage: Option<&'a [KeyUsage]>,
    is_ca: bool,
    /// Whether it was made with the private key of its public key: `valid`, `invalid` or
    /// `not-checked`.
    signature: &'static str,
    /// Whether the private key at hand is that key: `matches`, `differs`, `not-checked`; `null`
    /// where none was given.
    private_key: Option<&'static str>,
}

/// A request as machines see it.
pub(super) fn request_object(request: &Request) -> RequestObject<'_> {
    let asked = request.asked.as_ref();
    RequestObject {
        subject: &asked.subject,
        sans: &asked.sans,
        key: &asked.key,
        spki_sha256: &asked.spki_sha256,
        signature_algorithm: &asked.signature_algorithm,
        eku: asked.eku.as_deref(),
        key_usage: asked.key_usage.as_deref(),
        is_ca: asked.is_ca,
        signature: match request.signature {
            RequestSignature::Holds => "valid",
            RequestSignature::Broken(_) => "invalid",
            RequestSignature::NotAsked | RequestSignature::NotChecked(_) => "not-checked",
        },
        private_key: match request.key {
            RequestKey::NotGiven => None,
            RequestKey::Fits(_) => Some("matches"),
            RequestKey::Differs(_) => Some("differs"),
            RequestKey::NotCompared { .. } => Some("not-checked"),
        },
    }
}

/// A case of files as machines see it.
pub fn file(judged: &Judged) -> FileObject<'_> {
    let case = &judged.case;
    FileObject {
        kind: "file",
        path: &case.title,
        verdict: report::verdict(judged),
        files: case.files.iter().map(read).collect(),
        bundles: case
            .bundles
            .iter()
            .map(|bundle| {
                let chain = &bundle.chain;
                BundleObject {
                    role: chain.role,
                    holds: chain.holds,
                    leaf: (chain.holds == ChainUse::Identity).then_some(chain.leaf),
                    sha256: chain
                        .certificates()
                        .map(|certificate| certificate.sha256.as_str())
                        .collect(),
                    key: bundle.key.as_ref().map(key),
                }
            })
            .collect(),
        certificates: case
            .bundles
            .iter()
            .flat_map(|bundle| bundle.chain.certificates())
            .collect(),
        trust: trust(judged),
        fetched: fetched(judged),
        site: case.site(),
        readiness: &judged.readiness,
        would_accept: case.would(),
        findings: judged.findings.iter().map(FindingObject::from).collect(),
        then: case.then(),
    }
}

fn key(key: &BundleKey) -> KeyObject<'_> {
    KeyObject {
        algorithm: key.key.as_ref().map(|key| key.algorithm.to_string()),
        bits: key.key.as_ref().map(|key| key.bits),
        matches: &key.matches,
        problem: key.problem.as_ref().map(ToString::to_string),
    }
}

fn read(file: &FileFacts) -> Read<'_> {
    Read {
        path: &file.path,
        meant_as: file.meant_as,
        format: file.format,
        bytes: file.bytes,
        mode: file.mode.map(|mode| format!("{mode:04o}")),
        items: file
            .items
            .iter()
            .map(|item| {
                let (kind, sha256, key_format) = match &item.kind {
                    ItemKind::Certificate(certificate) => {
                        ("certificate", Some(certificate.sha256.as_str()), None)
                    }
                    ItemKind::TrustedCertificate(certificate, _) => (
                        "trusted-certificate",
                        Some(certificate.sha256.as_str()),
                        None,
                    ),
                    ItemKind::PrivateKey(key) => ("private-key", None, Some(key.format)),
                    ItemKind::PublicKey(_) => ("public-key", None, None),
                    ItemKind::Request(_) => ("certificate-request", None, None),
                    ItemKind::RevocationList { .. } => ("revocation-list", None, None),
                    ItemKind::Pkcs7 { .. } => ("pkcs7", None, None),
                    ItemKind::Pkcs12 => ("pkcs12", None, None),
                    ItemKind::Parameters => ("parameters", None, None),
                    ItemKind::Other(_) => ("other", None, None),
                };
                let own = match &item.kind {
                    ItemKind::PrivateKey(key) => key.problem.as_ref().map(ToString::to_string),
                    _ => None,
                };
                ItemObject {
                    kind,
                    label: &item.label,
                    first_line: item.first_line,
                    last_line: item.last_line,
                    sha256,
                    key_format,
                    encryption: match &item.kind {
                        ItemKind::PrivateKey(key) => key.encryption.as_deref(),
                        _ => None,
                    },
                    request: match &item.kind {
                        ItemKind::Request(request) => Some(request_object(request)),
                        _ => None,
                    },
                    problem: item.problem.clone().or(own),
                }
            })
            .collect(),
        remarks: file
            .remarks
            .iter()
            .map(|remark| RemarkObject {
                quirk: remark.quirk,
                first_line: remark.first_line,
                last_line: remark.last_line,
                seen: &remark.seen,
            })
            .collect(),
    }
}
