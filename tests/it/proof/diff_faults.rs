//! `mtls diff`: what the new state gets wrong, what it asks, and what one of the two does not show.

use serde_json::Value;

use crate::support::{Finished, Folder, Forge, P256, Pki, mtls, peer, run};

fn diff(folder: &Folder, arguments: &[&str]) -> Finished {
    let mut command = mtls();
    command
        .current_dir(folder.root())
        .args(["diff", "--no-config"]);
    run(command.args(arguments), 60)
}

/// The first word, the exit code and the text.
#[track_caller]
fn held(folder: &Folder, arguments: &[&str], wanted: &str) -> String {
    let seen = diff(folder, arguments);
    let code = i32::from(wanted != "PASS");
    assert_eq!(seen.code, Some(code), "{arguments:?}: {}", seen.said());
    assert!(
        seen.stdout.starts_with(wanted),
        "{arguments:?}: {}",
        seen.stdout
    );
    seen.stdout
}

const SERVER: &str = "server { listen 443 ssl; server_name a.example; ssl_certificate server/fullchain.pem; ssl_certificate_key server/key.pem; ssl_verify_client on; ssl_client_certificate client-ca.pem; }\n";

/// A PKI with the configuration `old.conf`.
fn site() -> Pki {
    let pki = Pki::new();
    pki.write("old.conf", SERVER);
    pki
}

/// Writes `new.conf`, the old one with `from` replaced.
fn changed(pki: &Pki, from: &str, to: &str) {
    assert!(SERVER.contains(from), "{from}");
    pki.write("new.conf", SERVER.replace(from, to));
}

#[test]
fn a_file_that_nobody_reads_loses_everyone() {
    let pki = Pki::new();
    let chain = pki.read("server/fullchain.pem");
    let lines: Vec<&str> = chain.lines().collect();
    let broken = [
        ("indented.pem", chain.replace('-', " -")),
        ("glued.pem", lines.concat()),
        ("escaped.pem", lines.join("\\n")),
        ("empty.pem", String::new()),
    ];
    for (name, text) in broken {
        pki.write(name, text);
        let said = held(&pki, &["server/fullchain.pem", name], "FAIL");
        assert!(
            said.contains("loses    everyone who was accepted"),
            "{said}"
        );
        assert!(!said.contains("  keeps"), "{said}");
    }
    // One that Go alone reads.
    let header = chain.replacen("CERTIFICATE-----\n", "CERTIFICATE-----\nname: value\n", 1);
    pki.write("header.pem", header);
    held(&pki, &["server/fullchain.pem", "header.pem"], "UNKNOWN");
    // Nobody was accepted, so that nobody loses anything.
    held(&pki, &["glued.pem", "glued.pem"], "PASS");
    let mended = held(&pki, &["glued.pem", "server/fullchain.pem"], "PASS");
    assert!(mended.contains("gains"), "{mended}");
    // Near miss: every reader reads it.
    pki.write("returns.pem", chain.replace('\n', "\r\n"));
    held(&pki, &["server/fullchain.pem", "returns.pem"], "PASS");
}

#[test]
fn a_file_that_some_read_is_not_known_to_be_read() {
    let pki = Pki::new();
    let authorities = pki.read("client-ca.pem");
    pki.write("mark.pem", format!("\u{feff}{authorities}"));
    let der = mtls::parse::pem::scan(authorities.as_bytes())[0]
        .der
        .clone()
        .unwrap();
    pki.write("ca.der", der);
    for name in ["mark.pem", "ca.der"] {
        let said = held(&pki, &["client-ca.pem", name], "UNKNOWN");
        assert!(
            said.contains("may lose everyone who was accepted"),
            "{said}"
        );
        held(&pki, &[name, name], "PASS");
    }
}

