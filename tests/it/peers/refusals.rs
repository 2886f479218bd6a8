//! Whoever is refused is told why: every fault a client or server can have, and every hello that
//! shares nothing with ours.

use mtls::pki::{recipes, server_recipes};
use serde_json::Value;

use crate::{
    peers::{
        client::{VERSIONS, borrow, call, present},
        rustls_peer::{Identities, identity, key},
        signatures::has_error,
    },
    support::{Finished, Listen, Pki, Report, mtls, peer, run},
};

/// Whether we ended a TLS connection; then an error has to say why, and what it says is not empty.
fn refused_without_a_word(seen: &Value) -> bool {
    let ours = seen["ending"]["sent_by"] == "us" && seen["first_bytes"] == "tls";
    ours && !(has_error(seen) && seen["ending"]["detail"] != "")
}

fn refused(report: &Report) -> usize {
    let all = report.connections();
    all.iter()
        .filter(|seen| seen["ending"]["sent_by"] == "us")
        .count()
}

#[test]
fn a_listener_tells_every_client_that_it_refuses() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = Pki::new();
    let listen = |more: &[&str]| {
        let (cert, key) = (pki.path("server/fullchain.pem"), pki.path("server/key.pem"));
        let own = ["--cert", &cert, "--key", &key, "--no-default-roots"];
        Listen::start([&own, more].concat())
    };
    let anchors = pki.path("client-ca.pem");
    let strict = [
        "--client-ca",
        &anchors,
        "--client-auth",
        "require",
        "--enforce",
    ];
    let mut wrong = Vec::new();
    let mut look = |listen: &mut Listen, what: &str, words: &[&str]| {
        call(listen, words);
        let seen = listen.next();
        if refused_without_a_word(&seen) {
            wrong.push(format!("{what}: {} {:#}", seen["ending"], seen["findings"]));
        }
    };
    let mut enforcing = listen(&strict);
    for (index, recipe) in recipes().iter().enumerate() {
        let mut words = present(&pki, recipe.fault);
        words.push(VERSIONS[index % 2].0.to_owned());
        look(&mut enforcing, recipe.fault, &borrow(&words));
    }
    let valid = present(&pki, "valid");
    let weak = ["-cipher", "DEFAULT@SECLEVEL=0"];
    for (what, more) in [
        ("TLS 1.0", &["-tls1"][..]),
        ("TLS 1.1", &["-tls1_1"]),
        ("a group of its own", &["-groups", "brainpoolP256r1"]),
        (
            "a group of its own in TLS 1.2",
            &["-tls1_2", "-groups", "brainpoolP256r1"],
        ),
        ("a suite of its own", &["-tls1_2", "-cipher", "AES128-SHA"]),
        (
            "a signature of its own",
            &["-tls1_2", "-sigalgs", "RSA+SHA1"],
        ),
        ("an ALPN of its own", &["-alpn", "mqtt"]),
    ] {
        look(
            &mut enforcing,
            what,
            &[&borrow(&valid)[2..], &weak, more].concat(),
        );
    }
    let report = enforcing.finish();
    assert!(refused(&report) > 15, "{:#?}", report.connections());
    assert_eq!(report.code, Some(1));

    // Without any anchor nobody gets in, and the reason is that.
    let mut nobody = listen(&["--client-auth", "require", "--enforce"]);
    look(&mut nobody, "no anchor", &borrow(&valid));
    let report = nobody.finish();
    let seen = report.connection();
    let said = seen["findings"].to_string();
    assert!(
        said.contains("no trust anchor to check the client against"),
        "{said}"
    );
    assert_eq!(seen["trust"][0]["status"], "unknown");
    assert_eq!((refused(&report), report.code), (1, Some(1)));

    // OpenSSL's depth refuses without being told to enforce.
    let mut shallow = listen(&["-verify", "0"]);
    look(&mut shallow, "-verify 0", &borrow(&valid));
    assert_eq!(refused(&shallow.finish()), 1);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_caller_says_why_it_refuses_a_server() {
    let pki = Pki::new();
    let at = |port: u16| format!("localhost:{port}");
    let ask = |command: &str, port: u16, words: &[&str]| -> (Value, Finished) {
        let finished = run(
            mtls()
                .args([
                    command,
                    &format!("https://{}/hook", at(port)),
                    "--format",
                    "json",
                ])
                .args([
                    "--no-default-roots",
                    "--resolve",
                    &format!("{}:127.0.0.1", at(port)),
                ])
                .args(words),
            60,
        );
        let document = serde_json::from_str(&finished.stdout);
        (
            document.unwrap_or_else(|error| panic!("{error}: {}", finished.said())),
            finished,
        )
    };
    let mut refused = 0;
    // rustls signs with no RSA key of 1024 bits.
    let recipes = server_recipes().iter();
    for recipe in recipes.filter(|recipe| recipe.fault != "server-rsa1024") {
        let made = pki.authority.server_with(recipe, &["localhost"]).unwrap();
        pki.write_identity(recipe.fault, &made);
        let anchor = pki.write("anchor.pem", pki.authority.server_anchor_pem_for(recipe));
        let file = |name: &str| pki.path(&format!("{}/{name}", recipe.fault));
        let mut identities = Identities::default();
        identities.add(
            "localhost",
            identity(&file("fullchain.pem"), key(&file("key.pem"))),
        );
        let port = identities.serve();
        let anchors: [&[&str]; 2] = [&["--cacert", anchor.as_str()], &[]];
        for words in anchors {
            let (called, finished) = ask("simulate", port, words);
            if called["calls"][0]["ending"]["kind"] == "refused"
                || called["calls"][0]["how"] == "its certificate was rejected"
            {
                refused += 1;
                assert!(has_error(&called), "{}: {called:#}", recipe.fault);
                assert_eq!(
                    (finished.code, &called["verdict"]),
                    (Some(1), &"fail".into())
                );
            }
            // An inspection goes on, and never calls good what is not trusted by what was asked.
            let (looked, finished) = ask("inspect", port, words);
            let status = looked["trust"][0]["status"].as_str().unwrap();
            let verdict = looked["verdict"].as_str().unwrap();
            let right = match status {
                _ if words.is_empty() => true,
                "trusted" => true,
                "disputed" => verdict != "pass",
                _ => finished.code == Some(1) && matches!(verdict, "fail" | "unknown"),
            };
            assert!(right, "{}: {looked:#}", recipe.fault);
        }
    }
    assert!(refused > 20, "{refused}");
}
