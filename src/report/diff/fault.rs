//! What is wrong with a state: errors by their rule and by what they are about, and whom they
//! reject.
//!
//! An error that the old state does not have is a change, whatever the certificates in it say: a
//! file that nobody reads, and a server that does not start, accept nobody.

use std::collections::HashMap;

use super::{AccessChange, Change, Snapshot, State, access::of_states};
use crate::{
    facts::Format,
    finding::{Rule, Severity},
    rules::{anchors, chain, client, connection, file, site},
};

/// Whom an error rejects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearing {
    /// Some, or everyone: the error alone does not prove which.
    MayShut,
    /// Everyone.
    Shuts,
}

/// What is not read, or does not start.
static SHUTS: &[&Rule] = &[
    &file::file_empty::RULE,
    &file::der_in_place_of_pem::RULE,
    &file::pkcs12_in_place_of_pem::RULE,
    &file::pkcs7_in_place_of_pem::RULE,
    &file::java_keystore::RULE,
    &file::request_in_place_of_certificate::RULE,
    &file::public_key_in_place_of_private::RULE,
    &file::key_and_certificate_swapped::RULE,
    &file::pem_block_broken::RULE,
    &file::pem_marker_malformed::RULE,
    &file::utf16_file::RULE,
    &file::escaped_line_breaks::RULE,
    &file::nothing_usable_in_file::RULE,
    &file::key_unreadable::RULE,
    &file::key_does_not_match_leaf::RULE,
    &chain::chain_out_of_order::RULE,
    &site::client_ca_missing::RULE,
    &site::does_not_start::RULE,
    &site::file_unreadable::RULE,
];

/// What rejects nobody, and what is about one client: of that one a state says more.
static OF_ONE_OR_NOBODY: &[&Rule] = &[
    &anchors::client_ca_lacks_sender::RULE,
    &anchors::client_not_accepted::RULE,
    &client::client_wrongly_accepted::RULE,
    &connection::sender_needs_ca_names::RULE,
    &site::asks_for_no_certificate::RULE,
    &site::depth_too_small::RULE,
    &site::lets_in_without_certificate::RULE,
    &site::pins_out_sender::RULE,
    &site::tls_too_new_for_sender::RULE,
    &site::verifies_nothing::RULE,
];

/// What some readers of PEM read and others do not: which of them reads a file by itself is not
/// known.
static READ_BY_SOME: &[&Rule] = &[
    &file::byte_order_mark::RULE,
    &file::carriage_returns::RULE,
    &file::old_pem_label::RULE,
    &file::trailing_bytes::RULE,
    &file::trusted_certificate_label::RULE,
    &file::uneven_pem_lines::RULE,
];

impl Bearing {
    /// That of a finding of the rule with this code; `None` where it rejects nobody, or one client
    /// alone.
    pub fn of(code: &str, severity: Severity) -> Option<Self> {
        let among = |list: &[&Rule]| list.iter().any(|rule| rule.code == code);
        match severity {
            Severity::Error if among(OF_ONE_OR_NOBODY) => None,
            Severity::Error if among(SHUTS) => Some(Self::Shuts),
            Severity::Error => Some(Self::MayShut),
            Severity::Warning => among(READ_BY_SOME).then_some(Self::MayShut),
            Severity::Note => None,
        }
    }
}

/// An error, or a warning that is about who reads the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: a server's name, a file.
    pub door: String,
    /// The rule's code.
    pub code: String,
    /// What it is about; empty where that is the file or the server itself, which may be called
    /// otherwise in the other state.
    pub about: String,
    /// How bad it is.
    pub severity: Severity,
    /// Whom it rejects.
    pub bearing: Bearing,
    /// What was found.
    pub why: String,
}

impl Fault {
    /// A finding of a rule, by its code, at `door`, about `subject`, seen in the file `path`. `None`
    /// where nobody loses anything by it, as far as it says.
    pub fn of(
        (code, severity): (&str, Severity),
        door: &str,
        (subject, path): (&str, Option<&str>),
        why: &str,
    ) -> Option<Self> {
        let itself = subject == door || Some(subject) == path;
        Some(Self {
            door: door.to_owned(),
            code: code.to_owned(),
            about: if itself { "" } else { subject }.to_owned(),
            severity,
            bearing: Bearing::of(code, severity)?,
            why: why.to_owned(),
        })
    }
}

/// The state, with nobody accepted where nothing is read.
pub(super) fn applied(state: &Snapshot) -> Snapshot {
    let mut state = state.clone();
    let mut shut: HashMap<&str, &Fault> = HashMap::new();
    for fault in state.faults.iter().rev() {
        if fault.bearing == Bearing::Shuts {
            shut.insert(&fault.door, fault);
        }
    }
    for one in &mut state.access {
        if let Some(fault) = shut.get(one.door.as_str()) {
            one.state = State::Rejected;
            one.why = words(fault);
        }
    }
    state
}

