//! What a checkout that means no good can make a run do: its settings, its links, its
//! configurations and its file names.

use std::fs;

use crate::{cli::run_in, support::Finished};

/// What must not come out.
const SECRET: &str = "ghp_5ecret5ecret5ecret5ecret5ecret5e";
/// Formats that show what is in a file, or could.
const FORMATS: &[&str] = &[
    "text", "json", "jsonl", "html", "markdown", "sarif", "gitlab", "github", "junit",
];

/// A checkout with a good chain, and beside it files that are none of its business: one of a
/// secret, one of a secret and a certificate.
struct Checkout {
    folder: tempfile::TempDir,
}

impl Checkout {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        run_in(folder.path(), &["pki", "pki"]).ok();
        let here = folder.path().join("here");
        fs::create_dir(&here).unwrap();
        let chain = fs::read_to_string(folder.path().join("pki/server/fullchain.pem")).unwrap();
        fs::write(here.join("a.pem"), &chain).unwrap();
        let credentials = format!("https://bot:{SECRET}@github.com\n");
        fs::write(folder.path().join("creds"), &credentials).unwrap();
        fs::write(
            folder.path().join("near"),
            format!("the password: {SECRET} of bot\n{chain}"),
        )
        .unwrap();
        Self { folder }
    }

    fn here(&self) -> std::path::PathBuf {
        self.folder.path().join("here")
    }

    fn settings(&self, text: &str) {
        fs::write(self.here().join("mtls.toml"), text).unwrap();
    }

    /// Runs in every format; nothing of a secret may be seen.
    #[track_caller]
    fn shows_nothing(&self, what: &str, words: &[&str], secrets: &[&str]) {
        for format in FORMATS {
            let finished = run_in(&self.here(), &[words, &["--format", format]].concat());
            assert!(!finished.stdout.is_empty(), "{what}: {}", finished.said());
            for secret in secrets {
                assert!(
                    !finished
                        .said()
                        .to_lowercase()
                        .contains(&secret.to_lowercase()),
                    "{what}, {format}: {}",
                    finished.said()
                );
            }
        }
    }
}

#[test]
fn no_text_of_a_file_that_settings_name_is_shown() {
    let checkout = Checkout::new();
    for flag in ["key", "cert", "client-ca", "cacert", "untrusted", "crlfile"] {
        for file in ["../creds", "../near"] {
            checkout.settings(&format!("[lint]\n{flag} = \"{file}\"\n"));
            checkout.shows_nothing(flag, &["lint", "a.pem"], &[SECRET]);
        }
    }
    let absolute = checkout.folder.path().join("near");
    checkout.settings(&format!(
        "[lint]\ncert = {:?}\n",
        absolute.display().to_string()
    ));
    checkout.shows_nothing("an absolute path", &["lint"], &[SECRET]);
}

#[cfg(unix)]
#[test]
fn no_text_of_a_file_that_a_link_or_a_configuration_leads_to_is_shown() {
    let checkout = Checkout::new();
    let here = checkout.here();
    std::os::unix::fs::symlink("../creds", here.join("b.pem")).unwrap();
    std::os::unix::fs::symlink("../near", here.join("c.pem")).unwrap();
    std::os::unix::fs::symlink("..", here.join("up")).unwrap();
    for words in [
        &["lint", "."][..],
        &["lint", "b.pem"],
        &["lint", "c.pem"],
        &["lint", "--cert", "c.pem"],
        &["lint", "up/near"],
        &["lint", "up"],
        &["inspect", "c.pem"],
    ] {
        checkout.shows_nothing("a link", words, &[SECRET]);
    }
    for file in ["creds", "near"] {
        let named = checkout.folder.path().join(file);
        fs::write(
            here.join("n.conf"),
            format!(
                "server {{ listen 443 ssl; ssl_certificate {}; }}",
                named.display()
            ),
        )
        .unwrap();
        checkout.shows_nothing("a configuration", &["lint", "n.conf"], &[SECRET]);
    }
}

