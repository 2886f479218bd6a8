//! The pages that people write: their links lead somewhere, their commands are ones that the
//! program knows, and the files that they show are ones that it accepts.
//!
//! What is generated is `docs.rs`', the README's examples are `readme.rs`', the servers of
//! `docs/howto` are `simulate/howto`'s.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use regex::Regex;

use crate::{
    readme,
    simulate::run::Rehearsal,
    support::{Folder, Listen, mtls, run},
};

/// The pages that people read.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<PathBuf> = [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "deploy/README.md",
    ]
    .iter()
    .map(|name| root.join(name))
    .collect();
    for folder in ["docs", "docs/howto"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    assert!(pages.len() > 15, "{pages:?}");
    pages.sort();
    pages
}

/// Every relative link of a page leads to a file that is there, and to a heading of it where it
/// names one.
#[test]
fn links_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut wrong = Vec::new();
    for page in &pages() {
        let text = fs::read_to_string(page).unwrap();
        for found in link.captures_iter(&text) {
            let target = &found[1];
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let path = match file {
                "" => page.clone(),
                file => page.parent().unwrap().join(file),
            };
            let there = path.exists()
                && (heading.is_empty()
                    || headings(&fs::read_to_string(&path).unwrap()).contains(heading));
            if !there {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The names that code hosts give to the headings of a page.
fn headings(page: &str) -> BTreeSet<String> {
    page.lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|character| {
                    character.is_alphanumeric() || matches!(character, ' ' | '-' | '_')
                })
                .map(|character| if character == ' ' { '-' } else { character })
                .collect()
        })
        .collect()
}

/// The lines of a page's blocks of commands.
fn command_lines(page: &str) -> Vec<String> {
    let mut within = false;
    let mut lines = Vec::new();
    for line in page.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            within = language == "console";
        } else if within {
            lines.push(line.to_owned());
        }
    }
    lines
}

/// The calls of `mtls` in a line of a shell, each without what is around it.
fn calls(line: &str) -> Vec<String> {
    let around = Regex::new(r"\s+(#|[|&;<>]|>>|2>).*$").unwrap();
    let line = line.strip_prefix("$ ").unwrap_or(line);
    let parts = Regex::new(r"\s*(\|\||&&|\||;)\s+").unwrap();
    parts
        .split(line)
        .map(|part| around.replace(part, "").trim().to_owned())
        .filter(|part| part.starts_with("mtls "))
        .collect()
}

#[test]
fn a_call_ends_where_the_shell_says() {
    assert_eq!(
        calls("$ mtls pki pki && mtls lint a.pem --host x > out.txt   # why; and how"),
        ["mtls pki pki", "mtls lint a.pem --host x"]
    );
    assert_eq!(
        calls("cat x | mtls explain - < error.log"),
        ["mtls explain -"]
    );
    assert_eq!(calls("curl https://x/ # mtls lint"), [""; 0]);
}

/// Every command of a page can be pasted, and has only flags that the program has: `--help` after
/// them all is answered with help.
#[test]
fn commands_of_the_pages_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let span = Regex::new("`(mtls [^`]+)`").unwrap();
    let mut asked = BTreeSet::new();
    let mut wrong = Vec::new();
    // What a changelog names may be gone.
    for page in pages()
        .iter()
        .filter(|page| !page.ends_with("CHANGELOG.md"))
    {
        let text = fs::read_to_string(page).unwrap();
        let mut found = Vec::new();
        for line in command_lines(&text) {
            if line.contains('…') {
                wrong.push(format!("{}: cannot be pasted: {line}", page.display()));
            }
            found.extend(calls(&line));
        }
        // In a sentence, a call may be cut short.
        let spans = span
            .captures_iter(&text)
            .map(|one| one[1].replace("\\|", "|"));
        found.extend(
            spans
                .filter(|one| !one.contains('…'))
                .flat_map(|one| calls(&one)),
        );
        for call in found {
            if !asked.insert(call.clone()) {
                continue;
            }
            // A flag at the end of a call in a sentence may be shown without its value.
            let said = ["", " 1"].map(|value| {
                let line = format!("set -f; {call}{value} --help");
                run(&mut readme::shell(folder.path(), 0, &line), 60)
            });
            if said.iter().all(|finished| finished.code != Some(0)) {
                let why = said[0].said();
                wrong.push(format!("{}: {call}: {why}", page.display()));
            }
        }
    }
    assert!(asked.len() > 60, "{asked:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The command of the Compose file has only flags that the program has.
#[test]
fn the_command_of_compose_is_known() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/compose/compose.yaml");
    let text = fs::read_to_string(path).unwrap();
    let words: Vec<&str> = text
        .lines()
        .skip_while(|line| line.trim() != "command:")
        .skip(1)
        .map_while(|line| line.trim().strip_prefix("- "))
        .collect();
    assert!(words.contains(&"listen") && words.len() > 4, "{words:?}");
    let mut command = mtls();
    command.args(&words).arg("--help");
    assert_eq!(run(&mut command, 60).code, Some(0), "{words:?}");
}

