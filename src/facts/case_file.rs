//! The file of a recorded case: one connection, what its client was judged by, what was asked and
//! answered.
//!
//! For: `render::json`, which writes it, and `parse::case`, which reads it: one type, so that they
//! agree. Keys are added and never changed; a reader passes over those that it does not know. Must
//! not: have a field for a private key.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{RecordedExchange, Redaction, TrustStatus};

/// What `kind` says.
pub const CASE_KIND: &str = "case";

/// The program that wrote a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct WrittenBy {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// An anchor that a client's chain was judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct CaseAnchor {
    /// SHA-256 of its DER, in hexadecimal.
    pub sha256: String,
    /// Its subject.
    pub subject: String,
    /// The certificate.
    pub pem: String,
}

/// What was presented and what it was judged by: enough to judge it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct CaseEvidence {
    /// The records of the ClientHello, in base64; empty when there was none.
    pub client_hello: String,
    /// The client's certificates as it sent them, PEM.
    pub client_chain: Vec<String>,
    /// The server's own, PEM.
    pub server_chain: Vec<String>,
    /// The anchors that the client's chain could have led to; all of them where there are few.
    pub anchors: Vec<CaseAnchor>,
    /// How many anchors there were.
    pub anchors_total: usize,
    /// Where they came from, in words.
    pub anchors_origin: String,
    /// The moment that certificates were judged at.
    #[schemars(with = "Option<String>")]
    pub judged_at: Option<Timestamp>,
    /// Whether a certificate that did not verify was refused.
    pub enforce: bool,
    /// Whether an anchor need not be self-signed.
    pub partial_chain: bool,
}

/// A recorded case; `connection` is the object that `--format jsonl` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CaseFile<C> {
    /// The version of the file's shape.
    pub schema_version: String,
    /// `case`.
    pub kind: String,
    /// Who wrote it.
    #[serde(default)]
    pub tool: WrittenBy,
    /// What to call it: when it began, and which connection of its run it was.
    #[serde(default)]
    pub id: String,
    /// The command that saw it.
    #[serde(default)]
    pub recorded_by: String,
    /// The connection, as it was judged then.
    pub connection: C,
    /// What it can be judged by again.
    #[serde(default)]
    pub evidence: CaseEvidence,
    /// Requests and their answers, in order; none where the handshake failed.
    #[serde(default)]
    pub exchanges: Vec<RecordedExchange>,
    /// The credentials that were taken out of them.
    #[serde(default)]
    pub redactions: Vec<Redaction>,
}

/// How a client's chain was judged when its case was recorded, beside how it is judged now.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Then {
    /// The case.
    pub id: String,
    /// Who wrote it.
    pub by: WrittenBy,
    /// The moment that certificates were judged at.
    #[schemars(with = "Option<String>")]
    pub judged_at: Option<Timestamp>,
    /// What was said of the client's chain; `None` where none was judged.
    pub status: Option<TrustStatus>,
    /// Why it was not trusted, in words.
    pub why: Option<String>,
    /// How the connection ended, as the case has it.
    pub ending: Option<String>,
    /// How many requests it carried.
    pub exchanges: usize,
}
