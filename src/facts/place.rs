//! Where a thing was seen, so that a finding can point at it.

use std::fmt;

use serde::Serialize;

/// A role in the TLS handshake (RFC 8446 section 1.1), not "us" or "them": one rule then serves both ends.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The end that sends the ClientHello; for a webhook, the sender.
    Client,
    /// The end that answers it; for a webhook, the webhook itself.
    Server,
}

impl fmt::Display for Side {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

impl Side {
    /// The side across from it.
    pub fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// The place of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(tag = "in", rename_all = "lowercase")]
pub enum Place {
    /// Lines of a file, both 1-based and inclusive.
    File {
        /// The path as the user wrote it.
        path: String,
        /// First line of the block.
        first_line: usize,
        /// Last line of the block.
        last_line: usize,
    },
    /// A handshake message.
    Wire {
        /// The side that sent it.
        from: Side,
        /// The message's name in RFC 8446 section 4, for example `Certificate`, with an index where it helps.
        message: String,
    },
    /// A part of the HTTP request, for example `header authorization` or `body`.
    Http {
        /// The part's name.
        part: String,
    },
}

impl Place {
    /// A handshake message sent by `from`.
    pub fn wire(from: Side, message: impl Into<String>) -> Self {
        Self::Wire {
            from,
            message: message.into(),
        }
    }

    /// Lines of a file.
    pub fn lines(path: impl Into<String>, first_line: usize, last_line: usize) -> Self {
        Self::File {
            path: path.into(),
            first_line,
            last_line,
        }
    }

    /// A part of the HTTP request.
    pub fn http(part: impl Into<String>) -> Self {
        Self::Http { part: part.into() }
    }
}
