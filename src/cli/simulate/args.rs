//! The flags of `simulate`, with curl's names where curl has the flag.

use std::{num::NonZeroU64, path::PathBuf, time::Duration};

use anyhow::Result;
use serde_json::Value;

use crate::{
    cli::{
        common, destination,
        flags::{FailArgs, OutputArgs, ReachArgs, RootsArgs, SecretArgs, TimeArgs},
        selection::Selection,
        verifiers::StackName,
    },
    dialogflow::{self, Api},
    jobs::{
        profile,
        simulate::{Bearer, CallRequest, Callers},
    },
    net::dial::HttpVersion,
    report,
};

/// Flags of `simulate`.
#[derive(Clone, Debug, clap::Args)]
#[command(
    args_override_self = true,
    mut_args(destination::adapt(report::Command::Simulate)),
    after_help = "A whole rehearsal:\n  mtls pki ./pki\n  (let the webhook trust pki/client-ca.pem)\n  mtls simulate https://localhost:8443/hook --pki ./pki --cacert server-ca.pem --matrix"
)]
pub(in crate::cli) struct Args {
    /// The webhook, https://HOST[:PORT]/PATH
    #[arg(value_name = "URL", required_unless_present = "scenario")]
    pub(super) url: Option<String>,

    #[command(flatten, next_help_heading = "Run")]
    pub(super) fail: FailArgs,
    #[command(flatten)]
    time: TimeArgs,
    /// The program that judges client certificates at the webhook: nginx, apache, haproxy, envoy,
    /// node, go, java, rustls, python@3.13, …; where verifiers differ, a client is expected to fare
    /// as it does there
    #[arg(long, value_name = "NAME[@VERSION]")]
    pub(super) stack: Option<StackName>,
    /// Call N times
    #[arg(long, value_name = "N")]
    pub(super) repeat: Option<NonZeroU64>,
    /// Calls under way at once: 8 with --matrix, else 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(super) jobs: Option<u16>,
    /// Calls and expectations from a file, TOML
    #[arg(long, value_name = "FILE", conflicts_with_all = ["matrix", "repeat"])]
    pub(super) scenario: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Request")]
    asks: RequestArgs,

    #[command(flatten, next_help_heading = "Client certificate")]
    pub(super) presents: ClientArgs,

    #[command(flatten, next_help_heading = "Connection")]
    reach: ReachArgs,
    #[command(flatten)]
    roots: RootsArgs,
    /// Anchors that the webhook's certificate is judged by, in place of the public roots
    #[arg(long, value_name = "FILE")]
    pub(super) cacert: Option<PathBuf>,
    /// Call a webhook whose certificate is not trusted all the same
    #[arg(short = 'k', long)]
    pub(super) insecure: bool,
    /// HTTP/1.1, as Dialogflow was seen to use (the default)
    #[arg(long = "http1.1", conflicts_with = "http2")]
    pub(super) http1: bool,
    /// HTTP/2 where the webhook has it
    #[arg(long)]
    pub(super) http2: bool,
    /// Longest time for name lookup, TCP and TLS
    #[arg(long, value_name = "DUR", default_value = "10s", value_parser = common::time_limit)]
    pub(super) connect_timeout: Duration,
    /// Longest time for the whole call: 35s, so that a slow answer is still seen; with --matrix as
    /// long as the sender waits
    #[arg(short = 'm', long, value_name = "DUR", value_parser = common::time_limit)]
    pub(super) max_time: Option<Duration>,
    /// How long the sender waits; 5s unless the webhook resource says otherwise (CX: up to 30s)
    #[arg(long, value_name = "DUR", value_parser = common::time_limit)]
    pub(super) time_limit: Option<Duration>,

    #[command(flatten, next_help_heading = "Rules")]
    pub(super) rules: Selection,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) secrets: SecretArgs,
    /// Print this after each call, with curl's variables: '%{http_code} %{time_total}\n'
    #[arg(short = 'w', long, value_name = "FORMAT")]
    pub(super) write_out: Option<String>,
    /// Nothing but the --write-out
    #[arg(short = 's', long)]
    pub(super) silent: bool,
}

