//! PEM (RFC 7468) as it is found in the wild: text around the blocks, CRLF, a byte order mark, half a block.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::STANDARD as STRICT;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding is checked by hand, since files in the wild lack it and decoders of the field accept that.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One PEM block, from its BEGIN line to its END line.
#[derive(Clone, PartialEq, Eq)]
pub struct Block {
    /// What it says it is: `CERTIFICATE`, `PRIVATE KEY`, …
    pub label: String,
    /// The decoded bytes, or why they could not be decoded.
    pub der: Result<Vec<u8>, String>,
    /// Whether legacy headers (RFC 1421 `Proc-Type: 4,ENCRYPTED`) say that the bytes are encrypted.
    pub encrypted: bool,
    /// The line of BEGIN, counted from 1.
    pub first_line: usize,
    /// The line of END, or the last line that belongs to the block when END is missing.
    pub last_line: usize,
}

/// Key bytes stay out of logs and test failures: only the length is shown.
impl std::fmt::Debug for Block {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Block")
            .field("label", &self.label)
            .field(
                "der",
                &self.der.as_ref().map(|der| format!("{} bytes", der.len())),
            )
            .field("encrypted", &self.encrypted)
            .field("first_line", &self.first_line)
            .field("last_line", &self.last_line)
            .finish()
    }
}

/// A block whose END has not come yet.
struct Open {
    label: String,
    first_line: usize,
    encrypted: bool,
    in_headers: bool,
    base64: Vec<u8>,
    error: Option<String>,
}

/// The PEM text of a DER value (RFC 7468 section 3), its last line ended.
pub fn encode(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in STRICT.encode(der).as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

/// Finds every block, in order, in time linear in the input. Never fails: a broken block says why in its `der`.
pub fn scan(bytes: &[u8]) -> Vec<Block> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut blocks = Vec::new();
    let mut open: Option<Open> = None;
    let mut number = 0;
    for line in lines(bytes) {
        number += 1;
        let line = line.trim_ascii();
        if let Some(label) = marker(line, b"-----BEGIN ") {
            if let Some(unfinished) = open.take() {
                blocks.push(cut_short(
                    unfinished,
                    number - 1,
                    "before the next BEGIN line",
                ));
            }
            open = Some(Open {
                label,
                first_line: number,
                encrypted: false,
                in_headers: false,
                base64: Vec::new(),
                error: None,
            });
        } else if let Some(label) = marker(line, b"-----END ") {
            if let Some(finished) = open.take() {
                blocks.push(close(finished, &label, number));
            }
        } else if let Some(open) = &mut open {
            body_line(open, line, number);
        }
    }
    if let Some(unfinished) = open.take() {
        blocks.push(cut_short(unfinished, number, "before the end of the file"));
    }
    blocks
}

/// Lines that end with LF, CRLF or a lone CR.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .iter()
            .position(|&byte| byte == b'\n' || byte == b'\r')
            .unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = match after {
            [b'\r', b'\n', after @ ..] | [_, after @ ..] => after,
            [] => after,
        };
        Some(line)
    })
}

/// The label of a BEGIN or END line. The closing dashes may be fewer than five: the label is what people need to see.
fn marker(line: &[u8], prefix: &[u8]) -> Option<String> {
    let label = line.strip_prefix(prefix)?;
    let end = label
        .iter()
        .rposition(|&byte| byte != b'-')
        .map_or(0, |at| at + 1);
    Some(super::name::escaped(label[..end].trim_ascii()))
}

/// Takes in one line between BEGIN and END.
fn body_line(open: &mut Open, line: &[u8], number: usize) {
    let is_header = open.base64.is_empty() && line.contains(&b':');
    if is_header {
        open.in_headers = true;
        if line.starts_with(b"Proc-Type:") && line.ends_with(b"ENCRYPTED") {
            open.encrypted = true;
        }
        return;
    }
    if line.is_empty() {
        open.in_headers = false;
        return;
    }
    if open.in_headers {
        // A folded header line (RFC 1421 section 4.6 allows them) belongs to the header above.
        return;
    }
    let alien = line
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .find(|byte| !matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'='));
    match alien {
        Some(byte) if open.error.is_none() => {
            open.error = Some(format!(
                "line {number} has {} in it, which is not base64",
                shown(byte)
            ));
        }
        Some(_) => {}
        None => {
            let after_padding = open.base64.last() == Some(&b'=');
            if after_padding && open.error.is_none() {
                open.error = Some(format!("line {number} goes on after the base64 padding"));
            }
            open.base64
                .extend(line.iter().filter(|byte| !byte.is_ascii_whitespace()));
        }
    }
}

/// A byte as people can read it.
fn shown(byte: u8) -> String {
    if byte.is_ascii_graphic() {
        format!("'{}'", char::from(byte))
    } else {
        format!("byte 0x{byte:02x}")
    }
}