#[test]
fn a_server_that_does_not_start_accepts_nobody() {
    let pki = site();
    let chain = pki.read("client-ca.pem");
    pki.write("indented.pem", chain.replace("-----BEGIN", " -----BEGIN"));
    let mut lines: Vec<&str> = chain.lines().collect();
    lines.insert(3, "");
    pki.write("blank.pem", lines.join("\n"));
    let der = mtls::parse::pem::scan(chain.as_bytes())[0]
        .der
        .clone()
        .unwrap();
    pki.write("ca.der", der);
    for (from, to) in [
        ("server/key.pem", "nosuch.pem"),
        ("server/key.pem", "clients/valid/key.pem"),
        ("client-ca.pem", "nosuch.pem"),
        ("client-ca.pem", "indented.pem"),
        ("client-ca.pem", "blank.pem"),
        ("client-ca.pem", "ca.der"),
    ] {
        changed(&pki, from, to);
        let said = held(&pki, &["old.conf", "new.conf"], "FAIL");
        assert!(
            said.contains("loses    everyone who was accepted"),
            "{said}"
        );
        held(&pki, &["new.conf", "new.conf"], "PASS");
        // The one that was named is rejected with the others.
        let valid = pki.client("valid", "fullchain.pem");
        let named = ["old.conf", "new.conf", "--would-accept", &valid];
        held(&pki, &named, "FAIL");
    }
    changed(&pki, "443", "8443");
    held(&pki, &["old.conf", "new.conf"], "PASS");
}

#[test]
fn a_stale_revocation_list_rejects_every_client() {
    let pki = site();
    pki.write("good.crl", pki.authority.crl_pem().unwrap());
    pki.write("stale.crl", pki.authority.stale_crl_pem().unwrap());
    let with = |list: &str| SERVER.replace("ssl_verify", &format!("ssl_crl {list}; ssl_verify"));
    pki.write("good.conf", with("good.crl"));
    pki.write("stale.conf", with("stale.crl"));
    for old in ["old.conf", "good.conf"] {
        let said = held(&pki, &[old, "stale.conf"], "FAIL");
        assert!(said.contains("error MT452"), "{said}");
        assert!(
            said.contains("loses    clients with a certificate below"),
            "{said}"
        );
    }
    // Whoever is on a list that was not there may be rejected.
    let said = held(&pki, &["old.conf", "good.conf"], "UNKNOWN");
    assert!(said.contains("clients on the revocation list"), "{said}");
    held(&pki, &["good.conf", "good.conf"], "PASS");
}

#[test]
fn what_a_server_asks_more_may_lose_and_what_it_asks_less_may_gain() {
    let pki = site();
    for (to, who) in [
        (
            "ssl_verify_depth 0; ssl_verify_client on",
            "clients with more than 0 intermediates",
        ),
        (
            "ssl_protocols TLSv1.3; ssl_verify_client on",
            "clients that support only TLSv1.2",
        ),
        (
            "if ($ssl_client_s_dn != \"CN=x\") { return 403; } ssl_verify_client on",
            "clients that do not fulfil",
        ),
    ] {
        changed(&pki, "ssl_verify_client on", to);
        let more = held(&pki, &["old.conf", "new.conf"], "UNKNOWN");
        assert!(more.contains(&format!("may lose {who}")), "{more}");
        let less = held(&pki, &["new.conf", "old.conf"], "PASS");
        assert!(less.contains(&format!("may gain {who}")), "{less}");
    }
    changed(&pki, "ssl_verify_client on", "ssl_verify_client off");
    let open = held(&pki, &["old.conf", "new.conf"], "PASS");
    assert!(
        open.contains("gains    a client without a certificate"),
        "{open}"
    );
    changed(&pki, "a.example", "b.example");
    let renamed = held(&pki, &["old.conf", "new.conf"], "UNKNOWN");
    assert!(renamed.contains("callers of server a.example"), "{renamed}");
    // Near miss: the versions that are usual, said.
    changed(
        &pki,
        "ssl_verify_client on",
        "ssl_protocols TLSv1.2 TLSv1.3; ssl_verify_client on",
    );
    held(&pki, &["old.conf", "new.conf"], "PASS");
}

