//! Files without a fault: no error and no warning, and no note but those that a case allows.

use std::{fs, path::Path};

use crate::lint::{
    certificates,
    run::{self, Case},
};

/// What is judged, the arguments, and the notes that may be made of it.
type Clean = (&'static str, &'static str, &'static [&'static str]);

const CHAINS: &[Clean] = &[
    (
        "ECDSA P-256, two levels",
        "--cert good.pem --key leaf.key --cacert root.crt --host hook.example.com",
        &[],
    ),
    ("without a key", "--cert good.pem --cacert root.crt", &[]),
    ("without anchors", "--cert good.pem --key leaf.key", &[]),
    (
        "three levels",
        "--cert deep.pem --key deep.key --cacert root.crt --host hook.example.com",
        &[],
    ),
    ("RSA", "--cert rsa.pem --key rsa.key --cacert root.crt", &[]),
    (
        "RSA all the way",
        "--cert rsa_all.pem --key under_rsa_ca.key --cacert rsa_root.crt",
        &[],
    ),
    (
        "ECDSA P-384",
        "--cert p384.pem --key p384.key --cacert root.crt",
        &[],
    ),
    (
        "a PKCS#1 key",
        "--cert rsa.pem --key rsa_pkcs1.key --cacert root.crt",
        &[],
    ),
    (
        "a SEC1 key",
        "--cert good.pem --key leaf_sec1.key --cacert root.crt",
        &[],
    ),
    (
        "several names and a wildcard",
        "--cert names.pem --cacert root.crt --host example.net --host any.example.com",
        &[],
    ),
    (
        "an address",
        "--cert by_address.pem --cacert root.crt --host 192.0.2.1",
        &[],
    ),
    (
        "an IPv6 address beside a name",
        "--cert both_addresses.pem --cacert root.crt --host 2001:db8::1 --host hook.example.com",
        &[],
    ),
    (
        "issued by the root itself",
        "--cert by_root.crt --key by_root.key --cacert root.crt",
        &[],
    ),
    (
        "a client's chain",
        "--cert client.pem --key client.key --role client --cacert root.crt",
        &[],
    ),
    (
        "a client's chain, told by its usage",
        "client.pem --cacert root.crt",
        &[],
    ),
    (
        "the root sent along",
        "--cert whole.pem --key leaf.key --cacert root.crt",
        &["MT213"],
    ),
    (
        "cross-signed",
        "--cert cross.pem --cacert other_root.crt",
        &[],
    ),
    (
        "cross-signed, judged by the new root",
        "--cert cross.pem --cacert root.crt",
        &[],
    ),
    (
        "the intermediate apart",
        "--cert alone.pem --untrusted inter.crt --cacert root.crt",
        &[],
    ),
    (
        "within its constraints",
        "--cert within.pem --cacert root.crt",
        &[],
    ),
    (
        "a path of the length allowed",
        "--cert under_path0.pem --cacert root.crt",
        &[],
    ),
    (
        "self-signed, and trusted",
        "--cert self.pem --key self.key --cacert self.crt --host hook.example.com",
        &[],
    ),
    (
        "no extended key usage",
        "--cert no_usage.pem --cacert root.crt",
        &["MT228"],
    ),
    (
        "an underscore in a name",
        "--cert underscore.pem --cacert root.crt",
        &["MT252"],
    ),
    (
        "a wildcard",
        "--cert wildcard.pem --key wildcard.key --cacert root.crt --host hook.example.com",
        &[],
    ),
    (
        "CR LF",
        "--cert crlf.pem --key leaf.key --cacert root.crt",
        &["MT114"],
    ),
    (
        "text around the blocks",
        "--cert text.pem --key leaf.key --cacert root.crt",
        &["MT115"],
    ),
    (
        "key and chain in one file",
        "--cert combined.pem --key combined.pem --cacert root.crt",
        &["MT122"],
    ),
    ("the same in a path", "combined.pem --cacert root.crt", &[]),
    (
        "the leaf twice",
        "--cert twice.pem --cacert root.crt",
        &["MT269"],
    ),
    (
        "made by mtls, server",
        "--cert simulated/server/fullchain.pem --key simulated/server/key.pem --cacert simulated/server-ca.pem --host localhost",
        &[],
    ),
    (
        "made by mtls, client",
        "--cert simulated/clients/valid/fullchain.pem --key simulated/clients/valid/key.pem --role client --cacert simulated/clients/valid/anchor.pem",
        &[],
    ),
    (
        "21 days left",
        "--cert good.pem --cacert root.crt --at-time +68d",
        &[],
    ),
];

const ANCHORS: &[Clean] = &[
    (
        "the sender's root",
        "--client-ca ssl_com.pem --profile dialogflow --at-time 2026-11-24",
        &[],
    ),
    (
        "the same later",
        "--client-ca ssl_com.pem --profile dialogflow --at-time 2026-12-02",
        &[],
    ),
    (
        "both generations",
        "--client-ca both.pem --profile dialogflow --at-time 2026-11-24",
        &[],
    ),
    (
        "both generations, after the last day",
        "--client-ca both.pem --profile dialogflow --at-time 2026-12-02",
        &["MT419"],
    ),
    ("a private root", "--client-ca root.crt", &[]),
    (
        "a server's files together",
        "--cert good.pem --key leaf.key --client-ca ssl_com.pem --profile dialogflow --cacert root.crt --at-time +1d",
        &[],
    ),
];

const PLACES: &[Clean] = &[
    (
        "as certbot leaves them",
        "certbot/live/hook --cacert root.crt",
        &[],
    ),
    (
        "certbot's files one by one",
        "certbot/live/hook/fullchain.pem certbot/live/hook/privkey.pem certbot/live/hook/cert.pem --cacert root.crt",
        &[],
    ),
    ("certbot's files without anchors", "certbot/live/hook", &[]),
    ("certbot's whole folder", "certbot", &[]),
    ("a mounted secret", "mounted --cacert root.crt", &[]),
    ("a secret's JSON", "secret.json --cacert root.crt", &[]),
];

fn clean(cases: &[Clean]) {
    let Some(folder) = certificates::folder() else {
        return;
    };
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|&(name, flags, notes)| check(name, flags, notes, folder, &[]).err())
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n\n")
    );
}

fn check(
    name: &'static str,
    flags: &'static str,
    notes: &[&str],
    folder: &Path,
    input: &[u8],
) -> Result<(), String> {
    let judged = flags.contains("--cert") && flags.contains("--cacert");
    let case = Case {
        name,
        flags,
        wants: "",
        trust: if judged { "trusted" } else { "" },
    };
    run::check(&case, folder, input, notes)
}

#[test]
fn chains() {
    clean(CHAINS);
}

#[test]
fn anchors() {
    clean(ANCHORS);
}

#[test]
fn places() {
    clean(PLACES);
}

#[test]
fn a_secret_on_standard_input() {
    if let Some(folder) = certificates::folder() {
        let secret = fs::read(folder.join("secret.json")).unwrap();
        check("a secret", "- --cacert root.crt", &[], folder, &secret).unwrap();
    }
}
