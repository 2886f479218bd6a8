//! What is printed by default is short: so many lines on 80 columns, the answer first, a summary last.
//! What is behind `-v`, `-q` and `--format concise`, and that width is the reader's.

use std::{fs, process::Command};

use unicode_width::UnicodeWidthStr as _;

use crate::support::{Finished, Listener, Pki, clean, mtls, peer, run, skipped};

/// `mtls` with these words in the PKI's folder, on so many columns; none = a pipe.
fn said(pki: &Pki, columns: Option<usize>, words: &[&str]) -> Finished {
    let mut command = mtls();
    command.args(words).current_dir(pki.path(""));
    command.env("LC_ALL", "C.UTF-8");
    if let Some(columns) = columns {
        command.env("COLUMNS", columns.to_string());
    }
    run(&mut command, 120)
}

/// Holds the output to so many lines, as a terminal of 80 columns shows them.
#[track_caller]
fn at_most(lines: usize, finished: &Finished) {
    let shown: usize = finished
        .stdout
        .lines()
        .map(|line| line.width().div_ceil(80).max(1))
        .sum();
    assert!(shown <= lines, "{shown} lines\n{}", finished.stdout);
}

#[track_caller]
fn last(finished: &Finished) -> &str {
    finished.stdout.lines().last().unwrap()
}

#[test]
fn judging_files_takes_a_few_lines() {
    let pki = Pki::new();
    let good = [
        "lint",
        "--cert",
        "server/fullchain.pem",
        "--cacert",
        "server-ca.pem",
    ];
    let finished = said(&pki, Some(80), &good);
    at_most(10, &finished);
    assert!(finished.stdout.starts_with("PASS "), "{}", finished.stdout);
    assert!(last(&finished).starts_with("0 errors, 0 warnings, "));

    let missing = pki.client("client-missing-intermediate", "fullchain.pem");
    let words = [
        "lint",
        "--cert",
        &missing,
        "--role",
        "client",
        "--cacert",
        "client-ca.pem",
    ];
    let finished = said(&pki, Some(80), &words);
    at_most(15, &finished);
    let page = &finished.stdout;
    assert!(page.starts_with("FAIL "), "{page}");
    assert!(page.contains("\nerror[MT203] "), "{page}");
    assert!(page.contains("\n  fix"), "{page}");
    assert!(page.contains("\n      $ "), "{page}");
    assert_eq!(page.matches("MT203").count(), 2, "{page}");
    assert!(last(&finished).contains("; mtls explain MT203"), "{page}");

    said(&pki, None, &["pki", "made"]).ok();
    let finished = said(&pki, Some(80), &["lint", "made/clients"]);
    at_most(40, &finished);
    let page = &finished.stdout;
    assert_eq!(finished.code, Some(1));
    let verdicts: Vec<&str> = page
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(word, _)| word)
        .filter(|word| ["FAIL", "UNKNOWN", "WARN", "PASS"].contains(word))
        .collect();
    let rank = |word: &&&str| {
        ["FAIL", "UNKNOWN", "WARN"]
            .iter()
            .position(|one| one == *word)
    };
    assert!(verdicts.len() > 15, "{page}");
    assert!(verdicts.iter().all(|word| rank(&word).is_some()), "{page}");
    let ranks: Vec<Option<usize>> = verdicts.iter().map(|word| rank(&word)).collect();
    assert!(ranks.is_sorted(), "{page}");
    assert!(page.lines().next().unwrap().contains(" clean"), "{page}");
}

#[test]
fn the_answer_to_the_question_is_line_one() {
    let pki = Pki::new();
    let write = |name: &str, profile: &str| {
        let made = said(&pki, None, &["profiles", "pem", profile]);
        pki.write(name, made.stdout)
    };
    write("old.pem", "gts-root-r1");
    write("both.pem", "dialogflow");
    let lint = |files: &[&str]| {
        let mut words = vec!["lint", "--profile", "dialogflow", "--at-time", "2026-12-02"];
        for file in files {
            words.extend(["--client-ca", file]);
        }
        said(&pki, None, &words)
    };
    let broken = lint(&["old.pem"]);
    let first = broken.stdout.lines().next().unwrap();
    assert_eq!(broken.code, Some(1));
    assert!(first.starts_with("FAIL "), "{first}");
    assert!(
        first.contains("Dialogflow ES, as of 2026-12-02: BROKEN - old.pem lacks SSL.com"),
        "{first}"
    );
    let works = lint(&["both.pem"]);
    let first = works.stdout.lines().next().unwrap();
    assert_eq!(works.code, Some(0));
    assert!(first.starts_with("PASS "), "{first}");
    assert!(first.contains(": READY - both.pem accepts "), "{first}");
    // Several files are each named, the bad one first.
    let two = lint(&["both.pem", "old.pem"]);
    let lines: Vec<&str> = two.stdout.lines().take(2).collect();
    assert!(lines[0].contains("BROKEN - old.pem"), "{}", two.stdout);
    assert!(lines[1].contains("READY - both.pem"), "{}", two.stdout);
    // Another finding does not take the answer's place, and the line does not contradict the status.
    let mixed = said(
        &pki,
        None,
        &[
            "lint",
            "--client-ca",
            "both.pem",
            "--cert",
            &pki.client("client-expired", "fullchain.pem"),
            "--profile",
            "dialogflow",
        ],
    );
    let first = mixed.stdout.lines().next().unwrap();
    assert_eq!(mixed.code, Some(1), "{}", mixed.said());
    assert!(first.starts_with("FAIL "), "{first}");
    assert!(first.contains(": READY - both.pem"), "{first}");
    assert!(first.contains(" error"), "{first}");
}

