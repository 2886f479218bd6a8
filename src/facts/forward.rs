//! What became of a request that was passed on to an application (`listen --forward-to`).

use serde::{Deserialize, Serialize};

/// What an application failed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardFault {
    /// There was no connection to it: refused, no route, no such name, a TLS handshake that failed.
    Down,
    /// It did not answer, or did not go on with its answer, within `--forward-timeout`.
    Slow,
    /// It closed the connection before its answer was whole.
    BrokeOff,
}

/// Why a request has no whole answer of the application's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ForwardError {
    /// What it failed in.
    pub kind: ForwardFault,
    /// In words, with the address: `connection refused 127.0.0.1:3000`.
    pub why: String,
}

/// When things happened, in whole milliseconds after the request's header section was there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct ForwardTimings {
    /// The request's body was passed on whole.
    pub sent: Option<u64>,
    /// The header section of the application's answer was there.
    pub answer: Option<u64>,
    /// Its answer was whole, or given up.
    pub total: Option<u64>,
}

/// A request passed on to an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Forward {
    /// The URL it was passed on to, credentials redacted.
    pub to: String,
    /// The status that the application answered with; `None` where it gave none.
    pub status: Option<u16>,
    /// Why there is no whole answer.
    pub error: Option<ForwardError>,
    /// When things happened.
    pub timings_ms: ForwardTimings,
    /// Names of header fields about a client certificate that came from outside and were removed, lower case.
    pub removed: Vec<String>,
}
