//! `verify::openssl::judge` against the installed openssl: for each chain, `s_server -verify` must
//! print exactly our events.
//!
//! Skipped, with a printed line, where there is no openssl command of the 3.0 series.

mod cases;
mod certificates;
mod letter;

use std::fmt::Write as _;
use std::sync::Arc;

use mtls::facts::{Certificate, Purpose, TrustFacts, TrustStatus};
use mtls::verify::{Anchors, Options, openssl};

use crate::support::{Forge, Listener, clean, now, peer, run, skipped};
use cases::{CASES, Case};

type Line = (usize, String, Option<(u32, String)>);

/// Runs one handshake and gives what the server's callback printed.
fn by_openssl(pki: &Forge, case: &Case) -> Vec<Line> {
    let mut server = clean("openssl");
    server
        .args(
            "s_server -accept 127.0.0.1:0 -key server.key -cert server.crt -naccept 1 -verify 9"
                .split(' '),
        )
        .args(["-cipher", "ALL:@SECLEVEL=2", "-no-CApath", "-no-CAstore"])
        .args(case.flags.split_whitespace())
        .current_dir(pki.root());
    if case.anchors.is_empty() {
        server.arg("-no-CAfile");
    } else {
        server
            .arg("-CAfile")
            .arg(pki.bundle("anchors.pem", case.anchors));
    }
    let server = Listener::start(&mut server);

    let leaf = case.chain[0];
    let mut client = clean("openssl");
    client
        .args(["s_client", "-connect", &server.address().to_string()])
        .args([
            "-cipher",
            "ALL:@SECLEVEL=0",
            "-no-CAfile",
            "-no-CApath",
            "-no-CAstore",
        ])
        .args([
            "-cert",
            &format!("{leaf}.crt"),
            "-key",
            &format!("{leaf}.key"),
        ])
        .current_dir(pki.root());
    if case.chain.len() > 1 {
        client
            .arg("-cert_chain")
            .arg(pki.bundle("sent.pem", &case.chain[1..]));
    }
    run(&mut client, 20);
    let text = server.wait().stderr;
    let lines = lines(&text);
    assert!(
        !lines.is_empty(),
        "{}: no callback was called: {text}",
        case.name
    );
    lines
}

fn lines(text: &str) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("depth=") {
            let (depth, subject) = rest.split_once(' ').unwrap();
            found.push((depth.parse().unwrap(), subject.to_owned(), None));
        } else if let Some(rest) = line.strip_prefix("verify error:num=") {
            let (num, text) = rest.split_once(':').unwrap();
            found.last_mut().unwrap().2 = Some((num.parse().unwrap(), text.to_owned()));
        }
    }
    found
}

fn ours(facts: &TrustFacts) -> Vec<Line> {
    facts
        .events
        .iter()
        .map(|event| {
            let error = event.error.map(|error| (error.num, error.text.to_owned()));
            (event.depth, event.subject.clone(), error)
        })
        .collect()
}

fn compare(pki: &Forge, case: &Case) -> Result<(), String> {
    let presented: Vec<Arc<Certificate>> = case
        .chain
        .iter()
        .map(|name| Arc::new(pki.certificate(name)))
        .collect();
    let anchors = Anchors::new(case.anchors.iter().map(|name| pki.certificate(name)));
    let options = Options {
        now: now(),
        purpose: Purpose::ClientAuth,
        max_depth: case.flags.contains("-verify_depth 0").then_some(0),
        partial_chain: case.flags.contains("-partial_chain"),
        issuers: mtls::verify::IssuerChoice::default(),
        lists: Arc::default(),
        looked_up: mtls::facts::RevocationCheck::Chain,
    };
    let facts = openssl::judge(&presented, &anchors, &options);
    let expected = by_openssl(pki, case);
    let mut report = String::new();
    if ours(&facts) != expected {
        write!(
            report,
            "{}\n  openssl: {expected:#?}\n  ours:    {:#?}\n",
            case.name,
            ours(&facts)
        )
        .unwrap();
    }
    let mut errors: Vec<u32> = expected
        .iter()
        .filter_map(|line| line.2.as_ref().map(|error| error.0))
        .collect();
    errors.dedup();
    if errors != case.errors {
        writeln!(
            report,
            "{}: openssl reports {errors:?}, the case is for {:?}",
            case.name, case.errors
        )
        .unwrap();
    }
    let clean = errors.is_empty() && facts.problems.is_empty();
    let trusted = facts.status == TrustStatus::Trusted;
    if trusted != (clean && !case.anchors.is_empty()) {
        writeln!(report, "{}: status {:?}", case.name, facts.status).unwrap();
    }
    if facts.problems.iter().any(|problem| problem.why.is_empty()) {
        writeln!(report, "{}: a problem without a reason", case.name).unwrap();
    }
    if std::env::args().any(|argument| argument == "--nocapture") {
        println!(
            "{}: {:?} {:?}",
            case.name, facts.status, facts.webpki_differs
        );
        for problem in &facts.problems {
            println!(
                "    {} at {}: {}",
                problem.error.num, problem.depth, problem.why
            );
        }
    }
    if report.is_empty() {
        Ok(())
    } else {
        Err(report)
    }
}

