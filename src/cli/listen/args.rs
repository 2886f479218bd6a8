//! The flags of `listen`.

use std::{path::PathBuf, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::ValueEnum;

use super::{forward::ForwardArgs, record::RecordArgs, ui::UiArgs};
use crate::{
    cli::{
        common, destination,
        flags::{FailArgs, OutputArgs, PassArgs, SecretArgs, TimeArgs, TlsArgs},
        output::OpensslLabels,
        token::Wants,
    },
    context::ExpectedIdentity,
    facts::ClientAuth,
    jobs::profile,
    parse::spiffe,
    report::{self, tally::Expect},
};

/// Where to listen when nothing is said: this machine only.
const DEFAULT_ADDRESS: &str = "127.0.0.1:4433";

/// `--client-auth`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ClientAuthFlag {
    /// Do not ask for a certificate
    None,
    /// Ask, and accept clients without one
    #[default]
    Request,
    /// Ask, and reject clients without one
    Require,
}

/// Flags of `listen`. A later one wins over an earlier, as in openssl: several of its words can
/// mean the same flag.
#[derive(Debug, clap::Args)]
#[command(
    args_override_self = true,
    mut_args(destination::adapt(report::Command::Listen)),
    after_help = "Examples:
  mtls listen
  mtls listen --cert fullchain.pem --key key.pem --client-ca clients.pem
  mtls listen -E fullchain.pem -k key.pem --profile dialogflow -l '*:443'
  mtls listen --client-ca clients.pem --enforce --count 1 --expect mtls
  mtls listen --respond answer.json --delay 6s --output html=report.html
  mtls listen -E chain.pem -k key.pem --client-ca ca.pem --forward-to 3000
  mtls listen -key key.pem -cert fullchain.pem -accept 443 -verify 1

The last one uses the options of openssl s_server, which work here too.
SIGHUP reloads --cert, --cert-chain, --key, --client-ca and --crlfile; open connections keep the old ones.

Exit status:
  0  --expect was met, and no finding at or above --fail-on
  1  otherwise, or UNKNOWN: something that was asked has no answer
  2  the program could not do its job"
)]
pub(in crate::cli) struct Args {
    /// Address to listen on; PORT alone is localhost only, *:PORT is every address
    #[arg(short = 'l', long, value_name = "[HOST:]PORT", default_value = DEFAULT_ADDRESS)]
    pub(super) listen: String,
    /// Whether to ask clients for a certificate
    #[arg(long, value_enum, value_name = "MODE", default_value_t)]
    pub(super) client_auth: ClientAuthFlag,
    /// Reject client certificates that do not verify, instead of only showing them
    #[arg(long)]
    pub(super) enforce: bool,
    /// Reject a chain with an error deeper than DEPTH, as openssl's -verify DEPTH
    #[arg(long, value_name = "DEPTH")]
    pub(super) verify_depth: Option<u32>,
    /// Maximum number of intermediates, as openssl's -verify_depth
    #[arg(long, value_name = "COUNT")]
    pub(super) max_depth: Option<usize>,
    /// Accept a trust anchor that is not self-signed, as openssl's -partial_chain
    #[arg(long)]
    pub(super) partial_chain: bool,
    #[command(flatten)]
    pub(super) tls: TlsArgs,

    #[command(flatten, next_help_heading = "Files")]
    pub(super) files: FileArgs,

    #[command(flatten, next_help_heading = "Answer")]
    pub(super) answer: AnswerArgs,

    #[command(flatten, next_help_heading = "Forward")]
    pub(super) forward: ForwardArgs,

    #[command(flatten, next_help_heading = "Token")]
    pub(super) wants: Wants,
    /// Verify the bearer token of every request; needs --jwks
    #[arg(long, requires = "jwks")]
    pub(super) verify_token: bool,
    /// Session parameter that every request must have; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = parameter)]
    pub(super) expect_parameter: Vec<(String, String)>,

    #[command(flatten, next_help_heading = "Identity")]
    pub(super) identity: IdentityArgs,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) secrets: SecretArgs,
    /// OpenSSL version whose labels --format openssl uses
    #[arg(long, value_enum, default_value_t, value_name = "VERSION")]
    pub(super) openssl_labels: OpensslLabels,
    /// Append TLS secrets to FILE, for Wireshark
    #[arg(long, value_name = "FILE")]
    pub(super) keylog: Option<PathBuf>,

    #[command(flatten)]
    pub(super) ui: UiArgs,

    #[command(flatten, next_help_heading = "Record")]
    pub(super) record: RecordArgs,

    #[command(flatten, next_help_heading = "Run")]
    pub(super) fail: FailArgs,
    #[command(flatten)]
    pub(super) time: TimeArgs,
    /// Stop after this many connections
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) count: Option<u64>,
    /// Stop after this time
    #[arg(long, value_name = "DURATION", value_parser = common::duration)]
    pub(super) timeout: Option<Duration>,
    /// What every connection must show: mtls, no-mtls, token or profile:NAME; exit with 1 otherwise
    #[arg(long, value_name = "EXPECTATION", value_parser = expect)]
    pub(super) expect: Option<Expect>,

    #[command(flatten, next_help_heading = "Limits")]
    pub(super) limits: LimitArgs,
}

