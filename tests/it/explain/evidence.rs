//! Evidence narrows: files, a recorded case, a call.

use serde_json::Value;

use crate::support::{Listen, mtls, run};

const QUESTION: &str =
    "tls: failed to verify client's certificate: x509: certificate signed by unknown authority";

fn pki() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let finished = run(mtls().current_dir(folder.path()).args(["pki", "pki"]), 60);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    folder
}

fn asked(folder: &std::path::Path, words: &[&str]) -> Value {
    let finished = run(
        mtls()
            .current_dir(folder)
            .arg("explain")
            .arg(QUESTION)
            .args(words)
            .args(["--format", "json"]),
        60,
    );
    serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {} {}", finished.stdout, finished.stderr))
}

fn first(document: &Value) -> (&str, &str) {
    let cause = &document["matches"][0]["causes"][0];
    (
        cause["fault"].as_str().unwrap(),
        cause["likelihood"].as_str().unwrap(),
    )
}

#[test]
fn files_of_the_client_prove_the_cause() {
    let folder = pki();
    for fault in ["client-missing-intermediate", "client-self-signed"] {
        let file = format!("pki/clients/{fault}/fullchain.pem");
        let document = asked(
            folder.path(),
            &[
                "--cert",
                &file,
                "--client-ca",
                "pki/client-ca.pem",
                "--role",
                "client",
            ],
        );
        assert_eq!(
            first(&document),
            (fault, "certain"),
            "{}",
            document["matches"][0]["causes"]
        );
        assert_eq!(document["root_cause"]["fault"], fault);
        assert!(
            document["root_cause"]["why"]
                .as_str()
                .unwrap()
                .contains("found it in")
        );
        assert_eq!(document["evidence"].as_array().unwrap().len(), 1);
    }
}

/// A client whose files are in order strikes what they would show.
#[test]
fn files_in_order_strike_causes() {
    let folder = pki();
    let document = asked(
        folder.path(),
        &[
            "--cert",
            "pki/clients/valid/fullchain.pem",
            "--client-ca",
            "pki/client-ca.pem",
            "--role",
            "client",
        ],
    );
    let struck: Vec<&str> = document["matches"][0]["struck"]
        .as_array()
        .unwrap()
        .iter()
        .map(|struck| struck["fault"].as_str().unwrap())
        .collect();
    assert!(
        struck.contains(&"client-self-signed") && struck.contains(&"client-missing-intermediate"),
        "{struck:?}"
    );
    let left = document["matches"][0]["causes"].as_array().unwrap();
    assert!(
        left.iter()
            .all(|cause| !struck.contains(&cause["fault"].as_str().unwrap()))
    );
}

#[test]
fn a_recorded_case_proves_the_cause() {
    let folder = pki();
    let finished = run(
        mtls().current_dir(folder.path()).args([
            "lint",
            "--role",
            "client",
            "--cert",
            "pki/clients/client-expired/fullchain.pem",
            "--cacert",
            "pki/client-ca.pem",
            "--format",
            "json",
        ]),
        60,
    );
    std::fs::write(folder.path().join("case.json"), &finished.stdout).unwrap();
    let finished = run(
        mtls().current_dir(folder.path()).args([
            "explain",
            "tlsv1 alert certificate expired",
            "--with",
            "case.json",
            "--format",
            "json",
        ]),
        60,
    );
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    // An expired intermediate makes the same rule fire: it supports, and does not prove.
    assert_eq!(first(&document), ("client-expired", "likely"));
    for (text, says) in [("{}", "no `findings`"), ("not json", "not JSON")] {
        std::fs::write(folder.path().join("bad.json"), text).unwrap();
        let finished = run(
            mtls()
                .current_dir(folder.path())
                .args(["explain", "48", "--with", "bad.json"]),
            60,
        );
        assert_eq!(finished.code, Some(2));
        assert!(
            finished.stderr.contains(says) && finished.stderr.contains("bad.json"),
            "{}",
            finished.stderr
        );
    }
    let finished = run(
        mtls().args(["explain", "48", "--with", "/nowhere/case.json"]),
        60,
    );
    assert_eq!(finished.code, Some(2));
}

/// The webhook's throwaway certificate is trusted nowhere and otherwise in order: that is what a
/// call shows.
#[test]
fn a_call_is_evidence() {
    let listen = Listen::start(["--client-auth", "require", "--enforce"]);
    let host = format!("localhost:{}", listen.address().port());
    let text = "curl: (60) SSL certificate problem";
    let finished = run(
        mtls().args(["explain", text, "--host", &host, "--format", "json"]),
        60,
    );
    let document: Value = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|_| panic!("{} {}", finished.stdout, finished.stderr));
    assert_eq!(document["evidence"][0], host);
    let found = document["matches"]
        .as_array()
        .unwrap()
        .iter()
        .find(|found| found["id"] == "curl: SSL certificate problem")
        .unwrap();
    let struck: Vec<&str> = found["struck"]
        .as_array()
        .unwrap()
        .iter()
        .map(|struck| struck["fault"].as_str().unwrap())
        .collect();
    assert!(
        struck.contains(&"server-expired") && struck.contains(&"server-hostname-mismatch"),
        "{struck:?}"
    );
    assert!(
        struck.iter().all(|fault| !fault.starts_with("client-")),
        "{struck:?}"
    );
    let leading: Vec<&str> = found["causes"]
        .as_array()
        .unwrap()
        .iter()
        .take(2)
        .map(|cause| cause["fault"].as_str().unwrap())
        .collect();
    assert!(leading.contains(&"server-unknown-ca"), "{leading:?}");
}

/// When evidence strikes every cause there is no root left to name.
#[test]
fn a_root_that_is_struck_is_not_named() {
    let folder = pki();
    let finished = run(
        mtls().current_dir(folder.path()).args([
            "explain",
            "tlsv1 alert certificate revoked",
            "--format",
            "json",
            "--cert",
            "pki/clients/valid/fullchain.pem",
            "--client-ca",
            "pki/client-ca.pem",
            "--role",
            "client",
        ]),
        60,
    );
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    let struck: Vec<&Value> = document["matches"][0]["struck"]
        .as_array()
        .unwrap()
        .iter()
        .map(|struck| &struck["fault"])
        .collect();
    assert!(
        !struck.contains(&&document["root_cause"]["fault"]),
        "{struck:?}"
    );
}

/// A server's certificate in order says nothing about the client's.
#[test]
fn what_was_not_looked_at_is_not_struck() {
    let folder = pki();
    let document = asked(
        folder.path(),
        &[
            "--cert",
            "pki/server/fullchain.pem",
            "--key",
            "pki/server/key.pem",
            "--role",
            "server",
        ],
    );
    let struck = document["matches"][0]["struck"].as_array().unwrap();
    assert!(
        struck
            .iter()
            .all(|struck| !struck["fault"].as_str().unwrap().starts_with("client-")),
        "{struck:?}"
    );
    assert_eq!(
        document["matches"][0]["causes"][0]["fault"],
        "client-unknown-ca"
    );
}
