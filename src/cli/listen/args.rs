//! The flags of `listen`.

use std::{path::PathBuf, time::Duration};

use clap::ValueEnum;

use crate::{
    cli::{
        common, destination,
        flags::{FailArgs, OutputArgs, SecretArgs, TimeArgs, TlsArgs},
        output::OpensslLabels,
        token::Wants,
    },
    facts::ClientAuth,
    jobs::profile,
    report::{self, tally::Expect},
};

/// Where to listen when nothing is said: this machine only.
const DEFAULT_ADDRESS: &str = "127.0.0.1:4433";

/// `--client-auth`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ClientAuthFlag {
    /// Do not ask for a certificate
    None,
    /// Ask; a client may come without
    #[default]
    Request,
    /// Ask; refuse a client without
    Require,
}

/// Flags of `listen`. A later one wins over an earlier, as in openssl: several of its words can
/// mean the same flag.
#[derive(Debug, clap::Args)]
#[command(
    args_override_self = true,
    mut_args(destination::adapt(report::Command::Listen)),
    after_help = "openssl's words work as well: mtls listen -key key.pem -cert fullchain.pem -accept 443 -verify 1\n\nSIGHUP has the files of --cert, --cert-chain, --key and --client-ca read again; connections that are open keep what they began with."
)]
pub(in crate::cli) struct Args {
    /// Address to listen on; a port alone means this machine only, *:PORT every address
    #[arg(short = 'l', long, value_name = "[HOST:]PORT", default_value = DEFAULT_ADDRESS)]
    pub(super) listen: String,
    /// Whether to ask clients for a certificate
    #[arg(long, value_enum, default_value_t)]
    pub(super) client_auth: ClientAuthFlag,
    /// Refuse a client certificate that does not verify, instead of only showing it
    #[arg(long)]
    pub(super) enforce: bool,
    /// Refuse when an error lies deeper than N in the chain, as openssl's -verify N does
    #[arg(long, value_name = "N")]
    pub(super) verify_depth: Option<u32>,
    /// At most N intermediates, as openssl's -verify_depth
    #[arg(long, value_name = "N")]
    pub(super) max_depth: Option<usize>,
    /// Let an anchor that is not self-signed end a path
    #[arg(long)]
    pub(super) partial_chain: bool,
    #[command(flatten)]
    pub(super) tls: TlsArgs,

    #[command(flatten, next_help_heading = "Files")]
    pub(super) files: FileArgs,

    #[command(flatten, next_help_heading = "Answer")]
    pub(super) answer: AnswerArgs,

    #[command(flatten, next_help_heading = "Token")]
    pub(super) wants: Wants,
    /// Check the bearer token of every request; needs --jwks
    #[arg(long, requires = "jwks")]
    pub(super) verify_token: bool,
    /// A session parameter that every request has to carry; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = parameter)]
    pub(super) expect_parameter: Vec<(String, String)>,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) secrets: SecretArgs,
    /// Whose labels --format openssl uses
    #[arg(long, value_enum, default_value_t, value_name = "VERSION")]
    pub(super) openssl_labels: OpensslLabels,
    /// Write the connections' TLS secrets to this file, for Wireshark
    #[arg(long, value_name = "FILE")]
    pub(super) keylog: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Run")]
    pub(super) fail: FailArgs,
    #[command(flatten)]
    pub(super) time: TimeArgs,
    /// Stop after N connections
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) count: Option<u64>,
    /// Stop after this time
    #[arg(long, value_name = "DUR", value_parser = common::duration)]
    pub(super) timeout: Option<Duration>,
    /// What the run must see: mtls, no-mtls, token, profile:NAME; exit 1 otherwise
    #[arg(long, value_name = "WHAT", value_parser = expect)]
    pub(super) expect: Option<Expect>,

    #[command(flatten, next_help_heading = "Limits")]
    pub(super) limits: LimitArgs,
}