/// The crate's name is not taken in the public registry: whoever took it could publish what he
/// likes under a name that our pages, pipelines or messages install.
#[test]
fn the_registry_is_not_offered() {
    let install = Regex::new(r#"cargo (b?install)( --?[a-z-]+( [^-\s"']\S*)?)* "?mtls\b"#).unwrap();
    assert!(install.is_match("cargo install --locked mtls"));
    assert!(!install.is_match("cargo install --path . --locked"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut looked = vec![root.to_owned()];
    let mut wrong = Vec::new();
    let mut files = 0;
    while let Some(path) = looked.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if ["target", ".git", "testdata", "corpus"].contains(&&*name) {
                continue;
            }
            let inside = fs::read_dir(&path).unwrap();
            looked.extend(inside.map(|entry| entry.unwrap().path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            files += 1;
            // The test itself names what it looks for.
            if install.is_match(&text) && !path.ends_with("tests/it/pages.rs") {
                wrong.push(path);
            }
        }
    }
    assert!(files > 300, "{files} files");
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The only block of a page in this language, or the first of several.
fn block(page: &str, language: &str) -> String {
    let path = format!("{}/docs/{page}.md", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once(&format!("```{language}\n")).unwrap();
    rest.split("```").next().unwrap().to_owned()
}

/// The settings that the page shows are accepted, and its error is what a misspelt key prints.
#[test]
fn the_settings_of_the_page_are_accepted() {
    let folder = Folder::new();
    let lint = |settings: &str, root: &str| {
        let root = run(mtls().args(["profiles", "pem", root]), 60).ok();
        for name in ["clients.pem", "more.pem"] {
            folder.write(format!("deploy/{name}"), &root.stdout);
        }
        folder.write("mtls.toml", settings);
        let mut lint = mtls();
        run(lint.arg("lint").current_dir(folder.root()), 60)
    };
    // The page's exception ends one day; here it does not.
    let page = block("settings", "toml").replace("2027-03-31", "2999-03-31");
    let good = lint(&page, "ssl-com-root-rsa");
    assert_eq!((good.code, &*good.stderr), (Some(0), ""), "{}", good.said());
    // What is a warning until the old certificate ends fails already.
    let old = lint(&page, "gts-root-r1");
    assert_eq!((old.code, &*old.stderr), (Some(1), ""), "{}", old.said());
    let wrong = lint("fail_on = \"note\"\n", "gts-root-r1");
    assert_eq!(wrong.code, Some(2), "{}", wrong.said());
    assert_eq!(wrong.stderr, block("settings", "text"));
}

/// The profile that the page shows is read, and its dates decide.
#[test]
fn the_profile_of_the_page_decides() {
    let folder = Folder::new();
    for (name, id) in [("2", "ssl-com-root-rsa"), ("1", "gts-root-r1")] {
        let root = run(mtls().args(["profiles", "pem", id]), 60).ok();
        folder.write(format!("example-root-{name}.pem"), root.stdout);
    }
    let page = block("senders", "toml");
    assert!(page.contains("sha256 = \"…\""), "{page}");
    let profile = folder.write("ours.toml", page.replace("sha256 = \"…\"", ""));
    let shown = run(mtls().args(["profiles", "show", &profile]), 60).ok();
    assert!(
        shown.stdout.contains("Our order service"),
        "{}",
        shown.said()
    );
    for (roots, day, wanted) in [
        (&["2", "1"][..], "2027-01-31", "ready"),
        (&["1"], "2027-01-31", "breaks"),
        (&["1"], "2027-02-01", "broken"),
    ] {
        let mut lint = mtls();
        lint.args(["lint", "--profile", &profile, "--at-time", day])
            .args(["--format", "json"]);
        let both: String = roots
            .iter()
            .map(|root| folder.read(&format!("example-root-{root}.pem")))
            .collect();
        lint.args(["--client-ca", &folder.write("clients.pem", both)]);
        let linted = run(&mut lint, 60);
        let seen: serde_json::Value = serde_json::from_str(&linted.stdout).unwrap();
        assert_eq!(
            seen["readiness"][0]["outlook"], wanted,
            "{roots:?} {day}: {seen:#}"
        );
    }
}

/// The scenario that the page shows is met by a listener that enforces, and missed by one that does
/// not.
#[test]
fn the_scenario_of_the_page_is_met() {
    let folder = Rehearsal::new();
    for (flags, code) in [
        (&["--client-auth", "require", "--enforce"][..], 0),
        (&[], 1),
    ] {
        let files = ["server/fullchain.pem", "server/key.pem", "client-ca.pem"];
        let [cert, key, anchors] = files.map(|name| folder.pki(name));
        let mut listen = vec!["--cert", &cert, "--key", &key, "--client-ca", &anchors];
        listen.extend(flags);
        let listen = Listen::start(listen);
        let url = listen.url("/");
        let scenario = block("scenarios", "toml").replace("https://hook.example.com/", &url);
        let scenario = folder.write("webhook.toml", scenario);
        let mut simulate = mtls();
        simulate
            .args(["simulate", "--scenario", &scenario, "--cacert"])
            .arg(folder.pki("server-ca.pem"));
        let finished = run(&mut simulate, 120);
        assert_eq!(finished.code, Some(code), "{}", finished.said());
    }
}
