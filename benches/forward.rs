//! What `mtls listen --forward-to` adds to a call, beside terminators a user would otherwise run:
//! nginx and stunnel.
//!
//! ```text
//! cargo bench --bench forward
//! MTLS_BENCH_CALLS=500 cargo bench --bench forward
//! ```
//!
//! One application answers each of them, and is called directly as well; all run at the same time
//! on loopback with the same certificates and take turns. 64 connections with a client certificate
//! are opened first; the calls go over them, so that what is measured is the way of a call and not
//! the handshake. Bodies are binary, every second one gzip, and come back turned round: each is
//! compared byte by byte. The added latency is the median of a call through the terminator less that
//! of a direct one: `at once`, 64 connections that send a call as soon as the one before it is
//! answered; `paced`, 64 connections that send one every 100 ms, 640 a second; and `alone`. With 64
//! at once all wait for the processor: what is measured then is the work of a call times 64, divided
//! by the cores.
//!
//! The work is not quite equal: nginx and stunnel look into nothing; `mtls listen` parses, judges
//! and writes every call as JSON.
//!
//! Prints, never judges: the exit status is 0 unless the benchmark itself cannot run or a call is
//! lost. A missing peer is said and skipped.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is a program of its own: the clock and the environment are its inputs"
)]

use std::{
    fs,
    io::Write as _,
    net::{Ipv4Addr, SocketAddr},
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
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// The program under test, built with the bench profile.
const MTLS: &str = env!("CARGO_BIN_EXE_mtls");
/// Calls of a round, unless `MTLS_BENCH_CALLS` says otherwise.
const CALLS: usize = 2_000;
/// Calls at once.
const AT_ONCE: usize = 64;
/// Between two calls of a connection that is paced.
const PACE: Duration = Duration::from_millis(100);
/// How calls come: the name, how many connections, the time between two calls of one, and the part
/// of the calls of a round.
const LOADS: [(&str, usize, Duration, usize); 3] = [
    ("at once", AT_ONCE, Duration::ZERO, 1),
    ("paced", AT_ONCE, PACE, 1),
    ("alone", 1, Duration::ZERO, 8),
];
/// Measured rounds; one more before them warms up.
const ROUNDS: usize = 3;
/// The longest that one call may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(20);

fn main() -> Result<()> {
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return Ok(());
    }
    let calls = match std::env::var("MTLS_BENCH_CALLS") {
        Ok(text) => text.parse().context("MTLS_BENCH_CALLS wants a number")?,
        Err(_) => CALLS,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(calls.max(AT_ONCE)))
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").context("cannot print")
}

/// A terminator that runs, in a process group of its own; stopped when dropped.
struct Terminator {
    name: &'static str,
    address: SocketAddr,
    child: Option<Child>,
    /// Medians of the rounds, in milliseconds, for each of [`LOADS`].
    took: [Vec<f64>; LOADS.len()],
    lost: usize,
}

impl Drop for Terminator {
    fn drop(&mut self) {
        let Some(child) = &mut self.child else { return };
        let _ = Command::new("sh")
            .args(["-c", &format!("kill -TERM -{}", child.id())])
            .stderr(Stdio::null())
            .status();
        let until = Instant::now() + Duration::from_secs(3);
        while Instant::now() < until {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn started(name: &'static str, address: SocketAddr, command: &mut Command) -> Result<Terminator> {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    Ok(Terminator {
        name,
        address,
        child: Some(child),
        took: Default::default(),
        lost: 0,
    })
}

fn free_address() -> Result<SocketAddr> {
    Ok(std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn terminators(folder: &Path, app: SocketAddr) -> Result<Vec<Terminator>> {
    let at = |name: &str| folder.join(name);
    let mut all = Vec::new();
    let address = free_address()?;
    let mut command = Command::new(MTLS);
    command
        .args([
            "listen",
            "--format",
            "jsonl",
            "--timeout",
            "3600s",
            "--enforce",
        ])
        .args(["--client-auth", "require", "--listen", &address.to_string()])
        .arg("--forward-to")
        .arg(format!("http://{app}"))
        .arg("--cert")
        .arg(at("fullchain.pem"))
        .arg("--key")
        .arg(at("key.pem"))
        .arg("--client-ca")
        .arg(at("client-ca.pem"));
    all.push(started("mtls", address, &mut command)?);
    match which("nginx") {
        None => say("skipped: nginx (not here)")?,
        Some(nginx) => {
            let address = free_address()?;
            fs::write(at("nginx.conf"), nginx_config(folder, address, app))?;
            let mut command = Command::new(nginx);
            command.arg("-p").arg(folder).arg("-e").arg(at("nginx.log"));
            command.arg("-c").arg(at("nginx.conf"));
            all.push(started("nginx", address, &mut command)?);
        }
    }
    match which("stunnel").or_else(|| which("stunnel4")) {
        None => say("skipped: stunnel (not here)")?,
        Some(stunnel) => {
            let address = free_address()?;
            let folder = folder.display();
            let config = format!(
                "foreground = yes\npid =\n[hook]\naccept = {address}\nconnect = {app}\ncert = {folder}/fullchain.pem\nkey = {folder}/key.pem\nCAfile = {folder}/client-ca.pem\nverifyChain = yes\nrequireCert = yes\n"
            );
            fs::write(at("stunnel.conf"), config)?;
            let mut command = Command::new(stunnel);
            command.arg(at("stunnel.conf"));
            all.push(started("stunnel", address, &mut command)?);
        }
    }
    Ok(all)
}

fn nginx_config(folder: &Path, address: SocketAddr, app: SocketAddr) -> String {
    let folder = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("  {kind}_temp_path {folder}/{kind};\n"))
        .collect();
    format!(
        "daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
{temporary}
  upstream app {{ server {app}; keepalive 64; }}
  server {{
    listen {address} ssl;
    keepalive_requests 1000000;
    ssl_certificate {folder}/fullchain.pem;
    ssl_certificate_key {folder}/key.pem;
    ssl_client_certificate {folder}/client-ca.pem;
    ssl_verify_client on;
    ssl_verify_depth 5;
    location / {{
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection \"\";
    }}
  }}
}}
"
    )
}

