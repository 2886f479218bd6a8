//! What people see: the pages as they are printed, without colour, at 80 columns.

use crate::support::{Finished, Pki, TIMES, mtls, run};

/// `inspect` with these words, on 80 columns.
fn inspect(words: &[&str]) -> Finished {
    let mut command = mtls();
    run(command.arg("inspect").args(words).env("COLUMNS", "80"), 120)
}

fn snapshot(name: &str, page: &str) {
    let mut settings = insta::Settings::clone_current();
    for (pattern, name) in TIMES {
        settings.add_filter(pattern, *name);
    }
    settings.add_filter(r"(name|TCP|TLS|answer|all) \d+(\.\d+)?", "$1 N");
    settings.add_filter(r"127\.0\.0\.1:\d+ +", "127.0.0.1:PORT ");
    settings.add_filter(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT");
    settings.add_filter(r"\d{4}-\d\d-\d\d", "DATE");
    settings.add_filter(r"\d+ days", "N days");
    settings.add_filter(r"serial [0-9A-F]+", "serial N");
    settings.add_filter(r"[0-9a-f]{64}", "SHA256");
    settings.add_filter(r"sha256//[^ \n]+", "sha256//PIN");
    settings.add_filter(r"/[^ ]*server-ca\.pem", "server-ca.pem");
    settings.add_filter(r"\n  store       the system's[^\n]*", "");
    settings.bind(|| insta::assert_snapshot!(name, page));
    for line in page.lines() {
        assert!(line.chars().count() <= 80 || line.contains('/'), "{line}");
    }
}

#[test]
fn the_pages_are_as_they_should_be() {
    let pki = Pki::new();
    let (ca, anchor) = (pki.path("client-ca.pem"), pki.path("server-ca.pem"));
    let server = pki.listen(&["--client-auth", "require", "--client-ca", &ca]);
    let address = server.address().to_string();
    snapshot(
        "required",
        &inspect(&[&address, "--cacert", &anchor]).stdout,
    );
    snapshot("untrusted", &inspect(&[&address]).stdout);
    snapshot("untrusted_in_full", &inspect(&[&address, "-v"]).stdout);
    snapshot("unreachable", &inspect(&["127.0.0.1:1"]).stdout);
    snapshot(
        "several",
        &inspect(&[&address, "127.0.0.1:1", "--cacert", &anchor]).stdout,
    );
    snapshot(
        "file",
        &inspect(&[&pki.path("server/fullchain.pem"), "--cacert", &anchor])
            .stdout
            .replace(&pki.path(""), ""),
    );
}
