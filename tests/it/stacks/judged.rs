//! What `mtls lint` says about cases: the program itself, a process a case.
//!
//! For: `status`, and the verdict of each stack, as letters.
//! Must not: read anything but the documented JSON.

use std::{
    collections::BTreeMap,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::{
    stacks::corpus::{Case, Cases},
    support::{mtls, run},
};

/// Of one case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judged {
    pub(crate) status: String,
    /// `A`, `R` or `?` by stack, with the reasons.
    pub(crate) stacks: BTreeMap<String, (char, String)>,
}

/// What is asked for beside the verdict of every stack: `go@1.19.8`.
pub(crate) type Asked<'a> = &'a [String];

/// Judges all cases, two at a time.
pub(crate) fn all(cases: &Cases, parts: &Parts, asked: Asked<'_>) -> BTreeMap<String, Judged> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut judged = BTreeMap::new();
        while let Some(case) = cases.list.get(next.fetch_add(1, Ordering::Relaxed)) {
            judged.insert(case.name.clone(), one(cases, case, parts, asked));
        }
        judged
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut judged = work();
        judged.extend(other.join().unwrap());
        judged
    })
}

/// How the files of a case are called.
pub(crate) struct Parts {
    pub(crate) chain: &'static str,
    pub(crate) anchors: &'static str,
    pub(crate) lists: &'static str,
}

/// The question about a case.
pub(crate) fn command(cases: &Cases, case: &Case, parts: &Parts) -> Command {
    let mut command = mtls();
    let file = |part: &str| cases.file(case, part);
    command.args(["lint", "--format", "json", "--role", case.role.word()]);
    command.arg("--cert").arg(file(parts.chain));
    command.arg("--cacert").arg(file(parts.anchors));
    command.args(["--at-time", &case.moment.to_string()]);
    if case.role == crate::stacks::chain::Role::Server {
        command.args(["--host", &case.host]);
    }
    if case.lists {
        command.arg("--crlfile").arg(file(parts.lists));
    }
    command
}

fn one(cases: &Cases, case: &Case, parts: &Parts, asked: Asked<'_>) -> Judged {
    let mut command = command(cases, case, parts);
    for stack in asked {
        command.args(["--stack", stack]);
    }
    let finished = run(&mut command, 120);
    assert!(
        matches!(finished.code, Some(0 | 1)),
        "{}: {:?}: {}",
        case.name,
        finished.code,
        finished.stderr
    );
    let document: serde_json::Value = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}: {}", case.name, finished.stderr));
    read(&document["cases"][0]["trust"][0])
}

fn read(trust: &serde_json::Value) -> Judged {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut judged = Judged {
        status: text(&trust["status"]),
        ..Judged::default()
    };
    for stack in trust["stacks"].as_array().into_iter().flatten() {
        let letter = match stack["verdict"].as_str() {
            Some("accepts") => 'A',
            Some("refuses") => 'R',
            Some("not-known") => '?',
            other => panic!("a verdict that is none: {other:?}"),
        };
        let reason = |reason: &serde_json::Value| {
            format!("{} at {}", text(&reason["code"]), text(&reason["place"]))
        };
        let reasons = stack["reasons"]
            .as_array()
            .into_iter()
            .flatten()
            .map(reason);
        let reasons = reasons.collect::<Vec<_>>().join(", ");
        judged
            .stacks
            .insert(text(&stack["stack"]), (letter, reasons));
    }
    judged
}