/// The application: the body, turned round.
async fn application() -> Result<SocketAddr> {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = socket.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = socket.accept().await {
            let _ = stream.set_nodelay(true);
            tokio::spawn(async move {
                let mut buffer = Vec::new();
                while let Ok(mut body) = message(&mut stream, &mut buffer).await {
                    body.reverse();
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
                    let answer = [head.as_bytes(), &body].concat();
                    if stream.write_all(&answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    Ok(address)
}

/// The body of the next message, whose length is said.
async fn message<S: AsyncRead + Unpin>(stream: &mut S, buffer: &mut Vec<u8>) -> Result<Vec<u8>> {
    loop {
        let head = buffer.windows(4).position(|here| here == b"\r\n\r\n");
        if let Some(at) = head {
            let head = String::from_utf8_lossy(&buffer[..at]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|text| text.trim().parse::<usize>().ok())
                .context("no length")?;
            if head.starts_with("http/") && !head.starts_with("http/1.1 200") {
                bail!("not a 200: {head}");
            }
            if buffer.len() >= at + 4 + length {
                let body = buffer[at + 4..at + 4 + length].to_vec();
                buffer.drain(..at + 4 + length);
                return Ok(body);
            }
        }
        if stream.read_buf(buffer).await? == 0 {
            bail!("closed");
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

async fn connect(address: SocketAddr, tls: Option<&Arc<ClientConfig>>) -> Result<Box<dyn Stream>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(match tls {
        None => Box::new(stream),
        Some(tls) => {
            let name = ServerName::try_from("localhost")?;
            Box::new(
                TlsConnector::from(tls.clone())
                    .connect(name, stream)
                    .await?,
            )
        }
    })
}

/// Requests and the bodies they carry: binary, every second one gzip.
fn bodies() -> Vec<(Vec<u8>, Vec<u8>)> {
    (0..8_usize)
        .map(|number| {
            let plain: Vec<u8> = (0..1500 + number * 97)
                .map(|at| u8::try_from((at * (number + 3)) % 256).unwrap_or_default())
                .collect();
            let (body, coding) = if number % 2 == 0 {
                (plain, "")
            } else {
                let level = flate2::Compression::default();
                let mut packed = flate2::write::GzEncoder::new(Vec::new(), level);
                let _ = packed.write_all(&plain);
                (packed.finish().unwrap_or_default(), "content-encoding: gzip\r\n")
            };
            let head = format!(
                "POST /hook HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/octet-stream\r\n{coding}content-length: {}\r\n\r\n",
                body.len()
            );
            ([head.as_bytes(), &body].concat(), body)
        })
        .collect()
}

/// One call over an open connection.
async fn call(
    stream: &mut Box<dyn Stream>,
    buffer: &mut Vec<u8>,
    (request, body): &(Vec<u8>, Vec<u8>),
) -> Result<f64> {
    let began = Instant::now();
    stream.write_all(request).await?;
    stream.flush().await?;
    let answer = message(stream, buffer).await?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    if !answer.iter().eq(body.iter().rev()) {
        bail!("the body is another one");
    }
    Ok(took)
}

/// The median of so many calls, so many at once, and how many were lost.
async fn round(
    address: SocketAddr,
    tls: Option<&Arc<ClientConfig>>,
    calls: usize,
    (at_once, pace): (usize, Duration),
) -> Result<(f64, usize)> {
    let left = Arc::new(AtomicUsize::new(calls));
    let bodies = Arc::new(bodies());
    let mut streams = Vec::new();
    for _ in 0..at_once {
        streams.push(connect(address, tls).await?);
    }
    let mut tasks = tokio::task::JoinSet::new();
    for (index, mut stream) in streams.into_iter().enumerate() {
        let first = pace * u32::try_from(index)? / u32::try_from(at_once)?;
        let (left, bodies) = (left.clone(), bodies.clone());
        tasks.spawn(async move {
            let (mut took, mut lost, mut buffer) = (Vec::new(), 0, Vec::new());
            let fetch = |left: &AtomicUsize| {
                left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(1)
                })
            };
            tokio::time::sleep(first).await;
            while let Ok(number) = fetch(&left) {
                let pair = &bodies[number % bodies.len()];
                match timeout(PATIENCE, call(&mut stream, &mut buffer, pair)).await {
                    Ok(Ok(ms)) => took.push(ms),
                    _ => {
                        lost += 1;
                        break;
                    }
                }
                tokio::time::sleep(pace).await;
            }
            (took, lost)
        });
    }
    let (mut all, mut lost) = (Vec::new(), 0);
    while let Some(done) = tasks.join_next().await {
        let (took, more) = done?;
        all.extend(took);
        lost += more;
    }
    lost += left.load(Ordering::Relaxed);
    all.sort_by(f64::total_cmp);
    Ok((all.get(all.len() / 2).copied().unwrap_or(f64::NAN), lost))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

async fn run(calls: usize) -> Result<()> {
    let authority = Authority::new(Timestamp::now())?;
    let server = authority.server(&["localhost"])?;
    let recipe = pki::recipe("valid").context("there is no good client certificate")?;
    let client = authority
        .client(recipe)?
        .context("the good client certificate is none")?;
    let tls = Arc::new(client_config(&authority, client)?);
    let folder = tempfile::Builder::new().prefix("mtls-bench-").tempdir()?;
    fs::write(folder.path().join("fullchain.pem"), server.chain_pem())?;
    fs::write(folder.path().join("key.pem"), server.key_pem())?;
    fs::write(
        folder.path().join("client-ca.pem"),
        authority.client_anchor_pem(),
    )?;
    let app = application().await?;
    let mut all = vec![Terminator {
        name: "direct",
        address: app,
        child: None,
        took: Default::default(),
        lost: 0,
    }];
    all.extend(terminators(folder.path(), app)?);
    for one in &all {
        for _ in 0..100 {
            if TcpStream::connect(one.address).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    for turn in 0..=ROUNDS {
        for one in &mut all {
            let tls = one.child.is_some().then_some(&tls);
            for (load, (_, at_once, pace, part)) in LOADS.into_iter().enumerate() {
                let (took, lost) = round(one.address, tls, calls / part, (at_once, pace)).await?;
                one.lost += lost;
                if turn > 0 {
                    one.took[load].push(took);
                }
            }
        }
    }
    print(&all, calls)?;
    match all.iter().map(|one| one.lost).sum::<usize>() {
        0 => Ok(()),
        lost => bail!("{lost} calls were lost"),
    }
}

/// The medians, what each terminator adds, and the ratios.
fn print(all: &[Terminator], calls: usize) -> Result<()> {
    say(&format!(
        "{ROUNDS} rounds of {calls} calls by {AT_ONCE} connections, and of {} by one; medians in ms",
        calls / 8
    ))?;
    let heads = LOADS.map(|(name, ..)| format!("{name:>10}{:>10}", "added"));
    say(&format!("{:<9}{}{:>7}", "through", heads.concat(), "lost"))?;
    let medians = |one: &Terminator| one.took.clone().map(median);
    let direct = medians(&all[0]);
    let added = |one: &Terminator| {
        let took = medians(one);
        std::array::from_fn::<f64, { LOADS.len() }, _>(|load| took[load] - direct[load])
    };
    for one in all {
        let columns = medians(one)
            .into_iter()
            .zip(added(one))
            .map(|(took, added)| format!("{took:>10.3}{added:>10.3}"));
        let columns: String = columns.collect();
        say(&format!("{:<9}{columns}{:>7}", one.name, one.lost))?;
    }
    let Some(ours) = all.iter().find(|one| one.name == "mtls").map(added) else {
        return Ok(());
    };
    for one in all
        .iter()
        .filter(|one| !["mtls", "direct"].contains(&one.name))
    {
        let theirs = added(one);
        let ratios: Vec<String> = LOADS
            .iter()
            .enumerate()
            .map(|(load, (name, ..))| format!("{:.2} {name}", ours[load] / theirs[load]))
            .collect();
        say(&format!("ratio mtls/{:<8} {}", one.name, ratios.join(", ")))?;
    }
    Ok(())
}

fn client_config(authority: &Authority, client: Identity) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.server_anchor().to_vec()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_client_auth_cert(
            client.chain.into_iter().map(CertificateDer::from).collect(),
            PrivateKeyDer::from(PrivatePkcs8KeyDer::from(client.key_pkcs8)),
        )?;
    Ok(config)
}
