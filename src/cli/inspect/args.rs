//! The flags of `inspect`, with curl's names where curl has the flag.

use std::{num::NonZeroU16, path::PathBuf, time::Duration};

use anyhow::{Result, bail};
use clap::ValueEnum;
use jiff::Timestamp;

use crate::{
    cli::{
        common::{self, Color, FailOnFlag},
        destination::{self, Destination, Format},
        files,
        selection::Selection,
        verifiers::Verifiers,
    },
    jobs::{
        inspect::{InspectRequest, Presented, shard::Shard},
        profile,
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

/// Flags of `inspect`.
#[derive(Clone, Debug, clap::Args)]
#[command(
    args_override_self = true,
    after_help = "Examples:
  mtls inspect hook.example.com
  mtls inspect hook.example.com --cert client.pem --key client-key.pem
  mtls inspect fullchain.pem --short
  kubectl get secret web -o json | mtls inspect -
  mtls inspect --targets list.txt --jobs 128 --format jsonl > out.jsonl"
)]
pub(in crate::cli) struct Args {
    /// What to look at: host[:port], https://…, a file (PEM, DER, PKCS#12, a Kubernetes secret), a directory, or - for standard input
    #[arg(value_name = "TARGET")]
    pub(super) targets: Vec<String>,

    /// Anchors that chains are judged by, in place of the public roots
    #[arg(long, value_name = "FILE", help_heading = "Judgement")]
    pub(super) cacert: Option<PathBuf>,
    /// Do not judge by the public roots where no --cacert is given
    #[arg(long, help_heading = "Judgement")]
    pub(super) no_default_roots: bool,
    /// The sender whose certificate has to be accepted: a name, or a profile file of your own; dialogflow by default, and then silent
    /// about servers that are not meant for it
    #[arg(long, value_name = "NAME|FILE", help_heading = "Judgement")]
    pub(super) profile: Option<String>,
    /// Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)
    #[arg(long, value_name = "TIME", value_parser = common::moment, help_heading = "Judgement")]
    pub(super) at_time: Option<Timestamp>,
    /// Warn when fewer days are left
    #[arg(
        short = 'w',
        long,
        value_name = "DAYS",
        default_value_t = 20,
        help_heading = "Judgement"
    )]
    pub(super) warn_days: u32,
    /// Fail when fewer days are left
    #[arg(
        short = 'c',
        long,
        value_name = "DAYS",
        default_value_t = 3,
        help_heading = "Judgement"
    )]
    pub(super) fail_days: u32,
    /// Lowest severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t, help_heading = "Judgement")]
    pub(super) fail_on: FailOnFlag,
    /// Findings never change the exit status
    #[arg(long, help_heading = "Judgement")]
    pub(super) exit_zero: bool,

    /// A client certificate and its chain, PEM, for a second handshake
    #[arg(
        short = 'E',
        long,
        value_name = "FILE",
        conflicts_with = "client",
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
    /// A client certificate made on the spot for a second handshake: valid, or a fault such as expired
    #[arg(long, value_name = "NAME", help_heading = "Client certificate")]
    pub(super) client: Option<String>,
    /// A folder that `mtls pki` wrote, to take --client from
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with = "cert",
        help_heading = "Client certificate"
    )]
    pub(super) pki: Option<PathBuf>,

    /// Ask for this name, and check it, in place of the target's
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
    /// Offer HTTP/1.1 only
    #[arg(
        long = "http1.1",
        conflicts_with = "no_alpn",
        help_heading = "Connection"
    )]
    pub(super) http1: bool,
    /// Offer no application protocol
    #[arg(long, help_heading = "Connection")]
    pub(super) no_alpn: bool,
    /// Longest time for name lookup, TCP and TLS
    #[arg(short = 't', long, value_name = "DUR", default_value = "10s", value_parser = common::time_limit, help_heading = "Connection")]
    pub(super) connect_timeout: Duration,
    /// Longest wait for the answer to a GET; without an answer the handshake says enough
    #[arg(long, value_name = "DUR", default_value = "3s", value_parser = common::time_limit, help_heading = "Connection")]
    pub(super) answer_timeout: Duration,
    /// Longest time for one connection in all
    #[arg(short = 'm', long, value_name = "DUR", value_parser = common::time_limit, help_heading = "Connection")]
    pub(super) max_time: Option<Duration>,
    /// A host to inspect, as monitoring plugins are told it
    #[arg(short = 'H', long, value_name = "HOST", help_heading = "Connection")]
    pub(super) hostname: Option<String>,
    /// Its port
    #[arg(
        short = 'p',
        long,
        value_name = "PORT",
        requires = "hostname",
        help_heading = "Connection"
    )]
    pub(super) port: Option<u16>,

    /// A list of endpoints, a line each: host[:port], or JSON with `target` and settings of its own; - for standard input
    #[arg(long = "targets", value_name = "FILE", help_heading = "Fleet")]
    pub(super) list: Option<PathBuf>,
    /// Endpoints looked at at once
    #[arg(
        short = 'j',
        long,
        value_name = "N",
        default_value_t = 64,
        value_parser = clap::value_parser!(u16).range(1..=10_000),
        help_heading = "Fleet"
    )]
    pub(super) jobs: u16,
    /// At most N endpoints begun a second
    #[arg(long, value_name = "N", help_heading = "Fleet")]
    pub(super) rate: Option<NonZeroU16>,
    /// Only the m-th of n parts of the list; auto takes m from JOB_COMPLETION_INDEX or CI_NODE_INDEX
    #[arg(long, value_name = "m/n|auto/n", help_heading = "Fleet")]
    pub(super) shard: Option<Shard>,
    /// Leave out endpoints whose result stands in FILE, JSON Lines of an earlier run
    #[arg(long, value_name = "FILE", help_heading = "Fleet")]
    pub(super) resume: Option<PathBuf>,
    /// Of a fleet too: every trust store, and a second handshake to see whether sessions are resumed
    #[arg(long, help_heading = "Fleet")]
    pub(super) thorough: bool,

    #[command(flatten)]
    pub(super) verifiers: Verifiers,
    #[command(flatten)]
    pub(super) rules: Selection,

    /// How to print what was found
    #[arg(long, value_parser = destination::all_but(destination::WATCHING), default_value = "text", help_heading = "Output")]
    pub(super) format: Format,
    /// Where to write it, or another format too; {shard} in a name is the number of the part. May be repeated
    #[arg(short = 'o', long, value_name = "[FORMAT=]FILE", value_parser = destination::parse, help_heading = "Output")]
    pub(super) output: Vec<Destination>,
    /// Two lines a certificate
    #[arg(long, help_heading = "Output")]
    pub(super) short: bool,
    /// The certificates as PEM too
    #[arg(long, help_heading = "Output")]
    pub(super) pem: bool,
    /// When to use colour
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(super) color: Color,
    /// Do not redact credentials (says so loudly)
    #[arg(long, help_heading = "Output")]
    pub(super) show_secrets: bool,
    /// The password of a PKCS#12 file: pass:WORD, env:VARIABLE, file:PATH or stdin, as openssl takes it
    #[arg(long, value_name = "SOURCE", help_heading = "Output")]
    pub(super) pass: Option<String>,
}

