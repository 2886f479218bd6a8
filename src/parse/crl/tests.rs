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
    entry_at(serial, b"261101120000Z")
}

fn entry_at(serial: u8, at: &[u8]) -> Vec<u8> {
    let at = encode(0x17, &[at]);
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
    assert_eq!(read.facts().revoked, 2);
    assert_eq!(read.revoked(&[3]), None);
    assert_eq!(
        read.revoked(&[2]).unwrap().at.to_string(),
        "2026-11-01T12:00:00Z"
    );
    // Without a point it is of everything; with a relative name, of nothing that has a URL.
    assert_eq!(list(&[entry(1)], &[0x82, 1, 0xff]).unwrap().points, None);
    let relative = encode(0xa0, &[&encode(0xa1, &[])]);
    assert_eq!(list(&[entry(1)], &relative).unwrap().points, Some(vec![]));
    let odd = list(&[entry(1)], &[0x9e, 1, 0]).unwrap();
    assert_eq!(odd.unknown_critical, ["2.5.29.28"]);
}

/// A list with an entry that cannot be read is not one without it.
#[test]
fn no_entry_is_lost() {
    let read = list(&[entry(1), entry_at(2, b"never")], &[]);
    assert_eq!(read.unwrap_err(), "entry 2 of it cannot be read");
    let read = list(&[entry(1), vec![0x30, 9, 2]], &[]);
    assert_eq!(read.unwrap_err(), "entry 2 of it cannot be read");
}

/// Entries are found in whatever order they stand, and of two for one certificate the later.
#[test]
fn every_entry_is_found() {
    let serials: Vec<u8> = (1..=120u16)
        .map(|n| u8::try_from(n * 37 % 121).unwrap())
        .collect();
    let mut entries: Vec<Vec<u8>> = serials.iter().map(|&serial| entry(serial)).collect();
    entries.push(entry_at(40, b"261102120000Z"));
    let read = list(&entries, &[]).unwrap();
    assert_eq!(read.facts().revoked, 120);
    for serial in serials {
        let day = if serial == 40 {
            "2026-11-02"
        } else {
            "2026-11-01"
        };
        let at = read.revoked(&[serial]).unwrap().at.to_string();
        assert!(at.starts_with(day), "{serial}: {at}");
    }
    assert_eq!(read.revoked(&[121]), None);
}