#[test]
fn text_near_a_block_of_a_file_that_was_named_is_shown() {
    let checkout = Checkout::new();
    let chain = fs::read_to_string(checkout.here().join("a.pem")).unwrap();
    let far = "# far from any block\n".to_owned() + &"# more\n".repeat(30);
    fs::write(
        checkout.here().join("d.pem"),
        format!("{far}{chain}# the text behind it\n"),
    )
    .unwrap();
    let seen = run_in(&checkout.here(), &["lint", "d.pem", "--format", "json"]);
    assert!(
        seen.stdout.contains("the text behind it"),
        "{}",
        seen.said()
    );
    assert!(
        !seen.stdout.contains("far from any block"),
        "{}",
        seen.said()
    );
    // A file without a block is none of it.
    fs::write(
        checkout.here().join("e.pem"),
        format!("token {SECRET} of bot\n"),
    )
    .unwrap();
    checkout.shows_nothing("no block", &["lint", "e.pem"], &[SECRET]);
}

#[test]
fn what_may_be_a_private_key_is_never_drawn() {
    let checkout = Checkout::new();
    let here = checkout.here();
    let key = fs::read_to_string(checkout.folder.path().join("pki/server/key.pem")).unwrap();
    let lines: Vec<&str> = key.lines().collect();
    let body: Vec<&str> = lines[1..lines.len() - 1]
        .iter()
        .map(|line| &line[..16.min(line.len())])
        .collect();
    let wrong_label =
        key.replace("PRIVATE KEY", "CERTIFICATE")
            .replacen(body[0], &format!("*{}", body[0]), 1);
    let in_hexadecimal =
        "Private-Key: (256 bit)\npriv:\n    00:c3:4a:5b:11:22:33:44:55:66:77:88:99:aa:bb\n"
            .to_owned()
            + &fs::read_to_string(here.join("a.pem")).unwrap();
    for (name, text) in [
        ("without BEGIN", lines[1..].join("\n")),
        ("without BEGIN and END", body.join("\n")),
        (
            "a comment before",
            format!("# a key\n{}", lines[1..].join("\n")),
        ),
        ("a wrong label", wrong_label),
        (
            "glued to its marker",
            lines.concat().replace("KEY-----", "KEY---"),
        ),
        ("blanks between", lines[1..].join(" ")),
        ("in hexadecimal", in_hexadecimal),
    ] {
        let secrets = [&body[..], &["00:c3:4a:5b"]].concat();
        for file in ["k.pem", "server.key"] {
            fs::write(here.join(file), &text).unwrap();
            checkout.shows_nothing(name, &["lint", file], &secrets);
            checkout.shows_nothing(name, &["lint", "--cert", "a.pem", "--key", file], &secrets);
        }
        checkout.shows_nothing(name, &["inspect", "k.pem"], &secrets);
    }
}

