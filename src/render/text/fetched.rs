//! What was fetched for the chains of a case: a line about issuers, a line about revocation.

use super::{
    Detail,
    page::{COLUMN, Page},
    words::cut,
};
use crate::{engine::Judged, parse::escape, render::fetched};

impl Page {
    /// Two lines at most for each chain; all of it where everything is printed.
    pub(super) fn fetched(&mut self, judged: &Judged) {
        let full = self.detail == Detail::Full;
        for chain in judged.case.chains() {
            for (name, text) in fetched::lines(chain, full) {
                let text = escape::text(&text);
                match full {
                    true => self.row(name, &text),
                    false => self.row(name, &cut(&text, self.room(COLUMN))),
                }
            }
        }
    }
}
