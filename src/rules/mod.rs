//! The rules: a room for each subject, in it one file a rule and a list of them.
//!
//! For: `engine` (which asks them), `explain` and `render` (which show them).
//! Must not: parse, reach for a clock, or hold a fact about a sender without its source and date.
//!
//! Codes are promises: never reused, severity not part of them. 1xx files and keys, 2xx
//! certificates and chains, 3xx hello and negotiation, 4xx client authentication and trust, 5xx
//! HTTP, token and webhook body, 9xx transport.

use crate::{
    facts::Side,
    finding::{Act, Rule, Symptom},
};

pub mod anchors;
pub mod certificate;
pub mod chain;
pub mod client;
pub(crate) mod commands;
pub mod connection;
mod define;
pub mod file;
#[cfg(test)]
pub(crate) mod fixture;
pub(crate) mod help;
#[cfg(test)]
pub(crate) mod prelude;
pub mod site;
#[cfg(test)]
mod tests;
pub mod token;
pub mod transport;
pub mod webhook;

/// The rooms, each with its own list.
static ROOMS: [&[&Rule]; 10] = [
    file::RULES,
    certificate::RULES,
    chain::RULES,
    anchors::RULES,
    connection::RULES,
    client::RULES,
    site::RULES,
    webhook::RULES,
    token::RULES,
    transport::RULES,
];

/// Every rule, in the order of its code.
pub static ALL: &[&Rule] = &{
    let mut all = [file::RULES[0]; count()];
    let (mut room, mut filled) = (0, 0);
    while room < ROOMS.len() {
        let mut next = 0;
        while next < ROOMS[room].len() {
            // Insertion from the end: each room is in order, so that little is moved.
            let mut at = filled;
            while at > 0 && comes_before(ROOMS[room][next].code, all[at - 1].code) {
                all[at] = all[at - 1];
                at -= 1;
            }
            all[at] = ROOMS[room][next];
            filled += 1;
            next += 1;
        }
        room += 1;
    }
    all
};

const fn count() -> usize {
    let (mut room, mut count) = (0, 0);
    while room < ROOMS.len() {
        count += ROOMS[room].len();
        room += 1;
    }
    count
}

/// Codes are of one length (a test says so).
const fn comes_before(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return one[at] < other[at];
        }
        at += 1;
    }
    false
}

/// The rule with this code or name, upper or lower case.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    let wanted = code_or_name.trim();
    ALL.iter().copied().find(|rule| {
        rule.code.eq_ignore_ascii_case(wanted) || rule.name.eq_ignore_ascii_case(wanted)
    })
}

/// The first rule that stands behind this `X509_V_ERR_*` number in the chain of `side`. Several
/// may: the findings of a case know better.
pub fn code_for_verify_error(num: u32, side: Side) -> Option<&'static str> {
    // Some numbers have a rule for each side.
    let other = match side {
        Side::Client => Act::Server,
        Side::Server => Act::Client,
    };
    ALL.iter()
        .find(|rule| rule.act != other && rule.symptoms.contains(&Symptom::Verify(num)))
        .map(|rule| rule.code)
}
