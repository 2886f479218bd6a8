//! What a judgement depends on besides the facts: the moment, what was asked, what counts as
//! trusted.
//!
//! For: rules and the engine. Must not: read the clock or the environment; `cli` does that once and
//! passes the answer.

use jiff::Timestamp;

use crate::{facts::Side, profiles::Profile};

/// The surroundings of one judgement.
#[derive(Clone, Debug)]
pub struct Context {
    /// The moment to judge at (`--at-time`, else the clock).
    pub now: Timestamp,
    /// Whether any trust anchor for client certificates was at hand.
    pub anchors_given: bool,
    /// Where those anchors came from, in words for a message: `clients.pem`, `the system's store`.
    pub anchors_origin: String,
    /// Whether a bad client certificate is refused (`--enforce`) or only shown.
    pub enforce: bool,
    /// OpenSSL's `-verify N` depth, where it was given: an error deeper than this ends the
    /// handshake.
    pub verify_depth: Option<u32>,
    /// The file that has the trust anchor of the server's own chain, where one lies at hand and was
    /// not named (`--pki DIR` without `--cacert`).
    pub anchors_at_hand: Option<String>,
    /// Host names that the chain has to be valid for (`--host`).
    pub hosts: Vec<String>,
    /// The side whose deployment is judged (`--role`); `None` when each chain's own extensions
    /// decide.
    pub role: Option<Side>,
    /// The sender that client-CA files are judged for (`--profile`).
    pub profile: Option<&'static Profile>,
    /// Whether nobody named that sender, so that a server need not be meant for it.
    pub profile_assumed: bool,
    /// Whether every webhook request has to carry a bearer token that holds (`--verify-token`).
    pub verify_token: bool,
    /// Session parameters that every webhook request has to carry (`--expect-parameter`), name and
    /// value.
    pub expected_parameters: Vec<(String, String)>,
    /// A certificate with fewer days left is warned about (`--warn-days`), but never more than a
    /// third of its own lifetime.
    pub warn_days: u32,
    /// Whether whoever made the call said so: then a short lifetime does not shorten it.
    pub warn_days_said: bool,
    /// A certificate with fewer days left is an error (`--fail-days`), with the same bound.
    pub fail_days: u32,
    /// The same of `fail_days`.
    pub fail_days_said: bool,
}

impl Context {
    /// With days that somebody said, each in place of the usual ones.
    pub fn with_days(self, warn: Option<u32>, fail: Option<u32>) -> Self {
        Self {
            warn_days: warn.unwrap_or(self.warn_days),
            warn_days_said: warn.is_some(),
            fail_days: fail.unwrap_or(self.fail_days),
            fail_days_said: fail.is_some(),
            ..self
        }
    }

    /// A context with nothing given but the moment.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            anchors_given: false,
            anchors_origin: String::new(),
            enforce: false,
            verify_depth: None,
            anchors_at_hand: None,
            hosts: Vec::new(),
            role: None,
            profile: None,
            profile_assumed: false,
            verify_token: false,
            expected_parameters: Vec::new(),
            warn_days: 20,
            warn_days_said: false,
            fail_days: 3,
            fail_days_said: false,
        }
    }
}
