//! Certificate signing requests: what they ask for is shown, their own signature and key are
//! checked, and nothing is claimed of what a CA makes of them.

use std::fs;

use mtls::parse::pem;
use serde_json::Value;

use crate::support::{Finished, Forge, P256, feed, mtls, peer, run};

pub(super) fn forge() -> Option<Forge> {
    peer("openssl")?;
    let forge = Forge::new();
    forge.key("a", P256);
    forge.key("b", P256);
    request(
        &forge,
        "a",
        "hook.csr",
        "-addext subjectAltName=DNS:hook.example.com,DNS:www.hook.example.com",
    );
    Some(forge)
}

fn request(forge: &Forge, key: &str, out: &str, words: &str) {
    forge.run(&format!(
        "req -new -key {key}.key -subj /CN=hook.example.com -out {out} {words}"
    ));
}

pub(super) fn lint(forge: &Forge, words: &[&str]) -> (Value, Finished) {
    let finished = run(
        mtls()
            .current_dir(forge.root())
            .args(["lint", "--format", "json"])
            .args(words),
        60,
    );
    let report = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.said()));
    (report, finished)
}

fn codes(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap();
    let codes = findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap());
    codes.filter(|code| *code != "MT121").collect()
}

#[test]
fn a_good_request_passes_and_says_what_it_does_not_prove() {
    let Some(forge) = forge() else { return };
    let (report, finished) = lint(
        &forge,
        &["hook.csr", "--key", "a.key", "--host", "hook.example.com"],
    );
    assert_eq!(
        (codes(&report), finished.code),
        (vec![], Some(0)),
        "{}",
        finished.said()
    );
    let item = &report["cases"][0]["files"][0]["items"][0];
    assert_eq!(item["kind"], "certificate-request");
    let asked = &item["request"];
    assert_eq!(asked["subject"], "CN = hook.example.com");
    assert_eq!(asked["sans"][1], "DNS:www.hook.example.com");
    assert_eq!(
        (&asked["signature"], &asked["private_key"]),
        (&"valid".into(), &"matches".into())
    );
    for command in ["lint", "inspect"] {
        let page = run(
            mtls().current_dir(forge.root()).args([command, "hook.csr"]),
            60,
        );
        assert_eq!(page.code, Some(0), "{}", page.said());
        for said in [
            "certificate request for CN = hook.example.com",
            "its own signature is valid",
            "what a CA issues for it is not known",
            "DNS:www.hook.example.com",
            "EC P-256",
        ] {
            assert!(
                page.stdout.contains(said),
                "{command} {said}: {}",
                page.stdout
            );
        }
    }
    let short = run(
        mtls()
            .current_dir(forge.root())
            .args(["inspect", "hook.csr", "--short"]),
        60,
    )
    .ok();
    assert_eq!(short.stdout.lines().count(), 2, "{}", short.stdout);
    // DER, and standard input.
    forge.run("req -in hook.csr -outform DER -out hook.der");
    let (report, _) = lint(&forge, &["hook.der"]);
    assert_eq!(
        report["cases"][0]["files"][0]["items"][0]["request"]["signature"],
        "valid"
    );
    let bytes = fs::read(forge.root().join("hook.csr")).unwrap();
    let piped = feed(mtls().args(["lint", "-"]), &bytes, 60);
    assert_eq!(piped.code, Some(0), "{}", piped.said());
}

#[test]
fn the_wrong_key_a_bad_signature_and_missing_names_are_errors() {
    let Some(forge) = forge() else { return };
    let of = |words: &[&str]| {
        let (report, finished) = lint(&forge, words);
        let codes: Vec<String> = codes(&report).iter().map(ToString::to_string).collect();
        (codes, finished.code)
    };
    let found = |codes: &[&str], exit: i32| {
        (
            codes.iter().map(ToString::to_string).collect::<Vec<_>>(),
            Some(exit),
        )
    };
    assert_eq!(of(&["hook.csr", "--key", "b.key"]), found(&["MT132"], 1));
    assert_eq!(
        of(&["hook.csr", "--host", "other.example.com"]),
        found(&["MT133"], 1)
    );
    request(&forge, "a", "bare.csr", "");
    assert_eq!(of(&["bare.csr"]), found(&["MT133"], 0));
    assert_eq!(of(&["bare.csr", "--role", "client"]), found(&[], 0));
    let mut der = pem::scan(&fs::read(forge.root().join("hook.csr")).unwrap())
        .remove(0)
        .der
        .unwrap();
    *der.last_mut().unwrap() ^= 1;
    forge.write("bad.csr", pem::encode("CERTIFICATE REQUEST", &der));
    assert_eq!(of(&["bad.csr"]), found(&["MT131"], 1));
    // Where a certificate was expected, it is still none.
    assert_eq!(of(&["--cert", "hook.csr"]), found(&["MT106"], 1));
    // Which sender is accepted, a request cannot show.
    let (report, finished) = lint(&forge, &["hook.csr", "--profile", "dialogflow"]);
    assert_eq!(
        (report["verdict"].as_str(), finished.code),
        (Some("unknown"), Some(2)),
        "{report:#}"
    );
    // An encrypted key is not compared, which is no pass.
    forge.run("pkcs8 -topk8 -in a.key -passout pass:simulated -out locked.key");
    assert_eq!(
        of(&[
            "hook.csr",
            "--key",
            "locked.key",
            "--pass",
            "pass:simulated"
        ]),
        found(&["MT118"], 0)
    );
    assert_eq!(
        of(&["hook.csr", "--key", "locked.key"]),
        found(&["MT118"], 1)
    );
}

#[test]
fn what_a_public_ca_does_not_certify_is_said() {
    let Some(forge) = forge() else { return };
    forge.key("weak", "RSA -pkeyopt rsa_keygen_bits:1024");
    forge.key("ed", "ED25519");
    let names = "-addext subjectAltName=DNS:hook.example.com";
    for (key, words, severity, said) in [
        ("weak", names, "warning", "1024 bits"),
        ("ed", names, "note", "Ed25519"),
        (
            "a",
            "-addext subjectAltName=DNS:hook.internal",
            "note",
            "internal",
        ),
        (
            "a",
            &format!("{names} -addext extendedKeyUsage=serverAuth,clientAuth"),
            "note",
            "clientAuth",
        ),
        (
            "a",
            &format!("{names} -addext basicConstraints=critical,CA:TRUE"),
            "warning",
            "CA",
        ),
    ] {
        request(&forge, key, "odd.csr", words);
        let (report, finished) = lint(&forge, &["odd.csr"]);
        assert_eq!(finished.code, Some(0), "{}", finished.said());
        let findings = report["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["code"] == "MT134");
        let finding = finding.unwrap_or_else(|| panic!("{said}: {report:#}"));
        assert_eq!(finding["severity"], severity, "{said} {finding:#}");
        assert!(finding.to_string().contains(said), "{said}: {finding:#}");
    }
}
