//! What is wrong with the head of an HTTP/1.x message that an HTTP library refused.
//!
//! For: `net`, whose library says no more than that it could not parse. Must not: decide whether a
//! message is taken (the library did), or repeat a field's value, which may be a credential; of
//! Content-Length the digits are.

use super::escape;
use crate::facts::Side;

/// How much of a name is repeated, in bytes.
const SHOWN: usize = 40;

/// The rule of RFC 9112 (HTTP/1.1) that a message breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A request line that is not method, target and version with a space between.
    RequestLine,
    /// A status line that is not version, status and reason with a space between.
    StatusLine,
    /// White space before the colon of this field.
    SpaceBeforeColon(String),
    /// This field's value goes on in a line that begins with white space.
    Folded(String),
    /// A line without a colon, or with a name that is no token.
    FieldName(String),
    /// A control character in the value of this field.
    FieldValue(String),
    /// A Content-Length that is no number.
    LengthNotANumber(String),
    /// A Content-Length beyond what a 64-bit number, or its reader, holds.
    LengthTooLarge(String),
    /// Two of them that differ.
    LengthsDiffer(String, String),
    /// Transfer-Encoding in HTTP/1.0.
    CodingInHttp10,
    /// A Transfer-Encoding whose last coding is not `chunked`.
    CodingNotChunked,
}

impl Fault {
    /// Where the rule stands.
    pub fn section(&self) -> &'static str {
        match self {
            Self::RequestLine => "RFC 9112 section 3",
            Self::StatusLine => "RFC 9112 section 4",
            Self::SpaceBeforeColon(_) | Self::FieldName(_) => "RFC 9112 section 5.1",
            Self::Folded(_) => "RFC 9112 section 5.2",
            Self::FieldValue(_) => "RFC 9110 section 5.5",
            Self::LengthNotANumber(_) | Self::LengthTooLarge(_) => "RFC 9110 section 8.6",
            Self::LengthsDiffer(..) | Self::CodingNotChunked => "RFC 9112 section 6.3",
            Self::CodingInHttp10 => "RFC 9112 section 6.1",
        }
    }

    /// What is wrong, in words, the rule behind it.
    pub fn words(&self) -> String {
        let what = match self {
            Self::RequestLine => {
                "its first line is not a method, a target and a version with a space between"
                    .to_owned()
            }
            Self::StatusLine => {
                "its first line is not a version, a status and a reason with a space between"
                    .to_owned()
            }
            Self::SpaceBeforeColon(name) => {
                format!("white space between the name of the field `{name}` and its colon")
            }
            Self::Folded(name) => {
                format!("the value of the field `{name}` goes on in a folded line")
            }
            Self::FieldName(name) => format!("`{name}` is not the name of a field"),
            Self::FieldValue(name) => {
                format!("a control character in the value of the field `{name}`")
            }
            Self::LengthNotANumber(value) => {
                format!("its Content-Length `{value}` is not a number")
            }
            Self::LengthTooLarge(value) => {
                format!("its Content-Length {value} is larger than any body can be")
            }
            Self::LengthsDiffer(first, second) => {
                format!("it has two different values of Content-Length, {first} and {second}")
            }
            Self::CodingInHttp10 => {
                "it is HTTP/1.0 and has a Transfer-Encoding, which came with HTTP/1.1".to_owned()
            }
            Self::CodingNotChunked => {
                "the last coding of its Transfer-Encoding is not chunked, so its end is unknown"
                    .to_owned()
            }
        };
        format!("{what} ({})", self.section())
    }
}

/// What follows a head that is in order.
enum Body {
    Length(u64),
    Chunked,
}

/// What is wrong with the first message in `bytes` that breaks a rule; `None` where all that is
/// there keeps those looked at. `from` is who sent them: a client sends requests, a server answers.
pub fn fault(bytes: &[u8], from: Side) -> Option<Fault> {
    let mut rest = bytes;
    loop {
        // An empty line or two may stand before a request (section 2.2).
        while let Some(after) = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")) {
            rest = after;
        }
        if rest.is_empty() {
            return None;
        }
        let (lines, length) = head(rest);
        let body = match broken(&lines, from) {
            Ok(body) => body,
            Err(fault) => return Some(fault),
        };
        let (Side::Client, Some(length)) = (from, length) else {
            return None;
        };
        rest = after(&rest[length..], &body)?;
    }
}

/// The lines of a head and, where it is whole, its length with the empty line behind it.
fn head(bytes: &[u8]) -> (Vec<&[u8]>, Option<usize>) {
    let mut lines = Vec::new();
    let mut at = 0;
    while let Some(end) = bytes[at..].iter().position(|byte| *byte == b'\n') {
        let line = &bytes[at..at + end];
        at += end + 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return (lines, Some(at));
        }
        lines.push(line);
    }
    (lines, None)
}