#[test]
fn demo_is_a_screen_with_one_refusal() {
    let pki = Pki::new();
    let finished = said(&pki, Some(80), &["demo"]);
    assert_eq!(finished.code, Some(0), "{}", finished.said());
    at_most(25, &finished);
    let page = &finished.stdout;
    for verdict in ["PASS", "WARN", "FAIL"] {
        let wanted = format!("Z {verdict} ");
        let lines = page.lines().filter(|line| line.contains(&wanted));
        assert_eq!(lines.count(), 1, "{verdict}: {page}");
    }
    assert!(page.contains("alert 45 certificate_expired"), "{page}");
    let full = said(&pki, Some(80), &["demo", "-v"]).stdout;
    assert!(full.contains("ciphers"), "{full}");
}

/// A call with curl, as this client.
fn curl(pki: &Pki, port: u16, client: &str) -> Command {
    let mut command = clean("curl");
    command
        .args([
            "--silent",
            "--http1.1",
            "--cacert",
            &pki.path("server-ca.pem"),
        ])
        .args(["--cert", &pki.client(client, "fullchain.pem")])
        .args(["--key", &pki.client(client, "key.pem")])
        .args(["--data", "{}", &format!("https://localhost:{port}/hook")]);
    command
}

fn listening(pki: &Pki, flags: &[&str]) -> Listener {
    let mut command = mtls();
    command
        .current_dir(pki.path(""))
        .env("COLUMNS", "80")
        .args(["listen", "--listen", "127.0.0.1:0", "--count", "1"])
        .args(["--cert", "server/fullchain.pem", "--key", "server/key.pem"])
        .args(["--client-ca", "client-ca.pem"])
        .args(flags);
    Listener::start(&mut command)
}

#[test]
fn a_connection_ends_with_its_verdict() {
    if peer("curl").is_none() {
        return;
    }
    let pki = Pki::new();
    let dump = |flags: &[&str]| {
        let listener = listening(&pki, flags);
        run(
            &mut curl(&pki, listener.address().port(), "client-expired"),
            60,
        );
        listener.wait()
    };
    let verdict = |line: &str| {
        assert!(line.starts_with("#1 "), "{line}");
        assert!(line.contains("Z FAIL "), "{line}");
        assert!(line.contains("(MT201)"), "{line}");
        assert!(line.contains("CN = simulated sender"), "{line}");
    };
    let short = dump(&["--short"]);
    assert_eq!(short.code, Some(1), "{}", short.said());
    assert_eq!(short.stdout.lines().count(), 1, "{}", short.stdout);
    verdict(last(&short));
    for flags in [&[][..], &["-v"]] {
        let dump = dump(flags);
        // The last line is the run's, the one before it the connection's.
        let lines: Vec<&str> = dump.stdout.lines().collect();
        verdict(lines[lines.len() - 2]);
        assert!(
            last(&dump).starts_with("1 connection, 1 error, "),
            "{}",
            dump.stdout
        );
        if flags.is_empty() {
            at_most(25, &dump);
            // What was printed when the answer went out is not printed again.
            assert_eq!(
                dump.stdout.matches("error[MT201]").count(),
                1,
                "{}",
                dump.stdout
            );
        }
    }
}

