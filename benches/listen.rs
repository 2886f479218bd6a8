//! What one connection costs `mtls listen`, beside the servers a user would otherwise run: `openssl
//! s_server` and nginx.
//!
//! ```text
//! cargo bench --bench listen
//! MTLS_BENCH_CONNECTIONS=2000 cargo bench --bench listen
//! MTLS_BENCH_BASELINE=/path/to/an/older/mtls cargo bench --bench listen    # before and after, side by side
//! ```
//!
//! All servers run at the same time on loopback, with the same certificates, and take turns under
//! load, so that a busy machine is busy for each of them. One connection is a full TLS 1.3
//! handshake with a client certificate, one request, its answer and the close. The figure is
//! processor time, user and system, of the server's whole process group: what the loader costs is
//! not in it.
//!
//! The work is not quite equal. `s_server -www` answers only GET, one connection after the other;
//! nginx reads the body and throws it away; `mtls listen` keeps, parses and judges everything and
//! writes it as JSON. Tickets are off everywhere.
//!
//! Prints, never judges: the exit status is 0 unless the benchmark itself cannot run. A missing
//! peer is said and skipped.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is a program of its own: the clock and the environment are its inputs"
)]

use std::{
    fs,
    io::Write as _,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use mtls::pki::{self, Authority, Identity};
use rustls::{
    ClientConfig, RootCertStore,
    client::Resumption,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    signal::unix::SignalKind,
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// The program under test, built with the bench profile.
const MTLS: &str = env!("CARGO_BIN_EXE_mtls");

/// Connections in a round, unless `MTLS_BENCH_CONNECTIONS` says otherwise.
const CONNECTIONS: usize = 600;

/// Connections open at once.
const CONCURRENT: usize = 8;

/// Measured rounds; one more before them warms up.
const ROUNDS: usize = 5;

/// The longest that one connection may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// Microseconds in one tick of `/proc/PID/stat`: Linux shows 100 ticks a second to every program,
/// whatever it counts in itself.
const TICK_US: u64 = 10_000;

/// The share of a peer's processor time that one of our connections may cost. The baseline is
/// another build of ours.
const TARGETS: [(&str, f64); 3] = [("s_server", 0.35), ("nginx", 0.5), ("baseline", 1.0)];

fn main() -> Result<()> {
    // `cargo test --benches` and `cargo bench -- NAME` pass arguments; there is one benchmark and
    // it takes none.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return Ok(());
    }
    if !Path::new("/proc/self/stat").exists() {
        return say("skipped: processor time is read from /proc, which this system has not");
    }
    let connections = match std::env::var("MTLS_BENCH_CONNECTIONS") {
        Ok(text) => text
            .parse()
            .context("MTLS_BENCH_CONNECTIONS wants a number")?,
        Err(_) => CONNECTIONS,
    };
    start_up()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut terminated = tokio::signal::unix::signal(SignalKind::terminate())?;
        tokio::select! {
            done = load(connections.max(CONCURRENT)) => done,
            // Leaving in good order stops the servers: they are in process groups of their own and
            // do not see the signal.
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
            _ = terminated.recv() => bail!("terminated"),
        }
    })
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").context("cannot print")
}

// Start-up, demo, size
// -----------------------------------------------------------------------------------------------------

/// What a user waits for before anything happens.
fn start_up() -> Result<()> {
    let mut ours = Vec::new();
    let mut none = Vec::new();
    for _ in 0..100 {
        ours.push(wall(Command::new(MTLS).arg("--version"))?);
        none.push(wall(&mut Command::new("/bin/true"))?);
    }
    let (ours, none) = (Spread::of(ours), Spread::of(none));
    say(&format!(
        "mtls --version   {:.2} ms, /bin/true {:.2} ms (medians of 100): ratio {:.2} (target 2)",
        ours.median * 1e3,
        none.median * 1e3,
        ours.median / none.median
    ))?;
    let demo = (0..5)
        .map(|_| wall(Command::new(MTLS).arg("demo")))
        .collect::<Result<Vec<_>>>()?;
    say(&format!(
        "mtls demo        {:.3} s (median of 5; target 2)",
        Spread::of(demo).median
    ))?;
    let bytes = fs::metadata(MTLS)?.len();
    say(&format!(
        "mtls, the file   {:.2} MB (target 12)\n",
        bytes as f64 / 1e6
    ))
}

