//! Questions of a request, and whether anything that was named can answer them.
//!
//! For: the judge of one deployment, and `lint` over all of them. Must not: answer them.

use std::path::PathBuf;

use super::LintRequest;
use crate::{
    engine::Judged,
    facts::{ChainUse, FileFacts, Place, Side},
    profiles::Profile,
};

/// What a sender cannot be held to.
const NO_CLIENT_CA: &str =
    "--profile needs the client-CA file: add --client-ca FILE, or name the server's configuration";

/// What was asked besides whether files are in order.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The sender that has to be accepted.
    profile: Option<&'static Profile>,
    /// Whether clients have to be accepted.
    client: bool,
    /// Whether a name has to be covered.
    host: bool,
    /// The key that has to fit what was named beside it.
    key: Option<PathBuf>,
    role: Option<Side>,
}

impl Asked {
    /// The questions of a request.
    pub fn by(request: &LintRequest) -> Self {
        Self {
            profile: request.profile,
            client: !request.would_accept.is_empty(),
            host: !request.hosts.is_empty(),
            // By itself a key is looked at, and there is nothing that it has to fit.
            key: request.key.clone().filter(|_| !request.paths.is_empty()),
            role: request.role,
        }
    }
}

/// Which of the questions had something to be answered by, in what was judged so far.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    sender: bool,
    client: bool,
    host: bool,
    key: bool,
    /// Whether a configuration was among what was read.
    configured: bool,
    /// Whether all that was read is requests for certificates.
    requests: Option<bool>,
}

impl Answered {
    /// What one deployment by itself can answer.
    pub fn by(judged: &Judged, asked: &Asked) -> Self {
        let mut answered = Self::default();
        answered.add(judged, asked);
        answered
    }

    /// Adds what one deployment can answer.
    pub fn add(&mut self, judged: &Judged, asked: &Asked) {
        let case = &judged.case;
        self.sender |= !judged.readiness.is_empty();
        self.client |= !case.would().is_empty();
        self.configured |= case.site().is_some();
        let servers = case.chains().filter(|chain| {
            chain.holds == ChainUse::Identity
                && chain.role == Side::Server
                && !chain.links.is_empty()
        });
        self.host |= servers.count() > 0;
        if let Some(key) = &asked.key {
            let key = key.display().to_string();
            let mut keys = case.bundles.iter().filter_map(|bundle| bundle.key.as_ref());
            let named = |place: &Place| matches!(place, Place::File { path, .. } if *path == key);
            self.key |= keys.any(|own| named(&own.place)) || requests(&case.files);
        }
        let only = case.bundles.is_empty() && requests(&case.files);
        self.requests = Some(self.requests.unwrap_or(true) && only);
    }

    /// What was asked and had nothing to be answered by.
    pub fn lacks(&self, asked: &Asked) -> Option<&'static str> {
        if asked.client && !self.client {
            return Some(if self.configured {
                "--would-accept was not answered: no server in these configurations has a client-CA file that could be read"
            } else {
                "--would-accept needs the client-CA file: add --client-ca FILE, or name the server's configuration"
            });
        }
        if asked.key.is_some() && !self.key {
            return Some(
                "--key was compared with nothing: name the certificate that it belongs to with --cert",
            );
        }
        if asked.host && !self.host && self.requests != Some(true) {
            return Some(
                "--host was not answered: no server's certificate in what was named; name it with --cert",
            );
        }
        let profile = asked.profile.filter(|_| asked.role != Some(Side::Client))?;
        match (profile.identity.is_empty(), self.sender) {
            (_, true) => None,
            (true, false) => {
                Some("no certificate of this sender is known; `mtls profiles show NAME` says why")
            }
            (false, false) if self.requests == Some(true) => Some(
                "which certificate a CA issues for the request is not known; check that one with --profile when it is there",
            ),
            (false, false) if self.configured => Some(
                "--profile was not answered: no server in these configurations has a client-CA file that could be read",
            ),
            (false, false) => Some(NO_CLIENT_CA),
        }
    }
}

/// Whether there are requests for certificates.
fn requests(files: &[FileFacts]) -> bool {
    files.iter().any(|file| file.requests().next().is_some())
}