/// What is sent.
#[derive(Clone, Debug, clap::Args)]
struct RequestArgs {
    /// Whose request: es, es-beta, cx, cx-flexible
    #[arg(long, value_name = "KIND", default_value = "es")]
    pub(super) event: Api,
    /// The sender's profile, a name or a file of your own; the one of the request's kind by default
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) profile: Option<String>,
    /// What the user said
    #[arg(long, default_value = "Hi")]
    pub(super) text: String,
    /// An event in place of what the user said
    #[arg(long, value_name = "NAME")]
    pub(super) event_name: Option<String>,
    /// Put a value into the body: /json/pointer=VALUE; may be repeated
    #[arg(long, value_name = "POINTER=VALUE", value_parser = dialogflow::parse_set)]
    pub(super) set: Vec<(String, Value)>,
    /// A file with the body to begin with, - for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) body: Option<PathBuf>,
    /// The session: an id, or its whole name
    #[arg(long, value_name = "ID")]
    pub(super) session: Option<String>,
    /// The language
    #[arg(long, value_name = "TAG", default_value = "en")]
    pub(super) language: String,
    /// The fulfilment's tag (CX)
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Option<String>,
    /// The method (cx-flexible)
    #[arg(short = 'X', long = "request", value_name = "METHOD")]
    pub(super) method: Option<String>,
    /// A header field, `Name: value`; `Name:` leaves one out; may be repeated
    #[arg(short = 'H', long = "header", value_name = "LINE")]
    pub(super) header: Vec<String>,
    /// The bearer token: a token, `simulated` (shaped like Dialogflow's, signed by nobody), `mint`
    /// (signed with a new test key) or `none`
    #[arg(long, value_name = "TOKEN", default_value = "simulated")]
    pub(super) bearer: String,
}

/// Who calls.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ClientArgs {
    /// Your own client certificate and its chain, PEM
    #[arg(short = 'E', long, value_name = "FILE", conflicts_with = "pki")]
    pub(super) cert: Option<PathBuf>,
    /// Its private key, PEM; may be in the file of --cert
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(super) key: Option<PathBuf>,
    /// A folder that `mtls pki` wrote
    #[arg(long, value_name = "DIR")]
    pub(super) pki: Option<PathBuf>,
    /// Which client to be: valid, none, or a fault such as expired
    #[arg(long, value_name = "NAME")]
    pub(super) client: Option<String>,
    /// Be every client there is, and tell which ones were wrongly let in
    #[arg(long, conflicts_with_all = ["client", "repeat"])]
    pub(super) matrix: bool,
    /// Call as each certificate of the sender would look, and tell whether the webhook will go on
    /// accepting it
    #[arg(long, conflicts_with_all = ["matrix", "client", "cert", "repeat", "scenario"])]
    pub(super) readiness: bool,
}

impl Args {
    /// The files and folders that the flags name.
    pub(super) fn inputs(&self) -> impl Iterator<Item = PathBuf> {
        let ClientArgs { cert, key, pki, .. } = &self.presents;
        let flags = [&self.asks.body, cert, key, pki, &self.cacert];
        flags
            .into_iter()
            .chain([&self.scenario])
            .flatten()
            .cloned()
            .chain(self.asks.profile.as_ref().map(PathBuf::from))
            .chain(self.rules.inputs())
    }

    /// What the flags ask for.
    ///
    /// # Errors
    /// When the profile is not to be had, or the flags exclude each other.
    pub(super) fn request(&self) -> Result<CallRequest> {
        let Self {
            asks,
            presents,
            reach,
            ..
        } = self;
        Ok(CallRequest {
            url: self.url.clone(),
            stack: self.stack.as_ref().map(StackName::choice),
            event: asks.event,
            profile: asks.profile.as_deref().map(profile::named).transpose()?,
            text: asks.text.clone(),
            event_name: asks.event_name.clone(),
            set: asks.set.clone(),
            body: asks.body.clone(),
            session: asks.session.clone(),
            language: asks.language.clone(),
            tag: asks.tag.clone(),
            method: asks.method.clone(),
            header: asks.header.clone(),
            bearer: Bearer::read(&asks.bearer),
            cert: presents.cert.clone(),
            key: presents.key.clone(),
            pki: presents.pki.clone(),
            client: presents.client.clone(),
            callers: match (presents.matrix, presents.readiness) {
                (_, true) => Callers::Readiness,
                (true, false) => Callers::Matrix,
                (false, false) => Callers::One,
            },
            cacert: self.cacert.clone(),
            default_roots: self.roots.default_roots(),
            insecure: self.insecure,
            sni: reach.sni.clone(),
            resolve: reach.resolve.clone(),
            connect_to: reach.connect_to.clone(),
            versions: reach.tls.versions()?,
            http: if self.http2 {
                HttpVersion::Http2
            } else {
                HttpVersion::Http1
            },
            connect_time: self.connect_timeout,
            max_time: self.max_time,
            time_limit: self.time_limit,
            now: self.time.now(),
            show_secrets: self.secrets.show(),
            rules: self.rules.rules(),
        })
    }
}
