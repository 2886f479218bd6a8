//! What has been printed of a connection that is still open, so that nothing is printed twice and
//! nothing is lost.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use crate::{engine::Judged, finding::Finding};

/// What is new about a case.
pub(super) struct News<'a> {
    /// Nothing of it was printed yet.
    pub(super) first: bool,
    /// The exchanges not printed yet.
    pub(super) exchanges: Range<usize>,
    /// The findings not printed yet, worst first.
    pub(super) findings: Vec<&'a Finding>,
}

#[derive(Debug, Default)]
struct Printed {
    exchanges: usize,
    findings: HashSet<String>,
}

/// The open connections printed so far, by title.
#[derive(Debug, Default)]
pub(super) struct Shown(HashMap<String, Printed>);

impl Shown {
    /// Takes note that the case is about to be printed and says what is new; a closed one is
    /// forgotten.
    pub(super) fn news<'a>(&mut self, judged: &'a Judged, closed: bool) -> News<'a> {
        let title = &judged.case.title;
        let before = self.0.remove(title);
        let first = before.is_none();
        let mut printed = before.unwrap_or_default();
        let exchanges = judged.case.http().len();
        let mut count = HashMap::new();
        let news = News {
            first,
            exchanges: printed.exchanges.min(exchanges)..exchanges,
            findings: judged
                .findings
                .iter()
                .filter(|finding| {
                    // Not by its sentence, which may have the time in it.
                    let which = format!("{} {}", finding.rule.code, finding.hit.subject);
                    let count = count.entry(which.clone()).or_insert(0_usize);
                    *count += 1;
                    printed.findings.insert(format!("{which} {count}"))
                })
                .collect(),
        };
        if !closed {
            printed.exchanges = exchanges;
            self.0.insert(title.clone(), printed);
        }
        news
    }
}
