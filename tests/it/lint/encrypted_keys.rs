//! Encrypted keys and `--pass`: what openssl writes is opened, a wrong password and damage are told
//! apart where they can be.

use std::{fs, process::Command};

use mtls::parse::pem;
use serde_json::Value;

use crate::support::{Finished, Forge, Listener, Pki, clean, feed, mtls, peer, run, skipped};

/// What `openssl pkcs8 -topk8` is given, and words of what is said of it.
const SCHEMES: &[(&str, &str)] = &[
    (
        "",
        "PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-256, 2048 rounds",
    ),
    (
        "-v2 aes-128-cbc -v2prf hmacWithSHA1",
        "PBES2: AES-128-CBC, PBKDF2 with HMAC-SHA-1, 2048 rounds",
    ),
    (
        "-v2 aes-192-cbc -v2prf hmacWithSHA384",
        "AES-192-CBC, PBKDF2 with HMAC-SHA-384",
    ),
    (
        "-v2 aes-256-cbc -v2prf hmacWithSHA512 -iter 10000",
        "AES-256-CBC, PBKDF2 with HMAC-SHA-512, 10000 rounds",
    ),
    (
        "-v2 des3 -v2prf hmacWithSHA224",
        "DES-EDE3-CBC, PBKDF2 with HMAC-SHA-224",
    ),
    (
        "-scrypt",
        "PBES2: AES-256-CBC, scrypt with N=16384, r=8, p=1",
    ),
    (
        "-scrypt -scrypt_N 1024 -scrypt_r 4 -scrypt_p 2",
        "scrypt with N=1024, r=4, p=2",
    ),
    (
        "-v1 PBE-SHA1-3DES",
        "PBE with SHA-1 and triple DES, 2048 rounds",
    ),
];

/// A leaf by a CA, and its key.
fn files() -> Option<Forge> {
    peer("openssl")?;
    let pki = Forge::new();
    pki.make(
        "root",
        "/CN=root",
        "root",
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n",
        "",
    );
    pki.make(
        "leaf",
        "/CN=hook.example.com",
        "root",
        "subjectAltName=DNS:hook.example.com\nextendedKeyUsage=serverAuth\n",
        "",
    );
    pki.key("other", crate::support::P256);
    Some(pki)
}

fn encrypt(pki: &Forge, key: &str, out: &str, words: &str) {
    pki.run(&format!(
        "pkcs8 -topk8 -in {key} -passout pass:simulated -out {out} {words}"
    ));
}

pub(super) fn lint(pki: &Forge, words: &[&str]) -> (Value, Finished) {
    let finished = run(
        mtls()
            .current_dir(pki.root())
            .env("WORD", "simulated")
            .args(["lint", "--format", "json"])
            .args(words),
        60,
    );
    let report = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.said()));
    (report, finished)
}

/// The messages of a rule.
pub(super) fn messages(report: &Value, code: &str) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .filter(|finding| finding["code"] == code)
        .map(|finding| finding["message"].as_str().unwrap().to_owned())
        .collect()
}

const GOOD: &[&str] = &["--cert", "leaf.crt", "--cacert", "root.crt"];

#[test]
fn what_openssl_writes_is_opened_and_compared() {
    let Some(pki) = files() else { return };
    pki.write("word", "simulated\n");
    for (index, (words, said)) in SCHEMES.iter().enumerate() {
        encrypt(&pki, "leaf.key", "key.pem", words);
        let source = ["pass:simulated", "env:WORD", "file:word"][index % 3];
        let (report, finished) = lint(
            &pki,
            &[GOOD, &["--key", "key.pem", "--pass", source]].concat(),
        );
        assert_eq!(finished.code, Some(0), "{words}: {}", finished.said());
        let of = messages(&report, "MT118");
        assert!(
            of.len() == 1 && of[0].contains(said) && of[0].contains("opens it"),
            "{words}: {of:?}"
        );
        assert_eq!(messages(&report, "MT141"), [""; 0], "{words}");
        // Without: the scheme is named, and the key is not compared.
        let (report, finished) = lint(&pki, &[GOOD, &["--key", "key.pem"]].concat());
        assert_eq!(finished.code, Some(1), "{words}");
        let of = messages(&report, "MT118");
        assert!(of[0].contains(said), "{words}: {of:?}");
        assert_eq!(messages(&report, "MT141").len(), 1, "{words}");
        // With another word.
        let (report, finished) = lint(
            &pki,
            &[GOOD, &["--key", "key.pem", "--pass", "pass:imitated"]].concat(),
        );
        assert_eq!(finished.code, Some(1), "{words}");
        let of = messages(&report, "MT118");
        assert!(
            of[0].contains("it is wrong, or the key is damaged"),
            "{words}: {of:?}"
        );
        assert_eq!(messages(&report, "MT141").len(), 1, "{words}");
    }
    // Another key, another kind of key, DER, and a word that one can type.
    encrypt(&pki, "other.key", "key.pem", "");
    let (report, finished) = lint(
        &pki,
        &[GOOD, &["--key", "key.pem", "--pass", "env:WORD"]].concat(),
    );
    assert_eq!(finished.code, Some(1));
    assert_eq!(messages(&report, "MT140").len(), 1, "{report:#}");
    encrypt(&pki, "leaf.key", "key.der", "-outform DER");
    let (report, _) = lint(&pki, &["key.der", "--pass", "env:WORD"]);
    assert!(
        messages(&report, "MT118")[0].contains("opens it"),
        "{report:#}"
    );
    let finished = feed(
        mtls()
            .current_dir(pki.root())
            .args([
                "lint", "--format", "json", "--pass", "prompt", "--key", "key.pem",
            ])
            .args(GOOD),
        b"simulated\n",
        60,
    );
    assert_eq!(finished.code, Some(1), "{}", finished.said());
    assert!(
        finished.stderr.contains("not a terminal"),
        "{}",
        finished.stderr
    );
}

