//! Words of messages, and the one automaton that looks for all of them.
//!
//! For: the dictionary. Must not: know what a pattern means.
//!
//! Text is compared in a plain form: ASCII letters small, `_`, `-` and white space one space. So
//! `CERT_HAS_EXPIRED`, `cert has expired` and a line of Envoy's with underscores are the same
//! words, and `self signed` (OpenSSL 1) is `self-signed` (OpenSSL 3). What a logger escaped is read
//! as it was: `\"` is `"`, `\n` and `\t` are space. A `*` in a pattern stands for anything within
//! the line. Words begin and end where letters and digits do: `alert 4` is not found in `alert 48`.

use aho_corasick::AhoCorasick;

/// The plain form of a line.
pub(super) fn plain(line: &[u8], into: &mut Vec<u8>) {
    into.clear();
    let mut space = true;
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        at += 1;
        let byte = match byte {
            b'_' | b'-' | b'\t' | b'\r' | b'\n' | b' ' => b' ',
            b'\\' => {
                let run = line[at..].iter().take_while(|byte| **byte == b'\\').count();
                match line.get(at + run).map(u8::to_ascii_lowercase) {
                    Some(b'"' | b'\'') => {
                        at += run;
                        continue;
                    }
                    Some(b'u') if let Some(byte) = escaped(&line[at + run + 1..]) => {
                        at += run + 5;
                        byte
                    }
                    Some(b'/') => {
                        at += run + 1;
                        b'/'
                    }
                    Some(b'n' | b't' | b'r') => {
                        at += run + 1;
                        b' '
                    }
                    _ => {
                        into.resize(into.len() + run, b'\\');
                        at += run;
                        b'\\'
                    }
                }
            }
            _ => byte.to_ascii_lowercase(),
        };
        if byte == b' ' {
            if !space {
                into.push(b' ');
            }
            space = true;
        } else {
            space = false;
            into.push(byte);
        }
    }
}

/// The ASCII character of `u003e`, without the `u`: JSON of Go's escapes `<`, `>` and `&` so.
fn escaped(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits.get(..4)?).ok()?;
    let byte = u8::from_str_radix(digits, 16).ok()?;
    match byte {
        b' ' | b'_' | b'-' => Some(b' '),
        b'\\' => None,
        _ => byte.is_ascii_graphic().then(|| byte.to_ascii_lowercase()),
    }
}

/// Where a pattern was found, in bytes of the plain line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit<M> {
    pub(super) meant: M,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug)]
struct Pattern<M> {
    meant: M,
    /// Its pieces between the stars, in order.
    pieces: Vec<Vec<u8>>,
    /// The longest of them, which the automaton looks for.
    anchor: usize,
}

/// Finds every pattern in one pass over a line; `M` is what a pattern stands for.
#[derive(Debug)]
pub(super) struct Automaton<M> {
    /// `None` only when the patterns cannot be built at all, which the tests would show.
    machine: Option<AhoCorasick>,
    patterns: Vec<Pattern<M>>,
}

impl<M: Copy> Automaton<M> {
    pub(super) fn new(patterns: &[(String, M)]) -> Self {
        let patterns: Vec<Pattern<M>> = patterns
            .iter()
            .filter_map(|(words, meant)| {
                let pieces: Vec<Vec<u8>> = words
                    .split('*')
                    .map(|piece| {
                        let mut bytes = Vec::new();
                        plain(piece.as_bytes(), &mut bytes);
                        bytes.trim_ascii().to_vec()
                    })
                    .filter(|piece| !piece.is_empty())
                    .collect();
                let anchor = (0..pieces.len()).max_by_key(|&index| pieces[index].len())?;
                Some(Pattern {
                    meant: *meant,
                    pieces,
                    anchor,
                })
            })
            .collect();
        let anchors = patterns
            .iter()
            .map(|pattern| &pattern.pieces[pattern.anchor]);
        Self {
            machine: AhoCorasick::new(anchors).ok(),
            patterns,
        }
    }

