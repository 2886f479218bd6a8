//! Whom two states are about, and what becomes of each.
//!
//! Must not: call kept what one of the two does not show.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use jiff::tz::TimeZone;

use super::{Access, AccessChange, Effect, Snapshot, State, Who};
use crate::verify::hosts;

/// Whom a state is about, each once, by who and where.
struct ByWho<'a> {
    all: Vec<&'a Access>,
    found: HashMap<(&'a Who, &'a str), &'a Access>,
    single: bool,
}

impl<'a> ByWho<'a> {
    /// With `single`, its doors are one.
    fn new(state: &'a Snapshot, single: bool) -> Self {
        let mut by = Self {
            all: Vec::new(),
            found: HashMap::new(),
            single,
        };
        for one in &state.access {
            if let Entry::Vacant(place) = by.found.entry(Self::key(single, one)) {
                place.insert(one);
                by.all.push(one);
            }
        }
        by
    }

    fn key(single: bool, one: &Access) -> (&Who, &str) {
        (&one.who, if single { "" } else { &one.door })
    }

    fn find(&self, one: &Access) -> Option<&'a Access> {
        self.found.get(&Self::key(self.single, one)).copied()
    }
}

/// Whom the two are about. Doors are those of the other state by name, or, with `single`, by being
/// the only one of each.
pub(super) fn who(old: &Snapshot, new: &Snapshot, single: bool) -> Vec<AccessChange> {
    let (before, after) = (ByWho::new(old, single), ByWho::new(new, single));
    let mut found: Vec<(&Who, AccessChange)> = Vec::new();
    for one in &before.all {
        let mut now = after.find(one);
        if let (Who::Calls(host), None) = (&one.who, now)
            && new.leaves.iter().any(|leaf| hosts::matches(host, leaf))
        {
            now = Some(one);
        }
        found.push((&one.who, change(Seen(Some(one), old), Seen(now, new))));
    }
    for one in &after.all {
        if before.find(one).is_none() {
            found.push((&one.who, change(Seen(None, old), Seen(Some(one), new))));
        }
    }
    // A name that is still covered helps nobody where the chain leads to no root any more.
    let root = |(who, _): &&(&Who, AccessChange)| matches!(who, Who::TrustsRoot(_));
    let leads = |(_, one): &(&Who, AccessChange)| one.effect == Effect::Keeps;
    let lost = found.iter().any(|one| root(&one)) && !found.iter().filter(root).any(leads);
    found.retain(|(who, one)| {
        !(lost && matches!(who, Who::Calls(_)) && one.effect == Effect::Keeps)
    });
    let mut known = HashSet::new();
    found
        .into_iter()
        .map(|(_, one)| one)
        .filter(|one| known.insert(one.clone()))
        .collect()
}

/// What a state says of somebody.
#[derive(Clone, Copy)]
struct Seen<'a>(Option<&'a Access>, &'a Snapshot);

impl Seen<'_> {
    /// What is known of them. Of whom a state that does not show everything says nothing, nothing
    /// is known; `None` is for what the others say by their silence.
    fn state(self) -> Option<State> {
        let Self(access, snapshot) = self;
        let silent = snapshot.partial.map(|_| State::Unknown);
        access.map(|one| one.state).or(silent)
    }
}

