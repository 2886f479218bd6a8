//! Names of the numbers that TLS puts on the wire.
//!
//! For: every renderer and rule that shows a number. Must not: judge whether a number is good, or
//! panic on one that nobody registered: those are shown as `0xABCD`, as OpenSSL does.
//!
//! Sources: the IANA registries "Transport Layer Security (TLS) Parameters" and "TLS Extensions";
//! what each table rests on stands above it. OpenSSL's spellings were compared with the output of
//! its own commands.

mod alerts;
mod ciphers;
mod extensions;
mod groups;
mod messages;
mod openssl;
mod signatures;

pub use alerts::alert_name;
pub use ciphers::{CipherSuite, cipher_name, cipher_openssl_name, cipher_suite};
pub use extensions::extension_name;
pub use groups::{group_name, group_name_111, is_post_quantum};
pub use messages::message_name;
pub use openssl::{
    openssl_shared_ciphers, openssl_shared_groups, openssl_shared_signature_algorithms,
};
pub use signatures::{
    signature_digest, signature_scheme_name, signature_scheme_openssl, signature_type,
};

/// Whether a cipher suite, extension, group, version or signature scheme is one of the sixteen
/// GREASE values (RFC 8701 section 2).
pub fn is_grease(number: u16) -> bool {
    let [high, low] = number.to_be_bytes();
    high == low && low & 0x0f == 0x0a
}

/// A protocol version in OpenSSL's spelling: `TLSv1.3`, `TLSv1.2`, `TLSv1.1`, `TLSv1`, `SSLv3`,
/// `SSLv2`, else `0xABCD`.
pub fn version_name(version: u16) -> String {
    match version {
        0x0304 => "TLSv1.3".to_owned(),
        0x0303 => "TLSv1.2".to_owned(),
        0x0302 => "TLSv1.1".to_owned(),
        0x0301 => "TLSv1".to_owned(),
        0x0300 => "SSLv3".to_owned(),
        0x0002 => "SSLv2".to_owned(),
        other => hex(other),
    }
}

/// An EC point format (registry "TLS EC Point Formats", RFC 8422 section 5.1.2) as `openssl
/// s_server` prints it.
pub fn point_format_name(format: u8) -> String {
    match format {
        0 => "uncompressed".to_owned(),
        1 => "ansiX962_compressed_prime".to_owned(),
        2 => "ansiX962_compressed_char2".to_owned(),
        other => format!("unknown({other})"),
    }
}

/// What stands for a number without a name.
fn hex(number: u16) -> String {
    format!("0x{number:04X}")
}

#[cfg(test)]
mod tests;
