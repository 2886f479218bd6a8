//! What becomes of clients: of known senders, of those that were named, of one without a
//! certificate.

use anyhow::Result;

use super::{DiffRequest, file_name, senders};
use crate::{
    context::Context,
    engine::Judged,
    facts::{Admitted, AuthMode, FileRole, Outlook, Readiness, common_name},
    jobs::files,
    outlook::{
        admission::{Caller, admit},
        readiness,
    },
    report::diff::{Access, Snapshot, State, Who},
};

/// A client that presents nothing.
pub(super) const NO_CERTIFICATE: &str = "a client without a certificate";

/// What to call a client that was named, by its file and the label of its leaf.
pub(super) fn named(path: &str, label: &str) -> String {
    let name = common_name(label).unwrap_or(label);
    format!("{path} (CN = {name})")
}

fn admitted(outcome: Admitted) -> State {
    match outcome {
        Admitted::Accepted => State::Accepted,
        Admitted::Rejected => State::Rejected,
        Admitted::Unknown => State::Unknown,
    }
}

/// What becomes of the clients that are known or named, and of one without a certificate.
pub(super) fn clients(judged: &Judged, door: &str, request: &DiffRequest, state: &mut Snapshot) {
    let Snapshot {
        access,
        senders: answered,
        ..
    } = state;
    let mut say = |who: Who, known: State, why: String| {
        access.push(Access {
            door: door.to_owned(),
            who,
            state: known,
            why,
            ends: None,
        });
    };
    for profile in senders(request) {
        let context = Context {
            profile: Some(profile),
            ..Context::at(request.now)
        };
        for one in readiness::of(&judged.case, &context) {
            if !answered.contains(&one.profile) {
                answered.push(one.profile.clone());
            }
            // Of a sender that nobody asked about, nothing that is unknown is news.
            if request.profiles.is_empty() && one.outlook == Outlook::Uncertain {
                continue;
            }
            say(
                Who::Sender(sender(&one)),
                outlook(one.outlook),
                one.sentence,
            );
        }
    }
    for one in judged.case.would() {
        say(
            Who::Client(named(&one.path, &one.client)),
            admitted(one.outcome),
            one.why.clone(),
        );
    }
    let none = Who::Client(NO_CERTIFICATE.to_owned());
    if let Some(site) = judged.case.site() {
        let admission = admit(site, &Caller::default());
        let door = site.doors.iter().find(|door| door.value.certain);
        match door {
            _ if site.not_read() || site.undecided().is_some() => {
                let why = "a part of the configuration that decides was not read";
                say(none, State::Unknown, why.to_owned());
            }
            Some(door) => {
                let why = format!("by another way in: {}", door.value.address);
                say(none, State::Accepted, why);
            }
            None => say(none, admitted(admission.outcome), admission.why),
        }
    } else if let Some(probe) = judged.case.probe() {
        let (mode, why) = probe.client_auth();
        let known = match mode {
            AuthMode::None | AuthMode::Requested => State::Accepted,
            AuthMode::Required => State::Rejected,
            AuthMode::Unknown => State::Unknown,
        };
        say(none, known, why);
    }
}

fn sender(readiness: &Readiness) -> String {
    format!("{} (profile {})", readiness.title, readiness.profile)
}

fn outlook(outlook: Outlook) -> State {
    match outlook {
        Outlook::Ready => State::Accepted,
        Outlook::Breaks => State::Ends,
        Outlook::Broken => State::Rejected,
        Outlook::Uncertain => State::Unknown,
    }
}

/// Who was named and is not answered for by this state: it is not known what becomes of them.
///
/// # Errors
/// When a client's file cannot be read.
pub(super) fn unanswered(state: &mut Snapshot, request: &DiffRequest) -> Result<()> {
    let mut open = Vec::new();
    for path in &request.would_accept {
        let chain = files::certificates(path, FileRole::Chain)?;
        let label = chain.first().map_or_else(String::new, |leaf| leaf.label());
        open.push(Who::Client(named(&path.display().to_string(), &label)));
    }
    open.retain(|who| state.access.iter().all(|one| one.who != *who));
    for profile in &request.profiles {
        if !state.senders.contains(&profile.name) {
            let who = format!("{} (profile {})", profile.title, profile.name);
            open.push(Who::Sender(who));
        }
    }
    let door = state.access.first().map(|one| one.door.clone());
    let door = door.unwrap_or_else(|| file_name(&state.name));
    let why = match state.partial {
        Some(why) => why.to_owned(),
        None => format!(
            "{} has nothing that decides it: no client-CA file and no configuration",
            state.name
        ),
    };
    state.access.extend(open.into_iter().map(|who| Access {
        door: door.clone(),
        who,
        state: State::Unknown,
        why: why.clone(),
        ends: None,
    }));
    Ok(())
}
