//! Known wrong turns, each by its kind.

use std::{fs, io::Read as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::support::{Finished, Pki, feed, mtls, run, tls_stream};
use mtls::verify::public;

fn lint(pki: &Pki, arguments: &[&str]) -> Finished {
    let mut command = mtls();
    run(
        command
            .current_dir(pki.root())
            .args(["lint", "--no-config"])
            .args(arguments),
        60,
    )
}

#[test]
fn a_profile_that_nothing_can_be_held_to_is_no_pass() {
    let pki = Pki::new();
    let chain = "server/fullchain.pem";
    let alone = lint(&pki, &[chain, "--profile", "dialogflow"]);
    assert_eq!(alone.code, Some(2), "{}", alone.said());
    assert!(alone.stdout.starts_with("UNKNOWN"), "{}", alone.stdout);
    assert!(
        alone.stdout.contains("--profile needs the client-CA file"),
        "{}",
        alone.stdout
    );
    pki.write("many/a.pem", fs::read(pki.path(chain)).unwrap());
    pki.write("many/b.pem", fs::read(pki.path("server/leaf.pem")).unwrap());
    let many = lint(&pki, &["many", "--profile", "dialogflow"]);
    assert_eq!(many.code, Some(2), "{}", many.said());
    assert!(
        many.stderr.contains("--profile needs the client-CA file"),
        "{}",
        many.said()
    );
    // With a client-CA file beside them the question has its answer.
    pki.write(
        "many/clients.pem",
        fs::read(pki.path("client-ca.pem")).unwrap(),
    );
    let asked = lint(&pki, &["many", "--profile", "dialogflow"]);
    assert_eq!(asked.code, Some(1), "{}", asked.said());
}

#[test]
fn a_folder_says_that_trust_was_not_checked() {
    let pki = Pki::new();
    let chain = fs::read(pki.path("server/fullchain.pem")).unwrap();
    pki.write("two/a.pem", &chain);
    pki.write("two/b.pem", &chain);
    let said = lint(&pki, &["two"]);
    assert!(said.stdout.contains("trust not checked"), "{}", said.stdout);
    let known = lint(&pki, &["two", "--cacert", "server-ca.pem"]);
    assert!(
        !known.stdout.contains("trust not checked"),
        "{}",
        known.stdout
    );
}

#[test]
fn a_root_that_expired_is_not_lacking() {
    let pki = Pki::new();
    let mut print = mtls();
    let roots = run(print.args(["profiles", "pem", "dialogflow"]), 60)
        .ok()
        .stdout;
    pki.write("sender.pem", roots);
    let flags = [
        "--client-ca",
        "sender.pem",
        "--profile",
        "dialogflow",
        "--at-time",
        "2045-01-01",
    ];
    let said = lint(&pki, &flags);
    assert_eq!(said.code, Some(1), "{}", said.said());
    let first: String = said.stdout.lines().take(3).collect::<Vec<_>>().join(" ");
    assert!(
        first.contains("expired") && !first.contains("lacks"),
        "{}",
        said.stdout
    );
    assert!(!said.stdout.contains("profiles pem"), "{}", said.stdout);
}

#[test]
fn a_secret_without_its_key_and_a_configuration_in_a_map_are_no_pass() {
    let pki = Pki::new();
    let chain = STANDARD.encode(fs::read(pki.path("server/fullchain.pem")).unwrap());
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: web}}\ntype: kubernetes.io/tls\ndata:\n  tls.crt: {chain}\n"
    );
    let said = feed(
        mtls().args(["lint", "--no-config", "-"]),
        secret.as_bytes(),
        60,
    );
    assert_eq!(said.code, Some(1), "{}", said.said());
    assert!(said.stdout.contains("no tls.key"), "{}", said.stdout);
    let opaque = secret.replace("kubernetes.io/tls", "Opaque");
    let said = feed(
        mtls().args(["lint", "--no-config", "-"]),
        opaque.as_bytes(),
        60,
    );
    assert_eq!(said.code, Some(0), "{}", said.said());
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  nginx.conf: |\n    server {\n      listen 443 ssl;\n      ssl_certificate /etc/tls/tls.crt;\n    }\n";
    pki.write("maps/cm.yaml", map);
    pki.write(
        "maps/fullchain.pem",
        fs::read(pki.path("server/fullchain.pem")).unwrap(),
    );
    for path in ["maps/cm.yaml", "maps"] {
        let said = lint(&pki, &[path]);
        assert_eq!(said.code, Some(1), "{path}: {}", said.said());
        assert!(said.stdout.contains("UNKNOWN"), "{path}: {}", said.stdout);
        assert!(
            said.stdout.contains("configuration"),
            "{path}: {}",
            said.stdout
        );
    }
}

