//! What `openssl s_server` 3.0 with its defaults (security level 2) would call shared with a
//! client.
//!
//! For: the `openssl` output format, which shows those three lists though our own server shares
//! other things. Compared with live runs of OpenSSL 3.0.19: s_client with several `-cipher`,
//! `-sigalgs`, `-groups` and versions, and a client with GREASE.

/// `openssl ciphers -s` (3.0.19, `DEFAULT`, security level 2).
const CIPHERS: [u16; 30] = [
    0x1302, 0x1303, 0x1301, 0xc02c, 0xc030, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc02b, 0xc02f, 0x009e,
    0xc024, 0xc028, 0x006b, 0xc023, 0xc027, 0x0067, 0xc00a, 0xc014, 0x0039, 0xc009, 0xc013, 0x0033,
    0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f,
];

/// The server's list at security level 2, which leaves out SHA-1.
const SIGNATURE_ALGORITHMS: [u16; 20] = [
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401,
    0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602,
];

/// The default groups of OpenSSL 3.0 for every version.
const GROUPS: [u16; 5] = [29, 23, 30, 25, 24];

/// And those that it uses from TLS 1.3 on.
const GROUPS_TLS13: [u16; 5] = [0x100, 0x101, 0x102, 0x103, 0x104];

/// What stands after `Shared ciphers:`: the offered suites that the server knows too, in the
/// client's order. The version settled on plays no part, so TLS 1.3 suites stand there in TLS 1.2
/// as well.
pub fn openssl_shared_ciphers(offered: &[u16]) -> Vec<u16> {
    keep(offered, |suite| CIPHERS.contains(&suite))
}

/// What stands after `Shared Signature Algorithms:`, in the client's order, its duplicates kept.
/// DSA is shared below TLS 1.3 only.
pub fn openssl_shared_signature_algorithms(offered: &[u16], tls13: bool) -> Vec<u16> {
    keep(offered, |scheme| {
        let dsa = matches!(scheme, 0x0302 | 0x0402 | 0x0502 | 0x0602);
        SIGNATURE_ALGORITHMS.contains(&scheme) && !(tls13 && dsa)
    })
}

/// What stands after `Shared groups:`, in the client's order. The finite-field groups are shared in
/// TLS 1.3 only.
pub fn openssl_shared_groups(offered: &[u16], tls13: bool) -> Vec<u16> {
    keep(offered, |group| {
        GROUPS.contains(&group) || (tls13 && GROUPS_TLS13.contains(&group))
    })
}

fn keep(offered: &[u16], shared: impl Fn(u16) -> bool) -> Vec<u16> {
    offered
        .iter()
        .copied()
        .filter(|number| shared(*number))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{cipher_openssl_name, group_name, signature_scheme_openssl};
    use super::*;

    fn names(numbers: Vec<u16>, name: fn(u16) -> String) -> String {
        let names: Vec<String> = numbers.into_iter().map(name).collect();
        names.join(":")
    }

    // What s_server 3.0.19 printed for a Chrome-like client, in TLS 1.3 and, with the same lists,
    // in TLS 1.2.
    #[test]
    fn a_client_with_grease() {
        let ciphers = [
            0x3a3a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
            0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
        ];
        assert_eq!(
            names(openssl_shared_ciphers(&ciphers), cipher_openssl_name),
            "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:\
             ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
             ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:\
             AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA"
        );
        let groups = [0xbaba, 0x6399, 0x001d, 0x0017, 0x0018];
        assert_eq!(
            names(openssl_shared_groups(&groups, true), group_name),
            "x25519:secp256r1:secp384r1"
        );
    }

    // Safari sends rsa_pss_rsae_sha384 twice, and s_server prints it twice.
    #[test]
    fn duplicates_stay_and_sha1_goes() {
        let offered = [
            0x0403, 0x0804, 0x0401, 0x0503, 0x0203, 0x0805, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201,
        ];
        assert_eq!(
            names(
                openssl_shared_signature_algorithms(&offered, true),
                signature_scheme_openssl
            ),
            "ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA384:RSA-PSS+SHA384:RSA+SHA384:RSA-PSS+SHA512:RSA+SHA512"
        );
    }

    // s_client -sigalgs RSA+SHA1:ECDSA+SHA1:DSA+SHA1:DSA+SHA256:RSA+SHA224:RSA-PSS+SHA256:…
    #[test]
    fn dsa_below_tls13_only() {
        let offered = [
            0x0201, 0x0203, 0x0202, 0x0402, 0x0301, 0x0804, 0x0403, 0x0807, 0x080b, 0x0303,
        ];
        assert_eq!(
            names(
                openssl_shared_signature_algorithms(&offered, true),
                signature_scheme_openssl
            ),
            "RSA+SHA224:RSA-PSS+SHA256:ECDSA+SHA256:ed25519:rsa_pss_pss_sha512:ECDSA+SHA224"
        );
        assert_eq!(
            names(
                openssl_shared_signature_algorithms(&offered, false),
                signature_scheme_openssl
            ),
            "DSA+SHA256:RSA+SHA224:RSA-PSS+SHA256:ECDSA+SHA256:ed25519:rsa_pss_pss_sha512:ECDSA+SHA224"
        );
    }

    // s_client -groups P-256:brainpoolP256r1:X25519:P-384:ffdhe3072
    #[test]
    fn finite_fields_in_tls13_only() {
        let offered = [23, 26, 29, 24, 0x101];
        assert_eq!(
            names(openssl_shared_groups(&offered, true), group_name),
            "secp256r1:x25519:secp384r1:ffdhe3072"
        );
        assert_eq!(
            names(openssl_shared_groups(&offered, false), group_name),
            "secp256r1:x25519:secp384r1"
        );
    }
}
