//! The flags of `inspect`, with curl's names where curl has the flag.

use std::{num::NonZeroU16, path::PathBuf, time::Duration};

use anyhow::Result;

use crate::{
    cli::{
        common,
        destination::{self, Format},
        files::password,
        flags::{FailArgs, JudgeArgs, OutputArgs, ReachArgs, SecretArgs},
        selection::Selection,
    },
    jobs::{
        inspect::{InspectRequest, Presented, shard::Shard},
        profile,
    },
    net::dial::HttpVersion,
    report,
};

/// Flags of `inspect`.
#[derive(Clone, Debug, clap::Args)]
#[command(
    args_override_self = true,
    mut_args(destination::adapt(report::Command::Inspect)),
    mut_arg("warn_days", |flag| flag.short('w')),
    mut_arg("fail_days", |flag| flag.short('c')),
    after_help = "Examples:
  mtls inspect hook.example.com
  mtls inspect hook.example.com --cert client.pem --key client-key.pem
  mtls inspect fullchain.pem --short
  kubectl get secret web -o json | mtls inspect -
  mtls inspect --targets list.txt --jobs 128 --format jsonl > out.jsonl"
)]
pub(in crate::cli) struct Args {
    /// What to look at: host[:port], https://…, a file (PEM, DER, PKCS#12, a Kubernetes secret), a
    /// directory, or - for standard input
    #[arg(value_name = "TARGET")]
    pub(super) targets: Vec<String>,

    #[command(flatten, next_help_heading = "Judgement")]
    judge: JudgeArgs,
    /// Anchors that chains are judged by, in place of the public roots
    #[arg(long, value_name = "FILE")]
    pub(super) cacert: Option<PathBuf>,
    /// The sender whose certificate has to be accepted: a name, or a profile file of your own;
    /// dialogflow by default, and then silent about servers that are not meant for it
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) profile: Option<String>,
    #[command(flatten)]
    pub(super) fail: FailArgs,

    #[command(flatten, next_help_heading = "Client certificate")]
    pub(super) presents: ClientArgs,

    #[command(flatten, next_help_heading = "Connection")]
    reach: ReachArgs,
    /// Offer HTTP/1.1 only
    #[arg(long = "http1.1", conflicts_with = "no_alpn")]
    pub(super) http1: bool,
    /// Offer no application protocol
    #[arg(long)]
    pub(super) no_alpn: bool,
    /// Longest time for name lookup, TCP and TLS
    #[arg(short = 't', long, value_name = "DUR", default_value = "10s", value_parser = common::time_limit)]
    pub(super) connect_timeout: Duration,
    /// Longest wait for the answer to a GET; without an answer the handshake says enough
    #[arg(long, value_name = "DUR", default_value = "3s", value_parser = common::time_limit)]
    pub(super) answer_timeout: Duration,
    /// Longest time for one connection in all
    #[arg(short = 'm', long, value_name = "DUR", value_parser = common::time_limit)]
    pub(super) max_time: Option<Duration>,
    /// A host to inspect, as monitoring plugins are told it
    #[arg(short = 'H', long, value_name = "HOST")]
    pub(super) hostname: Option<String>,
    /// Its port
    #[arg(short = 'p', long, value_name = "PORT", requires = "hostname")]
    pub(super) port: Option<u16>,

    #[command(flatten, next_help_heading = "Fleet")]
    pub(super) fleet: FleetArgs,

    #[command(flatten, next_help_heading = "Rules")]
    pub(super) rules: Selection,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) secrets: SecretArgs,
    /// Two lines a certificate
    #[arg(long)]
    pub(super) short: bool,
    /// The certificates as PEM too
    #[arg(long)]
    pub(super) pem: bool,
    /// The password of a PKCS#12 file: pass:WORD, env:VARIABLE, file:PATH or stdin, as openssl
    /// takes it
    #[arg(long, value_name = "SOURCE")]
    pub(super) pass: Option<String>,
}

