//! A question that nothing among what was named can answer is no PASS, whatever the files are.

use serde_json::Value;

use crate::support::{Pki, mtls, run};

#[test]
fn what_was_asked_and_not_answered_is_no_pass() {
    let pki = Pki::new();
    let (ca, key) = (pki.path("client-ca.pem"), pki.path("server/key.pem"));
    let folder = pki.path("only");
    pki.write("only/ca.pem", pki.read("client-ca.pem"));
    pki.write("only/fullchain.pem", pki.read("server/fullchain.pem"));
    let conf = pki.write(
        "nginx.conf",
        "server { listen 443 ssl; server_name localhost; ssl_certificate server/fullchain.pem;
        ssl_certificate_key server/key.pem; ssl_client_certificate client-ca.pem;
        ssl_verify_client on; ssl_verify_depth 3; }",
    );
    let client = pki.client("valid", "fullchain.pem");
    for words in [
        &[ca.as_str(), "--host", "hook.example.com"][..],
        &[&key, "--host", "hook.example.com"],
        &[&client, "--role", "client", "--host", "hook.example.com"],
        &[&ca, "--key", &key],
        &[&folder, "--key", &key],
        &[&conf, "--key", &pki.client("valid", "key.pem")],
        &[&key, "--would-accept", &client],
    ] {
        let finished = run(
            mtls()
                .current_dir(pki.root())
                .args(["lint", "--format", "json"])
                .args(words),
            60,
        );
        let report: Value = serde_json::from_str(&finished.stdout).unwrap();
        assert_eq!(
            (report["verdict"].as_str(), finished.code),
            (Some("unknown"), Some(2)),
            "{words:?}: {}",
            finished.said()
        );
    }
    // The same files, and the question has an answer.
    for words in [
        &[conf.as_str(), "--host", "localhost"][..],
        &[&pki.path("server/fullchain.pem"), "--key", &key],
        &[&folder, "--host", "localhost"],
    ] {
        let finished = run(mtls().current_dir(pki.root()).arg("lint").args(words), 60);
        assert_eq!(finished.code, Some(0), "{words:?}: {}", finished.said());
    }
}
