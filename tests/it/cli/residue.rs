//! What fails is said in words: nothing of the operating system's numbers, nothing of the language
//! that this program is written in.

use std::{fs, net::TcpListener, process::Command};

use regex::Regex;

use crate::{
    cli::files::Files,
    support::{Finished, Listener, feed, mtls, peer, run, skipped},
};

/// What libraries say to whoever wrote them.
fn residue() -> Regex {
    Regex::new(
        r#"os error|lookup address|at path "|at line \d+ column|\((?:s|es)\)|Os \{|kind: |invalid digit|invalid utf-8|: no URL|UnknownIssuer|NotFound|unwrap|TOML parse error|EOF while|expected value|hyper|tokio|client error \("#,
    )
    .unwrap()
}

#[track_caller]
fn clean(words: &[&str], finished: &Finished, code: i32, says: &str) {
    let said = finished.said();
    let shown = format!("{words:?}: {said}");
    assert_eq!(finished.code, Some(code), "{shown}");
    let found = residue().find(&said).map(|found| found.as_str().to_owned());
    assert_eq!(found, None, "{shown}");
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(says), "expected `{says}` in {shown}");
}

/// A port that nothing listens on.
fn closed() -> String {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port().to_string()
}

#[test]
fn an_endpoint_that_is_not_there_is_told_in_words() {
    let port = closed();
    let (address, url) = (
        format!("127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}/"),
    );
    let refused = "connection refused";
    // RFC 6761: this one has no address, ever.
    let lookup = "DNS lookup failed";
    let keys = ["token", "verify", "--jwks", &url, "x.y.z"];
    for (words, code, says) in [
        (&["inspect", &address][..], 1, refused),
        (&["inspect", &address, "--format", "json"], 1, refused),
        (&["inspect", &address, "--format", "nagios"], 2, refused),
        (&["simulate", &url, "--client", "none"], 1, refused),
        (&["simulate", &url, "--format", "jsonl"], 1, refused),
        (&["explain", "48", "--host", &address], 0, ""),
        (&keys, 2, refused),
        (&["inspect", "nosuch.invalid"], 1, lookup),
        (&["simulate", "https://nosuch.invalid/"], 1, lookup),
        (
            &["simulate", "https://nosuch.invalid/", "--format", "json"],
            1,
            lookup,
        ),
        (&["listen", "--listen", "nosuch.invalid:0"], 2, lookup),
    ] {
        let finished = run(mtls().args(words).env_remove("HTTPS_PROXY"), 60);
        clean(words, &finished, code, says);
        // What is said of throwaway clients has nothing to do with it.
        assert!(!finished.stderr.contains("throwaway"), "{finished:?}");
    }
}

#[test]
fn a_file_that_cannot_be_used_is_told_in_words() {
    let files = Files::new();
    let write = |name: &str, content: &[u8]| fs::write(files.path().join(name), content).unwrap();
    write("bad.json", b"nonsense\n");
    write("half.json", b"{\"a\": ");
    write("bad.toml", b"[[call]\nname = 1\n");
    write("latin.toml", b"name = \"\xe9\"\n");
    write("list.txt", b"{\"target\": 7}\n{\"target\"\n");
    let place = "line 1, column 2: expected a value";
    let url = "https://localhost/";
    for (words, code, says) in [
        (&["lint", "--cert", "folder"][..], 2, "is a directory"),
        (&["lint", "fullchain.pem/x.pem"], 2, "not a directory"),
        (&["lint", "missing.pem"], 2, "no such file"),
        (&["lint", "*.pem"], 2, "did not expand the pattern"),
        (&["lint", "certs/*.pem"], 2, "did not expand the pattern"),
        (
            &["lint", "--cert", "fullchain.pem", "--pass", "file:folder"],
            2,
            "is a directory",
        ),
        (
            &["lint", "fullchain.pem", "--baseline", "bad.json"],
            2,
            place,
        ),
        (
            &["lint", "fullchain.pem", "-o", "no/x.txt"],
            2,
            "no such file or directory",
        ),
        (
            &["lint", "fullchain.pem", "-o", "jsonl=no/x"],
            2,
            "no such file or directory",
        ),
        (
            &["lint", "fullchain.pem", "-o", "fullchain.pem/x"],
            2,
            "not a directory",
        ),
        (
            &["lint", "fullchain.pem", "--profile", "bad.toml"],
            2,
            "bad.toml",
        ),
        (
            &["lint", "fullchain.pem", "--profile", "latin.toml"],
            2,
            "UTF-8",
        ),
        (&["pki", "fullchain.pem/x"], 2, "is a file"),
        (&["pki", "folder/../fullchain.pem"], 2, "is a file"),
        (&["explain", "48", "--with", "bad.json"], 2, place),
        (
            &["explain", "48", "--with", "half.json"],
            2,
            "ends too early",
        ),
        (&["inspect", "--targets", "list.txt"], 2, "list.txt:1"),
        (
            &["inspect", "--targets", "missing.txt"],
            2,
            "no such file or directory",
        ),
        (&["simulate", url, "--body", "bad.json"], 2, place),
        (&["simulate", "--scenario", "bad.toml"], 2, "bad.toml"),
        (&["simulate", "--scenario", "latin.toml"], 2, "UTF-8"),
        (
            &["token", "verify", "--jwks", "bad.json", "x.y.z"],
            2,
            place,
        ),
        (&["listen", "--respond", "folder"], 2, "is a directory"),
        (
            &["listen", "--keylog", "no/keys"],
            2,
            "no such file or directory",
        ),
        (
            &["generate", "rules", "--out", "no/rules.md"],
            2,
            "no such file or directory",
        ),
    ] {
        let finished = run(mtls().current_dir(files.path()).args(words), 60);
        clean(words, &finished, code, says);
    }
}

