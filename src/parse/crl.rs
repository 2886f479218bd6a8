//! Certificate revocation lists (RFC 5280 section 5): DER to an owned, searchable list.
//!
//! For: path validation and display. Must not: check the signature or the dates; that takes an
//! issuer and a moment.

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

/// An entry of a list, of which there may be hundreds of thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Revoked {
    /// Where the serial number's octets begin among those of all.
    begins: u32,
    /// How many they are.
    octets: u32,
    /// When it was revoked, in seconds of Unix time.
    at: i64,
    reason: Option<RevocationReason>,
}

impl Revoked {
    /// The serial number: contents octets without redundant zeros.
    fn serial<'a>(&self, serials: &'a [u8]) -> &'a [u8] {
        let begins = self.begins as usize;
        &serials[begins..begins + self.octets as usize]
    }
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
    /// The certificates that are revoked, in the order of their serial numbers, each once.
    revoked: Vec<Revoked>,
    /// The octets of their serial numbers, one after the other: half a million small allocations
    /// would take more than they hold.
    serials: Vec<u8>,
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
    /// What it says of the certificate with this serial number, contents octets without redundant
    /// zeros; `None` where it does not have it.
    pub fn revoked(&self, serial: &[u8]) -> Option<Entry> {
        let found = self
            .revoked
            .binary_search_by_key(&serial, |entry| entry.serial(&self.serials));
        let entry = self.revoked[found.ok()?];
        Some(Entry {
            at: timestamp(entry.at),
            reason: entry.reason,
        })
    }

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
            looked_into: true,
        }
    }
}

/// Reads one list.
///
/// # Errors
/// Says why it cannot be read.
pub fn revocation_list(der: &[u8]) -> Result<RevocationList, String> {
    if der.first() != Some(&der::SEQUENCE) {
        return Err("it does not begin as a list does, with a SEQUENCE".to_owned());
    }
    let mut outer = Reader::new(der);
    let whole = outer
        .any()
        .ok_or_else(|| "it ends before its own length says".to_owned())?;
    if whole.whole.len() < der.len() {
        let behind = der.len() - whole.whole.len();
        return Err(format!("{behind} bytes after the list"));
    }
    let cut = || "its parts are not in the order of RFC 5280 section 5.1".to_owned();
    let mut outer = Reader::new(whole.content);
    let signed = outer.tagged(der::SEQUENCE).ok_or_else(cut)?;
    let algorithm = outer.tagged(der::SEQUENCE).ok_or_else(cut)?;
    let signature = outer
        .tagged(der::BIT_STRING)
        .and_then(|bits| der::bits(bits.content))
        .ok_or_else(cut)?
        .1;
    let mut fields = Reader::new(signed.content);
    let version = match fields.tagged(der::INTEGER).map(|version| version.content) {
        None => 1,
        Some([version @ 0..0x80]) => u32::from(*version) + 1,
        Some(_) => return Err("its version is not one of RFC 5280".to_owned()),
    };
    let inner = fields.tagged(der::SEQUENCE).ok_or_else(cut)?;
    let issuer = fields.tagged(der::SEQUENCE).ok_or_else(cut)?;
    whole_of::<X509Name<'_>>(issuer.whole).ok_or_else(|| "its issuer cannot be read".to_owned())?;
    let this_update = time(&mut fields)?.ok_or_else(cut)?;
    let next_update = time(&mut fields)?;
    let entries = fields.tagged(der::SEQUENCE).map(|entries| entries.content);
    let extensions = match fields.tagged(0xa0) {
        Some(tagged) => der::only(tagged.content, der::SEQUENCE).ok_or_else(cut)?,
        None => &[],
    };
    if !(fields.is_empty() && outer.is_empty()) {
        return Err(cut());
    }
    let mut list = RevocationList {
        issuer: name::oneline(issuer.whole),
        issuer_canonical: name::canonical(issuer.whole),
        version,
        this_update: timestamp(this_update.timestamp()),
        next_update: next_update.map(|time| timestamp(time.timestamp())),
        revoked: Vec::new(),
        serials: Vec::new(),
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
    each(extensions, "extension", |extension| {
        take(&extension, &mut list);
    })?;
    each(entries.unwrap_or_default(), "entry", |entry| {
        take_entry(&entry, &mut list);
    })?;
    // Of two with one serial number the later one is what the list says.
    let (revoked, serials) = (&mut list.revoked, &list.serials);
    revoked.sort_unstable_by_key(|entry| (entry.serial(serials), std::cmp::Reverse(entry.begins)));
    revoked.dedup_by(|later, kept| later.serial(serials) == kept.serial(serials));
    revoked.shrink_to_fit();
    Ok(list)
}

/// The value that these octets are, and all of them.
fn whole_of<'a, T: FromDer<'a, X509Error>>(der: &'a [u8]) -> Option<T> {
    let (rest, value) = T::from_der(der).ok()?;
    rest.is_empty().then_some(value)
}

/// UTCTime or GeneralizedTime, where the next field is one.
fn time(fields: &mut Reader<'_>) -> Result<Option<ASN1Time>, String> {
    if !matches!(fields.peek(), Some(0x17 | 0x18)) {
        return Ok(None);
    }
    let read = fields.any().and_then(|time| whole_of(time.whole));
    let time = read.ok_or_else(|| "a time of it cannot be read".to_owned())?;
    Ok(Some(time))
}

/// Hands out every value of a sequence: one that were passed over would be missing without a word.
fn each<'a, T: FromDer<'a, X509Error>>(
    content: &'a [u8],
    what: &str,
    mut take: impl FnMut(T),
) -> Result<(), String> {
    let mut values = Reader::new(content);
    let mut number = 0;
    while !values.is_empty() {
        number += 1;
        let value = values.any().and_then(|value| whole_of(value.whole));
        take(value.ok_or_else(|| format!("{what} {number} of it cannot be read"))?);
    }
    Ok(())
}

/// Takes what an entry says.
fn take_entry(entry: &RevokedCertificate<'_>, list: &mut RevocationList) {
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
    if reason == Some(REMOVED) {
        return;
    }
    let serial = der::trimmed(entry.raw_serial());
    // A list is cut off long before 4 GiB.
    let narrow = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    list.revoked.push(Revoked {
        begins: narrow(list.serials.len()),
        octets: narrow(serial.len()),
        at: entry.revocation_date.timestamp(),
        reason: reason.and_then(RevocationReason::of),
    });
    list.serials.extend_from_slice(serial);
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

fn timestamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests;