/// What is presented in a second handshake.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ClientArgs {
    /// A client certificate and its chain, PEM, for a second handshake
    #[arg(short = 'E', long, value_name = "FILE", conflicts_with = "client")]
    pub(super) cert: Option<PathBuf>,
    /// Its private key, PEM; may be in the file of --cert
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(super) key: Option<PathBuf>,
    /// A client certificate made on the spot for a second handshake: valid, or a fault such as
    /// expired
    #[arg(long, value_name = "NAME")]
    pub(super) client: Option<String>,
    /// A folder that `mtls pki` wrote, to take --client from
    #[arg(long, value_name = "DIR", conflicts_with = "cert")]
    pub(super) pki: Option<PathBuf>,
}

/// Many endpoints.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct FleetArgs {
    /// A list of endpoints, a line each: host[:port], or JSON with `target` and settings of its
    /// own; - for standard input
    #[arg(long = "targets", value_name = "FILE")]
    pub(super) list: Option<PathBuf>,
    /// Endpoints looked at at once
    #[arg(
        short = 'j',
        long,
        value_name = "N",
        default_value_t = 64,
        value_parser = clap::value_parser!(u16).range(1..=10_000)
    )]
    pub(super) jobs: u16,
    /// At most N endpoints begun a second
    #[arg(long, value_name = "N")]
    pub(super) rate: Option<NonZeroU16>,
    /// Only the m-th of n parts of the list; auto takes m from JOB_COMPLETION_INDEX or
    /// CI_NODE_INDEX
    #[arg(long, value_name = "m/n|auto/n")]
    pub(super) shard: Option<Shard>,
    /// Leave out endpoints whose result stands in FILE, JSON Lines of an earlier run
    #[arg(long, value_name = "FILE")]
    pub(super) resume: Option<PathBuf>,
    /// Of a fleet too: every trust store, and a second handshake to see whether sessions are
    /// resumed
    #[arg(long)]
    pub(super) thorough: bool,
}

impl Args {
    /// What the flags ask for.
    ///
    /// # Errors
    /// When a profile, a verifier or a password is not to be had, or the flags exclude each other.
    pub(super) fn request(&self) -> Result<InspectRequest> {
        let Self {
            judge,
            presents,
            reach,
            fleet,
            ..
        } = self;
        let client = match (&presents.cert, &presents.client) {
            (Some(cert), _) => Some(Presented::Own {
                cert: cert.clone(),
                key: presents.key.clone(),
            }),
            (None, Some(name)) => Some(Presented::Made {
                name: name.clone(),
                folder: presents.pki.clone(),
            }),
            (None, None) => None,
        };
        Ok(InspectRequest {
            cacert: self.cacert.clone(),
            default_roots: judge.roots.default_roots(),
            profile: profile::named(self.profile.as_deref().unwrap_or(profile::FIRST))?,
            profile_assumed: self.profile.is_none(),
            now: judge.time.now(),
            warn_days: judge.warn_days,
            fail_days: judge.fail_days,
            client,
            sni: reach.sni.clone(),
            resolve: reach.resolve.clone(),
            connect_to: reach.connect_to.clone(),
            versions: reach.tls.versions()?,
            http: match (self.no_alpn, self.http1) {
                (true, _) => HttpVersion::NoAlpn,
                (false, true) => HttpVersion::Http1,
                (false, false) => HttpVersion::Http2,
            },
            connect_time: self.connect_timeout,
            answer_time: self.answer_timeout,
            time: self
                .max_time
                .unwrap_or(self.connect_timeout + self.answer_timeout),
            thorough: fleet.list.is_none() || fleet.thorough,
            at_once: usize::from(fleet.jobs),
            rate: fleet.rate.map(NonZeroU16::get),
            status_by: judge.verifiers.status_by()?,
            rules: self.rules.rules(),
            password: self.pass.as_deref().map(password).transpose()?,
            pem: self.pem,
            show_secrets: self.secrets.show(),
        })
    }

    /// What is to be looked at besides the list.
    pub(super) fn named(&self) -> Vec<String> {
        let host = self.hostname.as_ref().map(|host| match self.port {
            Some(port) if host.contains(':') && !host.starts_with('[') => {
                format!("[{host}]:{port}")
            }
            Some(port) => format!("{host}:{port}"),
            None => host.clone(),
        });
        self.targets.iter().cloned().chain(host).collect()
    }

    /// Whether a monitoring system reads what is printed.
    pub(in crate::cli) fn is_plugin(&self) -> bool {
        self.output.format == Format::Nagios
    }
}
