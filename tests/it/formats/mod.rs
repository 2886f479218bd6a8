//! The formats of code hosts and build servers: one faulty set in all of them, hostile names, clean
//! runs, several at once. What their own consumers say of them stands in `.ci/formats`.

mod chosen;

use std::{collections::BTreeSet, fs};

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use serde_json::Value;

use crate::support::{Finished, Pki, mtls, run};

const FORMATS: [&str; 6] = ["sarif", "junit", "github", "gitlab", "markdown", "html"];

/// `mtls` with these words in this folder.
fn in_folder(folder: &str, words: &[&str]) -> Finished {
    run(mtls().args(words).current_dir(folder), 60)
}

fn read(folder: &str, name: &str) -> String {
    fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

/// A folder with files at fault in several ways.
fn faulty() -> (Pki, String) {
    let pki = Pki::new();
    pki.write(
        "set/expired.pem",
        fs::read(pki.client("client-expired", "fullchain.pem")).unwrap(),
    );
    pki.write(
        "set/selfsigned.pem",
        fs::read(pki.client("client-self-signed", "fullchain.pem")).unwrap(),
    );
    let chain = fs::read_to_string(pki.path("server/fullchain.pem")).unwrap();
    pki.write(
        "set/with space.pem",
        format!("{}\n{chain}{chain}", "text in front"),
    );
    pki.write("set/empty.pem", "");
    let folder = pki.path("set");
    (pki, folder)
}

#[test]
fn one_run_writes_them_all() {
    let (_pki, folder) = faulty();
    let outputs: Vec<String> = FORMATS
        .iter()
        .chain(&["json", "jsonl", "text"])
        .flat_map(|format| ["--output".to_owned(), format!("{format}=../out.{format}")])
        .collect();
    let mut words = vec!["lint", "."];
    words.extend(outputs.iter().map(String::as_str));
    let finished = in_folder(&folder, &words);
    assert_eq!(finished.code, Some(1), "{}", finished.said());
    assert!(finished.stdout.contains("FAIL"), "{}", finished.stdout);
    let json: Value = serde_json::from_str(&read(&folder, "../out.json")).unwrap();
    let count = json["findings"].as_array().unwrap().len();
    assert!(count > 6, "{json:#}");

    let sarif: Value = serde_json::from_str(&read(&folder, "../out.sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), count);
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.starts_with(['/', '.']) && !uri.contains(' '), "{uri}");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
    }
    let prints = |values: &[Value], key: &dyn Fn(&Value) -> Value| -> BTreeSet<String> {
        values
            .iter()
            .map(|value| key(value).as_str().unwrap().to_owned())
            .collect()
    };
    let own = prints(results, &|one| {
        one["partialFingerprints"]["mtls/v1"].clone()
    });
    assert_eq!(
        own.len(),
        count,
        "a code host drops what has the same fingerprint"
    );

    let gitlab: Value = serde_json::from_str(&read(&folder, "../out.gitlab")).unwrap();
    let gitlab = gitlab.as_array().unwrap();
    assert_eq!(gitlab.len(), count);
    assert_eq!(prints(gitlab, &|one| one["fingerprint"].clone()), own);
    assert!(
        gitlab
            .iter()
            .any(|one| one["location"]["path"] == "with space.pem")
    );

    let github = read(&folder, "../out.github");
    assert_eq!(github.lines().count(), count);
    let level = |line: &str| {
        ["::error ", "::warning ", "::notice "]
            .iter()
            .position(|level| line.starts_with(level))
            .unwrap()
    };
    let levels: Vec<usize> = github.lines().map(level).collect();
    assert!(levels.is_sorted(), "{github}");

    let junit = read(&folder, "../out.junit");
    assert_eq!(
        junit.matches("<testsuite ").count(),
        json["cases"].as_array().unwrap().len()
    );
    assert!(
        junit.contains("<failure ") && junit.contains("<skipped "),
        "{junit}"
    );
    let markdown = read(&folder, "../out.markdown");
    assert!(markdown.starts_with("## mtls lint: **fail**"), "{markdown}");
    let lines = read(&folder, "../out.jsonl").lines().count();
    assert_eq!(lines, json["cases"].as_array().unwrap().len() + 1);
    assert!(!read(&folder, "../out.text").contains('\x1b'));
}

#[test]
fn a_clean_run_lists_the_rules() {
    let pki = Pki::new();
    let words = [
        "lint",
        "--cert",
        "server/fullchain.pem",
        "--cacert",
        "server-ca.pem",
        "--format",
    ];
    let clean = |format: &str| {
        let mut all = words.to_vec();
        all.push(format);
        let finished = in_folder(&pki.path(""), &all);
        assert_eq!(finished.code, Some(0), "{}", finished.said());
        finished.stdout
    };
    let sarif: Value = serde_json::from_str(&clean("sarif")).unwrap();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    // Those that looked at something, and only those.
    let json: Value = serde_json::from_str(&clean("json")).unwrap();
    let codes = |rules: &Vec<Value>, key: &str| -> BTreeSet<String> {
        let code = |rule: &Value| rule[key].as_str().unwrap().to_owned();
        rules.iter().map(code).collect()
    };
    let checked = [&json["passed"], &json["findings"]].map(|list| list.as_array().unwrap());
    let passed: BTreeSet<String> = checked[0]
        .iter()
        .map(|code| code.as_str().unwrap().to_owned())
        .collect();
    let found = codes(checked[1], "code");
    assert!(passed.len() > 40, "{passed:?}");
    assert_eq!(codes(rules, "id"), &passed | &found);
    for rule in rules {
        assert!(
            rule["shortDescription"]["text"].as_str().unwrap().len() > 5,
            "{rule:#}"
        );
    }
    assert!(clean("junit").contains("failures=\"0\""));
    assert!(clean("markdown").starts_with("## mtls lint: pass"));
}

/// Code hosts have a limit on what they take; all rules with their pages were 345 KB.
#[test]
fn sarif_of_one_finding_is_small() {
    let pki = Pki::new();
    let finished = in_folder(
        &pki.path(""),
        &[
            "lint",
            "--cert",
            "clients/client-expired/fullchain.pem",
            "--role",
            "client",
            "--cacert",
            "client-ca.pem",
            "--format",
            "sarif",
        ],
    );
    assert_eq!(finished.code, Some(1), "{}", finished.said());
    let sarif: Value = serde_json::from_str(&finished.stdout).unwrap();
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty() && results.len() < 4, "{results:#?}");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        let fired = results.iter().any(|result| result["ruleId"] == rule["id"]);
        assert_eq!(rule["help"]["markdown"].is_string(), fired, "{rule:#}");
    }
    assert!(
        finished.stdout.len() < 60_000,
        "{} bytes",
        finished.stdout.len()
    );
}

