//! The flags of `simulate`, with curl's names where curl has the flag.

use std::{num::NonZeroU64, path::PathBuf, time::Duration};

use anyhow::{Result, bail};
use clap::ValueEnum;
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    cli::{
        common::{self, Color, FailOnFlag},
        destination::{self, Destination, Format},
        selection::Selection,
        verifiers::StackName,
    },
    dialogflow::{self, Api},
    jobs::{
        profile,
        simulate::{Bearer, CallRequest, Callers},
    },
    net::{dial::HttpVersion, plan::Versions},
};

/// `--tls-max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TlsMax {
    #[value(name = "1.2")]
    V12,
    #[value(name = "1.3")]
    V13,
}

/// Flags of `simulate`.
#[derive(Clone, Debug, clap::Args)]
#[command(
    args_override_self = true,
    after_help = "A whole rehearsal:\n  mtls pki ./pki\n  (let the webhook trust pki/client-ca.pem)\n  mtls simulate https://localhost:8443/hook --pki ./pki --cacert server-ca.pem --matrix"
)]
pub(in crate::cli) struct Args {
    /// The webhook, https://HOST[:PORT]/PATH
    #[arg(value_name = "URL", required_unless_present = "scenario")]
    pub(super) url: Option<String>,

    /// The program that judges client certificates at the webhook: nginx, apache, haproxy, envoy, node, go, java, rustls, python@3.13, …;
    /// where verifiers differ, a client is expected to fare as it does there
    #[arg(long, value_name = "NAME[@VERSION]", help_heading = "Run")]
    pub(super) stack: Option<StackName>,

