//! What `mtls lint` costs: one process for a chain of three beside `openssl version`, and many
//! files in one call. Prints medians and ratios, and judges nothing: `cargo bench --bench lint`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints and may stop at the first surprise"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use mtls::pki::Authority;

const ROUNDS: usize = 200;
const FILES: usize = 2000;

#[expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
fn now() -> Timestamp {
    Timestamp::now()
}

fn time(command: &mut Command) -> Duration {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    command.status().unwrap();
    began.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() {
    let mtls = env!("CARGO_BIN_EXE_mtls");
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new(now()).unwrap();
    let server = authority.server(&["hook.example.com"]).unwrap();
    let chain = server.chain_pem() + &authority.server_anchor_pem();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let three = write("three.pem", &chain);
    let key = write("key.pem", &server.key_pem());
    let root = write("root.pem", &authority.server_anchor_pem());
    if Command::new("openssl")
        .arg("version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("skipped: no openssl command here");
        return;
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(time(
            Command::new(mtls)
                .args(["lint", "--cert"])
                .arg(&three)
                .arg("--key")
                .arg(&key)
                .arg("--cacert")
                .arg(&root),
        ));
        theirs.push(time(Command::new("openssl").arg("version")));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!(
        "one process, three certificates and a key: mtls lint {ours:.2?}, openssl version {theirs:.2?}, ratio {:.2}",
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
    many(mtls, &chain, folder.path());
}

/// Many files in one call, on all cores.
fn many(mtls: &str, chain: &str, folder: &Path) {
    let folder = folder.join("many");
    fs::create_dir(&folder).unwrap();
    for number in 0..FILES {
        fs::write(folder.join(format!("{number}.pem")), chain).unwrap();
    }
    let times = (0..5)
        .map(|_| {
            time(
                Command::new(mtls)
                    .args(["lint", "--format", "jsonl"])
                    .arg(&folder),
            )
        })
        .collect();
    let median = median(times);
    println!(
        "{FILES} files in one call: {median:.2?}, {:.0} certificates a second",
        (3 * FILES) as f64 / median.as_secs_f64()
    );
}
