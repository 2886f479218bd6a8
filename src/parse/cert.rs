//! DER certificates to facts.

pub(crate) mod der;
mod form;
mod oddities;
mod san;

use std::ops::RangeInclusive;

use aws_lc_rs::digest;
use jiff::Timestamp;
use x509_parser::nom::{Err, error::ErrorKind};
use x509_parser::prelude::*;

pub(crate) use san::general_name;

use crate::facts::{
    Certificate, DerParts, Eku, KeyUsage, SignatureAlgorithm, UnreadableCertificate,
};

/// Reads one certificate. Never fails: what cannot be read is a certificate whose `unreadable` says
/// why.
pub fn certificate(der: &[u8]) -> Certificate {
    let parsed = match X509Certificate::from_der(der) {
        Ok(([], parsed)) => parsed,
        Ok((rest, _)) => {
            return unreadable(der, format!("{} bytes after the certificate", rest.len()));
        }
        Result::Err(error) => return unreadable(der, reason(&error)),
    };
    let Some(layout) = der::layout(der) else {
        return unreadable(
            der,
            "its fields are not in the order of RFC 5280 section 4.1".to_owned(),
        );
    };
    let mut facts = blank(der);
    facts.subject = super::name::oneline(&der[layout.subject.clone()]);
    facts.issuer = super::name::oneline(&der[layout.issuer.clone()]);
    facts.self_issued = super::name::canonical(&der[layout.subject.clone()])
        == super::name::canonical(&der[layout.issuer.clone()]);
    facts.serial = serial(&der[layout.serial.clone()]);
    facts.not_before = clamped(parsed.validity.not_before.timestamp());
    facts.not_after = clamped(parsed.validity.not_after.timestamp());
    facts.key = super::key::public_key(&der[layout.spki.clone()]);
    facts.signature_algorithm = signature_algorithm(&der[layout.algorithm.clone()]);
    facts.spki_sha256 = sha256(&der[layout.spki.clone()]);
    facts.version = u32::from(layout.version) + 1;
    for extension in der::extensions(&der[layout.extensions.clone()]) {
        if extension.critical && !is_processed(extension.oid) {
            facts.unknown_critical.push(der::dotted(extension.oid));
        }
        if extension.oid == [0x55, 0x1d, 0x11] {
            facts.sans.extend(san::printed(extension.value));
        }
    }
    for extension in parsed.extensions() {
        extension_facts(extension, &mut facts);
    }
    facts.form = Box::new(form::form(der, &layout));
    facts.parts = DerParts {
        subject: layout.subject,
        issuer: layout.issuer,
        spki: layout.spki,
    };
    facts
}

/// A certificate of which only the bytes are known.
fn blank(der: &[u8]) -> Certificate {
    Certificate {
        subject: String::new(),
        issuer: String::new(),
        serial: String::new(),
        not_before: Timestamp::UNIX_EPOCH,
        not_after: Timestamp::UNIX_EPOCH,
        sans: Vec::new(),
        eku: None,
        key_usage: None,
        is_ca: false,
        path_len: None,
        key: crate::facts::Key::default(),
        signature_algorithm: SignatureAlgorithm::default(),
        sha256: sha256(der),
        spki_sha256: String::new(),
        version: 0,
        self_issued: false,
        subject_key_id: None,
        authority_key_id: None,
        unknown_critical: Vec::new(),
        unreadable: None,
        der: der.to_vec(),
        parts: DerParts::default(),
        form: Box::default(),
    }
}

fn unreadable(der: &[u8], reason: String) -> Certificate {
    Certificate {
        unreadable: Some(UnreadableCertificate { reason }),
        ..blank(der)
    }
}