#[test]
fn a_value_that_is_none_is_told_in_words() {
    let hook = "https://localhost/";
    for (words, code, says) in [
        (&["inspect", ""][..], 2, "URL is empty"),
        (&["inspect", "a b"], 2, "not a host or a URL"),
        (&["simulate", ""], 2, "URL is empty"),
        (&["simulate", "https://localhost:port/"], 2, "localhost"),
        (
            &["simulate", hook, "--resolve", "localhost:x:127.0.0.1"],
            2,
            "expected a port",
        ),
        (
            &["simulate", hook, "--resolve", "localhost:443:x"],
            2,
            "expected an IP address",
        ),
        (
            &["simulate", hook, "--event", "cx-flexible", "-X", "A B"],
            2,
            "not an HTTP method",
        ),
        (&["simulate", hook, "-H", "a b: c"], 2, "not a header name"),
        (
            &["simulate", hook, "-H", "a: b\nc"],
            2,
            "no header may have",
        ),
        (
            &["lint", "x", "--warn-days", "soon"],
            2,
            "expected a whole number",
        ),
        (
            &["lint", "x", "--host", "hook.example/path"],
            2,
            "not a host name",
        ),
        (&["lint", "x", "--host", "https://"], 2, "not a host name"),
        (&["inspect", "--shard", "x/y", "a"], 2, "m/n"),
        (
            &["inspect", "-H", "a", "-p", "port"],
            2,
            "expected a whole number",
        ),
        (&["token", "decode", "nonsense"], 1, "three parts"),
        (
            &["token", "verify", "--jwks", "ftp://a/", "x"],
            2,
            "expected https",
        ),
    ] {
        let finished = run(mtls().args(words), 60);
        clean(words, &finished, code, says);
    }
}

#[test]
fn a_disk_that_is_full_is_told_in_words() {
    let files = Files::new();
    for words in [
        "lint fullchain.pem > /dev/full",
        "lint fullchain.pem -o json=/dev/full",
        "generate rules > /dev/full",
        "profiles > /dev/full",
    ] {
        let line = format!("\"$MTLS\" {words}");
        let finished = run(
            Command::new("sh")
                .current_dir(files.path())
                .env("MTLS", env!("CARGO_BIN_EXE_mtls"))
                .args(["-c", &line]),
            60,
        );
        clean(&[words], &finished, 2, "no space left on the device");
    }
}

/// A user without rights, where the tests run as one who can become it.
#[test]
fn a_right_that_is_missing_is_told_in_words() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some(mut nobody) = peer("setpriv") else {
        return;
    };
    let files = Files::new();
    let of = |name: &str, mode: u32| {
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(files.path().join(name), mode).unwrap();
    };
    of("", 0o755);
    of("key.pem", 0o000);
    of("folder", 0o000);
    nobody
        .current_dir(files.path())
        .args(["--reuid", "65534", "--regid", "65534", "--clear-groups"])
        .arg(env!("CARGO_BIN_EXE_mtls"));
    let as_nobody = |words: &[&str]| {
        let mut command = Command::new(nobody.get_program());
        command.current_dir(files.path());
        run(command.args(nobody.get_args()).args(words), 60)
    };
    if as_nobody(&["--version"]).code != Some(0) {
        skipped("this user cannot become nobody, or nobody cannot run the program here");
        return;
    }
    for words in [
        &["lint", "--cert", "fullchain.pem", "--key", "key.pem"][..],
        &["lint", "key.pem"],
        &["lint", "folder"],
        &["lint", "fullchain.pem", "-o", "json=folder/x"],
        &["lint", "fullchain.pem", "-o", "json=out.json"],
        &["pki", "new"],
        &["listen", "--keylog", "keys"],
    ] {
        clean(words, &as_nobody(words), 2, "permission denied");
    }
}

#[test]
fn an_answer_that_is_not_json_is_told_in_words() {
    let files = Files::new();
    let listener = Listener::start(mtls().current_dir(files.path()).args([
        "listen",
        "--listen",
        "127.0.0.1:0",
        "--respond",
        "text.txt",
    ]));
    let url = format!("https://{}/", listener.address());
    let words = ["simulate", &url, "-k", "-v", "--client", "valid"];
    let finished = run(mtls().args(words), 60);
    clean(&words, &finished, 1, "line 1, column 1");
    let words = ["explain", "-"];
    let finished = feed(mtls().args(words), b"nothing known\n", 60);
    clean(&words, &finished, 1, "no message");
    drop(listener);
}
