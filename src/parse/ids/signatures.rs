//! Signature schemes: registry "TLS SignatureScheme" (RFC 8446 section 4.2.3, RFC 8734, RFC 8998,
//! RFC 9189, RFC 9367, the drafts ietf-tls-tls13-pkcs1 and ietf-tls-mldsa), and the hash and
//! signature pairs of RFC 5246 section 7.4.1.4.1 that the registry only reserves.

use super::hex;

/// The registry's name of a scheme (`rsa_pss_rsae_sha256`), or `0xABCD`.
pub fn signature_scheme_name(number: u16) -> String {
    if let Some(scheme) = scheme(number) {
        return scheme.name.to_owned();
    }
    let name = match number {
        0x0420 => "rsa_pkcs1_sha256_legacy",
        0x0520 => "rsa_pkcs1_sha384_legacy",
        0x0620 => "rsa_pkcs1_sha512_legacy",
        0x0704 => "eccsi_sha256",
        0x0705 => "iso_ibs1",
        0x0706 => "iso_ibs2",
        0x0707 => "iso_chinese_ibs",
        0x0708 => "sm2sig_sm3",
        0x0709 => "gostr34102012_256a",
        0x070a => "gostr34102012_256b",
        0x070b => "gostr34102012_256c",
        0x070c => "gostr34102012_256d",
        0x070d => "gostr34102012_512a",
        0x070e => "gostr34102012_512b",
        0x070f => "gostr34102012_512c",
        0x081a => "ecdsa_brainpoolP256r1tls13_sha256",
        0x081b => "ecdsa_brainpoolP384r1tls13_sha384",
        0x081c => "ecdsa_brainpoolP512r1tls13_sha512",
        0x0904 => "mldsa44",
        0x0905 => "mldsa65",
        0x0906 => "mldsa87",
        other => return hex(other),
    };
    name.to_owned()
}

/// A scheme as `openssl s_server` 3.0 prints it in `Signature Algorithms:`: `ECDSA+SHA256`,
/// `rsa_pss_pss_sha256`, `ed25519`; one that it does not know as signature byte and hash byte,
/// `0x04+0x09`.
pub fn signature_scheme_openssl(number: u16) -> String {
    match scheme(number) {
        Some(Scheme {
            openssl: Some(name),
            ..
        }) => name.to_owned(),
        Some(Scheme {
            kind,
            digest: Some(digest),
            ..
        }) => format!("{kind}+{digest}"),
        Some(Scheme { kind, .. }) => kind.to_owned(),
        None => {
            let [hash, signature] = number.to_be_bytes();
            format!("0x{signature:02X}+0x{hash:02X}")
        }
    }
}

/// What `s_server` prints after `Peer signing digest:`. `None` where that line is left out:
/// Ed25519, Ed448 and what OpenSSL 3.0 does not know.
pub fn signature_digest(number: u16) -> Option<&'static str> {
    scheme(number)?.digest
}

/// What `s_server` prints after `Peer signature type:`: `RSA-PSS` for both kinds of RSA-PSS, `RSA`,
/// `ECDSA`, `DSA`, `ed25519`, `ed448`.
pub fn signature_type(number: u16) -> Option<&'static str> {
    Some(scheme(number)?.kind)
}

/// A scheme that OpenSSL 3.0 knows.
struct Scheme {
    /// The registry's name, or one in its manner where it only reserves the pair.
    name: &'static str,
    /// OpenSSL's word for the signature's type.
    kind: &'static str,
    /// OpenSSL's word for the digest; none where the scheme has it built in.
    digest: Option<&'static str>,
    /// OpenSSL's word for the whole, where it is not `kind+digest`.
    openssl: Option<&'static str>,
}

