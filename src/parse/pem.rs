//! PEM (RFC 7468) as it is found in the wild: text around the blocks, CRLF, a byte order mark, half
//! a block.

mod lines;
mod private;
pub(super) mod stacks;
mod survey;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as STRICT;

use crate::facts::{Excerpt, Remark};

pub use survey::survey;

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

/// Whether a label is that of a private key, in whatever wrapping.
pub fn is_private_key(label: &str) -> bool {
    label.ends_with("PRIVATE KEY")
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

/// Everything that was seen in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// The blocks, in order.
    pub blocks: Vec<Block>,
    /// How the text is written, in order of line.
    pub remarks: Vec<Remark>,
    /// Lines that are safe to show: near a marker, and never one that may be a private key's.
    pub excerpts: Vec<Excerpt>,
}

/// Finds every block, in order, in time linear in the input. Never fails: a broken block says why
/// in its `der`.
pub fn scan(bytes: &[u8]) -> Vec<Block> {
    survey(bytes).blocks
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
            Err("line 3 has '*', which is not base64".to_owned())
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
    fn padding_may_be_folded_and_a_block_is_never_shorter_than_a_line() {
        let folded = block("-----BEGIN X-----\nAA=\n=\n-----END X-----\n");
        assert_eq!(folded.der, Ok(vec![0]));
        let more = block("-----BEGIN X-----\nAA==\nAAAA\n-----END X-----\n");
        assert!(more.der.is_err());
        let text = "-----BEGIN X-----\\n".repeat(3);
        assert!(
            scan(text.as_bytes())
                .iter()
                .all(|block| block.last_line == 1)
        );
    }

    #[test]
    fn a_marker_in_a_comment_is_text() {
        let text = format!(
            "# -----BEGIN X-----\n#{BODY}//-----END X-----\n-----BEGIN X-----\n{BODY}-----END X-----\n-----END X-----\n"
        );
        let found = survey(text.as_bytes());
        assert_eq!(found.blocks.len(), 1);
        assert!(
            found
                .remarks
                .iter()
                .all(|remark| remark.quirk == crate::facts::Quirk::TextAround)
        );
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
        // A bounded part of them is kept: each would be an item, and a finding.
        let blocks = scan(begins.as_bytes());
        assert_eq!(blocks.len(), 1000);
        assert_eq!(blocks[999].last_line, 600_000);
        // All on one line: each was looked for to the line's end, and over again.
        let line = "-----BEGIN ".repeat(100_000);
        scan(line.as_bytes());
        scan(b"\"x -----END \"");
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
