//! Certificate revocation lists (RFC 5280 section 5): DER to an owned, searchable list.
//!
//! For: path validation and display. Must not: check the signature or the dates; that takes an
//! issuer and a moment.

use std::collections::HashMap;

use jiff::Timestamp;
use x509_parser::prelude::*;

use crate::facts::{ListFacts, ListScope, ListSigner, RevocationReason};

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

/// What a list says of a certificate that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was revoked.
    pub at: Timestamp,
    /// Why, where the entry says so.
    pub reason: Option<RevocationReason>,
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
    /// The certificates that are revoked, by serial number: contents octets without redundant zeros.
    pub revoked: HashMap<Vec<u8>, Entry>,
    /// Whether there is a cRLNumber, and whether it is marked critical.
    pub number: Option<bool>,
    /// keyIdentifier of its authorityKeyIdentifier; outer `None` without the extension.
    pub authority_key_id: Option<Option<Vec<u8>>>,
    /// Its scope; `None` for a list without issuingDistributionPoint, which covers everything of
    /// its issuer.
    pub scope: Option<Scope>,
    /// The addresses of the distribution point that issuingDistributionPoint narrows it to; `None`
    /// where it names no point.
    pub points: Option<Vec<String>>,
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
    // What the parser passes over would be missing without a word.
    let whole = (
        parsed.iter_revoked_certificates().count(),
        parsed.extensions().len(),
    );
    if written(fields) != Some(whole) {
        return Err("an entry or an extension of it cannot be read".to_owned());
    }
    let mut list = RevocationList {
        issuer: name::oneline(issuer.whole),
        issuer_canonical: name::canonical(issuer.whole),
        version: parsed.version().map_or(1, |version| version.0 + 1),
        this_update: timestamp(parsed.last_update()),
        next_update: parsed.next_update().map(timestamp),
        revoked: HashMap::new(),
        number: None,
        authority_key_id: None,
        scope: None,
        points: None,
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
        let reason = entry.reason_code().map(|(_, reason)| reason.0);
        if reason != Some(REMOVED) {
            let serial = der::trimmed(entry.raw_serial()).to_vec();
            let said = Entry {
                at: timestamp(entry.revocation_date),
                reason: reason.and_then(RevocationReason::of),
            };
            list.revoked.insert(serial, said);
        }
    }
    Ok(list)
}

/// How many entries and extensions there are behind the issuer.
fn written(mut fields: Reader<'_>) -> Option<(usize, usize)> {
    let count = |content: &[u8]| {
        let mut values = Reader::new(content);
        let mut count = 0;
        while !values.is_empty() {
            values.any()?;
            count += 1;
        }
        Some(count)
    };
    // thisUpdate, and nextUpdate where there is one: UTCTime or GeneralizedTime.
    for _ in 0..2 {
        if matches!(fields.peek(), Some(0x17 | 0x18)) {
            fields.any()?;
        }
    }
    let entries = match fields.tagged(der::SEQUENCE) {
        Some(entries) => count(entries.content)?,
        None => 0,
    };
    let extensions = match fields.tagged(0xa0) {
        Some(tagged) => count(der::only(tagged.content, der::SEQUENCE)?)?,
        None => 0,
    };
    fields.is_empty().then_some((entries, extensions))
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
        // Read here: a point that a parser passes over would make the list speak of everything.
        _ if oid == "2.5.29.28" => match issuing_point(extension.value) {
            Some((scope, points)) => {
                list.scope = Some(scope);
                list.points = points;
            }
            None => list.unknown_critical.push(oid),
        },
        _ if oid == "2.5.29.27" => list.delta = true,
        // A value that cannot be read leaves the list's scope unknown.
        ParsedExtension::ParseError { .. } if extension.critical => {
            list.unknown_critical.push(oid);
        }
        _ => {}
    }
}

