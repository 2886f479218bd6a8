//! One TLS connection: what the end that was dialled and the end that dialled see alike.

use serde::Serialize;

use super::{Chain, Ending, EndingKind, Phase, Refusal, Side, Step};

/// What both ends settled on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Negotiated {
    /// `TLSv1.2` or `TLSv1.3`.
    pub protocol: String,
    /// The cipher suite's number.
    pub cipher: u16,
    /// The key exchange group's number.
    pub group: Option<u16>,
    /// The application protocol chosen.
    pub alpn: Option<String>,
}

/// A peer's signature over the handshake: CertificateVerify (RFC 8446 section 4.4.3), and a server's ServerKeyExchange in TLS 1.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PeerSignature {
    /// The SignatureScheme's number.
    pub scheme: u16,
    /// Whether it could be checked at all: not every algorithm can be here.
    pub checked: bool,
    /// Whether the signature was checked against the certificate's key and held.
    pub verified: bool,
    /// Why it did not hold, or was not checked; `None` when it did hold.
    pub problem: Option<String>,
}

/// One TLS connection as one end saw it. [`super::Accepted`] and [`super::Dialled`] add what only that
/// end knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// The end that saw it.
    pub seen_from: Side,
    /// What was settled, when the handshake came that far.
    pub negotiated: Option<Negotiated>,
    /// The chain that the client sent; `Some` with no certificates when it answered the request with an
    /// empty list. `None` as well where the client is this program.
    pub client_chain: Option<Chain>,
    /// The chain that the server sent; `None` as well when an earlier call of the run has it.
    pub server_chain: Option<Chain>,
    /// The other end's signature over the handshake.
    pub signature: Option<PeerSignature>,
    /// How it ended.
    pub ending: Ending,
    /// Why we refused the other end, where we did.
    pub refusal: Option<Refusal>,
    /// Message by message, as far as it went; empty where no connection was tried.
    pub timeline: Vec<Step>,
}

impl Connection {
    /// A connection of which nothing is known yet.
    pub fn new(seen_from: Side) -> Self {
        Self {
            seen_from,
            negotiated: None,
            client_chain: None,
            server_chain: None,
            signature: None,
            ending: Ending {
                kind: EndingKind::Completed,
                alert: None,
                sent_by: None,
                phase: Phase::Done,
                detail: String::new(),
            },
            refusal: None,
            timeline: Vec::new(),
        }
    }

    /// The chains that were sent, the client's first.
    pub fn chains(&self) -> impl Iterator<Item = &Chain> {
        [&self.client_chain, &self.server_chain]
            .into_iter()
            .flatten()
    }

    /// Whether the handshake was finished, as far as this end can tell.
    pub fn handshaken(&self) -> bool {
        self.ending.phase >= Phase::Http
    }
}
