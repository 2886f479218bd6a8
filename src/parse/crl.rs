//! Certificate revocation lists (RFC 5280 section 5): DER to an owned, searchable list.
//!
//! For: path validation and display. Must not: check the signature or the dates; that takes an
//! issuer and a moment.

use std::collections::HashSet;

use jiff::Timestamp;
use x509_parser::prelude::*;

use crate::facts::{ListFacts, ListScope, ListSigner};

use super::{
    cert::der::{self, Reader},
    name,
};

/// Extensions of a list that are processed here: authorityKeyIdentifier, issuerAltName, cRLNumber,
/// deltaCRLIndicator, issuingDistributionPoint, freshestCRL, authorityInfoAccess.
const KNOWN: [&str; 7] = [
    "2.5.29.35",
    "2.5.29.18",
    "2.5.29.20",
    "2.5.29.27",
    "2.5.29.28",
    "2.5.29.46",
    "1.3.6.1.5.5.7.1.1",
];
/// Extensions of an entry: reasonCode, invalidityDate. certificateIssuer belongs to indirect lists,
/// which are not processed.
const KNOWN_IN_ENTRY: [&str; 2] = ["2.5.29.21", "2.5.29.24"];
/// reasonCode removeFromCRL (RFC 5280 section 5.3.1).
const REMOVED: u8 = 8;

/// What issuingDistributionPoint narrows a list to (RFC 5280 section 5.2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// End entities only.
    pub only_leaves: bool,
    /// Authorities only.
    pub only_authorities: bool,
    /// Attribute certificates only: nothing for us.
    pub only_attributes: bool,
    /// Some reasons only.
    pub only_some_reasons: bool,
    /// Entries of other issuers.
    pub indirect: bool,
}

/// A revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationList {
    /// Its issuer, OpenSSL `oneline` form.
    pub issuer: String,
    /// The issuer in comparable form.
    pub issuer_canonical: Vec<u8>,
    /// X.509 version, 1 or 2.
    pub version: u32,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is due; RFC 5280 section 5.1.2.5 wants it.
    pub next_update: Option<Timestamp>,
    /// Serial numbers that are revoked, contents octets without redundant zeros.
    pub revoked: HashSet<Vec<u8>>,
    /// Whether there is a cRLNumber, and whether it is marked critical.
    pub number: Option<bool>,
    /// keyIdentifier of its authorityKeyIdentifier; outer `None` without the extension.
    pub authority_key_id: Option<Option<Vec<u8>>>,
    /// Its scope; `None` for a list without issuingDistributionPoint, which covers everything of
    /// its issuer.
    pub scope: Option<Scope>,
    /// Whether it only lists what changed since another list.
    pub delta: bool,
    /// Critical extensions, of the list or of an entry, that are not processed here.
    pub unknown_critical: Vec<String>,
    /// Whether the signature algorithm inside is the one outside.
    pub algorithms_agree: bool,
    /// The signed part, with tag and length.
    pub signed: Vec<u8>,
    /// The AlgorithmIdentifier's DER.
    pub algorithm: Vec<u8>,
    /// The signature's octets.
    pub signature: Vec<u8>,
}

impl RevocationList {
    /// What it says of itself; its signature is not looked at.
    pub fn facts(&self) -> ListFacts {
        let scope = self.scope.unwrap_or_default();
        ListFacts {
            issuer: self.issuer.clone(),
            issuer_canonical: self.issuer_canonical.clone(),
            this_update: self.this_update,
            next_update: self.next_update,
            revoked: self.revoked.len() as u64,
            scope: match scope {
                _ if self.delta => ListScope::Delta,
                Scope { indirect: true, .. } => ListScope::Indirect,
                Scope {
                    only_some_reasons: true,
                    ..
                } => ListScope::SomeReasons,
                _ if scope == Scope::default() => ListScope::Complete,
                _ => ListScope::SomeCertificates,
            },
            unknown_critical: self.unknown_critical.clone(),
            signer: ListSigner::NotAsked,
        }
    }
}

