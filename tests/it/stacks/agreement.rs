//! How often `mtls` says what a verifier says.
//!
//! For: one count a verifier, of cells answered and of those left open.
//! Must not: let a share hide which cells differ.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::stacks::{
    corpus::Cases,
    judged::{self, Judged, Parts},
};

/// The least share of answered cells that agree.
const AGREED: f64 = 0.995;

/// What one verifier said.
pub(crate) struct Said {
    pub(crate) title: String,
    /// The stack of `mtls lint` that it is held to.
    pub(crate) stack: String,
    /// The stack's version; `None` of a server, whose version is its own.
    pub(crate) version: Option<String>,
    /// By case.
    pub(crate) letters: BTreeMap<String, char>,
}

impl Said {
    fn numbers(&self) -> Vec<u32> {
        let version = self.version.as_deref().unwrap_or_default();
        let parts = version.split('.').map(str::parse);
        parts.map(|part| part.unwrap_or_default()).collect()
    }

    /// How many newer versions of the same stack there are among them.
    fn newer(&self, all: &[Self]) -> usize {
        let is = |other: &&Self| other.stack == self.stack && other.numbers() > self.numbers();
        match self.version {
            Some(_) => all.iter().filter(is).count(),
            None => 0,
        }
    }
}

/// Cells of one verifier.
#[derive(Default)]
pub(crate) struct Tally {
    agreed: usize,
    differing: usize,
    open: usize,
}

/// All cells of a comparison.
#[derive(Default)]
pub(crate) struct Agreement {
    tallies: BTreeMap<String, Tally>,
    /// Verifier, case, what is wrong.
    differences: Vec<String>,
    unknown: Vec<String>,
}

impl Agreement {
    /// `lint` is asked about all cases: of each stack's newest version by the verdict that it gives
    /// unasked, of the version before it by `--stack` in a second round, and so on.
    ///
    /// With `by_version` the newest is asked for by its version too: what is installed may be older
    /// than what `lint` means.
    pub(crate) fn of(cases: &Cases, parts: &Parts, all: &[Said], by_version: bool) -> Self {
        let mut rounds: BTreeMap<usize, Vec<&Said>> = BTreeMap::new();
        for said in all {
            rounds.entry(said.newer(all)).or_default().push(said);
        }
        let mut agreement = Self::default();
        for (newer, round) in rounds {
            let version = |said: &&Said| Some(format!("{}@{}", said.stack, said.version.as_ref()?));
            let asked: Vec<String> = match newer {
                0 if !by_version => Vec::new(),
                _ => round.iter().filter_map(version).collect(),
            };
            let judged = judged::all(cases, parts, &asked);
            for said in round {
                for (case, letter) in &said.letters {
                    if let Some(judged) = judged.get(case) {
                        agreement.cell(&said.title, case, *letter, judged, &said.stack);
                    }
                }
            }
        }
        agreement
    }

    /// One cell: what the verifier said, and what `mtls` says of the stack that it stands under.
    pub(crate) fn cell(
        &mut self,
        verifier: &str,
        case: &str,
        measured: char,
        judged: &Judged,
        stack: &str,
    ) {
        // A verdict that is missing is one that was left open.
        let none = ('?', "there is no verdict".to_owned());
        let (letter, reasons) = judged.stacks.get(stack).unwrap_or(&none);
        let tally = self.tallies.entry(verifier.to_owned()).or_default();
        match *letter {
            '?' => {
                tally.open += 1;
                self.unknown.push(format!("{verifier}: {case}: {reasons}"));
            }
            letter if letter == measured => tally.agreed += 1,
            letter => {
                tally.differing += 1;
                self.differences.push(format!(
                    "{verifier}: {case}: measured {measured}, lint {letter} ({reasons})"
                ));
            }
        }
    }

    /// Prints the shares, and panics where one is not good enough; at most this share may be left
    /// open.
    pub(crate) fn settle(&self, title: &str, may_be_open: f64) {
        let mut table = format!("{title}\n");
        let mut failed = false;
        for (verifier, tally) in &self.tallies {
            let answered = tally.agreed + tally.differing;
            let agreed = share(tally.agreed, answered);
            let open = share(tally.open, answered + tally.open);
            let good = agreed >= AGREED && open <= may_be_open;
            failed |= !good;
            writeln!(
                table,
                "{verifier:24} agrees {}/{answered} = {:.2} %, not known {} = {:.2} %{}",
                tally.agreed,
                agreed * 100.0,
                tally.open,
                open * 100.0,
                if good { "" } else { "  <--" }
            )
            .unwrap();
        }
        println!("{table}");
        for difference in &self.differences {
            println!("differs: {difference}");
        }
        for open in &self.unknown {
            println!("open: {open}");
        }
        assert!(!self.tallies.is_empty(), "{title}: nothing was compared");
        assert!(!failed, "{table}");
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}
