//! Chains of public sites as their servers sent them: what OpenSSL says of them by Debian's roots,
//! and no alarm about a good one.
//!
//! The chains are read from the folder of shared data beside the checkout; without it, or without
//! Debian's roots, there is nothing to do.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::support::{mtls, peer, run, skipped};

/// Debian's package ca-certificates.
const ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// What OpenSSL's numbers come to here.
const CODES: &[(u64, &[&str])] = &[
    (10, &["MT201"]),
    (18, &["MT277"]),
    (20, &["MT203", "MT276"]),
];

/// What is said of a chain that OpenSSL accepts, for a reason: webpki, so rustls, reads no
/// certificate of more than 64 KiB.
const REFUSED_ELSEWHERE: &[(&str, &str)] = &[("badssl-subdomain-10000-sans", "MT445")];

#[test]
fn are_judged_as_openssl_judges_them_and_good_ones_are_quiet() {
    let Some(folder) = data() else {
        return;
    };
    let index: Value =
        serde_json::from_slice(&fs::read(folder.join("index.json")).unwrap()).unwrap();
    let chains = index.as_array().unwrap();
    assert!(chains.len() >= 48, "{} chains", chains.len());
    let mut failures = Vec::new();
    let mut judged = 0;
    for chain in chains {
        let text = |key: &str| chain[key].as_str().unwrap();
        let file = folder.join(text("dir")).join("fullchain.pem");
        let wanted = &chain["openssl_3_0_debian_roots"];
        if let Some(now) = openssl(&file, text("at"))
            && now != wanted["error"].as_u64().unwrap_or(0)
        {
            skipped(&format!(
                "{}: openssl says {now} by the roots of this machine, they have changed since",
                text("dir")
            ));
            continue;
        }
        judged += 1;
        // Since OpenSSL was asked without a security level; at level 2 it refuses SHA-1, and so
        // does nearly everybody.
        let sha1 = text("leaf_signature").starts_with("sha1");
        let codes: &[&str] = match wanted["error"].as_u64() {
            Some(number) => CODES.iter().find(|(num, _)| *num == number).unwrap().1,
            None if sha1 => &["MT205"],
            None => &[],
        };
        let elsewhere = REFUSED_ELSEWHERE
            .iter()
            .find(|(dir, _)| *dir == text("dir"))
            .map(|(_, code)| *code);
        if let Err(why) = check(&file, text("at"), codes, elsewhere) {
            failures.push(format!("{}: {why}", text("dir")));
        }
    }
    assert!(judged >= 40, "only {judged} chains judged");
    assert!(
        failures.is_empty(),
        "{} of {judged}:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn an_international_common_name_is_the_one_among_the_alternative_names() {
    let Some(folder) = data() else {
        return;
    };
    let file = folder.join("badssl-subdomain-xn--n1aae7f7o/fullchain.pem");
    let report = lint(
        &file,
        "2017-05-04T00:00:00Z",
        &["--cacert", ROOTS, "--host", "xn--n1aae7f7o.badssl.com"],
    );
    let codes: Vec<&Value> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| &finding["code"])
        .collect();
    assert!(codes.iter().all(|code| *code != "MT247"), "{codes:?}");
    assert_eq!(report["trust"][0]["status"], "trusted");
}

/// The folder with the chains.
fn data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/real-chains");
    for needed in [folder.join("index.json"), PathBuf::from(ROOTS)] {
        if !needed.exists() {
            skipped(&format!("real chains: {} is not there", needed.display()));
            return None;
        }
    }
    Some(folder)
}

/// OpenSSL's number by the roots of this machine, 0 for a good chain; `None` where it is not
/// installed.
fn openssl(chain: &Path, at: &str) -> Option<u64> {
    let moment: jiff::Timestamp = at.parse().unwrap();
    let finished = run(
        peer("openssl")?
            .args(["verify", "-purpose", "sslserver", "-CAfile", ROOTS])
            .args(["-no-CApath", "-no-CAstore", "-attime"])
            .arg(moment.as_second().to_string())
            .arg("-untrusted")
            .args([chain, chain]),
        60,
    );
    if finished.code == Some(0) {
        return Some(0);
    }
    let said = finished.said();
    let number = said.split("error ").nth(1).unwrap_or_default();
    let number = number.split(' ').next().unwrap_or_default();
    Some(number.parse().unwrap_or_else(|_| panic!("{said}")))
}

fn lint(chain: &Path, at: &str, more: &[&str]) -> Value {
    let finished = run(
        mtls()
            .args(["lint", "--format", "json", "--role", "server"])
            .args(["--at-time", at, "--cert"])
            .arg(chain)
            .args(more),
        60,
    );
    serde_json::from_str(&finished.stdout).unwrap_or_else(|_| panic!("{}", finished.said()))
}

/// No alarm where no code is wanted but the one that is known, else an alarm by one of these and no
/// trust: an error, but for a weak signature, which some still take.
fn check(chain: &Path, at: &str, codes: &[&str], elsewhere: Option<&str>) -> Result<(), String> {
    let report = lint(chain, at, &["--cacert", ROOTS]);
    let all = report["findings"].as_array().unwrap();
    let of = |severity: &str| -> Vec<(String, String)> {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        all.iter()
            .filter(|finding| finding["severity"] == severity)
            .map(|finding| (word(&finding["code"]), word(&finding["message"])))
            .collect()
    };
    let (errors, mut warnings) = (of("error"), of("warning"));
    let status = report["trust"][0]["status"].as_str().unwrap_or_default();
    let exit = &report["exit_code"];
    if codes.is_empty() {
        warnings.retain(|(code, _)| Some(code.as_str()) != elsewhere);
        let trusted = status == "trusted" || elsewhere.is_some();
        if !errors.is_empty() || !warnings.is_empty() || !trusted || *exit != 0 {
            return Err(format!("good, but {status}: {errors:#?} {warnings:#?}"));
        }
        return Ok(());
    }
    let by =
        |found: &[(String, String)]| found.iter().any(|(code, _)| codes.contains(&code.as_str()));
    let weak = codes == ["MT205"];
    let told = by(&errors) || (weak && by(&warnings));
    if !told || status == "trusted" || (!weak && *exit != 1) {
        return Err(format!(
            "expected an alarm of {codes:?}, found {status}: {errors:#?} {warnings:#?}"
        ));
    }
    Ok(())
}
