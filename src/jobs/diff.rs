//! What `diff` compares, as a function: two files, folders, configurations, endpoints or reports of
//! this program to states.
//!
//! For: `diff`. Must not: print, or call anybody that was not named.

mod chains;
mod clients;
mod faults;
mod report_of;
mod sites;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

use self::{
    chains::{below, callers, servers},
    clients::{clients, unanswered},
    report_of::of_report,
};
use super::{
    files,
    inspect::{InspectRequest, Inspection},
    lint::{self, LintRequest},
    profile,
};
use crate::{
    engine::Judged,
    facts::{Chain, ChainUse, Dialled, Place, Side},
    net::{dial::HttpVersion, plan::Versions},
    profiles::{self, Profile},
    report::{
        self,
        diff::{Access, Bearing, Diff, Listed, Role, Snapshot, Who, compare},
    },
    rules,
    verify::{hosts, stacks::StatusBy},
};

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
    /// The password of PKCS #12 files and encrypted keys; `None` leaves them shut.
    pub password: Option<String>,
    /// The server of configurations that is the webhook.
    pub server: Option<String>,
    /// The moment.
    pub now: Timestamp,
    /// The paths that whoever made the call named.
    pub said: Vec<PathBuf>,
}

/// What a JSON report of this program says of a state, for nobody in particular; of any other JSON,
/// nothing.
pub fn of_json(report: &Value, now: Timestamp) -> Snapshot {
    let request = DiffRequest {
        old: String::new(),
        new: String::new(),
        profiles: Vec::new(),
        would_accept: Vec::new(),
        cacert: None,
        password: None,
        server: None,
        now,
        said: Vec::new(),
    };
    of_report(report, "a report", &request)
}

/// Compares.
///
/// # Errors
/// When one of them cannot be read, or an endpoint cannot be reached.
pub fn diff(request: &DiffRequest) -> Result<Diff> {
    let mut old = state(&request.old, request, None)?;
    if old.certificates.is_empty() && old.access.is_empty() {
        bail!("{}: {NOTHING}", old.name);
    }
    let mut new = state(&request.new, request, None)?;
    let (one, other) = (only_role(&old), only_role(&new));
    // A file is a server's or a client's chain by its usage alone: in the place of one of the other
    // kind it is that one, with the wrong usage.
    let meant = match (one, other) {
        (Some(Role::ServerChain), Some(Role::ClientChain)) => Some(Side::Server),
        (Some(Role::ClientChain), Some(Role::ServerChain)) => Some(Side::Client),
        _ => None,
    };
    if meant.is_some() && new.partial.is_none() {
        new = state(&request.new, request, meant)?;
    } else if let (Some(one), Some(other)) = (one, other)
        && one != other
        // What is left of a broken file may look like another kind.
        && !new.faults.iter().any(|fault| fault.bearing == Bearing::Shuts)
    {
        bail!(
            "{}: {}, but {}: {}; compare two of one kind",
            old.name,
            one.words(),
            new.name,
            other.words()
        );
    }
    if new.certificates.is_empty() && new.access.is_empty() {
        if new.faults.is_empty() {
            bail!("{}: {NOTHING}", new.name);
        }
        new.partial =
            Some("nothing in the new state could be read; an encrypted file needs --pass");
    }
    // Where the old state has no client-CA file, it says nothing of their CAs. A server of the new
    // one without any verifies by none.
    let says = |state: &Snapshot| state.lists_cas || state.partial.is_some();
    if !says(&old) || (!says(&new) && !new.sites.is_empty()) {
        for state in [&mut old, &mut new] {
            let below = |one: &Access| matches!(one.who, Who::Below(_));
            state.access.retain(|one| !below(one));
        }
    }
    if request.profiles.is_empty() && (old.partial.is_some() || new.partial.is_some()) {
        by_their_cas(&mut old, &mut new);
    }
    for state in [&mut old, &mut new] {
        unanswered(state, request)?;
    }
    Ok(compare(&old, &new))
}

