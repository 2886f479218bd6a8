//! The end of a block: its END line, or what comes in its place.

use super::{
    super::{Block, private},
    LINE, Machine, Open,
};
use crate::facts::Quirk;

/// BEGIN lines with nothing behind them that are blocks of their own; the last one stretches over the
/// rest.
const HOLLOW: usize = 1000;

impl Machine {
    /// A block whose END line has come.
    pub(super) fn close(&mut self, open: Open, end_label: &str) {
        let last_line = self.number;
        let lines = (open.first_line, last_line);
        let der = if end_label != open.label {
            let seen = format!("BEGIN {} and END {end_label}", open.label);
            self.remark(Quirk::LabelsDiffer, open.first_line, seen);
            Err(format!(
                "line {last_line} ends \"{end_label}\", but line {} began \"{}\"",
                open.first_line, open.label
            ))
        } else if let Some(error) = open.error.clone() {
            Err(error)
        } else if open.base64.is_empty() {
            Err("nothing between BEGIN and END".to_owned())
        } else {
            self.decode(&open, lines)
        };
        self.finish_block(open, der, last_line);
    }

    /// A block without its END line.
    pub(super) fn cut_short(&mut self, open: Open, last_line: usize, place: &str) {
        self.hollow += usize::from(open.base64.is_empty() && open.error.is_none());
        if self.hollow > HOLLOW
            && open.base64.is_empty()
            && let Some(last) = self.found.blocks.last_mut()
        {
            last.last_line = last_line;
            return;
        }
        let reason = format!("no \"-----END {}-----\" {place}", open.label);
        let (first_line, here) = (open.first_line, self.number);
        self.number = last_line;
        self.remark(
            Quirk::MissingEnd,
            first_line,
            format!("BEGIN {} without its END", open.label),
        );
        self.number = here;
        self.finish_block(open, Err(reason), last_line);
    }

    fn finish_block(&mut self, open: Open, der: Result<Vec<u8>, String>, last_line: usize) {
        let first_line = open.first_line;
        if let Some((line, text)) = open.alien
            && !open.label.contains("KEY")
            && private::begins_public(&open.base64)
        {
            self.keep(line, text);
        }
        if open.long {
            self.remark(
                Quirk::LongLines,
                first_line,
                format!("lines longer than {LINE} characters"),
            );
        }
        if open.spaced {
            self.remark(Quirk::WhiteSpace, first_line, "blanks within the block");
        }
        if let Some(line) = open.empty {
            let here = std::mem::replace(&mut self.number, line);
            self.remark(Quirk::EmptyLines, line, "an empty line within the block");
            self.number = here;
        }
        if open.headed && !open.encrypted {
            let seen = match open.unparted {
                true => "header lines before the base64, and no empty line between",
                false => "header lines before the base64",
            };
            self.remark(Quirk::Headers, first_line, seen);
        }
        self.found.blocks.push(Block {
            label: open.label,
            der,
            encrypted: open.encrypted,
            first_line,
            last_line,
        });
    }
}