#[test]
fn a_directory_finds_the_certificate_of_its_encrypted_key() {
    let Some(pki) = files() else { return };
    fs::create_dir(pki.root().join("d")).unwrap();
    fs::copy(
        pki.root().join("leaf.crt"),
        pki.root().join("d/fullchain.pem"),
    )
    .unwrap();
    encrypt(&pki, "leaf.key", "d/privkey.pem", "");
    encrypt(&pki, "other.key", "d/spare.pem", "");
    let (report, _) = lint(&pki, &["d", "--pass", "env:WORD", "--cacert", "root.crt"]);
    for code in ["MT140", "MT141"] {
        assert_eq!(messages(&report, code), [""; 0], "{code} {report:#}");
    }
    fs::rename(
        pki.root().join("d/spare.pem"),
        pki.root().join("d/privkey.pem"),
    )
    .unwrap();
    let (report, _) = lint(&pki, &["d", "--pass", "env:WORD", "--cacert", "root.crt"]);
    assert_eq!(messages(&report, "MT140").len(), 1, "{report:#}");
}

#[test]
fn damage_is_told_from_a_wrong_password_where_it_shows() {
    let Some(pki) = files() else { return };
    pki.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key");
    encrypt(&pki, "rsa.key", "rsa.pem", "");
    let whole = pem::scan(&fs::read(pki.root().join("rsa.pem")).unwrap())
        .remove(0)
        .der
        .unwrap();
    let said = |der: &[u8]| {
        pki.write("bad.pem", pem::encode("ENCRYPTED PRIVATE KEY", der));
        let (report, _) = lint(&pki, &["--key", "bad.pem", "--pass", "env:WORD"]);
        messages(&report, "MT118").join("; ")
    };
    assert!(said(&whole).contains("opens it"));
    // The last block, and one in the middle that holds a length.
    let mut late = whole.clone();
    *late.last_mut().unwrap() ^= 1;
    let late = said(&late);
    assert!(late.contains("opens its beginning"), "{late}");
    let mut first = whole.clone();
    let start = whole.len() - 1200;
    first[start..start + 40].fill(0);
    let first = said(&first);
    assert!(
        first.contains("it is wrong, or the key is damaged")
            || first.contains("opens its beginning"),
        "{first}"
    );
    // The vector of the cipher, the octets before the salt: nothing can be told then, but no crash.
    for place in 0..100 {
        let mut hostile = whole.clone();
        hostile[place] ^= 0x55;
        said(&hostile);
    }
}

#[test]
fn a_prompt_asks_on_a_terminal_and_shows_nothing() {
    let Some(pki) = files() else { return };
    if clean("script").arg("--version").output().is_err() {
        skipped("script(1) is not installed");
        return;
    }
    encrypt(&pki, "leaf.key", "key.pem", "");
    let program = mtls().get_program().to_string_lossy().into_owned();
    let line = format!(
        "{program} lint --cert leaf.crt --cacert root.crt --key key.pem --pass prompt -q; echo exit=$?"
    );
    let mut command = Command::new("script");
    let finished = feed(
        command
            .current_dir(pki.root())
            .args(["-qec", &line, "/dev/null"]),
        b"simulated\n",
        60,
    );
    assert!(finished.stdout.contains("exit=0"), "{}", finished.said());
    assert!(
        finished.stdout.contains("password (not shown"),
        "{}",
        finished.said()
    );
}

