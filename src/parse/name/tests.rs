use std::io::Write;
use std::process::{Command, Stdio};

use super::*;

/// A DER value.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut value = vec![tag];
    match content.len() {
        length @ 0..=127 => value.push(length as u8),
        length => value.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    value.extend_from_slice(content);
    value
}

const CN: &[u8] = &[0x55, 4, 3];
const O: &[u8] = &[0x55, 4, 10];

/// A Name of RDNs of (type, tag, value).
type Rdn<'a> = &'a [(&'a [u8], u8, &'a [u8])];

fn name(rdns: &[Rdn<'_>]) -> Vec<u8> {
    let rdns: Vec<u8> = rdns
        .iter()
        .flat_map(|members| {
            let members: Vec<u8> = members
                .iter()
                .flat_map(|(oid, tag, value)| {
                    tlv(SEQUENCE, &[tlv(der::OID, oid), tlv(*tag, value)].concat())
                })
                .collect();
            tlv(SET, &members)
        })
        .collect();
    tlv(SEQUENCE, &rdns)
}

fn cn(tag: u8, value: &[u8]) -> Vec<u8> {
    name(&[&[(CN, tag, value)]])
}

/// Names that take every way through the printer.
fn samples() -> Vec<Vec<u8>> {
    let long_arc = [&[0x2a, 3][..], &[0xff; 60], &[0x7f]].concat();
    vec![
        name(&[]),
        cn(12, b""),
        cn(19, b"plain"),
        name(&[
            &[(&[0x55, 4, 6], 19, b"US")],
            &[(O, 12, b"Foo, Inc.")],
            &[(CN, 12, b"x")],
        ]),
        name(&[&[(O, 12, b"a"), (CN, 12, b"b")], &[(CN, 12, b"c")]]),
        cn(12, b" lead"),
        cn(12, b"trail "),
        cn(12, b" "),
        cn(12, b"mid dle"),
        cn(12, b"#hash"),
        cn(12, b"#"),
        cn(12, b"a#b"),
        cn(12, b"quo\"te"),
        cn(12, b"back\\slash"),
        cn(12, b"a+b"),
        cn(12, b"a;b<c>d"),
        cn(12, b"a=b/c"),
        cn(12, b"com,ma \"q\" \\"),
        cn(12, b"line\nfeed\r\ttab\x7f\x00nul"),
        cn(12, "é € 😀".as_bytes()),
        cn(20, b"caf\xe9"),
        cn(22, b"ia5@example.test"),
        cn(18, b"123 456"),
        cn(30, &[0, b'h', 0, 0xe9, 0x20, 0xac]),
        cn(28, &[0, 0, 0, b'h', 0, 1, 0xf6, 0]),
        cn(3, &[0, 0xff, 0x10]),
        name(&[&[(&[0x2a, 3, 4, 5], 12, b"unknown type")]]),
        name(&[&[(&long_arc, 12, b"long arc")]]),
        name(&[&[(
            &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25],
            22,
            b"example",
        )]]),
        name(&[&[(
            &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1],
            12,
            b"uid",
        )]]),
        name(&[&[(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1], 22, b"a@b")]]),
        name(&[
            &[(&[0x55, 4, 5], 19, b"0042")],
            &[(&[0x55, 4, 9], 12, b"1 Main St, Apt #2")],
        ]),
        name(&[
            &[(&[0x55, 4, 97], 12, b"VATXX-1")],
            &[(&[0x55, 4, 15], 12, b"b")],
            &[(&[0x55, 4, 45], 3, &[0, 1])],
        ]),
        name(&[&[(&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 60, 2, 1, 3], 19, b"DE")]]),
        cn(12, &[b'x'; 300]),
        cn(12, b"\x1b[31mred\x1b[0m"),
        cn(12, "\u{202e}right to left".as_bytes()),
    ]
}

/// What openssl makes of a certificate with this subject; `None` when there is no openssl.
fn by_openssl(name: &[u8]) -> Option<String> {
    // An X.509 v1 certificate whose signature is nonsense: printing a subject checks none.
    let algorithm = tlv(SEQUENCE, &tlv(der::OID, &[0x2b, 0x65, 112]));
    let time = tlv(23, b"250101000000Z");
    let spki = tlv(SEQUENCE, &[algorithm.clone(), tlv(3, &[0; 33])].concat());
    let tbs = tlv(
        SEQUENCE,
        &[
            tlv(2, &[1]),
            algorithm.clone(),
            tlv(SEQUENCE, &[]),
            tlv(SEQUENCE, &[time.clone(), time].concat()),
            name.to_vec(),
            spki,
        ]
        .concat(),
    );
    let certificate = tlv(SEQUENCE, &[tbs, algorithm, tlv(3, &[0; 65])].concat());
    let mut child = Command::new("openssl")
        .args([
            "x509", "-inform", "DER", "-noout", "-subject", "-nameopt", "oneline",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take().unwrap().write_all(&certificate).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}: {:02x?}",
        String::from_utf8_lossy(&output.stderr),
        name
    );
    let line = String::from_utf8(output.stdout).unwrap();
    Some(
        line.strip_prefix("subject=")
            .unwrap()
            .strip_suffix('\n')
            .unwrap()
            .to_owned(),
    )
}

#[test]
fn prints_what_openssl_prints() {
    for (index, sample) in samples().iter().enumerate() {
        let Some(expected) = by_openssl(sample) else {
            crate::parse::skipped("no openssl command here");
            return;
        };
        assert_eq!(oneline(sample), expected, "sample {index}");
    }
}

#[test]
fn prints_without_openssl_too() {
    let name = name(&[
        &[(&[0x55, 4, 6], 19, b"US")],
        &[(O, 12, b"Foo, Inc."), (CN, 12, "é".as_bytes())],
    ]);
    assert_eq!(oneline(&name), "C = US, O = \"Foo, Inc.\" + CN = \\C3\\A9");
    assert_eq!(oneline(&[1, 2]), "#0102");
    assert_eq!(oneline(&[]), "#");
}

#[test]
fn compares_as_openssl_does() {
    let same = |one: &[u8], other: &[u8]| canonical(one) == canonical(other);
    assert!(same(&cn(12, b"Some  Name "), &cn(19, b"some name")));
    assert!(same(&cn(30, &[0, b'A']), &cn(12, b"a")));
    assert!(!same(&cn(12, b"ab"), &cn(12, b"a b")));
    assert!(!same(&cn(12, b"a"), &name(&[&[(O, 12, b"a")]])));
    assert!(
        !same(&cn(18, b"1 1"), &cn(18, b"1  1")),
        "NumericString is compared octet for octet"
    );
    let two = name(&[&[(O, 12, b"o"), (CN, 12, b"c")]]);
    let swapped = name(&[&[(CN, 12, b"c"), (O, 12, b"o")]]);
    let apart = name(&[&[(O, 12, b"o")], &[(CN, 12, b"c")]]);
    assert!(same(&two, &swapped));
    assert!(!same(&two, &apart));
}

proptest::proptest! {
    #[test]
    fn never_panics(bytes: Vec<u8>, tag: u8, value: Vec<u8>) {
        oneline(&bytes);
        canonical(&bytes);
        let line = oneline(&cn(tag & 0x1e, &value));
        proptest::prop_assert!(line.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
    }
}
