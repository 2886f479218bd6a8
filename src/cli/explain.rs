//! `mtls explain`: what an error of any stack means, who has to fix it, what to run next.

use std::{
    io::{self, BufRead, BufReader, Write as _},
    path::PathBuf,
};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use jiff::Timestamp;

use super::{
    common,
    flags::{ColorArgs, PassArgs, PlainFormat},
    output,
};
use crate::{
    explain::{self, Evidence, Explanation, Log, Scope, SenderNote, dictionary, query},
    facts::Side,
    jobs::{
        files,
        lint::{self, LintRequest},
        profile,
        simulate::{self, CallRequest},
    },
    outlook::readiness,
    render::{
        json,
        text::{Beside, explained, explained_rule},
    },
};

/// The most bytes of one line that are looked at at once; longer ones are taken in pieces.
const PIECE: usize = 64 * 1024;
/// How much of a piece is looked at again with the next, in bytes: more than any message has.
const OVERLAP: usize = 1024;

/// Flags of `explain`.
#[derive(Debug, clap::Args)]
#[command(
    args_override_self = true,
    after_help = "Examples:
  mtls explain \"x509: certificate signed by unknown authority\"
  mtls explain 48
  mtls explain MT203
  mtls explain client-expired
  mtls explain error:0A000086
  mtls explain - < /var/log/nginx/error.log
  journalctl -u webhook | mtls explain -
  mtls explain \"unknown ca\" --client-ca clients.pem --cert client.pem

48 is a TLS alert, an OpenSSL error or a curl exit code; MT203 is a rule of mtls.
Exit status:
  0  the query is known
  1  it is unknown
  2  the program could not do its job"
)]
pub(super) struct Args {
    /// Message, code, name, number or rule; - reads a log from standard input
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    query: String,
    /// More words, if it was not quoted
    #[arg(value_name = "WORDS", hide = true)]
    more: Vec<String>,
    /// Print every cause in full: how to check it, how to fix it, rules, sources
    #[arg(short = 'v', long = "verbose", visible_alias = "all")]
    all: bool,
    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: PlainFormat,
    #[command(flatten)]
    colour: ColorArgs,
    /// Sender profile the error is about: a name, or a file of your own
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<String>,
    /// Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]
    #[arg(long, visible_alias = "attime", value_name = "TIME", value_parser = common::moment)]
    at_time: Option<Timestamp>,
    #[command(flatten, next_help_heading = "Evidence")]
    evidence: EvidenceArgs,
}

/// What is looked at beside the message.
#[derive(Debug, clap::Args)]
struct EvidenceArgs {
    /// JSON that listen, simulate or lint printed about the case; may be repeated
    #[arg(long, value_name = "FILE")]
    with: Vec<PathBuf>,
    /// Call this webhook once without a client certificate, and rule out causes by the result
    #[arg(long, value_name = "HOST[:PORT]|URL")]
    host: Option<String>,
    /// Check this certificate chain
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    /// Check this private key with --cert
    #[arg(short = 'k', long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    pass: PassArgs,
    /// Check the CA certificates that client certificates are verified against
    #[arg(long, value_name = "FILE")]
    client_ca: Option<PathBuf>,
    /// Trust anchors for the chain [default: those of --client-ca for a client's]
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// Whose certificate --cert is [default: what the error suggests]
    #[arg(long, value_enum, value_name = "SIDE")]
    role: Option<Role>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Role {
    Client,
    Server,
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args) -> Result<u8> {
    let asked = [std::slice::from_ref(&args.query), &args.more]
        .concat()
        .join(" ");
    if asked.trim().is_empty() {
        bail!("no query: give a message, a code or a number, or - for a log on standard input");
    }
    let dictionary = dictionary();
    let mut explanation = if asked == "-" {
        let mut log = Log::new(dictionary);
        each_line(io::stdin().lock(), |piece, first| {
            if first {
                log.line(piece)
            } else {
                log.more(piece)
            }
        })
        .context("standard input")?;
        log.finish()
    } else {
        query(dictionary, &asked)
    };
    let evidence = gather(args, &explanation)?;
    explanation.narrow(&evidence);
    let senders = senders(args, &explanation)?;
    let exit_code = u8::from(!explanation.known);
    let mut out = output::styled_stdout(args.colour.color);
    match args.format {
        PlainFormat::Json => {
            json::explained(&mut out, &explanation, &evidence, &senders, exit_code)?
        }
        PlainFormat::Text => {
            let text = match explanation.rule {
                Some(rule) => explained_rule(rule, output::width()),
                None => explained(
                    &explanation,
                    Beside {
                        evidence: &evidence,
                        senders: &senders,
                        client_ca: &dictionary.client_ca,
                        settings: &dictionary.settings,
                        all: args.all,
                        width: output::width(),
                    },
                ),
            };
            out.write_all(text.as_bytes())?;
        }
    }
    out.flush()?;
    Ok(exit_code)
}

/// Hands on each line and whether it is its beginning: of one longer than `PIECE` pieces that
/// overlap, so that no message is cut in two.
fn each_line(input: impl io::Read, mut take: impl FnMut(&[u8], bool)) -> io::Result<()> {
    let mut input = BufReader::with_capacity(PIECE, input);
    let mut line = Vec::new();
    let mut first = true;
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            if !line.is_empty() {
                take(&line, first);
            }
            return Ok(());
        }
        let mut rest = chunk;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            if line.is_empty() {
                take(&rest[..end], first);
            } else {
                line.extend_from_slice(&rest[..end]);
                take(&line, first);
                line.clear();
            }
            first = true;
            rest = &rest[end + 1..];
        }
        line.extend_from_slice(rest);
        if line.len() > PIECE {
            take(&line, first);
            first = false;
            line.drain(..line.len() - OVERLAP);
        }
        let used = chunk.len();
        input.consume(used);
    }
}