#[test]
fn listen_and_simulate_use_an_encrypted_key() {
    let Some(_) = peer("openssl") else { return };
    let pki = Pki::new();
    let encrypt = |from: &str, to: &str| {
        let mut command = clean("openssl");
        command.args([
            "pkcs8",
            "-topk8",
            "-in",
            &pki.path(from),
            "-out",
            &pki.path(to),
        ]);
        run(command.args(["-passout", "pass:simulated"]), 60).ok();
        pki.path(to)
    };
    let server = encrypt("server/key.pem", "server/locked.pem");
    let client = encrypt("clients/valid/key.pem", "clients/valid/locked.pem");
    let start = |pass: &str| {
        let mut command = mtls();
        command
            .args([
                "listen",
                "--listen",
                "127.0.0.1:0",
                "--format",
                "jsonl",
                "--count",
                "1",
                "--timeout",
                "60s",
            ])
            .args([
                "--cert",
                &pki.path("server/fullchain.pem"),
                "--key",
                &server,
            ])
            .args(["--client-ca", &pki.path("client-ca.pem"), "--pass", pass]);
        command
    };
    let wrong = run(&mut start("pass:imitated"), 60);
    assert_eq!(wrong.code, Some(2), "{}", wrong.said());
    assert!(
        wrong.stderr.contains("locked.pem") && wrong.stderr.contains("it is wrong"),
        "{}",
        wrong.stderr
    );
    assert!(!wrong.said().contains("imitated"), "{}", wrong.said());
    let listener = Listener::start(&mut start("pass:simulated"));
    let url = format!("https://localhost:{}/", listener.address().port());
    let called = run(
        mtls()
            .args([
                "simulate",
                &url,
                "--cacert",
                &pki.path("server-ca.pem"),
                "--format",
                "json",
            ])
            .args([
                "--cert",
                &pki.path("clients/valid/fullchain.pem"),
                "--key",
                &client,
                "--pass",
                "pass:simulated",
            ]),
        60,
    );
    assert_eq!(called.code, Some(0), "{}", called.said());
    let finished = listener.finish();
    assert!(
        finished.stdout.contains("\"status\":\"trusted\""),
        "{}",
        finished.said()
    );
}

/// A server has its own way to the passphrase, which its configuration names: where that is a file,
/// what is in it is tried as the server would; where it is a program, the key is not checked.
#[test]
fn a_configuration_says_where_the_passphrase_is() {
    let Some(pki) = files() else { return };
    encrypt(&pki, "leaf.key", "shut.key", "");
    pki.write("right.txt", "another\nsimulated\n");
    pki.write("wrong.txt", "another\n");
    let nginx = |file: &str| {
        let text = format!(
            "server {{ listen 443 ssl; server_name hook.example.com; ssl_certificate leaf.crt;
            ssl_certificate_key shut.key; {file} ssl_client_certificate root.crt; ssl_verify_client on; }}"
        );
        pki.write("nginx.conf", text)
    };
    let envoy = |file: &str| {
        let text = format!(
            r#"{{static_resources: {{listeners: [{{address: {{socket_address: {{address: 0.0.0.0, port_value: 443}}}}, filter_chains: [{{
            transport_socket: {{name: envoy.transport_sockets.tls, typed_config: {{"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext,
            require_client_certificate: true, common_tls_context: {{
            tls_certificates: [{{certificate_chain: {{filename: leaf.crt}}, private_key: {{filename: shut.key}}{file}}}],
            validation_context: {{trusted_ca: {{filename: root.crt}}}}}}}}}}}}]}}]}}}}"#
        );
        pki.write("envoy.yaml", text)
    };
    let apache = |line: &str| {
        let text = format!(
            "{line}\n<VirtualHost *:443>\nServerName hook.example.com\nSSLEngine on\nSSLCertificateFile leaf.crt\n
            SSLCertificateKeyFile shut.key\nSSLCACertificateFile root.crt\nSSLVerifyClient require\nSSLVerifyDepth 3\n</VirtualHost>\n"
        );
        pki.write("apache.conf", text)
    };
    let asked = |path: &str, words: &[&str]| {
        let (report, finished) = lint(&pki, &[&[path], words].concat());
        let mut findings = report["findings"].as_array().unwrap().iter();
        let severity = findings
            .find(|finding| finding["code"] == "MT118")
            .map(|finding| finding["severity"].as_str().unwrap().to_owned());
        let verdict = report["verdict"].as_str().unwrap().to_owned();
        (verdict, severity, finished.code)
    };
    let told = |verdict: &str, severity: Option<&str>, code: i32| {
        (verdict.to_owned(), severity.map(str::to_owned), Some(code))
    };
    let pass = told("pass", None, 0);
    let wrong = told("fail", Some("error"), 1);
    assert_eq!(asked(&nginx("ssl_password_file right.txt;"), &[]), pass);
    assert_eq!(asked(&nginx("ssl_password_file wrong.txt;"), &[]), wrong);
    assert_eq!(asked(&nginx(""), &[]), wrong);
    let (verdict, severity, code) = asked(&nginx("ssl_password_file none.txt;"), &[]);
    assert_eq!((verdict.as_str(), code), ("fail", Some(1)));
    assert_eq!(severity.as_deref(), Some("note"));
    assert_eq!(
        asked(&envoy(", password: {filename: right.txt}"), &[]),
        pass
    );
    assert_eq!(
        asked(&envoy(", password: {filename: wrong.txt}"), &[]),
        wrong
    );
    let open = told("unknown", Some("note"), 1);
    let program = apache("SSLPassPhraseDialog exec:/bin/pass");
    assert_eq!(asked(&program, &[]), open);
    assert_eq!(asked(&program, &["--pass", "pass:simulated"]), pass);
}
