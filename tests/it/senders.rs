//! Every sender of the program, from the webhook's side: its client-CA file and its configuration,
//! good and bad, on three days; its facts against the notes that they come from.

use std::fmt::Write as _;

use mtls::{
    parse::pem,
    profiles::{self, Identity, Profile},
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};
use serde_json::Value;

use crate::{
    simulate::run::text,
    support::{Folder, mtls, run},
};

/// A CA that is nobody's, with this common name.
pub(crate) fn stranger(common_name: &str) -> String {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    pem::encode("CERTIFICATE", made.der())
}

fn roots(identity: &Identity) -> String {
    let roots = identity.roots.iter();
    roots
        .map(|root| pem::encode("CERTIFICATE", &root.der))
        .collect()
}

/// The files of one sender's webhook: its roots (made up where they are a download), somebody
/// else's, and what to name it by.
struct Webhook {
    folder: Folder,
    profile: &'static Profile,
    named: String,
}

impl Webhook {
    fn of(profile: &'static Profile) -> Self {
        let folder = Folder::new();
        let mut named = profile.name.clone();
        let mut good: String = profile.identity.iter().map(roots).collect();
        if let Some(anchor) = profile.wanted().first() {
            let name = anchor
                .common_name
                .as_deref()
                .unwrap_or("a root for download");
            let download = folder.write("download.pem", stranger(name));
            good += &std::fs::read_to_string(&download).unwrap();
            write!(named, "={download}").unwrap();
        }
        folder.write("good.pem", &good);
        folder.write("bad.pem", stranger("Somebody Else"));
        Self {
            folder,
            profile,
            named,
        }
    }

    /// The names that the configuration compares; none where one of them is not known.
    fn names(&self) -> Vec<&'static str> {
        let all = self.profile.identity.iter();
        let names: Option<std::collections::BTreeSet<&str>> =
            all.map(|identity| identity.common_name()).collect();
        names.unwrap_or_default().into_iter().collect()
    }

    fn configured(&self, ca: &str) -> Vec<String> {
        let server = self.folder.path("none.pem");
        let ca = self.folder.path(ca);
        let names = self.names();
        let escaped: Vec<String> = names
            .iter()
            .map(|name| name.replace('.', "\\.").replace('*', "\\*"))
            .collect();
        let condition = match escaped.is_empty() {
            true => String::new(),
            false => format!(
                "if ($ssl_client_s_dn !~ \"(^|,)CN=({})(,|$)\") {{ return 403; }}",
                escaped.join("|")
            ),
        };
        let nginx = format!(
            "events {{}}\nhttp {{\n server {{\n  listen 443 ssl;\n  server_name hook.example.com;\n  ssl_certificate {server};\n  ssl_certificate_key {server};\n  ssl_client_certificate {ca};\n  ssl_verify_client on;\n  ssl_verify_depth 3;\n  {condition}\n }}\n}}\n"
        );
        let condition = match names.as_slice() {
            [] => String::new(),
            [name] => format!("Require expr \"%{{SSL_CLIENT_S_DN_CN}} == '{name}'\""),
            names => format!(
                "Require expr \"%{{SSL_CLIENT_S_DN_CN}} in {{ '{}' }}\"",
                names.join("', '")
            ),
        };
        let apache = format!(
            "<VirtualHost *:443>\nServerName hook.example.com\nSSLEngine on\nSSLCertificateFile {server}\nSSLCertificateKeyFile {server}\nSSLCACertificateFile {ca}\nSSLVerifyClient require\nSSLVerifyDepth 4\n<Location />\n{condition}\n</Location>\n</VirtualHost>\n"
        );
        vec![
            self.folder.write("nginx.conf", &nginx),
            self.folder.write("httpd.conf", &apache),
        ]
    }

    /// The outlook on the sender, and its sentence.
    fn outlook(&self, flags: &[&str], day: &str) -> (String, String) {
        let finished = run(
            mtls()
                .arg("lint")
                .args(flags)
                .args(["--profile", &self.named, "--at-time", day])
                .args(["--format", "json"]),
            60,
        );
        let document: Value = serde_json::from_str(&finished.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", finished.said()));
        let readiness = &document["readiness"][0];
        (
            text(&readiness["outlook"]).to_owned(),
            text(&readiness["sentence"]).to_owned(),
        )
    }
}

