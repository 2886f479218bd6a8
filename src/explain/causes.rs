//! What a message can stand for, most likely first: counted runs, other wordings of the same
//! message, and the dictionary's own order where runs are few.

use std::collections::BTreeMap;

use super::{
    Cause, Likelihood, Specificity,
    dictionary::{Dictionary, Entry, Turned},
    fault::{self, Area, Fault, fault},
    life::{About, printed_in},
    recognise::Found,
};
use crate::{facts::Side, finding::Act};

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
    /// The power to which it counts how often a fault is met in life.
    pub prior: f64,
    /// How many threads weigh as much as everything else.
    pub life: f64,
    /// What a thread weighs more where the same program printed the text.
    pub program: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            own: 1.0,
            family: 0.1,
            declared: 6.0,
            prior: 0.4,
            life: 8.0,
            program: 2.0,
        }
    }
}

impl Dictionary {
    /// What a message can stand for, most likely first.
    pub fn causes(&self, found: &Found, weights: &Weights) -> Vec<Cause> {
        let of = &self.entries[found.entry];
        let printer = found.printer;
        let sides: &[Side] = match printer {
            Some(Side::Client) => &[Side::Client],
            Some(Side::Server) => &[Side::Server],
            None => &[Side::Client, Side::Server],
        };
        let mut scores: BTreeMap<&str, f64> = BTreeMap::new();
        let mut counted: BTreeMap<&str, f64> = BTreeMap::new();
        let by_client = self.life.by_client(About::of(of.turned, &of.faults));
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
                *of_side.entry(&fault.id).or_default() += weights.declared / nth;
            }
            for (id, score) in &mut of_side {
                if let Some(fault) = fault(id) {
                    *score *= fits(fault, of.turned, side)
                        * self
                            .life
                            .prior(id, fault::faults().len())
                            .powf(weights.prior);
                }
            }
            // Where nobody knows who printed it, life tells which side is more likely to have.
            let all: f64 = of_side.values().sum();
            let share = match (printer, side) {
                (Some(_), _) => 1.0,
                (None, Side::Client) => by_client,
                (None, Side::Server) => 1.0 - by_client,
            };
            for (id, score) in of_side {
                *scores.entry(id).or_default() += share * score / all;
            }
        }
        self.lived(of, found, weights, &mut scores);
        let runs: f64 = counted.values().sum();
        let mut ordered: Vec<(&str, f64)> = scores.into_iter().collect();
        ordered.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        // Of an alert that either side may have printed the second cause is that of the other side.
        if printer.is_some() || of.turned != Turned::Printer {
            twins(&mut ordered);
        }
        let alone = ordered.len() == 1;
        let best = ordered.first().map_or(0.0, |(_, score)| *score);
        ordered
            .into_iter()
            .enumerate()
            .filter_map(|(place, (id, score))| {
                let fault = fault(id)?;
                let likelihood = if alone && of.telling == Specificity::Reason {
                    Likelihood::Certain
                } else if score >= best * LIKELY && place < 4 {
                    Likelihood::Likely
                } else {
                    Likelihood::Possible
                };
                let act = fault.role.filter(|_| of.holder_acts).map(act_of);
                Some(Cause {
                    share: (runs > 0.0 && printer.is_some())
                        .then(|| counted.get(id).copied().unwrap_or(0.0) / runs),
                    weight: score,
                    ..Cause::of(fault, act, likelihood)
                })
            })
            .collect()
    }
}

impl Dictionary {
    /// Adds what stood behind this message in life, all wordings of it together.
    fn lived(
        &self,
        of: &Entry,
        found: &Found,
        weights: &Weights,
        scores: &mut BTreeMap<&str, f64>,
    ) {
        let mut met: BTreeMap<&str, f64> = BTreeMap::new();
        for other in self
            .entries
            .iter()
            .filter(|other| other.concept == of.concept)
        {
            let mut add = |key: &str, weight: f64| {
                for (id, &threads) in self.life.of(key, found.printer).into_iter().flatten() {
                    if let Some(fault) = fault(id) {
                        *met.entry(&fault.id).or_default() += weight * f64::from(threads);
                    }
                }
            };
            add(&other.id, 1.0);
            if let Some(program) = found.program.filter(|program| *program != of.file) {
                add(&printed_in(&other.id, program), weights.program);
            }
        }
        let threads: f64 = met.values().sum();
        let all: f64 = scores.values().sum();
        for score in scores.values_mut() {
            *score *= weights.life / all;
        }
        for (id, threads) in met {
            *scores.entry(id).or_default() += threads;
        }
        for score in scores.values_mut() {
            *score /= weights.life + threads;
        }
    }
}

/// The act of a side.
fn act_of(side: Side) -> Act {
    match side {
        Side::Client => Act::Client,
        Side::Server => Act::Server,
    }
}

