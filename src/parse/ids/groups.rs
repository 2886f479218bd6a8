//! Key exchange groups: registry "TLS Supported Groups" (RFC 8446 section 4.2.7, RFC 8422 section
//! 5.1.1, RFC 7919, RFC 7027, RFC 8734, RFC 9189, drafts ietf-tls-ecdhe-mlkem and ietf-tls-mlkem).

use super::hex;

/// A group in the spelling of OpenSSL 3.0 (`x25519`, `secp256r1`), which is the registry's; later
/// groups as in the registry. Unknown ones and GREASE as `0x6A6A`, where OpenSSL 3.0 itself prints
/// `<NULL>`.
pub fn group_name(number: u16) -> String {
    match group(number) {
        Some((name, _)) => name.to_owned(),
        None => hex(number),
    }
}

/// A group in the spelling of OpenSSL 1.1.1, which knew 1 to 30 only: NIST's name where there is
/// one (`P-256`), else the curve's own (`X25519`, `secp256k1`). Everything else as `0x6A6A`.
pub fn group_name_111(number: u16) -> String {
    match group(number) {
        Some((_, name)) if !name.is_empty() => name.to_owned(),
        _ => hex(number),
    }
}

/// Whether a group withstands a quantum computer, by itself or with an elliptic curve beside it:
/// ML-KEM (draft-ietf-tls-mlkem), its hybrids (draft-ietf-tls-ecdhe-mlkem) and the Kyber drafts
/// before them.
pub fn is_post_quantum(number: u16) -> bool {
    matches!(number, 512..=514 | 4587..=4589 | 25497 | 25498)
}

/// (the name since OpenSSL 3.0, the name in OpenSSL 1.1.1 or nothing).
fn group(number: u16) -> Option<(&'static str, &'static str)> {
    Some(match number {
        1 => ("sect163k1", "K-163"),
        2 => ("sect163r1", "sect163r1"),
        3 => ("sect163r2", "B-163"),
        4 => ("sect193r1", "sect193r1"),
        5 => ("sect193r2", "sect193r2"),
        6 => ("sect233k1", "K-233"),
        7 => ("sect233r1", "B-233"),
        8 => ("sect239k1", "sect239k1"),
        9 => ("sect283k1", "K-283"),
        10 => ("sect283r1", "B-283"),
        11 => ("sect409k1", "K-409"),
        12 => ("sect409r1", "B-409"),
        13 => ("sect571k1", "K-571"),
        14 => ("sect571r1", "B-571"),
        15 => ("secp160k1", "secp160k1"),
        16 => ("secp160r1", "secp160r1"),
        17 => ("secp160r2", "secp160r2"),
        18 => ("secp192k1", "secp192k1"),
        19 => ("secp192r1", "P-192"),
        20 => ("secp224k1", "secp224k1"),
        21 => ("secp224r1", "P-224"),
        22 => ("secp256k1", "secp256k1"),
        23 => ("secp256r1", "P-256"),
        24 => ("secp384r1", "P-384"),
        25 => ("secp521r1", "P-521"),
        26 => ("brainpoolP256r1", "brainpoolP256r1"),
        27 => ("brainpoolP384r1", "brainpoolP384r1"),
        28 => ("brainpoolP512r1", "brainpoolP512r1"),
        29 => ("x25519", "X25519"),
        30 => ("x448", "X448"),
        31 => ("brainpoolP256r1tls13", ""),
        32 => ("brainpoolP384r1tls13", ""),
        33 => ("brainpoolP512r1tls13", ""),
        34 => ("GC256A", ""),
        35 => ("GC256B", ""),
        36 => ("GC256C", ""),
        37 => ("GC256D", ""),
        38 => ("GC512A", ""),
        39 => ("GC512B", ""),
        40 => ("GC512C", ""),
        41 => ("curveSM2", ""),
        0x0100 => ("ffdhe2048", ""),
        0x0101 => ("ffdhe3072", ""),
        0x0102 => ("ffdhe4096", ""),
        0x0103 => ("ffdhe6144", ""),
        0x0104 => ("ffdhe8192", ""),
        0x0200 => ("MLKEM512", ""),
        0x0201 => ("MLKEM768", ""),
        0x0202 => ("MLKEM1024", ""),
        0x11eb => ("SecP256r1MLKEM768", ""),
        0x11ec => ("X25519MLKEM768", ""),
        0x11ed => ("SecP384r1MLKEM1024", ""),
        0x11ee => ("curveSM2MLKEM768", ""),
        0x6399 => ("X25519Kyber768Draft00", ""),
        0x639a => ("SecP256r1Kyber768Draft00", ""),
        0xff01 => ("arbitrary_explicit_prime_curves", ""),
        0xff02 => ("arbitrary_explicit_char2_curves", ""),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: fn(u16) -> String, numbers: &[u16]) -> String {
        let names: Vec<String> = numbers.iter().map(|number| name(*number)).collect();
        names.join(":")
    }

    #[test]
    fn both_spellings() {
        let offered = [0x6a6a, 29, 23, 30, 25, 24, 0x100, 0x11ec, 0xfade];
        assert_eq!(
            names(group_name, &offered),
            "0x6A6A:x25519:secp256r1:x448:secp521r1:secp384r1:ffdhe2048:X25519MLKEM768:0xFADE"
        );
        assert_eq!(
            names(group_name_111, &offered),
            "0x6A6A:X25519:P-256:X448:P-521:P-384:0x0100:0x11EC:0xFADE"
        );
    }

    // `s_server` 3.0.19's "Supported groups" for a client with `-groups` naming every curve that it
    // was built with.
    #[test]
    fn as_openssl_prints_curves() {
        let offered = [
            6, 7, 8, 9, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 0x100,
            0x101,
        ];
        assert_eq!(
            names(group_name, &offered),
            "sect233k1:sect233r1:sect239k1:sect283k1:sect283r1:sect409k1:sect409r1:sect571k1:sect571r1:secp224k1:secp224r1:\
             secp256k1:secp256r1:secp384r1:secp521r1:brainpoolP256r1:brainpoolP384r1:brainpoolP512r1:x25519:x448:ffdhe2048:ffdhe3072"
        );
    }
}
