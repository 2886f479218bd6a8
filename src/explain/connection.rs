//! Which connection a line of a log speaks of, and how connections ended: a log of a server is of
//! as many clients as called it.
//!
//! For: `log`. Must not: keep lines, or grow with the log.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Specificity, log::Key};

/// Connections that are remembered at once; of one that is forgotten the count stays.
const OPEN: usize = 1024;
/// Different addresses that are told apart, over all failures.
const ADDRESSES: usize = 200_000;
/// How many lines behind a line with a name a line without one may stand to be of the same
/// connection.
const BEHIND: u64 = 3;

/// The same for the last line of a trace behind its heading: as many others as are remembered may
/// write theirs in between, each some five lines that are not indented.
const HEADED: u64 = 5 * HEADINGS as u64;
/// Headings that are remembered.
const HEADINGS: usize = 32;

/// What a line says of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The connection: what the stack numbers it by, or address and port.
    connection: u64,
    /// The other side's address, where it stands there.
    address: Option<u64>,
}

/// A failure that connections had.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) connections: u64,
    pub(super) addresses: HashSet<u64>,
    /// The first line of the first connection that had it.
    pub(super) line: u64,
    /// Lines that tell it and name no connection, each counted for what tells most in it.
    pub(super) loose: u64,
    /// The first of them.
    pub(super) first_loose: u64,
    /// That line, cut to a bearable length.
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    best: Key,
    telling: Specificity,
    line: u64,
    address: Option<u64>,
}

/// A failure in lines of no named connection.
#[derive(Clone, Debug)]
struct Loose {
    best: Key,
    telling: Specificity,
    line: u64,
    begun: u64,
    /// The line, where it is the first of its kind.
    text: Option<String>,
}

/// The connections of a log.
#[derive(Debug, Default)]
pub(super) struct Connections {
    open: HashMap<u64, Open>,
    order: VecDeque<u64>,
    last: Option<(u64, Name)>,
    /// Headings of traces that have not ended.
    headings: VecDeque<(u64, Name)>,
    /// The last failure of no named connection, which the next lines may go on.
    loose: Option<Loose>,
    tally: HashMap<Key, Tally>,
    addresses: usize,
}

impl Connections {
    /// Takes the heading of a trace, which names the connection of what follows.
    pub(super) fn heading(&mut self, begun: u64, name: Name) {
        if self.headings.len() >= HEADINGS {
            self.headings.pop_front();
        }
        self.headings.push_back((begun, name));
    }

    /// Takes the end of a trace in which nothing is known: what follows is of the next.
    pub(super) fn trace_ended(&mut self) {
        self.headings.pop_front();
    }

    /// The connection of a line that names none: that of the oldest heading whose trace has not
    /// ended, since threads write theirs into one another, or that of the lines just before it.
    fn of_before(&mut self, begun: u64, ends_trace: bool) -> Option<Name> {
        while self
            .headings
            .front()
            .is_some_and(|(at, _)| begun - at > HEADED)
        {
            self.headings.pop_front();
        }
        if let Some(&(_, name)) = self.headings.front() {
            if ends_trace {
                self.headings.pop_front();
            }
            return Some(name);
        }
        let (at, name) = self.last?;
        (begun - at <= BEHIND).then_some(name)
    }

    /// Takes what stands in a line, which may name its connection and may go on with the one before;
    /// the line has a number, and one among those that go on with no other.
    pub(super) fn line(
        &mut self,
        (line, begun): (u64, u64),
        name: Option<Name>,
        found: &[(Key, Specificity)],
        goes_on: bool,
        text: impl FnOnce() -> String,
    ) {
        let Some(name) = name.or_else(|| self.of_before(begun, !goes_on)) else {
            self.loose((line, begun), found, text);
            return;
        };
        // Envoy's verifier says first, without a name, what its connection says next.
        if let Some(loose) = self.loose.take() {
            let told = found.iter().any(|&((entry, _), _)| entry == loose.best.0);
            if !told || begun - loose.begun > 1 {
                self.count_loose(loose);
            }
        }
        self.last = Some((begun, name));
        for &(key, telling) in found {
            if let Some(open) = self.open.get_mut(&name.connection) {
                if telling > open.telling {
                    (open.best, open.telling, open.line) = (key, telling, line);
                }
                open.address = open.address.or(name.address);
                continue;
            }
            if self.order.len() >= OPEN
                && let Some(oldest) = self.order.pop_front()
                && let Some(open) = self.open.remove(&oldest)
            {
                self.count(open);
            }
            self.order.push_back(name.connection);
            let open = Open {
                best: key,
                telling,
                line,
                address: name.address,
            };
            self.open.insert(name.connection, open);
        }
    }

