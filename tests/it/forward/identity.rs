//! What the application is told of the client, and what nobody else may tell it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};

use super::{
    app::{App, Came},
    call, forward, post,
};
use crate::support::Pki;

fn app() -> App {
    App::says(|_| b"HTTP/1.1 204 No Content\r\n\r\n".to_vec())
}

fn told(
    pki: &Pki,
    client: Option<&str>,
    fields: &str,
    flags: &[&str],
) -> (Came, serde_json::Value) {
    let app = app();
    let mut listen = forward(pki, &app.url(), flags);
    call(pki, &listen, client, &post("/hook", fields, b"{}"));
    let came = app.next();
    let seen = listen.next();
    listen.finish();
    (came, seen)
}

fn ders(pki: &Pki, client: &str) -> Vec<Vec<u8>> {
    CertificateDer::pem_file_iter(pki.client(client, "fullchain.pem"))
        .unwrap()
        .map(|der| der.unwrap().to_vec())
        .collect()
}

#[test]
fn a_verified_certificate_is_told_in_each_way_that_is_asked_for() {
    let pki = Pki::new();
    let (came, seen) = told(&pki, Some("valid"), "", &["--forward-headers", "all"]);
    assert_eq!(came.field("x-mtls-verified"), Some("true"), "{came:?}");
    let leaf = &seen["client_chain"][0];
    assert_eq!(came.field("x-mtls-sha256"), leaf["sha256"].as_str());
    assert_eq!(came.field("x-mtls-subject"), leaf["subject"].as_str());
    assert_eq!(came.field("x-mtls-issuer"), leaf["issuer"].as_str());
    // RFC 9440: byte sequences, the leaf apart from what is above it.
    let ders = ders(&pki, "valid");
    let item = |der: &[u8]| format!(":{}:", STANDARD.encode(der));
    assert_eq!(came.field("client-cert"), Some(item(&ders[0]).as_str()));
    let above: Vec<String> = ders[1..].iter().map(|der| item(der)).collect();
    assert_eq!(
        came.field("client-cert-chain"),
        Some(above.join(", ").as_str())
    );
    let xfcc = came.field("x-forwarded-client-cert").unwrap();
    let hash = format!(
        "Hash={};Cert=\"-----BEGIN%20CERTIFICATE-----%0A",
        leaf["sha256"].as_str().unwrap()
    );
    assert!(xfcc.starts_with(&hash), "{xfcc}");
    assert!(xfcc.contains(";Subject=\""), "{xfcc}");

    for (flag, names) in [
        ("x-mtls", &["x-mtls-verified", "x-mtls-sha256"][..]),
        ("client-cert", &["client-cert", "client-cert-chain"]),
        ("xfcc", &["x-forwarded-client-cert"]),
        ("none", &[]),
    ] {
        let (came, _) = told(&pki, Some("valid"), "", &["--forward-headers", flag]);
        for name in [
            "x-mtls-verified",
            "x-mtls-sha256",
            "client-cert",
            "client-cert-chain",
            "x-forwarded-client-cert",
        ] {
            assert_eq!(
                came.field(name).is_some(),
                names.contains(&name),
                "{flag}: {came:?}"
            );
        }
    }
}

#[test]
fn a_certificate_that_did_not_verify_is_told_of_only_where_that_is_asked_for() {
    let pki = Pki::new();
    let all = ["--forward-headers", "all"];
    for client in ["client-expired", "client-unknown-ca"] {
        let (came, _) = told(&pki, Some(client), "", &all);
        assert_eq!(came.field("x-mtls-verified"), Some("false"), "{came:?}");
        for name in [
            "x-mtls-subject",
            "client-cert",
            "client-cert-chain",
            "x-forwarded-client-cert",
        ] {
            assert_eq!(came.field(name), None, "{came:?}");
        }
        let flags = ["--forward-headers", "all", "--forward-unverified"];
        let (came, _) = told(&pki, Some(client), "", &flags);
        assert_eq!(came.field("x-mtls-verified"), Some("false"), "{came:?}");
        assert!(came.field("client-cert").is_some(), "{came:?}");
    }
    let (came, _) = told(&pki, None, "", &all);
    assert_eq!(came.field("x-mtls-verified"), Some("none"), "{came:?}");
    assert_eq!(came.field("client-cert"), None, "{came:?}");
}

#[test]
fn no_caller_can_say_it_itself() {
    let pki = Pki::new();
    let spoofed = [
        "X-Mtls-Verified",
        "x-mtls-subject",
        "X_Mtls_Sha256",
        "Client-Cert",
        "Client-Cert-Chain",
        "Client_Cert",
        "X-Forwarded-Client-Cert",
        "X-SSL-Client-Verify",
        "X_SSL_Client_S_DN",
        "SSL-Client-Verify",
        "X-Amzn-Mtls-Clientcert-Leaf",
        "X-Client-Cert-Present",
        "X-Forwarded-Tls-Client-Cert",
        "X-ARR-ClientCert",
    ];
    let mut fields: String = spoofed
        .iter()
        .map(|name| format!("{name}: forged\r\n"))
        .collect();
    fields += "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Host: evil.example\r\nX-Mine: stays\r\n";
    for client in [None, Some("valid"), Some("client-expired")] {
        let (came, seen) = told(&pki, client, &fields, &["--forward-headers", "all"]);
        assert!(!format!("{came:?}").contains("forged"), "{came:?}");
        assert_eq!(came.field("x-forwarded-for"), Some("127.0.0.1"));
        assert_eq!(came.field("x-forwarded-host"), Some("hook.example"));
        assert_eq!(came.field("x-mine"), Some("stays"));
        let removed = seen["http"]["forward"]["removed"].as_array().unwrap();
        assert_eq!(removed.len(), spoofed.len(), "{seen:#}");
        let findings = seen["findings"].to_string();
        assert!(findings.contains("MT543"), "{findings}");
    }
    // What Connection names goes; what is ours cannot be named away.
    let (came, _) = told(
        &pki,
        Some("valid"),
        "Connection: x-mtls-verified, close\r\n",
        &[],
    );
    assert_eq!(came.field("x-mtls-verified"), Some("true"), "{came:?}");
    let (_, seen) = told(&pki, Some("valid"), "", &[]);
    assert!(!seen["findings"].to_string().contains("MT543"), "{seen:#}");
}

/// A field that `Connection` names goes no further anyway: it is said all the same that it came.
#[test]
fn a_spoof_that_the_connection_field_names_is_said() {
    let pki = Pki::new();
    let fields = "X-Mtls-Verified: true\r\nConnection: x-mtls-verified\r\n";
    let (came, seen) = told(&pki, None, fields, &["--forward-headers", "none"]);
    assert_eq!(came.field("x-mtls-verified"), None);
    let removed = &seen["http"]["forward"]["removed"];
    assert_eq!(removed[0], "x-mtls-verified", "{seen:#}");
    assert!(seen["findings"].to_string().contains("MT543"), "{seen:#}");
}
