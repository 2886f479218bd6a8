//! `simulate` against `listen`: what the one says of a client, the other says too.

use crate::{
    simulate::run::{Rehearsal, text},
    support::{Listen, mtls, run},
};

/// The two agree on every recipe, in both TLS versions, whether the listener refuses or only looks.
#[test]
fn both_ends_agree_on_every_client() {
    let folder = Rehearsal::new();
    for enforce in [true, false] {
        for version in ["1.2", "1.3"] {
            let server = [
                "--cert".to_owned(),
                folder.pki("server/fullchain.pem"),
                "--key".to_owned(),
                folder.pki("server/key.pem"),
                "--client-ca".to_owned(),
                folder.pki("client-ca.pem"),
            ];
            let mut flags: Vec<&str> = server.iter().map(String::as_str).collect();
            if enforce {
                flags.extend(["--client-auth", "require", "--enforce"]);
            }
            let mut listen = Listen::start(&flags);
            let simulated = folder.simulate(
                listen.port(),
                &["--matrix", "--jobs", "1", "--tls-max", version],
            );
            assert_eq!(
                simulated.code,
                i32::from(!enforce),
                "{:?}",
                simulated.wrong()
            );
            // A refused connection is reported when its peer is gone, which can be after the next
            // one.
            let mut connections: Vec<_> = simulated.calls().iter().map(|_| listen.next()).collect();
            connections.sort_by_key(|seen| text(&seen["ts"]).parse::<jiff::Timestamp>().unwrap());
            for (call, seen) in simulated.calls().iter().zip(connections) {
                let client = text(&call["client"]);
                let refused = seen["ending"]["kind"] == "refused";
                assert_eq!(
                    call["outcome"] == "rejected",
                    refused,
                    "{client} {version}: {call:#} {seen:#}"
                );
                if refused {
                    assert_eq!(call["alert"], seen["ending"]["alert"], "{client} {version}");
                }
                let sent = call["client_certificates_sent"].as_u64().unwrap() as usize;
                let came = seen["client_chain"].as_array().unwrap().len();
                assert_eq!(sent, came, "{client} {version}");
                // What the listener says of the chain is what it would do to it.
                let trusted = seen["trust"][0]["status"] == "trusted";
                if came > 0 {
                    let in_order = call["expected"] == "accept" || !call["stacks_differ"].is_null();
                    assert!(
                        trusted == in_order
                            || [
                                "client-wrong-key-usage",
                                "client-sha1-signed",
                                "client-rsa1024"
                            ]
                            .contains(&client),
                        "{client}: {:#}",
                        seen["trust"]
                    );
                }
            }
        }
    }
}

/// Every server certificate at fault is refused by the caller, with an alert that the listener then
/// names.
#[test]
fn bad_server_certificates_are_refused() {
    let folder = Rehearsal::new();
    for entry in std::fs::read_dir(folder.pki("servers")).unwrap() {
        let entry = entry.unwrap();
        let fault = entry.file_name().into_string().unwrap();
        if fault == "server-rsa1024" {
            // TLS here does not sign with such a key for a server; it is there for others.
            continue;
        }
        let at = |name: &str| entry.path().join(name).to_str().unwrap().to_owned();
        let mut listen = Listen::start(["--cert", &at("fullchain.pem"), "--key", &at("key.pem")]);
        let url = if fault == "server-ip-not-in-san" {
            format!("https://127.0.0.1:{}/hook", listen.port())
        } else {
            listen.url("/hook")
        };
        let anchor = if entry.path().join("server-ca.pem").exists() {
            at("server-ca.pem")
        } else {
            folder.pki("server-ca.pem")
        };
        let finished = run(
            mtls()
                .args([
                    "simulate", &url, "--cacert", &anchor, "--client", "valid", "--format", "json",
                ])
                .args(["--pki", &folder.path("pki")]),
            60,
        );
        let document: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
        let call = &document["calls"][0];
        let seen = listen.next();
        // What OpenSSL takes: a CA as a leaf, no list to be named in, an order that can be mended,
        // keyEncipherment.
        let taken = [
            "server-revoked",
            "server-chain-wrong-order",
            "server-ca-cert-as-leaf",
            "server-wrong-key-usage",
        ]
        .contains(&fault.as_str());
        // Where verifiers differ the call goes on, and the findings say who would refuse it.
        let tolerated =
            call["outcome"] == "accepted" && document["trust"][0]["status"] == "disputed";
        if taken || tolerated {
            assert_eq!(call["outcome"], "accepted", "{fault}: {call:#}");
            continue;
        }
        assert_eq!(finished.code, Some(1), "{fault}");
        assert_eq!(call["outcome"], "unreachable", "{fault}: {call:#}");
        assert_eq!(call["ending"]["sent_by"], "us", "{fault}");
        assert_eq!(
            seen["ending"]["kind"], "peer-alert",
            "{fault}: {:#}",
            seen["ending"]
        );
        let own = document["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["code"] == "MT424");
        assert!(own, "{fault}: {:#}", document["findings"]);
    }
}
