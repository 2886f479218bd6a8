//! A request that was passed on, kept to be sent again, and sent again.
//!
//! For: `http`, which keeps it, and the live page, whose button sends it. Must not: send anything
//! that nobody asked for, or keep a body of any length.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Instant,
};

use aws_lc_rs::digest::{self, SHA256};
use hyper::{HeaderMap, Method, body::Bytes};
use jiff::Timestamp;
use reqwest::Url;
use tokio::time::timeout;

use super::{Copied, Target, fault, wait::slow};
use crate::{
    facts::{Again, Answered, ForwardError, Resent, Room},
    parse::cert::der,
};

/// The longest body that is kept, in bytes.
const MOST: usize = 64 * 1024;
/// Bytes of all bodies and header sections that are kept at once.
const MOST_OF_ALL: u64 = 32 << 20;

/// The head of a request that was passed on.
pub(in crate::net) struct Passed {
    method: Method,
    url: Url,
    fields: HeaderMap,
    used: Arc<AtomicU64>,
}

impl Passed {
    /// One that counts in `used` for as long as it is kept.
    pub(in crate::net) fn new(
        method: &Method,
        url: &Url,
        fields: &HeaderMap,
        used: &Arc<AtomicU64>,
    ) -> Self {
        Self {
            used: Arc::clone(used),
            method: method.clone(),
            url: url.clone(),
            fields: fields.clone(),
        }
    }

    /// With what has gone by of its body and its answer; `None` where they are not whole or too
    /// long to keep.
    pub(in crate::net) fn whole(
        self,
        request: &Copied,
        status: u16,
        answer: &Copied,
    ) -> Option<Again> {
        let body = {
            let copy = request.lock();
            let kept = copy.whole.is_some() && copy.cut.is_none() && copy.total <= MOST;
            kept.then(|| copy.bytes.clone())?
        };
        let heads = self.fields.iter();
        let heads: usize = heads
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        let bytes = (body.len() + heads + self.url.as_str().len()) as u64;
        let room = Room::take(&self.used, bytes, MOST_OF_ALL)?;
        let answer = answer.lock();
        Some(Again {
            room: Arc::new(room),
            method: self.method.to_string(),
            url: self.url.to_string(),
            headers: self
                .fields
                .iter()
                .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
                .collect(),
            body,
            answered: Answered {
                status,
                bytes: answer.total,
                sha256: answer.sha256(),
            },
        })
    }
}

impl Target {
    /// Sends a request again, by the way and within the time of the first; `now` is the moment.
    pub async fn again(&self, request: &Again, now: Timestamp) -> Resent {
        let began = Instant::now();
        let came = match timeout(self.time.max(self.connect_time), self.sent(request)).await {
            Ok(came) => came,
            Err(_) => Err(slow(self)),
        };
        Resent {
            at: now,
            ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            came,
        }
    }

    async fn sent(&self, request: &Again) -> Result<Answered, ForwardError> {
        let mut builder = self
            .client
            .request(request.method.parse().unwrap_or(Method::GET), &request.url)
            .body(Bytes::from(request.body.clone()));
        for (name, value) in &request.headers {
            builder = builder.header(name, value.as_slice());
        }
        let failed = |error: reqwest::Error| fault(&error, self);
        let mut response = builder.send().await.map_err(failed)?;
        let (mut bytes, mut seen) = (0, digest::Context::new(&SHA256));
        while let Some(part) = response.chunk().await.map_err(failed)? {
            bytes += part.len();
            seen.update(&part);
        }
        Ok(Answered {
            status: response.status().as_u16(),
            bytes,
            sha256: der::hex_lower(seen.finish().as_ref()),
        })
    }
}
