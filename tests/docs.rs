//! Generated documents are current. `UPDATE_DOCS=1 cargo test --test docs` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;

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
