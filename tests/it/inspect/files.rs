//! Files, directories, standard input, secrets and containers: the same view as of an endpoint.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    inspect::run::{document, inspect, target},
    support::{Pki, clean, feed, mtls, peer, run},
};

#[test]
fn a_file_is_shown_like_an_endpoint() {
    let pki = Pki::new();
    let (file, anchor) = (pki.path("server/fullchain.pem"), pki.path("server-ca.pem"));
    let (seen, exit) = target(&[&file, "--cacert", &anchor]);
    assert_eq!(
        seen["server_chain"].as_array().unwrap().len(),
        2,
        "{seen:#}"
    );
    assert_eq!(seen["added"].as_array().unwrap().len(), 1);
    assert_eq!(seen["trust"][0]["status"], "trusted");
    assert_eq!(seen["purposes"][1]["status"], "untrusted");
    assert_eq!((seen["reachable"].is_null(), exit), (true, 0));
    let page = inspect(&[&file, "--cacert", &anchor, "-v"]).ok().stdout;
    for wanted in [
        "pos. depth",
        "(trust anchor,",
        "as a server trusted",
        "as a client not trusted",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    let short = inspect(&[&file, "--short"]).ok().stdout;
    assert_eq!(short.lines().count(), 4, "{short}");
    let with_pem = inspect(&[&file, "--pem"]).ok().stdout;
    let own = std::fs::read_to_string(&file).unwrap();
    for block in own.split_inclusive("-----END CERTIFICATE-----\n") {
        assert!(with_pem.contains(block), "{with_pem}");
    }
    let (seen, _) = target(&[&file, "--pem"]);
    assert_eq!(
        own,
        seen["server_chain"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["pem"].as_str().unwrap())
            .collect::<String>()
    );
    // Another name than the certificate has, and a chain of another authority.
    let (seen, exit) = target(&[&file, "--cacert", &anchor, "--sni", "other.example"]);
    assert_eq!(
        (seen["trust"][0]["status"].as_str(), exit),
        (Some("untrusted"), 1)
    );
}

#[test]
fn a_directory_and_standard_input() {
    let pki = Pki::new();
    let (document, _) = document(&[&pki.path("server")]);
    assert_eq!(
        document["targets"].as_array().unwrap().len(),
        4,
        "{document:#}"
    );
    let chain = std::fs::read(pki.path("server/fullchain.pem")).unwrap();
    let mut command = mtls();
    command.args(["inspect", "-", "--format", "json"]);
    let finished = feed(&mut command, &chain, 60);
    let seen: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(
        seen["targets"][0]["server_chain"].as_array().unwrap().len(),
        2
    );
    let coded = |name: &str| STANDARD.encode(std::fs::read(pki.path(name)).unwrap());
    let secret = serde_json::json!({
        "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
        "data": { "tls.crt": coded("server/fullchain.pem"), "tls.key": coded("server/key.pem"), "ca.crt": coded("client-ca.pem") },
    });
    let finished = feed(&mut command, secret.to_string().as_bytes(), 60);
    let seen: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    let seen = &seen["targets"][0];
    assert_eq!(
        seen["server_chain"].as_array().unwrap().len(),
        2,
        "{seen:#}"
    );
    assert_eq!(seen["anchors"].as_array().unwrap().len(), 1, "{seen:#}");
    assert!(!finished.stdout.contains("PRIVATE KEY"));
}

#[test]
fn what_is_no_file_is_told() {
    for words in [
        &["no/such/file.pem"][..],
        &["./missing"],
        &[],
        &["--resume", "x"],
        &["http://a.example/"],
    ] {
        let finished = inspect(words);
        assert_eq!(finished.code, Some(2), "{words:?} {}", finished.said());
        assert!(finished.stderr.starts_with("mtls: "), "{}", finished.said());
    }
}

#[test]
fn pkcs12_is_opened_with_its_password() {
    let Some(_) = peer("openssl") else {
        return;
    };
    let pki = Pki::new();
    let export = |name: &str, password: &str, words: &[&str]| {
        let mut command = clean("openssl");
        command.args([
            "pkcs12",
            "-export",
            "-in",
            &pki.path("server/fullchain.pem"),
            "-inkey",
            &pki.path("server/key.pem"),
        ]);
        command
            .args([
                "-passout",
                &format!("pass:{password}"),
                "-out",
                &pki.path(name),
            ])
            .args(words);
        run(&mut command, 60).ok();
        pki.path(name)
    };
    // What OpenSSL 3 writes, what older ones wrote, what Java's keytool used to, and one nobody
    // locked.
    for (name, password, words) in [
        ("new.p12", "secret", &[][..]),
        (
            "old.pfx",
            "secret",
            &[
                "-certpbe",
                "PBE-SHA1-3DES",
                "-keypbe",
                "PBE-SHA1-3DES",
                "-macalg",
                "SHA1",
            ],
        ),
        ("open.p12", "", &[]),
    ] {
        let file = export(name, password, words);
        let source = format!("pass:{password}");
        let (seen, exit) = target(&[
            &file,
            "--pass",
            &source,
            "--cacert",
            &pki.path("server-ca.pem"),
        ]);
        assert_eq!(
            seen["server_chain"].as_array().unwrap().len(),
            2,
            "{name} {seen:#}"
        );
        assert_eq!(seen["trust"][0]["status"], "trusted", "{name}");
        assert_eq!(exit, 0, "{name} {seen:#}");
        if password.is_empty() {
            let (seen, _) = target(&[&file]);
            assert_eq!(seen["server_chain"].as_array().unwrap().len(), 2, "{name}");
        } else {
            let shut = inspect(&[&file, "-v"]);
            assert_eq!(shut.code, Some(1), "{}", shut.said());
            assert!(
                shut.stdout.contains("the password is wrong"),
                "{}",
                shut.stdout
            );
        }
    }
    let bad = inspect(&[&pki.path("new.p12"), "--pass", "secret"]);
    assert_eq!(bad.code, Some(2));
    assert!(!bad.stderr.contains("secret"), "{}", bad.stderr);
    let mut command = mtls();
    command.env("P12", "secret").args([
        "inspect",
        &pki.path("new.p12"),
        "--pass",
        "env:P12",
        "--short",
    ]);
    assert_eq!(run(&mut command, 60).ok().stdout.lines().count(), 4);
}

#[test]
fn short_says_why_there_is_no_line() {
    let pki = Pki::new();
    pki.write("words.txt", "hello\n");
    let junk = inspect(&[&pki.path("words.txt"), "--short"]);
    assert_eq!(junk.code, Some(1), "{}", junk.said());
    assert_eq!(junk.stderr.lines().count(), 1, "{}", junk.said());
    let said = "words.txt: expected certificates or a key in PEM";
    assert!(junk.stderr.contains(said), "{}", junk.said());
    // Near miss: a file that has lines of its own needs no other.
    let good = inspect(&[&pki.path("server/fullchain.pem"), "--short"]);
    assert_eq!(good.stderr, "", "{}", good.said());
}