#[test]
fn a_client_that_is_named_is_accepted_or_not() {
    let pki = Pki::new();
    let (valid, stranger) = (
        pki.client("valid", "fullchain.pem"),
        pki.client("client-unknown-ca", "fullchain.pem"),
    );
    let accepts = lint(
        &pki,
        &["--client-ca", "client-ca.pem", "--would-accept", &valid],
    );
    assert_eq!(accepts.code, Some(0), "{}", accepts.said());
    assert!(accepts.stdout.contains("accepts"), "{}", accepts.stdout);
    let both = [
        "--client-ca",
        "client-ca.pem",
        "--would-accept",
        &valid,
        "--would-accept",
        &stranger,
    ];
    let rejects = lint(&pki, &both);
    assert_eq!(rejects.code, Some(1), "{}", rejects.said());
    assert!(
        rejects.stdout.contains("error[MT453]"),
        "{}",
        rejects.stdout
    );
    // By its path alone, and by a configuration that names it.
    let path = lint(&pki, &["client-ca.pem", "--would-accept", &stranger]);
    assert_eq!(path.code, Some(1), "{}", path.said());
    let server = "server { listen 443 ssl; server_name a.example; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate server/fullchain.pem; ssl_certificate_key server/key.pem; ssl_verify_client on; ssl_verify_depth DEPTH; ssl_client_certificate client-ca.pem; }\n";
    for (depth, client, code) in [("3", &valid, 0), ("0", &valid, 1), ("3", &stranger, 1)] {
        pki.write("nginx.conf", server.replace("DEPTH", depth));
        let said = lint(
            &pki,
            &[
                "nginx.conf",
                "--would-accept",
                client,
                "--ignore",
                "MT121,MT438,MT436",
            ],
        );
        assert_eq!(said.code, Some(code), "{depth} {client}: {}", said.said());
    }
    let nothing = lint(&pki, &["server/fullchain.pem", "--would-accept", &valid]);
    assert_eq!(nothing.code, Some(2), "{}", nothing.said());
}

#[test]
fn a_store_of_public_roots_for_clients_is_warned_about() {
    let pki = Pki::new();
    let store: String = public::all()
        .take(20)
        .map(|root| mtls::parse::pem::encode("CERTIFICATE", &root))
        .collect();
    pki.write("store.pem", store);
    let said = lint(&pki, &["--client-ca", "store.pem"]);
    assert!(said.stdout.contains("warning[MT454]"), "{}", said.stdout);
    assert!(said.stdout.contains("whoever holds"), "{}", said.stdout);
    let own = lint(&pki, &["--client-ca", "client-ca.pem"]);
    assert!(!own.stdout.contains("MT454"), "{}", own.stdout);
}

#[test]
fn annotations_point_at_files_that_exist() {
    let pki = Pki::new();
    let chain = fs::read(pki.path("server/leaf.pem")).unwrap();
    let secret = format!(
        "kind: Secret\ndata:\n  tls.crt: {}\n",
        STANDARD.encode(&chain)
    );
    pki.write("secret.yaml", secret);
    pki.write("ng/empty", "");
    pki.write("x/leaf.pem", &chain);
    let github = lint(&pki, &["secret.yaml", "--format", "github"]);
    assert!(
        github.stdout.contains("file=secret.yaml,"),
        "{}",
        github.stdout
    );
    assert!(
        github.stdout.contains("secret.yaml#tls.crt: "),
        "{}",
        github.stdout
    );
    let sarif = lint(
        &pki,
        &["ng/../x/leaf.pem", "secret.yaml", "--format", "sarif"],
    );
    let report: Value = serde_json::from_str(&sarif.stdout).unwrap();
    let results = report["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        let location = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let uri = location.as_str().unwrap();
        assert!(["secret.yaml", "x/leaf.pem"].contains(&uri), "{uri}");
    }
}

