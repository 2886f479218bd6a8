//! What s_client sees of us, and keys of every kind.

use crate::{
    peers::client::{VERSIONS, borrow, call, errors, names, present, present_openssl},
    support::{Listen, Pki, feed, openssl_clients, peer},
};

/// The base64 of each certificate in a text, in order.
fn blocks(text: &str) -> Vec<String> {
    text.split("-----BEGIN CERTIFICATE-----")
        .skip(1)
        .map(|rest| {
            rest.split("-----END")
                .next()
                .unwrap()
                .split_whitespace()
                .collect()
        })
        .collect()
}

#[test]
fn every_certificate_of_the_file_is_sent_in_its_order() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = Pki::new();
    // The root goes along because it is in the file: the file is sent as it is.
    let server = pki.authority.server(&["localhost"]).unwrap();
    let whole = format!(
        "{}{}",
        server.chain_pem(),
        pki.authority.server_anchor_pem()
    );
    assert_eq!(blocks(&whole).len(), 3);
    let cert = pki.write("whole.pem", &whole);
    let key = pki.write("whole.key", server.key_pem());
    for (option, protocol) in VERSIONS {
        let listen = Listen::start([
            "--cert",
            &cert,
            "--key",
            &key,
            "--no-default-roots",
            "--count",
            "1",
        ]);
        let said = call(
            &listen,
            &["-showcerts", option, "-CAfile", &pki.path("server-ca.pem")],
        )
        .said();
        assert_eq!(blocks(&said), blocks(&whole), "{said}");
        assert!(said.contains("Verify return code: 0 (ok)"), "{said}");
        assert_eq!(listen.wait().connection()["protocol"], protocol);
    }
}

#[test]
fn the_names_of_the_client_anchors_are_sent() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = Pki::new();
    for (option, _) in VERSIONS {
        let listen = pki.listen(&["--count", "1"]);
        let said = call(&listen, &[option]).said();
        let names = said.split("Acceptable client certificate CA names").nth(1);
        assert!(
            names.is_some_and(|names| names.contains("CN = simulated sender root")),
            "{said}"
        );
        listen.wait();
    }
}

#[test]
fn none_asks_for_nothing() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = Pki::new();
    let listen = pki.listen(&["--count", "1", "--client-auth", "none"]);
    let said = call(&listen, &borrow(&present(&pki, "valid"))).ok().said();
    assert!(
        said.contains("No client certificate CA names sent"),
        "{said}"
    );
    assert!(!said.contains("Requested Signature Algorithms"), "{said}");
    let report = listen.wait();
    assert_eq!(report.connection()["client_certificate"], "not-asked");
    assert!(!names(report.connection()).contains(&"client-certificate-not-sent"));
}

#[test]
fn required_and_not_sent_is_alert_116() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = Pki::new();
    for (option, _) in VERSIONS {
        let listen = pki.listen(&["--count", "1", "--client-auth", "require"]);
        let said = call(&listen, &[option, "-msg"]).said();
        assert!(said.contains("SSL alert number 116"), "{said}");
        let report = listen.wait();
        let seen = report.connection();
        assert_eq!(seen["ending"]["kind"], "refused");
        assert_eq!(seen["ending"]["alert"]["code"], 116);
        assert_eq!(seen["ending"]["alert"]["name"], "certificate_required");
        assert_eq!(seen["ending"]["sent_by"], "us");
        assert_eq!(seen["ending"]["phase"], "handshake");
        assert_eq!(seen["client_certificate"], "not-sent");
        assert!(seen["http"].is_null());
        assert!(
            names(seen).contains(&"client-certificate-not-sent"),
            "{:#}",
            seen["findings"]
        );
        assert_eq!(report.code, Some(1));
    }
}