    /// Takes what stands in a line of no named connection. What goes on with it is of the same
    /// failure, and the last word of a trace is its reason.
    fn loose(
        &mut self,
        (line, begun): (u64, u64),
        found: &[(Key, Specificity)],
        text: impl FnOnce() -> String,
    ) {
        let Some(&(best, telling)) = found.first() else {
            return;
        };
        // One text a failure is kept, that of its first line.
        let first = self.tally.get(&best).is_none_or(|tally| tally.loose == 0);
        if let Some(open) = self.loose.as_mut().filter(|open| open.begun == begun) {
            if telling >= open.telling {
                (open.best, open.telling, open.line) = (best, telling, line);
                open.text = first.then(text);
            }
            return;
        }
        if let Some(loose) = self.loose.take() {
            self.count_loose(loose);
        }
        self.loose = Some(Loose {
            best,
            telling,
            line,
            begun,
            text: first.then(text),
        });
    }

    fn count_loose(&mut self, loose: Loose) {
        let tally = self.tally.entry(loose.best).or_default();
        if tally.loose == 0 {
            tally.first_loose = loose.line;
            tally.text = loose.text.unwrap_or_default();
        }
        tally.loose += 1;
    }

    fn count(&mut self, open: Open) {
        let tally = self.tally.entry(open.best).or_default();
        tally.connections += 1;
        tally.line = match tally.connections {
            1 => open.line,
            _ => tally.line.min(open.line),
        };
        if let Some(address) = open.address
            && self.addresses < ADDRESSES
            && tally.addresses.insert(address)
        {
            self.addresses += 1;
        }
    }

    /// Every failure, with the connections that had it.
    pub(super) fn finish(mut self) -> HashMap<Key, Tally> {
        if let Some(loose) = self.loose.take() {
            self.count_loose(loose);
        }
        for connection in std::mem::take(&mut self.order) {
            if let Some(open) = self.open.remove(&connection) {
                self.count(open);
            }
        }
        self.tally
    }
}

/// Words of a line that begins a trace and names its connection: those of Python's `socketserver`.
const HEADING: &[u8] = b"processing of request from ('";

/// The connection that the heading of a trace names. Threads write into one another: other words may
/// stand before it.
pub(super) fn heading(line: &[u8]) -> Option<Name> {
    find(line, HEADING).and_then(|_| name(line))
}

/// Whether a line is the last of one of Python's traces: an exception's name, and what it says.
pub(super) fn ends_trace(line: &[u8]) -> bool {
    let named = line
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
        .count();
    let (name, rest) = line.split_at(named);
    let kinds: [&[u8]; 3] = [b"Error", b"Exception", b"timeout"];
    kinds.iter().any(|kind| name.ends_with(kind)) && (rest.is_empty() || rest.starts_with(b": "))
}