#[test]
fn a_matrix_with_fourteen_failing_rows_is_a_screen() {
    let pki = Pki::new();
    let server = pki.listen(&["--client-auth", "request"]);
    let url = server.url("/hook");
    let matrix = |flags: &[&str]| {
        let words = ["simulate", &url, "--cacert", "server-ca.pem", "--matrix"];
        said(&pki, Some(80), &[&words[..], flags].concat())
    };
    let finished = matrix(&[]);
    let page = &finished.stdout;
    assert_eq!(finished.code, Some(1), "{}", finished.said());
    let failing = page.lines().filter(|line| line.starts_with("! ")).count();
    assert!(failing >= 14, "{page}");
    at_most(40, &finished);
    assert!(
        page.starts_with("FAIL  client certificates are not enforced: "),
        "{page}"
    );
    // One remedy a cause.
    let fixes = page
        .lines()
        .filter(|line| line.starts_with("  fix"))
        .count();
    assert!(fixes <= 2, "{page}");

    let report = pki.path("matrix.html");
    matrix(&["-o", &format!("html={report}"), "-q"]);
    let page = fs::read_to_string(&report).unwrap();
    let title = page.split("<title>").nth(1).unwrap();
    let title = title.split("</title>").next().unwrap();
    assert!(
        title.starts_with(&format!("FAIL: {url} - mtls simulate, 20")),
        "{title}"
    );
    let remedies = page.matches("class=\"remedy\"").count();
    let notes = page.matches("<article class=\"finding note\"").count();
    assert!(remedies - notes <= 2, "{remedies} remedies, {notes} notes");
    assert!(page.contains("implementation-dependent, never a failure"));
    printed(&pki, &report, 4);
}

/// Prints a report with the browser that is here and counts the sheets.
fn printed(pki: &Pki, report: &str, most: usize) {
    let Some(mut command) = peer("chromium") else {
        return;
    };
    let (sheets, profile) = (pki.path("sheets.pdf"), pki.path("browser"));
    command
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
        ])
        .args([
            format!("--user-data-dir={profile}"),
            format!("--print-to-pdf={sheets}"),
            format!("file://{report}"),
        ])
        .env("HOME", pki.path(""));
    run(&mut command, 120);
    let Ok(pdf) = fs::read(&sheets) else {
        skipped("chromium printed nothing");
        return;
    };
    let pdf = String::from_utf8_lossy(&pdf);
    let pages = pdf.matches("/Type /Page\n").count() + pdf.matches("/Type /Page ").count();
    assert!((1..=most).contains(&pages), "{pages} sheets");
}

#[test]
fn quiet_concise_and_verbose_are_less_and_more() {
    let pki = Pki::new();
    let file = pki.client("client-expired", "fullchain.pem");
    let lint = |flags: &[&str]| said(&pki, None, &[&["lint", file.as_str()], flags].concat());
    let quiet = lint(&["-q"]).stdout;
    assert_eq!(quiet.lines().count(), 1, "{quiet}");
    assert!(
        quiet.starts_with("FAIL ") && quiet.contains("(MT201)"),
        "{quiet}"
    );
    let concise = lint(&["--format", "concise"]).stdout;
    let first = concise.lines().next().unwrap();
    assert!(
        first.starts_with(&format!("{file}:1: error[MT201] ")),
        "{concise}"
    );
    let line = regex::Regex::new(r"^\S+:\d+: (error|warning|note)\[MT\d{3}\] \S").unwrap();
    assert!(concise.lines().all(|one| line.is_match(one)), "{concise}");
    let full = lint(&["-v"]).stdout;
    for wanted in ["BEGIN CERTIFICATE", "depth ", "sha256", "MT246"] {
        assert!(full.contains(wanted), "{wanted}: {full}");
    }
    assert_eq!(lint(&["-v", "-q"]).code, Some(2));
}

#[test]
fn the_width_is_the_readers() {
    let pki = Pki::new();
    let words = [
        "lint",
        "--cert",
        "server/fullchain.pem",
        "--cacert",
        "server-ca.pem",
        "-v",
    ];
    // Its numbers, or the columns before it.
    let in_tree = regex::Regex::new(r"^(  (\d+|-) +(\d+|-)? | {15})").unwrap();
    for columns in [60, 80] {
        let page = said(&pki, Some(columns), &words).stdout;
        assert!(page.contains("└─"), "{page}");
        for line in page.lines() {
            assert!(line.width() <= columns, "{columns}: {line}");
        }
        // Every line of a tree stands in the tree.
        let tree = page
            .lines()
            .skip_while(|line| !line.contains("  certificate"));
        for line in tree
            .take_while(|line| !line.starts_with("  trust "))
            .skip(1)
        {
            assert!(in_tree.is_match(line), "{line}");
        }
    }
    let longest = |columns| {
        let page = said(&pki, columns, &words).stdout;
        page.lines().map(|line| line.width()).max().unwrap()
    };
    assert!((81..=120).contains(&longest(Some(140))));
    // A pipe's lines are whole: the sentence of the first has no second.
    let piped = said(&pki, None, &words).stdout;
    assert!(
        piped
            .lines()
            .nth(1)
            .is_none_or(|line| !line.starts_with("      ")),
        "{piped}"
    );
    let plain = run(
        mtls()
            .args(words)
            .current_dir(pki.path(""))
            .env("LC_ALL", "C"),
        60,
    );
    assert!(plain.stdout.is_ascii(), "{}", plain.stdout);
}