fn wall(command: &mut Command) -> Result<f64> {
    let started = Instant::now();
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    let took = started.elapsed().as_secs_f64();
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(took)
}

/// Median, least and most.
#[derive(Clone, Copy)]
struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        Self {
            median: at(values.len() / 2),
            least: at(0),
            most: at(values.len().saturating_sub(1)),
        }
    }
}

// The servers
// --------------------------------------------------------------------------------------------------------------

/// A server that runs, in a process group of its own; stopped when dropped.
struct Server {
    name: &'static str,
    address: SocketAddr,
    child: Child,
    request: Arc<[u8]>,
    us: Vec<f64>,
    per_second: Vec<f64>,
    failed: usize,
}

impl Server {
    fn start(
        name: &'static str,
        command: &mut Command,
        address: SocketAddr,
        request: &Arc<[u8]>,
    ) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self {
            name,
            address,
            child,
            request: request.clone(),
            us: Vec::new(),
            per_second: Vec::new(),
            failed: 0,
        })
    }

    /// Processor time so far, in microseconds, and resident memory, in KiB, of every process in the
    /// group.
    fn used(&self) -> Result<(u64, u64)> {
        let group = self.child.id();
        let mut sum = (0, 0);
        for entry in fs::read_dir("/proc")? {
            let folder = entry?.path();
            // A process may end while we look; those of the group do not.
            let Ok(stat) = fs::read_to_string(folder.join("stat")) else {
                continue;
            };
            // proc(5): the second field is the program's name in brackets and may hold anything, so
            // count from its end.
            let Some((_, fields)) = stat.rsplit_once(") ") else {
                continue;
            };
            let fields: Vec<&str> = fields.split(' ').collect();
            let number = |index: usize| {
                fields
                    .get(index)
                    .and_then(|field| field.parse::<u64>().ok())
            };
            if number(2) != Some(u64::from(group)) {
                continue;
            }
            sum.0 += (number(11).unwrap_or(0) + number(12).unwrap_or(0)) * TICK_US;
            let status = fs::read_to_string(folder.join("status")).unwrap_or_default();
            let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
            sum.1 += resident
                .and_then(|text| text.trim().trim_end_matches(" kB").parse::<u64>().ok())
                .unwrap_or(0);
        }
        Ok(sum)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGTERM to the group first: a killed nginx leaves its worker behind. By the shell's own
        // kill: the library cannot signal, and the command of that name is not on every machine.
        let _ = Command::new("sh")
            .args(["-c", &format!("kill -TERM -{}", self.child.id())])
            .stderr(Stdio::null())
            .status();
        let until = Instant::now() + Duration::from_secs(3);
        while Instant::now() < until {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port nobody listens on; another program may take it before the server does, which then fails
/// to start and is seen to.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// Where a program is, as a shell would look for it; `/usr/sbin` as well, since nginx is there and
/// not on every PATH.
fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn servers(folder: &Path, server: &Identity, authority: &Authority) -> Result<Vec<Server>> {
    let file = |name: &str, content: &str| -> Result<PathBuf> {
        let path = folder.join(name);
        fs::write(&path, content)?;
        Ok(path)
    };
    let fullchain = file("fullchain.pem", &server.chain_pem())?;
    let key = file("key.pem", &server.key_pem())?;
    let client_ca = file("client-ca.pem", &authority.client_anchor_pem())?;
    // s_server sends the first certificate of -cert alone and the rest from -cert_chain.
    let part = |range: &[Vec<u8>]| Identity {
        chain: range.to_vec(),
        key_pkcs8: Vec::new(),
    };
    let (leaf, rest) = server.chain.split_at(1);
    let leaf = file("leaf.pem", &part(leaf).chain_pem())?;
    let rest = file("rest.pem", &part(rest).chain_pem())?;

    let body = mtls::dialogflow::es_hi_request().to_string();
    let headers: String = mtls::dialogflow::headers()
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let post: Arc<[u8]> = format!(
        "POST /webhook HTTP/1.1\r\nhost: localhost\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
    .into();
    let get: Arc<[u8]> = b"GET / HTTP/1.0\r\n\r\n".as_slice().into();

    let mut servers = Vec::new();
    let baseline = std::env::var_os("MTLS_BENCH_BASELINE").map(PathBuf::from);
    let builds = [("mtls", Some(PathBuf::from(MTLS))), ("baseline", baseline)];
    for (name, program) in builds {
        let Some(program) = program else { continue };
        let address = free_address()?;
        let mut command = Command::new(program);
        command
            .args([
                "listen",
                "--format",
                "jsonl",
                "--no-default-roots",
                "--timeout",
                "3600s",
            ])
            .arg("--listen")
            .arg(address.to_string())
            .arg("--cert")
            .arg(&fullchain)
            .arg("--key")
            .arg(&key)
            .arg("--client-ca")
            .arg(&client_ca)
            .stderr(Stdio::null());
        servers.push(Server::start(name, &mut command, address, &post)?);
    }

    match which("openssl") {
        None => say("skipped: s_server (no openssl here)")?,
        Some(openssl) => {
            let address = free_address()?;
            let mut command = Command::new(openssl);
            command
                .args(["s_server", "-www", "-verify", "5", "-num_tickets", "0"])
                .arg("-accept")
                .arg(address.to_string())
                .arg("-cert")
                .arg(&leaf)
                .arg("-cert_chain")
                .arg(&rest)
                .arg("-key")
                .arg(&key)
                .arg("-CAfile")
                .arg(&client_ca)
                .stderr(Stdio::null());
            servers.push(Server::start("s_server", &mut command, address, &get)?);
        }
    }
    match which("nginx") {
        None => say("skipped: nginx (not here)")?,
        Some(nginx) => {
            let address = free_address()?;
            let config = file("nginx.conf", &nginx_config(folder, address))?;
            let mut command = Command::new(nginx);
            command
                .arg("-p")
                .arg(folder)
                .arg("-e")
                .arg(folder.join("nginx-error.log"))
                .arg("-c")
                .arg(config)
                .stderr(Stdio::null());
            servers.push(Server::start("nginx", &mut command, address, &post)?);
        }
    }
    Ok(servers)
}

fn nginx_config(folder: &Path, address: SocketAddr) -> String {
    let folder = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("  {kind}_temp_path {folder}/{kind};\n"))
        .collect();
    format!(
        "daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
{temporary}
  server {{
    listen {address} ssl;
    ssl_certificate {folder}/fullchain.pem;
    ssl_certificate_key {folder}/key.pem;
    ssl_client_certificate {folder}/client-ca.pem;
    ssl_verify_client on;
    ssl_verify_depth 5;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_tickets off;
    ssl_session_cache off;
    location / {{ return 200 '{{}}'; }}
  }}
}}
"
    )
}

