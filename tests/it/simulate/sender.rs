//! A sender of one's own, described in a file: known when it comes, seen to live on its fallback,
//! rehearsed before it changes.

use serde_json::Value;

use crate::{
    simulate::{
        run::{Rehearsal, text},
        servers::ANSWER,
    },
    support::{Listen, Server, clean, free_port, mtls, peer, run},
};

const LAST: &str = "2099-12-31";

/// A sender with a current certificate below one root, and an older one below another until a day
/// far off.
struct Ours {
    current: Rehearsal,
    legacy: Rehearsal,
    profile: String,
}

fn ours() -> Ours {
    let (current, legacy) = (Rehearsal::new(), Rehearsal::new());
    let about = |name: &str, more: &str| {
        format!(
            "[[identity]]\nname = '{name}'\nleaf_common_name = 'simulated sender'\nintermediates_sent = 1\nanchors = ['{name}']\n{more}certainty = 'verified'\nsources = ['ourselves']\nseen = '2026-11-24'\n"
        )
    };
    let anchor = |name: &str, folder: &Rehearsal| {
        format!(
            "[[anchor]]\nid = '{name}'\nfile = '{}'\nsource = 'ourselves'\nseen = '2026-11-24'\n",
            folder.pki("client-ca.pem")
        )
    };
    let text = format!(
        "name = 'ours'\ntitle = 'Our sender'\nsummary = 'A sender of our own.'\n{}{}{}{}",
        about("current", ""),
        about("legacy", &format!("until = '{LAST}'\n")),
        anchor("current", &current),
        anchor("legacy", &legacy)
    );
    let profile = current.write("ours.toml", &text);
    Ours {
        current,
        legacy,
        profile,
    }
}

fn call(port: u16, server: &Rehearsal, caller: &Rehearsal) -> Value {
    let client = caller.pki("clients/valid/fullchain.pem");
    let finished = run(
        mtls()
            .args([
                "simulate",
                &format!("https://localhost:{port}/hook"),
                "--format",
                "json",
            ])
            .args(["--cacert", &server.pki("server-ca.pem"), "--cert", &client])
            .args(["--key", &caller.pki("clients/valid/key.pem")])
            .args(["--resolve", &format!("localhost:{port}:127.0.0.1")]),
        60,
    );
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    document["calls"][0].clone()
}

/// A listener of theirs that refuses what it does not trust.
fn strict(ours: &Ours, trust: &[&str]) -> Listen {
    let flags = [
        "--cert",
        &ours.current.pki("server/fullchain.pem"),
        "--key",
        &ours.current.pki("server/key.pem"),
        "--client-auth",
        "require",
        "--enforce",
    ];
    Listen::start([&flags, trust].concat())
}

#[test]
fn living_on_the_fallback_is_seen() {
    let ours = ours();
    let older = ours.legacy.pki("client-ca.pem");
    let mut listen = strict(&ours, &["--client-ca", &older, "--sender", &ours.profile]);
    assert_eq!(
        call(listen.port(), &ours.current, &ours.current)["outcome"],
        "rejected"
    );
    let first = listen.next();
    assert_eq!(first["profile_match"]["identity"], "current", "{first:#}");
    assert_eq!(
        call(listen.port(), &ours.current, &ours.legacy)["outcome"],
        "accepted"
    );
    let second = listen.next();
    assert_eq!(second["profile_match"]["identity"], "legacy");
    assert_eq!(second["preceded_by"]["identity"], "current", "{second:#}");
    assert_eq!(second["preceded_by"]["same_address"], true);
    let codes: Vec<&str> = second["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| text(&finding["code"]))
        .collect();
    assert!(codes.contains(&"MT442"), "{codes:?}");
    let report = listen.finish();
    let readiness = &report.summary()["readiness"][0];
    assert_eq!(readiness["outlook"], "breaks", "{readiness:#}");
    assert_eq!(readiness["breaks_on"], LAST);
    assert_eq!(readiness["grounds"]["kind"], "connections");
}

#[test]
fn the_current_certificate_alone_is_no_fallback() {
    let ours = ours();
    let mut listen = strict(&ours, &["--profile", &ours.profile]);
    assert_eq!(
        call(listen.port(), &ours.current, &ours.current)["outcome"],
        "accepted"
    );
    let seen = listen.next();
    assert_eq!(seen["preceded_by"], Value::Null);
    let report = listen.finish();
    assert_eq!(report.summary()["readiness"][0]["outlook"], "ready");
}

/// A server that follows an old sample: it compares the name, and answers 403.
#[test]
fn a_rehearsal_finds_the_pin() {
    if peer("nginx").is_none() {
        return;
    }
    let folder = Rehearsal::new();
    let port = free_port();
    let at = folder.path("");
    let conf = folder.write(
        "nginx.conf",
        format!(
            "daemon off; master_process off; pid {at}/pid; error_log stderr; events {{}}
            http {{ access_log off; client_body_temp_path {at}/body; proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/f;
                uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
                server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {at}/pki/server/fullchain.pem;
                    ssl_certificate_key {at}/pki/server/key.pem; ssl_client_certificate {at}/pki/client-ca.pem;
                    ssl_verify_client on; ssl_verify_depth 2;
                    if ($ssl_client_s_dn !~ \"CN=\\*\\.dialogflow\\.com\") {{ return 403; }}
                    location / {{ default_type application/json; return 200 '{ANSWER}'; }} }} }}"
        ),
    );
    let _server = Server::start(
        folder.root(),
        clean("nginx").args(["-p", &at, "-c", &conf]),
        port,
    );
    for (day, outlook) in [("2026-11-25", "breaks"), ("2026-12-02", "broken")] {
        // The server's certificate is of today, whatever day is asked about.
        let simulated = folder.simulate(port, &["-k", "--readiness", "--at-time", day]);
        assert_eq!(simulated.call("sender-current")["outcome"], "rejected");
        assert_eq!(simulated.call("sender-legacy")["outcome"], "accepted");
        let readiness = &simulated.document["readiness"][0];
        assert_eq!(readiness["outlook"], outlook, "{readiness:#}");
        assert_eq!(readiness["grounds"]["kind"], "rehearsal");
        // A refusal by status may not make the sender fall back.
        let works = if outlook == "breaks" {
            Value::Null
        } else {
            Value::Bool(false)
        };
        assert_eq!(readiness["works_today"], works);
        assert_eq!(simulated.code, 1);
    }
}

#[test]
fn a_profile_of_ones_own_is_shown_and_its_faults_are_told() {
    let ours = ours();
    let shown = run(mtls().args(["profiles", "show", &ours.profile]), 60);
    assert!(
        shown.stdout.contains("Our sender") && shown.stdout.contains(LAST),
        "{}",
        shown.said()
    );
    let pem = run(mtls().args(["profiles", "pem", &ours.profile]), 60);
    let wanted = std::fs::read_to_string(ours.current.pki("client-ca.pem")).unwrap();
    // It is appended to files whose last line may not be ended.
    assert_eq!(pem.stdout, format!("\n{wanted}"));
    let broken = ours.current.write("broken.toml", "name = 'x'\ntitle = 3\n");
    let refused = run(
        mtls().args([
            "lint",
            "--client-ca",
            &ours.current.pki("client-ca.pem"),
            "--profile",
            &broken,
        ]),
        60,
    );
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("broken.toml: line 2"),
        "{}",
        refused.stderr
    );
}
