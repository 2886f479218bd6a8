//! How many endpoints a second `mtls inspect --targets` looks at, beside what people run in its
//! place: `openssl s_client` and `sslscan` under `xargs -P`.
//!
//! ```text
//! cargo bench --bench inspect
//! MTLS_BENCH_TARGETS=500 cargo bench --bench inspect
//! ```
//!
//! All look at the same servers on loopback, one port each, in turns, with the same number at once.
//! They do not do the same work: `s_client` makes one handshake and prints the chain, `sslscan`
//! (here with `--no-cipher-details` and without its cipher, group and Heartbleed scans) asks for
//! versions and certificate; `mtls` makes one handshake, asks over HTTP, judges the chain and
//! writes JSON. The servers take their share of the processor, the same for all. Prints, never
//! judges: the exit status is 0 unless the benchmark itself cannot run.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark is a program of its own: the clock and the environment are its inputs"
)]

use std::{
    fs,
    net::Ipv4Addr,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    runtime::Runtime,
};
use tokio_rustls::TlsAcceptor;

use mtls::pki::Authority;

/// The program under test, built with the bench profile.
const MTLS: &str = env!("CARGO_BIN_EXE_mtls");
/// Endpoints, unless `MTLS_BENCH_TARGETS` says otherwise.
const TARGETS: usize = 500;
/// Looked at at once.
const JOBS: &str = "16";
/// Rounds of each.
const ROUNDS: usize = 3;

fn main() -> Result<()> {
    let count = match std::env::var("MTLS_BENCH_TARGETS") {
        Ok(count) => count.parse().context("MTLS_BENCH_TARGETS")?,
        Err(_) => TARGETS,
    };
    let folder = tempfile::tempdir()?;
    let (_runtime, targets) = servers(count, folder.path())?;
    let list = folder.path().join("targets.txt");
    fs::write(&list, targets.join("\n") + "\n")?;
    let anchor = folder.path().join("ca.pem").display().to_string();
    let list = list.display().to_string();
    let own = |words: &[&str]| {
        let mut command = Command::new(MTLS);
        command
            .args(["inspect", "--targets", &list, "--cacert", &anchor])
            .args(["--format", "jsonl", "--jobs", JOBS])
            .args(words);
        command
    };
    let under_xargs = |line: &str| {
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("xargs -P {JOBS} -I TARGET {line} < {list}"));
        command
    };
    let client = format!("openssl s_client -connect TARGET -CAfile {anchor} -showcerts");
    let scan = "sslscan --no-cipher-details --no-ciphersuites --no-fallback --no-renegotiation --no-compression --no-heartbleed --no-groups TARGET";
    let contenders = [
        ("mtls inspect", own(&[]), true),
        ("mtls inspect --thorough", own(&["--thorough"]), true),
        ("openssl s_client", under_xargs(&client), there("openssl")),
        ("sslscan", under_xargs(scan), there("sslscan")),
    ];
    let mut best: Vec<(&str, Duration)> = Vec::new();
    for (name, mut command, there) in contenders {
        if !there {
            println!("{name:24} is not installed");
            continue;
        }
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let began = Instant::now();
            // s_client without a terminal ends with its input.
            let status = command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()?;
            times.push(began.elapsed());
            if name.starts_with("mtls") && !status.success() {
                bail!("{name}: {status}");
            }
        }
        times.sort();
        let median = times[times.len() / 2];
        println!(
            "{name:24} {count} endpoints in {:.2} s (of {ROUNDS} rounds {:.2} to {:.2}): {:.0} a second",
            median.as_secs_f64(),
            times[0].as_secs_f64(),
            times[times.len() - 1].as_secs_f64(),
            count as f64 / median.as_secs_f64()
        );
        best.push((name, median));
    }
    let own = best.first().context("nothing was measured")?.1;
    for (name, time) in &best[1..] {
        println!(
            "{name}: {:.1} times as long",
            time.as_secs_f64() / own.as_secs_f64()
        );
    }
    Ok(())
}

fn there(program: &str) -> bool {
    let found = Command::new("sh")
        .arg("-c")
        .arg(format!("command -v {program}"))
        .stdout(Stdio::null())
        .status();
    found.is_ok_and(|status| status.success())
}

/// Servers on loopback, one port each, all with one certificate.
fn servers(count: usize, folder: &Path) -> Result<(Runtime, Vec<String>)> {
    let authority = Authority::new(jiff::Timestamp::now())?;
    fs::write(folder.join("ca.pem"), authority.server_anchor_pem())?;
    let identity = authority.server(&["localhost", "127.0.0.1"])?;
    let chain = identity.chain.into_iter().map(CertificateDer::from);
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.key_pkcs8));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain.collect(), key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let runtime = Runtime::new()?;
    let targets = runtime.block_on(async {
        let mut targets = Vec::new();
        for _ in 0..count {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            targets.push(listener.local_addr()?.to_string());
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(answer(acceptor.clone(), stream));
                }
            });
        }
        anyhow::Ok(targets)
    })?;
    Ok((runtime, targets))
}

async fn answer(acceptor: TlsAcceptor, stream: tokio::net::TcpStream) -> Option<()> {
    let mut stream = acceptor.accept(stream).await.ok()?;
    let mut request = [0; 2048];
    if stream.read(&mut request).await.ok()? > 0 {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
        stream.write_all(answer).await.ok()?;
    }
    stream.shutdown().await.ok()
}