// The load
// -----------------------------------------------------------------------------------------------------------------

/// Runs the rounds and prints the table.
async fn load(connections: usize) -> Result<()> {
    let now = Timestamp::now();
    let authority = Authority::new(now)?;
    let server = authority.server(&["localhost"])?;
    let recipe = pki::recipe("valid").context("there is no good client certificate")?;
    let client = authority
        .client(recipe)?
        .context("the good client certificate is none")?;
    let config = Arc::new(client_config(&authority, client)?);
    let folder = tempfile::Builder::new().prefix("mtls-bench-").tempdir()?;
    let mut servers = servers(folder.path(), &server, &authority)?;
    for server in &mut servers {
        wait_for(server).await?;
    }
    for round in 0..=ROUNDS {
        for server in &mut servers {
            let (before, _) = server.used()?;
            let started = Instant::now();
            let failed = volley(server, &config, connections).await?;
            let took = started.elapsed().as_secs_f64();
            // A connection's last words come after its close: let the server finish before its
            // account is read.
            tokio::time::sleep(Duration::from_millis(100)).await;
            let (after, _) = server.used()?;
            if round > 0 {
                server.us.push((after - before) as f64 / connections as f64);
                server.per_second.push(connections as f64 / took);
                server.failed += failed;
            }
        }
    }
    table(&servers, connections)
}

