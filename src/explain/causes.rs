//! What a message can stand for, most likely first: counted runs, other wordings of the same message, and the dictionary's own order where runs are few.

use std::collections::BTreeMap;

use super::{
    Cause, Likelihood, Telling,
    dictionary::{Dictionary, Entry, Turned},
    fault::{self, Fault, fault},
};
use crate::facts::Side;

/// How near a cause has to come to the first one to be called likely too.
const LIKELY: f64 = 0.3;

/// What counting and declaring weigh against each other. Public for the test that measures them.
#[derive(Clone, Copy, Debug)]
pub struct Weights {
    /// A run in which this very wording was printed.
    pub own: f64,
    /// A run in which another wording of the same message was printed.
    pub family: f64,
    /// A fault that the dictionary declares, first place; the n-th weighs an n-th of it.
    pub declared: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            own: 1.0,
            family: 0.1,
            declared: 6.0,
        }
    }
}

impl Dictionary {
    /// What an entry can stand for when this side printed it, most likely first.
    pub fn causes(&self, entry: usize, printer: Option<Side>, weights: &Weights) -> Vec<Cause> {
        let of = &self.entries[entry];
        let sides: &[Side] = match printer {
            Some(Side::Client) => &[Side::Client],
            Some(Side::Server) => &[Side::Server],
            None => &[Side::Client, Side::Server],
        };
        let mut scores: BTreeMap<&str, f64> = BTreeMap::new();
        let mut counted: BTreeMap<&str, f64> = BTreeMap::new();
        for &side in sides {
            let mut of_side: BTreeMap<&str, f64> = BTreeMap::new();
            for other in self
                .entries
                .iter()
                .filter(|other| other.concept == of.concept)
            {
                let weight = if std::ptr::eq(other, of) {
                    weights.own
                } else {
                    weights.family
                };
                for (id, &runs) in other.seen.by(side) {
                    if let Some(fault) = fault(id) {
                        *of_side.entry(&fault.id).or_default() += weight * f64::from(runs);
                        *counted.entry(&fault.id).or_default() += f64::from(runs);
                    }
                }
            }
            let declared = of.faults.iter().flat_map(|template| meant(template, side));
            for (place, fault) in declared.chain(tail(of, side)).enumerate() {
                let nth = 1.0 + f64::from(u32::try_from(place).unwrap_or(u32::MAX));
                *of_side.entry(&fault.id).or_default() +=
                    weights.declared / nth * fits(fault, side);
            }
            // Where nobody knows who printed it, either side may have: both count the same.
            let all: f64 = of_side.values().sum();
            for (id, score) in of_side {
                *scores.entry(id).or_default() += score / all;
            }
        }
        let runs: f64 = counted.values().sum();
        let mut ordered: Vec<(&str, f64)> = scores.into_iter().collect();
        ordered.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let alone = ordered.len() == 1;
        let best = ordered.first().map_or(0.0, |(_, score)| *score);
        ordered
            .into_iter()
            .enumerate()
            .filter_map(|(place, (id, score))| {
                let fault = fault(id)?;
                let likelihood = if alone && of.telling == Telling::Reason {
                    Likelihood::Certain
                } else if score >= best * LIKELY && place < 4 {
                    Likelihood::Likely
                } else {
                    Likelihood::Possible
                };
                Some(Cause {
                    fault: &fault.id,
                    title: &fault.title,
                    likelihood,
                    share: (runs > 0.0 && printer.is_some())
                        .then(|| counted.get(id).copied().unwrap_or(0.0) / runs),
                    side_to_act: fault.act,
                    how_to_tell: &fault.tell,
                    remedy: &fault.remedy,
                    rules: fault.rules.clone(),
                })
            })
            .collect()
    }
}

/// How well it fits that this side prints of a fault: one that the other side's log shows first seldom speaks here.
fn fits(fault: &Fault, printer: Side) -> f64 {
    match fault.seen_by {
        Some(side) if side != printer => 0.2,
        _ => 1.0,
    }
}

/// The faults of a template: one, or all whose id begins so where it ends in `*`. `client-*` leaves out what is wrong with the client's files.
fn meant(template: &str, printer: Side) -> Vec<&'static Fault> {
    let id = fill(template, printer);
    let Some(start) = id.strip_suffix('*') else {
        return fault(&id).into_iter().collect();
    };
    let files = start.contains("-file-");
    // What the other side trusts does not change how its certificate looks from here.
    let trusted = template.starts_with("{self}") || start.contains("-file-ca-");
    fault::faults()
        .iter()
        .filter(|fault| fault.id.starts_with(start))
        .filter(|fault| files || !fault.id.contains("-file-"))
        .filter(|fault| !files || trusted || !fault.id.contains("-file-ca-"))
        .collect()
}

/// What a text that names no reason can stand for besides what is known of it: whatever can be wrong with the side that was turned away.
fn tail(entry: &Entry, printer: Side) -> Vec<&'static Fault> {
    // An alert about records or versions says nothing of certificates; one about certificates often says little more than that.
    let about_certificates = entry.faults.iter().any(|fault| fault.starts_with('{'));
    let templates: &[&str] = match (entry.telling, entry.turned) {
        (Telling::Reason, _) | (_, Turned::Nobody) => &[],
        (Telling::Alert, _) if !about_certificates => &[],
        (Telling::Alert, Turned::Printer) => &["{self}-*", "{self}-file-*", "{peer}-file-ca-*"],
        (_, Turned::Peer) => &["{peer}-*", "{self}-file-ca-*", "{peer}-file-*"],
        (_, Turned::Local) => &["{self}-file-*"],
        (_, Turned::Printer | Turned::Either) => &[
            "{self}-*",
            "{peer}-*",
            "{self}-file-*",
            "{peer}-file-*",
            "no-common-*",
            "upstream-*",
            "peer-*",
            "sni-*",
            "alpn-*",
            "close-*",
        ],
    };
    templates
        .iter()
        .flat_map(|template| meant(template, printer))
        .collect()
}

/// `{self}` and `{peer}` by the side that prints.
fn fill(template: &str, printer: Side) -> String {
    let (own, other) = match printer {
        Side::Client => ("client", "server"),
        Side::Server => ("server", "client"),
    };
    template.replace("{self}", own).replace("{peer}", other)
}