/// What issuingDistributionPoint says (RFC 5280 section 5.2.5), and the URLs of its point; `None`
/// where it is not written so.
fn issuing_point(value: &[u8]) -> Option<(Scope, Option<Vec<String>>)> {
    let mut fields = Reader::new(der::only(value, der::SEQUENCE)?);
    let point = fields.tagged(0xa0);
    let points = point.map(|point| {
        // fullName; a name relative to the issuer has no URL.
        let names = Reader::new(point.content).tagged(0xa0);
        let names = names
            .into_iter()
            .flat_map(|names| Reader::new(names.content));
        let urls = names.filter(|name| name.tag == 0x86);
        urls.map(|url| name::escaped(url.content)).collect()
    });
    let says = |fields: &mut Reader<'_>, tag: u8| {
        let field = fields.tagged(tag);
        field.is_some_and(|field| field.content.iter().any(|&octet| octet != 0))
    };
    let scope = Scope {
        only_leaves: says(&mut fields, 0x81),
        only_authorities: says(&mut fields, 0x82),
        only_some_reasons: fields.tagged(0x83).is_some(),
        indirect: says(&mut fields, 0x84),
        only_attributes: says(&mut fields, 0x85),
    };
    fields.is_empty().then_some((scope, points))
}

fn timestamp(time: ASN1Time) -> Timestamp {
    Timestamp::from_second(time.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::der::encode;
    use super::*;

    const NAME: &[u8] = &[
        0x30, 0x0d, 0x31, 0x0b, 0x30, 0x09, 6, 3, 0x55, 4, 3, 0x0c, 2, b'C', b'A',
    ];
    /// sha256WithRSAEncryption.
    const ALGORITHM: &[u8] = &[
        0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b, 5, 0,
    ];

    /// A list with these entries and this issuingDistributionPoint, which nobody signed.
    fn list(entries: &[Vec<u8>], point: &[u8]) -> Result<RevocationList, String> {
        let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        let extension = encode(
            der::SEQUENCE,
            &[
                &[6, 3, 0x55, 0x1d, 28, 1, 1, 0xff],
                &encode(der::OCTET_STRING, &[&encode(der::SEQUENCE, &[point])]),
            ],
        );
        let extensions = encode(0xa0, &[&encode(der::SEQUENCE, &[&extension])]);
        let signed = encode(
            der::SEQUENCE,
            &[
                &[2, 1, 1],
                ALGORITHM,
                NAME,
                &encode(0x17, &[b"261101000000Z"]),
                &encode(0x17, &[b"261201000000Z"]),
                &encode(der::SEQUENCE, &entries),
                &extensions,
            ],
        );
        let signature = [3, 2, 0, 1];
        revocation_list(&encode(der::SEQUENCE, &[&signed, ALGORITHM, &signature]))
    }

    fn entry(serial: u8) -> Vec<u8> {
        let at = encode(0x17, &[b"261101120000Z"]);
        encode(der::SEQUENCE, &[&[2, 1, serial], &at])
    }

    #[test]
    fn a_point_and_its_scope_are_read() {
        let url = encode(0x86, &[b"http://ca.example/1.crl"]);
        let point = encode(0xa0, &[&encode(0xa0, &[&url])]);
        let read = list(
            &[entry(1), entry(2)],
            &[&point[..], &[0x81, 1, 0xff]].concat(),
        )
        .unwrap();
        assert_eq!(
            read.points,
            Some(vec!["http://ca.example/1.crl".to_owned()])
        );
        assert!(read.scope.unwrap().only_leaves && !read.scope.unwrap().indirect);
        assert_eq!(read.revoked.len(), 2);
        assert_eq!(
            read.revoked[&vec![2]].at.to_string(),
            "2026-11-01T12:00:00Z"
        );
        // Without a point it is of everything; with a relative name, of nothing that has a URL.
        assert_eq!(list(&[entry(1)], &[0x82, 1, 0xff]).unwrap().points, None);
        let relative = encode(0xa0, &[&encode(0xa1, &[])]);
        assert_eq!(list(&[entry(1)], &relative).unwrap().points, Some(vec![]));
        let odd = list(&[entry(1)], &[0x9e, 1, 0]).unwrap();
        assert_eq!(odd.unknown_critical, ["2.5.29.28"]);
    }

    /// The parser takes a list with an entry that it cannot read for one without any.
    #[test]
    fn no_entry_is_lost() {
        let broken = encode(der::SEQUENCE, &[&[2, 1, 2], &encode(0x17, &[b"never"])]);
        let read = list(&[entry(1), broken], &[]);
        assert!(read.is_err(), "{read:?}");
    }
}