/// Our own certificate, and who judges clients.
#[derive(Debug, clap::Args)]
pub(super) struct FileArgs {
    /// Server certificate and its chain, PEM; sent whole, in its order
    #[arg(short = 'E', long, value_name = "FILE")]
    pub(super) cert: Option<PathBuf>,
    /// More certificates to send after those of --cert, PEM
    #[arg(long, value_name = "FILE")]
    pub(super) cert_chain: Option<PathBuf>,
    /// Private key of the first certificate, PEM; may be in the file of --cert
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    /// CA certificates that clients are judged by, PEM; their names are sent to clients
    #[arg(long, value_name = "FILE", alias = "cacert")]
    pub(super) client_ca: Option<PathBuf>,
    /// Also judge clients by this sender's anchors: a name, or a profile file of your own; may be
    /// repeated
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) profile: Vec<String>,
    /// Know this sender's certificates when they come, without trusting its anchors: a name or a
    /// profile file; may be repeated
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) sender: Vec<String>,
    /// Do not fall back to the system's trust store
    #[arg(long)]
    pub(super) no_default_roots: bool,
}

/// What is answered.
#[derive(Debug, clap::Args)]
pub(super) struct AnswerArgs {
    /// Answer with this file's content instead of a fitting webhook answer
    #[arg(long, value_name = "FILE")]
    pub(super) respond: Option<PathBuf>,
    /// Answer with this HTTP status
    #[arg(long, value_name = "CODE", default_value_t = 200, value_parser = clap::value_parser!(u16).range(200..=599))]
    pub(super) status: u16,
    /// Wait this long before answering (500ms, 5s)
    #[arg(long, value_name = "DUR", default_value = "0", value_parser = common::duration)]
    pub(super) delay: Duration,
}

/// How much of everything.
#[derive(Debug, clap::Args)]
pub(super) struct LimitArgs {
    /// Longest time a handshake may take
    #[arg(long, value_name = "DUR", default_value = "10s", value_parser = common::time_limit)]
    pub(super) handshake_timeout: Duration,
    /// Longest time a whole request may take
    #[arg(long, value_name = "DUR", default_value = "30s", value_parser = common::time_limit)]
    pub(super) request_timeout: Duration,
    /// Largest request header section, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024, value_parser = header_bytes)]
    pub(super) max_header: usize,
    /// Largest request body, in bytes, packed or unpacked
    #[arg(long, value_name = "BYTES", default_value_t = 4 * 1024 * 1024)]
    pub(super) max_body: usize,
    /// Request bodies kept in all of the run, in bytes, a connection's at most a quarter; beyond it
    /// only length and SHA-256
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024 * 1024)]
    pub(super) max_kept: usize,
    /// Most connections open at once; beyond it the longest silent one gives way
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(super) max_connections: usize,
}

impl Args {
    /// The files that the flags name.
    pub(super) fn inputs(&self) -> impl Iterator<Item = PathBuf> {
        let files = &self.files;
        let flags = [&files.cert, &files.cert_chain, &files.key, &files.client_ca];
        let named = files.profile.iter().chain(&files.sender);
        let named = named.chain(&self.wants.jwks);
        flags
            .into_iter()
            .chain([&self.answer.respond, &self.keylog])
            .flatten()
            .cloned()
            .chain(named.map(PathBuf::from))
    }
}

fn expect(text: &str) -> Result<Expect, String> {
    match text {
        "mtls" => Ok(Expect::Mtls),
        "no-mtls" => Ok(Expect::NoMtls),
        "token" => Ok(Expect::Token),
        _ => match text.strip_prefix("profile:") {
            Some(name) => profile::named(name)
                .map(|profile| Expect::Profile(profile.name.clone()))
                .map_err(|error| format!("{error:#}")),
            None => Err(format!(
                "`{text}` is not mtls, no-mtls, token or profile:NAME"
            )),
        },
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("wanted KEY=VALUE".to_owned()),
    }
}

fn header_bytes(text: &str) -> Result<usize, String> {
    // hyper refuses a smaller buffer.
    match text.parse() {
        Ok(bytes) if bytes >= 8192 => Ok(bytes),
        _ => Err("wants a number of bytes, at least 8192".to_owned()),
    }
}

impl From<ClientAuthFlag> for ClientAuth {
    fn from(flag: ClientAuthFlag) -> Self {
        match flag {
            ClientAuthFlag::None => Self::None,
            ClientAuthFlag::Request => Self::Request,
            ClientAuthFlag::Require => Self::Require,
        }
    }
}