/// Puts the second of two names of one fault behind the first.
fn twins(ordered: &mut Vec<(&str, f64)>) {
    for (one, other) in TWINS {
        let place = |id: &str| ordered.iter().position(|(fault, _)| *fault == id);
        if let (Some(a), Some(b)) = (place(one), place(other)) {
            let twin = ordered.remove(a.max(b));
            let at = a.min(b) + 1;
            let score = ordered.get(at - 1).map_or(twin.1, |(_, score)| *score);
            ordered.insert(at, (twin.0, score));
        }
    }
}

/// Pairs of ids that stand for one fault, as each side sees it.
pub const TWINS: &[(&str, &str)] = &[("server-unknown-ca", REJECTED)];

/// How well it fits that this side prints of a fault: one that the other side's log shows first
/// seldom speaks here, and one side's certificate is not what is at fault where the other's was
/// rejected.
fn fits(fault: &Fault, turned: Turned, printer: Side) -> f64 {
    let at_fault = match turned {
        Turned::Printer => Some(printer),
        Turned::Peer => Some(printer.other()),
        Turned::Local | Turned::Either | Turned::Nobody => None,
    };
    // A client's refusal is a fault of the server's certificate, whatever its id begins with.
    let of = match fault.area {
        Area::Party(_) if fault.id == REJECTED => Some(Side::Server),
        Area::Party(side) => Some(side),
        _ => None,
    };
    match fault.seen_by {
        _ if at_fault.is_some_and(|side| of == Some(side.other())) => 0.03,
        // The alert of a peer is about what this side offered, as much as about what it met.
        Some(side) if side != printer && turned == Turned::Printer => 0.6,
        Some(side) if side != printer => 0.2,
        _ => 1.0,
    }
}

/// A client that does not trust the server's certificate, as the server sees it.
pub(super) const REJECTED: &str = "client-rejects-server-cert-unknown-ca";

/// The faults of a template: one, or a group where it ends in `*`. What is wrong with files is a
/// group of its own, and `client-*` leaves it out.
pub(super) fn meant(template: &str, printer: Side) -> Vec<&'static Fault> {
    let id = fill(template, printer);
    let Some(group) = id.strip_suffix('*').and_then(Area::of_group) else {
        return fault(&id).into_iter().collect();
    };
    match group {
        // What the other side trusts does not change how its certificate looks from here.
        Area::Files(side) if template.starts_with(OWN) => all_of(&own_files(side)),
        group => all_of(&[group]),
    }
}

/// A side's own files, those of its authorities included.
fn own_files(side: Side) -> [Area; 2] {
    [Area::Files(side), Area::Authorities(side)]
}

/// The faults of these areas, in their own order.
fn all_of(areas: &[Area]) -> Vec<&'static Fault> {
    fault::faults()
        .iter()
        .filter(|fault| areas.contains(&fault.area))
        .collect()
}

/// What a text that names no reason can stand for besides what is known of it: whatever can be
/// wrong with the side that was turned away.
fn tail(entry: &Entry, printer: Side) -> Vec<&'static Fault> {
    // An alert about records or versions says nothing of certificates; one about certificates often
    // says little more than that.
    let about_certificates = entry
        .faults
        .iter()
        .any(|template| template.starts_with(OWN) || template.starts_with(PEERS));
    let (own, peer) = (printer, printer.other());
    let groups: Vec<Vec<Area>> = match (entry.telling, entry.turned) {
        (Specificity::Reason, _) | (_, Turned::Nobody) => Vec::new(),
        (Specificity::Alert, _) if !about_certificates => Vec::new(),
        (Specificity::Alert, Turned::Printer) => vec![
            vec![Area::Party(own)],
            own_files(own).to_vec(),
            vec![Area::Authorities(peer)],
        ],
        (_, Turned::Peer) => vec![
            vec![Area::Party(peer)],
            vec![Area::Authorities(own)],
            vec![Area::Files(peer)],
        ],
        (_, Turned::Local) => vec![own_files(own).to_vec()],
        (_, Turned::Printer | Turned::Either) => vec![
            vec![Area::Party(own)],
            vec![Area::Party(peer)],
            own_files(own).to_vec(),
            vec![Area::Files(peer)],
            vec![Area::NoCommon],
            vec![Area::Upstream],
            vec![
                Area::Peer(None),
                Area::Peer(Some(Side::Client)),
                Area::Peer(Some(Side::Server)),
            ],
            vec![Area::Sni],
            vec![Area::Alpn],
            vec![Area::Close],
        ],
    };
    groups.iter().flat_map(|areas| all_of(areas)).collect()
}

/// In a template, the side that prints.
const OWN: &str = "{self}";
/// In a template, the other side.
const PEERS: &str = "{peer}";

/// `{self}` and `{peer}` by the side that prints.
fn fill(template: &str, printer: Side) -> String {
    let (own, other) = match printer {
        Side::Client => ("client", "server"),
        Side::Server => ("server", "client"),
    };
    template.replace(OWN, own).replace(PEERS, other)
}