fn broken(lines: &[&[u8]], from: Side) -> Result<Body, Fault> {
    let Some((first, fields)) = lines.split_first() else {
        return Ok(Body::Length(0));
    };
    let http10 = match from {
        Side::Client => request_line(first).ok_or(Fault::RequestLine)?,
        Side::Server => status_line(first).ok_or(Fault::StatusLine)?,
    };
    let mut name = String::new();
    let mut length: Option<&str> = None;
    let mut coding: Option<bool> = None;
    for field in fields {
        if matches!(field.first(), Some(b' ' | b'\t')) {
            return Err(if name.is_empty() {
                Fault::FieldName(shown(field))
            } else {
                Fault::Folded(name)
            });
        }
        let Some(colon) = field.iter().position(|byte| *byte == b':') else {
            return Err(Fault::FieldName(shown(field)));
        };
        let (own, value) = (&field[..colon], field[colon + 1..].trim_ascii());
        if own.trim_ascii_end().len() < own.len() && own.trim_ascii_end().iter().all(token) {
            return Err(Fault::SpaceBeforeColon(shown(own.trim_ascii_end())));
        }
        if own.is_empty() || !own.iter().all(token) {
            return Err(Fault::FieldName(shown(own)));
        }
        name = shown(own);
        if value
            .iter()
            .any(|byte| byte.is_ascii_control() && *byte != b'\t')
        {
            return Err(Fault::FieldValue(name));
        }
        if own.eq_ignore_ascii_case(b"content-length") {
            // A list of equal ones is allowed (section 6.3).
            for one in value.split(|byte| *byte == b',') {
                length = Some(of_length(one.trim_ascii(), length)?);
            }
        }
        if own.eq_ignore_ascii_case(b"transfer-encoding") {
            let last = value.rsplit(|byte| *byte == b',').next();
            coding = last.map(|last| last.trim_ascii().eq_ignore_ascii_case(b"chunked"));
        }
    }
    match coding {
        Some(_) if http10 => Err(Fault::CodingInHttp10),
        Some(false) if from == Side::Client => Err(Fault::CodingNotChunked),
        Some(_) => Ok(Body::Chunked),
        None => Ok(Body::Length(
            length.and_then(|length| length.parse().ok()).unwrap_or(0),
        )),
    }
}

fn of_length<'a>(value: &'a [u8], before: Option<&'a str>) -> Result<&'a str, Fault> {
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(value).ok().filter(|_| digits);
    let Some(text) = text else {
        return Err(Fault::LengthNotANumber(shown(value)));
    };
    // The largest numbers stand for other things in the library that reads them.
    if text
        .parse::<u64>()
        .is_ok_and(|length| length < u64::MAX - 1)
    {
        match before.filter(|before| before.parse::<u64>() != text.parse::<u64>()) {
            Some(before) => Err(Fault::LengthsDiffer(before.to_owned(), text.to_owned())),
            None => Ok(text),
        }
    } else {
        Err(Fault::LengthTooLarge(shown(value)))
    }
}

/// Whether it is HTTP/1.0; `None` when it is no request line.
fn request_line(line: &[u8]) -> Option<bool> {
    let mut words = line.split(|byte| *byte == b' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let whole = words.next().is_none()
        && !method.is_empty()
        && method.iter().all(token)
        && !target.is_empty()
        && !target.iter().any(u8::is_ascii_control);
    let http10 = http10(version)?;
    whole.then_some(http10)
}

fn status_line(line: &[u8]) -> Option<bool> {
    let mut words = line.splitn(3, |byte| *byte == b' ');
    let (version, status) = (words.next()?, words.next()?);
    let http10 = http10(version)?;
    (status.len() == 3 && status.iter().all(u8::is_ascii_digit)).then_some(http10)
}

fn http10(version: &[u8]) -> Option<bool> {
    match version {
        b"HTTP/1.0" => Some(true),
        b"HTTP/1.1" => Some(false),
        _ => None,
    }
}

/// What follows a body; `None` where its end is not there, or cannot be told.
fn after<'a>(bytes: &'a [u8], body: &Body) -> Option<&'a [u8]> {
    match body {
        Body::Length(length) => bytes.get(usize::try_from(*length).ok()?..),
        Body::Chunked => {
            let mut rest = bytes;
            loop {
                let end = rest.iter().position(|byte| *byte == b'\n')?;
                let size = rest[..end].split(|byte| *byte == b';').next()?;
                let size = std::str::from_utf8(size.trim_ascii()).ok()?;
                let size = usize::from_str_radix(size, 16).ok()?;
                rest = rest.get(end + 1..)?;
                if size == 0 {
                    // Trailers, and the empty line.
                    let (_, length) = head(rest);
                    return rest.get(length?..);
                }
                rest = rest.get(size.checked_add(2)?..)?;
            }
        }
    }
}