/// Looks at what the flags name.
fn gather(args: &Args, explanation: &Explanation) -> Result<Evidence> {
    let mut evidence = Evidence::default();
    for path in &args.evidence.with {
        let bytes = files::read(path)?;
        let name = path.display().to_string();
        evidence
            .read(&name, &String::from_utf8_lossy(&bytes))
            .map_err(anyhow::Error::msg)?;
    }
    if args.evidence.cert.is_some() || args.evidence.client_ca.is_some() {
        let (request, scope) = lint_request(args, explanation)?;
        let names: Vec<String> = [
            &args.evidence.cert,
            &args.evidence.key,
            &args.evidence.client_ca,
        ]
        .into_iter()
        .flatten()
        .map(|path| path.display().to_string())
        .collect();
        for judged in &lint::judge(&request)? {
            evidence.add(&names.join(" and "), judged, scope);
        }
    } else if args.evidence.key.is_some() || args.evidence.cacert.is_some() {
        bail!("--key and --cacert go with --cert");
    }
    if let Some(host) = &args.evidence.host {
        let url = if host.contains("://") {
            host.clone()
        } else {
            format!("https://{host}/")
        };
        let request = CallRequest {
            url: Some(url),
            client: Some("none".to_owned()),
            cacert: args.evidence.cacert.clone(),
            ..CallRequest::at(common::this_second())
        };
        let scope = Scope {
            server: true,
            wire: true,
            ..Scope::default()
        };
        evidence.add(host, &simulate::call(&request)?, scope);
    }
    Ok(evidence)
}

/// What is judged for the flags, and what of the case it is about.
fn lint_request(args: &Args, explanation: &Explanation) -> Result<(LintRequest, Scope)> {
    let about_client = explanation
        .matches
        .first()
        .and_then(|found| found.causes.first())
        .and_then(|cause| explain::fault(cause.fault)?.area.side())
        == Some(Side::Client);
    let client = match args.evidence.role {
        Some(role) => role == Role::Client,
        None => args.evidence.key.is_none() && about_client,
    };
    let has_cert = args.evidence.cert.is_some();
    let of_client = client && has_cert;
    let listed = |path: &Option<PathBuf>| path.iter().cloned().collect::<Vec<_>>();
    let request = LintRequest {
        cert: args.evidence.cert.clone(),
        key: args.evidence.key.clone(),
        password: args.evidence.pass.password()?,
        // A client's chain is judged by the file of authorities, which is not judged itself then.
        cacert: match &args.evidence.cacert {
            None if of_client => listed(&args.evidence.client_ca),
            cacert => listed(cacert),
        },
        client_ca: if of_client {
            Vec::new()
        } else {
            listed(&args.evidence.client_ca)
        },
        role: of_client.then_some(Side::Client),
        profile: args.profile.as_deref().map(profile::named).transpose()?,
        ..LintRequest::at(args.at_time.unwrap_or_else(common::this_second))
    };
    let scope = Scope {
        client: of_client,
        server: !client && has_cert,
        anchors: args.evidence.client_ca.is_some(),
        wire: false,
    };
    Ok((request, scope))
}

/// The senders whose certificate may be the one in question: the one that is named, or those that
/// change it on a known day.
fn senders(args: &Args, explanation: &Explanation) -> Result<Vec<SenderNote>> {
    if !explanation.is_about_client_anchors() {
        return Ok(Vec::new());
    }
    let today = readiness::day(args.at_time.unwrap_or_else(common::this_second));
    Ok(match &args.profile {
        Some(name) => vec![explain::sender(profile::named(name)?, today)],
        None => profile::senders_that_move(today)
            .map(|sender| explain::sender(sender, today))
            .collect(),
    })
}
