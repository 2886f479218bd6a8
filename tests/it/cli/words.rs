//! Words on the command line: help that leads onward, corrections, openssl's own words.

use std::path::Path;

use crate::{
    cli::{files::Files, run_in, shown},
    support::{self, Listener},
};

fn snapshot(name: &str, words: &[&str], code: i32) {
    let finished = run_in(Path::new("."), words);
    assert_eq!(finished.code, Some(code), "{finished:?}");
    let line = format!("mtls {}", words.join(" "));
    insta::assert_snapshot!(name, shown(line.trim_end(), &finished));
}

#[test]
fn alone_it_says_what_there_is_and_where_to_begin() {
    snapshot("alone", &[], 2);
}

#[test]
fn a_mistyped_command_is_corrected() {
    snapshot("mistyped", &["listne"], 2);
    snapshot("mistyped_flag", &["listen", "--client-auht", "none"], 2);
    snapshot("mistyped_choice", &["listen", "--format", "jsonlines"], 2);
}

#[test]
fn a_mistyped_file_is_corrected() {
    let files = Files::new();
    for (words, wanted) in [
        (
            ["lint", "--cert", "fullchian.pem"],
            "fullchian.pem: no such file; did you mean fullchain.pem?",
        ),
        (
            ["lint", "--cert", "xyz"],
            "xyz: no such file; check the path",
        ),
        (
            ["lint", "--cert", "no/where.pem"],
            "no/where.pem: no such file; there is no folder no",
        ),
        (
            ["lint", "--client-ca", "clientca.pem"],
            "clientca.pem: no such file; did you mean client-ca.pem?",
        ),
    ] {
        let finished = run_in(files.path(), &words);
        assert_eq!(finished.code, Some(2));
        assert_eq!(finished.stderr, format!("mtls: {wanted}\n"));
    }
}

#[test]
fn help_is_no_error() {
    for words in [
        ["--help"].as_slice(),
        &["listen", "--help"],
        &["demo", "-h"],
    ] {
        let finished = run_in(Path::new("."), words);
        assert_eq!(finished.code, Some(0), "{finished:?}");
        assert!(finished.stdout.contains("Usage: mtls"), "{finished:?}");
        assert_eq!(finished.stderr, "");
        let wide = finished
            .stdout
            .lines()
            .find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "wider than a terminal");
    }
}

#[test]
fn the_version_is_the_crates() {
    let finished = run_in(Path::new("."), &["--version"]);
    assert_eq!(finished.code, Some(0));
    assert_eq!(
        finished.stdout,
        format!("mtls {}\n", env!("CARGO_PKG_VERSION"))
    );
}

/// The line of Dialogflow's page as it stands there, the port apart.
#[test]
fn the_line_of_the_dialogflow_page_works_unchanged() {
    let files = Files::new();
    let line = "listen -key key.pem -cert fullchain.pem -accept 0 -verify 1";
    let mut command = support::mtls();
    command.current_dir(files.path()).args(line.split(' '));
    let running = Listener::start(&mut command);
    assert!(
        running.address().ip().is_unspecified(),
        "-accept binds every address, as openssl does"
    );
    let port = running.address().port();
    let address = ([127, 0, 0, 1], port).into();
    let called = support::call(address, None, &[], b"{}".to_vec());
    assert_eq!(called.answer.map(|answer| answer.status), Some(200));
    assert_eq!(
        called
            .dialled
            .tls
            .server_chain
            .map(|chain| chain.links.len()),
        Some(files.server.chain.len()),
        "the chain is sent whole"
    );
    let finished = running.finish();
    assert!(
        finished.stderr.contains("every address of this machine"),
        "{finished:?}"
    );
    assert!(
        finished.stdout.contains("POST /hook HTTP/1.1"),
        "{finished:?}"
    );
}

#[test]
fn help_is_as_wide_as_other_output() {
    let widest = |columns: Option<&str>| {
        let mut command = support::mtls();
        if let Some(columns) = columns {
            command.env("COLUMNS", columns);
        }
        let seen = support::run(command.args(["lint", "-h"]), 60).ok();
        let lines = seen.stdout.lines().map(|line| line.chars().count());
        lines.max().unwrap_or_default()
    };
    assert!((70..=80).contains(&widest(None)), "{}", widest(None));
    assert!((90..=100).contains(&widest(Some("100"))));
    assert!((110..=120).contains(&widest(Some("300"))));
}
