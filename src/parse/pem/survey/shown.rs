//! Which lines of a text are kept to be shown.
//!
//! Must not: keep one that may be a private key's, or that has nothing to do with a PEM block.

use super::{
    super::{lines::shown, private},
    Machine,
};
use crate::facts::{Excerpt, NOT_SHOWN, Quirk};

/// Lines that are kept to be shown.
const EXCERPTS: usize = 20_000;
/// Lines from a marker within which text belongs to a PEM; what stands further off may be anything.
const NEAR: usize = 20;

impl Machine {
    /// Keeps a line outside of a block's body for drawing, unless it may be a part of a private
    /// key.
    pub(super) fn excerpt(&mut self, line: &[u8]) {
        if !private::may_be_key(line) {
            self.keep(self.number, shown(line));
        }
    }

    pub(super) fn keep(&mut self, line: usize, text: String) {
        let known = self
            .found
            .excerpts
            .last()
            .is_some_and(|last| last.line >= line);
        if !known && self.found.excerpts.len() < EXCERPTS {
            self.found.excerpts.push(Excerpt { line, text });
        }
    }

    /// Takes back what was kept of the lines since the last marker: they turned out to be a private
    /// key without its BEGIN.
    pub(super) fn take_back(&mut self) {
        let from = self.markers.last().map_or(0, |last| last + 1);
        self.found.excerpts.retain(|excerpt| excerpt.line < from);
        for remark in &mut self.found.remarks {
            if remark.quirk == Quirk::TextAround && remark.last_line >= from {
                NOT_SHOWN.clone_into(&mut remark.seen);
            }
        }
    }

    /// Only what stands near a marker is shown: a file without one is no PEM, and its text is
    /// nobody's business.
    pub(super) fn forget_what_is_far(&mut self) {
        let markers = std::mem::take(&mut self.markers);
        let near = |line: usize| {
            let next = markers.partition_point(|marker| *marker < line);
            let before = next.checked_sub(1).and_then(|index| markers.get(index));
            let distances = [markers.get(next), before];
            let mut distances = distances.into_iter().flatten();
            distances.any(|marker| marker.abs_diff(line) <= NEAR)
        };
        self.found.excerpts.retain(|excerpt| near(excerpt.line));
        for remark in &mut self.found.remarks {
            if remark.quirk == Quirk::TextAround && !near(remark.first_line) {
                NOT_SHOWN.clone_into(&mut remark.seen);
            }
        }
    }
}