#[test]
fn what_a_state_does_not_show_is_not_known() {
    let pki = site();
    let own = pki.read("client-ca.pem");
    let other = pki.read("server-ca.pem");
    pki.write("two.pem", own.clone() + &other);
    pki.write("other.pem", &other);
    let report = |file: &str, out: &str| {
        let mut command = mtls();
        command.current_dir(pki.root());
        command.args([
            "lint",
            "--no-config",
            "--format",
            "json",
            "--client-ca",
            file,
        ]);
        pki.write(out, run(&mut command, 60).stdout);
    };
    report("two.pem", "two.json");
    report("client-ca.pem", "own.json");
    let fewer = held(&pki, &["two.json", "own.json"], "UNKNOWN");
    assert!(
        fewer.contains("may lose clients with a certificate below"),
        "{fewer}"
    );
    held(&pki, &["own.json", "two.json"], "PASS");
    held(&pki, &["own.json", "client-ca.pem"], "PASS");
    held(&pki, &["client-ca.pem", "own.json"], "PASS");
    // The same where nobody said what the CAs are for.
    let mut command = mtls();
    command.current_dir(pki.root());
    command.args(["lint", "--no-config", "--format", "json", "two.pem"]);
    pki.write("plain.json", run(&mut command, 60).stdout);
    held(&pki, &["plain.json", "client-ca.pem"], "UNKNOWN");
    held(&pki, &["plain.json", "two.pem"], "PASS");
    // A client that was named, and of whom the report does not say anything.
    let valid = pki.client("valid", "fullchain.pem");
    for new in ["other.pem", "own.json"] {
        let asked = held(
            &pki,
            &["own.json", new, "--would-accept", &valid],
            "UNKNOWN",
        );
        assert!(asked.contains("fullchain.pem (CN ="), "{asked}");
    }
    let chain = "server/fullchain.pem";
    held(&pki, &[chain, chain, "--would-accept", &valid], "UNKNOWN");
    held(&pki, &[chain, chain, "--profile", "dialogflow"], "UNKNOWN");
    // Of a configuration, a chain alone shows half.
    let half = held(&pki, &["old.conf", chain], "UNKNOWN");
    assert!(half.contains("does not show which CAs"), "{half}");
    // A report of a configuration is that one.
    let mut command = mtls();
    command.current_dir(pki.root());
    command.args(["lint", "--no-config", "--format", "json", "old.conf"]);
    pki.write("conf.json", run(&mut command, 60).stdout);
    held(&pki, &["old.conf", "conf.json"], "PASS");
    changed(&pki, "ssl_verify_client on", "ssl_verify_client optional");
    let stricter = held(&pki, &["new.conf", "conf.json"], "FAIL");
    assert!(
        stricter.contains("a client without a certificate"),
        "{stricter}"
    );
    changed(
        &pki,
        "ssl_verify_client on",
        "ssl_verify_depth 5; ssl_verify_client on",
    );
    held(&pki, &["new.conf", "conf.json"], "UNKNOWN");
}

