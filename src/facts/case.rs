//! A case: everything collected about one thing looked at.

use jiff::Timestamp;
use serde::Serialize;

use super::{Certificate, Handshake, HttpExchange, Side, TrustFacts};

/// A chain as it was presented, in its order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chain {
    /// The side it belongs to.
    pub role: Side,
    /// The certificates, as sent.
    pub certificates: Vec<Certificate>,
    /// What path validation said; `None` when it was not asked (an empty chain, our own chain).
    pub trust: Option<TrustFacts>,
    /// The sender profile it matches, when it was compared.
    pub profile: Option<ProfileMatch>,
}

/// The sender profile whose identity a chain proves, signatures checked up to one of the profile's anchors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProfileMatch {
    /// The profile's name, for example `dialogflow`.
    pub profile: String,
    /// The identity within it: `current` or `legacy`.
    pub identity: String,
    /// The last day on which the sender still uses it, RFC 3339 date; `None` when no end is known.
    pub until: Option<String>,
}

/// Everything collected about one connection (later also: about files).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// What to call it, for example `#1 203.0.113.7:40112`.
    pub title: String,
    /// When it began.
    pub started: Timestamp,
    /// The connection, when there is one.
    pub handshake: Option<Handshake>,
    /// The HTTP requests it carried, in order.
    pub http: Vec<HttpExchange>,
}

impl Case {
    /// Every chain of the case.
    pub fn chains(&self) -> impl Iterator<Item = &Chain> {
        self.handshake
            .iter()
            .flat_map(|handshake| [&handshake.client_chain, &handshake.server_chain])
            .flatten()
    }
}
