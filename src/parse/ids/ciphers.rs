//! Cipher suites: registry "TLS Cipher Suites" (RFC 8446 appendix B.4, RFC 5246 appendix A.5, RFC
//! 5289, RFC 5487, RFC 5489, RFC 6209, RFC 6367, RFC 6655, RFC 7251, RFC 7905, RFC 8442, RFC 8998).
//! Left out: Kerberos (RFC 2712), Fortezza and what was never registered.

use super::hex;
use table::CIPHER_SUITES;

mod table;

/// The names of one cipher suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CipherSuite {
    /// The name in the IANA registry.
    pub iana: &'static str,
    /// OpenSSL's name; `None` when OpenSSL 3.0 knows none.
    pub openssl: Option<&'static str>,
}

/// The names of a cipher suite; `None` for GREASE and for what the table lacks.
pub fn cipher_suite(number: u16) -> Option<CipherSuite> {
    let at = CIPHER_SUITES
        .binary_search_by_key(&number, |(number, _, _)| *number)
        .ok()?;
    let (_, iana, openssl) = CIPHER_SUITES.get(at)?;
    Some(CipherSuite {
        iana,
        openssl: (!openssl.is_empty()).then_some(openssl),
    })
}

/// The IANA name of a cipher suite, or `0xABCD`.
pub fn cipher_name(number: u16) -> String {
    cipher_suite(number).map_or_else(|| hex(number), |suite| suite.iana.to_owned())
}

/// OpenSSL's name of a cipher suite, or `0xABCD`.
pub fn cipher_openssl_name(number: u16) -> String {
    match cipher_suite(number).and_then(|suite| suite.openssl) {
        Some(name) => name.to_owned(),
        // Signalling suites and the like have no OpenSSL name; their registered one says more than
        // a number.
        None => cipher_name(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted_without_duplicates() {
        assert!(CIPHER_SUITES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(
            CIPHER_SUITES
                .iter()
                .all(|(_, iana, _)| iana.starts_with("TLS_"))
        );
    }

    #[test]
    fn names() {
        assert_eq!(cipher_name(0x1301), "TLS_AES_128_GCM_SHA256");
        assert_eq!(cipher_openssl_name(0x1301), "TLS_AES_128_GCM_SHA256");
        assert_eq!(
            cipher_name(0xc02b),
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
        );
        assert_eq!(cipher_openssl_name(0xc02b), "ECDHE-ECDSA-AES128-GCM-SHA256");
        assert_eq!(cipher_name(0x00ff), "TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
        assert_eq!(
            cipher_openssl_name(0x00ff),
            "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"
        );
        assert_eq!(cipher_name(0x0a0a), "0x0A0A");
        assert_eq!(cipher_openssl_name(0x000a), "DES-CBC3-SHA");
    }
}
