//! How a connection that carried HTTP ended, and whose doing it was.
//!
//! For: `http`. Must not: blame a peer for leaving once it had its answer.

use crate::{
    facts::{Ending, EndingKind, Party, Phase, Side},
    net::{ending, observed::Observed, tap::Capture},
    parse::{
        escape,
        http1::{self, Fault},
        redact,
    },
};

/// An HTTP/2 connection that one of the two ended with GOAWAY (RFC 9113 section 6.8) for an error
/// of the other's.
pub(super) fn goaway(error: &(dyn std::error::Error + 'static), phase: Phase) -> Option<Ending> {
    let mut source = Some(error);
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<h2::Error>() {
            let reason = error
                .reason()
                .filter(|reason| *reason != h2::Reason::NO_ERROR)?;
            let (number, words) = (u32::from(reason), reason.description());
            return Some(if error.is_remote() {
                let detail =
                    format!("it sent HTTP/2 GOAWAY {number} ({words}), RFC 9113 section 7");
                ending::plain(EndingKind::Closed, phase, Some(Party::Peer), detail)
            } else {
                let detail = format!(
                    "HTTP/2 was ended here with GOAWAY {number} ({words}), RFC 9113 section 7"
                );
                ending::plain(EndingKind::ProtocolError, phase, Some(Party::Us), detail)
            });
        }
        source = cause.source();
    }
    None
}

/// An ending in good order, or one that was not a request's place to end.
pub(super) fn finished(observed: &Observed, phase: Phase, copied: &Capture) -> Ending {
    let bytes = copied.total_read;
    let limit = observed.state().http_limit.clone();
    if let Some(limit) = limit {
        return ending::plain(EndingKind::Limit, phase, Some(Party::Us), limit);
    }
    let detail = match (phase, bytes) {
        (Phase::Http, 0) => "the handshake was completed and no HTTP request followed".to_owned(),
        (Phase::Http, bytes) if copied.read.starts_with(PREFACE) => {
            format!("{bytes} bytes of HTTP/2 received, without a complete request")
        }
        (Phase::Http, bytes) => {
            format!("bytes of an unfinished HTTP request that had come: {bytes}")
        }
        _ => String::new(),
    };
    let kind = if phase == Phase::Http && bytes > 0 {
        EndingKind::Closed
    } else {
        EndingKind::Completed
    };
    ending::plain(kind, phase, Some(Party::Peer), detail)
}

/// What an HTTP/2 connection begins with (RFC 9113 section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub(super) fn failed(
    error: &(dyn std::error::Error + 'static),
    observed: &Observed,
    phase: Phase,
    copied: &Capture,
) -> Ending {
    let seen = copied.read.as_slice();
    let mut source = Some(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>()
            && io.get_ref().is_none_or(|inner| !inner.is::<hyper::Error>())
        {
            // A peer that goes away without close_notify after its answer broke nothing that
            // matters here.
            if phase == Phase::Done {
                return ending::plain(
                    EndingKind::Completed,
                    phase,
                    Some(Party::Peer),
                    "closed without close_notify",
                );
            }
            if io.kind() == std::io::ErrorKind::UnexpectedEof && seen.is_empty() {
                return finished(observed, phase, copied);
            }
            if io.kind() == std::io::ErrorKind::Interrupted && observed.state().ending {
                // Ended here, while the first bytes of a request were waited for: no fault of the
                // peer's.
                let detail = "the handshake was completed and no HTTP request followed";
                return ending::plain(EndingKind::Completed, phase, Some(Party::Us), detail);
            }
            return ending::from_io(io, phase, None);
        }
        if let Some(http) = cause.downcast_ref::<hyper::Error>() {
            if http.is_parse()
                && let Some(detail) = malformed(seen)
            {
                return ending::plain(EndingKind::ProtocolError, phase, Some(Party::Peer), detail);
            }
            if http.is_parse_too_large() {
                let limit = observed.plan.limits.header_bytes;
                return ending::plain(
                    EndingKind::Limit,
                    phase,
                    Some(Party::Us),
                    format!(
                        "the request's header section is larger than {limit} bytes or has more than 100 fields, the most that is read"
                    ),
                );
            }
            if http.is_timeout() {
                return ending::plain(
                    EndingKind::TimedOut,
                    phase,
                    Some(Party::Us),
                    format!(
                        "no complete request after {:?}",
                        observed.plan.limits.request
                    ),
                );
            }
            if http.is_parse() {
                let shown = redact::excerpt(seen, 60, observed.plan.show_secrets);
                return ending::plain(
                    EndingKind::ProtocolError,
                    phase,
                    Some(Party::Peer),
                    format!("what followed the handshake is not HTTP: {shown}"),
                );
            }
        }
        source = cause.source();
    }
    if phase == Phase::Done {
        return ending::plain(
            EndingKind::Completed,
            phase,
            Some(Party::Peer),
            escape::text(&error.to_string()),
        );
    }
    ending::plain(
        EndingKind::Closed,
        phase,
        Some(Party::Peer),
        escape::text(&error.to_string()),
    )
}

/// What is wrong with a request that the library refused; `None` where nothing is, or what came is
/// no HTTP at all.
fn malformed(seen: &[u8]) -> Option<String> {
    let fault = http1::fault(seen, Side::Client)?;
    let looks_like_http = seen
        .split(|byte| *byte == b'\n')
        .next()
        .is_some_and(|line| line.windows(5).any(|word| word == b"HTTP/"));
    (fault != Fault::RequestLine || looks_like_http)
        .then(|| format!("the request is malformed: {}", fault.words()))
}
