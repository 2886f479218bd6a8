//! `mtls listen`: flags to a plan, events to reports, an exit code at the end.

use std::{
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use jiff::Timestamp;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::{net::TcpListener, sync::mpsc};

use super::{
    anchors::{self, Judges},
    common::{self, Color},
    files,
    output::{self, Format, OpensslLabels},
};
use crate::{
    context::Context,
    engine,
    facts::{Case, ClientAuth},
    net::{
        identity::{IdentityError, ServerIdentity},
        listen::{self as listener, Event},
        plan::{self, Answer, Limits, Plan, Versions},
    },
    pki::Authority,
    profiles,
    render::openssl::pem,
    report::{FailOn, Run, Sink,
        tally::{Expect, Tally}},
    trust::sender,
};

/// Where to listen when nothing is said: this machine only.
const DEFAULT_ADDRESS: &str = "127.0.0.1:4433";

/// `--client-auth`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ClientAuthFlag {
    /// Do not ask for a certificate
    None,
    /// Ask; a client may come without
    #[default]
    Request,
    /// Ask; refuse a client without
    Require,
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FailOnFlag {
    #[default]
    Error,
    Warning,
    Note,
    Never,
}

/// `--tls-max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TlsMax {
    #[value(name = "1.2")]
    V12,
    #[value(name = "1.3")]
    V13,
}

/// Flags of `listen`.
#[derive(Debug, clap::Args)]
#[command(after_help = "openssl's words work as well: mtls listen -key key.pem -cert fullchain.pem -accept 443 -verify 1")]
pub(super) struct Args {
    /// Server certificate and its chain, PEM; sent whole, in its order
    #[arg(short = 'E', long, value_name = "FILE", help_heading = "Files")]
    cert: Option<PathBuf>,
    /// More certificates to send after those of --cert, PEM
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    cert_chain: Option<PathBuf>,
    /// Private key of the first certificate, PEM; may be in the file of --cert
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    key: Option<PathBuf>,
    /// CA certificates that clients are judged by, PEM; their names are sent to clients
    #[arg(long, value_name = "FILE", alias = "cacert", help_heading = "Files")]
    client_ca: Option<PathBuf>,
    /// Also judge clients by this sender's anchors; may be repeated
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    profile: Vec<String>,
    /// Do not fall back to the system's trust store
    #[arg(long, help_heading = "Files")]
    no_default_roots: bool,

    /// Address to listen on; a port alone means this machine only, *:PORT every address
    #[arg(short = 'l', long, value_name = "[HOST:]PORT", default_value = DEFAULT_ADDRESS)]
    listen: String,
    /// Whether to ask clients for a certificate
    #[arg(long, value_enum, default_value_t, overrides_with = "client_auth")]
    client_auth: ClientAuthFlag,
    /// Refuse a client certificate that does not verify, instead of only showing it
    #[arg(long)]
    enforce: bool,
    /// Refuse when an error lies deeper than N in the chain, as openssl's -verify N does
    #[arg(long, value_name = "N")]
    verify_depth: Option<u32>,
    /// At most N intermediates, as openssl's -verify_depth
    #[arg(long, value_name = "N")]
    max_depth: Option<usize>,
    /// Let an anchor that is not self-signed end a path
    #[arg(long)]
    partial_chain: bool,
    /// TLS 1.3 only
    #[arg(long = "tlsv1.3", overrides_with = "tls13")]
    tls13: bool,
    /// Highest TLS version to speak
    #[arg(long, value_enum, value_name = "VERSION", overrides_with = "tls_max")]
    tls_max: Option<TlsMax>,

    /// Answer with this file's content instead of a fitting webhook answer
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    respond: Option<PathBuf>,
    /// Answer with this HTTP status
    #[arg(long, value_name = "CODE", default_value_t = 200, value_parser = clap::value_parser!(u16).range(200..=599), help_heading = "Answer")]
    status: u16,
    /// Wait this long before answering (500ms, 5s)
    #[arg(long, value_name = "DUR", default_value = "0", value_parser = common::duration, help_heading = "Answer")]
    delay: Duration,

    /// How to print what came
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    /// Whose labels --format openssl uses
    #[arg(long, value_enum, default_value_t, value_name = "VERSION", help_heading = "Output")]
    openssl_labels: OpensslLabels,
    /// When to use colour
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    color: Color,
    /// Do not redact credentials (says so loudly)
    #[arg(long, help_heading = "Output")]
    show_secrets: bool,
    /// Write the connections' TLS secrets to this file, for Wireshark
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    keylog: Option<PathBuf>,

