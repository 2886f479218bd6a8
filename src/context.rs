//! What a judgement depends on besides the facts: the moment, what was asked, what counts as
//! trusted.
//!
//! For: rules and the engine. Must not: read the clock or the environment; `cli` does that once and
//! passes the answer.

use jiff::Timestamp;

use crate::{facts::Side, profiles::Profile};

/// Identities of which a client's certificate has to have one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedIdentity {
    /// Common names of the subject.
    pub common_names: Vec<String>,
    /// Organizational units of the subject.
    pub units: Vec<String>,
    /// DNS names among the alternative names.
    pub dns: Vec<String>,
    /// URIs among them; `*` stands for a segment, `**` at the end for any number.
    pub uris: Vec<String>,
    /// SHA-256 of the public key (SubjectPublicKeyInfo), in lower-case hexadecimal.
    pub spki: Vec<String>,
}

impl ExpectedIdentity {
    /// Whether nobody in particular is expected.
    pub fn is_empty(&self) -> bool {
        self.lists().iter().all(|(_, list)| list.is_empty())
    }

    /// The identities in words: `CN a or URI spiffe://b/c`.
    pub fn words(&self) -> String {
        let lists = self.lists();
        let each = lists
            .iter()
            .flat_map(|(kind, list)| list.iter().map(move |one| format!("{kind} {one}")));
        each.collect::<Vec<_>>().join(" or ")
    }

    fn lists(&self) -> [(&'static str, &[String]); 5] {
        [
            ("CN", &self.common_names),
            ("OU", &self.units),
            ("DNS", &self.dns),
            ("URI", &self.uris),
            ("public key", &self.spki),
        ]
    }
}

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
    /// How this run reached its webhook, as flags of a shell command with a space before each
    /// (`--pki pki --cacert ca.pem --resolve …`): what a command that calls again needs too.
    pub reached_by: String,
    /// Which clients it called as, in the same form (`--matrix`).
    pub called_as: String,
    /// Whether the trust anchors for the webhook's certificate were named (`--cacert`), not the public
    /// roots.
    pub cacert_given: bool,
    /// Whether a folder of `mtls pki` was named, so that its clients are there.
    pub pki_given: bool,
    /// The caller's own client certificate, as a word of a shell command.
    pub client_file: Option<String>,
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
    /// Whom a client has to be by its certificate (`--allow-cn` and the like); one of them does.
    pub expected_identity: ExpectedIdentity,
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
            reached_by: String::new(),
            called_as: String::new(),
            cacert_given: false,
            pki_given: false,
            client_file: None,
            hosts: Vec::new(),
            role: None,
            profile: None,
            profile_assumed: false,
            verify_token: false,
            expected_parameters: Vec::new(),
            expected_identity: ExpectedIdentity::default(),
            warn_days: 20,
            warn_days_said: false,
            fail_days: 3,
            fail_days_said: false,
        }
    }
}
