//! Other people's programs: where they are, and what a test says that has to do without one.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs,
    io::Write as _,
    path::Path,
    process::Command,
    sync::{LazyLock, Mutex},
    thread,
};

use super::{PATIENCE, child::try_run};

/// Where servers are installed that are no user's business: not on everybody's path.
const SYSTEM: [&str; 3] = ["/usr/sbin", "/usr/local/sbin", "/sbin"];

/// The path of this process, and [`SYSTEM`] after it.
pub(crate) fn search_path() -> OsString {
    let own = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = std::env::split_paths(&own).collect();
    for folder in SYSTEM.map(Path::new) {
        if !folders.iter().any(|one| one == folder) {
            folders.push(folder.to_owned());
        }
    }
    std::env::join_paths(folders).unwrap()
}

/// A command with hardly any environment: proxies, trust stores, colours and languages of the
/// machine must not matter.
pub(crate) fn clean(program: impl AsRef<OsStr>) -> Command {
    static PATH: LazyLock<OsString> = LazyLock::new(search_path);
    let mut command = Command::new(program);
    command.env_clear().env("PATH", &*PATH);
    for name in ["HOME", "TMPDIR", "LLVM_PROFILE_FILE", "JAVA_HOME"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("LC_ALL", "C.UTF-8");
    command
}

/// Whether a missing peer fails the test: a continuous integration that skips proves nothing.
pub(crate) fn required() -> bool {
    std::env::var_os("MTLS_REQUIRE_PEERS").is_some_and(|value| value == "1")
}

/// A command for another program, or `None` where it is not installed; then the test has nothing to
/// do and that is said.
#[track_caller]
pub(crate) fn peer(name: &str) -> Option<Command> {
    let version = match name {
        "go" | "openssl" | "caddy" | "cfssl" | "traefik" => "version",
        _ if name.ends_with("/easyrsa") => "version",
        "keytool" => "-help",
        "java" | "javac" => "-version",
        "apache2" | "nginx" | "haproxy" => "-v",
        _ => "--version",
    };
    let mut asked = clean(name);
    asked.arg(version);
    let there = try_run(&mut asked, PATIENCE).filter(|finished| {
        // LibreSSL answers to the name `openssl` as well, with other options and other numbers.
        finished.code == Some(0) && (name != "openssl" || finished.stdout.starts_with("OpenSSL 3."))
    });
    if there.is_none() {
        let wanted = if name == "openssl" { "openssl 3" } else { name };
        assert!(
            !required(),
            "{wanted} is not installed, and MTLS_REQUIRE_PEERS=1 wants it"
        );
        skipped(&format!("{wanted} is not installed"));
        return None;
    }
    Some(clean(name))
}

/// Says why this test, or a part of it, has nothing to do, and how many tests of this run said so
/// by now: the last such line has the number of all. They are in `skipped.txt` in Cargo's folder
/// for tests' files, too, a test and a reason a line.
pub(crate) fn skipped(why: &str) {
    static SAID: Mutex<BTreeMap<String, Vec<String>>> = Mutex::new(BTreeMap::new());
    let thread = thread::current();
    let test = thread.name().unwrap_or("a test").to_owned();
    let mut said = SAID.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let reasons = said.entry(test.clone()).or_default();
    if reasons.iter().any(|reason| reason == why) {
        return;
    }
    reasons.push(why.to_owned());
    // The real stderr: the test runner swallows what passing tests print.
    let _ = writeln!(
        std::io::stderr(),
        "skipped: {test}: {why} ({} so far)",
        said.len()
    );
    let lines: String = said
        .iter()
        .flat_map(|(test, reasons)| reasons.iter().map(move |why| format!("{test}\t{why}\n")))
        .collect();
    let _ = fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/skipped.txt"), lines);
}