#[test]
fn a_number_of_curls_is_looked_up_as_one() {
    for asked in ["curl says 56", "curl gave error 56", "curl: (56)"] {
        let said = run(mtls().args(["explain", asked]), 60);
        assert_eq!(said.code, Some(0), "{asked}: {}", said.said());
        assert!(
            said.stdout.contains("CURLE_RECV_ERROR"),
            "{asked}: {}",
            said.stdout
        );
    }
    let bare = run(mtls().args(["explain", "56"]), 60).ok();
    assert!(
        !bare.stdout.contains("no fault is behind it"),
        "{}",
        bare.stdout
    );
}

#[test]
fn a_connection_that_idles_at_the_end_of_a_run_is_nobodys_fault() {
    let pki = Pki::new();
    let listening = pki.listen(&["--timeout", "2s"]);
    let mut stream = tls_stream(&pki, listening.address());
    // It says nothing, and waits to be closed.
    let _ = stream.read(&mut [0; 16]);
    let report = listening.wait();
    let said = report.connection().to_string();
    assert!(!said.contains("MT908"), "{said}");
    assert!(said.contains("no HTTP request followed"), "{said}");
}

/// A throwaway CA that is rejected shows nothing about the sender's own.
#[test]
fn a_rehearsal_that_is_rejected_is_not_known() {
    let pki = Pki::new();
    let listening = pki.listen(&["--enforce", "--client-auth", "require"]);
    let url = listening.url("/");
    let anchor = pki.path("server-ca.pem");
    let mut command = mtls();
    command.args([
        "simulate",
        &url,
        "--no-config",
        "--readiness",
        "--cacert",
        &anchor,
    ]);
    let said = run(&mut command, 60);
    assert_eq!(said.code, Some(1), "{}", said.said());
    assert!(said.stdout.contains("UNKNOWN"), "{}", said.stdout);
    assert!(!said.stdout.contains("BREAKS"), "{}", said.stdout);
    assert!(!said.stdout.contains("BROKEN"), "{}", said.stdout);
    // Not called at all, since this program does not trust the webhook: that is said.
    let mut matrix = mtls();
    let said = run(
        matrix.args(["simulate", &url, "--no-config", "--matrix"]),
        120,
    );
    assert!(
        said.stdout.contains("rejected the webhook's certificate"),
        "{}",
        said.stdout
    );
    assert!(
        !said.stdout.contains("could not be reached"),
        "{}",
        said.stdout
    );
}

/// A rule that is left out takes its error with it, not the outlook: the two may not stand in one
/// line.
#[test]
fn a_pass_is_never_beside_broken() {
    let pki = Pki::new();
    let root = mtls::profiles::anchor("ssl-com-root-rsa").unwrap();
    pki.write(
        "clients.pem",
        mtls::parse::pem::encode("CERTIFICATE", &root.der),
    );
    let [chain, key, clients] =
        ["server/fullchain.pem", "server/key.pem", "clients.pem"].map(|name| pki.path(name));
    let config = format!(
        "events {{}}\nhttp {{\n server {{\n listen 443 ssl;\n ssl_certificate {chain};\n ssl_certificate_key {key};\n ssl_client_certificate {clients};\n ssl_verify_client on;\n if ($ssl_client_s_dn !~ \"CN=somebody\") {{ return 403; }}\n }}\n}}\n"
    );
    pki.write("nginx.conf", config);
    let asked = ["nginx.conf", "--profile", "dialogflow"];
    let said = lint(&pki, &asked);
    assert_eq!(said.code, Some(1), "{}", said.said());
    let first = said.stdout.lines().next().unwrap();
    assert!(
        first.starts_with("FAIL") && first.contains("BROKEN"),
        "{first}"
    );
    let without = lint(&pki, &[&asked[..], &["--ignore", "MT434"]].concat());
    let first = without.stdout.lines().next().unwrap();
    assert!(!first.contains("BROKEN"), "{first}");
}
