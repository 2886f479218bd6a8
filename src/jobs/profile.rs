//! Sender profiles by name or from a file of the user's.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result, anyhow, bail};
use jiff::{Unit, civil::Date};

use super::files;
use crate::{
    failure,
    net::plan,
    parse, pki,
    profiles::{self, BearerToken, Profile, RequestFormat},
    verify::sender,
};

/// The profile of this name, or the one in this file.
///
/// # Errors
/// When there is none, or the file is not a profile: with its line.
pub(crate) fn named(name: &str) -> Result<&'static Profile> {
    if let Some(profile) = profiles::find(name) {
        return Ok(profile);
    }
    // NAME=FILE: the sender's roots are a download.
    if let Some((known, file)) = name.split_once('=')
        && let Some(profile) = profiles::find(known)
    {
        let bytes = files::read(Path::new(file))?;
        let profile = parse::profile::with_downloads(profile, &bytes)
            .map_err(|why| anyhow!("{file}: {why}"))?;
        return Ok(Box::leak(Box::new(profile)));
    }
    let path = Path::new(name);
    let is_path = name.contains(['/', '\\']) || name.ends_with(".toml") || path.is_file();
    if !is_path {
        let known: Vec<&str> = profiles::all()
            .iter()
            .map(|profile| profile.name.as_str())
            .collect();
        bail!(
            "no sender profile is called `{name}`; known: {}, or a file of your own (./ours.toml)",
            known.join(", ")
        );
    }
    let bytes = files::read(path)?;
    let text = String::from_utf8(bytes)
        .ok()
        .with_context(|| format!("{name}: expected a sender profile, TOML in UTF-8"))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut beside =
        |file: &str| files::read(&folder.join(file)).map_err(|error| failure::words(&error));
    let profile =
        parse::profile::profile(&text, &mut beside).map_err(|why| anyhow!("{name}: {why}"))?;
    // A run reads a handful of profiles and needs them to its end.
    Ok(Box::leak(Box::new(profile)))
}

/// The profiles that presented chains are compared with: the program's, after those that were
/// named.
pub(crate) fn senders(named: &[&'static Profile]) -> Vec<&'static Profile> {
    let mut senders = named.to_vec();
    for profile in profiles::all() {
        if senders.iter().all(|known| known.name != profile.name) {
            senders.push(profile);
        }
    }
    senders
}

/// Days around a sender's move for which it is a likely cause of an error.
const LIKELY: i32 = 200;

/// The senders that move from one certificate to another around this day: the old one ends on a
/// known day, and the new one goes on.
pub(crate) fn senders_that_move(today: Date) -> impl Iterator<Item = &'static Profile> {
    let near = move |day: Date| {
        today
            .until((Unit::Day, day))
            .is_ok_and(|span| span.get_days().abs() <= LIKELY)
    };
    profiles::all().iter().filter(move |profile| {
        let mut ends = profile
            .identity
            .iter()
            .filter_map(|identity| identity.until);
        let goes_on = profile
            .identity
            .iter()
            .any(|identity| identity.until.is_none());
        goes_on && ends.any(|until| near(until.latest()))
    })
}

/// The profile that commands take when none is named.
pub(crate) const FIRST: &str = "dialogflow";

/// What a sender sends, by its profile.
///
/// # Errors
/// When its profile does not say.
pub(crate) fn format(name: &str) -> Result<&'static RequestFormat> {
    let profile = named(name)?;
    profile.request.first().with_context(|| {
        let described: Vec<&str> = profiles::all()
            .iter()
            .filter(|profile| !profile.request.is_empty())
            .map(|profile| profile.name.as_str())
            .collect();
        format!(
            "what {} sends is not known here; known of: {}; Dialogflow's requests: --event",
            profile.title,
            described.join(", ")
        )
    })
}

/// What a sender's bearer token has to be.
///
/// # Errors
/// When it sends no token, as far as is known.
pub(crate) fn token(profile: &'static Profile) -> Result<&'static BearerToken> {
    profile.token.as_ref().with_context(|| {
        let with_token: Vec<&str> = profiles::all()
            .iter()
            .filter(|profile| profile.token.is_some())
            .map(|profile| profile.name.as_str())
            .collect();
        format!(
            "the sender profile `{}` says nothing of a bearer token; those that do: {}",
            profile.name,
            with_token.join(", ")
        )
    })
}

/// What names the sender of a chain: these profiles, then the program's.
pub(crate) fn recogniser(named: &[&'static Profile]) -> plan::Recognise {
    let senders = sender::Senders::new(senders(named));
    Arc::new(move |chain, now| senders.recognise(chain, now))
}

/// The file that a flag's value names, where it names one.
pub(crate) fn file_in(name: &str) -> Option<std::path::PathBuf> {
    let file = match name.split_once('=') {
        Some((known, file)) if profiles::find(known).is_some() => file,
        _ => name,
    };
    profiles::find(file)
        .is_none()
        .then(|| Path::new(file).to_path_buf())
}

/// How to get a sender's roots and name them, where mtls does not ship them and none was given.
pub(crate) fn how_to_give(profile: &Profile) -> Option<String> {
    let wanted = profile.wanted();
    let first = wanted.first()?;
    Some(format!(
        "{}; then pass --profile {1}={1}.pem",
        first.how_to_get(&profile.name),
        profile.name
    ))
}

/// The clients that look like a sender's certificates: `sender-current`, and what its leaf is
/// recognised by.
pub(crate) fn shapes(profile: &Profile) -> Vec<(String, pki::Shape)> {
    profile
        .identity
        .iter()
        .map(|identity| {
            let leaf = identity.leaves().into_iter().next().unwrap_or_default();
            let pattern = leaf
                .pattern
                .map(|pattern| pattern.replace('*', "simulated"));
            let shape = pki::Shape {
                common_name: leaf
                    .common_name
                    .or(pattern)
                    .or_else(|| leaf.dns.clone())
                    .unwrap_or_else(|| pki::SENDER_NAME.to_owned()),
                dns: leaf.dns,
            };
            (format!("sender-{}", identity.name), shape)
        })
        .collect()
}