/// Reads one list.
///
/// # Errors
/// Says why it cannot be read.
pub fn revocation_list(der: &[u8]) -> Result<RevocationList, String> {
    let (rest, parsed) = CertificateRevocationList::from_der(der).map_err(|error| match error {
        x509_parser::nom::Err::Incomplete(_) => "it ends before its own length says".to_owned(),
        x509_parser::nom::Err::Error(error) | x509_parser::nom::Err::Failure(error) => {
            error.to_string()
        }
    })?;
    if !rest.is_empty() {
        return Err(format!("{} bytes after the list", rest.len()));
    }
    let cut = || "its parts are not in the order of RFC 5280 section 5.1".to_owned();
    let mut outer = Reader::new(der::only(der, der::SEQUENCE).ok_or_else(cut)?);
    let signed = outer.tagged(der::SEQUENCE).ok_or_else(cut)?;
    let algorithm = outer.tagged(der::SEQUENCE).ok_or_else(cut)?;
    let signature = outer
        .tagged(der::BIT_STRING)
        .and_then(|bits| der::bits(bits.content))
        .ok_or_else(cut)?
        .1;
    let mut fields = Reader::new(signed.content);
    fields.tagged(der::INTEGER);
    let inner = fields.tagged(der::SEQUENCE).ok_or_else(cut)?;
    let issuer = fields.tagged(der::SEQUENCE).ok_or_else(cut)?;
    let mut list = RevocationList {
        issuer: name::oneline(issuer.whole),
        issuer_canonical: name::canonical(issuer.whole),
        version: parsed.version().map_or(1, |version| version.0 + 1),
        this_update: timestamp(parsed.last_update()),
        next_update: parsed.next_update().map(timestamp),
        revoked: HashSet::new(),
        number: None,
        authority_key_id: None,
        scope: None,
        delta: false,
        unknown_critical: Vec::new(),
        algorithms_agree: inner.whole == algorithm.whole,
        signed: signed.whole.to_vec(),
        algorithm: algorithm.whole.to_vec(),
        signature: signature.to_vec(),
    };
    for extension in parsed.extensions() {
        take(extension, &mut list);
    }
    for entry in parsed.iter_revoked_certificates() {
        for extension in entry.extensions() {
            let oid = extension.oid.to_id_string();
            if extension.critical
                && !KNOWN_IN_ENTRY.contains(&oid.as_str())
                && !list.unknown_critical.contains(&oid)
            {
                list.unknown_critical.push(oid);
            }
        }
        let removed = entry
            .reason_code()
            .is_some_and(|(_, reason)| reason.0 == REMOVED);
        if !removed {
            list.revoked
                .insert(der::trimmed(entry.raw_serial()).to_vec());
        }
    }
    Ok(list)
}

fn take(extension: &X509Extension<'_>, list: &mut RevocationList) {
    let oid = extension.oid.to_id_string();
    if extension.critical && !KNOWN.contains(&oid.as_str()) {
        list.unknown_critical.push(oid);
        return;
    }
    match extension.parsed_extension() {
        ParsedExtension::CRLNumber(_) => list.number = Some(extension.critical),
        ParsedExtension::AuthorityKeyIdentifier(authority) => {
            list.authority_key_id = Some(authority.key_identifier.as_ref().map(|id| id.0.to_vec()));
        }
        ParsedExtension::IssuingDistributionPoint(point) => {
            list.scope = Some(Scope {
                only_leaves: point.only_contains_user_certs,
                only_authorities: point.only_contains_ca_certs,
                only_attributes: point.only_contains_attribute_certs,
                only_some_reasons: point.only_some_reasons.is_some(),
                indirect: point.indirect_crl,
            });
        }
        _ if oid == "2.5.29.27" => list.delta = true,
        // A value that cannot be read leaves the list's scope unknown.
        ParsedExtension::ParseError { .. } if extension.critical => {
            list.unknown_critical.push(oid);
        }
        _ => {}
    }
}

fn timestamp(time: ASN1Time) -> Timestamp {
    Timestamp::from_second(time.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH)
}