#[test]
fn hostile_names_break_none_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let names = [
        "\x1b[2J",
        "a\n::error file=x::owned",
        "a|b`c`",
        "]]></failure>",
        "<img src=x onerror=alert(1)>",
        "\u{202e}gnp.exe",
        "@everyone [x](javascript:alert(1))",
        "\"%0A::error::",
    ];
    for (number, name) in names.iter().enumerate() {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, *name);
        params.not_after = time_then();
        let certificate = params.self_signed(&key).unwrap();
        fs::write(
            folder.path().join(format!("{number}.pem")),
            certificate.pem(),
        )
        .unwrap();
    }
    let file = folder.path().join("we`ird,na:me%0A|x.pem");
    fs::write(
        file,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    for format in FORMATS {
        let said = in_folder(path, &["lint", ".", "--format", format]).stdout;
        let bad = |character: char| mtls::parse::escape::is_hostile(character) && character != '\n';
        match format {
            // JSON has an escape of its own for what is not to be seen.
            "sarif" | "gitlab" => {
                serde_json::from_str::<Value>(&said).unwrap();
            }
            _ => assert!(!said.contains(bad), "{format}: {said:?}"),
        }
        match format {
            "github" => assert!(
                said.lines()
                    .all(|line| line.starts_with("::") && line.matches("::").count() >= 2),
                "{said}"
            ),
            "markdown" => assert!(!said.contains("<img") && !said.contains("\n::"), "{said}"),
            // The page has no script, no picture, no address; a name's markup is text.
            "html" => {
                for forbidden in [
                    "<img",
                    "<script",
                    " onerror=",
                    "javascript:",
                    "http://",
                    "src=",
                ] {
                    let in_markup = said.split('<').any(|tag| {
                        let tag = tag.split('>').next().unwrap_or_default();
                        format!("<{tag}").contains(forbidden)
                    });
                    assert!(!in_markup, "{forbidden}: {said}");
                }
                for paired in [
                    "section", "details", "article", "div", "ol", "ul", "dl", "table", "pre",
                ] {
                    let opened = said.matches(&format!("<{paired}>")).count()
                        + said.matches(&format!("<{paired} ")).count();
                    assert_eq!(
                        opened,
                        said.matches(&format!("</{paired}>")).count(),
                        "{paired}"
                    );
                }
            }
            "junit" => assert_eq!(
                said.matches("<failure ").count(),
                said.matches("</failure>").count(),
                "{said}"
            ),
            _ => {}
        }
    }
}