fn scheme(number: u16) -> Option<Scheme> {
    let (name, kind, digest) = match number {
        0x0201 => ("rsa_pkcs1_sha1", "RSA", "SHA1"),
        0x0202 => ("dsa_sha1", "DSA", "SHA1"),
        0x0203 => ("ecdsa_sha1", "ECDSA", "SHA1"),
        0x0301 => ("rsa_pkcs1_sha224", "RSA", "SHA224"),
        0x0302 => ("dsa_sha224", "DSA", "SHA224"),
        0x0303 => ("ecdsa_sha224", "ECDSA", "SHA224"),
        0x0401 => ("rsa_pkcs1_sha256", "RSA", "SHA256"),
        0x0402 => ("dsa_sha256", "DSA", "SHA256"),
        0x0403 => ("ecdsa_secp256r1_sha256", "ECDSA", "SHA256"),
        0x0501 => ("rsa_pkcs1_sha384", "RSA", "SHA384"),
        0x0502 => ("dsa_sha384", "DSA", "SHA384"),
        0x0503 => ("ecdsa_secp384r1_sha384", "ECDSA", "SHA384"),
        0x0601 => ("rsa_pkcs1_sha512", "RSA", "SHA512"),
        0x0602 => ("dsa_sha512", "DSA", "SHA512"),
        0x0603 => ("ecdsa_secp521r1_sha512", "ECDSA", "SHA512"),
        0x0804 => ("rsa_pss_rsae_sha256", "RSA-PSS", "SHA256"),
        0x0805 => ("rsa_pss_rsae_sha384", "RSA-PSS", "SHA384"),
        0x0806 => ("rsa_pss_rsae_sha512", "RSA-PSS", "SHA512"),
        0x0807 => ("ed25519", "ed25519", ""),
        0x0808 => ("ed448", "ed448", ""),
        0x0809 => ("rsa_pss_pss_sha256", "RSA-PSS", "SHA256"),
        0x080a => ("rsa_pss_pss_sha384", "RSA-PSS", "SHA384"),
        0x080b => ("rsa_pss_pss_sha512", "RSA-PSS", "SHA512"),
        _ => return None,
    };
    Some(Scheme {
        name,
        kind,
        digest: (!digest.is_empty()).then_some(digest),
        openssl: matches!(number, 0x0809..=0x080b).then_some(name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // The list of OpenSSL 3.0.19's s_client at security level 0, as its s_server printed it.
    #[test]
    fn as_openssl_prints_them() {
        let offered = [
            0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806,
            0x0401, 0x0501, 0x0601, 0x0303, 0x0203, 0x0301, 0x0201, 0x0302, 0x0202, 0x0402, 0x0502,
            0x0602,
        ];
        let names: Vec<String> = offered.into_iter().map(signature_scheme_openssl).collect();
        assert_eq!(
            names.join(":"),
            "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448:rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:\
             RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:ECDSA+SHA224:ECDSA+SHA1:\
             RSA+SHA224:RSA+SHA1:DSA+SHA224:DSA+SHA1:DSA+SHA256:DSA+SHA384:DSA+SHA512"
        );
        assert_eq!(signature_scheme_openssl(0x0904), "0x04+0x09");
    }

    // Seen live with client certificates of each kind; with the last two no `Peer signing digest`
    // line is printed.
    #[test]
    fn digest_and_type_of_the_clients_signature() {
        let seen = |number| (signature_digest(number), signature_type(number));
        assert_eq!(seen(0x0804), (Some("SHA256"), Some("RSA-PSS")));
        assert_eq!(seen(0x0809), (Some("SHA256"), Some("RSA-PSS")));
        assert_eq!(seen(0x0403), (Some("SHA256"), Some("ECDSA")));
        assert_eq!(seen(0x0203), (Some("SHA1"), Some("ECDSA")));
        assert_eq!(seen(0x0807), (None, Some("ed25519")));
        assert_eq!(seen(0x0808), (None, Some("ed448")));
        assert_eq!(seen(0x0904), (None, None));
    }

    #[test]
    fn registry_names() {
        assert_eq!(signature_scheme_name(0x0804), "rsa_pss_rsae_sha256");
        assert_eq!(signature_scheme_name(0x0905), "mldsa65");
        assert_eq!(signature_scheme_name(0x0101), "0x0101");
    }
}
