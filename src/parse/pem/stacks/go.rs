//! Go 1.19, `encoding/pem`, read by `tls.X509KeyPair` and `x509.CertPool.AppendCertsFromPEM`.

use super::{
    Behind, Purpose, Tally, Wrapping,
    base64::{Dialect, decode},
    wrapping,
};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

const BASE64: Dialect = Dialect {
    blank: |byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'),
    unpadded: false,
    hyphen_ends: false,
};

/// Whether it reads the file without an error.
pub(super) fn take(text: &[u8], purpose: Purpose, tally: &mut Tally<'_>) -> bool {
    let mut input = Input {
        text,
        at: 0,
        end: Some(0),
    };
    let mut first = true;
    while let Some((label, headers, der)) = input.block() {
        match purpose {
            Purpose::Key if label == b"PRIVATE KEY" || label.ends_with(b" PRIVATE KEY") => {
                return match wrapping(&der) {
                    Wrapping::Pkcs1 => tally.take(&der, Behind::Nothing),
                    Wrapping::Pkcs8 { .. } | Wrapping::Sec1 => tally.take(&der, Behind::Anything),
                    Wrapping::Other => false,
                };
            }
            Purpose::Chain if label == b"CERTIFICATE" => {
                if !tally.take(&der, Behind::Nothing) && first {
                    return false;
                }
                first = false;
            }
            Purpose::Anchors if label == b"CERTIFICATE" && !headers => {
                tally.take(&der, Behind::Nothing);
            }
            _ => {}
        }
    }
    purpose != Purpose::Key
}

struct Input<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the next END line begins, as far as looked; `None` when there is no more.
    end: Option<usize>,
}

impl<'a> Input<'a> {
    fn block(&mut self) -> Option<(&'a [u8], bool, Vec<u8>)> {
        loop {
            self.at = self.begin()?;
            let (line, next) = line(self.text, self.at);
            self.at = next;
            let Some(label) = line.strip_suffix(DASHES) else {
                continue;
            };
            let mut headers = false;
            loop {
                // The end of the text where a body should be ends all reading.
                if self.at == self.text.len() {
                    return None;
                }
                let (header, next) = self::line(self.text, self.at);
                if !header.contains(&b':') {
                    break;
                }
                headers = true;
                self.at = next;
            }
            if let Some((der, next)) = self.body(label, headers) {
                self.at = next;
                return Some((label, headers, der));
            }
        }
    }

    /// Behind the next BEGIN: at a line's start, or right here.
    fn begin(&self) -> Option<usize> {
        let rest = &self.text[self.at..];
        if rest.starts_with(BEGIN) {
            return Some(self.at + BEGIN.len());
        }
        let mut at = self.at;
        loop {
            at += self.text[at..].iter().position(|&byte| byte == b'\n')? + 1;
            if self.text[at..].starts_with(BEGIN) {
                return Some(at + BEGIN.len());
            }
        }
    }

    fn body(&mut self, label: &[u8], headers: bool) -> Option<(Vec<u8>, usize)> {
        let rest = &self.text[self.at..];
        let (end, trailer) = if !headers && rest.starts_with(END) {
            (self.at, self.at + END.len())
        } else {
            let end = self.next_end()?;
            (end, end + 1 + END.len())
        };
        let after = self.text[trailer..]
            .strip_prefix(label)?
            .strip_prefix(DASHES)?;
        if !line(after, 0).0.is_empty() {
            return None;
        }
        let der = decode(&self.text[self.at..end], BASE64)?;
        Some((der, line(self.text, trailer).1))
    }

    /// The line feed in front of the next END line. Found once, however many BEGIN lines ask for it.
    fn next_end(&mut self) -> Option<usize> {
        let known = self.end?;
        let here = |at: usize| self.text[at] == b'\n' && self.text[at + 1..].starts_with(END);
        if known < self.at || known == 0 {
            self.end = (self.at..self.text.len()).find(|&at| here(at));
        }
        self.end
    }
}

/// A line without blanks at its end, and where the next one begins.
fn line(text: &[u8], from: usize) -> (&[u8], usize) {
    let rest = &text[from..];
    let (mut line, next) = match rest.iter().position(|&byte| byte == b'\n') {
        Some(end) => {
            let line = &rest[..end];
            (line.strip_suffix(b"\r").unwrap_or(line), from + end + 1)
        }
        None => (rest, text.len()),
    };
    while let [inner @ .., b' ' | b'\t'] = line {
        line = inner;
    }
    (line, next)
}
