//! Below TLS: what is no TLS, what came to nothing, what was cut off.

use crate::finding::Rule;

pub mod connection_limit_hit;
pub mod handshake_cut_short;
pub mod not_tls;
pub mod plain_http_on_tls_port;
pub mod protocol_broken;
pub mod proxy_protocol_header;
pub mod silent_connection;
pub mod ssh_on_tls_port;

/// The rules of this room, in the order of their codes.
pub(super) static RULES: &[&Rule] = &[
    &plain_http_on_tls_port::RULE,
    &proxy_protocol_header::RULE,
    &ssh_on_tls_port::RULE,
    &silent_connection::RULE,
    &not_tls::RULE,
    &handshake_cut_short::RULE,
    &connection_limit_hit::RULE,
    &protocol_broken::RULE,
];