/// The openssl command of the 3.0 series; later ones print other texts and check in another order.
fn openssl_is_3_0() -> bool {
    let Some(mut openssl) = peer("openssl") else {
        return false;
    };
    let is_it = run(openssl.arg("version"), 60)
        .stdout
        .starts_with("OpenSSL 3.0.");
    if !is_it {
        skipped("no openssl 3.0 command here");
    }
    is_it
}

#[test]
fn events_are_what_s_server_prints() {
    if !openssl_is_3_0() {
        return;
    }
    let pki = certificates::pki();
    let reports: Vec<String> = CASES
        .iter()
        .filter_map(|case| compare(&pki, case).err())
        .collect();
    assert!(
        reports.is_empty(),
        "{} of {} chains differ:\n{}",
        reports.len(),
        CASES.len(),
        reports.join("\n")
    );
}

#[test]
fn differences_by_the_letter_are_written_down() {
    if !openssl_is_3_0() {
        return;
    }
    let found = letter::differences(&certificates::pki(), now());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stacks.md");
    let whole = std::fs::read_to_string(path).unwrap_or_default();
    // What stands before it is the table, which `tests/it/docs.rs` holds.
    let title = found.lines().find(|line| line.starts_with("## ")).unwrap();
    let begins = whole.find(&format!("\n{title}\n"));
    let table = &whole[..begins.unwrap_or(whole.len())];
    let expected = format!("{table}{found}");
    if update_docs() {
        std::fs::write(path, &expected).unwrap();
    } else {
        assert!(
            whole == expected,
            "docs/stacks.md is stale: run UPDATE_DOCS=1 cargo test --test it openssl_verify::\n{found}"
        );
    }
}

fn update_docs() -> bool {
    std::env::var_os("UPDATE_DOCS").is_some()
}

/// Chains, anchors and flags thrown together at random: what nobody thought of. Takes its time, so
/// it is asked for: `cargo test --test it openssl_verify:: -- --ignored`.
#[test]
#[ignore = "a thousand handshakes"]
fn events_are_what_s_server_prints_at_random() {
    if !openssl_is_3_0() {
        return;
    }
    let pki = certificates::pki();
    let mut state = 1u64;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut names: Vec<&'static str> = CASES
        .iter()
        .flat_map(|case| case.chain.iter().chain(case.anchors))
        .copied()
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut reports = Vec::new();
    for _ in 0..1000 {
        // Half of what is sent is a known chain, so that not every path ends at once.
        let known = &CASES[random(CASES.len())];
        let other = &CASES[random(CASES.len())];
        let mut chain = known.chain.to_vec();
        for _ in 0..random(4) {
            chain.push(names[random(names.len())]);
        }
        if random(3) == 0 && chain.len() > 1 {
            chain.remove(1);
        }
        let mut anchors = if random(3) == 0 {
            other.anchors.to_vec()
        } else {
            known.anchors.to_vec()
        };
        for _ in 0..random(3) {
            anchors.insert(random(anchors.len() + 1), names[random(names.len())]);
        }
        let flags = ["", "", "-partial_chain", "-verify_depth 0"][random(4)];
        let case = Case {
            name: Box::leak(format!("{chain:?} under {anchors:?} {flags}").into_boxed_str()),
            chain: Vec::leak(chain),
            anchors: Vec::leak(anchors),
            flags,
            errors: &[],
        };
        reports.extend(compare_events(&pki, &case).err());
    }
    assert!(
        reports.is_empty(),
        "{} differ:\n{}",
        reports.len(),
        reports.join("\n")
    );
}

/// The events alone.
fn compare_events(pki: &Forge, case: &Case) -> Result<(), String> {
    let report = compare(pki, case).err().unwrap_or_default();
    if report.contains("ours:") || report.contains("status") {
        Err(report)
    } else {
        Ok(())
    }
}