/// The parser's error in words; its `Incomplete` means that a length points beyond the end.
fn reason(error: &Err<X509Error>) -> String {
    match error {
        Err::Incomplete(_) => "it ends before its own length says".to_owned(),
        // The parser's own name for a length beyond the end of an inner value.
        Err::Error(X509Error::NomError(ErrorKind::Eof))
        | Err::Failure(X509Error::NomError(ErrorKind::Eof)) => {
            "it is cut short or a length in it is wrong".to_owned()
        }
        Err::Error(error) | Err::Failure(error) => error.to_string(),
    }
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    der::hex_lower(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// A serial number as `i2a_ASN1_INTEGER` prints it.
fn serial(content: &[u8]) -> String {
    let negative = content.first().is_some_and(|first| first & 0x80 != 0);
    let mut magnitude = content.to_vec();
    if negative {
        // Two's complement: invert and add one.
        let mut carry = true;
        for octet in magnitude.iter_mut().rev() {
            let (sum, overflow) = (!*octet).overflowing_add(u8::from(carry));
            *octet = sum;
            carry = overflow;
        }
    }
    let zeros = magnitude.iter().take_while(|&&octet| octet == 0).count();
    let digits = match der::hex_upper(&magnitude[zeros..]) {
        digits if digits.is_empty() => "00".to_owned(),
        digits => digits,
    };
    if negative {
        format!("-{digits}")
    } else {
        digits
    }
}

/// Seconds to a timestamp; years that do not fit become the nearest that does.
fn clamped(seconds: i64) -> Timestamp {
    let range: RangeInclusive<i64> = Timestamp::MIN.as_second()..=Timestamp::MAX.as_second();
    let seconds = seconds.clamp(*range.start(), *range.end());
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

/// Whether OpenSSL 3.0 processes a critical extension (`X509_supported_extension` of v3_purp.c).
/// webpki knows fewer; where that makes a difference the trust facts say so.
pub(crate) fn is_processed(oid: &[u8]) -> bool {
    const NETSCAPE_CERT_TYPE: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01];
    const PKIX: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07];
    match oid {
        // keyUsage, subjectAltName, basicConstraints, nameConstraints, cRLDistributionPoints,
        // certificatePolicies, policyMappings, policyConstraints, extKeyUsage, inhibitAnyPolicy.
        [0x55, 0x1d, last] => matches!(last, 15 | 17 | 19 | 30 | 31 | 32 | 33 | 36 | 37 | 54),
        NETSCAPE_CERT_TYPE => true,
        _ => match oid.strip_prefix(PKIX) {
            // ipAddrBlocks, autonomousSysIds, proxyCertInfo, ocsp-nocheck.
            Some(rest) => matches!(rest, [1, 7] | [1, 8] | [1, 14] | [0x30, 1, 5]),
            None => false,
        },
    }
}

/// What one extension adds.
fn extension_facts(extension: &X509Extension<'_>, facts: &mut Certificate) {
    match extension.parsed_extension() {
        ParsedExtension::BasicConstraints(constraints) => {
            facts.is_ca = constraints.ca;
            facts.path_len = constraints.path_len_constraint;
        }
        ParsedExtension::KeyUsage(usage) => {
            let bits = [
                (usage.digital_signature(), KeyUsage::DigitalSignature),
                (usage.non_repudiation(), KeyUsage::NonRepudiation),
                (usage.key_encipherment(), KeyUsage::KeyEncipherment),
                (usage.data_encipherment(), KeyUsage::DataEncipherment),
                (usage.key_agreement(), KeyUsage::KeyAgreement),
                (usage.key_cert_sign(), KeyUsage::KeyCertSign),
                (usage.crl_sign(), KeyUsage::CrlSign),
                (usage.encipher_only(), KeyUsage::EncipherOnly),
                (usage.decipher_only(), KeyUsage::DecipherOnly),
            ];
            facts.key_usage = Some(
                bits.into_iter()
                    .filter(|(set, _)| *set)
                    .map(|(_, usage)| usage)
                    .collect(),
            );
        }
        ParsedExtension::ExtendedKeyUsage(_) => facts.eku = Some(extended_usages(extension.value)),
        ParsedExtension::SubjectKeyIdentifier(id) => {
            facts.subject_key_id = Some(der::hex_lower(id.0));
        }
        ParsedExtension::AuthorityKeyIdentifier(authority) => {
            facts.authority_key_id = authority
                .key_identifier
                .as_ref()
                .map(|id| der::hex_lower(id.0));
        }
        _ => {}
    }
}

/// Extended key usages in the order of the certificate, which x509-parser's flags do not keep.
fn extended_usages(value: &[u8]) -> Vec<Eku> {
    der::only(value, der::SEQUENCE)
        .into_iter()
        .flat_map(der::Reader::new)
        .filter(|usage| usage.tag == der::OID)
        .map(|usage| Eku::of_oid(&der::dotted(usage.content)))
        .collect()
}

/// The algorithm of an AlgorithmIdentifier.
pub(crate) fn signature_algorithm(algorithm_der: &[u8]) -> SignatureAlgorithm {
    let oid = der::only(algorithm_der, der::SEQUENCE)
        .and_then(|content| der::Reader::new(content).tagged(der::OID))
        .map(|oid| der::dotted(oid.content))
        .unwrap_or_default();
    SignatureAlgorithm::of_oid(&oid)
}

#[cfg(test)]
mod tests;