    /// Stop after N connections
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Run")]
    count: Option<u64>,
    /// Stop after this time
    #[arg(long, value_name = "DUR", value_parser = common::duration, help_heading = "Run")]
    timeout: Option<Duration>,
    /// What the run must see: mtls, no-mtls, token, profile:NAME; exit 1 otherwise
    #[arg(long, value_name = "WHAT", value_parser = expect, help_heading = "Run")]
    expect: Option<Expect>,
    /// Lowest severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t, help_heading = "Run")]
    fail_on: FailOnFlag,
    /// Findings never change the exit status
    #[arg(long, help_heading = "Run")]
    exit_zero: bool,
    /// Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)
    #[arg(long, value_name = "TIME", value_parser = common::moment, help_heading = "Run")]
    at_time: Option<Timestamp>,

    /// Longest time a handshake may take
    #[arg(long, value_name = "DUR", default_value = "10s", value_parser = common::duration, help_heading = "Limits")]
    handshake_timeout: Duration,
    /// Longest time a whole request may take
    #[arg(long, value_name = "DUR", default_value = "30s", value_parser = common::duration, help_heading = "Limits")]
    request_timeout: Duration,
    /// Largest request header section, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024, value_parser = header_bytes, help_heading = "Limits")]
    max_header: usize,
    /// Largest request body, in bytes, packed or unpacked
    #[arg(long, value_name = "BYTES", default_value_t = 4 * 1024 * 1024, help_heading = "Limits")]
    max_body: usize,
    /// Most connections open at once
    #[arg(long, value_name = "N", default_value_t = 1000, help_heading = "Limits")]
    max_connections: usize,
}

fn expect(text: &str) -> Result<Expect, String> {
    match text {
        "mtls" => Ok(Expect::Mtls),
        "no-mtls" => Ok(Expect::NoMtls),
        "token" => Ok(Expect::Token),
        _ => match text.strip_prefix("profile:") {
            Some(name) if profiles::find(name).is_some() => Ok(Expect::Profile(name.to_owned())),
            Some(name) => Err(format!("no sender profile is called `{name}`")),
            None => Err(format!("`{text}` is not mtls, no-mtls, token or profile:NAME")),
        },
    }
}

fn header_bytes(text: &str) -> Result<usize, String> {
    // hyper refuses a smaller buffer.
    match text.parse() {
        Ok(bytes) if bytes >= 8192 => Ok(bytes),
        _ => Err("wants a number of bytes, at least 8192".to_owned()),
    }
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: Args) -> Result<u8> {
    let judges = anchors::gather(args.client_ca.as_deref(), &args.profile, !args.no_default_roots)?;
    let now = args.at_time.unwrap_or_else(common::now);
    if let (None, Some(chain)) = (&args.cert, &args.cert_chain) {
        bail!("--cert-chain {} needs --cert: whose chain is it?", chain.display());
    }
    let throwaway = match (&args.cert, &args.key) {
        (None, None) => Some(Throwaway::new(now)?),
        (None, Some(key)) => bail!("--key {} needs --cert: which certificate does it belong to?", key.display()),
        (Some(_), _) => None,
    };
    let server = match (&throwaway, &args.cert) {
        (Some(throwaway), _) => throwaway.server.clone(),
        (None, Some(cert)) => identity(cert, args.cert_chain.as_deref(), args.key.as_deref())?,
        (None, None) => bail!("no certificate"),
    };
    let context = Context {
        now,
        anchors_given: !judges.anchors.certificates().is_empty(),
        anchors_origin: judges.origin.clone(),
        enforce: args.enforce,
        verify_depth: args.verify_depth,
    };
    let plan = Arc::new(plan(&args, judges, server)?);
    let address = address(&args.listen)?;
    let mut sink = output::sink(&output::Settings {
        format: args.format,
        labels: args.openssl_labels,
        color: args.color,
        now,
        client_auth: plan.client_auth,
        verify_depth: args.verify_depth,
        enforce: args.enforce,
    })?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let policy = Policy {
        context,
        fixed_time: args.at_time,
        expect: args.expect.clone(),
        fail_on: if args.exit_zero { FailOn::Never } else { fail_on(args.fail_on) },
        count: args.count,
    };
    runtime.block_on(async {
        let socket = bind(&address, &args.listen).await?;
        announce(&socket, &args, throwaway.as_ref())?;
        let (sender, events) = mpsc::channel(256);
        let stop = stop(args.timeout);
        let running = tokio::spawn(listener::run(socket, plan, sender, args.count, stop));
        let code = collect(events, &policy, sink.as_mut()).await?;
        running.await.context("the listener failed")?;
        Ok(code)
    })
}

/// What decides over the run besides the cases.
struct Policy {
    context: Context,
    fixed_time: Option<Timestamp>,
    expect: Option<Expect>,
    fail_on: FailOn,
    count: Option<u64>,
}

