//! What `diff` compares, as a function: two files, folders, configurations, endpoints or reports of
//! this program to states.
//!
//! For: `diff`. Must not: print, or call anybody that was not named.

mod chains;
mod report_of;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

use self::chains::{below, callers};
pub use self::report_of::of_report;
use super::{
    files,
    inspect::{InspectRequest, Inspection},
    lint::{self, LintRequest},
    profile,
};
use crate::{
    context::Context,
    engine::Judged,
    facts::{
        Admitted, AuthMode, Chain, ChainUse, Dialled, Outlook, Readiness, Side, Site, common_name,
    },
    net::{dial::HttpVersion, plan::Versions},
    outlook::{
        admission::{Caller, admit},
        readiness,
    },
    profiles::{self, Profile},
    report::{
        self,
        diff::{Access, Diff, Listed, Role, Said, Snapshot, State, Who, compare},
    },
    rules,
    verify::{hosts, stacks::StatusBy},
};

/// A client that presents nothing.
const NO_CERTIFICATE: &str = "a client without a certificate";

/// What is compared, and for whom.
#[derive(Clone)]
pub struct DiffRequest {
    /// The old state: a file, a folder, an endpoint, a report.
    pub old: String,
    /// The new state.
    pub new: String,
    /// The senders that are looked at; all that are known where none is named.
    pub profiles: Vec<&'static Profile>,
    /// Chains of clients.
    pub would_accept: Vec<PathBuf>,
    /// Trust anchors for server chains, in place of the public roots.
    pub cacert: Option<PathBuf>,
    /// The server of configurations that is the webhook.
    pub server: Option<String>,
    /// The moment.
    pub now: Timestamp,
    /// The paths that whoever made the call named.
    pub said: Vec<PathBuf>,
}

/// Compares.
///
/// # Errors
/// When one of them cannot be read, or an endpoint cannot be reached.
pub fn diff(request: &DiffRequest) -> Result<Diff> {
    let mut old = state(&request.old, request)?;
    let mut new = state(&request.new, request)?;
    if let (Some(one), Some(other)) = (only_role(&old), only_role(&new))
        && one != other
    {
        bail!(
            "{}: {}, but {}: {}; compare two of one kind",
            old.name,
            one.words(),
            new.name,
            other.words()
        );
    }
    // Where one of the two has no client-CA file, it says nothing of their CAs.
    if !(old.lists_cas && new.lists_cas) {
        for state in [&mut old, &mut new] {
            let below = |one: &Access| matches!(one.who, Who::Below(_));
            state.access.retain(|one| !below(one));
        }
    }
    Ok(compare(&old, &new))
}

fn state(name: &str, request: &DiffRequest) -> Result<Snapshot> {
    let path = Path::new(name);
    let mut state = if path.is_file()
        && let Some(report) = report_in(path)?
    {
        of_report(&report)
    } else if path.exists() {
        of_judged(&of_files(path, request)?, request)
    } else if name.contains("://") || is_endpoint(name) {
        of_judged(&of_endpoint(name, request)?, request)
    } else {
        bail!("{name}: no such file, and no endpoint either (HOST:PORT or https://…)");
    };
    name.clone_into(&mut state.name);
    if state.access.is_empty() && state.certificates.is_empty() {
        bail!(
            "{name}: nothing in it to compare: no chain, no client-CA file, no server that ends TLS"
        );
    }
    Ok(state)
}

/// What every certificate of a state is there for, where that is one thing and no server is
/// configured in it.
fn only_role(state: &Snapshot) -> Option<Role> {
    let first = state.certificates.first()?.role;
    let one = state.settings.is_empty() && state.certificates.iter().all(|one| one.role == first);
    one.then_some(first)
}

fn is_endpoint(name: &str) -> bool {
    let (host, port) = name.rsplit_once(':').unwrap_or((name, ""));
    port.parse::<u16>().is_ok() && (hosts::is_host(host) || hosts::is_address(host))
}

/// The report of this program that a file is; `None` for any other file.
fn report_in(path: &Path) -> Result<Option<Value>> {
    let bytes = files::read(path)?;
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Ok(None);
    }
    let Ok(value) = serde_json::from_slice::<Value>(&bytes) else {
        return Ok(None);
    };
    let ours = value["tool"]["name"] == env!("CARGO_PKG_NAME") && value["cases"].is_array();
    Ok(ours.then_some(value))
}

fn of_files(path: &Path, request: &DiffRequest) -> Result<Vec<Judged>> {
    // A sender makes `lint` take a file of CAs for what clients are verified by.
    let sender = senders(request).next();
    lint::judge(&LintRequest {
        paths: vec![path.to_owned()],
        profile: sender,
        would_accept: request.would_accept.clone(),
        cacert: request.cacert.iter().cloned().collect(),
        server: request.server.clone(),
        said: request.said.clone(),
        ..LintRequest::at(request.now)
    })
}

