//! Every question put in every form of input: the exit status of yes, of no, and of not known, and
//! the table of them in the docs.

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    fetch::ca::Ca,
    support::{Finished, Pki, feed, mtls},
};
use mtls::{parse::pem, profiles};

/// A way to hand files over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Flags,
    Path,
    Folder,
    Secret,
    Configuration,
    Stdin,
}

const FORMS: [Form; 6] = [
    Form::Flags,
    Form::Path,
    Form::Folder,
    Form::Secret,
    Form::Configuration,
    Form::Stdin,
];

/// What is deployed: texts, none where there is no such file.
#[derive(Clone, Default)]
struct Files {
    chain: String,
    key: String,
    client_ca: String,
}

/// A question: the flags that ask it, and the files for which the answer is yes, no, and not known.
struct Question {
    asks: &'static str,
    flags: Vec<String>,
    /// Whether it is about the client-CA file alone, and not about chain and key.
    of_clients: bool,
    answers: [Option<Files>; 3],
}

fn read(pki: &Pki, path: &str) -> String {
    fs::read_to_string(pki.path(path)).unwrap()
}

/// Whether the leaf is revoked: of one that is not in the CA's list, of one that is, and of one whose
/// list is nowhere.
fn revocation(ca: &Ca, good: &Files) -> Question {
    let root = ca.path("root");
    let flags = ["--fetch", "--fetch-private", "--cacert", &root];
    ca.leaf("revoked", LIST);
    ca.leaf("lost", &LIST.replace("list", "lost"));
    ca.index(&[("revoked", "R261101000000Z,superseded")]);
    ca.web
        .bytes("/list.crl", ca.list("issuing", "-crldays 7", ""));
    let of = |name: &str| {
        let read = |file: String| ca.forge.read(&file);
        Some(Files {
            chain: read(format!("{name}.crt")) + &read("issuing.crt".to_owned()),
            key: read(format!("{name}.key")),
            ..good.clone()
        })
    };
    Question {
        asks: "is it good by OCSP or CRL (`--fetch`)",
        flags: flags.map(str::to_owned).into(),
        of_clients: false,
        answers: ["leaf", "revoked", "lost"].map(of),
    }
}

/// Where the CA has its list.
const LIST: &str = "crlDistributionPoints=URI:WEB/list.crl";

fn questions(pki: &Pki, ca: &Ca) -> Vec<Question> {
    let good = Files {
        chain: read(pki, "server/fullchain.pem"),
        key: read(pki, "server/key.pem"),
        client_ca: read(pki, "client-ca.pem"),
    };
    let with = |change: fn(&mut Files, &Pki)| {
        let mut files = good.clone();
        change(&mut files, pki);
        Some(files)
    };
    let same = || Some(good.clone());
    let flags = |words: &[&str]| {
        words
            .iter()
            .map(|&word| word.to_owned())
            .collect::<Vec<_>>()
    };
    let anchor = pki.path("server-ca.pem");
    let root: String = profiles::find("dialogflow").unwrap().identity[0]
        .roots
        .iter()
        .map(|root| pem::encode("CERTIFICATE", &root.der))
        .collect();
    pki.write("sender-root.pem", &root);
    let mut question = vec![
        Question {
            asks: "is the chain complete and trusted (`--cacert`)",
            flags: flags(&["--cacert", &anchor]),
            of_clients: false,
            answers: [
                same(),
                with(|files, pki| files.chain = read(pki, "server/leaf.pem")),
                None,
            ],
        },
        Question {
            asks: "does the key fit",
            flags: Vec::new(),
            of_clients: false,
            answers: [
                same(),
                with(|files, pki| files.key = read(pki, "clients/valid/key.pem")),
                None,
            ],
        },
        Question {
            asks: "does it cover the name (`--host`)",
            flags: flags(&["--host", "localhost"]),
            of_clients: false,
            answers: [same(), None, None],
        },
        Question {
            asks: "is it valid then (`--at-time`)",
            flags: flags(&["--at-time", "2060-01-01"]),
            of_clients: false,
            answers: [None, same(), None],
        },
        Question {
            asks: "is the sender accepted (`--profile`)",
            flags: flags(&["--profile", "dialogflow"]),
            of_clients: true,
            answers: [
                with(|files, pki| files.client_ca = read(pki, "sender-root.pem")),
                same(),
                with(|files, _| files.client_ca = String::new()),
            ],
        },
        Question {
            asks: "is this client accepted (`--would-accept`)",
            flags: flags(&["--would-accept", &pki.client("valid", "fullchain.pem")]),
            of_clients: true,
            answers: [
                same(),
                with(|files, pki| files.client_ca = read(pki, "server-ca.pem")),
                with(|files, _| files.client_ca = String::new()),
            ],
        },
    ];
    // The same question about another name.
    let other = Question {
        asks: "does it cover another name (`--host`)",
        flags: flags(&["--host", "other.example.org"]),
        of_clients: false,
        answers: [None, same(), None],
    };
    question.insert(3, other);
    question.insert(5, revocation(ca, &good));
    question
}

