//! Missing intermediates.

use super::{ca::Ca, document, fetched, lint, loud, web::Reply};
use crate::support::{Listen, mtls, run};

#[test]
fn a_missing_intermediate_is_fetched_and_the_finding_stays() {
    let Some(ca) = Ca::new("") else { return };
    let (leaf, root) = (ca.path("leaf"), ca.path("root"));
    let (seen, exit) = document(&["--cert", &leaf, "--cacert", &root]);
    let got = fetched(&seen);
    assert_eq!(exit, 1, "the file is as it was: {seen:#}");
    assert_eq!(loud(&seen), ["MT203"], "{seen:#}");
    assert_eq!(seen["findings"][0]["certainty"], "proven");
    assert_eq!(seen["trust"][0]["status"], "untrusted");
    assert_eq!(got["completed"]["status"], "trusted", "{got:#}");
    assert_eq!(got["completed"]["anchor"], "CN = Fetch Root");
    assert_eq!(got["issuers"][0]["subject"], "CN = Fetch Issuing CA");
    assert_eq!(
        got["issuers"][0]["url"],
        ca.web.url("/issuing.der").as_str()
    );
    assert_eq!(got["requests"].as_array().unwrap().len(), 1, "{got:#}");
    let bytes = ca.read("issuing.der").len();
    assert_eq!(got["requests"][0]["bytes"], bytes);
    assert!(got["requests"][0]["sha256"].is_string());
    // Nothing in it can be asked.
    assert_eq!(got["revocation"][0]["status"], "not-published", "{got:#}");
    let text = lint(&["--cert", &leaf, "--cacert", &root]);
    let line = text.stdout.lines().find(|line| line.contains("  fetched "));
    let line = line.unwrap_or_else(|| panic!("{}", text.said()));
    assert!(line.contains("Fetch Issuing CA: with it"), "{line}");
    assert!(
        line.contains("the chain is trusted by Fetch Root"),
        "{line}"
    );
}

#[test]
fn an_issuer_comes_in_each_form() {
    let Some(ca) = Ca::new("") else { return };
    ca.forge
        .run("crl2pkcs7 -nocrl -certfile root.crt -certfile issuing.crt -outform DER -out a.p7c");
    ca.forge
        .run("crl2pkcs7 -nocrl -certfile issuing.crt -out a.p7b");
    let (leaf, root) = (ca.path("leaf"), ca.path("root"));
    for file in ["issuing.der", "issuing.crt", "a.p7c", "a.p7b"] {
        ca.web.bytes("/issuing.der", ca.read(file));
        let (seen, _) = document(&["--cert", &leaf, "--cacert", &root]);
        let got = fetched(&seen);
        assert_eq!(got["completed"]["status"], "trusted", "{file}: {got:#}");
        assert_eq!(got["issuers"].as_array().unwrap().len(), 1, "{file}");
    }
}

#[test]
fn the_file_is_repaired_with_what_was_fetched() {
    let Some(ca) = Ca::new("") else { return };
    let (leaf, root) = (ca.path("leaf"), ca.path("root"));
    let out = ca.forge.path("repaired.pem");
    let repaired = lint(&["--cert", &leaf, "--cacert", &root, "--fix", "--out", &out]);
    assert_eq!(repaired.code, Some(1), "{}", repaired.said());
    assert!(
        repaired
            .stderr
            .contains("1 of 1 certificates and 1 fetched"),
        "{}",
        repaired.said()
    );
    assert!(
        repaired.stderr.contains("added CN = Fetch Issuing CA"),
        "{}",
        repaired.said()
    );
    assert!(
        !repaired.stderr.contains("not repaired"),
        "{}",
        repaired.said()
    );
    let written = ca.forge.read("repaired.pem");
    assert_eq!(
        written.matches("BEGIN CERTIFICATE").count(),
        2,
        "no root is sent"
    );
    run(mtls().args(["lint", "--cert", &out, "--cacert", &root]), 60).ok();
    // Without the root its issuer is not proven, which is said; the file is the same.
    let again = ca.forge.path("again.pem");
    lint(&["--cert", &leaf, "--fix", "--out", &again]);
    assert_eq!(ca.forge.read("again.pem"), written);
}