/// What is said of a state that holds nothing.
const NOTHING: &str = "nothing in it to compare: no chain, no client-CA file, no server that ends TLS; an encrypted file needs --pass";

/// Senders that nobody named, where one of the two does not say what becomes of them: their CAs are
/// compared in their place.
fn by_their_cas(old: &mut Snapshot, new: &mut Snapshot) {
    let of = |state: &Snapshot| -> Vec<Who> {
        let senders = state.access.iter().map(|one| one.who.clone());
        senders
            .filter(|who| matches!(who, Who::Sender(_)))
            .collect()
    };
    let (before, after) = (of(old), of(new));
    for state in [old, new] {
        state.access.retain(|one| {
            let both = before.contains(&one.who) && after.contains(&one.who);
            both || !matches!(one.who, Who::Sender(_))
        });
        state.access.append(&mut state.of_senders);
    }
}

/// One of the two; its chain is that of `side`, where that is known.
fn state(name: &str, request: &DiffRequest, side: Option<Side>) -> Result<Snapshot> {
    let path = Path::new(name);
    let mut state = if path.is_file()
        && let Some(report) = report_in(path)?
    {
        of_report(&report, name, request)
    } else if path.exists() {
        of_judged(&of_files(path, request, side)?, path, request)
    } else if name.contains("://") || is_endpoint(name) {
        of_judged(&of_endpoint(name, request)?, path, request)
    } else {
        bail!("{name}: no such file, and no endpoint either (HOST:PORT or https://…)");
    };
    name.clone_into(&mut state.name);
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

fn of_files(path: &Path, request: &DiffRequest, side: Option<Side>) -> Result<Vec<Judged>> {
    // A sender makes `lint` take a file of CAs for what clients are verified by.
    let sender = senders(request).next();
    lint::judge(&LintRequest {
        paths: vec![path.to_owned()],
        profile: sender,
        would_accept: request.would_accept.clone(),
        cacert: request.cacert.iter().cloned().collect(),
        password: request.password.clone(),
        role: side,
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
        fetch: None,
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

fn of_judged(all: &[Judged], named: &Path, request: &DiffRequest) -> Snapshot {
    let mut state = Snapshot::default();
    // What chains are judged by is no part of a state.
    let beside = |chain: &Chain| match chain.place(0) {
        Place::File { path, .. } => {
            let path = Path::new(&path);
            let anchors = (chain.holds, chain.role) == (ChainUse::Anchors, Side::Server);
            anchors && path != named && request.cacert.as_deref() == Some(path)
        }
        Place::Wire { .. } | Place::Http { .. } => false,
    };
    for judged in all {
        let door = match judged.case.site() {
            Some(site) => site.name.clone(),
            None => file_name(&judged.case.title),
        };
        let chains = judged.case.chains().enumerate();
        for (number, chain) in chains.filter(|(_, chain)| !beside(chain)) {
            list(chain, &mut state);
            below((number, chain), judged, &door, request, &mut state);
            match (chain.holds, chain.role) {
                (ChainUse::Identity, Side::Server) => callers(chain, &door, request, &mut state),
                (ChainUse::Identity, Side::Client) => servers(chain, &door, request, &mut state),
                (ChainUse::Anchors, _) => {}
            }
        }
        if let Some(site) = judged.case.site() {
            state.sites.push(site.name.clone());
            sites::settings(site, judged, &mut state);
            sites::limits(site, judged, request, &mut state);
        }
        faults::note(judged, &door, request, &mut state);
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

/// Reads a profile by its name.
///
/// # Errors
/// When there is none of that name.
pub fn named(names: &[String]) -> Result<Vec<&'static Profile>> {
    let named = names.iter().map(|name| profile::named(name));
    named.collect::<Result<_>>().context("--profile")
}