/// A character of a token (RFC 9110 section 5.6.2).
fn token(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte)
}

fn shown(bytes: &[u8]) -> String {
    escape::line(&bytes[..bytes.len().min(SHOWN)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &str) -> Option<Fault> {
        fault(
            format!("POST /hook HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n").as_bytes(),
            Side::Client,
        )
    }

    #[test]
    fn each_rule_that_is_broken_is_named_with_its_section() {
        let name = |name: &str| name.to_owned();
        for (fields, fault, section) in [
            (
                "Content-Length : 2",
                Fault::SpaceBeforeColon(name("Content-Length")),
                "5.1",
            ),
            ("X-A: b\r\n folded", Fault::Folded(name("X-A")), "5.2"),
            ("no colon", Fault::FieldName(name("no colon")), "5.1"),
            ("a(b: c", Fault::FieldName(name("a(b")), "5.1"),
            ("X-A: b\u{1}c", Fault::FieldValue(name("X-A")), "5.5"),
            (
                "Content-Length: 2\r\nContent-Length: 3",
                Fault::LengthsDiffer(name("2"), name("3")),
                "6.3",
            ),
            (
                "Content-Length: 2, 3",
                Fault::LengthsDiffer(name("2"), name("3")),
                "6.3",
            ),
            (
                "Content-Length: -1",
                Fault::LengthNotANumber(name("-1")),
                "8.6",
            ),
            (
                "Content-Length: +1",
                Fault::LengthNotANumber(name("+1")),
                "8.6",
            ),
            (
                "Content-Length: 18446744073709551615",
                Fault::LengthTooLarge(name("18446744073709551615")),
                "8.6",
            ),
            (
                "Transfer-Encoding: chunked, gzip",
                Fault::CodingNotChunked,
                "6.3",
            ),
        ] {
            let found = of(fields).unwrap_or_else(|| panic!("{fields}"));
            assert_eq!(found, fault, "{fields}");
            assert!(found.words().contains(section), "{}", found.words());
        }
        let old = b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(fault(old, Side::Client), Some(Fault::CodingInHttp10));
        for line in [
            "GET /",
            "GET  / HTTP/1.1",
            "GET / HTTP/1.2",
            "G(T / HTTP/1.1",
            "\u{16}\u{3}",
        ] {
            let found = fault(format!("{line}\r\n\r\n").as_bytes(), Side::Client);
            assert_eq!(found, Some(Fault::RequestLine), "{line}");
        }
        for line in [
            "HTTP/1.1 20 OK",
            "HTTP/1.1",
            "HTTP/9.9 200 OK",
            "ICY 200 OK",
        ] {
            let found = fault(format!("{line}\r\n\r\n").as_bytes(), Side::Server);
            assert_eq!(found, Some(Fault::StatusLine), "{line}");
        }
    }

    #[test]
    fn what_is_in_order_has_no_fault() {
        for fields in [
            "Content-Length: 0",
            "Content-Length: 2, 2",
            "Transfer-Encoding: gzip, chunked",
            "X-A:\tb",
            "X-Empty:",
        ] {
            assert_eq!(of(fields), None, "{fields}");
        }
        assert_eq!(fault(b"HTTP/1.1 200\r\n\r\n", Side::Server), None);
        assert_eq!(
            fault(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", Side::Server),
            None
        );
        assert_eq!(fault(b"", Side::Client), None);
        assert_eq!(fault(b"GET / HTTP/1.1\r\nHo", Side::Client), None);
    }

    #[test]
    fn the_second_message_is_looked_at_behind_the_body_of_the_first() {
        let bad = "GET / HTTP/1.1\r\nA : b\r\n\r\n";
        for first in [
            "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nA : b",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nA : b\r\n0\r\nT: u\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(fault(first.as_bytes(), Side::Client), None);
            let both = format!("{first}{bad}");
            let wanted = Some(Fault::SpaceBeforeColon("A".to_owned()));
            assert_eq!(fault(both.as_bytes(), Side::Client), wanted, "{first}");
        }
    }

    /// A value may be a credential.
    #[test]
    fn no_value_is_repeated() {
        for fields in [
            "Authorization: Basic c2VjcmV0\r\n folded",
            "Authorization : Basic c2VjcmV0",
            "Authorization: c2VjcmV0\u{1}",
        ] {
            let words = of(fields).unwrap().words();
            assert!(!words.contains("c2VjcmV0"), "{words}");
        }
    }
}