fn time_then() -> time::OffsetDateTime {
    rcgen::date_time_ymd(2020, 1, 1)
}

#[test]
fn two_formats_cannot_share_standard_output() {
    let (_pki, folder) = faulty();
    let finished = in_folder(&folder, &["lint", ".", "-o", "json=-"]);
    assert_eq!(finished.code, Some(2));
    assert!(
        finished
            .stderr
            .contains("text and json would both go to standard output"),
        "{}",
        finished.stderr
    );
    let finished = in_folder(
        &folder,
        &[
            "lint",
            ".",
            "--format",
            "json",
            "-o",
            "sarif=no/such/folder/x.sarif",
        ],
    );
    assert_eq!(finished.code, Some(2), "{}", finished.said());
    assert!(
        finished.stderr.contains("no/such/folder"),
        "{}",
        finished.stderr
    );
    let watched = in_folder(&folder, &["lint", ".", "--format", "prometheus"]);
    assert_eq!(watched.code, Some(2), "{}", watched.said());
}

#[test]
fn githubs_step_summary_is_added_to() {
    let (pki, folder) = faulty();
    let summary = pki.write("summary.md", "before\n");
    let mut command = mtls();
    command
        .args(["lint", ".", "--format", "github"])
        .current_dir(&folder)
        .env("GITHUB_STEP_SUMMARY", &summary);
    let finished = run(&mut command, 60);
    assert!(
        finished.stdout.starts_with("::error "),
        "{}",
        finished.stdout
    );
    let text = fs::read_to_string(summary).unwrap();
    assert!(text.starts_with("before\n## mtls lint: **fail**"), "{text}");
}

#[test]
fn calls_and_endpoints_have_them_too() {
    let pki = Pki::new();
    let server = pki.listen(&["--client-auth", "request"]);
    let url = server.url("/hook");
    for format in FORMATS {
        let simulated = in_folder(
            &pki.path(""),
            &[
                "simulate", &url, "-k", "--client", "expired", "--format", format,
            ],
        );
        assert_eq!(simulated.code, Some(1), "{format} {}", simulated.said());
        assert!(
            simulated.stdout.contains("MT420"),
            "{format} {}",
            simulated.stdout
        );
        let inspected = in_folder(
            &pki.path(""),
            &["inspect", "127.0.0.1:1", "--format", format],
        );
        assert_eq!(inspected.code, Some(1), "{format} {}", inspected.said());
        assert!(
            inspected.stdout.contains("MT910"),
            "{format} {}",
            inspected.stdout
        );
    }
}

#[test]
fn the_page_shows_what_was_sent_what_was_verified_and_where_it_broke() {
    let pki = Pki::new();
    let report = pki.path("report.html");
    let server = pki.listen(&[
        "--client-auth",
        "require",
        "--enforce",
        "--output",
        &format!("html={report}"),
    ]);
    let url = server.url("/hook");
    let expired = pki.client("client-expired", "fullchain.pem");
    let key = pki.client("client-expired", "key.pem");
    let words = [
        "simulate",
        &url,
        "--cacert",
        "server-ca.pem",
        "--cert",
        &expired,
        "--key",
        &key,
        "--format",
        "html",
    ];
    let page = in_folder(&pki.path(""), &words).stdout;
    for wanted in [
        "<html lang=\"en\">",
        "default-src 'none'",
        "sent as no. 2",
        "depth 2",
        "evaluation time",
        "ClientHello",
        "EncryptedExtensions, CertificateRequest, Certificate (2), CertificateVerify, Finished",
        "it broke here: </span>alert 45 certificate_expired",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    // The same connection from the other end, put in place when the listener ends.
    server.finish();
    let page = fs::read_to_string(&report).unwrap();
    for wanted in [
        "<title>FAIL: localhost - mtls listen, ",
        "MT201 certificate-expired",
        "client to server: ",
        "alert 45 certificate_expired",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    // No key, no credential: the call's bearer token was taken out when it was read.
    assert!(
        !page.contains("PRIVATE KEY") && !page.contains("Bearer ey"),
        "{page}"
    );
}
