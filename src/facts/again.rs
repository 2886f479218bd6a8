//! A request that an application has had and may be sent again (`listen --ui`).
//!
//! For: the live page of a listener that passes requests on. It holds credentials. Must not: be
//! written anywhere, or be shown: it lives as long as the page keeps its connection.

use std::{fmt, sync::Arc};

use jiff::Timestamp;

use super::{ForwardError, Room};

/// A request as it was passed on, credentials included, and what was answered.
#[derive(Clone)]
pub struct Again {
    /// The method.
    pub method: String,
    /// The URL that was called.
    pub url: String,
    /// The header fields, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
    /// The answer.
    pub answered: Answered,
    /// What it takes of the room for all that the page keeps.
    pub room: Arc<Room>,
}

impl PartialEq for Again {
    fn eq(&self, other: &Self) -> bool {
        let head = |one: &Self| (one.method.clone(), one.url.clone());
        head(self) == head(other)
            && self.headers == other.headers
            && self.body == other.body
            && self.answered == other.answered
    }
}

impl fmt::Debug for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Again")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// What tells one answer from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// Length of the body, in bytes.
    pub bytes: usize,
    /// SHA-256 of the body, in hexadecimal.
    pub sha256: String,
}

/// A request that was sent again.
#[derive(Clone, Debug)]
pub struct Resent {
    /// When.
    pub at: Timestamp,
    /// How long it took until the answer was whole, in milliseconds.
    pub ms: u64,
    /// What came of it.
    pub came: Result<Answered, ForwardError>,
}
