//! The ClientHello (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2) as it stood on the wire.

use serde::Serialize;

/// One extension: its number and where its body lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Extension {
    /// The number of the IANA "TLS ExtensionType Values" registry.
    pub id: u16,
    /// Length of its body, in bytes.
    pub length: usize,
}

/// A parsed ClientHello. Lists keep the wire's order and its GREASE values (RFC 8701).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ClientHello {
    /// `legacy_version` of the message.
    pub legacy_version: u16,
    /// The record layer's version.
    pub record_version: u16,
    /// Length of the session id, in bytes.
    pub session_id_length: usize,
    /// Cipher suites offered.
    pub cipher_suites: Vec<u16>,
    /// Compression methods offered.
    pub compression_methods: Vec<u8>,
    /// Extensions, in order.
    pub extensions: Vec<Extension>,
    /// `server_name` (RFC 6066 section 3); hostile bytes escaped.
    pub sni: Option<String>,
    /// `application_layer_protocol_negotiation` (RFC 7301); `None` when absent. Hostile bytes escaped.
    pub alpn: Option<Vec<String>>,
    /// `supported_versions`; `None` when absent (a TLS 1.2 or older client).
    pub supported_versions: Option<Vec<u16>>,
    /// `signature_algorithms`; `None` when absent.
    pub signature_algorithms: Option<Vec<u16>>,
    /// `signature_algorithms_cert`; `None` when absent.
    pub signature_algorithms_cert: Option<Vec<u16>>,
    /// `supported_groups`; `None` when absent.
    pub groups: Option<Vec<u16>>,
    /// Groups of the `key_share` entries; `None` when absent.
    pub key_shares: Option<Vec<u16>>,
    /// `psk_key_exchange_modes`; `None` when absent.
    pub psk_modes: Option<Vec<u8>>,
    /// `ec_point_formats`; `None` when absent.
    pub point_formats: Option<Vec<u8>>,
    /// The JA4 fingerprint (FoxIO, TLS client; BSD-3 part of that suite).
    pub ja4: String,
    /// What JA4 hashes, in readable form (`ja4_r`).
    pub ja4_raw: String,
}

impl ClientHello {
    /// The versions offered, highest meaning first as sent: `supported_versions`, or the legacy field where that is absent.
    pub fn versions(&self) -> Vec<u16> {
        match &self.supported_versions {
            Some(versions) => versions.clone(),
            None => vec![self.legacy_version],
        }
    }

    /// Whether the extension with this number was sent.
    pub fn has_extension(&self, id: u16) -> bool {
        self.extensions.iter().any(|extension| extension.id == id)
    }
}

/// What of a ClientHello's lists the server has too, in the client's order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Shared {
    /// Cipher suites of either version.
    pub cipher_suites: Vec<u16>,
    /// Signature algorithms.
    pub signature_algorithms: Vec<u16>,
    /// Key exchange groups.
    pub groups: Vec<u16>,
}
