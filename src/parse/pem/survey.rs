//! One pass over the lines of a text: blocks, and every peculiarity of how they are written.
//!
//! Written as a machine with one block open at the most, so that it is linear in the input whatever
//! stands there. Must not: stop at anything, or keep a line of a private key.

mod ended;
mod layout;
mod shown;

use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{
    Survey,
    lines::{character, contains, lines, shown, squeezed},
    private,
};
use crate::facts::{NOT_SHOWN, Quirk, Remark};
use crate::parse::name;

/// Padding is looked at by hand: files in the wild lack it.
pub(super) const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// RFC 7468 section 2.
const LINE: usize = 64;
/// Remarks of one kind that are told apart; the last one stretches over the rest.
const REMARKS: usize = 64;
/// A block whose END has not come yet.
struct Open {
    label: String,
    first_line: usize,
    encrypted: bool,
    in_headers: bool,
    base64: Vec<u8>,
    error: Option<String>,
    /// The line that is not base64, until it is known whether the block is public.
    alien: Option<(usize, String)>,
    /// Peculiarities of its body, each told once a block.
    long: bool,
    spaced: bool,
    /// The first empty line below base64.
    empty: Option<usize>,
    headed: bool,
    /// Whether no empty line stands between headers and base64.
    unparted: bool,
}

/// The machine.
struct Machine {
    found: Survey,
    open: Option<Open>,
    number: usize,
    returns: Option<(usize, usize)>,
    /// Whether one of them has no line feed behind it.
    lone: bool,
    /// Whether one of them follows another.
    doubled: bool,
    /// The lines of markers, in order.
    markers: Vec<usize>,
    /// Whether base64 stands outside of a block since the last marker: what lost its BEGIN line.
    bare: bool,
    /// BEGIN lines with nothing behind them.
    hollow: usize,
}

/// Takes everything in.
pub fn survey(bytes: &[u8]) -> Survey {
    let mut machine = Machine {
        found: Survey::default(),
        open: None,
        number: 0,
        returns: None,
        lone: false,
        doubled: false,
        markers: Vec::new(),
        bare: false,
        hollow: 0,
    };
    let text = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => {
            machine.number = 1;
            machine.remark(
                Quirk::ByteOrderMark,
                1,
                "the bytes EF BB BF before the first line",
            );
            machine.number = 0;
            rest
        }
        None => bytes,
    };
    for (line, ending) in lines(text) {
        machine.number += 1;
        machine.lone |= ending == b"\r";
        machine.doubled |= ending.len() > 2;
        if ending.contains(&b'\r') {
            let first = machine.returns.map_or(machine.number, |(first, _)| first);
            machine.returns = Some((first, machine.number));
        }
        machine.line(line);
    }
    machine.finish(text)
}

/// What a line is.
enum Kind {
    Begin(String),
    End(String),
    Other,
}

impl Machine {
    fn remark(&mut self, quirk: Quirk, first_line: usize, seen: impl Into<String>) {
        let last_line = self.number;
        let mut same = self
            .found
            .remarks
            .iter_mut()
            .rev()
            .filter(|remark| remark.quirk == quirk);
        if let Some(last) = same.next() {
            let joined = quirk == Quirk::TextAround && last.last_line + 1 >= first_line;
            if joined || same.count() + 1 >= REMARKS {
                last.last_line = last_line;
                return;
            }
        }
        self.found.remarks.push(Remark {
            quirk,
            first_line,
            last_line,
            seen: seen.into(),
        });
    }

    fn line(&mut self, raw: &[u8]) {
        let (raw, line) = self.trimmed(raw);
        if layout::is_comment(line) && contains(line, b"-----") {
            // Nobody reads a marker that does not begin its line, and a comment is meant to be none.
            self.aside(line);
            return;
        }
        if (line.starts_with(b"-") || contains(line, b"-----"))
            && let Some(pieces) = squeezed(line)
        {
            let what = if contains(line, b"\\n") {
                "line breaks written out as \\n"
            } else {
                "markers and base64 on one line"
            };
            match layout::beside_marker(&pieces) {
                Some((piece, marker)) => {
                    self.beside(piece, marker);
                    return self.step(marker, marker);
                }
                None => self.remark(Quirk::EscapedLineBreaks, self.number, what),
            }
            for piece in pieces {
                self.step(piece, piece);
            }
            return;
        }
        self.step(raw, line);
    }

    fn step(&mut self, raw: &[u8], line: &[u8]) {
        match self.kind(line) {
            Kind::Begin(label) => {
                if let Some(unfinished) = self.open.take() {
                    // Both may be on one line.
                    let last = (self.number - 1).max(unfinished.first_line);
                    self.cut_short(unfinished, last, "before the next BEGIN line");
                }
                self.around(raw, line, true);
                match label.as_str() {
                    "X509 CERTIFICATE" => {
                        self.remark(Quirk::OldLabel, self.number, label.clone());
                    }
                    "TRUSTED CERTIFICATE" => {
                        self.remark(Quirk::TrustedLabel, self.number, label.clone());
                    }
                    _ => {}
                }
                self.open = Some(Open {
                    label,
                    first_line: self.number,
                    encrypted: false,
                    in_headers: false,
                    base64: Vec::new(),
                    error: None,
                    alien: None,
                    long: false,
                    spaced: false,
                    empty: None,
                    headed: false,
                    unparted: false,
                });
                self.excerpt(line);
                self.markers.push(self.number);
            }
            Kind::End(label) => {
                self.around(raw, line, false);
                match self.open.take() {
                    Some(finished) => self.close(finished, &label),
                    // A second END line: nothing is lost with it.
                    None if !self.bare && !self.markers.is_empty() => self.aside(line),
                    None => {
                        if label.contains("KEY") {
                            self.take_back();
                        }
                        let seen = format!("END {label} without its BEGIN");
                        self.remark(Quirk::StrayEnd, self.number, seen);
                    }
                }
                self.excerpt(line);
                self.markers.push(self.number);
                self.bare = false;
            }
            Kind::Other if self.open.is_some() => self.body(raw, line),
            Kind::Other => {
                if !line.is_empty() {
                    self.bare |= private::may_be_key(line);
                    self.aside(line);
                }
            }
        }
    }

