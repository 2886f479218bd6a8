//! Encodings that a standard forbids and hardly any verifier minds, and constraints that leave a CA
//! nothing to certify.
//!
//! For: `form`. Must not: weigh what it finds.

use super::der::{self, Reader};
use crate::facts::{ExcludedHosts, Oddity};

/// Subject attributes in the order of the Baseline Requirements' section 7.1.4.2, as OID contents,
/// with their names: countryName to commonName.
const ORDER: [(&[u8], &str); 10] = [
    (&[0x55, 4, 6], "countryName"),
    (&[0x55, 4, 8], "stateOrProvinceName"),
    (&[0x55, 4, 7], "localityName"),
    (&[0x55, 4, 17], "postalCode"),
    (&[0x55, 4, 9], "streetAddress"),
    (&[0x55, 4, 10], "organizationName"),
    (&[0x55, 4, 4], "surname"),
    (&[0x55, 4, 42], "givenName"),
    (&[0x55, 4, 11], "organizationalUnitName"),
    (&[0x55, 4, 3], "commonName"),
];
/// id-qt-unotice (RFC 5280 section 4.2.1.4).
const USER_NOTICE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 2, 2];
/// The signatures of RSASSA-PKCS1-v1_5 (RFC 8017 appendix A.2.4): pkcs-1 and the number of the hash.
const PKCS1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];

/// What is odd about a subject's order; nothing is where an attribute of another kind is in it.
pub(super) fn of_subject(name: &[u8]) -> Option<Oddity> {
    let mut before: Option<usize> = None;
    for rdn in Reader::new(der::only(name, der::SEQUENCE)?) {
        let mut attributes = Reader::new(rdn.content);
        let first = attributes.any()?;
        if !attributes.is_empty() {
            return Some(Oddity::SubjectJoined);
        }
        let oid = Reader::new(first.content).tagged(der::OID)?.content;
        let at = ORDER.iter().position(|(known, _)| *known == oid)?;
        if let Some(earlier) = before.filter(|earlier| *earlier > at) {
            return Some(Oddity::SubjectOrder {
                first: ORDER[earlier].1,
                second: ORDER[at].1,
            });
        }
        before = Some(at);
    }
    None
}

/// An RSA signature's AlgorithmIdentifier without its NULL.
pub(super) fn of_algorithm(algorithm: &[u8]) -> Option<Oddity> {
    let mut fields = Reader::new(der::only(algorithm, der::SEQUENCE)?);
    let oid = fields.tagged(der::OID)?.content;
    let number = oid.strip_prefix(PKCS1)?;
    // md2, md5, sha1 and the four of SHA-2; 7 to 10 are OAEP and PSS.
    let signs = matches!(number, [2 | 4 | 5 | 11..=14]);
    (signs && fields.is_empty()).then_some(Oddity::AlgorithmWithoutNull)
}

/// The string type of a user notice that RFC 5280 forbids, from the contents of a PolicyInformation.
pub(super) fn of_policy(content: &[u8]) -> Option<Oddity> {
    let mut fields = Reader::new(content);
    fields.tagged(der::OID)?;
    let qualifiers = fields.tagged(der::SEQUENCE)?;
    Reader::new(qualifiers.content).find_map(|qualifier| {
        let mut parts = Reader::new(qualifier.content);
        (parts.tagged(der::OID)?.content == USER_NOTICE).then_some(())?;
        let notice = parts.tagged(der::SEQUENCE)?;
        // noticeRef is a SEQUENCE, explicitText a string.
        let text = Reader::new(notice.content).find(|part| part.tag != der::SEQUENCE)?;
        match text.tag {
            0x1a => Some(Oddity::NoticeString("VisibleString")),
            0x1e => Some(Oddity::NoticeString("BMPString")),
            _ => None,
        }
    })
}

