//! How fast `mtls simulate --repeat` calls, beside the loader a user would otherwise write: `xargs
//! -P` over curl.
//!
//! ```text
//! cargo bench --bench simulate
//! MTLS_BENCH_CALLS=500 cargo bench --bench simulate
//! ```
//!
//! Both call the same `mtls listen` on loopback, with the same client certificate, in turns; every
//! call is a whole TLS 1.3 handshake, one request and its answer. Curl starts a process a call,
//! which is what its users do; that is part of what is measured. Prints, never judges: the exit
//! status is 0 unless the benchmark itself cannot run.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark is a program of its own: the clock and the environment are its inputs"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

/// The program under test, built with the bench profile.
const MTLS: &str = env!("CARGO_BIN_EXE_mtls");

/// Calls in a round, unless `MTLS_BENCH_CALLS` says otherwise.
const CALLS: usize = 2000;

/// Calls under way at once.
const JOBS: usize = 64;

/// Rounds of each.
const ROUNDS: usize = 3;

/// Ends the listener with the bench.
struct Listener(Child);

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() -> Result<()> {
    let calls = match std::env::var("MTLS_BENCH_CALLS") {
        Ok(calls) => calls.parse().context("MTLS_BENCH_CALLS")?,
        Err(_) => CALLS,
    };
    let folder = tempfile::tempdir()?;
    let pki = folder.path().join("pki");
    let made = Command::new(MTLS).arg("pki").arg(&pki).output()?;
    if !made.status.success() {
        bail!("mtls pki: {}", String::from_utf8_lossy(&made.stderr));
    }
    let at = |name: &str| pki.join(name).display().to_string();
    let mut listener = Listener(
        Command::new(MTLS)
            .args([
                "listen",
                "--listen",
                "127.0.0.1:0",
                "--format",
                "jsonl",
                "--max-connections",
                "4096",
            ])
            .args([
                "--cert",
                &at("server/fullchain.pem"),
                "--key",
                &at("server/key.pem"),
            ])
            .args([
                "--client-ca",
                &at("client-ca.pem"),
                "--client-auth",
                "require",
                "--enforce",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?,
    );
    let mut line = String::new();
    let stderr = listener.0.stderr.take().context("no stderr")?;
    BufReader::new(stderr).read_line(&mut line)?;
    let port = line
        .trim()
        .rsplit(':')
        .next()
        .context("no port")?
        .to_owned();
    let url = format!("https://localhost:{port}/hook");
    println!("{calls} calls, {JOBS} at once, {ROUNDS} rounds, in turns");
    let mut best = [f64::MAX; 2];
    for round in 1..=ROUNDS {
        let (ours, memory) = simulate(&url, &pki, calls, &port)?;
        let theirs = curl(&url, &at, calls, &port)?;
        println!(
            "round {round}: simulate {:.0} calls/s ({memory} KiB at most), curl {:.0} calls/s, ratio {:.1}",
            calls as f64 / ours,
            calls as f64 / theirs,
            theirs / ours
        );
        best = [best[0].min(ours), best[1].min(theirs)];
    }
    let (_, few) = simulate(&url, &pki, calls / 10, &port)?;
    let (_, many) = simulate(&url, &pki, calls * 5, &port)?;
    println!("best of each: ratio {:.1}", best[1] / best[0]);
    println!(
        "memory: {few} KiB for {} calls, {many} KiB for {}",
        calls / 10,
        calls * 5
    );
    Ok(())
}

/// Seconds and the most resident memory of one run.
fn simulate(url: &str, pki: &Path, calls: usize, port: &str) -> Result<(f64, u64)> {
    let began = Instant::now();
    let mut child = Command::new(MTLS)
        .args(["simulate", url, "--client", "valid", "--format", "jsonl"])
        .arg("--pki")
        .arg(pki)
        .arg("--cacert")
        .arg(pki.join("server-ca.pem"))
        .args(["--resolve", &format!("localhost:{port}:127.0.0.1")])
        .args([
            "--repeat",
            &calls.max(1).to_string(),
            "--jobs",
            &JOBS.to_string(),
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut most = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        let text = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak = text
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse().ok());
        most = most.max(peak.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    };
    if !status.success() {
        bail!("mtls simulate: {status}");
    }
    Ok((began.elapsed().as_secs_f64(), most))
}

/// Seconds of as many curl processes.
fn curl(url: &str, at: &dyn Fn(&str) -> String, calls: usize, port: &str) -> Result<f64> {
    let began = Instant::now();
    let script = format!(
        "seq {calls} | xargs -P {JOBS} -I _ curl -sS -o /dev/null --resolve localhost:{port}:127.0.0.1 --cacert {} --cert {} --key {} \
         -H 'content-type: application/json' -d '{{\"queryResult\":{{\"queryText\":\"Hi\"}}}}' {url}",
        at("server-ca.pem"),
        at("clients/valid/fullchain.pem"),
        at("clients/valid/key.pem"),
    );
    let status = Command::new("sh").args(["-c", &script]).status()?;
    if !status.success() {
        bail!("curl: {status}");
    }
    Ok(began.elapsed().as_secs_f64())
}
