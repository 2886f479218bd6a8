//! The matrix against other people's servers: strict ones treat every client as expected, lax ones
//! are found out.

mod languages;
mod proxies;

use crate::{
    simulate::run::{Rehearsal, Simulated},
    support::{Server, clean, mtls, run},
};

/// How a server treats client certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Requires and verifies.
    Strict,
    /// Verifies what comes, lets in who has none.
    Optional,
    /// Asks, and verifies nothing.
    Unverified,
    /// Does not ask.
    Off,
}

use Mode::{Off, Optional, Strict, Unverified};

/// What a server lets in that it should not, for each way to be lax.
fn must_be_wrong(mode: Mode) -> &'static [&'static str] {
    match mode {
        Strict | Off => &[],
        Optional => &["client-cert-not-sent"],
        Unverified => &[
            "client-cert-not-sent",
            "client-self-signed",
            "client-unknown-ca",
        ],
    }
}

/// What `inspect` finds out of it without any client certificate, in both TLS versions.
fn inspect(folder: &Rehearsal, server: &Server, mode: Mode, names_its_ca: bool) {
    let wanted = match mode {
        Strict => "required",
        Optional | Unverified => "requested",
        Off => "none",
    };
    for version in ["1.2", "1.3"] {
        let target = format!("localhost:{}", server.port());
        let finished = run(
            mtls()
                .args(["inspect", &target, "--cacert", &folder.pki("server-ca.pem")])
                .args([
                    "--resolve",
                    &format!("{target}:127.0.0.1"),
                    "--tls-max",
                    version,
                    "--format",
                    "json",
                ]),
            60,
        );
        let document: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
        let seen = &document["targets"][0];
        let said = || format!("{mode:?} TLS {version}: {seen:#}\n{}", server.said());
        assert_eq!(seen["client_auth"], wanted, "{}", said());
        assert_eq!(seen["reachable"], true, "{}", said());
        assert_eq!(seen["trust"][0]["status"], "trusted", "{}", said());
        assert_eq!(finished.code, Some(0), "{}", said());
        assert!(
            seen["server_chain"].as_array().unwrap().len() >= 2,
            "{}",
            said()
        );
        let names = seen["accepted_ca_names"].as_array().unwrap().len();
        // Whoever verifies nothing may name nobody.
        let wanted = usize::from(names_its_ca && mode != Off);
        assert!(names == wanted || mode == Unverified, "{}", said());
    }
}

/// Runs the matrix in both TLS versions and compares; the runs against a strict server.
fn check(folder: &Rehearsal, server: &Server, mode: Mode) -> Vec<Simulated> {
    check_naming(folder, server, mode, true)
}

/// The same, where a server may not say in its request whose certificates it takes.
fn check_naming(
    folder: &Rehearsal,
    server: &Server,
    mode: Mode,
    names_its_ca: bool,
) -> Vec<Simulated> {
    inspect(folder, server, mode, names_its_ca);
    let mut strict = Vec::new();
    if mode == Off {
        return strict;
    }
    for version in ["1.2", "1.3"] {
        let simulated = folder.simulate(server.port(), &["--matrix", "--tls-max", version]);
        let wrong = simulated.wrong();
        let said = || format!("{mode:?} TLS {version}: {wrong:#?}\n{}", server.said());
        if mode == Strict {
            assert!(wrong.is_empty(), "{}", said());
            assert_eq!(simulated.code, 0, "{}", said());
            // The same refusal every time: no race between the request and the server's last words.
            let flags = [
                "--client",
                "none",
                "--repeat",
                "60",
                "--jobs",
                "4",
                "--tls-max",
                version,
            ];
            let again = folder.simulate(server.port(), &flags);
            let rows = again.document["repeat"]["rows"].as_array().unwrap();
            // Java's HttpsServer sends no alert: it closes, and its system resets where it had not
            // read the whole request.
            let silent = |row: &serde_json::Value| {
                ["connection closed without a TLS alert", "connection reset"]
                    .iter()
                    .any(|how| row["how"] == *how)
            };
            assert_eq!(again.code, 0, "{rows:#?}");
            assert!(rows.len() == 1 || rows.iter().all(silent), "{rows:#?}");
            strict.push(simulated);
            continue;
        }
        assert_eq!(simulated.code, 1, "{}", said());
        for client in must_be_wrong(mode) {
            let call = simulated.call(client);
            assert_eq!(call["outcome"], "accepted", "{client}: {}", said());
            assert_eq!(call["as_expected"], false, "{client}");
            assert_eq!(call["findings"][0]["code"], "MT420", "{client}: {call:#}");
        }
        if mode == Optional {
            assert_eq!(wrong.len(), 1, "{}", said());
        }
        assert_eq!(simulated.call("valid")["as_expected"], true, "{}", said());
    }
    strict
}

pub(crate) const ANSWER: &str = r#"{"fulfillmentText":"ok"}"#;

/// Builds a Go program of one file.
pub(crate) fn build_go(folder: &Rehearsal, source: &str, program: &str) {
    let mut build = clean("go");
    build
        .args(["build", "-o", program, source])
        .env("HOME", folder.path(""))
        .env("GOFLAGS", "-mod=mod")
        .env("GO111MODULE", "off");
    if let Some(cache) =
        std::env::var_os("HOME").map(|home| std::path::Path::new(&home).join(".cache/go-build"))
    {
        // The standard library is built once a machine, not once a test.
        build.env("GOCACHE", cache);
    }
    run(&mut build, 300).ok();
}
