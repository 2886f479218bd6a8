//! What happened on a connection, message by message, and when.

use serde::Serialize;

use super::Side;

/// The part of a connection that a step belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The name lookup.
    Name,
    /// The TCP connection.
    Tcp,
    /// The TLS handshake.
    Tls,
    /// What the handshake was made for.
    Http,
}

/// One step: messages that one end sent without waiting for the other, or something that befell the connection.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Step {
    /// When it began to be seen here, in milliseconds since the connection was accepted or the call began.
    pub at_ms: f64,
    /// The part that it belongs to.
    pub stage: Stage,
    /// Who sent it; `None` for what no end sent.
    pub from: Option<Side>,
    /// The messages in their order, by the names of RFC 8446 section 4 and RFC 5246 section 7.4.
    pub messages: Vec<String>,
    /// How many bytes they took on the wire; 0 where nothing was sent.
    pub bytes: u64,
    /// Whether they went encrypted: their names are then what the TLS library handled in their place, not what was read on the wire.
    pub encrypted: bool,
    /// Whether the connection broke here.
    pub fault: bool,
}
