//! What the integration tests share: the built program as a child, throwaway PKIs as files, other TLS stacks as peers.
//!
//! A test binary takes it in with `mod support;`. Everything that is started here is bounded in time and ends with the test.

mod call;
mod listen;
mod openssl;
mod pki;
mod process;
mod signatures;

pub(crate) use call::{call, tls_stream};
pub(crate) use listen::{Listen, Report, mtls, terminate};
pub(crate) use openssl::OpensslPki;
pub(crate) use pki::Pki;
pub(crate) use process::{Finished, Owned, feed, free_port, run, wait_for};
pub(crate) use signatures::{Signed, SignedPki, Way};

use std::{ffi::OsStr, process::Command, time::Duration};

use jiff::Timestamp;

/// How long any one step may take. Generous: a loaded machine is no failure, and nothing waits this long in vain often.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Filters for snapshots of pages: how long things took, and the messages of a handshake, whose grouping hangs on the machine's mood.
pub(crate) const TIMES: &[(&str, &str)] = &[
    (
        r"(?m)^(  (?:name|TCP|TLS|answer|end|first byte|hello|handshake|request)) +[\d.]+ ms .*$",
        "$1 BAR",
    ),
    (
        r"(?m)^      ms     client → server, client ← server\n(?:[ ✗=] {1,8}[\d.]+ .*\n(?: {14}.*\n)*)*",
        "STEPS\n",
    ),
    (r"pin sha256//[A-Za-z0-9+/=]{44}", "pin PIN"),
];

/// Now, for certificates that other programs judge by the clock.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Says why a test has nothing to do, on the real stderr: the test runner swallows what passing tests print.
pub(crate) fn skipped(why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// A command for another program, or `None` (said on stderr) where it is not installed; then the test has nothing to do.
/// With `MTLS_REQUIRE_PEERS=1` a missing one fails the test: a continuous integration that skips proves nothing.
pub(crate) fn peer(name: &str) -> Option<Command> {
    let version = match name {
        "go" | "openssl" | "caddy" | "cfssl" => "version",
        _ if name.ends_with("/easyrsa") => "version",
        "keytool" => "-help",
        "java" | "javac" => "-version",
        "apache2" | "nginx" | "haproxy" => "-v",
        _ => "--version",
    };
    let mut asked = clean(name);
    asked.arg(version);
    let there = process::try_run(&mut asked, PATIENCE).filter(|finished| {
        // LibreSSL answers to the name `openssl` as well, with other options and other numbers.
        finished.code == Some(0) && (name != "openssl" || finished.stdout.starts_with("OpenSSL 3."))
    });
    if there.is_none() {
        let wanted = if name == "openssl" { "openssl 3" } else { name };
        assert!(
            std::env::var_os("MTLS_REQUIRE_PEERS").as_deref() != Some(OsStr::new("1")),
            "{wanted} is not installed, and MTLS_REQUIRE_PEERS=1 wants it"
        );
        skipped(&format!("{wanted} is not installed"));
        return None;
    }
    Some(clean(name))
}

/// A command with hardly any environment: proxies, trust stores, colours and languages of the machine must not matter.
pub(crate) fn clean(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    for name in ["PATH", "HOME", "TMPDIR", "LLVM_PROFILE_FILE", "JAVA_HOME"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("LC_ALL", "C.UTF-8");
    command
}
