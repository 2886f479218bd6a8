//! Generated documents are current. `UPDATE_DOCS=1 cargo test --test it docs::` writes them anew.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use regex::Regex;

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

/// The picture at the top of the README is what the program prints, in colour.
#[test]
fn the_picture_of_a_verdict_is_current() {
    let folder = tempfile::tempdir().unwrap();
    let mtls = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mtls"));
        command
            .current_dir(folder.path())
            .env("LC_ALL", "C.UTF-8")
            .args(words);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    fs::write(
        folder.path().join("clients.pem"),
        mtls(&["profiles", "pem", "gts-root-r1"]),
    )
    .unwrap();
    let said = "mtls lint --client-ca clients.pem --profile dialogflow";
    let page = mtls(&[
        "lint",
        "--client-ca",
        "clients.pem",
        "--profile",
        "dialogflow",
        "--at-time",
        "2026-11-29",
        "--color",
        "always",
    ]);
    let shown = format!("\u{1b}[2m$\u{1b}[0m {said}\n{page}");
    let picture = anstyle_svg::Term::new().render_svg(&shown);
    current("docs/verdict.svg", &(picture + "\n"));
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

/// Every relative link of a page leads to a file that is there, and to a heading of it where it
/// names one.
#[test]
fn links_lead_somewhere() {
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
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut wrong = Vec::new();
    for page in &pages {
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