/// Judges and prints each case as it comes; the answer is the exit code.
async fn collect(mut events: mpsc::Receiver<Event>, policy: &Policy, sink: &mut dyn Sink) -> Result<u8> {
    let started = common::now();
    let mut tally = Tally::new(policy.expect.clone(), policy.fail_on, policy.count);
    let judge = |case: Case| {
        let mut context = policy.context.clone();
        context.now = policy.fixed_time.unwrap_or(case.started);
        engine::judge(case, &context)
    };
    while let Some(event) = events.recv().await {
        match event {
            Event::Progress(case) => sink.progress(&judge(*case))?,
            Event::Closed(case) => {
                let judged = judge(*case);
                tally.add(&judged);
                sink.case(&judged)?;
            }
            Event::Notice(text) => common::complain(&format!("mtls: {text}")),
        }
    }
    let run: Run = tally.finish("listen", started, common::now());
    sink.finish(&run)?;
    Ok(run.exit_code)
}

fn fail_on(flag: FailOnFlag) -> FailOn {
    match flag {
        FailOnFlag::Error => FailOn::Error,
        FailOnFlag::Warning => FailOn::Warning,
        FailOnFlag::Note => FailOn::Note,
        FailOnFlag::Never => FailOn::Never,
    }
}

fn plan(args: &Args, judges: Judges, server: ServerIdentity) -> Result<Plan> {
    let versions = match (args.tls13, args.tls_max) {
        (true, Some(TlsMax::V12)) => bail!("--tlsv1.3 and --tls-max 1.2 leave no TLS version; drop one of them"),
        (true, _) => Versions::Only13,
        (false, Some(TlsMax::V12)) => Versions::Only12,
        (false, _) => Versions::Both,
    };
    let key_log = match &args.keylog {
        None => None,
        Some(path) => {
            let file = private_file(path)?;
            common::complain(&format!("mtls: writing TLS secrets to {}: keep that file safe", path.display()));
            Some(plan::key_log(file))
        }
    };
    if args.show_secrets {
        common::complain("mtls: --show-secrets: credentials will be printed in full");
    }
    let at_time = args.at_time;
    Ok(Plan {
        server,
        client_auth: match args.client_auth {
            ClientAuthFlag::None => ClientAuth::None,
            ClientAuthFlag::Request => ClientAuth::Request,
            ClientAuthFlag::Require => ClientAuth::Require,
        },
        anchors: judges.anchors,
        ca_names: judges.ca_names,
        enforce: args.enforce,
        verify_depth: args.verify_depth,
        max_depth: args.max_depth,
        partial_chain: args.partial_chain,
        versions,
        answer: Answer {
            body: args.respond.as_deref().map(files::read).transpose()?,
            status: args.status,
            delay: args.delay,
        },
        limits: Limits {
            handshake: args.handshake_timeout,
            request: args.request_timeout,
            header_bytes: args.max_header,
            body_bytes: args.max_body,
            connections: args.max_connections,
            ..Limits::default()
        },
        key_log,
        show_secrets: args.show_secrets,
        live: matches!(args.format, Format::Text | Format::Openssl),
        clock: Arc::new(common::now),
        judge_at: Arc::new(move || at_time.unwrap_or_else(common::now)),
        recognise: Arc::new(sender::recognise),
    })
}

/// Opens a file that only its owner can read.
fn private_file(path: &Path) -> Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("{}: cannot write to it", path.display()))
}

fn identity(cert: &Path, more: Option<&Path>, key: Option<&Path>) -> Result<ServerIdentity> {
    let mut chain = files::certificates(cert)?;
    if let Some(more) = more {
        chain.extend(files::certificates(more)?);
    }
    let key_path = key.unwrap_or(cert);
    let private_key = files::private_key(key_path).map_err(|error| match key {
        Some(_) => error,
        None => error.context("--key is not given, so the key is looked for in the file of --cert"),
    })?;
    ServerIdentity::new(chain, private_key).map_err(|error| match error {
        IdentityError::Mismatch { leaf, belongs_to: Some((number, label)) } => anyhow::anyhow!(
            "{}: the key belongs to certificate {number} of {} ({label}), not to the first ({leaf}); put that one first",
            key_path.display(),
            cert.display()
        ),
        IdentityError::Mismatch { leaf, belongs_to: None } => anyhow::anyhow!(
            "{0}: not the key of {1} ({leaf}); find the right pair: openssl x509 -in {1} -noout -pubkey and openssl pkey -in {0} -pubout must print the same",
            key_path.display(),
            cert.display()
        ),
        other => anyhow::anyhow!("{} and {}: {other}", cert.display(), key_path.display()),
    })
}

