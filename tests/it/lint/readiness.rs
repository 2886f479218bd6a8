//! "Will it still work?": client-CA files of every kind, on days before and after the sender's
//! change, as the command answers.

use mtls::{
    facts::Certificate,
    parse::{cert, pem},
    profiles::{self, Identity},
};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    PublicKeyData, SignatureAlgorithm,
};
use serde_json::Value;

use crate::support::{Pki, mtls, run};

const DAYS: [&str; 3] = ["2026-11-25", "2026-12-02", "2027-06-01"];

fn identity(index: usize) -> &'static Identity {
    &profiles::find("dialogflow").unwrap().identity[index]
}

fn roots(index: usize) -> String {
    let roots = &identity(index).roots;
    roots
        .iter()
        .map(|root| pem::encode("CERTIFICATE", &root.der))
        .collect()
}

fn named(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2035, 1, 1);
    params
}

/// The RSA key of somebody's root.
struct OfRoot(Vec<u8>);

impl OfRoot {
    fn new(certificate: &Certificate) -> Self {
        let (_, parsed) = x509_parser::parse_x509_certificate(&certificate.der).unwrap();
        Self(parsed.public_key().subject_public_key.data.to_vec())
    }
}

impl PublicKeyData for OfRoot {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

/// A certificate for `subject` with this key, issued by an authority of our own, until this day.
fn issued(common_name: &str, spki_of: Option<&Certificate>, ends: (i32, u8, u8)) -> String {
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::new(named("Another Root"), KeyPair::generate().unwrap());
    let mut params = named(common_name);
    params.not_after = rcgen::date_time_ymd(ends.0, ends.1, ends.2);
    let made = match spki_of {
        Some(certificate) => params
            .signed_by(&OfRoot::new(certificate), &issuer)
            .unwrap(),
        None => params.signed_by(&key, &issuer).unwrap(),
    };
    pem::encode("CERTIFICATE", made.der())
}

/// What `lint` says of this client-CA file on this day.
fn lint(file: &str, day: &str, named: bool) -> (i32, Value) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clients.pem");
    std::fs::write(&path, file).unwrap();
    let mut command = mtls();
    command
        .arg("lint")
        .arg("--client-ca")
        .arg(&path)
        .args(["--at-time", day, "--format", "json"]);
    if named {
        command.args(["--profile", "dialogflow"]);
    }
    let finished = run(&mut command, 60);
    let document = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.stderr));
    (finished.code.unwrap(), document)
}

/// The verdict on each of the days, the sender named or not.
#[track_caller]
fn holds(file: &str, wanted: [&str; 3], says: &str) {
    let until = identity(1).until.unwrap().to_string();
    for (day, wanted) in DAYS.into_iter().zip(wanted) {
        let (code, document) = lint(file, day, true);
        let readiness = &document["readiness"][0];
        let sentence = readiness["sentence"].as_str().unwrap();
        assert_eq!(readiness["outlook"], wanted, "{day}: {readiness:#}");
        assert_eq!(code, i32::from(wanted != "ready"), "{day}: {readiness:#}");
        assert!(sentence.contains(&until), "{day}: {sentence}");
        assert!(
            sentence.contains(says),
            "{day}: wanted `{says}`: {sentence}"
        );
        assert_eq!(readiness["works_today"], wanted != "broken", "{day}");
        let breaks_on = if wanted == "breaks" {
            Value::from(until.clone())
        } else {
            Value::Null
        };
        assert_eq!(readiness["breaks_on"], breaks_on, "{day}");
        if wanted != "ready" {
            let findings = document["findings"].as_array().unwrap();
            let finding = findings
                .iter()
                .find(|finding| finding["code"] == "MT417")
                .unwrap();
            let root = &identity(0).roots[0];
            assert_eq!(readiness["add"][0]["sha256"], root.sha256, "{day}");
            assert!(
                finding["remedy"]["commands"][0]["line"]
                    .as_str()
                    .unwrap()
                    .contains(&format!("profiles pem {}", root.id))
            );
            assert!(finding["place"]["first_line"].is_number(), "{finding:#}");
        }
        // Nobody has to name the sender when one of its certificates' roots is there.
        let (_, document) = lint(file, day, false);
        if let Some(unasked) = document["readiness"].get(0) {
            assert_eq!(unasked["outlook"], wanted, "{day}, unasked");
        }
    }
}

#[test]
fn the_legacy_roots_alone_break() {
    holds(
        &roots(1),
        ["breaks", "broken", "broken"],
        "does not accept the current certificate",
    );
}

#[test]
fn the_current_root_alone_and_both_are_ready() {
    holds(&roots(0), ["ready"; 3], "accepts the current certificate");
    holds(
        &(roots(0) + &roots(1)),
        ["ready"; 3],
        "accepts the current certificate",
    );
}