#[test]
fn a_leaf_of_the_wrong_usage_and_one_that_ends_sooner_are_said_so() {
    if peer("openssl").is_none() {
        return;
    }
    let forge = Forge::new();
    let names = "subjectAltName=DNS:a.example\n";
    forge.make(
        "root",
        "/CN=R",
        "root",
        "basicConstraints=critical,CA:TRUE\n",
        "",
    );
    forge.key("leaf", P256);
    let usage = |usage: &str| format!("{names}extendedKeyUsage={usage}\n");
    forge.make("leaf", "/CN=a.example", "root", &usage("serverAuth"), "");
    forge.make("client", "/CN=a.example", "root", &usage("clientAuth"), "");
    forge.make(
        "short",
        "/CN=a.example",
        "root",
        &usage("serverAuth"),
        "-days 3",
    );
    for more in [&[][..], &["--cacert", "root.crt"]] {
        let mut words = vec!["leaf.crt", "client.crt"];
        words.extend(more);
        let said = held(&forge, &words, "FAIL");
        assert!(said.contains("serverAuth is missing"), "{said}");
        assert!(!said.contains("does not cover the name"), "{said}");
    }
    let sooner = held(&forge, &["leaf.crt", "short.crt"], "FAIL");
    assert!(sooner.contains("accepted for now"), "{sooner}");
    held(&forge, &["short.crt", "leaf.crt"], "PASS");
    held(&forge, &["short.crt", "short.crt"], "PASS");
    // A client's own chain: who trusts its root, and who looks for its name.
    forge.make("renamed", "/CN=b.example", "root", &usage("clientAuth"), "");
    let renamed = held(&forge, &["client.crt", "renamed.crt"], "UNKNOWN");
    assert!(
        renamed.contains("servers that look for CN = a.example"),
        "{renamed}"
    );
    held(&forge, &["client.crt", "client.crt"], "PASS");
}

#[test]
fn what_is_encrypted_is_opened_by_its_password() {
    if peer("openssl").is_none() {
        return;
    }
    let forge = Forge::new();
    let names = "subjectAltName=DNS:a.example\n";
    forge.make(
        "root",
        "/CN=R",
        "root",
        "basicConstraints=critical,CA:TRUE\n",
        "",
    );
    forge.make("leaf", "/CN=a.example", "root", names, "");
    forge.run("pkcs12 -export -inkey leaf.key -in leaf.crt -passout pass:simulated -out leaf.p12");
    let shut = ["leaf.crt", "leaf.p12", "--cacert", "root.crt"];
    let said = held(&forge, &shut, "UNKNOWN");
    assert!(!said.contains("  loses"), "{said}");
    assert!(said.contains("--pass"), "{said}");
    let word = ["--pass", "pass:simulated"];
    let opened = held(
        &forge,
        &["leaf.crt", "leaf.p12", word[0], word[1]],
        "UNKNOWN",
    );
    assert!(opened.contains("keeps    callers of a.example"), "{opened}");
    assert!(opened.contains("PEM -> PKCS #12"), "{opened}");
    held(&forge, &["leaf.p12", "leaf.p12", word[0], word[1]], "PASS");
    let old = diff(&forge, &["leaf.p12", "leaf.crt"]);
    assert_eq!(old.code, Some(2), "{}", old.said());
    // The values are in the report as well.
    let json = diff(&forge, &["leaf.crt", "leaf.p12", "--format", "json"]);
    let report: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(report["verdict"], "unknown");
}

#[test]
fn an_endpoint_shows_its_chain_and_not_its_client_cas() {
    let pki = site();
    let listening = pki.listen(&[]);
    let at = format!("localhost:{}", listening.port());
    for more in [&[][..], &["--cacert", "server-ca.pem"]] {
        let mut words = vec!["server/fullchain.pem", at.as_str()];
        words.extend(more);
        let same = held(&pki, &words, "PASS");
        assert!(same.contains("callers that trust"), "{same}");
        words[0] = "old.conf";
        let half = held(&pki, &words, "UNKNOWN");
        assert!(half.contains("does not show which CAs"), "{half}");
    }
    let other = Pki::new();
    let new = other.authority.server(&["localhost"]).unwrap();
    pki.write_identity("new", &new);
    held(&pki, &["new/fullchain.pem", &at], "FAIL");
    // What chains are judged by is no part of a state, and the same file may be.
    let anchors = ["--cacert", "client-ca.pem"];
    changed(&pki, "client-ca.pem", "server-ca.pem");
    let exchanged = held(
        &pki,
        &["old.conf", "new.conf", anchors[0], anchors[1]],
        "UNKNOWN",
    );
    assert!(exchanged.contains("removed  client CA"), "{exchanged}");
}