fn of_endpoint(name: &str, request: &DiffRequest) -> Result<Vec<Judged>> {
    const PATIENCE: Duration = Duration::from_secs(10);
    let inspection = Inspection::of(&InspectRequest {
        cacert: request.cacert.clone(),
        default_roots: true,
        profile: profile::named(profile::FIRST)?,
        profile_assumed: true,
        now: request.now,
        warn_days: None,
        fail_days: None,
        client: None,
        sni: None,
        resolve: Vec::new(),
        connect_to: Vec::new(),
        proxy: None,
        versions: Versions::Both,
        http: HttpVersion::Http2,
        connect_time: PATIENCE,
        answer_time: PATIENCE,
        time: PATIENCE * 2,
        thorough: false,
        at_once: 1,
        rate: None,
        status_by: StatusBy::default(),
        rules: rules::ALL.to_vec(),
        password: None,
        pem: false,
        show_secrets: false,
    })?;
    let mut found = Vec::new();
    inspection.look(&[name.to_owned()], |judged| {
        found.push(judged?);
        Ok(())
    })?;
    if let Some(judged) = found.iter().find(|judged| report::unseen(judged)) {
        let how = judged.case.dialled().map(Dialled::how);
        bail!("{name}: {}", how.unwrap_or_default());
    }
    Ok(found)
}

fn senders(request: &DiffRequest) -> impl Iterator<Item = &'static Profile> + use<> {
    let named = request.profiles.clone();
    let all = if named.is_empty() {
        profiles::all().iter().collect()
    } else {
        named
    };
    all.into_iter()
        .filter(|profile: &&Profile| !profile.identity.is_empty())
}

fn of_judged(all: &[Judged], request: &DiffRequest) -> Snapshot {
    let mut state = Snapshot::default();
    for judged in all {
        let door = match judged.case.site() {
            Some(site) => site.name.clone(),
            None => file_name(&judged.case.title),
        };
        for chain in judged.case.chains() {
            list(chain, &mut state);
            below(chain, &door, request, &mut state);
            if chain.holds == ChainUse::Identity && chain.role == Side::Server {
                callers(chain, &door, judged.judged_at, &mut state);
            }
        }
        if let Some(site) = judged.case.site() {
            settings(site, judged, &mut state);
        }
        clients(judged, &door, request, &mut state);
    }
    state
}

fn file_name(title: &str) -> String {
    let name = Path::new(title).file_name();
    name.map_or_else(
        || title.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn list(chain: &Chain, state: &mut Snapshot) {
    let role = Role::of(chain.holds, chain.role);
    for certificate in chain.certificates() {
        let day = certificate
            .not_after
            .to_zoned_datetime(TimeZone::UTC)
            .date();
        let listed = Listed {
            role,
            sha256: certificate.sha256.clone(),
            label: format!("{}, until {day}", certificate.label()),
        };
        if !state.certificates.contains(&listed) {
            state.certificates.push(listed);
        }
    }
}

fn settings(site: &Site, judged: &Judged, state: &mut Snapshot) {
    let mut say = |what: &str, value: String| {
        state.settings.push(Said {
            what: format!("{}: {what}", site.name),
            value,
        });
    };
    if let Some(admits) = report::admits(judged) {
        say("client certificates", admits.to_owned());
    }
    if let Some(setting) = &site.client_auth {
        say("asked by", setting.text.clone());
    }
    if let Some(setting) = &site.intermediates {
        say("depth", setting.text.clone());
    }
    if let Some(setting) = &site.versions {
        say("TLS versions", setting.text.clone());
    }
    for setting in &site.pins {
        say("condition", setting.text.clone());
    }
    for setting in &site.partly {
        say(
            "condition",
            format!("{}: {}", setting.value.part, setting.text),
        );
    }
    for setting in &site.crl {
        say("revocation lists", setting.text.clone());
    }
}

fn admitted(outcome: Admitted) -> State {
    match outcome {
        Admitted::Accepted => State::Accepted,
        Admitted::Rejected => State::Rejected,
        Admitted::Unknown => State::Unknown,
    }
}

fn clients(judged: &Judged, door: &str, request: &DiffRequest, state: &mut Snapshot) {
    let mut say = |client: String, known: State, why: String| {
        state.access.push(Access {
            door: door.to_owned(),
            who: Who::Client(client),
            state: known,
            why,
        });
    };
    for profile in senders(request) {
        let context = Context {
            profile: Some(profile),
            ..Context::at(request.now)
        };
        for one in readiness::of(&judged.case, &context) {
            // Of a sender that nobody asked about, nothing that is unknown is news.
            if request.profiles.is_empty() && one.outlook == Outlook::Uncertain {
                continue;
            }
            say(sender(&one), outlook(one.outlook), one.sentence);
        }
    }
    for one in judged.case.would() {
        let name = common_name(&one.client).unwrap_or(&one.client);
        say(
            format!("{} (CN = {name})", one.path),
            admitted(one.outcome),
            one.why.clone(),
        );
    }
    let none = NO_CERTIFICATE.to_owned();
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

/// Reads a profile by its name.
///
/// # Errors
/// When there is none of that name.
pub fn named(names: &[String]) -> Result<Vec<&'static Profile>> {
    let named = names.iter().map(|name| profile::named(name));
    named.collect::<Result<_>>().context("--profile")
}