#[test]
fn neither_never_works() {
    holds(
        &issued("Our Own", None, (2035, 1, 1)),
        ["broken"; 3],
        "its root is not in the file",
    );
}

#[test]
fn another_root_of_the_same_organization_does_not_do() {
    let mut params = named("SSL.com Root Certification Authority ECC");
    params
        .distinguished_name
        .push(DnType::OrganizationName, "SSL Corporation");
    let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    let file = pem::encode("CERTIFICATE", made.der());
    holds(
        &file,
        ["broken"; 3],
        "Authority ECC is another root of the same organization",
    );
    // The real one, where the system has it.
    let real = "/usr/share/ca-certificates/mozilla/SSL.com_Root_Certification_Authority_ECC.crt";
    if let Ok(file) = std::fs::read_to_string(real) {
        holds(
            &file,
            ["broken"; 3],
            "Authority ECC is another root of the same organization",
        );
    }
}

#[test]
fn the_intermediate_does_not_do_in_the_roots_place() {
    let file = issued(&identity(0).intermediates[0], None, (2035, 1, 1));
    holds(
        &file,
        ["broken"; 3],
        "its intermediate is in the file, but OpenSSL",
    );
}

#[test]
fn a_cross_signed_copy_of_the_root_ends_with_its_own_day() {
    let root = cert::certificate(&identity(0).roots[0].der);
    let copy = issued("A cross-signed copy", Some(&root), (2026, 11, 20));
    holds(&copy, ["broken"; 3], "expired on 2026-11-20");
    holds(
        &(copy + &roots(1)),
        ["breaks", "broken", "broken"],
        "expired on 2026-11-20",
    );
    // The root itself beside it mends it.
    let copy = issued("A cross-signed copy", Some(&root), (2026, 11, 20));
    let (_, document) = lint(&(copy + &roots(0)), DAYS[1], true);
    assert_eq!(document["readiness"][0]["outlook"], "ready");
}

#[test]
fn the_other_profile_says_what_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clients.pem");
    std::fs::write(&path, roots(1)).unwrap();
    let finished = run(
        mtls().arg("lint").arg("--client-ca").arg(&path).args([
            "--profile",
            "dialogflow-cx",
            "--at-time",
            DAYS[1],
            "--format",
            "json",
        ]),
        60,
    );
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    let readiness = &document["readiness"][0];
    assert_eq!(readiness["outlook"], "uncertain", "{readiness:#}");
    assert_eq!(readiness["works_today"], Value::Null);
    assert_eq!(document["findings"][0]["certainty"], "likely");
}

/// A root that mtls does not ship, and one of several of which it is not known which: the answer is
/// open, and there is one line to run next, with the name of the file.
#[test]
fn an_open_answer_says_what_to_run_next() {
    let pki = Pki::new();
    for profile in mtls::profiles::all() {
        let seen = run(
            mtls()
                .current_dir(pki.root())
                .args(["lint", "--no-config", "--client-ca", "client-ca.pem"])
                .args(["--profile", &profile.name]),
            60,
        );
        if !seen.stdout.starts_with("UNKNOWN") || profile.identity.is_empty() {
            continue;
        }
        let commands: Vec<&str> = seen
            .stdout
            .lines()
            .filter(|line| line.trim_start().starts_with("$ mtls"))
            .collect();
        assert_eq!(commands.len(), 1, "{}", seen.said());
        let wanted = format!(
            "$ mtls lint --client-ca client-ca.pem --profile {0}={0}.pem",
            profile.name
        );
        assert_eq!(commands[0].trim(), wanted, "{}", seen.said());
    }
    let slack: String = mtls::profiles::find("slack")
        .unwrap()
        .anchors()
        .iter()
        .map(|root| mtls::parse::pem::encode("CERTIFICATE", &root.der))
        .collect();
    let lacks = run(
        mtls()
            .current_dir(pki.root())
            .args(["lint", "--no-config", "--client-ca", "client-ca.pem"])
            .args(["--profile", "slack"]),
        60,
    );
    assert!(
        lacks
            .stdout
            .contains("$ mtls profiles pem slack >> client-ca.pem"),
        "{}",
        lacks.said()
    );
    // What that command adds is what was missing.
    let own = std::fs::read_to_string(pki.path("client-ca.pem")).unwrap();
    pki.write("client-ca.pem", format!("{own}{slack}"));
    let fixed = run(
        mtls()
            .current_dir(pki.root())
            .args(["lint", "--no-config", "--client-ca", "client-ca.pem"])
            .args(["--profile", "slack"]),
        60,
    );
    assert!(fixed.stdout.contains("READY - "), "{}", fixed.said());
}
