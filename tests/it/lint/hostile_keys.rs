//! No encrypted key chooses how long opening it takes, or how much memory.

use std::time::{Duration, Instant};

use mtls::parse::pem;

use crate::{
    lint::encrypted_keys::{lint, messages},
    support::{Forge, peer},
};

/// An encrypted key with these parameters, as DER.
fn hostile(kdf: &[u8], cipher: &[u8]) -> Vec<u8> {
    let oid = |octets: &[u8]| tlv(6, octets);
    let algorithm = tlv(
        0x30,
        &[
            oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13]),
            tlv(0x30, &[kdf, cipher].concat()),
        ]
        .concat(),
    );
    tlv(0x30, &[algorithm, tlv(4, &[7; 64])].concat())
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let content = match (tag, content) {
        // An INTEGER has no redundant zeros, and its first bit is its sign.
        (2, octets) => {
            let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
            let octets = &octets[zeros.min(octets.len() - 1)..];
            let sign: &[u8] = if octets[0] & 0x80 == 0 { &[] } else { &[0] };
            [sign, octets].concat()
        }
        (_, octets) => octets.to_vec(),
    };
    let length: Vec<u8> = match content.len() {
        short @ 0..0x80 => vec![u8::try_from(short).unwrap()],
        middle @ 0x80..0x100 => vec![0x81, u8::try_from(middle).unwrap()],
        long => [&[0x82][..], &u16::try_from(long).unwrap().to_be_bytes()].concat(),
    };
    [&[tag], &length[..], &content].concat()
}

#[test]
fn no_key_chooses_what_opening_it_costs() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = Forge::new();
    let pbkdf2 = |rounds: &[u8]| {
        let parameters = [tlv(4, &[1; 8]), tlv(2, rounds)].concat();
        tlv(
            0x30,
            &[
                tlv(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12]),
                tlv(0x30, &parameters),
            ]
            .concat(),
        )
    };
    let scrypt = |n: u64, r: u8, p: u16| {
        let numbers = [
            tlv(2, &n.to_be_bytes()),
            tlv(2, &[r]),
            tlv(2, &p.to_be_bytes()),
        ]
        .concat();
        let parameters = [tlv(4, &[1; 8]), numbers].concat();
        tlv(
            0x30,
            &[
                tlv(6, &[0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 11]),
                tlv(0x30, &parameters),
            ]
            .concat(),
        )
    };
    let aes = |iv: usize| {
        tlv(
            0x30,
            &[
                tlv(6, &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42]),
                tlv(4, &vec![0; iv]),
            ]
            .concat(),
        )
    };
    let des = |iv: usize| {
        tlv(
            0x30,
            &[
                tlv(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 3, 7]),
                tlv(4, &vec![0; iv]),
            ]
            .concat(),
        )
    };
    for (kdf, cipher, said) in [
        (pbkdf2(&[0x7f, 0xff, 0xff, 0xff]), aes(16), "more work"),
        (
            pbkdf2(&[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            aes(16),
            "more work",
        ),
        (pbkdf2(&[0]), aes(16), "damaged"),
        (pbkdf2(&[8, 0]), aes(15), "damaged"),
        (pbkdf2(&[8, 0]), des(0), "damaged"),
        (pbkdf2(&[8, 0]), des(8), "is wrong"),
        (scrypt(1 << 20, 8, 1), aes(16), "MiB"),
        (scrypt(1 << 14, 8, 1000), aes(16), "more work"),
        (scrypt(0, 8, 1), aes(16), "damaged"),
        (scrypt(3, 8, 1), aes(16), "damaged"),
        (scrypt(1 << 14, 8, 1), aes(16), "is wrong"),
    ] {
        pki.write(
            "k.pem",
            pem::encode("ENCRYPTED PRIVATE KEY", &hostile(&kdf, &cipher)),
        );
        let started = Instant::now();
        let (report, _) = lint(&pki, &["k.pem", "--pass", "pass:x"]);
        assert!(started.elapsed() < Duration::from_secs(20));
        let of = messages(&report, "MT118");
        assert!(of.len() == 1 && of[0].contains(said), "{said}: {of:?}");
    }
    // A thousand of them, each as dear as one may be, are not a thousand times as dear.
    let dear = pem::encode(
        "ENCRYPTED PRIVATE KEY",
        &hostile(&pbkdf2(&[0x0f, 0, 0]), &aes(16)),
    );
    let mut many = String::new();
    for index in 0..1000u32 {
        let rounds = (900_000 + index).to_be_bytes();
        many += &pem::encode(
            "ENCRYPTED PRIVATE KEY",
            &hostile(&pbkdf2(&rounds), &aes(16)),
        );
    }
    pki.write("k.pem", many + &dear);
    let started = Instant::now();
    let _ = lint(&pki, &["k.pem", "--pass", "pass:x"]);
    assert!(
        started.elapsed() < Duration::from_secs(40),
        "{:?}",
        started.elapsed()
    );
}