/// Which hosts a CA with these nameConstraints can certify none of: every one of the kind is in an
/// excluded subtree.
pub(super) fn excluded(constraints: &[u8]) -> ExcludedHosts {
    let mut found = ExcludedHosts::default();
    let (mut v4, mut v6) = (false, false);
    let subtrees = Reader::new(constraints)
        .filter(|trees| trees.tag == 0xa1)
        .flat_map(|trees| Reader::new(trees.content));
    for subtree in subtrees {
        let mut parts = Reader::new(subtree.content);
        let Some(base) = parts.any() else {
            continue;
        };
        // With minimum or maximum it is read by nobody.
        if !parts.is_empty() {
            continue;
        }
        match (base.tag, base.content) {
            (0x82, []) => found.names = true,
            (0x82, b"\"\"" | b".") => found.names_meant = true,
            (0x87, octets) if octets.len() == 8 => v4 |= octets[4..] == [0; 4],
            (0x87, octets) if octets.len() == 32 => v6 |= octets[16..] == [0; 16],
            _ => {}
        }
    }
    found.addresses = v4 && v6;
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(attributes: &[&[u8]]) -> Vec<u8> {
        let rdns: Vec<u8> = attributes
            .iter()
            .flat_map(|oid| {
                let attribute = der::encode(
                    der::SEQUENCE,
                    &[&der::encode(der::OID, &[oid]), &der::encode(12, &[b"x"])],
                );
                der::encode(der::SET, &[&attribute])
            })
            .collect();
        der::encode(der::SEQUENCE, &[&rdns])
    }

    #[test]
    fn the_order_of_a_subject_is_that_of_the_table() {
        let (country, unit, common): (&[u8], &[u8], &[u8]) = (ORDER[0].0, ORDER[8].0, ORDER[9].0);
        assert_eq!(of_subject(&name(&[country, unit, unit, common])), None);
        assert_eq!(
            of_subject(&name(&[common, country])),
            Some(Oddity::SubjectOrder {
                first: "commonName",
                second: "countryName"
            })
        );
        // Of an attribute that is not in the table nothing is known.
        assert_eq!(of_subject(&name(&[common, &[0x55, 4, 5], country])), None);
    }

    #[test]
    fn an_rsa_signature_has_a_null() {
        let oid = |last: u8| der::encode(der::OID, &[PKCS1, &[last]]);
        let with = |parts: &[&[u8]]| of_algorithm(&der::encode(der::SEQUENCE, parts));
        assert_eq!(with(&[&oid(11), &[5, 0]]), None);
        assert_eq!(with(&[&oid(11)]), Some(Oddity::AlgorithmWithoutNull));
        // RSASSA-PSS, ECDSA.
        assert_eq!(with(&[&oid(10)]), None);
        assert_eq!(with(&[&[6, 3, 0x2a, 0x86, 0x48]]), None);
    }

    #[test]
    fn constraints_that_exclude_every_host_are_found() {
        let trees = |tag: u8, bases: &[(u8, &[u8])]| {
            let trees: Vec<u8> = bases
                .iter()
                .flat_map(|(tag, base)| der::encode(der::SEQUENCE, &[&der::encode(*tag, &[base])]))
                .collect();
            der::encode(tag, &[&trees])
        };
        let all: &[(u8, &[u8])] = &[(0x82, b""), (0x87, &[0; 8]), (0x87, &[0; 32])];
        let of = |content: &[u8]| {
            let found = excluded(content);
            (found.names || found.names_meant, found.addresses)
        };
        assert_eq!(of(&trees(0xa1, all)), (true, true));
        assert_eq!(of(&trees(0xa1, &all[..2])), (true, false));
        assert_eq!(of(&trees(0xa1, &[(0x82, b"example")])), (false, false));
        // As a public CA wrote it.
        assert_eq!(of(&trees(0xa1, &[(0x82, b"\"\"")])), (true, false));
        // What is permitted excludes nothing of the kind that it names all of.
        assert_eq!(of(&trees(0xa0, all)), (false, false));
    }
}
