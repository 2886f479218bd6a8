//! The flags of `simulate`, with curl's names where curl has the flag.

use std::{num::NonZeroU64, path::PathBuf, time::Duration};

use anyhow::{Result, anyhow, bail};
use serde_json::Value;

use crate::{
    cli::{
        common, destination,
        flags::{FailArgs, OutputArgs, PassArgs, ReachArgs, RootsArgs, SecretArgs, TimeArgs},
        selection::Selection,
        verifiers::StackName,
    },
    dialogflow::{self, Api},
    jobs::{
        cases, profile,
        simulate::{Bearer, CallRequest, Callers, Compare, ReplayRequest},
    },
    net::dial::HttpVersion,
    report,
};

/// Flags of `simulate`.
#[derive(Clone, Debug, clap::Args)]
#[command(
    args_override_self = true,
    mut_args(destination::adapt(report::Command::Simulate)),
    after_help = "Examples:
  mtls simulate https://hook.example.com/dialogflow --client none
  mtls simulate https://hook.example.com/ --cert client.pem --key client-key.pem
  mtls simulate https://hook.example.com/ --event cx --tag order
  mtls simulate https://hook.example.com/ --sender slack
  mtls simulate https://hook.example.com/ --print-request
  mtls simulate https://hook.example.com/ --repeat 1000 --jobs 32
  mtls simulate --scenario calls.toml --output junit=calls.xml
  mtls simulate --replay cases/ --to https://staging.example.com/ --bearer mint

A rehearsal with a webhook that trusts pki/client-ca.pem:
  mtls pki ./pki
  mtls simulate https://localhost/ --pki pki --cacert pki/server-ca.pem --matrix

Exit status:
  0  each client got the expected result (an expired one that is rejected is a success)
  1  one did not, or UNKNOWN: something that was asked has no answer
  2  the program could not do its job"
)]
pub(in crate::cli) struct Args {
    /// Webhook to call, https://HOST[:PORT]/PATH
    #[arg(value_name = "URL", required_unless_present_any = ["scenario", "replay"])]
    pub(super) url: Option<String>,

    #[command(flatten, next_help_heading = "Run")]
    pub(super) fail: FailArgs,
    #[command(flatten)]
    time: TimeArgs,
    /// Program that verifies client certificates at the webhook: nginx, apache, haproxy, envoy,
    /// node, go, java, rustls, python@3.13, …; the results are compared with what it accepts
    #[arg(long, value_name = "NAME[@VERSION]")]
    pub(super) stack: Option<StackName>,
    /// Call this many times
    #[arg(long, value_name = "COUNT")]
    pub(super) repeat: Option<NonZeroU64>,
    /// Calls in parallel [default: 8 with --matrix, else 1]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(super) jobs: Option<u16>,
    /// Make the calls in FILE (TOML) and check what it expects
    #[arg(long, value_name = "FILE", conflicts_with_all = ["matrix", "repeat"])]
    pub(super) scenario: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Replay")]
    pub(super) replay: ReplayArgs,

    #[command(flatten, next_help_heading = "Request")]
    asks: RequestArgs,

    #[command(flatten, next_help_heading = "Client certificate")]
    pub(super) presents: ClientArgs,