fn change(old: Seen<'_>, new: Seen<'_>) -> AccessChange {
    let about = new.0.or(old.0);
    let who = about.map(|one| &one.who);
    let (mut before, mut after) = (old.state(), new.state());
    // By what a report's chain was judged is not known: its root may have another name there.
    if matches!(who, Some(Who::TrustsRoot(_) | Who::ServersTrust(_)))
        && (old.1.partial.is_some() || new.1.partial.is_some())
    {
        before = before.or(Some(State::Unknown));
        after = after.or(Some(State::Unknown));
    }
    // Without any server chain it is not a no either.
    let no_chain = matches!(who, Some(Who::TrustsRoot(_) | Who::Calls(_)))
        && new.0.is_none()
        && new.1.leaves.is_empty()
        && !(new.1.access.iter()).any(|one| matches!(one.who, Who::TrustsRoot(_)));
    if no_chain {
        after = Some(State::Unknown);
    }
    // What is renewed is to last longer.
    let sooner = old.0.zip(new.0).and_then(|(old, new)| {
        let ends = new.ends?;
        let first = old.ends.is_none_or(|before| before > ends);
        (first && before == Some(State::Accepted) && after == before).then_some(ends)
    });
    if sooner.is_some() {
        after = Some(State::Ends);
    }
    let effect = effect(who, before, after);
    let why = match (new.0, new.1.partial, old.0) {
        (Some(new), ..) => new.why.clone(),
        (None, Some(why), _) => why.to_owned(),
        (None, None, Some(old)) => match &old.who {
            _ if no_chain => "the new state has no server chain",
            Who::Below(_) if !new.1.lists_cas => {
                "the new state does not show which CAs are accepted; to ask about a client: --would-accept CLIENT.pem"
            }
            Who::Below(_) => {
                "their CA is removed; to ask about one of them: --would-accept CLIENT.pem"
            }
            Who::Client(_) | Who::Sender(_) => "nothing in the new state decides it",
            Who::TrustsRoot(_) | Who::ServersTrust(_) => "the new chain does not lead there",
            Who::Calls(_) => "the new certificate does not cover the name",
            Who::LooksFor(_) => {
                "the new certificate does not have the name; whether a server looks for it is not known"
            }
        }
        .to_owned(),
        (None, None, None) => String::new(),
    };
    let why = match sooner {
        Some(ends) => format!(
            "the new certificate ends sooner: its last day is {}",
            ends.to_zoned_datetime(TimeZone::UTC).date()
        ),
        None => why,
    };
    AccessChange {
        who: about.map_or_else(String::new, |one| one.who.words()),
        effect,
        old: before,
        new: after,
        why,
    }
}

/// What it means, by the table; nothing said of somebody is a no of a chain, and not known of a
/// client.
fn effect(who: Option<&Who>, old: Option<State>, new: Option<State>) -> Effect {
    use State::{Rejected, Unknown};
    // A client that was never let in, as far as is known, loses and gains nothing.
    if let (
        Some(Who::Client(_) | Who::Sender(_)),
        (None, Some(Rejected)) | (Some(Rejected), None),
    ) = (who, (old, new))
    {
        return Effect::Outside;
    }
    // A chain leads to a root or it does not: nothing said of it is a no. Of a client it is not
    // known.
    let (before, after) = match who {
        Some(Who::Client(_) | Who::Sender(_)) | None => (Unknown, Unknown),
        // Another CA may have issued to them too; a name may be looked for or not.
        Some(Who::Below(_) | Who::LooksFor(_)) => (Rejected, Unknown),
        Some(Who::TrustsRoot(_) | Who::ServersTrust(_) | Who::Calls(_)) => (Rejected, Rejected),
    };
    of_states(old.unwrap_or(before), new.unwrap_or(after))
}

/// What becomes of somebody who goes from one state to another.
pub(super) fn of_states(old: State, new: State) -> Effect {
    use State::{Accepted, Ends, Rejected, Unknown};
    match (old, new) {
        (Accepted, Ends | Rejected) | (Ends, Rejected) => Effect::Loses,
        (Accepted | Ends | Unknown, Unknown) | (Unknown, Rejected) => Effect::MayLose,
        (Rejected, Accepted | Ends) | (Ends, Accepted) => Effect::Gains,
        (Accepted, Accepted) | (Ends, Ends) | (Unknown, Accepted | Ends) => Effect::Keeps,
        (Rejected, Unknown) => Effect::MayGain,
        (Rejected, Rejected) => Effect::Outside,
    }
}
