//! Prometheus and monitoring plugins.

use crate::{inspect::run::inspect, support::Pki};

/// `name{labels} value` lines, and that each family stands together behind its HELP and TYPE.
fn families(text: &str) -> Vec<(String, Vec<String>)> {
    let mut families: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let name = rest.split(' ').next().unwrap().to_owned();
            assert!(
                families.iter().all(|(known, _)| *known != name),
                "{name} twice"
            );
            families.push((name, Vec::new()));
        } else if !line.starts_with("# TYPE ") {
            let (name, samples) = families.last_mut().unwrap();
            assert_eq!(line.split(['{', ' ']).next().unwrap(), name);
            samples.push(line.to_owned());
        }
    }
    families
}

#[test]
fn prometheus_reads_it() {
    let pki = Pki::new();
    let (ca, anchor) = (pki.path("client-ca.pem"), pki.path("server-ca.pem"));
    let server = pki.listen(&["--client-auth", "require", "--client-ca", &ca]);
    let address = server.address().to_string();
    let out = pki.path("mtls.prom");
    let finished = inspect(&[
        &address,
        "127.0.0.1:1",
        "--cacert",
        &anchor,
        "--format",
        "prometheus",
        "--output",
        &out,
    ]);
    assert_eq!(
        (finished.code, finished.stdout.as_str()),
        (Some(1), ""),
        "{}",
        finished.said()
    );
    let text = std::fs::read_to_string(&out).unwrap();
    let families = families(&text);
    let of = |name: &str| {
        &families
            .iter()
            .find(|(known, _)| known == name)
            .unwrap_or_else(|| panic!("{name}: {text}"))
            .1
    };
    assert!(
        of("mtls_probe_success").contains(&format!("mtls_probe_success{{target=\"{address}\"}} 1")),
        "{text}"
    );
    assert!(
        of("mtls_probe_success")
            .contains(&"mtls_probe_success{target=\"127.0.0.1:1\"} 0".to_owned()),
        "{text}"
    );
    assert!(
        of("mtls_client_auth_info").contains(&format!(
            "mtls_client_auth_info{{target=\"{address}\",mode=\"required\"}} 1"
        )),
        "{text}"
    );
    assert_eq!(
        of("mtls_cert_not_after_timestamp_seconds").len(),
        2,
        "{text}"
    );
    assert_eq!(of("mtls_last_run_timestamp_seconds").len(), 1);
    // Nothing half-written is left beside it.
    let names: Vec<_> = std::fs::read_dir(pki.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(
        names
            .iter()
            .all(|name| !name.to_string_lossy().starts_with(".mtls-")),
        "{names:?}"
    );
}

#[test]
fn a_monitoring_plugin_says_one_line_and_a_status() {
    let pki = Pki::new();
    let anchor = pki.path("server-ca.pem");
    let server = pki.listen(&["--client-auth", "request"]);
    let port = server.port().to_string();
    let plugin = |words: &[&str]| {
        let mut all = vec!["--format", "nagios"];
        all.extend(words);
        let finished = inspect(&all);
        (finished.code.unwrap(), finished.stdout)
    };
    let host = ["-H", "127.0.0.1", "-p", &port, "--cacert", &anchor];
    let (code, text) = plugin(&host);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.starts_with(&format!(
            "MTLS OK - 127.0.0.1:{port}: client certificate requested, 8"
        )),
        "{text}"
    );
    assert_eq!(
        text.lines().next().unwrap().matches('|').count(),
        1,
        "{text}"
    );
    let mut warned = host.to_vec();
    warned.extend(["-w", "95", "-c", "1"]);
    // Days that were said are taken as said, also beyond a lifetime of 90 days.
    assert_eq!(plugin(&warned).0, 1);
    warned.extend(
        [
            "--at-time",
            &(jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 70)).to_string(),
        ]
        .map(|word: &str| word.to_owned().leak() as &str),
    );
    let (code, text) = plugin(&warned);
    assert_eq!(
        (code, text.starts_with("MTLS WARNING - ")),
        (1, true),
        "{text}"
    );
    let (code, text) = plugin(&["127.0.0.1:1"]);
    assert_eq!(
        (
            code,
            text.starts_with("MTLS CRITICAL - 127.0.0.1:1: MT910 ")
        ),
        (2, true),
        "{text}"
    );
    for wrong in [
        &["--no-such-flag"][..],
        &["--format", "nagios"],
        &["-w", "x", "a.example"],
        &["missing.pem"],
    ] {
        let (code, text) = plugin(wrong);
        assert_eq!(
            (code, text.starts_with("MTLS UNKNOWN - ")),
            (3, true),
            "{wrong:?} {text}"
        );
    }
}