/// Whether a line of this stream is one that a CI system would obey, or a terminal.
fn is_obeyed(stream: &str) -> bool {
    let command = |line: &str| {
        line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[")
    };
    let is_control = |character: char| {
        character != '\n' && (character.is_control() || "\u{202e}\u{2066}".contains(character))
    };
    stream.lines().any(command) || stream.chars().any(is_control)
}

#[track_caller]
fn obeys_nothing(what: &str, finished: &Finished) {
    assert!(
        finished.stderr.contains("PWN"),
        "{what} is not told: {}",
        finished.said()
    );
    assert!(
        !is_obeyed(&finished.stderr),
        "{what}: {:?}",
        finished.stderr
    );
}

#[test]
fn values_of_settings_do_nothing_on_standard_error() {
    let checkout = Checkout::new();
    let attacks = [
        r"\n::error file=a::PWN\n::stop-commands::x",
        r"\u001b]0;PWN\u0007",
        r"\u202ePWN\u009b\u007f\r",
        "##vso[task.PWN]x ##[add-mask]y",
    ];
    for attack in attacks {
        for settings in [
            format!("[lint]\nprofile = \"{attack}\""),
            format!("[lint]\nselect = [\"{attack}\"]"),
            format!("[lint]\ncert = \"{attack}\""),
            format!("[lint]\nfail-on = \"{attack}\""),
            format!("[lint]\nwarn-days = \"{attack}\""),
            format!("[lint]\n\"{attack}\" = 1"),
            format!("\"{attack}\" = 1"),
            format!("[[ignore]]\nrule = \"{attack}\"\nreason = \"x\""),
            format!("[[ignore]]\nrule = \"MT2\"\nreason = \"{attack}\"\nuntil = 2020-01-01"),
            format!("[severity]\n\"{attack}\" = \"error\""),
        ] {
            checkout.settings(&settings);
            for words in [
                &["lint", "a.pem"][..],
                &["lint", "a.pem", "--format", "github"],
            ] {
                obeys_nothing(&settings, &run_in(&checkout.here(), words));
            }
        }
    }
}

#[test]
fn names_and_arguments_do_nothing_on_standard_error() {
    let checkout = Checkout::new();
    let here = checkout.here();
    for attack in [
        "x\n::error::PWN",
        "x\u{1b}]0;PWN\u{7}",
        "x\u{202e}PWN\u{9b}",
        "##vso[task.PWN]x",
    ] {
        for words in [
            &["lint", attack][..],
            &["lint", "--cert", attack],
            &["lint", "--profile", attack],
            &["lint", "--select", attack, "a.pem"],
            &["lint", "--fail-on", attack],
            &[attack],
            &["lint", &format!("--{attack}")],
            &["listen", "--cert", attack],
            &["inspect", "--targets", attack],
            &["simulate", "https://localhost:1/", "--client", attack],
            &["explain", "--with", attack, "x"],
            &["--config", attack, "lint", "a.pem"],
        ] {
            obeys_nothing(&format!("{words:?}"), &run_in(&here, words));
        }
        fs::write(
            here.join("targets"),
            format!("{}\n", attack.replace('\n', "\r")),
        )
        .unwrap();
        let listed = run_in(&here, &["inspect", "--targets", "targets", "-m", "1s"]);
        assert!(!is_obeyed(&listed.stderr), "{:?}", listed.stderr);
    }
    // A folder too deep, and a name nearly meant.
    let mut deep = here.join("\n::error::PWN");
    for _ in 0..18 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    obeys_nothing("a deep folder", &run_in(&here, &["lint", "."]));
    fs::write(here.join("web\n::error::PWN.pem"), "x").unwrap();
    obeys_nothing(
        "did you mean",
        &run_in(&here, &["lint", "--cert", "web ::error::PWN.pem"]),
    );
}

#[test]
fn commands_of_ci_systems_are_broken_on_standard_output() {
    let checkout = Checkout::new();
    let here = checkout.here();
    let names = ["##vso[task.PWN]x.pem", "##[add-mask]PWN.pem"];
    for name in names {
        fs::copy(here.join("a.pem"), here.join(name)).unwrap();
    }
    for format in FORMATS.iter().filter(|format| **format != "github") {
        for name in names {
            let seen = run_in(&here, &["lint", name, "--format", format]);
            assert!(!seen.stdout.contains("##vso["), "{format}: {}", seen.stdout);
            assert!(!seen.stdout.contains("##["), "{format}: {}", seen.stdout);
        }
    }
    let explained = run_in(&here, &["explain", "alert 48 ##vso[task.PWN]x"]);
    assert!(!is_obeyed(&explained.stdout), "{}", explained.stdout);
}

#[test]
fn no_output_has_a_raw_del_or_direction() {
    let checkout = Checkout::new();
    let here = checkout.here();
    let chain = fs::read_to_string(here.join("a.pem")).unwrap();
    fs::write(
        here.join("f.pem"),
        format!("# of \u{7f} and \u{202e} text\n{chain}"),
    )
    .unwrap();
    let name = "g\u{7f}\u{202e}.pem";
    fs::copy(here.join("f.pem"), here.join(name)).unwrap();
    for file in ["f.pem", name] {
        for format in FORMATS {
            let seen = run_in(&here, &["lint", file, "--format", format]);
            assert!(!is_raw(&seen.stdout), "{format}: {:?}", seen.stdout);
        }
    }
}

fn is_raw(stream: &str) -> bool {
    stream.contains(['\u{7f}', '\u{202e}'])
}
