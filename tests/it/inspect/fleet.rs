//! A fleet: two thousand endpoints in parts, killed and resumed, counted and slow.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead as _, BufReader, Write as _},
    process::Stdio,
    sync::MutexGuard,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    inspect::{
        farm::{Farm, room},
        run::lines,
    },
    support::{Child, Folder, descriptors, feed, mtls, run, skipped},
};

/// Endpoints; fewer where this process may not open that many files.
fn wanted() -> usize {
    let count = 2000.min(room());
    if count < 2000 {
        skipped(&format!(
            "of 2000 endpoints {}: raise the limit of open files (ulimit -n)",
            2000 - count
        ));
    }
    count
}

struct Fleet {
    folder: Folder,
    farm: Farm,
    list: String,
    anchor: String,
    /// Held by a fleet of hundreds, last let go of.
    _alone: Option<MutexGuard<'static, ()>>,
}

impl Fleet {
    fn new(count: usize) -> Self {
        let alone = (count > 100).then(descriptors);
        let farm = Farm::new(count);
        let folder = Folder::new();
        let list = folder.write("targets.txt", farm.targets.join("\n"));
        let anchor = folder.write("ca.pem", &farm.anchor);
        Self {
            folder,
            farm,
            list,
            anchor,
            _alone: alone,
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path(name)
    }

    fn command(&self, words: &[&str]) -> std::process::Command {
        let mut command = mtls();
        command
            .args(["inspect", "--targets", &self.list, "--cacert", &self.anchor])
            .args(["--format", "jsonl"])
            .args(words);
        command
    }
}

/// What does not change from run to run.
fn stable(line: &Value) -> Value {
    let mut line = line.clone();
    let keys = line.as_object_mut().unwrap();
    for volatile in ["ts", "timings_ms", "timeline"] {
        assert!(keys.remove(volatile).is_some(), "{volatile}");
    }
    line
}

fn targets(lines: &[Value]) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for line in lines.iter().filter(|line| line["kind"] == "target") {
        let name = line["target"].as_str().unwrap().to_owned();
        assert!(found.insert(name, stable(line)).is_none(), "twice: {line}");
    }
    found
}

#[test]
fn parts_put_together_are_the_whole() {
    let fleet = Fleet::new(wanted());
    let began = Instant::now();
    let whole = run(&mut fleet.command(&[]), 300).ok();
    eprintln!(
        "{} endpoints in {:?}",
        fleet.farm.targets.len(),
        began.elapsed()
    );
    let whole = lines(&whole.stdout);
    let summary = whole.last().unwrap();
    assert_eq!(summary["kind"], "summary");
    assert_eq!(summary["cases"], fleet.farm.targets.len());
    assert_eq!(summary["fleet"]["unreachable"], 0);
    let whole = targets(&whole);
    assert_eq!(whole.len(), fleet.farm.targets.len());
    for line in whole.values() {
        assert_eq!(line["trust"][0]["status"], "trusted", "{line:#}");
        assert_eq!(line["client_auth"], "none");
    }
    let mut together = BTreeMap::new();
    for index in 0..4 {
        let out = fleet.path("part-{shard}.jsonl");
        let mut command = fleet.command(&["--shard", "auto/4", "--output", &out]);
        run(command.env("JOB_COMPLETION_INDEX", index.to_string()), 300).ok();
        let part = fleet.path(&format!("part-{}.jsonl", index + 1));
        let part = lines(&fs::read_to_string(part).unwrap());
        assert_eq!(
            part.last().unwrap()["fleet"]["shard"],
            format!("{}/4", index + 1)
        );
        for (name, line) in targets(&part) {
            assert!(together.insert(name, line).is_none());
        }
    }
    assert_eq!(together, whole);
}

