//! Sender profiles by name or from a file of the user's.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result, anyhow, bail};

use super::files;
use crate::{
    failure,
    net::plan,
    parse,
    profiles::{self, BearerToken, Profile},
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

/// The senders of which a certificate ends on a known day.
pub(crate) fn senders_that_change() -> impl Iterator<Item = &'static Profile> {
    profiles::all().iter().filter(|profile| {
        profile
            .identity
            .iter()
            .any(|identity| identity.until.is_some())
    })
}

/// The profile that commands take when none is named.
pub(crate) const FIRST: &str = "dialogflow";

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
    let senders = senders(named);
    Arc::new(move |chain, now| sender::recognise(chain, now, &senders))
}

/// The clients that look like a sender's certificates: `sender-current`, and the common name of its
/// leaf.
pub(crate) fn shapes(profile: &Profile) -> Vec<(String, String)> {
    profile
        .identity
        .iter()
        .map(|identity| {
            (
                format!("sender-{}", identity.name),
                identity.leaf_common_name.clone(),
            )
        })
        .collect()
}