fn form_words(form: Format) -> &'static str {
    match form {
        Format::Pem => "PEM",
        Format::Der => "DER",
        Format::Pkcs12 => "PKCS #12",
        Format::JavaKeystore => "a Java keystore",
        Format::Utf16 => "UTF-16",
        Format::Html => "HTML",
        Format::Json => "JSON",
        Format::Text => "text",
        Format::Binary => "binary",
        Format::Empty => "empty",
    }
}

fn words(fault: &Fault) -> String {
    format!("{}: {}", fault.code, fault.why)
}

/// The errors of one state that the other does not have: of two of a kind, one may be new.
fn lacking<'a>(of: &'a Snapshot, other: &Snapshot, single: bool) -> Vec<&'a Fault> {
    let key = |fault: &Fault| {
        let door = if single { "" } else { fault.door.as_str() };
        (door.to_owned(), fault.code.clone(), fault.about.clone())
    };
    let mut known: HashMap<_, usize> = HashMap::new();
    for fault in &other.faults {
        *known.entry(key(fault)).or_default() += 1;
    }
    let is_new = |fault: &&Fault| match known.get_mut(&key(fault)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    of.faults.iter().filter(is_new).collect()
}

/// Everyone who was accepted where the new state has an error that the old one has not, or another
/// form of file.
pub(super) fn lost(old: &Snapshot, new: &Snapshot, single: bool) -> Vec<AccessChange> {
    let same = |one: &str, other: &str| single || one == other;
    let mut worst: Vec<(&str, Bearing, String)> = Vec::new();
    for fault in lacking(new, old, single) {
        match worst.iter_mut().find(|(door, ..)| same(door, &fault.door)) {
            Some(known) if known.1 >= fault.bearing => {}
            Some(known) => *known = (&fault.door, fault.bearing, words(fault)),
            None => worst.push((&fault.door, fault.bearing, words(fault))),
        }
    }
    for (door, form) in &new.forms {
        let before = old.forms.iter().find(|(other, _)| same(other, door));
        let known = worst.iter().any(|(other, ..)| same(other, door));
        if let Some((_, before)) = before
            && before != form
            && !known
        {
            let why = format!(
                "the old file is {}, the new one is {}; whether it is read in that form is not known",
                form_words(*before),
                form_words(*form)
            );
            worst.push((door, Bearing::MayShut, why));
        }
    }
    let applied = applied(old);
    let mut found = Vec::new();
    for (door, bearing, why) in worst {
        let shut = old
            .faults
            .iter()
            .any(|fault| fault.bearing == Bearing::Shuts && same(&fault.door, door));
        // Where nobody was accepted, nobody loses anything.
        if shut {
            continue;
        }
        let mut before = applied.access.iter().filter(|one| same(&one.door, door));
        let accepted = before.any(|one| matches!(one.state, State::Accepted | State::Ends));
        let before = if accepted {
            State::Accepted
        } else {
            State::Unknown
        };
        let after = match bearing {
            Bearing::Shuts => State::Rejected,
            Bearing::MayShut => State::Unknown,
        };
        let whom = if single {
            "everyone who was accepted".to_owned()
        } else {
            format!("everyone who was accepted by {door}")
        };
        found.push(AccessChange {
            who: whom,
            effect: of_states(before, after),
            old: Some(before),
            new: Some(after),
            why,
        });
    }
    found
}

/// The errors that came and went.
pub(super) fn changes(old: &Snapshot, new: &Snapshot, single: bool) -> Vec<Change> {
    let what = |fault: &Fault| match fault.severity {
        Severity::Error => format!("error {}", fault.code),
        Severity::Warning => format!("warning {}", fault.code),
        Severity::Note => format!("note {}", fault.code),
    };
    let gone = lacking(old, new, single).into_iter().map(|fault| Change {
        what: what(fault),
        old: Some(fault.why.clone()),
        new: None,
    });
    let come = lacking(new, old, single).into_iter().map(|fault| Change {
        what: what(fault),
        old: None,
        new: Some(fault.why.clone()),
    });
    let forms = new.forms.iter().filter_map(|(door, form)| {
        let mut others = old.forms.iter();
        let (_, before) = others.find(|(other, _)| single || other == door)?;
        (before != form).then(|| Change {
            what: "form of the file".to_owned(),
            old: Some(form_words(*before).to_owned()),
            new: Some(form_words(*form).to_owned()),
        })
    });
    gone.chain(come).chain(forms).collect()
}
