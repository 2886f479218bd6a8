//! Generated documents are current. `UPDATE_DOCS=1 cargo test --test it docs::` writes them anew.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use regex::Regex;

use crate::{
    readme,
    support::{mtls, run},
};

#[test]
fn the_rule_reference_is_current() {
    current(
        "docs/rules.md",
        &mtls::render::page::reference(mtls::rules::ALL),
    );
}

/// What follows the mark is `tests/it/openssl_verify`'s.
#[test]
fn the_table_of_verifiers_is_current() {
    const MARK: &str = "\n## Where RFC 5280 differs from OpenSSL\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stacks.md");
    let whole = fs::read_to_string(path).unwrap_or_default();
    let rest = whole.find(MARK).map_or("", |at| &whole[at..]);
    current("docs/stacks.md", &(mtls::render::stacks::page() + rest));
}

#[test]
fn the_schema_of_profiles_is_current() {
    let schema = serde_json::to_string_pretty(&mtls::profiles::schema()).unwrap();
    current("schemas/profile.schema.json", &(schema + "\n"));
}

/// The picture at the top of the README is what the command above it prints, in colour, after the
/// commands before that.
#[test]
fn the_picture_of_a_verdict_is_current() {
    let folder = tempfile::tempdir().unwrap();
    let examples = readme::examples(&readme::readme());
    let pictured = examples.iter().position(|one| one.picture.is_some());
    let pictured = pictured.expect("the README has a picture of an answer");
    let mut printed = String::new();
    for (number, example) in examples[..=pictured].iter().enumerate() {
        let command = &example.command;
        let command = if number == pictured {
            format!("{command} --color always")
        } else {
            command.clone()
        };
        let mut shell = readme::shell(folder.path(), 0, &command);
        printed = String::from_utf8(shell.output().unwrap().stdout).unwrap();
    }
    let shown = &examples[pictured];
    let shown = format!("\u{1b}[2m$\u{1b}[0m {}\n{printed}", shown.command);
    let picture = anstyle_svg::Term::new().render_svg(&shown);
    let path = examples[pictured].picture.as_ref().unwrap();
    current(path, &(picture + "\n"));
}

/// What the program writes into a new directory is what stands in this one, no file more and none
/// less.
fn folder_is_current(folder: &str, what: &str) {
    let fresh = tempfile::tempdir().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_mtls"))
        .args(["generate", what, "--dir"])
        .arg(fresh.path())
        .status()
        .unwrap();
    assert!(status.success());
    let names = |path: &Path| -> BTreeSet<String> {
        let entries = fs::read_dir(path).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    for name in names(fresh.path()) {
        let wanted = fs::read_to_string(fresh.path().join(&name)).unwrap();
        current(&format!("{folder}/{name}"), &wanted);
    }
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut wanted = names(fresh.path());
    if what == "schemas" {
        // The one that people write by.
        wanted.insert("profile.schema.json".to_owned());
    }
    assert_eq!(names(&own), wanted, "{folder}");
}

#[test]
fn the_completions_are_current() {
    folder_is_current("completions", "completions");
}

#[test]
fn the_schemas_are_current() {
    folder_is_current("schemas", "schemas");
}

#[test]
fn the_manual_is_current() {
    folder_is_current("docs/man", "man");
}

fn current(path: &str, wanted: &str) {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "docs are stale: run UPDATE_DOCS=1 cargo test --test it docs::"
    );
}

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
            if install.is_match(&text) && !path.ends_with("tests/it/docs.rs") {
                wrong.push(path);
            }
        }
    }
    assert!(files > 300, "{files} files");
    assert!(wrong.is_empty(), "{wrong:?}");
}
