//! The days on which senders change, in order.
//!
//! For: `mtls profiles`, its calendar and its metric, the tables in the documents. Must not: read
//! the clock; the day is an argument.

use jiff::civil::Date;

use super::{Identity, Profile};
use crate::facts::When;

/// A certificate of a sender that begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// When.
    pub when: When,
    /// Whether that is its last day; its first one otherwise.
    pub ends: bool,
    /// The sender.
    pub profile: &'a Profile,
    /// Its certificate.
    pub identity: &'a Identity,
}

impl Change<'_> {
    /// `last day 2026-12-01`, `from 2026-03-31 on`.
    pub fn words(&self) -> String {
        if self.ends {
            self.when.as_last_day()
        } else {
            format!("from {} on", self.when)
        }
    }
}

/// The changes of these senders that are not over on `day`, the next one first.
pub fn changes(profiles: &[Profile], day: Date) -> Vec<Change<'_>> {
    let mut all: Vec<Change<'_>> = profiles
        .iter()
        .flat_map(|profile| {
            profile
                .identity
                .iter()
                .map(move |identity| (profile, identity))
        })
        .flat_map(|(profile, identity)| {
            let begins = identity.from.map(|when| (when, false));
            let ends = identity.until.map(|when| (when, true));
            begins
                .into_iter()
                .chain(ends)
                .map(move |(when, ends)| Change {
                    when,
                    ends,
                    profile,
                    identity,
                })
        })
        // What was the last day is news until it is over; a first day until it is there.
        .filter(|change| match change.ends {
            true => day <= change.when.latest(),
            false => day < change.when.latest(),
        })
        .collect();
    all.sort_by_key(|change| change.when);
    all
}