    /// Adds what is found in a plain line to `hits`.
    pub(super) fn find(&self, line: &[u8], hits: &mut Vec<Hit<M>>) {
        let Some(machine) = &self.machine else { return };
        for found in machine.find_overlapping_iter(line) {
            let pattern = &self.patterns[found.pattern().as_usize()];
            if !whole(line, found.start(), found.end()) {
                continue;
            }
            let Some(start) = before(line, &pattern.pieces[..pattern.anchor], found.start()) else {
                continue;
            };
            let Some(end) = after(line, &pattern.pieces[pattern.anchor + 1..], found.end()) else {
                continue;
            };
            hits.push(Hit {
                meant: pattern.meant,
                start,
                end,
            });
        }
    }
}

/// Whether these bytes begin and end where words do.
fn whole(line: &[u8], start: usize, end: usize) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let cuts = |outer: Option<&u8>, inner: Option<&u8>| word(outer) && word(inner);
    let head = start.checked_sub(1).and_then(|at| line.get(at));
    !cuts(head, line.get(start)) && !cuts(line.get(end), line.get(end - 1))
}

/// Bytes that a `*` stands for at most: without an end, a line that repeats the beginning of a
/// pattern would be read again from each of them.
const APART: usize = 2048;

/// Where the first of the pieces begins that stand before `end`, the last one nearest.
fn before(line: &[u8], pieces: &[Vec<u8>], mut end: usize) -> Option<usize> {
    for piece in pieces.iter().rev() {
        let nearest = end.checked_sub(piece.len())?;
        end = (nearest.saturating_sub(APART)..=nearest)
            .rev()
            .find(|&at| line[at..].starts_with(piece) && whole(line, at, at + piece.len()))?;
    }
    Some(end)
}

/// Where the last of the pieces ends that stand after `start`, the first one nearest.
fn after(line: &[u8], pieces: &[Vec<u8>], mut start: usize) -> Option<usize> {
    for piece in pieces {
        let at = (start..line.len().min(start + APART))
            .find(|&at| line[at..].starts_with(piece) && whole(line, at, at + piece.len()))?;
        start = at + piece.len();
    }
    Some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, line: &str) -> bool {
        let automaton = Automaton::new(&[(pattern.to_owned(), ())]);
        let (mut bytes, mut hits) = (Vec::new(), Vec::new());
        plain(line.as_bytes(), &mut bytes);
        automaton.find(&bytes, &mut hits);
        !hits.is_empty()
    }

    proptest::proptest! {
        /// Whatever the line is: no panic, places within it, and a pattern found in itself wherever
        /// words surround it.
        #[test]
        fn places_lie_within_the_line(line in proptest::collection::vec(proptest::num::u8::ANY, 0..200), before in "[a-z ]{0,20}") {
            let (mut bytes, mut again, mut hits) = (Vec::new(), Vec::new(), Vec::new());
            plain(&line, &mut bytes);
            plain(&bytes, &mut again);
            proptest::prop_assert_eq!(&bytes, &again);
            crate::explain::dictionary().automaton.find(&bytes, &mut hits);
            for hit in &hits {
                proptest::prop_assert!(hit.start < hit.end && hit.end <= bytes.len());
            }
            let dressed = format!("{before} UNKNOWN {before} issuer.");
            proptest::prop_assert!(found("unknown * issuer", &dressed));
        }
    }

    /// Quadratic, this took minutes.
    #[test]
    fn a_long_line_takes_time_by_its_length() {
        let line = "certificate has expired ".repeat(100_000);
        let began = std::time::Instant::now();
        crate::explain::dictionary().recognise(&line);
        assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
    }

    #[test]
    fn words_are_found_in_any_dress() {
        assert!(found("CERT_HAS_EXPIRED", "code: 'CERT_HAS_EXPIRED',"));
        assert!(found(
            "self-signed certificate",
            "18:self signed certificate)"
        ));
        assert!(found(
            "certificate has expired",
            "at_depth_0:_certificate_has_expired:TLS_error"
        ));
        assert!(found(
            "<nil> & https://x",
            r#"{"e":"\u003cnil\u003E \u0026 https:\/\/x"}"#
        ));
        assert!(found("a * c", "x a b c y"));
        assert!(!found("a * c", "c a"));
        assert!(!found("alert 4", "alert 48"));
        assert!(!found("EOF", "eofs"));
        assert!(found("EOF", "127.0.0.1:4: EOF"));
    }
}