    /// Whose request: es, es-beta, cx, cx-flexible
    #[arg(
        long,
        value_name = "KIND",
        default_value = "es",
        help_heading = "Request"
    )]
    pub(super) event: Api,
    /// The sender's profile, a name or a file of your own; the one of the request's kind by default
    #[arg(long, value_name = "NAME|FILE", help_heading = "Request")]
    pub(super) profile: Option<String>,
    /// What the user said
    #[arg(long, default_value = "Hi", help_heading = "Request")]
    pub(super) text: String,
    /// An event in place of what the user said
    #[arg(long, value_name = "NAME", help_heading = "Request")]
    pub(super) event_name: Option<String>,
    /// Put a value into the body: /json/pointer=VALUE; may be repeated
    #[arg(long, value_name = "POINTER=VALUE", value_parser = dialogflow::parse_set, help_heading = "Request")]
    pub(super) set: Vec<(String, Value)>,
    /// A file with the body to begin with, - for standard input
    #[arg(long, value_name = "FILE", help_heading = "Request")]
    pub(super) body: Option<PathBuf>,
    /// The session: an id, or its whole name
    #[arg(long, value_name = "ID", help_heading = "Request")]
    pub(super) session: Option<String>,
    /// The language
    #[arg(
        long,
        value_name = "TAG",
        default_value = "en",
        help_heading = "Request"
    )]
    pub(super) language: String,
    /// The fulfilment's tag (CX)
    #[arg(long, value_name = "TAG", help_heading = "Request")]
    pub(super) tag: Option<String>,
    /// The method (cx-flexible)
    #[arg(
        short = 'X',
        long = "request",
        value_name = "METHOD",
        help_heading = "Request"
    )]
    pub(super) method: Option<String>,
    /// A header field, `Name: value`; `Name:` leaves one out; may be repeated
    #[arg(
        short = 'H',
        long = "header",
        value_name = "LINE",
        help_heading = "Request"
    )]
    pub(super) header: Vec<String>,
    /// The bearer token: a token, `simulated` (shaped like Dialogflow's, signed by nobody), `mint` (signed with a new test key) or `none`
    #[arg(
        long,
        value_name = "TOKEN",
        default_value = "simulated",
        help_heading = "Request"
    )]
    pub(super) bearer: String,

    /// Your own client certificate and its chain, PEM
    #[arg(
        short = 'E',
        long,
        value_name = "FILE",
        conflicts_with = "pki",
        help_heading = "Client certificate"
    )]
    pub(super) cert: Option<PathBuf>,
    /// Its private key, PEM; may be in the file of --cert
    #[arg(
        long,
        value_name = "FILE",
        requires = "cert",
        help_heading = "Client certificate"
    )]
    pub(super) key: Option<PathBuf>,
    /// A folder that `mtls pki` wrote
    #[arg(long, value_name = "DIR", help_heading = "Client certificate")]
    pub(super) pki: Option<PathBuf>,
    /// Which client to be: valid, none, or a fault such as expired
    #[arg(long, value_name = "NAME", help_heading = "Client certificate")]
    pub(super) client: Option<String>,
    /// Be every client there is, and tell which ones were wrongly let in
    #[arg(long, conflicts_with_all = ["client", "repeat"], help_heading = "Client certificate")]
    pub(super) matrix: bool,
    /// Call as each certificate of the sender would look, and tell whether the webhook will go on accepting it
    #[arg(long, conflicts_with_all = ["matrix", "client", "cert", "repeat", "scenario"], help_heading = "Client certificate")]
    pub(super) readiness: bool,

    /// Anchors that the webhook's certificate is judged by, in place of the public roots
    #[arg(long, value_name = "FILE", help_heading = "Connection")]
    pub(super) cacert: Option<PathBuf>,
    /// Call a webhook whose certificate is not trusted all the same
    #[arg(short = 'k', long, help_heading = "Connection")]
    pub(super) insecure: bool,
    /// Do not judge by the public roots where no --cacert is given
    #[arg(long, help_heading = "Connection")]
    pub(super) no_default_roots: bool,
    /// Ask for this name, and check it, in place of the URL's
    #[arg(long, value_name = "NAME", help_heading = "Connection")]
    pub(super) sni: Option<String>,
    /// Use this address for HOST:PORT; may be repeated
    #[arg(long, value_name = "HOST:PORT:ADDRESS", help_heading = "Connection")]
    pub(super) resolve: Vec<String>,
    /// Connect to HOST2:PORT2 in place of HOST1:PORT1; may be repeated
    #[arg(
        long,
        value_name = "HOST1:PORT1:HOST2:PORT2",
        help_heading = "Connection"
    )]
    pub(super) connect_to: Vec<String>,
    /// TLS 1.2 or later (always so)
    #[arg(long = "tlsv1.2", help_heading = "Connection")]
    pub(super) tls12: bool,
    /// TLS 1.3 only
    #[arg(long = "tlsv1.3", help_heading = "Connection")]
    pub(super) tls13: bool,
    /// Highest TLS version to speak
    #[arg(long, value_enum, value_name = "VERSION", help_heading = "Connection")]
    pub(super) tls_max: Option<TlsMax>,
    /// HTTP/1.1, as Dialogflow was seen to use (the default)
    #[arg(
        long = "http1.1",
        conflicts_with = "http2",
        help_heading = "Connection"
    )]
    pub(super) http1: bool,
    /// HTTP/2 where the webhook has it
    #[arg(long, help_heading = "Connection")]
    pub(super) http2: bool,
    /// Longest time for name lookup, TCP and TLS
    #[arg(long, value_name = "DUR", default_value = "10s", value_parser = common::time_limit, help_heading = "Connection")]
    pub(super) connect_timeout: Duration,
    /// Longest time for the whole call; longer than --time-limit, so that a slow answer is still seen
    #[arg(short = 'm', long, value_name = "DUR", default_value = "35s", value_parser = common::time_limit, help_heading = "Connection")]
    pub(super) max_time: Duration,
    /// How long the sender waits; 5s unless the webhook resource says otherwise (CX: up to 30s)
    #[arg(long, value_name = "DUR", value_parser = common::time_limit, help_heading = "Connection")]
    pub(super) time_limit: Option<Duration>,

    /// Call N times
    #[arg(long, value_name = "N", help_heading = "Run")]
    pub(super) repeat: Option<NonZeroU64>,
    /// Calls under way at once
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=10_000), help_heading = "Run")]
    pub(super) jobs: u16,
    /// Calls and expectations from a file, TOML
    #[arg(long, value_name = "FILE", conflicts_with_all = ["matrix", "repeat"], help_heading = "Run")]
    pub(super) scenario: Option<PathBuf>,
    /// Lowest severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t, help_heading = "Run")]
    pub(super) fail_on: FailOnFlag,
    /// Findings never change the exit status
    #[arg(long, help_heading = "Run")]
    pub(super) exit_zero: bool,
    /// Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)
    #[arg(long, value_name = "TIME", value_parser = common::moment, help_heading = "Run")]
    pub(super) at_time: Option<Timestamp>,

    #[command(flatten)]
    pub(super) rules: Selection,

    /// How to print what came
    #[arg(long, value_parser = destination::all_but(destination::JUDGING), default_value = "text", help_heading = "Output")]
    pub(super) format: Format,
    /// Where to write it, or another format too: junit=out.xml; may be repeated
    #[arg(short = 'o', long, value_name = "[FORMAT=]FILE", value_parser = destination::parse, help_heading = "Output")]
    pub(super) output: Vec<Destination>,
    /// When to use colour
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(super) color: Color,
    /// Print this after each call, with curl's variables: '%{http_code} %{time_total}\n'
    #[arg(short = 'w', long, value_name = "FORMAT", help_heading = "Output")]
    pub(super) write_out: Option<String>,
    /// Nothing but the --write-out
    #[arg(short = 's', long, help_heading = "Output")]
    pub(super) silent: bool,
    /// Do not redact credentials (says so loudly)
    #[arg(long, help_heading = "Output")]
    pub(super) show_secrets: bool,
}

