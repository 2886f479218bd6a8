//! What revocation lists say of the certificates and clients at hand: nobody is accepted whom a
//! list names, and a list that says nothing is no answer.

use serde_json::Value;

use crate::support::{Pki, clean, mtls, peer, run};

/// Lists of the client CA: with its intermediate's, that alone, out of date, and another CA's.
fn lists() -> Pki {
    let pki = Pki::new();
    let other = Pki::new();
    pki.write("crl.pem", pki.authority.crl_pem().unwrap());
    pki.write("stale.pem", pki.authority.stale_crl_pem().unwrap());
    pki.write("other.pem", other.authority.crl_pem().unwrap());
    let both = pki.read("stale.pem") + &pki.read("crl.pem");
    pki.write("both.pem", both);
    pki
}

fn lint(words: &[&str]) -> (String, Vec<String>, i32) {
    let finished = run(mtls().args(["lint", "--format", "json"]).args(words), 60);
    let report: Value = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.said()));
    let findings = report["findings"].as_array().unwrap().iter();
    let codes = findings
        .filter(|finding| finding["severity"] == "error")
        .map(|finding| finding["code"].as_str().unwrap().to_owned());
    let verdict = report["verdict"].as_str().unwrap().to_owned();
    (verdict, codes.collect(), finished.code.unwrap())
}

/// The client, the lists, and whether a server that uses them lets it in.
const CLIENTS: &[(&str, &str, bool)] = &[
    ("valid", "crl.pem", true),
    ("client-revoked", "crl.pem", false),
    ("valid", "stale.pem", false),
    ("valid", "both.pem", true),
    ("client-revoked", "both.pem", false),
    ("valid", "other.pem", false),
];

#[test]
fn a_client_is_looked_up_in_the_lists() {
    let pki = lists();
    for &(client, list, accepted) in CLIENTS {
        let leaf = pki.client(client, "fullchain.pem");
        let (anchors, list) = (pki.path("client-ca.pem"), pki.path(list));
        // The program whose file it is for: OpenSSL says the same of these.
        if let Some(mut openssl) = peer("openssl") {
            openssl.args(["verify", "-purpose", "sslclient", "-crl_check"]);
            openssl.args(["-CAfile", &anchors, "-CRLfile", &list, "-untrusted", &leaf]);
            let said = run(openssl.arg(&leaf), 60);
            assert_eq!(
                said.code == Some(0),
                accepted,
                "{client} {list}: {}",
                said.said()
            );
        }
        let words = [
            "--client-ca",
            &anchors,
            "--crlfile",
            &list,
            "--would-accept",
            &leaf,
        ];
        let (verdict, codes, code) = lint(&words);
        assert_eq!(
            (verdict == "pass", code == 0),
            (accepted, accepted),
            "{client} {list}: {codes:?}"
        );
        let nginx = format!(
            "server {{ listen 443 ssl; server_name localhost; ssl_certificate {}; ssl_certificate_key {};
            ssl_client_certificate {anchors}; ssl_verify_client on; ssl_verify_depth 3; ssl_crl {list}; }}",
            pki.path("server/fullchain.pem"),
            pki.path("server/key.pem"),
        );
        let conf = pki.write("nginx.conf", nginx);
        let (verdict, codes, code) = lint(&[&conf, "--would-accept", &leaf]);
        assert_eq!(
            code == 0,
            accepted,
            "nginx: {client} {list}: {verdict} {codes:?}"
        );
    }
}

#[test]
fn without_an_anchor_a_list_of_the_issuer_still_says_it() {
    let pki = lists();
    let leaf = pki.client("client-revoked", "fullchain.pem");
    let valid = pki.client("valid", "fullchain.pem");
    let asked = |chain: &str, list: &str, more: &[&str]| {
        let list = pki.path(list);
        let words = [
            "--cert",
            chain,
            "--role",
            "client",
            "--no-default-roots",
            "--crlfile",
            &list,
        ];
        let (verdict, codes, code) = lint(&[&words[..], more].concat());
        (verdict, codes.contains(&"MT284".to_owned()), code)
    };
    let told = |verdict: &str, revoked: bool, code: i32| (verdict.to_owned(), revoked, code);
    assert_eq!(asked(&leaf, "crl.pem", &[]), told("fail", true, 1));
    assert_eq!(asked(&valid, "crl.pem", &[]), told("pass", false, 0));
    // Of its name, and of another key: forged, as far as anybody can tell.
    assert_eq!(asked(&valid, "other.pem", &[]), told("fail", false, 1));
    // The root's list alone says nothing of what the intermediate issued.
    let blocks = pki.read("crl.pem");
    let blocks = blocks.split_inclusive("-----END X509 CRL-----\n");
    let last = blocks.last().unwrap().to_owned();
    pki.write("root.pem", &last);
    assert_eq!(asked(&valid, "root.pem", &[]), told("unknown", false, 1));
    assert_eq!(asked(&valid, "stale.pem", &[]).0, "fail");
    // Lists of the client CA beside it are for the clients, and no question about this chain.
    let server = pki.path("server/fullchain.pem");
    let (anchors, list) = (pki.path("client-ca.pem"), pki.path("crl.pem"));
    let words = [
        "--cert",
        &server,
        "--no-default-roots",
        "--client-ca",
        &anchors,
    ];
    let (verdict, _, code) = lint(&[&words[..], &["--crlfile", &list]].concat());
    assert!(verdict != "unknown" && code == 0, "{verdict} {code}");
    // Go looks at no list: what it says is no answer to the question.
    let anchors = pki.path("client-ca.pem");
    let go = ["--cacert", &anchors, "--stack", "go"];
    assert_eq!(asked(&leaf, "crl.pem", &go).0, "unknown");
}

#[test]
fn a_server_reads_its_list_as_pem() {
    let pki = lists();
    if peer("openssl").is_none() {
        return;
    }
    let der = pki.path("list.der");
    let mut convert = clean("openssl");
    convert.args([
        "crl",
        "-in",
        &pki.path("crl.pem"),
        "-outform",
        "DER",
        "-out",
        &der,
    ]);
    run(&mut convert, 60).ok();
    let conf = format!(
        "server {{ listen 443 ssl; server_name localhost; ssl_certificate {}; ssl_certificate_key {};
        ssl_client_certificate {}; ssl_verify_client on; ssl_verify_depth 3; ssl_crl {der}; }}",
        pki.path("server/fullchain.pem"),
        pki.path("server/key.pem"),
        pki.path("client-ca.pem"),
    );
    let (verdict, codes, _) = lint(&[&pki.write("nginx.conf", conf)]);
    assert_eq!(verdict, "fail");
    assert!(codes.contains(&"MT450".to_owned()), "{codes:?}");
}