fn table(servers: &[Server], connections: usize) -> Result<()> {
    say(&format!(
        "{ROUNDS} rounds of {connections} connections, {CONCURRENT} at once; median (least to most)"
    ))?;
    say(&format!(
        "{:<10}{:>26}{:>10}{:>12}{:>8}",
        "server", "CPU us/connection", "conn/s", "RSS KiB", "failed"
    ))?;
    for server in servers {
        let us = Spread::of(server.us.clone());
        say(&format!(
            "{:<10}{:>26}{:>10.0}{:>12}{:>8}",
            server.name,
            format!("{:.0} ({:.0} to {:.0})", us.median, us.least, us.most),
            Spread::of(server.per_second.clone()).median,
            server.used()?.1,
            server.failed,
        ))?;
    }
    let median = |name: &str| {
        let server = servers.iter().find(|server| server.name == name)?;
        Some(Spread::of(server.us.clone()).median)
    };
    for (name, target) in TARGETS {
        if let (Some(ours), Some(theirs)) = (median("mtls"), median(name)) {
            say(&format!(
                "ratio mtls/{name:<9} {:.2} (target {target})",
                ours / theirs
            ))?;
        }
    }
    Ok(())
}

/// Waits until something accepts at the server's address.
async fn wait_for(server: &mut Server) -> Result<()> {
    for _ in 0..100 {
        if let Some(status) = server.child.try_wait()? {
            bail!("{} ended at once, with {status}", server.name);
        }
        if TcpStream::connect(server.address).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("{} does not listen", server.name)
}

/// Makes the connections of one round; the answer is how many failed.
async fn volley(server: &Server, config: &Arc<ClientConfig>, connections: usize) -> Result<usize> {
    let left = Arc::new(AtomicUsize::new(connections));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..CONCURRENT {
        let (left, config) = (left.clone(), config.clone());
        let (address, request) = (server.address, server.request.clone());
        tasks.spawn(async move {
            let mut failed = 0;
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(1)
                })
                .is_ok()
            {
                match timeout(PATIENCE, connection(address, &config, &request)).await {
                    Ok(Ok(())) => {}
                    _ => failed += 1,
                }
            }
            failed
        });
    }
    let mut failed = 0;
    while let Some(done) = tasks.join_next().await {
        failed += done?;
    }
    Ok(failed)
}

/// One connection: handshake, request, the answer up to the close.
async fn connection(address: SocketAddr, config: &Arc<ClientConfig>, request: &[u8]) -> Result<()> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let name = ServerName::try_from("localhost")?;
    let mut stream = TlsConnector::from(config.clone())
        .connect(name, stream)
        .await?;
    stream.write_all(request).await?;
    let mut answer = Vec::new();
    // s_server closes without close_notify, which rustls takes for a cut: what came before it
    // counts.
    let ended = stream.read_to_end(&mut answer).await;
    if !answer.starts_with(b"HTTP/1.") || answer.get(9..12) != Some(b"200") {
        ended?;
        bail!("not a 200");
    }
    let _ = stream.shutdown().await;
    Ok(())
}

fn client_config(authority: &Authority, client: Identity) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.server_anchor().to_vec()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_client_auth_cert(
            client.chain.into_iter().map(CertificateDer::from).collect(),
            PrivateKeyDer::from(PrivatePkcs8KeyDer::from(client.key_pkcs8)),
        )?;
    config.resumption = Resumption::disabled();
    Ok(config)
}