    #[command(flatten, next_help_heading = "Connection")]
    reach: ReachArgs,
    #[command(flatten)]
    roots: RootsArgs,
    /// Trust anchors for the webhook's certificate [default: the public roots]
    #[arg(long, value_name = "FILE")]
    pub(super) cacert: Option<PathBuf>,
    /// Call even if the webhook's certificate is not trusted
    #[arg(short = 'k', long)]
    pub(super) insecure: bool,
    /// Use HTTP/1.1, as Dialogflow does (the default)
    #[arg(long = "http1.1", conflicts_with = "http2")]
    pub(super) http1: bool,
    /// Use HTTP/2 if the webhook offers it
    #[arg(long)]
    pub(super) http2: bool,
    /// Timeout for DNS lookup, TCP and TLS
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = common::time_limit)]
    pub(super) connect_timeout: Duration,
    /// Timeout for the whole call [default: 35s, to see how late an answer is; with --matrix as
    /// long as the sender waits]
    #[arg(short = 'm', long, value_name = "DURATION", value_parser = common::time_limit)]
    pub(super) max_time: Option<Duration>,
    /// How long the sender waits for an answer [default: 5s; a CX webhook can set up to 30s]
    #[arg(long, value_name = "DURATION", value_parser = common::time_limit)]
    pub(super) time_limit: Option<Duration>,

    #[command(flatten, next_help_heading = "Rules")]
    pub(super) rules: Selection,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) secrets: SecretArgs,
    /// Print the request that would be sent, and do not call
    #[arg(long)]
    pub(super) print_request: bool,
    /// Print the curl command that makes the call, and do not call
    #[arg(long, conflicts_with = "print_request")]
    pub(super) print_curl: bool,
    /// Print FORMAT after each call, with curl's variables: '%{http_code} %{time_total}\n'
    #[arg(short = 'w', long, value_name = "FORMAT")]
    pub(super) write_out: Option<String>,
    /// Print nothing but --write-out
    #[arg(short = 's', long)]
    pub(super) silent: bool,
}

/// Recorded cases to send again.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ReplayArgs {
    /// Send the requests of a recorded case again, or of all cases in DIR, and compare the answers;
    /// may be repeated
    #[arg(
        long,
        value_name = "CASE|DIR",
        conflicts_with_all = ["scenario", "matrix", "readiness", "repeat", "body", "set", "print_curl"]
    )]
    pub(super) replay: Vec<PathBuf>,
    /// Webhook to replay to; a path in it replaces the recorded one
    #[arg(long, value_name = "URL", requires = "replay", conflicts_with = "url")]
    pub(super) to: Option<String>,
    /// What of the answers to compare: status, headers, body, or none; separate with commas
    #[arg(
        long,
        value_name = "WHAT",
        requires = "replay",
        value_delimiter = ',',
        default_value = "status,body"
    )]
    pub(super) compare: Vec<String>,
    /// Value in a JSON answer that may differ, with all below it; may be repeated
    #[arg(long, value_name = "POINTER", requires = "replay")]
    pub(super) ignore_field: Vec<String>,
    /// Value for a placeholder <<NAME>> of the cases: NAME=env:VARIABLE or NAME=file:PATH; may be
    /// repeated
    #[arg(long, value_name = "NAME=SOURCE", requires = "replay")]
    pub(super) fill: Vec<String>,
}

/// What is sent.
#[derive(Clone, Debug, clap::Args)]
struct RequestArgs {
    /// Request format: es, es-beta, cx, cx-flexible
    #[arg(long, value_name = "KIND", default_value = "es")]
    pub(super) event: Api,
    /// Sender profile: a name, or a file of your own [default: the one of --event]
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) profile: Option<String>,
    /// Call as this sender: its request, its TLS version, a stand-in for its certificate, its rule
    /// for the answer
    #[arg(long, value_name = "NAME|FILE", conflicts_with_all = ["event", "profile", "text", "event_name", "session", "language", "tag", "method", "scenario"])]
    pub(super) sender: Option<String>,
    /// What the user says
    #[arg(long, value_name = "TEXT", default_value = "Hi")]
    pub(super) text: String,
    /// Send an event instead of --text
    #[arg(long, value_name = "NAME")]
    pub(super) event_name: Option<String>,
    /// Set a value in the body: /json/pointer=VALUE; may be repeated
    #[arg(long, value_name = "POINTER=VALUE", value_parser = dialogflow::parse_set)]
    pub(super) set: Vec<(String, Value)>,
    /// Start from the JSON body in FILE; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) body: Option<PathBuf>,
    /// Session ID, or the full name of a session
    #[arg(long, value_name = "ID")]
    pub(super) session: Option<String>,
    /// Language of the request
    #[arg(long, value_name = "TAG", default_value = "en")]
    pub(super) language: String,
    /// Fulfillment tag (CX)
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Option<String>,
    /// HTTP method (cx-flexible)
    #[arg(short = 'X', long = "request", value_name = "METHOD")]
    pub(super) method: Option<String>,
    /// Header field, `Name: value`; `Name:` removes one; may be repeated
    #[arg(short = 'H', long = "header", value_name = "LINE")]
    pub(super) header: Vec<String>,
    /// Bearer token: a token, `simulated` (has the sender's form, not signed), `mint` (signed with a
    /// new test key), `none`, or env:NAME for the variable NAME
    #[arg(long, value_name = "TOKEN", default_value = "simulated")]
    pub(super) bearer: String,
}

