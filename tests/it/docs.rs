//! Generated documents are current. `UPDATE_DOCS=1 cargo test --test it docs::` writes them anew.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use crate::readme;

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

/// The tables of senders are the profiles.
#[test]
fn the_tables_of_senders_are_current() {
    let all = mtls::profiles::all();
    for (path, table) in [
        ("docs/senders.md", mtls::render::senders::all(all)),
        ("README.md", mtls::render::senders::moves(all)),
    ] {
        const BEGIN: &str = "<!-- senders: generated -->\n";
        const END: &str = "<!-- end -->";
        let whole = fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let (before, rest) = whole.split_once(BEGIN).expect("a mark");
        let (_, after) = rest.split_once(END).expect("an end");
        current(path, &format!("{before}{BEGIN}\n{table}\n{END}{after}"));
    }
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
        // A wider picture would be shrunk by the page that shows it.
        shell.env("COLUMNS", "116");
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
