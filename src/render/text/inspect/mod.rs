//! What `inspect` prints: the verdict, what to do, what is asked of clients, the chain as sent
//! beside the one verified; of many a line each.

mod brief;
mod chain;
mod endpoint;

use std::io::{self, Write};

use super::{
    Detail, Look,
    chain::{Depth, Numbered},
    page::{Page, Worst},
    table::Table,
    words::amount,
};
use crate::{
    engine::Judged,
    facts::{ChainUse, Inspected},
    parse::{escape, pem},
    render::picture::tree::tree,
    report::{self, Run, Sink},
};

/// How the targets are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InspectionDetail {
    /// A page each: there is only one.
    Full,
    /// Two lines a certificate.
    Short,
    /// A line an endpoint, and its errors and warnings; files in a table.
    Line,
}

/// Certificates of a chain that are named where less is printed.
const NAMED: usize = 6;

/// The text sink of `inspect`.
pub struct Inspection<W> {
    out: W,
    look: Look,
    how: InspectionDetail,
    worst: Worst,
    /// The files among many targets.
    table: Table,
    files: u64,
}

impl<W: Write> Inspection<W> {
    /// A sink that writes to `out`.
    pub fn new(out: W, look: Look, how: InspectionDetail) -> Self {
        Self {
            out,
            look,
            how,
            worst: Worst::default(),
            table: Table::default(),
            files: 0,
        }
    }

    fn write(&mut self, page: &Page) -> io::Result<()> {
        self.out.write_all(page.text.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Sink for Inspection<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.worst.add(judged);
        let Some(inspected) = judged.case.inspected() else {
            return Ok(());
        };
        let mut page = Page::of(self.look);
        match (self.how, self.look.detail) {
            (InspectionDetail::Short, _) => page.brief(judged),
            (InspectionDetail::Line, Detail::Full) if inspected.probe.is_none() => {
                page.inspection(judged, inspected);
            }
            (InspectionDetail::Line, _) if inspected.probe.is_none() => {
                self.files += 1;
                self.table.add(judged, self.look);
            }
            (InspectionDetail::Line, _) => page.one_line(judged),
            (InspectionDetail::Full, _) => page.inspection(judged, inspected),
        }
        self.write(&page)
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        if self.how == InspectionDetail::Short {
            return Ok(());
        }
        let mut page = Page::of(self.look);
        if self.files > 0 {
            page.table(&self.table, run);
        }
        if self.look.detail == Detail::Verdict {
            return self.write(&page);
        }
        let mut what = String::new();
        if self.how == InspectionDetail::Line {
            what = format!("{}, ", amount(run.cases, "target"));
            if let Some(fleet) = &run.fleet {
                if fleet.unreachable > 0 {
                    what.push_str(&format!("{} unreachable, ", fleet.unreachable));
                }
                if fleet.resumed > 0 {
                    what.push_str(&format!("{} done before, ", fleet.resumed));
                }
                if let Some(shard) = &fleet.shard {
                    what.push_str(&format!("part {shard}, "));
                }
            }
        }
        page.summary(&what, &run.summary, self.worst.code());
        self.write(&page)
    }
}

impl Page {
    fn inspection(&mut self, judged: &Judged, inspected: &Inspected) {
        self.answer(judged, Some(&inspected.target));
        match self.detail {
            Detail::Verdict => {}
            Detail::Usual => self.in_few_lines(judged, inspected),
            Detail::Full => self.in_full(judged, inspected),
        }
        if inspected.pem {
            self.as_pem(judged);
        }
    }

    /// What was found wrong, what is asked of clients, the chain by its names.
    fn in_few_lines(&mut self, judged: &Judged, inspected: &Inspected) {
        self.findings(judged);
        if let Some(probe) = &inspected.probe {
            self.connection_rows(&probe.dialled);
            self.auth_rows(probe);
        }
        for (place, chain) in judged.case.chains().enumerate() {
            if chain.view.is_some() && !chain.links.is_empty() {
                let nodes = tree(judged, place);
                self.tree(&nodes, Numbered::of(chain), Depth::Names, NAMED);
            }
        }
        self.fetched(judged);
        self.beside(judged);
    }

    /// The anchors and keys of files.
    fn beside(&mut self, judged: &Judged) {
        for anchors in judged
            .case
            .chains()
            .filter(|chain| chain.holds == ChainUse::Anchors)
        {
            self.anchors_row(anchors);
        }
        for bundle in &judged.case.bundles {
            if let Some(key) = &bundle.key {
                self.key_row(key);
            }
        }
        self.requests(judged);
    }

    fn in_full(&mut self, judged: &Judged, inspected: &Inspected) {
        for finding in &judged.findings {
            self.line("");
            self.finding(finding);
        }
        self.known(judged);
        if let Some(probe) = &inspected.probe {
            self.line("");
            self.connection_rows(&probe.dialled);
            self.asked_of_clients(probe);
            for readiness in &judged.readiness {
                if report::concerns(judged, readiness) {
                    self.outlook(readiness);
                } else {
                    let name = escape::text(&readiness.profile);
                    self.row(
                        "sender",
                        &format!(
                            "the server names no CA of {name}; an error with --profile {name}"
                        ),
                    );
                }
            }
        }
        for (place, chain) in judged.case.chains().enumerate() {
            let Some(view) = chain.view.as_ref().filter(|_| !chain.links.is_empty()) else {
                continue;
            };
            self.line("");
            self.tree(
                &tree(judged, place),
                Numbered::of(chain),
                Depth::Full,
                usize::MAX,
            );
            self.judged_by(view);
        }
        self.fetched(judged);
        self.beside(judged);
        if let Some(probe) = &inspected.probe {
            self.rest(probe);
        }
    }

    fn as_pem(&mut self, judged: &Judged) {
        for certificate in judged.case.chains().flat_map(|chain| chain.certificates()) {
            self.line("");
            self.line(&format!("# {}", escape::text(&certificate.label())));
            self.text
                .push_str(&pem::encode("CERTIFICATE", &certificate.der));
        }
    }
}
