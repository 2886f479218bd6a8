//! Completions offer the values that clients, requests, senders and rules are named by: the scripts
//! run in their shells.

use std::collections::BTreeSet;

use crate::support::{self, peer, run};

/// What bash offers behind these words; the last one is under the cursor.
fn bash(words: &[&str]) -> Option<BTreeSet<String>> {
    let mut shell = peer("bash")?;
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let last = words.len() - 1;
    // No library of completions is there: the script has to do without.
    let line = format!(
        "source <(\"$MTLS\" generate completions bash)
         complete -p mtls >/dev/null || exit 9
         COMP_WORDS=({}); COMP_CWORD={last}
         _mtls mtls \"${{COMP_WORDS[{last}]}}\" \"${{COMP_WORDS[{}]}}\"
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        quoted.join(" "),
        last - 1
    );
    shell
        .args(["--norc", "--noprofile", "-c", &line])
        .env("MTLS", env!("CARGO_BIN_EXE_mtls"));
    let finished = run(&mut shell, 60).ok();
    assert_eq!(finished.stderr, "", "{words:?}");
    let lines = finished.stdout.lines().filter(|line| !line.is_empty());
    Some(lines.map(str::to_owned).collect())
}

/// What is offered, and some of what must be in it.
const OFFERED: &[(&[&str], &[&str])] = &[
    (&["mtls", "simulate", "--client", "exp"], &["expired"]),
    (
        &["mtls", "simulate", "--client", ""],
        &["valid", "none", "expired", "unknown-ca"],
    ),
    (
        &["mtls", "inspect", "--client", "no"],
        &["none", "not-yet-valid"],
    ),
    (
        &["mtls", "simulate", "--event", "c"],
        &["cx", "cx-flexible"],
    ),
    (
        &["mtls", "lint", "--profile", "dialogflow-c"],
        &["dialogflow-cx"],
    ),
    (&["mtls", "listen", "--sender", "dial"], &["dialogflow"]),
    (
        &["mtls", "listen", "--expect", ""],
        &["mtls", "no-mtls", "token"],
    ),
    (&["mtls", "lint", "--select", "MT20"], &["MT201", "MT203"]),
    (&["mtls", "inspect", "--ignore", "weak-"], &["weak-key"]),
    (&["mtls", "lint", "--stack", "ngi"], &["nginx"]),
    (&["mtls", "lint", "--fail-on", "w"], &["warning"]),
    (
        &["mtls", "listen", "--client-auth", "r"],
        &["request", "require"],
    ),
    (&["mtls", "profiles", "show", "dial"], &["dialogflow"]),
    (&["mtls", "profiles", "pem", "gts-root"], &["gts-root-r1"]),
    (&["mtls", "generate", "man", "simu"], &["simulate"]),
    (&["mtls", "generate", "completions", "f"], &["fish"]),
    (&["mtls", "si"], &["simulate"]),
];

#[test]
fn bash_completes_values() {
    for (words, wanted) in OFFERED {
        let Some(offered) = bash(words) else { return };
        let begun = words.last().unwrap();
        for value in *wanted {
            assert!(offered.contains(*value), "{words:?}: {offered:?}");
        }
        let stray = offered.iter().find(|value| !value.starts_with(begun));
        assert_eq!(stray, None, "{words:?}");
    }
    assert_eq!(
        bash(&["mtls", "simulate", "--event", "=", "es-"]),
        Some(BTreeSet::from(["es-beta".to_owned()]))
    );
    // Where a file may stand, bash goes on to files when no name fits.
    assert_eq!(
        bash(&["mtls", "lint", "--profile", "./ou"]),
        Some(BTreeSet::new())
    );
}

#[test]
fn fish_completes_values_and_files() {
    for (words, wanted) in OFFERED {
        let Some(mut shell) = peer("fish") else {
            return;
        };
        let line = format!(
            "$MTLS generate completions fish | source; complete -C '{}'",
            words.join(" ")
        );
        shell
            .args(["--no-config", "-c", &line])
            .env("MTLS", env!("CARGO_BIN_EXE_mtls"));
        let finished = run(&mut shell, 60).ok();
        let offered: BTreeSet<&str> = finished
            .stdout
            .lines()
            .filter_map(|line| line.split('\t').next())
            .collect();
        for value in *wanted {
            assert!(offered.contains(value), "{words:?}: {}", finished.said());
        }
    }
}

/// zsh's completion needs a terminal to run in; that the script is one, and has the values.
#[test]
fn zsh_takes_the_script() {
    let Some(mut shell) = peer("zsh") else { return };
    let script = run(support::mtls().args(["generate", "completions", "zsh"]), 60)
        .ok()
        .stdout;
    for value in [
        "unknown-ca",
        "cx-flexible",
        "dialogflow-cx",
        "MT203",
        "gts-root-r1",
    ] {
        assert!(script.contains(value), "{value}");
    }
    let folder = support::Folder::new();
    let file = folder.write("_mtls", &script);
    run(shell.args(["-f", "-n", &file]), 60).ok();
}