/// The connection that a line names.
pub(super) fn name(line: &[u8]) -> Option<Name> {
    let address = addresses(line);
    let number = numbered(line);
    if number.is_none() && address.is_none() {
        return None;
    }
    let (host, port) = address.unzip();
    Some(Name {
        connection: number.unwrap_or_else(|| hash(&(host, port))),
        address: host.map(|host| hash(&host)),
    })
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Words before a number that a stack gives a connection or a request, and what may stand before
/// them: nginx, Envoy, MongoDB, common fields of JSON logs.
const NUMBERED: &[&[u8]] = &[
    b": *",
    b"[C",
    b"\"ctx\":\"conn",
    b"[conn",
    b"ConnectionId\":\"",
    b"connectionId\":",
    b"request_id\":\"",
    b"requestId\":\"",
    b"requestID\":\"",
    b"request_id=",
    b"requestID=",
    b"requestID=\"",
    b"conn_id=",
    b"connection_id=",
];

/// What the stack numbers the connection by.
fn numbered(line: &[u8]) -> Option<u64> {
    NUMBERED.iter().enumerate().find_map(|(kind, words)| {
        let at = find(line, words)? + words.len();
        let digits_only = kind < 6;
        let rest = &line[at..];
        let length = rest
            .iter()
            .take_while(|byte| match digits_only {
                true => byte.is_ascii_digit(),
                false => byte.is_ascii_alphanumeric() || **byte == b'-',
            })
            .count();
        (length > 0).then(|| hash(&(kind, &rest[..length])))
    })
}

fn find(line: &[u8], words: &[u8]) -> Option<usize> {
    line.windows(words.len()).position(|window| window == words)
}

/// Words before an address that is the caller's.
const CALLERS: &[&[u8]] = &[
    b"client: ",
    b"[client ",
    b"error from ",
    b"remote\":\"",
    b"remote-addr\":\"",
    b"remote_addr\":\"",
    b"remoteAddress=/",
    b"rejected connection from \"",
    b"connect from ",
    b"error from unknown",
    b"remote address:",
    HEADING,
];

/// The caller's address and port, where they stand there: behind words that say so, or the first
/// address with a port that is no target.
fn addresses(line: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    for words in CALLERS {
        if let Some(at) = find(line, words)
            && let rest = &line[at + words.len()..]
            && let Some((host, port)) = address(rest)
        {
            // Python writes a pair: `('192.0.2.1', 4000)`.
            let behind = rest[host.len()..].strip_prefix(b"', ").map(|rest| {
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                &rest[..digits]
            });
            return Some((host, port.or(behind)));
        }
    }
    let mut at = 0;
    while at < line.len() {
        let begins = at == 0 || matches!(line[at - 1], b' ' | b'"' | b'(');
        let target = line[..at].ends_with(b"tcp ") || line[..at].ends_with(b" to ");
        if begins
            && !target
            && let Some((host, Some(port))) = address(&line[at..])
        {
            return Some((host, Some(port)));
        }
        at += 1;
    }
    None
}

/// An address, with its port if it has one: `192.0.2.1:80`, `[2001:db8::1]:80`, `name[192.0.2.1]`.
fn address(text: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let text = text.strip_prefix(b"[").unwrap_or(text);
    let length = text
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'))
        .count();
    let host = &text[..length];
    // A colon behind the port is the line's own: `error from 192.0.2.1:4: EOF`.
    let host = host.strip_suffix(b":").unwrap_or(host);
    let dots = host.iter().filter(|byte| **byte == b'.').count();
    let colons = host.iter().filter(|byte| **byte == b':').count();
    if dots == 3 && colons <= 1 {
        let mut parts = host.splitn(2, |byte| *byte == b':');
        let host = parts.next()?;
        let number =
            |part: &[u8]| (1..=3).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
        let whole = host.split(|byte| *byte == b'.').all(number);
        let port = parts
            .next()
            .filter(|port| !port.is_empty() && port.iter().all(u8::is_ascii_digit));
        return whole.then_some((host, port));
    }
    // At least `::1` and the like; a time of day has two colons and no more.
    if colons >= 2 && (find(host, b"::").is_some() || colons >= 5) {
        let port = text[length..].strip_prefix(b"]:").map(|rest| {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            &rest[..digits]
        });
        return Some((host.trim_ascii_end(), port.filter(|port| !port.is_empty())));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        let name = |line: &str| name(line.as_bytes()).map(|name| name.connection);
        name(one).is_some() && name(one) == name(other)
    }

    #[test]
    fn a_connection_is_known_by_what_its_stack_calls_it() {
        for (one, same_one, other) in [
            (
                "2026/11/29 [info] 7#7: *5 client SSL certificate verify error: (20:x), client: 192.0.2.1",
                "2026/11/29 [info] 7#7: *5 closed, client: 192.0.2.1",
                "2026/11/29 [info] 7#7: *6 client SSL certificate verify error: (20:x), client: 192.0.2.1",
            ),
            (
                "[ssl:info] [client 192.0.2.1:4000] AH02008",
                "[ssl:info] [client 192.0.2.1:4000] AH01998",
                "[ssl:info] [client 192.0.2.1:4001] AH02008",
            ),
            (
                "http: TLS handshake error from 192.0.2.1:4: EOF",
                "x 192.0.2.1:4 y",
                "http: TLS handshake error from [2001:db8::1]:4: EOF",
            ),
            ("[debug] [C12] remote", "[C12] x", "[C13] x"),
            (
                "Exception occurred during processing of request from ('192.0.2.1', 4000)",
                "Exception happened during processing of request from ('192.0.2.1', 4000)",
                "Exception occurred during processing of request from ('192.0.2.1', 4001)",
            ),
        ] {
            assert!(same(one, same_one), "{one}");
            assert!(!same(one, other), "{other}");
        }
        for none in [
            "curl: (60) SSL certificate problem",
            "10:00:00 Get https://192.0.2.1:443/ x509: unknown",
            "dial tcp 192.0.2.1:443: connection refused",
            "version 1.2.3.4",
        ] {
            assert_eq!(name(none.as_bytes()), None, "{none}");
        }
    }
}
