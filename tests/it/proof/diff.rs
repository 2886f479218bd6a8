//! `mtls diff`: who loses access, in every form of input.

use std::fs;

use serde_json::Value;

use crate::support::{Finished, Pki, mtls, run};
use mtls::{parse::pem, profiles};

fn diff(pki: &Pki, arguments: &[&str]) -> Finished {
    let mut command = mtls();
    command
        .current_dir(pki.root())
        .args(["diff", "--no-config"]);
    run(command.args(arguments), 60)
}

fn root(identity: usize) -> String {
    let roots = &profiles::find("dialogflow").unwrap().identity[identity].roots;
    let roots = roots
        .iter()
        .map(|root| pem::encode("CERTIFICATE", &root.der));
    roots.collect()
}

#[test]
fn whoever_loses_access_is_named_and_fails_the_run() {
    let pki = Pki::new();
    let own = fs::read_to_string(pki.path("client-ca.pem")).unwrap();
    pki.write("old.pem", format!("{own}{}", root(0)));
    pki.write("new.pem", &own);
    let valid = pki.client("valid", "fullchain.pem");
    let day = ["--at-time", "2026-12-02"];
    let lost = diff(
        &pki,
        &[
            "old.pem",
            "new.pem",
            "--would-accept",
            &valid,
            day[0],
            day[1],
        ],
    );
    assert_eq!(lost.code, Some(1), "{}", lost.said());
    assert!(lost.stdout.starts_with("FAIL"), "{}", lost.stdout);
    assert!(lost.stdout.contains("Dialogflow"), "{}", lost.stdout);
    let kept = diff(
        &pki,
        &[
            "new.pem",
            "old.pem",
            "--would-accept",
            &valid,
            day[0],
            day[1],
        ],
    );
    assert_eq!(kept.code, Some(0), "{}", kept.said());
    assert!(kept.stdout.contains("gains"), "{}", kept.stdout);
    pki.write("none.pem", root(0));
    let client = diff(&pki, &["old.pem", "none.pem", "--would-accept", &valid]);
    assert_eq!(client.code, Some(1), "{}", client.said());
    let json = diff(
        &pki,
        &[
            "old.pem",
            "none.pem",
            "--would-accept",
            &valid,
            "--format",
            "json",
        ],
    );
    let report: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(report["verdict"], "fail");
    let access = report["access"].as_array().unwrap();
    assert!(access.iter().any(|one| {
        one["effect"] == "loses" && one["who"].as_str().unwrap().contains("fullchain.pem")
    }));
    let page = diff(
        &pki,
        &[
            "old.pem",
            "none.pem",
            "--would-accept",
            &valid,
            "--format",
            "markdown",
        ],
    );
    assert!(page.stdout.contains("| loses |"), "{}", page.stdout);
}

#[test]
fn nothing_changed_is_nobody_lost() {
    let pki = Pki::new();
    for one in ["client-ca.pem", "server/fullchain.pem"] {
        let same = diff(&pki, &[one, one]);
        assert_eq!(same.code, Some(0), "{one}: {}", same.said());
        assert!(
            same.stdout.contains("nothing changed"),
            "{one}: {}",
            same.stdout
        );
    }
}

#[test]
fn a_chain_of_another_root_or_name_loses_its_callers() {
    let pki = Pki::new();
    let other = Pki::new();
    let new = other.authority.server(&["other.example"]).unwrap();
    pki.write_identity("new", &new);
    let lost = diff(&pki, &["server/fullchain.pem", "new/fullchain.pem"]);
    assert_eq!(lost.code, Some(1), "{}", lost.said());
    assert!(
        lost.stdout.contains("callers of localhost"),
        "{}",
        lost.stdout
    );
    let renewed = pki
        .authority
        .server(&["localhost", "127.0.0.1", "more.example"])
        .unwrap();
    pki.write_identity("renewed", &renewed);
    let kept = diff(&pki, &["server/fullchain.pem", "renewed/fullchain.pem"]);
    assert_eq!(kept.code, Some(0), "{}", kept.said());
}