/// Our own certificate, and who judges clients.
#[derive(Debug, clap::Args)]
pub(super) struct FileArgs {
    /// Server certificate and chain, PEM, sent in the order of the file
    #[arg(short = 'E', long, value_name = "FILE")]
    pub(super) cert: Option<PathBuf>,
    /// More certificates to send after --cert, PEM
    #[arg(long, value_name = "FILE")]
    pub(super) cert_chain: Option<PathBuf>,
    /// Private key of --cert, PEM [default: in the file of --cert]
    #[arg(short = 'k', long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    #[command(flatten)]
    pub(super) pass: PassArgs,
    /// CA certificates to verify clients against, PEM; clients are sent their names
    #[arg(long, value_name = "FILE", alias = "cacert")]
    pub(super) client_ca: Option<PathBuf>,
    /// Certificate revocation lists (CRLs), PEM or DER, for clients; every CA of a client's chain needs
    /// one, as with nginx's ssl_crl; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) crlfile: Vec<PathBuf>,
    /// Sender profile whose trust anchors clients are verified against too: a name, or a file of
    /// your own; may be repeated
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) profile: Vec<String>,
    /// Sender profile to recognize without trusting its anchors: a name, or a file of your own; may
    /// be repeated
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) sender: Vec<String>,
    /// Without --client-ca and --profile, do not use the system's trust store
    #[arg(long)]
    pub(super) no_default_roots: bool,
}

/// Whom a client has to be; one of them is enough. ghostunnel's words.
#[derive(Debug, clap::Args)]
pub(super) struct IdentityArgs {
    /// Common name that a client's certificate may have; any other is an error; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) allow_cn: Vec<String>,
    /// Accept clients whose certificate has this organizational unit; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) allow_ou: Vec<String>,
    /// DNS name among the alternative names of its certificate; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) allow_dns: Vec<String>,
    /// URI among its alternative names, such as a SPIFFE ID; * is one segment, ** at the end any
    /// number; may be repeated
    #[arg(long, value_name = "URI", value_parser = uri)]
    pub(super) allow_uri: Vec<String>,
    /// SHA-256 of its public key: hexadecimal, or sha256//BASE64 as in curl; may be repeated
    #[arg(long, value_name = "DIGEST", value_parser = spki)]
    pub(super) allow_spki: Vec<String>,
}

impl IdentityArgs {
    /// The identities.
    pub(super) fn expected(&self) -> ExpectedIdentity {
        ExpectedIdentity {
            common_names: self.allow_cn.clone(),
            units: self.allow_ou.clone(),
            dns: self.allow_dns.clone(),
            uris: self.allow_uri.clone(),
            spki: self.allow_spki.clone(),
        }
    }
}

/// A URI or a pattern of one; of a SPIFFE ID it is looked at whether it can be one.
fn uri(text: &str) -> Result<String, String> {
    if !text.contains("://") {
        return Err(format!("`{text}` is not a URI: expected SCHEME://..."));
    }
    if spiffe::is_meant(text) {
        let plain = text.strip_suffix("/**").unwrap_or(text).replace('*', "x");
        if let Some(fault) = spiffe::fault(&plain) {
            return Err(format!("`{text}` is not a SPIFFE ID: {fault}"));
        }
    }
    Ok(text.to_owned())
}

/// A digest of a public key, as lower-case hexadecimal.
fn spki(text: &str) -> Result<String, String> {
    let wrong =
        || format!("`{text}` is not a SHA-256: expected 64 hexadecimal digits, or sha256//BASE64");
    if let Some(base64) = text.strip_prefix("sha256//") {
        let bytes = STANDARD
            .decode(base64)
            .ok()
            .filter(|bytes| bytes.len() == 32);
        let bytes = bytes.ok_or_else(wrong)?;
        return Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect());
    }
    let hex: String = text.chars().filter(|letter| *letter != ':').collect();
    if hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(hex.to_ascii_lowercase())
    } else {
        Err(wrong())
    }
}

/// What is answered.
#[derive(Debug, clap::Args)]
pub(super) struct AnswerArgs {
    /// Answer with the content of FILE [default: a webhook answer that fits the request]
    #[arg(long, value_name = "FILE")]
    pub(super) respond: Option<PathBuf>,
    /// Answer with this HTTP status
    #[arg(long, value_name = "STATUS", default_value_t = 200, value_parser = clap::value_parser!(u16).range(200..=599))]
    pub(super) status: u16,
    /// Wait before answering: 500ms, 5s
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = common::duration)]
    pub(super) delay: Duration,
}

/// How much of everything.
#[derive(Debug, clap::Args)]
pub(super) struct LimitArgs {
    /// Handshake timeout
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = common::time_limit)]
    pub(super) handshake_timeout: Duration,
    /// Request timeout
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = common::time_limit)]
    pub(super) request_timeout: Duration,
    /// Maximum bytes in a request's header section
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024, value_parser = header_bytes)]
    pub(super) max_header: usize,
    /// Maximum bytes in a request body, compressed or not
    #[arg(long, value_name = "BYTES", default_value_t = 4 * 1024 * 1024)]
    pub(super) max_body: usize,
    /// Maximum bytes of request bodies to keep in a run, a quarter of it per connection; of any
    /// others, length and SHA-256 are kept
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024 * 1024)]
    pub(super) max_kept: usize,
    /// Maximum open connections; one more closes the one that has been idle longest
    #[arg(long, value_name = "COUNT", default_value_t = 1000)]
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
            .chain(self.forward.inputs())
            .chain(&files.crlfile)
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
                .map_err(|error| crate::failure::words(&error)),
            None => Err(format!(
                "`{text}` is not mtls, no-mtls, token or profile:NAME"
            )),
        },
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}

fn header_bytes(text: &str) -> Result<usize, String> {
    // hyper refuses a smaller buffer.
    match text.parse() {
        Ok(bytes) if bytes >= 8192 => Ok(bytes),
        _ => Err("expected a number of bytes, at least 8192".to_owned()),
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
