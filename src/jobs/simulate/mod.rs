//! What `simulate` calls, as a function: a webhook, as a sender would call it, to judged cases.
//!
//! For: `simulate`, `inspect --client` and `explain --host`. Must not: print, or know how a flag is
//! written.

mod call;
mod clients;
mod compare;
mod load;
mod printed;
mod replay;
mod scenario;

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use serde_json::Value;

pub(crate) use self::clients::client;
pub use self::{
    clients::Client,
    compare::Compare,
    load::Progress,
    replay::{Replay, ReplayRequest, Replays, decoded, replays},
    scenario::{Plan, plans},
};
use super::{profile, proxy::Through, runtime};
use crate::{
    dialogflow::Api,
    engine::Judged,
    finding::Rule,
    net::{dial::HttpVersion, plan::Versions},
    profiles::{Profile, RequestFormat},
    rules,
    verify::stacks::Choice,
};

/// Longest time for one call unless it is said: longer than the longest time that a sender waits (30
/// s, Dialogflow CX).
pub const LONGEST: Duration = Duration::from_secs(35);

/// Whose calls they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    /// One client.
    One,
    /// Every client there is.
    Matrix,
    /// A client as each certificate of the sender looks.
    Readiness,
}

/// The bearer token of a call.
#[derive(Clone, PartialEq, Eq)]
pub enum Bearer {
    /// There is none.
    None,
    /// Shaped like the sender's, signed by nobody.
    Simulated,
    /// Signed with a new test key.
    Mint,
    /// This one.
    Given(String),
}

impl Bearer {
    /// `none`, `simulated`, `mint`, or the token itself.
    pub fn read(text: &str) -> Self {
        match text {
            "none" => Self::None,
            "simulated" => Self::Simulated,
            "mint" => Self::Mint,
            given => Self::Given(given.to_owned()),
        }
    }
}

/// What is called, and how.
#[derive(Clone)]
pub struct CallRequest {
    /// The webhook; a file of calls may name it instead.
    pub url: Option<String>,
    /// The verifier at the webhook.
    pub stack: Option<Choice>,
    /// Whose request it is.
    pub event: Api,
    /// The sender's profile; that of the request's kind by default.
    pub profile: Option<&'static Profile>,
    /// The request of `profile` that is sent in place of `event`'s.
    pub format: Option<&'static RequestFormat>,
    /// What the user said.
    pub text: String,
    /// An event in place of it.
    pub event_name: Option<String>,
    /// Values to put into the body, by JSON pointer.
    pub set: Vec<(String, Value)>,
    /// A file with the body to begin with.
    pub body: Option<PathBuf>,
    /// The session: an id, or its whole name.
    pub session: Option<String>,
    /// The language.
    pub language: String,
    /// The fulfilment's tag.
    pub tag: Option<String>,
    /// The method.
    pub method: Option<String>,
    /// Header fields, `Name: value`; `Name:` leaves one out.
    pub header: Vec<String>,
    /// The bearer token.
    pub bearer: Bearer,
    /// One's own client certificate and its chain, PEM.
    pub cert: Option<PathBuf>,
    /// Its private key; in the file of the chain by default.
    pub key: Option<PathBuf>,
    /// The password of that key, where it is encrypted.
    pub password: Option<String>,
    /// A folder that `mtls pki` wrote, to take clients from.
    pub pki: Option<PathBuf>,
    /// Which client to be: `valid`, `none`, or a fault.
    pub client: Option<String>,
    /// One client, or many.
    pub callers: Callers,
    /// Anchors that the webhook's certificate is judged by, in place of the public roots.
    pub cacert: Option<PathBuf>,
    /// Whether to judge by the public roots where no `cacert` is given.
    pub default_roots: bool,
    /// Whether a webhook whose certificate is not trusted is called all the same.
    pub insecure: bool,
    /// The name to ask for, and to check, in place of the URL's.
    pub sni: Option<String>,
    /// curl's HOST:PORT:ADDRESS.
    pub resolve: Vec<String>,
    /// curl's HOST1:PORT1:HOST2:PORT2.
    pub connect_to: Vec<String>,
    /// The proxy that the webhook is reached through.
    pub proxy: Option<Through>,
    /// The TLS versions to offer.
    pub versions: Versions,
    /// The version of HTTP.
    pub http: HttpVersion,
    /// Longest time for name lookup, TCP and TLS.
    pub connect_time: Duration,
    /// Longest time for the whole call. By default long enough for a slow answer still to be seen
    /// ([`LONGEST`]); many clients are each waited for as long as the sender would wait.
    pub max_time: Option<Duration>,
    /// How long the sender waits; as long as senders of the request's kind do by default.
    pub time_limit: Option<Duration>,
    /// The moment to judge at.
    pub now: Timestamp,
    /// Whether credentials are kept.
    pub show_secrets: bool,
    /// The rules to ask.
    pub rules: Vec<&'static Rule>,
    /// A variable of the environment, where a file of calls names one.
    pub environment: fn(&str) -> Option<String>,
    /// The recorded request that is sent in place of a made one.
    pub replay: Option<Arc<Replay>>,
}

impl CallRequest {
    /// The same with another way to ask for a variable of the environment.
    pub fn with_environment(self, environment: fn(&str) -> Option<String>) -> Self {
        Self {
            environment,
            ..self
        }
    }

    /// A call as it usually is.
    pub fn at(now: Timestamp) -> Self {
        Self {
            url: None,
            stack: None,
            event: Api::default(),
            profile: None,
            format: None,
            text: "Hi".to_owned(),
            event_name: None,
            set: Vec::new(),
            body: None,
            session: None,
            language: "en".to_owned(),
            tag: None,
            method: None,
            header: Vec::new(),
            bearer: Bearer::Simulated,
            cert: None,
            key: None,
            password: None,
            pki: None,
            client: None,
            callers: Callers::One,
            cacert: None,
            default_roots: true,
            insecure: false,
            sni: None,
            resolve: Vec::new(),
            connect_to: Vec::new(),
            proxy: None,
            versions: Versions::Both,
            http: HttpVersion::Http1,
            connect_time: Duration::from_secs(10),
            max_time: None,
            time_limit: None,
            now,
            show_secrets: false,
            rules: rules::ALL.to_vec(),
            environment: |_| None,
            replay: None,
        }
    }

    /// The profile of the sender that is simulated.
    ///
    /// # Errors
    /// When the request's kind has none: a fault of this program.
    pub fn profile(&self) -> Result<&'static Profile> {
        match self.profile {
            Some(profile) => Ok(profile),
            None => profile::named(self.event.profile()),
        }
    }
}

/// Calls once, as the first client that the request comes to.
///
/// # Errors
/// When the request is none, or a file it names cannot be read. A webhook that cannot be reached is
/// a result.
pub fn call(request: &CallRequest) -> Result<Judged> {
    let plan = Plan::of(request)?;
    let client = plan.clients.first().context("no client to be")?;
    Ok(runtime::of_one()?.block_on(plan.call(client)))
}