/// A block whose END line has come.
fn close(open: Open, end_label: &str, last_line: usize) -> Block {
    let der = if end_label != open.label {
        Err(format!(
            "line {last_line} ends \"{end_label}\", but line {} began \"{}\"",
            open.first_line, open.label
        ))
    } else if let Some(error) = open.error {
        Err(error)
    } else if open.base64.is_empty() {
        Err("nothing stands between BEGIN and END".to_owned())
    } else {
        LENIENT.decode(&open.base64).map_err(|error| {
            format!(
                "lines {} to {last_line} are not whole base64: {error}",
                open.first_line
            )
        })
    };
    Block {
        label: open.label,
        der,
        encrypted: open.encrypted,
        first_line: open.first_line,
        last_line,
    }
}

/// A block without its END line.
fn cut_short(open: Open, last_line: usize, place: &str) -> Block {
    let reason = format!("no \"-----END {}-----\" {place}", open.label);
    Block {
        label: open.label,
        der: Err(reason),
        encrypted: open.encrypted,
        first_line: open.first_line,
        last_line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "AAECAwQF\nBgc=\n";

    fn block(text: &str) -> Block {
        let mut blocks = scan(text.as_bytes());
        assert_eq!(blocks.len(), 1, "{blocks:?}");
        blocks.remove(0)
    }

    #[test]
    fn reads_blocks_amid_text() {
        let text = format!(
            "\u{feff}Subject: x\r\n-----BEGIN A B-----\r\n{BODY}-----END A B-----\r\nmore\n"
        );
        let block = block(&text);
        assert_eq!(block.label, "A B");
        assert_eq!(block.der, Ok(vec![0, 1, 2, 3, 4, 5, 6, 7]));
        assert_eq!((block.first_line, block.last_line), (2, 5));
        assert!(!block.encrypted);
    }

    #[test]
    fn reads_a_marker_behind_a_byte_order_mark_and_old_line_ends() {
        let text = format!(
            "\u{feff}-----BEGIN X-----\r{}-----END X-----",
            BODY.replace('\n', "\r")
        );
        let block = block(&text);
        assert_eq!(block.der.map(|der| der.len()), Ok(8));
        assert_eq!(block.last_line, 4);
    }

    #[test]
    fn says_what_is_wrong() {
        let missing = block("-----BEGIN X-----\nAAAA\n");
        assert_eq!(
            missing.der,
            Err("no \"-----END X-----\" before the end of the file".to_owned())
        );
        assert_eq!(missing.last_line, 2);
        let bad = block("-----BEGIN X-----\nAAAA\nA*AA\n-----END X-----\n");
        assert_eq!(
            bad.der,
            Err("line 3 has '*' in it, which is not base64".to_owned())
        );
        let other = block("-----BEGIN X-----\nAAAA\n-----END Y-----\n");
        assert_eq!(
            other.der,
            Err("line 3 ends \"Y\", but line 1 began \"X\"".to_owned())
        );
        let empty = block("-----BEGIN X-----\n-----END X-----\n");
        assert!(empty.der.is_err());
        let odd = block("-----BEGIN X-----\nAAAAA\n-----END X-----\n");
        assert!(odd.der.is_err(), "{odd:?}");
    }

    #[test]
    fn a_second_begin_ends_the_first_block() {
        let blocks = scan(b"-----BEGIN X-----\nAAAA\n-----BEGIN Y-----\nAAAA\n-----END Y-----\n");
        assert_eq!(blocks.len(), 2);
        assert!(blocks[0].der.is_err());
        assert_eq!(blocks[0].last_line, 2);
        assert_eq!(blocks[1].der.as_ref().map(Vec::len), Ok(3));
    }

    #[test]
    fn keeps_legacy_encryption_headers() {
        let block = block(
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
        );
        assert!(block.encrypted);
        assert_eq!(block.der.map(|der| der.len()), Ok(3));
    }

    #[test]
    fn ten_megabytes_take_no_time_to_speak_of() {
        let line = "A".repeat(64) + "\n";
        let text = "-----BEGIN X-----\n".to_owned() + &line.repeat(160_000);
        assert_eq!(scan(text.as_bytes()).len(), 1);
        let begins = "-----BEGIN X-----\n".repeat(600_000);
        assert_eq!(scan(begins.as_bytes()).len(), 600_000);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            scan(&bytes);
        }

        #[test]
        fn never_panics_on_markers(text in "(-----BEGIN [A-Z]{0,3}-{0,6}|-----END [A-Z]{0,3}-{0,6}|[A-Za-z0-9+/=:]{0,9}|\r|\n){0,30}") {
            scan(text.as_bytes());
        }
    }
}