/// What a file with every root that the sender leads to comes to, on its last day, on the day after,
/// and long after.
const GOOD: &[(&str, [&str; 3], [&str; 3])] = &[
    (
        "dialogflow",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "dialogflow-cx",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "cloudflare-origin-pull",
        ["2029-10-31", "2029-11-01", "2029-11-02"],
        ["ready", "ready", "uncertain"],
    ),
    (
        "meta-webhooks",
        ["2026-04-15", "2026-04-16", "2026-12-02"],
        ["ready", "ready", "ready"],
    ),
    (
        "aws-api-gateway",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "slack",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "kubernetes-admission",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "efi-pix",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "docusign-connect",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "pagerduty",
        ["2026-10-31", "2026-11-30", "2026-12-01"],
        ["ready", "uncertain", "uncertain"],
    ),
    (
        "genesys-cloud",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "tesla-fleet-telemetry",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "worldpay",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "salesforce",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "adobe-sign",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "fireblocks",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "upvest",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "alloy",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
    (
        "webex-connect",
        ["2026-12-01", "2026-12-02", "2027-06-01"],
        ["ready", "ready", "ready"],
    ),
];

#[test]
fn every_sender_has_its_three_days() {
    let tried: Vec<&str> = GOOD.iter().map(|(name, ..)| *name).collect();
    for profile in profiles::all() {
        if !profile.identity.is_empty() {
            assert!(tried.contains(&profile.name.as_str()), "{}", profile.name);
        }
    }
    let mut wrong = String::new();
    for (name, days, wanted) in GOOD {
        let webhook = Webhook::of(profiles::find(name).unwrap());
        let good = webhook.folder.path("good.pem");
        let bad = webhook.folder.path("bad.pem");
        for (day, wanted) in days.iter().zip(wanted) {
            let (outlook, sentence) = webhook.outlook(&["--client-ca", &good], day);
            if outlook != *wanted || (outlook == "ready" && sentence.contains("not work")) {
                writeln!(wrong, "{name} {day}: {outlook}, not {wanted}: {sentence}").unwrap();
            }
            let (outlook, sentence) = webhook.outlook(&["--client-ca", &bad], day);
            let lost = ["broken", "uncertain"].contains(&outlook.as_str());
            // After the last known day nothing is known, whatever the file has.
            if !lost || (outlook == "uncertain" && *wanted != "uncertain") {
                writeln!(wrong, "{name} {day}, stranger: {outlook}: {sentence}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn configurations_come_to_the_same() {
    let mut wrong = String::new();
    for (name, days, wanted) in GOOD {
        let webhook = Webhook::of(profiles::find(name).unwrap());
        for ca in ["good.pem", "bad.pem"] {
            for config in webhook.configured(ca) {
                for (day, good) in days.iter().zip(wanted) {
                    let (outlook, sentence) = webhook.outlook(&[&config], day);
                    let wanted = if ca == "good.pem" { good } else { "broken" };
                    // Where nothing is known of a day, nothing is lost either.
                    let open = *good == "uncertain" && outlook == "uncertain";
                    if outlook != wanted && !open {
                        writeln!(
                            wrong,
                            "{config} {name} {day}: {outlook}, not {wanted}: {sentence}"
                        )
                        .unwrap();
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn without_its_download_a_sender_is_unknown_and_that_is_no_pass() {
    let folder = Folder::new();
    let file = folder.write("clients.pem", stranger("Somebody"));
    for profile in profiles::all() {
        if profile.wanted().is_empty() || profile.name == "meta-webhooks" {
            continue;
        }
        let finished = run(
            mtls().args(["lint", "--client-ca", &file, "--profile", &profile.name]),
            60,
        );
        let first = finished.stdout.lines().next().unwrap_or_default();
        assert!(first.starts_with("UNKNOWN"), "{}: {first}", profile.name);
        assert!(first.contains("mtls does not ship its root"), "{first}");
        assert!(
            finished.stdout.contains("fix: get its root"),
            "{}",
            finished.stdout
        );
        assert_eq!(finished.code, Some(1), "{}", profile.name);
    }
}

#[test]
fn several_senders_have_an_answer_each() {
    let folder = Folder::new();
    let dialogflow = &profiles::find("dialogflow").unwrap().identity[0];
    let file = folder.write("clients.pem", roots(dialogflow));
    let finished = run(
        mtls()
            .args(["lint", "--client-ca", &file, "--at-time", "2026-12-02"])
            .args(["--profile", "dialogflow", "--profile", "pagerduty"]),
        60,
    );
    let lines: Vec<&str> = finished.stdout.lines().take(3).collect();
    let said = |title: &str, word: &str| {
        lines
            .iter()
            .any(|line| line.contains(title) && line.contains(word))
    };
    assert!(said("Dialogflow ES", "READY"), "{lines:#?}");
    assert!(
        lines.iter().any(|line| line.contains("PagerDuty")),
        "{lines:#?}"
    );
    // Without a profile the file itself says whom it is for.
    let finished = run(
        mtls().args(["lint", "--client-ca", &file, "--at-time", "2026-12-02"]),
        60,
    );
    assert!(finished.stdout.contains("MT461"), "{}", finished.stdout);
    assert!(
        finished.stdout.contains("Dialogflow ES"),
        "{}",
        finished.stdout
    );
    assert!(finished.stdout.lines().count() <= 10, "{}", finished.stdout);
}

/// The facts of the new senders are those of the notes: fingerprints, names, days.
#[test]
fn facts_are_those_of_the_notes() {
    let notes = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/facts/senders.md");
    let Ok(notes) = std::fs::read_to_string(notes) else {
        println!("skipped facts_are_those_of_the_notes: ../shared/facts/senders.md is not there");
        return;
    };
    let plain = notes.replace(':', "").to_lowercase();
    let mut compared = 0;
    for profile in profiles::all() {
        if profile.name.starts_with("dialogflow") {
            continue;
        }
        for identity in &profile.identity {
            if let Some(name) = identity.common_name() {
                assert!(notes.contains(name), "{name}");
                compared += 1;
            }
            for when in identity.from.iter().chain(&identity.until) {
                let month = when.latest().strftime("%B %Y").to_string();
                let day = when.to_string();
                assert!(notes.contains(&day) || notes.contains(&month), "{day}");
                compared += 1;
            }
            for intermediate in &identity.intermediates {
                assert!(notes.contains(intermediate.as_str()), "{intermediate}");
                compared += 1;
            }
        }
    }
    // Anchors that the notes give a fingerprint of, whole or its beginning.
    for (id, digits) in [
        ("cloudflare-origin-pull", 64),
        ("tesla-product-root", 8),
        ("tesla-product-rsa-root", 8),
    ] {
        let sha256 = &profiles::anchor(id).unwrap().sha256;
        assert!(plain.contains(&sha256[..digits]), "{id} {sha256}");
        compared += 1;
    }
    assert!(compared > 15, "{compared}");
}

/// The intermediate that the first profile describes, against its bytes.
#[test]
fn the_intermediate_of_dialogflow_is_as_described() {
    let der = include_bytes!("../../testdata/ssl-com-client-r2.der");
    let read = mtls::parse::cert::certificate(der);
    let profile = profiles::find("dialogflow").unwrap();
    let fact = &profile.fact("intermediate-details").unwrap().text;
    let plain = fact.replace(':', "").to_lowercase();
    assert!(plain.contains(&read.sha256), "{fact}");
    assert!(
        plain.contains(&read.serial.to_lowercase()),
        "{}",
        read.serial
    );
    assert!(fact.contains("2034-03-22"));
    assert_eq!(
        read.not_after.strftime("%Y-%m-%d").to_string(),
        "2034-03-22"
    );
    assert_eq!(read.path_len, Some(0));
    assert_eq!(
        read.common_name(),
        Some(profile.identity[0].intermediates[0].as_str())
    );
}