#[test]
fn the_words_of_s_server_work() {
    let Some(mut openssl) = peer("openssl") else {
        return;
    };
    let pki = Pki::new();
    let listen = Listen::start([
        "-cert",
        &pki.path("server/fullchain.pem"),
        "-key",
        &pki.path("server/key.pem"),
        "-CAfile",
        &pki.path("client-ca.pem"),
        "-Verify",
        "3",
        "-verify_return_error",
        "--count",
        "1",
    ]);
    openssl.args(["s_client", "-connect", &listen.address().to_string()]);
    openssl.args(present(&pki, "client-expired"));
    let said = feed(openssl.arg("-ign_eof"), b"Q", 30).said();
    assert!(said.contains("alert number 45"), "{said}");
    let report = listen.wait();
    assert_eq!(report.connection()["client_auth"], "require");
    assert_eq!(report.connection()["ending"]["kind"], "refused");
    assert_eq!(errors(report.connection()), [10]);
}

#[test]
fn keys_of_every_kind_are_read_and_checked() {
    if peer("openssl").is_none() {
        return;
    }
    let (pki, made) = (Pki::new(), openssl_clients());
    let mut wrong = Vec::new();
    for (name, algorithm, bits, tls13, kind) in [
        ("rsa2048", "RSA", 2048, "rsa_pss_rsae_sha256", "RSA-PSS"),
        ("rsa-pss", "RSA-PSS", 2048, "rsa_pss_pss_sha256", "RSA-PSS"),
        ("p384", "EC", 384, "ecdsa_secp384r1_sha384", "ECDSA"),
        ("p521", "EC", 521, "ecdsa_secp521r1_sha512", "ECDSA"),
        ("ed25519", "Ed25519", 256, "ed25519", "ed25519"),
    ] {
        for (option, protocol) in VERSIONS {
            // rustls leaves rsa_pss_pss_* out of its TLS 1.2 CertificateRequest; the test below
            // says what comes of it.
            if (name, protocol) == ("rsa-pss", "TLSv1.2") {
                continue;
            }
            let listen = pki.listen_judging_by(&made.path("root.crt"), &["--count", "1"]);
            let mut arguments = borrow(&present_openssl(&made, name))
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>();
            arguments.push(option.to_owned());
            let said = call(&listen, &borrow(&arguments)).said();
            let report = listen.wait();
            let seen = report.connection();
            let ok = seen["protocol"] == protocol
                && seen["client_chain"].as_array().unwrap().len() == 2
                && seen["client_chain"][0]["key"]["algorithm"] == algorithm
                && seen["client_chain"][0]["key"]["bits"] == bits
                && seen["signature"]["verified"] == true
                && (protocol == "TLSv1.2" || seen["signature"]["scheme"] == tls13)
                && seen["signature"]["type"] == kind
                && seen["trust"][0]["status"] == "trusted"
                && seen["ending"]["kind"] == "completed"
                && said.contains("200 OK");
            if !ok {
                wrong.push(format!(
                    "{name} {protocol}: {} signature {} trust {} ending {}",
                    seen["client_chain"][0]["key"],
                    seen["signature"],
                    seen["trust"],
                    seen["ending"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn keys_beyond_the_library_are_shown_as_far_as_they_come() {
    if peer("openssl").is_none() {
        return;
    }
    let (pki, made) = (Pki::new(), openssl_clients());
    let mut listen = pki.listen_judging_by(&made.path("root.crt"), &["--count", "3"]);
    // The crypto library has no Ed448: the chain is shown, and nothing is claimed about a signature
    // that was not checked.
    for (option, _) in VERSIONS {
        let mut arguments = present_openssl(&made, "ed448");
        arguments.push(option.to_owned());
        call(&listen, &borrow(&arguments));
        let seen = listen.next();
        assert_eq!(seen["client_chain"][0]["key"]["algorithm"], "Ed448");
        assert_eq!(seen["trust"][0]["status"], "trusted");
        assert_eq!(seen["signature"]["verified"], false);
        assert!(
            seen["signature"]["problem"]
                .as_str()
                .unwrap()
                .contains("cannot be checked")
        );
        assert_eq!(seen["ending"]["kind"], "refused");
    }
    // An RSA-PSS key can sign in TLS 1.2 only for a server that lists rsa_pss_pss_*.
    let mut arguments = present_openssl(&made, "rsa-pss");
    arguments.push("-tls1_2".to_owned());
    call(&listen, &borrow(&arguments)).ok();
    assert_eq!(listen.next()["client_certificate"], "not-sent");
    listen.wait();
}
