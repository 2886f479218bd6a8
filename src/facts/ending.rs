//! How a connection ended. A failed handshake is a result like any other.

use serde::Serialize;

use super::{Problem, StackReason};

/// Who did it, from this program's point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// This program.
    Us,
    /// The other end.
    Peer,
}

/// How far the connection had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Connected, no byte received yet.
    Connected,
    /// Bytes received, no whole ClientHello yet.
    ClientHello,
    /// ClientHello received, handshake not finished.
    Handshake,
    /// Handshake finished, before or within an HTTP exchange.
    Http,
    /// At least one exchange answered, nothing under way.
    Done,
}

/// What ended it. That no TLS connection came about has four causes, which are four values: one side refused the other
/// ([`Refused`](Self::Refused) by us, [`PeerAlert`](Self::PeerAlert) by the peer), the two have nothing in common
/// ([`Incompatible`](Self::Incompatible)), or what came was malformed ([`ProtocolError`](Self::ProtocolError)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EndingKind {
    /// It ran to its end in good order.
    Completed,
    /// The name of the peer has no address.
    Unresolved,
    /// No TCP connection could be made.
    Unreachable,
    /// We refused the peer: its certificate, or its lack of one.
    Refused,
    /// We found nothing in common with the peer: no version, cipher suite, group, signature algorithm or protocol.
    Incompatible,
    /// The peer sent a fatal alert.
    PeerAlert,
    /// The peer closed the connection where that is not its place.
    Closed,
    /// The peer reset the connection.
    Reset,
    /// A time limit ran out.
    TimedOut,
    /// The first bytes were not TLS.
    NotTls,
    /// The peer broke the protocol.
    ProtocolError,
    /// A limit of this program was hit (size, number of connections).
    Limit,
    /// The run ended while the connection was open.
    Interrupted,
    /// This program failed: a fault of ours.
    Internal,
}

impl EndingKind {
    /// Whether this program turned the peer away: then a finding has to say why.
    pub fn is_refusal(self) -> bool {
        match self {
            Self::Refused | Self::Incompatible => true,
            Self::Completed
            | Self::Unresolved
            | Self::Unreachable
            | Self::PeerAlert
            | Self::Closed
            | Self::Reset
            | Self::TimedOut
            | Self::NotTls
            | Self::ProtocolError
            | Self::Limit
            | Self::Interrupted
            | Self::Internal => false,
        }
    }

    /// What happened, in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Unresolved => "DNS lookup failed",
            Self::Unreachable => "TCP connection failed",
            Self::Refused => "its certificate was rejected",
            Self::Incompatible => "no common parameters",
            Self::PeerAlert => "fatal alert received",
            Self::Closed => "connection closed without a TLS alert",
            Self::Reset => "connection reset",
            Self::TimedOut => "timeout",
            Self::NotTls => "the port does not speak TLS",
            Self::ProtocolError => "protocol error",
            Self::Limit => "a limit of mtls was reached",
            Self::Interrupted => "the run ended",
            Self::Internal => "mtls failed",
        }
    }
}

/// A TLS alert (RFC 8446 section 6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Alert {
    /// Its number.
    pub code: u8,
    /// Its registered name, for example `unknown_ca`.
    pub name: String,
}

/// The ending of one connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Ending {
    /// What ended it.
    pub kind: EndingKind,
    /// The alert that went with it, if one did.
    pub alert: Option<Alert>,
    /// Who sent the alert or closed.
    pub sent_by: Option<Party>,
    /// How far it had come.
    pub phase: Phase,
    /// The cause in words: limits with their values, the library's text; empty when there is nothing to add.
    pub detail: String,
}

/// Why we refused a peer, where our own judgement did and not the TLS library's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// For this problem of its chain.
    Chain(Problem),
    /// For what the verifiers asked refuse, though the rules have nothing against it.
    Verifiers(StackReason),
    /// For want of an anchor to judge its chain by.
    NoAnchor,
    /// Its signature over the handshake does not hold, or could not be checked.
    Signature,
}