    /// A line outside of all blocks.
    fn aside(&mut self, line: &[u8]) {
        let seen = if private::may_be_key(line) {
            NOT_SHOWN.to_owned()
        } else {
            shown(line)
        };
        self.remark(Quirk::TextAround, self.number, seen);
        self.excerpt(line);
    }

    /// Tells markers, and remarks on those that only look like one.
    fn kind(&mut self, line: &[u8]) -> Kind {
        // Base64 has no such character: most lines are done here.
        if !line.contains(&b'-')
            && !line.starts_with(b"BEGIN ")
            && !line.starts_with(b"END ")
            && line.is_ascii()
        {
            return Kind::Other;
        }
        let text = String::from_utf8_lossy(line);
        // Word processors turn hyphens into dashes.
        let is_dash =
            |character: char| matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
        let inner = text.trim_matches(is_dash).trim();
        let upper = inner.to_ascii_uppercase();
        let (begin, label) = if let Some(label) = upper.strip_prefix("BEGIN ") {
            (true, label)
        } else if let Some(label) = upper.strip_prefix("END ") {
            (false, label)
        } else {
            return Kind::Other;
        };
        let dashes = text.chars().any(is_dash);
        let known = label.ends_with("CERTIFICATE") || label.ends_with("KEY");
        // Prose may begin with "BEGIN"; a marker that lost its dashes has a label we know.
        if !dashes && !known {
            return Kind::Other;
        }
        // A body that begins on the marker's line is no label.
        let words: Vec<&str> = label
            .split_whitespace()
            .take_while(|word| word.len() < 20 || !private::may_be_key(word.as_bytes()))
            .collect();
        let label = name::escaped(words.join(" ").as_bytes());
        let word = if begin { "BEGIN" } else { "END" };
        if text != format!("-----{word} {label}-----") {
            let seen = if private::may_be_key(line) {
                NOT_SHOWN.to_owned()
            } else {
                shown(line)
            };
            let seen = format!("{seen}, expected -----{word} {label}-----");
            self.remark(Quirk::MalformedMarker, self.number, seen);
        }
        if begin {
            Kind::Begin(label)
        } else {
            Kind::End(label)
        }
    }

    /// Takes in one line between BEGIN and END.
    fn body(&mut self, raw: &[u8], line: &[u8]) {
        let number = self.number;
        let Some(open) = &mut self.open else {
            return;
        };
        if open.base64.is_empty() && line.contains(&b':') {
            open.in_headers = true;
            open.headed = true;
            if line.starts_with(b"Proc-Type:") && line.ends_with(b"ENCRYPTED") {
                open.encrypted = true;
            }
            return;
        }
        if line.is_empty() {
            match (open.in_headers, open.base64.is_empty()) {
                (true, _) => open.in_headers = false,
                (false, true) => open.spaced = true,
                (false, false) => {
                    open.empty.get_or_insert(number);
                }
            }
            return;
        }
        if open.in_headers {
            // A folded header line (RFC 1421 section 4.6 allows them) belongs to the header above.
            if raw.first().is_some_and(u8::is_ascii_whitespace) || !private::may_be_key(line) {
                return;
            }
            open.in_headers = false;
            open.unparted = true;
        }
        open.spaced |= raw != line || line.contains(&b' ') || line.contains(&b'\t');
        open.long |= line.len() > LINE;
        let alien = line
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .find(|byte| !matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'='));
        let Some(byte) = alien else {
            // Padding may be folded like the rest.
            let goes_on = line.first() != Some(&b'=');
            if goes_on && open.base64.last() == Some(&b'=') && open.error.is_none() {
                open.error = Some(format!("line {number} goes on after the base64 padding"));
            }
            open.base64
                .extend(line.iter().filter(|byte| !byte.is_ascii_whitespace()));
            return;
        };
        let first = open.error.is_none();
        if first {
            open.error = Some(format!(
                "line {number} has {}, which is not base64",
                character(byte)
            ));
            let seen = format!("{} in the base64", character(byte));
            self.remark(Quirk::NotBase64, number, seen);
            if let Some(open) = &mut self.open {
                open.alien = Some((number, shown(line)));
            }
        }
    }

    fn finish(mut self, text: &[u8]) -> Survey {
        if let Some(unfinished) = self.open.take() {
            self.cut_short(unfinished, self.number, "before the end of the file");
        }
        if let Some((first, last)) = self.returns {
            self.number = last;
            if self.doubled && !self.lone {
                let seen = "lines that end with two carriage returns";
                self.remark(Quirk::DoubledReturns, first, seen);
            } else if !self.lone {
                let seen = "lines that end with a carriage return";
                self.remark(Quirk::CarriageReturns, first, seen);
            } else {
                let seen = "lines that end with a carriage return alone";
                self.remark(Quirk::LoneReturns, first, seen);
            }
        }
        if !self.found.blocks.is_empty() && !text.ends_with(b"\n") && !text.ends_with(b"\r") {
            self.number = lines(text).count();
            self.remark(
                Quirk::NoFinalLineBreak,
                self.number,
                "no line break after the last line",
            );
        }
        self.forget_what_is_far();
        self.found
            .remarks
            .sort_by_key(|remark| (remark.first_line, remark.last_line));
        self.found
    }
}
