//! How often `mtls` says what a verifier says.
//!
//! For: one count a verifier, of cells answered and of those left open.
//! Must not: let a share hide which cells differ.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::judged::Judged;

/// The least share of answered cells that agree.
const AGREED: f64 = 0.995;
/// The greatest share of cells that may be left open.
const OPEN: f64 = 0.03;

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

    /// Prints the shares, and panics where one is not good enough.
    pub(crate) fn settle(&self, title: &str) {
        let mut table = format!("{title}\n");
        let mut failed = false;
        for (verifier, tally) in &self.tallies {
            let answered = tally.agreed + tally.differing;
            let agreed = share(tally.agreed, answered);
            let open = share(tally.open, answered + tally.open);
            let good = agreed >= AGREED && open <= OPEN;
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
