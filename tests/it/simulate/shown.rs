//! What people see: the pages as they are printed, without colour, at 80 columns.

use crate::{
    simulate::run::{Rehearsal, files},
    support::{TIMES, mtls, run},
};

fn snapshot(name: &str, page: &str) {
    let mut settings = insta::Settings::clone_current();
    for (pattern, name) in TIMES {
        settings.add_filter(pattern, *name);
    }
    settings.add_filter(r"\d+(\.\d+)? ms", "N ms");
    settings.add_filter(r"localhost:\d+", "localhost:PORT");
    settings.add_filter(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT");
    settings.add_filter(r"\d{4}-\d\d-\d\d", "DATE");
    settings.add_filter(r"/[^ ]*server-ca\.pem", "server-ca.pem");
    settings.add_filter(r"--pki /[^ ]*", "--pki pki");
    settings.bind(|| insta::assert_snapshot!(name, page));
    // Commands are never wrapped.
    let is_command = |line: &str| line.starts_with("        ") || line.contains("$ mtls ");
    for line in page.lines().filter(|line| !is_command(line)) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn the_pages_are_as_they_should_be() {
    let folder = Rehearsal::new();
    let pki = files();
    let simulate = |listen_flags: &[&str], flags: &[&str]| {
        let (cert, key, ca) = (
            folder.pki("server/fullchain.pem"),
            folder.pki("server/key.pem"),
            folder.pki("client-ca.pem"),
        );
        let mut all = vec!["--cert", &cert, "--key", &key, "--client-ca", &ca];
        all.extend(listen_flags);
        let listen = crate::support::Listen::start(&all);
        let finished = run(
            mtls()
                .args([
                    "simulate",
                    &listen.url("/hook"),
                    "--pki",
                    &folder.path("pki"),
                    "--cacert",
                    &folder.pki("server-ca.pem"),
                ])
                .args(["--color", "never"])
                .args(flags)
                .env("COLUMNS", "80"),
            60,
        );
        finished.stdout
    };
    let strict = ["--client-auth", "require", "--enforce"];
    snapshot("accepted", &simulate(&strict, &["--client", "valid"]));
    snapshot("refused", &simulate(&strict, &["--client", "expired"]));
    snapshot("matrix_strict", &simulate(&strict, &["--matrix"]));
    snapshot("matrix_lax", &simulate(&[], &["--matrix"]));
    snapshot(
        "wrongly_refused",
        &simulate(
            &[&strict[..], &["--client-ca", &pki.path("client-ca.pem")]].concat(),
            &["--client", "valid"],
        ),
    );
    let answer = folder.write(
        "answer.json",
        "{\"fulfillmentText\": [], \"fulfillmentMessages\": [{\"text\": {}, \"card\": {}}]}",
    );
    snapshot(
        "misfit",
        &simulate(&["--respond", &answer], &["--client", "valid"]),
    );
}
