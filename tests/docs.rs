//! Generated documents are current. `UPDATE_DOCS=1 cargo test --test docs` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{collections::BTreeSet, fs, path::Path, process::Command};

#[test]
fn the_rule_reference_is_current() {
    current(
        "docs/rules.md",
        &mtls::render::page::reference(mtls::rules::ALL),
    );
}

#[test]
fn the_schema_of_profiles_is_current() {
    let schema = serde_json::to_string_pretty(&mtls::profiles::schema()).unwrap();
    current("schemas/profile.schema.json", &(schema + "\n"));
}

/// What the program writes into a new directory is what stands in this one, no file more and none less.
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

#[allow(
    clippy::disallowed_methods,
    reason = "a test's switch, not the program's input"
)]
fn current(path: &str, wanted: &str) {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "docs are stale: run UPDATE_DOCS=1 cargo test --test docs"
    );
}
