//! What is recorded of a connection: requests and answers as they came, credentials replaced, and
//! what its client was judged by.
//!
//! For: `http`, which hands over what it reads and writes, and `observed`, which puts it into the
//! case. Must not: keep a credential, hold more than its room, or keep a request waiting.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicU64},
};

use aws_lc_rs::digest::{self, SHA256};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::{HeaderMap, Version, header, http::request::Parts};
use jiff::Timestamp;

use super::{body::Decoded, http::version_name, plan::Plan};
use crate::{
    facts::{
        AnsweredBy, BodyEncoding, Certificate, Evidence, RecordedAnswer, RecordedBody,
        RecordedExchange, RecordedHeader, RecordedRequest, Redaction, Room,
    },
    parse::{cert::der, hello, redact::Placeholders},
};

/// Anchors that are recorded whole, however far they are from the chain.
const FEW: usize = 32;
/// Anchors that are recorded at most.
const MOST_ANCHORS: usize = 64;

/// That connections are recorded, and how much of them may wait to be written.
#[derive(Clone)]
pub struct Recording {
    salt: [u8; 32],
    used: Arc<AtomicU64>,
    most: u64,
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording")
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}

impl Recording {
    /// Recordings of which at most so many bytes are held at once. The salt is the run's, and
    /// random.
    pub fn new(salt: [u8; 32], most: u64) -> Self {
        Self {
            salt,
            used: Arc::default(),
            most,
        }
    }
}

/// The recorder of one connection.
pub(super) struct CallRecorder {
    plan: Recording,
    show_secrets: bool,
    places: Placeholders,
}

/// A body, and the room it takes.
pub(super) type Kept = (RecordedBody, Option<Arc<Room>>);

impl CallRecorder {
    /// One, where the plan asks for it.
    pub(super) fn of(plan: &Plan) -> Option<Self> {
        let recording = plan.record.clone()?;
        Some(Self {
            places: Placeholders::new(&recording.salt),
            plan: recording,
            show_secrets: plan.show_secrets,
        })
    }

    /// A request of which the head was there then.
    pub(super) fn begin(&self, head: &Parts, started: Timestamp) -> Box<RecordedExchange> {
        let target = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let host = head.headers.get(header::HOST);
        let authority = match (head.uri.authority(), host) {
            (Some(authority), _) => authority.as_str().to_owned(),
            (None, Some(host)) => String::from_utf8_lossy(host.as_bytes()).into_owned(),
            (None, None) => String::new(),
        };
        let headers = self.headers("request.headers", &head.headers);
        let target = match self.show_secrets {
            true => target.to_owned(),
            false => self.places.target("request.target", target),
        };
        let heads = headers.iter().map(|one| one.0.len() + one.1.len());
        let room = self.room(target.len() + heads.sum::<usize>());
        Box::new(RecordedExchange {
            started,
            request: RecordedRequest {
                method: head.method.as_str().to_owned(),
                target,
                authority,
                http_version: version_name(head.version).to_owned(),
                // What has no room is not kept, and a replay cannot be made of it: its body says so.
                headers: room.as_ref().map(|_| headers).unwrap_or_default(),
                body: RecordedBody::default(),
            },
            forward: None,
            answer: None,
            room: room.into_iter().collect(),
        })
    }

    /// The body of a request: its bytes as they came, with their content coding undone beside
    /// them; `problem` says why they are not all.
    pub(super) fn request_body(
        &self,
        original: &[u8],
        decoded: &Decoded,
        problem: Option<&str>,
    ) -> Kept {
        self.body("request.body", original, decoded, problem)
    }

    /// An answer.
    pub(super) fn answer(
        &self,
        exchange: &mut RecordedExchange,
        (status, version): (u16, Version),
        headers: &HeaderMap,
        (original, decoded, problem): (&[u8], &Decoded, Option<&str>),
        by: AnsweredBy,
    ) {
        let (body, room) = self.body("answer.body", original, decoded, problem);
        exchange.room.extend(room);
        exchange.answer = Some(RecordedAnswer {
            status,
            http_version: version_name(version).to_owned(),
            headers: self.headers("answer.headers", headers),
            body,
            by,
        });
    }

    /// What was taken out so far.
    pub(super) fn redactions(&self) -> Vec<Redaction> {
        self.places.redactions()
    }

    fn headers(&self, place: &str, fields: &HeaderMap) -> Vec<RecordedHeader> {
        fields
            .iter()
            .map(|(name, value)| {
                let text = String::from_utf8_lossy(value.as_bytes());
                let value = match self.show_secrets {
                    true => text.into_owned(),
                    false => self.places.header(place, name.as_str(), &text),
                };
                RecordedHeader(name.as_str().to_owned(), value)
            })
            .collect()
    }

    fn room(&self, bytes: usize) -> Option<Arc<Room>> {
        Room::take(&self.plan.used, bytes as u64, self.plan.most).map(Arc::new)
    }

    fn body(&self, place: &str, original: &[u8], decoded: &Decoded, problem: Option<&str>) -> Kept {
        let sha256 = || der::hex_lower(digest::digest(&SHA256, original).as_ref());
        let mut kept = RecordedBody {
            bytes: original.len() as u64,
            truncated: problem.is_some(),
            omitted: problem.map(str::to_owned),
            ..RecordedBody::default()
        };
        if original.is_empty() {
            kept.sha256 = (!kept.truncated).then(sha256);
            return (kept, None);
        }
        let (changed, safe) = if self.show_secrets {
            (None, true)
        } else if let Some(unread) = &decoded.problem {
            kept.omitted = Some(format!(
                "the body is not kept: {unread}, so credentials in it could not be found"
            ));
            kept.truncated = true;
            return (kept, None);
        } else {
            self.places.body(place, &decoded.bytes)
        };
        // Four thirds, where it is base64.
        let taken = changed.as_deref().map_or(original.len(), <[u8]>::len);
        let Some(room) = self.room(taken + taken / 3) else {
            kept.omitted = Some(format!(
                "the body is not kept: recordings that wait to be written take up to {} bytes",
                self.plan.most
            ));
            kept.truncated = true;
            return (kept, None);
        };
        kept.sha256 = (safe && !kept.truncated).then(sha256);
        if changed.is_some() {
            kept.decoded.clone_from(&decoded.coding);
        }
        let (encoding, content) = written(changed.as_deref().unwrap_or(original));
        (kept.encoding, kept.content) = (encoding, content.into());
        (kept, Some(room))
    }
}

/// Bytes as text where they are UTF-8, else in base64.
fn written(bytes: &[u8]) -> (BodyEncoding, String) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (BodyEncoding::Utf8, text.to_owned()),
        Err(_) => (BodyEncoding::Base64, STANDARD.encode(bytes)),
    }
}

/// What is needed to judge this chain again.
pub(super) fn evidence(
    plan: &Plan,
    recorder: &CallRecorder,
    chain: &[Arc<Certificate>],
    read: &[u8],
    judged_at: Timestamp,
) -> Evidence {
    let all = plan.anchors.certificates();
    let anchors = match all.len() {
        0..=FEW => all.to_vec(),
        _ => {
            let mut near = plan.anchors.near(chain);
            near.truncate(MOST_ANCHORS);
            near
        }
    };
    let hello = hello::length(read).and_then(|length| read.get(..length));
    Evidence {
        client_hello: hello.unwrap_or_default().to_vec(),
        anchors_total: all.len(),
        anchors,
        judged_at,
        enforce: plan.enforce,
        partial_chain: plan.partial_chain,
        redactions: recorder.redactions(),
    }
}