/// The command of the finding is the one that repairs.
#[test]
fn the_finding_has_the_command_that_repairs() {
    let Some(ca) = Ca::new("") else { return };
    let (seen, _) = document(&["--cert", &ca.path("leaf"), "--cacert", &ca.path("root")]);
    let command = &seen["findings"][0]["remedy"]["commands"][0]["line"];
    let wanted = format!(
        "mtls lint --cert {0} --fetch --fetch-private --fix --out {0}.fixed.pem",
        ca.path("leaf")
    );
    assert_eq!(*command, wanted.as_str());
}

#[test]
fn two_levels_are_fetched_one_after_the_other() {
    let Some(ca) = Ca::new("") else { return };
    let (root, out) = (ca.path("root"), ca.forge.path("out.pem"));
    ca.forge.make(
        "below",
        "/CN=hook.example",
        "leaf",
        &format!(
            "authorityInfoAccess=caIssuers;URI:{}\n",
            ca.web.url("/leaf.der")
        ),
        "",
    );
    ca.publish("leaf");
    let (seen, _) = document(&[
        "--cert",
        &ca.path("below"),
        "--cacert",
        &root,
        "--fix",
        "--out",
        &out,
    ]);
    let names: Vec<_> = fetched(&seen)["issuers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["subject"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["CN = localhost", "CN = Fetch Issuing CA"]);
}

/// A root is no intermediate, and no trust anchor either.
#[test]
fn a_fetched_root_is_no_anchor_and_shows_that_nothing_is_missing() {
    let Some(ca) = Ca::new("") else { return };
    ca.forge.make(
        "direct",
        "/CN=localhost",
        "root",
        &format!(
            "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost\nauthorityInfoAccess=caIssuers;URI:{}\n",
            ca.web.url("/root.der")
        ),
        "",
    );
    let direct = ca.path("direct");
    let (seen, exit) = document(&["--cert", &direct]);
    assert!(!loud(&seen).contains(&"MT203"), "{seen:#}");
    assert_eq!(fetched(&seen)["issuers"][0]["self_issued"], true);
    assert_ne!(fetched(&seen)["completed"]["status"], "trusted");
    assert_ne!(seen["trust"][0]["status"], "trusted");
    assert_eq!(exit, 0, "{seen:#}");
    // Where anchors are named, it is not one of them.
    let (seen, exit) = document(&["--cert", &direct, "--cacert", &ca.path("issuing")]);
    assert_eq!(seen["trust"][0]["status"], "untrusted");
    assert_eq!(fetched(&seen)["completed"]["status"], "untrusted");
    assert!(loud(&seen).contains(&"MT276"), "{seen:#}");
    assert_eq!(exit, 1);
}

#[test]
fn what_is_not_the_issuer_is_not_taken() {
    let Some(ca) = Ca::new("") else { return };
    let leaf = ca.path("leaf");
    // The same name, another key.
    ca.forge.make(
        "other",
        "/CN=Fetch Issuing CA",
        "other",
        "basicConstraints=critical,CA:TRUE\n",
        "",
    );
    ca.forge
        .run("x509 -in other.crt -outform DER -out other.der");
    for (file, why) in [
        (
            "other.der",
            "none of the 1 certificates in it has the name and the key",
        ),
        (
            "root.der",
            "none of the 1 certificates in it has the name and the key",
        ),
    ] {
        ca.web.bytes("/issuing.der", ca.read(file));
        let (seen, exit) = document(&["--cert", &leaf]);
        let got = fetched(&seen);
        assert_eq!(got["issuers"].as_array().unwrap().len(), 0, "{file}");
        assert!(
            got["requests"][0]["problem"]
                .as_str()
                .unwrap()
                .contains(why),
            "{got:#}"
        );
        assert!(loud(&seen).contains(&"MT203"), "{file}");
        assert_eq!(exit, 1, "{file}");
    }
}

/// Two CAs that issued each other lead around, and to no end.
#[test]
fn a_loop_of_issuers_ends() {
    let Some(ca) = Ca::new("") else { return };
    let names = |other: &str| {
        let url = ca.web.url(&format!("/{other}.der"));
        format!("basicConstraints=critical,CA:TRUE\nauthorityInfoAccess=caIssuers;URI:{url}\n")
    };
    let make = |name: &str, issuer: &str, file: &str| {
        ca.forge.key(name, crate::support::P256);
        ca.forge
            .make(name, &format!("/CN={name}"), issuer, &names(issuer), "");
        ca.forge
            .run(&format!("x509 -in {name}.crt -outform DER -out {file}.der"));
    };
    // `b` by itself first, since somebody has to be first; then `a` by `b`, and `b` anew by `a`.
    make("b", "b", "b");
    make("a", "b", "a");
    make("b", "a", "b");
    ca.forge.make("end", "/CN=end", "a", &names("a"), "");
    for name in ["a", "b"] {
        ca.web
            .bytes(&format!("/{name}.der"), ca.read(&format!("{name}.der")));
    }
    let (seen, _) = document(&["--cert", &ca.path("end")]);
    let count = fetched(&seen)["requests"].as_array().unwrap().len();
    assert!((1..=4).contains(&count), "{seen:#}");
    assert_ne!(fetched(&seen)["completed"]["status"], "trusted");
}

#[test]
fn nothing_is_fetched_unasked() {
    let Some(ca) = Ca::new("OCSP;URI:WEB/ocsp\ncrlDistributionPoints=URI:WEB/list.crl") else {
        return;
    };
    let (leaf, root) = (ca.path("leaf"), ca.path("root"));
    for words in [
        &["lint", "--cert", &leaf, "--cacert", &root][..],
        &["lint", &leaf, "--format", "json"],
        &["inspect", &leaf],
        &["explain", "--cert", &leaf, "certificate has expired"],
    ] {
        run(mtls().args(words), 60);
    }
    assert_eq!(ca.web.asked(), Vec::<String>::new());
    let finished = run(
        mtls().args(["lint", "--cert", &leaf, "--fetch-private"]),
        60,
    );
    assert_eq!(finished.code, Some(2), "{}", finished.said());
}

#[test]
fn a_private_address_is_refused_without_the_flag() {
    let Some(ca) = Ca::new("OCSP;URI:WEB/ocsp\ncrlDistributionPoints=URI:WEB/list.crl") else {
        return;
    };
    let chain = ca.chain();
    let words = [
        "lint",
        "--fetch",
        "--format",
        "json",
        "--cacert",
        &ca.path("root"),
        "--cert",
    ];
    for file in [&ca.path("leaf"), &chain] {
        let finished = run(mtls().args(words).arg(file), 60);
        let seen = serde_json::from_str(&finished.stdout).unwrap();
        let requests = fetched(&seen)["requests"].as_array().unwrap();
        assert!(!requests.is_empty(), "{seen:#}");
        for request in requests {
            let why = request["problem"].as_str().unwrap();
            assert_eq!(
                why,
                "127.0.0.1 is a private address; --fetch-private allows it"
            );
        }
        assert_eq!(finished.code, Some(1), "{seen:#}");
    }
    let of_chain = run(mtls().args(words).arg(&chain), 60);
    let seen: serde_json::Value = serde_json::from_str(&of_chain.stdout).unwrap();
    assert_eq!(seen["verdict"], "unknown", "{seen:#}");
    assert_eq!(ca.web.asked(), Vec::<String>::new());
}

#[test]
fn a_redirect_is_followed_and_said() {
    let Some(ca) = Ca::new("") else { return };
    ca.web.bytes("/there", ca.read("issuing.der"));
    ca.web
        .set("/issuing.der", Reply::Moved("/there".to_owned()));
    let (seen, _) = document(&["--cert", &ca.path("leaf"), "--cacert", &ca.path("root")]);
    let got = fetched(&seen);
    assert_eq!(
        got["requests"][0]["redirected_to"],
        ca.web.url("/there").as_str()
    );
    assert_eq!(got["completed"]["status"], "trusted");
}

/// Over HTTPS the server has to be one that the public roots vouch for.
#[test]
fn a_server_that_nobody_vouches_for_gives_no_issuer() {
    let Some(ca) = Ca::new("") else { return };
    let (leaf, key) = (ca.path("leaf"), ca.forge.path("leaf.key"));
    let server = Listen::start(["--cert", &leaf, "--key", &key]);
    ca.forge.make(
        "odd",
        "/CN=localhost",
        "issuing",
        &format!(
            "authorityInfoAccess=caIssuers;URI:https://{}/issuing.der\n",
            server.address()
        ),
        "",
    );
    let (seen, exit) = document(&["--cert", &ca.path("odd")]);
    let why = fetched(&seen)["requests"][0]["problem"].as_str().unwrap();
    assert!(why.contains("certificate is not trusted"), "{why}");
    assert_eq!(exit, 1, "{seen:#}");
}
