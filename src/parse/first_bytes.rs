//! What the first bytes of a connection are.
//!
//! For: `net`, which must tell TLS from what else finds its way to the port before it starts a
//! handshake. Must not: wait for more bytes than are needed to tell, look at more than the
//! beginning, or judge.

use std::ops::ControlFlow;

use super::{escape, redact};
use crate::facts::{FirstBytes, ProxyHeader};

mod proxy;

/// The answer so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sniff {
    /// More bytes are needed to tell.
    NeedMore,
    /// A PROXY header of `length` bytes stands first; call again on what follows it.
    Proxy {
        /// What it says.
        header: ProxyHeader,
        /// Its length in bytes.
        length: usize,
    },
    /// Known.
    Known(FirstBytes),
}

/// How many characters are kept of a request line or banner.
const SHOWN: usize = 200;

/// Bytes that surely hold [`SHOWN`] characters (UTF-8 takes four a character at most).
const SHOWN_BYTES: usize = SHOWN * 4;

/// How many bytes are kept of something unknown.
const UNKNOWN_BYTES: usize = 32;

/// How long a method may be. The longest registered one has 17 letters (`UPDATEREDIRECTREF`).
const METHOD: usize = 20;

/// The first line of the HTTP/2 connection preface (RFC 9113 section 3.4), which no HTTP/1 client
/// sends.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n";

/// What one kind of beginning has to say: `Break` that it is this, `Continue` whether it may still
/// become this.
type Answer = ControlFlow<Sniff, May>;

/// Whether more bytes could make it this kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum May {
    Not,
    Yet,
}

/// Names the beginning of a connection. `ended` says that no more bytes will come, so that an
/// answer must be given.
///
/// Every call looks at 800 bytes at most, and a PROXY version 2 header is skipped by its length.
pub fn sniff(bytes: &[u8], ended: bool) -> Sniff {
    if bytes.is_empty() {
        return match ended {
            true => Sniff::Known(FirstBytes::Nothing),
            false => Sniff::NeedMore,
        };
    }
    let mut wait = false;
    for kind in [
        proxy::version2,
        proxy::version1,
        tls,
        ssl2,
        http2,
        ssh,
        http1,
    ] {
        match kind(bytes, ended) {
            ControlFlow::Break(known) => return known,
            ControlFlow::Continue(may) => wait |= may == May::Yet,
        }
    }
    match wait && !ended {
        true => Sniff::NeedMore,
        false => unknown(bytes),
    }
}

fn unknown(bytes: &[u8]) -> Sniff {
    Sniff::Known(unnamed(bytes))
}

/// Bytes that are none of what has a name here.
pub fn unnamed(bytes: &[u8]) -> FirstBytes {
    let hex = bytes
        .iter()
        .take(UNKNOWN_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    FirstBytes::Unknown { hex }
}

/// Whether `bytes` begin with `wanted` (`Some(true)`), may come to (`None`), or do not.
fn begins(bytes: &[u8], wanted: &[u8]) -> Option<bool> {
    let common = bytes.len().min(wanted.len());
    match bytes.get(..common) == wanted.get(..common) {
        true if bytes.len() >= wanted.len() => Some(true),
        true => None,
        false => Some(false),
    }
}

/// A handshake record: 0x16, then a version of which only the first byte counts (RFC 5246 appendix
/// E.1, RFC 8446 section 5.1).
fn tls(bytes: &[u8], _ended: bool) -> Answer {
    match bytes {
        [0x16, 0x03, _, ..] => ControlFlow::Break(Sniff::Known(FirstBytes::Tls)),
        [0x16] | [0x16, 0x03] => ControlFlow::Continue(May::Yet),
        _ => ControlFlow::Continue(May::Not),
    }
}

/// A two-byte length with its top bit set, message type 1, and a version (RFC 5246 appendix E.2).
fn ssl2(bytes: &[u8], _ended: bool) -> Answer {
    match bytes {
        [0x80..=0xff, _, 0x01, 0x03, 0..=4, ..] | [0x80..=0xff, _, 0x01, 0x00, 0x02, ..] => {
            ControlFlow::Break(Sniff::Known(FirstBytes::Ssl2Hello))
        }
        [0x80..=0xff]
        | [0x80..=0xff, _]
        | [0x80..=0xff, _, 0x01]
        | [0x80..=0xff, _, 0x01, 0x00 | 0x03] => ControlFlow::Continue(May::Yet),
        _ => ControlFlow::Continue(May::Not),
    }
}

fn http2(bytes: &[u8], _ended: bool) -> Answer {
    match begins(bytes, PREFACE) {
        Some(true) => ControlFlow::Break(Sniff::Known(FirstBytes::PlainHttp2)),
        Some(false) => ControlFlow::Continue(May::Not),
        None => ControlFlow::Continue(May::Yet),
    }
}

/// `SSH-` and the rest of the line.
fn ssh(bytes: &[u8], ended: bool) -> Answer {
    match begins(bytes, b"SSH-") {
        Some(true) => match first_line(bytes, ended) {
            Some(banner) => ControlFlow::Break(Sniff::Known(FirstBytes::Ssh { banner })),
            None => ControlFlow::Continue(May::Yet),
        },
        Some(false) => ControlFlow::Continue(May::Not),
        None => ControlFlow::Continue(May::Yet),
    }
}

/// A method in upper case, a space and the rest of the line.
fn http1(bytes: &[u8], ended: bool) -> Answer {
    let letters = bytes
        .iter()
        .take(METHOD + 1)
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    match bytes.get(letters) {
        None if letters <= METHOD => ControlFlow::Continue(May::Yet),
        Some(b' ') if (1..=METHOD).contains(&letters) => match first_line(bytes, ended) {
            Some(request_line) => {
                ControlFlow::Break(Sniff::Known(FirstBytes::PlainHttp { request_line }))
            }
            None => ControlFlow::Continue(May::Yet),
        },
        _ => ControlFlow::Continue(May::Not),
    }
}

/// The first line, credentials taken out.
fn first_line(bytes: &[u8], ended: bool) -> Option<String> {
    whole_line(bytes, ended).map(|line| redact::text(&line).into_owned())
}

/// The first line, escaped and cut, as soon as its end is there or as many characters of it as are
/// shown.
fn whole_line(bytes: &[u8], ended: bool) -> Option<String> {
    let head = bytes.get(..SHOWN_BYTES).unwrap_or(bytes);
    let cut = |line: &[u8]| escape::line(line).chars().take(SHOWN).collect::<String>();
    if let Some(end) = head.iter().position(|byte| *byte == b'\n') {
        let line = head.get(..end).unwrap_or(head);
        return Some(cut(line.strip_suffix(b"\r").unwrap_or(line)));
    }
    if ended || head.len() == SHOWN_BYTES {
        return Some(cut(head));
    }
    // What may be the first part of a character, or of the line's end, does not count yet.
    let last = head.iter().rposition(|byte| byte & 0xc0 != 0x80);
    let sure = match last.and_then(|last| head.split_at_checked(last)) {
        Some((sure, [b'\r' | 0xc0..=0xff, ..])) => sure,
        _ => head,
    };
    let line = cut(sure);
    (line.chars().count() == SHOWN).then_some(line)
}

#[cfg(test)]
mod tests;