/// Who calls.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ClientArgs {
    /// Your own client certificate and chain, PEM
    #[arg(short = 'E', long, value_name = "FILE", conflicts_with = "pki")]
    pub(super) cert: Option<PathBuf>,
    /// Private key of --cert, PEM [default: in the file of --cert]
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(super) key: Option<PathBuf>,
    #[command(flatten)]
    pub(super) pass: PassArgs,
    /// Take client certificates from this directory, written by `mtls pki`
    #[arg(long, value_name = "DIR")]
    pub(super) pki: Option<PathBuf>,
    /// Client certificate to present: valid, none, or a fault such as expired
    #[arg(long, value_name = "NAME")]
    pub(super) client: Option<String>,
    /// Call once as every client, and report which ones were wrongly accepted
    #[arg(long, conflicts_with_all = ["client", "repeat"])]
    pub(super) matrix: bool,
    /// Call with a stand-in for each certificate of the sender, and report which are accepted
    #[arg(long, conflicts_with_all = ["matrix", "client", "cert", "repeat", "scenario"])]
    pub(super) readiness: bool,
}

/// `--bearer`, a variable of the environment among its forms.
fn bearer(text: &str) -> Result<Bearer> {
    match text.strip_prefix("env:") {
        Some(name) => match common::variable(name) {
            Some(value) => Ok(Bearer::Given(value)),
            None => bail!("--bearer env:{name}: no such variable is set"),
        },
        None => Ok(Bearer::read(text)),
    }
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
            .chain(self.replay.replay.iter().cloned())
            .chain(
                self.asks
                    .profile
                    .iter()
                    .filter_map(|one| profile::file_in(one)),
            )
            .chain(
                self.asks
                    .sender
                    .iter()
                    .filter_map(|one| profile::file_in(one)),
            )
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
            url: self.replay.to.clone().or_else(|| self.url.clone()),
            stack: self.stack.as_ref().map(StackName::choice),
            event: asks.event,
            profile: asks
                .profile
                .as_deref()
                .or(asks.sender.as_deref())
                .map(profile::named)
                .transpose()?,
            format: asks.sender.as_deref().map(profile::format).transpose()?,
            text: asks.text.clone(),
            event_name: asks.event_name.clone(),
            set: asks.set.clone(),
            body: asks.body.clone(),
            session: asks.session.clone(),
            language: asks.language.clone(),
            tag: asks.tag.clone(),
            method: asks.method.clone(),
            header: asks.header.clone(),
            bearer: bearer(&asks.bearer)?,
            cert: presents.cert.clone(),
            key: presents.key.clone(),
            password: presents.pass.password()?,
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
            proxy: reach.through()?,
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
            ..CallRequest::at(self.time.now()).with_environment(common::variable)
        })
    }

    /// The cases to replay, where there are any.
    ///
    /// # Errors
    /// When the flags are none, or a value is not to be had.
    pub(super) fn replay(&self) -> Result<Option<ReplayRequest>> {
        let replay = &self.replay;
        if replay.replay.is_empty() {
            return Ok(None);
        }
        if replay.to.is_none() && self.url.is_none() {
            bail!(
                "--replay: name the webhook to call with --to https://HOST/; the one that was recorded is not called by itself"
            );
        }
        if let Some(wrong) = replay
            .ignore_field
            .iter()
            .find(|pointer| !pointer.starts_with('/'))
        {
            bail!("--ignore-field {wrong}: expected a JSON pointer such as /{wrong}");
        }
        let compare = Compare::read(&replay.compare);
        let compare = compare.map_err(|why| anyhow!("--compare: {why}"))?;
        let values = replay
            .fill
            .iter()
            .map(|text| cases::given(text, common::variable));
        Ok(Some(ReplayRequest {
            cases: replay.replay.clone(),
            compare: Compare {
                ignored: replay.ignore_field.clone(),
                ..compare
            },
            values: values.collect::<Result<_>>()?,
        }))
    }
}