impl Args {
    /// What the flags ask for.
    ///
    /// # Errors
    /// When a profile, a verifier or a password is not to be had, or the flags exclude each other.
    pub(super) fn request(&self) -> Result<InspectRequest> {
        let client = match (&self.cert, &self.client) {
            (Some(cert), _) => Some(Presented::Own {
                cert: cert.clone(),
                key: self.key.clone(),
            }),
            (None, Some(name)) => Some(Presented::Made {
                name: name.clone(),
                folder: self.pki.clone(),
            }),
            (None, None) => None,
        };
        Ok(InspectRequest {
            cacert: self.cacert.clone(),
            default_roots: !self.no_default_roots,
            profile: profile::named(self.profile.as_deref().unwrap_or(profile::FIRST))?,
            profile_assumed: self.profile.is_none(),
            now: self.at_time.unwrap_or_else(common::this_second),
            warn_days: self.warn_days,
            fail_days: self.fail_days,
            client,
            sni: self.sni.clone(),
            resolve: self.resolve.clone(),
            connect_to: self.connect_to.clone(),
            versions: self.versions()?,
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
            thorough: self.list.is_none() || self.thorough,
            at_once: usize::from(self.jobs),
            rate: self.rate.map(NonZeroU16::get),
            status_by: self.verifiers.status_by()?,
            rules: self.rules.rules(),
            password: self.pass.as_deref().map(files::password).transpose()?,
            pem: self.pem,
            show_secrets: self.show_secrets,
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
        self.format == Format::Nagios
    }
}