/// Puts the files there in this form and asks; `None` where the form cannot hold the question.
fn ask(pki: &Pki, question: &Question, form: Form, files: &Files, name: &str) -> Option<Finished> {
    let folder = format!("asked/{name}");
    let write = |file: &str, text: &str| pki.write(format!("{folder}/{file}"), text);
    let pair = |files: &Files| -> Vec<(&'static str, String)> {
        let all = [
            ("tls.crt", &files.chain),
            ("tls.key", &files.key),
            ("ca.crt", &files.client_ca),
        ];
        let all = all.into_iter().filter(|(_, text)| !text.is_empty());
        all.map(|(file, text)| (file, text.clone())).collect()
    };
    let mut arguments: Vec<String> = Vec::new();
    let mut input = String::new();
    match form {
        Form::Flags => {
            let flags = [
                ("--cert", "tls.crt", &files.chain),
                ("--key", "tls.key", &files.key),
                ("--client-ca", "ca.crt", &files.client_ca),
            ];
            for (flag, file, text) in flags.into_iter().filter(|(.., text)| !text.is_empty()) {
                arguments.extend([flag.to_owned(), write(file, text)]);
            }
        }
        // Files by their paths alone: chain and key, or the client-CA file.
        Form::Path if question.of_clients && !files.client_ca.is_empty() => {
            arguments.push(write("clients.pem", &files.client_ca));
        }
        Form::Path => {
            arguments.push(write("web.crt", &files.chain));
            arguments.push(write("web.key", &files.key));
        }
        Form::Folder => {
            for (file, text) in pair(files) {
                write(file, &text);
            }
            arguments.push(pki.path(&folder));
        }
        Form::Secret => {
            let mut text = "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ntype: kubernetes.io/tls\ndata:\n".to_owned();
            for (file, content) in pair(files) {
                text.push_str(&format!("  {file}: {}\n", STANDARD.encode(content)));
            }
            arguments.push(write("secret.yaml", &text));
        }
        Form::Configuration => {
            write("web.crt", &files.chain);
            write("web.key", &files.key);
            let mut text = "server {\n  listen 443 ssl;\n  server_name localhost;\n  ssl_protocols TLSv1.2 TLSv1.3;\n  ssl_certificate web.crt;\n  ssl_certificate_key web.key;\n".to_owned();
            if files.client_ca.is_empty() {
                // Its CAs are elsewhere, out of reach.
                text.push_str("  ssl_verify_client on;\n  ssl_verify_depth 3;\n  ssl_client_certificate $clients;\n}\n");
            } else {
                write("clients.pem", &files.client_ca);
                text.push_str("  ssl_verify_client on;\n  ssl_verify_depth 3;\n  ssl_client_certificate clients.pem;\n}\n");
            }
            arguments.push(write("nginx.conf", &text));
        }
        Form::Stdin => {
            arguments.push("-".to_owned());
            input = if question.of_clients && !files.client_ca.is_empty() {
                files.client_ca.clone()
            } else {
                format!("{}{}", files.chain, files.key)
            };
        }
    }
    let mut command = mtls();
    command.arg("lint").args(arguments).args(&question.flags);
    // A key that others may read is another question.
    command.args(["--no-config", "--ignore", "MT121,MT122,MT117"]);
    Some(feed(&mut command, input.as_bytes(), 60))
}

fn words(form: Form) -> &'static str {
    match form {
        Form::Flags => "flags",
        Form::Path => "path",
        Form::Folder => "folder",
        Form::Secret => "Secret (YAML)",
        Form::Configuration => "configuration",
        Form::Stdin => "stdin",
    }
}

const BEGIN: &str =
    "<!-- answers: written by `UPDATE_DOCS=1 cargo test --test it proof::answers` -->\n";

#[test]
fn every_question_has_its_answer_in_every_form() {
    let Some(ca) = Ca::new(LIST) else { return };
    let pki = Pki::new();
    let mut table = String::from("| question |");
    for form in FORMS {
        table.push_str(&format!(" {} |", words(form)));
    }
    table.push_str(&format!("\n|---|{}\n", "---|".repeat(FORMS.len())));
    let mut wrong = Vec::new();
    for (number, question) in questions(&pki, &ca).iter().enumerate() {
        table.push_str(&format!("| {} |", question.asks));
        for form in FORMS {
            let mut cell = Vec::new();
            for (answer, files) in question.answers.iter().enumerate() {
                let Some(files) = files else {
                    cell.push("-".to_owned());
                    continue;
                };
                let name = format!("{number}-{form:?}-{answer}");
                let Some(finished) = ask(&pki, question, form, files, &name) else {
                    cell.push("-".to_owned());
                    continue;
                };
                let code = finished.code.unwrap_or(-1);
                let fits = match answer {
                    0 => code == 0,
                    1 => code == 1,
                    // The verdict is no PASS, and no FAIL either; 2 where nothing could be asked.
                    _ => (code == 1 && finished.stdout.starts_with("UNKNOWN")) || code == 2,
                };
                if !fits {
                    wrong.push(format!(
                        "{}, {form:?}, answer {answer}: exit status {code}\n{}",
                        question.asks,
                        finished.said()
                    ));
                }
                cell.push(code.to_string());
            }
            table.push_str(&format!(" {} |", cell.join(" / ")));
        }
        table.push('\n');
    }
    assert!(
        wrong.is_empty(),
        "{} cells:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/answers.md");
    let page = fs::read_to_string(&path).unwrap_or_default();
    let (lead, old) = page
        .split_once(BEGIN)
        .expect("docs/answers.md has the mark");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{lead}{BEGIN}{table}")).unwrap();
    } else {
        assert_eq!(
            old, table,
            "docs are stale: UPDATE_DOCS=1 cargo test --test it proof::answers"
        );
    }
}
