//! Which flags a file may set.
//!
//! For: `check` and `defaults`. Must not: leave a flag undecided; a new one has to be put into a
//! list before the tests pass.

use clap::Arg;

/// Keys of the file that are about findings.
pub(super) const DECISIONS: &[&str] = &["ignore", "severity"];
/// Flags that are no settings: they are about the settings, or make sense only where they are said.
pub(super) const NO_SETTINGS: &[&str] = &["config", "no-config", "help", "version", "fix", "out"];
/// Flags that a file may set: how a judgement is made, what it is made of, how it is told. It comes
/// with a checkout, so whatever sends, opens, writes, shows or moves the clock is not among them; a
/// test holds every flag to be in this list or the next.
pub(super) const IN_A_FILE: &[&str] = &[
    "allow-cn",
    "allow-dns",
    "allow-ou",
    "allow-spki",
    "allow-uri",
    "answer-timeout",
    "audience",
    "baseline",
    "cacert",
    "cert",
    "cert-chain",
    "client",
    "client-auth",
    "client-ca",
    "color",
    "compare",
    "connect-timeout",
    "count",
    "crlfile",
    "delay",
    "enforce",
    "event",
    "event-name",
    "exit-zero",
    "expect",
    "expect-parameter",
    "fail-days",
    "fail-on",
    "format",
    "handshake-timeout",
    "host",
    "ignore",
    "ignore-field",
    "issuer",
    "jobs",
    "key",
    "language",
    "max-body",
    "max-connections",
    "max-depth",
    "server",
    "max-header",
    "max-kept",
    "max-time",
    "no-default-roots",
    "openssl-labels",
    "partial-chain",
    "pki",
    "profile",
    "project-number",
    "quiet",
    "rate",
    "request-timeout",
    "role",
    "rsa",
    "select",
    "sender",
    "short",
    "skew",
    "stack",
    "status",
    "strict",
    "tag",
    "text",
    "thorough",
    "time-limit",
    "timeout",
    "tls-max",
    "tlsv1.2",
    "tlsv1.3",
    "untrusted",
    "verbose",
    "verify-depth",
    "warn-days",
    "would-accept",
];
/// Flags for the command line and the environment alone.
pub(super) const SAID_ONLY: &[&str] = &[
    "at-time",
    "bearer",
    "body",
    "connect-to",
    "fetch",
    "fetch-private",
    "fill",
    "forward-cacert",
    "forward-cert",
    "forward-connect-timeout",
    "forward-headers",
    "forward-key",
    "forward-path",
    "forward-resolve",
    "forward-skip-verify",
    "forward-sni",
    "forward-timeout",
    "forward-to",
    "forward-unverified",
    "header",
    "hostname",
    "http1.1",
    "http2",
    "insecure",
    "jwks",
    "keylog",
    "listen",
    "matrix",
    "no-alpn",
    "output",
    "pass",
    "pem",
    "port",
    "print-curl",
    "print-request",
    "proxy",
    "readiness",
    "record",
    "record-max-bytes",
    "record-max-files",
    "record-only",
    "repeat",
    "replay",
    "request",
    "resolve",
    "respond",
    "resume",
    "save-certs",
    "scenario",
    "session",
    "set",
    "shard",
    "show-secrets",
    "silent",
    "sni",
    "targets",
    "to",
    "ui",
    "ui-keep",
    "verify-token",
    "with",
    "write-out",
    "within",
];

/// Whether a file may set this flag of this command: `explain --host` calls somebody.
pub(super) fn in_a_file(command: &str, flag: &str) -> bool {
    IN_A_FILE.contains(&flag) && (command, flag) != ("explain", "host")
}

/// Whether a flag can have a default from anywhere.
pub(super) fn is_setting(flag: &Arg) -> bool {
    flag.get_long()
        .is_some_and(|name| !NO_SETTINGS.contains(&name))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn every_flag_of_every_command_is_decided_about() {
        let mut program = crate::cli::Cli::command();
        program.build();
        let mut flags = std::collections::BTreeSet::new();
        for command in program.get_subcommands() {
            flags.extend(
                command
                    .get_arguments()
                    .filter(|flag| is_setting(flag))
                    .filter_map(|flag| flag.get_long().map(str::to_owned)),
            );
        }
        let lists: std::collections::BTreeSet<String> = IN_A_FILE
            .iter()
            .chain(SAID_ONLY)
            .map(|name| (*name).to_owned())
            .collect();
        assert_eq!(flags, lists);
        assert_eq!(
            lists.len(),
            IN_A_FILE.len() + SAID_ONLY.len(),
            "a flag is in both"
        );
    }
}
