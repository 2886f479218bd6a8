//! The handshake with a server or a client: hello, negotiation, what the server sends besides its
//! chain.

use crate::finding::Rule;

pub mod alpn_without_http;
pub mod ca_names_lack_sender;
#[cfg(test)]
pub(crate) mod fixture;
pub mod inspection_failed;
pub mod no_shared_parameters;
pub mod no_sni;
pub mod sender_needs_ca_names;
pub mod server_certificate_rejected;
pub mod server_signature_invalid;
pub mod staple_revoked;
pub mod staple_unusable;
#[cfg(test)]
mod tests;
pub mod tls_version_too_old;

/// The rules of this room, in the order of their codes.
pub(super) static RULES: &[&Rule] = &[
    &staple_revoked::RULE,
    &staple_unusable::RULE,
    &tls_version_too_old::RULE,
    &no_sni::RULE,
    &no_shared_parameters::RULE,
    &alpn_without_http::RULE,
    &server_certificate_rejected::RULE,
    &ca_names_lack_sender::RULE,
    &server_signature_invalid::RULE,
    &inspection_failed::RULE,
    &sender_needs_ca_names::RULE,
];
