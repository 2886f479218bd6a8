//! What `mtls.toml` and the environment decide, and what they may not.

use std::fs;

use serde_json::Value;

use crate::{
    cli::{files::Files, run_in},
    support::{Finished, Listener, mtls, run},
};

const SETTINGS: &str = r#"
fail-on = "note"

[lint]
cert = "fullchain.pem"
key = "key.pem"

[[ignore]]
rule = "internal-name"
reason = "inside only"
"#;

fn folder(settings: &str) -> Files {
    let files = Files::new();
    fs::write(files.path().join("mtls.toml"), settings).unwrap();
    fs::create_dir_all(files.path().join("below/deep")).unwrap();
    files
}

fn json(finished: &Finished) -> Value {
    serde_json::from_str(&finished.stdout).unwrap_or_else(|_| panic!("{}", finished.said()))
}

#[test]
fn a_command_takes_its_defaults_from_the_file_wherever_it_runs() {
    let files = folder(SETTINGS);
    for place in ["", "below/deep"] {
        let seen = json(&run_in(
            &files.path().join(place),
            &["lint", "--format", "json"],
        ));
        assert_eq!(seen["trust"][0]["status"], "unknown", "{seen:#}");
        assert_eq!(seen["summary"]["note"], 0, "{seen:#}");
    }
    // What is said counts more, and without the file nothing is decided.
    let said = run_in(
        files.path(),
        &["lint", "--key", "other-key.pem", "--fail-on", "never"],
    );
    assert_eq!(said.code, Some(0));
    assert!(said.stdout.contains("other-key.pem"), "{}", said.said());
    let none = run_in(files.path(), &["lint", "--no-config"]);
    assert_eq!(none.code, Some(2), "{}", none.said());
}

#[test]
fn the_environment_counts_more_than_the_file() {
    let files = folder(SETTINGS);
    let lint = |name: &str, value: &str| {
        let mut command = mtls();
        command
            .current_dir(files.path())
            .args(["lint", "other-key.pem"]);
        run(command.env(name, value), 20)
    };
    let wrong = lint("MTLS_FAIL_ON", "sometimes");
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong
            .stderr
            .starts_with("mtls: MTLS_FAIL_ON: invalid value 'sometimes'"),
        "{}",
        wrong.said()
    );
    let elsewhere = lint("MTLS_CONFIG", "missing.toml");
    assert_eq!(elsewhere.code, Some(2));
    assert!(
        elsewhere.stderr.contains("missing.toml: no such file"),
        "{}",
        elsewhere.said()
    );
    let other = lint("MTLS_KEY", "other-key.pem");
    assert!(other.stdout.contains("other-key.pem"), "{}", other.said());
}

#[test]
fn a_broken_file_is_drawn_and_a_file_does_not_decide_what_is_written() {
    for (settings, wanted) in [
        (
            "fail_on = \"note\"\n",
            "mtls: mtls.toml:1: `fail_on` is not a flag of any command; did you mean `fail-on`?\n",
        ),
        (
            "[lint]\noutput = \"sarif=x\"\n",
            "mtls: mtls.toml:2: `output` is not allowed in a settings file",
        ),
        (
            "[listen]\nshow-secrets = true\n",
            "mtls: mtls.toml:2: `show-secrets` is not allowed in a settings file",
        ),
        (
            "[lint]\nwarn-days = -3\n",
            "mtls: mtls.toml:2: --warn-days: -3 is not in",
        ),
        (
            "[[ignore]]\nrule = \"MT2\"\n",
            "mtls: mtls.toml:1: missing field `reason`",
        ),
        ("fail-on = \"\u{1b}[31m\n", "mtls: mtls.toml:1: "),
    ] {
        let files = folder(settings);
        let finished = run_in(files.path(), &["lint", "fullchain.pem"]);
        assert_eq!(finished.code, Some(2), "{}", finished.said());
        assert!(finished.stderr.starts_with(wanted), "{}", finished.said());
        assert!(
            finished.stderr.contains('^') && !finished.stderr.contains('\u{1b}'),
            "{}",
            finished.said()
        );
        assert_eq!(finished.stdout, "");
    }
}

#[test]
fn a_checkout_does_not_decide_what_is_opened_or_sent() {
    for (settings, words) in [
        ("[listen]\nlisten = \"*:4433\"\n", &["listen"][..]),
        ("[listen]\nrespond = \"/etc/hostname\"\n", &["listen"]),
        (
            "[simulate]\nconnect-to = [\"a:443:127.0.0.1:1\"]\n",
            &["simulate", "https://a/"],
        ),
        ("[explain]\nhost = \"127.0.0.1\"\n", &["explain", "116"]),
    ] {
        let files = folder(settings);
        let finished = run_in(files.path(), words);
        assert_eq!(finished.code, Some(2), "{}", finished.said());
        assert!(
            finished
                .stderr
                .contains("is not allowed in a settings file"),
            "{}",
            finished.said()
        );
    }
    // A file that was merely found is not followed elsewhere: what is wrong in it would be drawn.
    #[cfg(unix)]
    {
        let files = Files::new();
        let secret = files.path().join("secret");
        fs::write(&secret, "password = hunter2\n").unwrap();
        std::os::unix::fs::symlink(&secret, files.path().join("mtls.toml")).unwrap();
        let finished = run_in(files.path(), &["explain", "116"]);
        assert_eq!(finished.code, Some(2), "{}", finished.said());
        assert!(!finished.said().contains("hunter2"), "{}", finished.said());
    }
}

#[test]
fn a_broken_file_takes_nobody_help_away() {
    let files = folder("fail_on = 3\n");
    for words in [
        &["--help"][..],
        &["lint", "--help"],
        &["--version"],
        &["help", "lint"],
    ] {
        let finished = run_in(files.path(), words);
        assert_eq!(finished.code, Some(0), "{}", finished.said());
        assert!(
            finished.stderr.starts_with("mtls: mtls.toml:1: `fail_on`"),
            "{}",
            finished.said()
        );
    }
    // Wherever the file is named, the command and its own words are found.
    let named = run_in(
        files.path(),
        &[
            "--no-config",
            "listen",
            "-key",
            "key.pem",
            "-cert",
            "missing.pem",
        ],
    );
    assert_eq!(
        named.stderr,
        "mtls: missing.pem: no such file; check the path\n"
    );
    let plugin = run_in(
        files.path(),
        &[
            "--no-config",
            "inspect",
            "x",
            "--format",
            "nagios",
            "--badflag",
        ],
    );
    assert_eq!(plugin.code, Some(3), "{}", plugin.said());
}

#[test]
fn a_listener_keeps_to_the_exceptions_and_tells_them() {
    let files = folder("[[ignore]]\nrule = \"MT401\"\nreason = \"no client has one yet\"\n");
    let mut command = mtls();
    command.current_dir(files.path()).args([
        "listen",
        "--cert",
        "fullchain.pem",
        "--key",
        "key.pem",
        "--listen",
        "127.0.0.1:0",
        "--count",
        "1",
    ]);
    let running = Listener::start(&mut command);
    let url = format!("https://{}/", running.address());
    run(
        mtls().args(["simulate", &url, "-k", "--client", "none", "--exit-zero"]),
        20,
    );
    let said = running.wait().stdout;
    assert!(
        said.contains("ignored     MT401 client-certificate-not-sent: no client has one yet"),
        "{said}"
    );
    assert!(!said.contains("warn  MT401"), "{said}");
}