#[test]
fn configurations_reports_and_endpoints_are_compared() {
    let pki = Pki::new();
    let server = "server { listen 443 ssl; server_name a.example; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate server/fullchain.pem; ssl_certificate_key server/key.pem; ssl_verify_client MODE; ssl_verify_depth 3; ssl_client_certificate client-ca.pem; }\n";
    pki.write("old.conf", server.replace("MODE", "optional"));
    pki.write("new.conf", server.replace("MODE", "on"));
    let stricter = diff(&pki, &["old.conf", "new.conf"]);
    assert_eq!(stricter.code, Some(1), "{}", stricter.said());
    assert!(
        stricter.stdout.contains("a client without a certificate"),
        "{}",
        stricter.stdout
    );
    let report = |file: &str, out: &str| {
        let valid = pki.client("valid", "fullchain.pem");
        let mut command = mtls();
        command
            .current_dir(pki.root())
            .args(["lint", "--no-config", "--client-ca", file]);
        command.args(["--would-accept", &valid, "--format", "json"]);
        pki.write(out, run(&mut command, 60).stdout);
    };
    report("client-ca.pem", "old.json");
    report("server-ca.pem", "new.json");
    let reports = diff(&pki, &["old.json", "new.json"]);
    assert_eq!(reports.code, Some(1), "{}", reports.said());
    assert!(reports.stdout.contains("loses"), "{}", reports.stdout);
    let listening = pki.listen(&[]);
    let at = format!("localhost:{}", listening.port());
    let live = diff(
        &pki,
        &["server/fullchain.pem", &at, "--cacert", "server-ca.pem"],
    );
    assert!(live.stdout.contains("keeps"), "{}", live.said());
    let nothing = diff(&pki, &["client-ca.pem", "nosuch.pem"]);
    assert_eq!(nothing.code, Some(2), "{}", nothing.said());
}

#[test]
fn clients_of_a_removed_ca_are_not_known_to_be_kept() {
    let pki = Pki::new();
    let own = fs::read_to_string(pki.path("client-ca.pem")).unwrap();
    let other = fs::read_to_string(pki.path("server-ca.pem")).unwrap();
    pki.write("old.pem", format!("{own}{}", root(0)));
    pki.write("new.pem", format!("{other}{}", root(0)));
    let changed = diff(&pki, &["old.pem", "new.pem"]);
    assert_eq!(changed.code, Some(1), "{}", changed.said());
    assert!(changed.stdout.starts_with("UNKNOWN"), "{}", changed.stdout);
    assert!(
        changed.stdout.contains("--would-accept"),
        "{}",
        changed.stdout
    );
    // Of the roots of known senders the outlook says more.
    assert!(
        !changed.stdout.contains("below C = US"),
        "{}",
        changed.stdout
    );
    // Whoever is named is the question.
    let valid = pki.client("valid", "fullchain.pem");
    pki.write("more.pem", format!("{own}{other}"));
    let asked = diff(
        &pki,
        &["more.pem", "client-ca.pem", "--would-accept", &valid],
    );
    assert_eq!(asked.code, Some(0), "{}", asked.said());
}

#[test]
fn an_expired_chain_loses_its_callers() {
    let pki = Pki::new();
    run(mtls().current_dir(pki.root()).args(["pki", "all"]), 60).ok();
    let old = pki.path("all/server/fullchain.pem");
    let new = pki.path("all/servers/server-expired/fullchain.pem");
    let lost = diff(&pki, &[&old, &new]);
    assert_eq!(lost.code, Some(1), "{}", lost.said());
    assert!(
        lost.stdout.contains("the leaf expired on"),
        "{}",
        lost.stdout
    );
    let same = diff(&pki, &[&new, &new]);
    assert!(!same.stdout.contains("keeps"), "{}", same.stdout);
}

#[test]
fn two_kinds_of_file_are_not_compared() {
    let pki = Pki::new();
    let (chain, authorities) = ("server/fullchain.pem", "client-ca.pem");
    let mixed = diff(&pki, &[chain, authorities]);
    assert_eq!(mixed.code, Some(2), "{}", mixed.said());
    let said = "server chain, but client-ca.pem: client CA; compare two of one kind";
    assert!(mixed.stderr.contains(said), "{}", mixed.said());
    // Near miss: one kind on both sides.
    for file in [chain, authorities] {
        let same = diff(&pki, &[file, file]);
        assert_ne!(same.code, Some(2), "{}", same.said());
    }
}
