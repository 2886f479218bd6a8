//! Requests and answers as they came, fit to be sent again: exact bytes, header fields in their
//! order, and in the place of each credential a placeholder that a replay fills.
//!
//! For: recorded cases (`*.case.json`), which have these types as they are. Must not: hold a
//! credential, or a private key: there is no field for one.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Forward;

/// How the bytes of a body are written.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum BodyEncoding {
    /// As text: the bytes are UTF-8.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// In base64 (RFC 4648 section 4): they are not.
    #[serde(rename = "base64")]
    Base64,
}

/// A body as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct RecordedBody {
    /// How `content` is written.
    pub encoding: BodyEncoding,
    /// The bytes, with placeholders for credentials.
    #[schemars(with = "String")]
    pub content: Arc<str>,
    /// How many bytes came, whatever is kept of them.
    pub bytes: u64,
    /// SHA-256 of the bytes as they came, in hexadecimal; `None` where a short credential was
    /// taken out, which the digest would let somebody guess, and where not all bytes were seen.
    pub sha256: Option<String>,
    /// Whether fewer bytes are kept than came.
    pub truncated: bool,
    /// The content coding that was undone to find the credentials in it; `content` is without it
    /// then, and otherwise has the coding that the header fields name.
    pub decoded: Option<String>,
    /// Why nothing, or not all, is kept.
    pub omitted: Option<String>,
}

/// A header field: its name and its value as they came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RecordedHeader(pub String, pub String);

/// A request as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct RecordedRequest {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The Host field or `:authority`.
    pub authority: String,
    /// `HTTP/1.0`, `HTTP/1.1` or `HTTP/2`.
    pub http_version: String,
    /// The header fields, in order; names in lower case, as HTTP/2 has them.
    pub headers: Vec<RecordedHeader>,
    /// The body.
    pub body: RecordedBody,
}

/// Who made an answer.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum AnsweredBy {
    /// The application behind (`--forward-to`).
    Application,
    /// This program.
    #[default]
    Mtls,
    /// A file (`--respond`).
    File,
}

/// An answer as it went out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct RecordedAnswer {
    /// The status code.
    pub status: u16,
    /// The version of HTTP that it was made in.
    pub http_version: String,
    /// The header fields, in order.
    pub headers: Vec<RecordedHeader>,
    /// The body.
    pub body: RecordedBody,
    /// Who made it.
    pub by: AnsweredBy,
}

/// A credential that was taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Redaction {
    /// The name between `<<` and `>>`.
    pub name: String,
    /// Where it was found first: `request.headers.authorization`.
    #[serde(rename = "where")]
    pub place: String,
    /// What it looked like, without what it was: `JWT RS256, 719 characters`.
    pub shape: String,
    /// The beginning of an HMAC-SHA256 of it, keyed with a random value of the run: the same
    /// credential of two calls has the same one, and nobody can tell which it was.
    pub sha256_8: String,
}

/// A request and its answer, as they came.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RecordedExchange {
    /// When its head was read.
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// The request.
    #[serde(default)]
    pub request: RecordedRequest,
    /// The leg to the application behind, where there is one.
    #[serde(default)]
    pub forward: Option<Forward>,
    /// The answer; `None` when nobody waited for one.
    #[serde(default)]
    pub answer: Option<RecordedAnswer>,
    /// What its bytes take of the room for recordings.
    #[serde(skip)]
    pub room: Vec<Arc<Room>>,
}

impl PartialEq for RecordedExchange {
    fn eq(&self, other: &Self) -> bool {
        self.started == other.started
            && self.request == other.request
            && self.forward == other.forward
            && self.answer == other.answer
    }
}

/// Bytes that count as used for as long as this lives.
#[derive(Debug)]
pub struct Room {
    used: Arc<AtomicU64>,
    bytes: u64,
}

impl Room {
    /// Takes so many bytes of `most`, or none.
    pub fn take(used: &Arc<AtomicU64>, bytes: u64, most: u64) -> Option<Self> {
        used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
            used.checked_add(bytes).filter(|&used| used <= most)
        })
        .ok()?;
        Some(Self {
            used: Arc::clone(used),
            bytes,
        })
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// What a client's certificate was judged by, and with what it began: enough to judge it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The first bytes of the connection, as far as the ClientHello goes, records and all.
    pub client_hello: Vec<u8>,
    /// The anchors that the chain could have led to; all of them where there are few.
    pub anchors: Vec<Arc<super::Certificate>>,
    /// How many there were.
    pub anchors_total: usize,
    /// The moment that certificates were judged at.
    pub judged_at: Timestamp,
    /// Whether a certificate that did not verify was refused.
    pub enforce: bool,
    /// Whether an anchor need not be self-signed.
    pub partial_chain: bool,
    /// The credentials that were taken out of its requests and answers.
    pub redactions: Vec<Redaction>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_given_back_once_and_never_more_than_there_is() {
        let used = Arc::new(AtomicU64::new(0));
        let first = Room::take(&used, 60, 100).unwrap();
        assert!(Room::take(&used, 41, 100).is_none());
        drop(first);
        assert_eq!(used.load(Ordering::Relaxed), 0);
        assert!(Room::take(&used, u64::MAX, 100).is_none());
    }
}