#[test]
fn a_run_that_was_killed_goes_on() {
    let fleet = Fleet::new(300.min(wanted()));
    let out = fleet.path("out.jsonl");
    // Slow enough to be killed in its midst.
    let mut command = fleet.command(&["--rate", "200", "--output", &out]);
    let mut child = Child::spawn(command.stderr(Stdio::null()));
    let until = Instant::now() + Duration::from_secs(60);
    while fs::read_to_string(&out).unwrap_or_default().lines().count() < 40 {
        assert!(Instant::now() < until, "no lines came");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill();
    let before = fs::read_to_string(&out).unwrap();
    assert!(before.lines().count() < 300);
    // As if the last line had been torn.
    let torn = &before[..before.len() - 100];
    fs::write(&out, torn).unwrap();
    let done = torn.lines().count() - 1;
    let finished = run(
        &mut fleet.command(&["--resume", &out, "--output", &out]),
        120,
    )
    .ok();
    assert!(finished.stderr.contains("torn"), "{}", finished.stderr);
    let all = lines(&fs::read_to_string(&out).unwrap());
    let summary = all.last().unwrap();
    assert_eq!(summary["fleet"]["resumed"], done);
    assert_eq!(summary["cases"], 300 - done);
    let names: BTreeSet<String> = targets(&all).into_keys().collect();
    let wanted: BTreeSet<String> = fleet.farm.targets.iter().cloned().collect();
    assert_eq!(names, wanted);

    // The same by the shell's `>>`.
    fs::write(&out, torn).unwrap();
    let file = fs::OpenOptions::new().append(true).open(&out).unwrap();
    let mut command = fleet.command(&["--resume", &out]);
    let status = command.stdout(file).stderr(Stdio::null()).status().unwrap();
    assert!(status.success());
    let all = lines(&fs::read_to_string(&out).unwrap());
    assert_eq!(targets(&all).len(), 300);
    // And once more: nothing is left to do.
    let again = run(&mut fleet.command(&["--resume", &out]), 60).ok();
    assert_eq!(lines(&again.stdout).len(), 1);
}

#[test]
fn memory_stays_flat() {
    if !cfg!(target_os = "linux") {
        skipped("memory is read from /proc");
        return;
    }
    let fleet = Fleet::new(wanted());
    let mut command = fleet.command(&["--jobs", "256"]);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = Child::spawn(&mut command);
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    for line in BufReader::new(child.stdout()).lines() {
        line.unwrap();
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|peak| peak.split_whitespace().next()?.parse().ok());
        most = most.max(kilobytes.unwrap_or(0));
    }
    assert_eq!(child.ended(), Some(0));
    assert!(most > 0);
    assert!(most < 150 * 1024, "{most} KiB");
}

#[test]
fn a_list_may_hold_settings_errors_and_the_unreachable() {
    let fleet = Fleet::new(1);
    let target = &fleet.farm.targets[0];
    let list = format!(
        "# our hooks\n\n{target}\n{{\"target\":\"{target}\",\"sni\":\"localhost\"}}\n{{\"target\":\"{target}\",\"sni\":\"other.example\",\"client\":\"expired\"}}\n{{\"target\":\"{target}\",\"colour\":1}}\nhttp://plain.example/\n127.0.0.1:1\n{target}\n"
    );
    let mut command = mtls();
    command.args([
        "inspect",
        "--targets",
        "-",
        "--cacert",
        &fleet.anchor,
        "--format",
        "jsonl",
    ]);
    let finished = feed(&mut command, list.as_bytes(), 60);
    assert_eq!(finished.code, Some(2), "{}", finished.said());
    assert!(
        finished.stderr.contains("standard input:6"),
        "{}",
        finished.stderr
    );
    assert!(finished.stderr.contains("colour"), "{}", finished.stderr);
    assert!(
        finished.stderr.contains("http://plain.example/"),
        "{}",
        finished.stderr
    );
    let all = lines(&finished.stdout);
    let summary = all.last().unwrap();
    assert_eq!(summary["cases"], 4, "{summary:#}");
    assert_eq!(summary["fleet"]["malformed"], 2);
    assert_eq!(summary["fleet"]["unreachable"], 1);
    let of = |sni: Value| {
        all.iter()
            .find(|line| line["asked_for"] == sni && line["target"] == target.as_str())
            .unwrap()
    };
    assert_eq!(of(Value::Null)["verdict"], "pass");
    assert_eq!(of("localhost".into())["sni"], "localhost");
    let other = of("other.example".into());
    assert_eq!(other["trust"][0]["status"], "untrusted");
    assert_eq!(other["with_client"]["client"], "client-expired");
    let gone = all
        .iter()
        .find(|line| line["target"] == "127.0.0.1:1")
        .unwrap();
    assert_eq!(gone["ending"]["kind"], "unreachable");
    assert_eq!(gone["reachable"], false);
}

/// A list that comes slowly is worked on as it comes.
#[test]
fn results_come_before_the_list_ends() {
    let fleet = Fleet::new(1);
    let mut command = mtls();
    command
        .args([
            "inspect",
            "--targets",
            "-",
            "--cacert",
            &fleet.anchor,
            "--format",
            "jsonl",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = Child::spawn(&mut command);
    let mut stdin = child.stdin();
    writeln!(stdin, "{}", fleet.farm.targets[0]).unwrap();
    let (sender, first) = std::sync::mpsc::channel();
    let mut out = BufReader::new(child.stdout());
    std::thread::spawn(move || {
        let mut line = String::new();
        let _ = out.read_line(&mut line);
        let _ = sender.send(line);
    });
    let line = first.recv_timeout(Duration::from_secs(60)).unwrap();
    assert_eq!(lines(&line)[0]["kind"], "target");
    drop(stdin);
    assert_eq!(child.ended(), Some(0));
}
