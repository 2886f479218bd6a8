//! Where the keys come from that tokens are checked with: a file, or a URL whose answer counts as
//! long as it says.
//!
//! For: `token verify` and `listen --verify-token`. Must not: fetch what was not named, or let a
//! caller with made-up key ids make this program ask again and again.

use std::{
    path::Path,
    sync::{Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow};

use super::common;
use crate::{
    facts::{FileRole, Token, TokenFault},
    failure,
    jobs::{files, runtime},
    net::fetch::{self, Fetched, Options},
    token::{self, Keys, Wanted},
    verify::public,
};

/// The most that is read of a key set, in bytes; a large sender's has about 1,500.
const KEY_SET: usize = 1024 * 1024;
/// How long fetching may take.
const TIME: Duration = Duration::from_secs(10);
/// Between two questions for a key that the set does not have, and after one that was not answered.
const PAUSE: Duration = Duration::from_secs(30);

/// The keys, wherever they come from.
pub(super) enum Source {
    File(Keys),
    Url(Box<Remote>),
}

/// A set that is fetched again when it is old.
pub(super) struct Remote {
    url: String,
    options: Options,
    kept: RwLock<Kept>,
    /// When it was asked again because of a key, or in vain; held by who asks.
    asked: Mutex<Option<Instant>>,
}

struct Kept {
    keys: Keys,
    until: Instant,
}

impl Source {
    /// Reads the file or fetches the URL.
    pub(super) fn open(from: &str, cacert: Option<&Path>) -> Result<Self> {
        if !from.contains("://") {
            let keys = Keys::parse(&files::read(Path::new(from))?);
            return Ok(Self::File(
                keys.map_err(|why| anyhow!("--jwks {from}: {why}"))?,
            ));
        }
        let options = Options {
            anchors: match cacert {
                Some(path) => files::certificates(path, FileRole::Anchors)?
                    .into_iter()
                    .map(|anchor| anchor.der.clone())
                    .collect(),
                None => public::all().collect(),
            },
            proxy: common::proxy(),
            accept: "application/json",
            most: KEY_SET,
            time: TIME,
        };
        let kept = fetch(from, &options, false)?;
        Ok(Self::Url(Box::new(Remote {
            url: from.to_owned(),
            options,
            kept: RwLock::new(kept),
            asked: Mutex::new(None),
        })))
    }

    /// Checks a token with the keys as they are now; once more where its key is none of them and
    /// the set may have grown.
    pub(super) fn verify(
        source: Option<&Self>,
        token: &str,
        wanted: &Wanted,
        now: jiff::Timestamp,
    ) -> Token {
        let with = |keys: Option<Keys>| {
            let wanted = Wanted {
                keys,
                ..wanted.clone()
            };
            token::verify(token, &wanted, now)
        };
        let first = with(source.map(Self::keys));
        let unknown = first.check.as_ref().is_some_and(|check| {
            let mut problems = check.problems.iter();
            problems.any(|problem| problem.problem == TokenFault::UnknownKey)
        });
        match source {
            Some(Self::Url(remote)) if unknown && remote.ask(true) => with(Some(remote.kept())),
            _ => first,
        }
    }

    fn keys(&self) -> Keys {
        match self {
            Self::File(keys) => keys.clone(),
            Self::Url(remote) => {
                if remote.is_old() {
                    remote.ask(false);
                }
                remote.kept()
            }
        }
    }
}

impl Remote {
    fn kept(&self) -> Keys {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.keys.clone()
    }

    fn is_old(&self) -> bool {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.until <= Instant::now()
    }

    /// Asks again, unless somebody does so already or did a moment ago; whether there is an answer.
    fn ask(&self, anew: bool) -> bool {
        let Ok(mut asked) = self.asked.try_lock() else {
            return false;
        };
        if asked.is_some_and(|asked| asked.elapsed() < PAUSE) {
            return false;
        }
        match fetch(&self.url, &self.options, anew) {
            Ok(fresh) => {
                *asked = anew.then(Instant::now);
                *self.kept.write().unwrap_or_else(PoisonError::into_inner) = fresh;
                true
            }
            Err(error) => {
                *asked = Some(Instant::now());
                common::complain(&format!(
                    "mtls: {}; the keys fetched before are used",
                    failure::words(&error)
                ));
                false
            }
        }
    }
}

fn fetch(url: &str, options: &Options, anew: bool) -> Result<Kept> {
    let fetched = blocking(fetch::get(url, options, anew))?;
    let Fetched { bytes, fresh } = fetched.map_err(|why| anyhow!("--jwks {url}: {why}"))?;
    let keys = Keys::parse(&bytes).map_err(|why| anyhow!("--jwks {url}: {why}"))?;
    Ok(Kept {
        keys,
        until: Instant::now() + fresh,
    })
}

/// Waits, within a runtime or without.
fn blocking<T>(work: impl Future<Output = T>) -> Result<T> {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        return Ok(tokio::task::block_in_place(|| runtime.block_on(work)));
    }
    let runtime = runtime::of_one()?;
    Ok(runtime.block_on(work))
}