/// A certificate made for this run alone.
struct Throwaway {
    server: ServerIdentity,
    folder: tempfile::TempDir,
    anchor: PathBuf,
}

impl Throwaway {
    fn new(now: Timestamp) -> Result<Self> {
        let authority = Authority::new(now)?;
        let identity = authority.server(&["localhost", "127.0.0.1", "::1"])?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.key_pkcs8.clone()));
        let server = ServerIdentity::new(identity.chain.clone(), key)?;
        // Only the public CA certificate is written; the keys never leave this process.
        let folder = tempfile::Builder::new().prefix("mtls-").tempdir().context("cannot make a folder for the CA certificate")?;
        let anchor = folder.path().join("server-ca.pem");
        std::fs::write(&anchor, pem("CERTIFICATE", authority.server_anchor()) + "\n")
            .with_context(|| format!("{}: cannot write it", anchor.display()))?;
        Ok(Self { server, folder, anchor })
    }
}

/// `[HOST:]PORT`: a port alone is this machine, `*` every address.
fn address(text: &str) -> Result<Vec<SocketAddr>> {
    use std::net::{Ipv4Addr, Ipv6Addr, ToSocketAddrs};
    if let Ok(port) = text.parse::<u16>() {
        return Ok(vec![(Ipv4Addr::LOCALHOST, port).into()]);
    }
    let Some((host, port)) = text.rsplit_once(':') else {
        bail!("--listen {text}: wanted PORT or HOST:PORT, with a port from 0 to 65535");
    };
    let Ok(port) = port.parse::<u16>() else {
        bail!("--listen {text}: `{port}` is not a port from 0 to 65535");
    };
    if host == "*" || host.is_empty() {
        // An IPv6 wildcard takes IPv4 as well where the system allows it; else plain IPv4.
        return Ok(vec![(Ipv6Addr::UNSPECIFIED, port).into(), (Ipv4Addr::UNSPECIFIED, port).into()]);
    }
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<SocketAddr> = (host, port)
        .to_socket_addrs()
        .with_context(|| format!("--listen {text}: cannot find the address of `{host}`"))?
        .collect();
    Ok(addresses)
}

async fn bind(addresses: &[SocketAddr], asked: &str) -> Result<TcpListener> {
    let mut last = None;
    for address in addresses {
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some((address, error)),
        }
    }
    let Some((address, error)) = last else {
        bail!("--listen {asked}: no address");
    };
    match error.kind() {
        std::io::ErrorKind::AddrInUse => bail!(
            "port {} is in use by another program ({address}); choose another with --listen, or find it: ss -ltnp 'sport = :{}'",
            address.port(),
            address.port()
        ),
        std::io::ErrorKind::PermissionDenied => bail!(
            "no right to listen on port {} ({address}): ports below 1024 need root; run it with sudo, choose --listen 4433, or: sudo setcap cap_net_bind_service=+ep $(command -v mtls)",
            address.port()
        ),
        std::io::ErrorKind::AddrNotAvailable => bail!(
            "cannot listen on {address}: this machine does not have that address; choose another with --listen, or see those it has: ip address"
        ),
        _ => bail!("cannot listen on {address}: {error}"),
    }
}

/// Says where it listens, first and in the one form that scripts rely on.
fn announce(socket: &TcpListener, args: &Args, throwaway: Option<&Throwaway>) -> Result<()> {
    let address = socket.local_addr().context("cannot tell the address")?;
    let mut err = anstream::stderr().lock();
    writeln!(err, "listening on {address}")?;
    if address.ip().is_unspecified() {
        writeln!(err, "every address of this machine, as asked: anyone who can reach it can connect")?;
    }
    if let Some(throwaway) = throwaway {
        debug_assert!(throwaway.anchor.starts_with(throwaway.folder.path()));
        let ca = throwaway.anchor.display();
        let port = address.port();
        writeln!(err, "no --cert: a throwaway certificate for localhost; its CA is {ca} while this runs")?;
        writeln!(err, "try:  curl --cacert {ca} -d '{{\"queryResult\":{{\"queryText\":\"Hi\"}}}}' \\")?;
        writeln!(err, "        -H 'content-type: application/json' https://localhost:{port}/")?;
        writeln!(err, "      with a client certificate: add --cert client.pem --key client.key")?;
    }
    if args.client_auth == ClientAuthFlag::None && args.enforce {
        writeln!(err, "--enforce has nothing to enforce: --client-auth none asks for no certificate")?;
    }
    err.flush()?;
    Ok(())
}

/// Resolves when the run is to end: SIGINT, SIGTERM or the time given.
async fn stop(timeout: Option<Duration>) {
    let time = async {
        match timeout {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = time => {}
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
