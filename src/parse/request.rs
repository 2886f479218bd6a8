//! Certificate signing requests (RFC 2986): DER to what is asked for.
//!
//! For: `input`, and whoever checks the signature. Must not: check it; say what a CA will do.

use std::sync::Arc;

use crate::facts::{Certificate, Request, RequestKey, RequestSignature};

use super::{
    cert::{
        self,
        der::{self, Reader},
    },
    key,
};

/// extensionRequest (RFC 2985 section 5.4.2), and the same as Microsoft wrote it first.
const EXTENSION_REQUEST: [&str; 2] = ["1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14"];

/// The parts that a signature is checked by.
pub(crate) struct Parts<'a> {
    /// The signed part, with tag and length.
    pub(crate) signed: &'a [u8],
    /// The AlgorithmIdentifier of the signature.
    pub(crate) algorithm: &'a [u8],
    /// The signature; empty where its last bits are unused, which no signature has.
    pub(crate) signature: &'a [u8],
    /// The SubjectPublicKeyInfo.
    pub(crate) spki: &'a [u8],
    subject: &'a [u8],
    extensions: Option<&'a [u8]>,
}

/// Takes a CertificationRequest apart; `None` when it is none.
pub(crate) fn parts(bytes: &[u8]) -> Option<Parts<'_>> {
    let mut outer = Reader::new(der::only(bytes, der::SEQUENCE)?);
    let info = outer.tagged(der::SEQUENCE)?;
    let mut fields = Reader::new(info.content);
    let version = fields.tagged(der::INTEGER)?;
    let subject = fields.tagged(der::SEQUENCE)?;
    let spki = fields.tagged(der::SEQUENCE)?;
    let attributes = fields.any();
    let is_one = version.content == [0]
        && key::spki(spki.whole).is_some()
        && attributes.is_none_or(|attributes| attributes.tag == 0xa0);
    let extensions = attributes.and_then(|attributes| {
        Reader::new(attributes.content).find_map(|attribute| {
            let mut parts = Reader::new(attribute.content);
            let oid = der::dotted(parts.tagged(der::OID)?.content);
            let value = Reader::new(parts.tagged(der::SET)?.content).tagged(der::SEQUENCE)?;
            EXTENSION_REQUEST
                .contains(&oid.as_str())
                .then_some(value.whole)
        })
    });
    let algorithm = outer.tagged(der::SEQUENCE);
    let signature = outer.tagged(der::BIT_STRING);
    let signature = signature.and_then(|bits| der::bits(bits.content));
    is_one.then(|| Parts {
        signed: info.whole,
        algorithm: algorithm.map_or(&[][..], |one| one.whole),
        signature: match signature {
            Some((0, octets)) => octets,
            _ => &[],
        },
        spki: spki.whole,
        subject: subject.whole,
        extensions,
    })
}

/// What a request asks for; `None` when it is none. Extensions that cannot be read are left out.
pub(crate) fn request(bytes: &[u8]) -> Option<Request> {
    let parts = parts(bytes)?;
    let mut asked = as_asked(&parts, parts.extensions);
    if asked.unreadable.is_some() {
        asked = as_asked(&parts, None);
    }
    Some(Request {
        asked: Arc::new(asked),
        signature: RequestSignature::NotAsked,
        key: RequestKey::NotGiven,
        der: bytes.to_vec(),
    })
}

/// The certificate that a CA would make of it if it took over everything: so what is known of a
/// certificate's names, key and extensions is known of a request's, by the same reader.
fn as_asked(parts: &Parts<'_>, extensions: Option<&[u8]>) -> Certificate {
    let sequence = |parts: &[&[u8]]| der::encode(der::SEQUENCE, parts);
    let number = |octet: u8| der::encode(der::INTEGER, &[&[octet]]);
    // As late as it can be, so that no requirement is passed over that begins some day.
    let validity = sequence(&[
        &der::encode(0x17, &[b"491230000000Z"]),
        &der::encode(0x17, &[b"491231000000Z"]),
    ]);
    // An algorithm that is there: one that is not would be no certificate.
    let algorithm = match parts.algorithm {
        [] => sequence(&[&der::encode(der::OID, &[&[0x2a, 3]])]),
        algorithm => algorithm.to_vec(),
    };
    let tagged = extensions.map(|extensions| der::encode(0xa3, &[extensions]));
    let signed = sequence(&[
        &der::encode(0xa0, &[&number(2)]),
        &number(1),
        &algorithm,
        parts.subject,
        &validity,
        parts.subject,
        parts.spki,
        tagged.as_deref().unwrap_or_default(),
    ]);
    let signature = der::encode(der::BIT_STRING, &[&[0], parts.signature]);
    cert::certificate(&sequence(&[&signed, &algorithm, &signature]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        der::encode(tag, parts)
    }

    /// A request with these attributes, its signature made up.
    fn made(attributes: &[u8]) -> Vec<u8> {
        let name = tlv(
            0x30,
            &[&tlv(
                0x31,
                &[&tlv(0x30, &[&[6, 3, 0x55, 4, 3], &tlv(12, &[b"hook"])])],
            )],
        );
        let ed25519 = [6, 3, 0x2b, 0x65, 0x70];
        let spki = tlv(0x30, &[&tlv(0x30, &[&ed25519]), &tlv(3, &[&[0], &[7; 32]])]);
        let info = tlv(0x30, &[&[2, 1, 0], &name, &spki, attributes]);
        tlv(
            0x30,
            &[&info, &tlv(0x30, &[&ed25519]), &tlv(3, &[&[0], &[9; 64]])],
        )
    }

    fn names(names: &[u8]) -> Vec<u8> {
        let extension = tlv(
            0x30,
            &[&[6, 3, 0x55, 0x1d, 17], &tlv(4, &[&tlv(0x30, &[names])])],
        );
        let oid = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 14];
        tlv(
            0xa0,
            &[&tlv(
                0x30,
                &[&oid, &tlv(0x31, &[&tlv(0x30, &[&extension])])],
            )],
        )
    }

    #[test]
    fn what_is_asked_for_is_read_like_a_certificate() {
        let asked = request(&made(&names(&tlv(0x82, &[b"hook.example"]))))
            .unwrap()
            .asked;
        assert_eq!(asked.subject, "CN = hook");
        assert_eq!(asked.sans, ["DNS:hook.example"]);
        assert_eq!(asked.key.algorithm.to_string(), "Ed25519");
        assert!(asked.unreadable.is_none());
        // Without attributes, as some writers leave them out.
        let bare = request(&made(&[])).unwrap().asked;
        assert!(bare.sans.is_empty() && bare.subject == "CN = hook");
    }

    #[test]
    fn a_broken_one_is_cut_down_or_none() {
        let whole = made(&names(&tlv(0x82, &[b"hook.example"])));
        for length in 0..whole.len() {
            assert!(request(&whole[..length]).is_none());
        }
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 0xff;
            let _ = request(&bytes);
        }
    }
}