impl Args {
    /// The files and folders that the flags name.
    pub(super) fn inputs(&self) -> impl Iterator<Item = PathBuf> {
        let flags = [&self.body, &self.cert, &self.key, &self.pki, &self.cacert];
        flags
            .into_iter()
            .chain([&self.scenario])
            .flatten()
            .cloned()
            .chain(self.profile.as_ref().map(PathBuf::from))
            .chain(self.rules.inputs())
    }

    /// What the flags ask for.
    ///
    /// # Errors
    /// When the profile is not to be had, or the flags exclude each other.
    pub(super) fn request(&self) -> Result<CallRequest> {
        Ok(CallRequest {
            url: self.url.clone(),
            stack: self.stack.as_ref().map(StackName::choice),
            event: self.event,
            profile: self.profile.as_deref().map(profile::named).transpose()?,
            text: self.text.clone(),
            event_name: self.event_name.clone(),
            set: self.set.clone(),
            body: self.body.clone(),
            session: self.session.clone(),
            language: self.language.clone(),
            tag: self.tag.clone(),
            method: self.method.clone(),
            header: self.header.clone(),
            bearer: Bearer::read(&self.bearer),
            cert: self.cert.clone(),
            key: self.key.clone(),
            pki: self.pki.clone(),
            client: self.client.clone(),
            callers: match (self.matrix, self.readiness) {
                (_, true) => Callers::Readiness,
                (true, false) => Callers::Matrix,
                (false, false) => Callers::One,
            },
            cacert: self.cacert.clone(),
            default_roots: !self.no_default_roots,
            insecure: self.insecure,
            sni: self.sni.clone(),
            resolve: self.resolve.clone(),
            connect_to: self.connect_to.clone(),
            versions: self.versions()?,
            http: if self.http2 {
                HttpVersion::Http2
            } else {
                HttpVersion::Http1
            },
            connect_time: self.connect_timeout,
            max_time: self.max_time,
            time_limit: self.time_limit,
            now: self.at_time.unwrap_or_else(common::this_second),
            show_secrets: self.show_secrets,
            rules: self.rules.rules(),
        })
    }

    /// The TLS versions to offer.
    fn versions(&self) -> Result<Versions> {
        match (self.tls13, self.tls_max) {
            (true, Some(TlsMax::V12)) => {
                bail!("--tlsv1.3 and --tls-max 1.2 leave no TLS version; drop one of them")
            }
            (true, _) => Ok(Versions::Only13),
            (false, Some(TlsMax::V12)) => Ok(Versions::Only12),
            (false, _) => Ok(Versions::Both),
        }
    }
}
