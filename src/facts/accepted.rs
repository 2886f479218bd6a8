//! A connection that came to us, as the server saw it.

use std::net::SocketAddr;

use serde::Serialize;

use super::{ClientHello, Connection, Evidence, HttpExchange, Shared};

/// What the first bytes of a connection were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FirstBytes {
    /// A TLS handshake record.
    Tls,
    /// A plain HTTP request; hostile bytes of its first line are escaped.
    PlainHttp {
        /// The request line, cut at 200 characters.
        request_line: String,
    },
    /// The HTTP/2 connection preface without TLS (RFC 9113 section 3.4).
    PlainHttp2,
    /// An SSH identification string (RFC 4253 section 4.2), escaped and cut.
    Ssh {
        /// The identification string.
        banner: String,
    },
    /// An SSL 2.0 style ClientHello (RFC 5246 appendix E.2).
    Ssl2Hello,
    /// Nothing at all.
    Nothing,
    /// Something else: its first bytes in hexadecimal, at most 32 of them.
    Unknown {
        /// The bytes.
        hex: String,
    },
}

impl FirstBytes {
    /// The word for it in machine output: `tls`, `plain-http`, `plain-http2`, `ssh`, `ssl2-hello`, `nothing`, `unknown`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::PlainHttp { .. } => "plain-http",
            Self::PlainHttp2 => "plain-http2",
            Self::Ssh { .. } => "ssh",
            Self::Ssl2Hello => "ssl2-hello",
            Self::Nothing => "nothing",
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// A PROXY protocol header (HAProxy "The PROXY protocol", versions 1 and 2) that stood before everything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ProxyHeader {
    /// 1 or 2.
    pub version: u8,
    /// The address it names as the source; `None` for UNKNOWN, LOCAL or an address family without IP.
    pub source: Option<SocketAddr>,
    /// The address it names as the destination.
    pub destination: Option<SocketAddr>,
}

/// What is asked of clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClientAuth {
    /// No CertificateRequest is sent.
    None,
    /// A certificate is requested and may be left out.
    Request,
    /// A certificate is required.
    Require,
}

/// Times since the connection was accepted (or dialled), in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Timings {
    /// The first byte from the peer.
    pub first_byte: Option<f64>,
    /// The whole ClientHello.
    pub client_hello: Option<f64>,
    /// The end of the handshake.
    pub handshake: Option<f64>,
    /// The first HTTP request, body included.
    pub request: Option<f64>,
    /// The first HTTP answer.
    pub answer: Option<f64>,
    /// The end of the connection.
    pub total: Option<f64>,
}

/// An attempt of the same sender with another of its certificates, which was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Preceded {
    /// The sender's identity that was refused.
    pub identity: String,
    /// What that connection was called.
    pub title: String,
    /// How long before this one it began, milliseconds.
    pub milliseconds: i64,
    /// Whether it came from the same address.
    pub same_address: bool,
}

/// A connection that a client made to us.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// What both ends see of it.
    pub tls: Connection,
    /// The other end's address, as the socket says.
    pub peer: String,
    /// What a PROXY header said, when one came first.
    pub proxy: Option<ProxyHeader>,
    /// What the first bytes were.
    pub first_bytes: FirstBytes,
    /// What was asked of the client.
    pub client_auth: ClientAuth,
    /// A connection shortly before, refused, that looks like this one's first attempt.
    pub preceded_by: Option<Preceded>,
    /// The ClientHello, when a whole one was read.
    pub hello: Option<ClientHello>,
    /// What of its lists the server has too; `None` without a ClientHello.
    pub shared: Option<Shared>,
    /// When things happened.
    pub timings: Timings,
    /// The HTTP requests it carried, in order.
    pub http: Vec<HttpExchange>,
    /// How many it carried besides, which were answered and not kept.
    pub http_not_kept: u64,
    /// What it can be judged again by, where it is recorded.
    pub evidence: Option<Box<Evidence>>,
}
