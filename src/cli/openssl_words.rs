//! openssl's single-dash words, rewritten before clap sees them.
//!
//! For: the line of the Dialogflow page, which must work unchanged, and ten years of other people's
//! notes. clap would read `-key` as `-k -e -y`. Must not: guess; a word without an equal here is
//! named and refused.

use std::ffi::OsString;

use clap::{Arg, Command, CommandFactory as _};

/// What a word stands for.
enum Meaning {
    /// These flags, then the value that follows the word.
    Value(&'static [&'static str]),
    /// These words, no value.
    Flag(&'static [&'static str]),
    /// `-accept`: every address unless one is said.
    Accept,
    /// Nothing: what it asks for is always so here. `true` when a value follows.
    Moot(bool),
    /// `-purpose`: whose certificate it is.
    Purpose,
    /// No flag of this command: what does it instead.
    Elsewhere(&'static str),
}

/// `openssl s_server` words and their meaning here (openssl-s_server(1), OpenSSL 3.0).
const LISTEN: &[(&str, Meaning)] = &[
    ("accept", Meaning::Accept),
    ("port", Meaning::Accept),
    ("alpn", Meaning::Moot(true)),
    ("attime", Meaning::Value(&["--at-time"])),
    ("CAfile", Meaning::Value(&["--client-ca"])),
    ("verifyCAfile", Meaning::Value(&["--client-ca"])),
    ("CRL", Meaning::Value(&["--crlfile"])),
    ("crl_check", Meaning::Moot(false)),
    ("crl_check_all", Meaning::Moot(false)),
    ("cert", Meaning::Value(&["--cert"])),
    ("cert_chain", Meaning::Value(&["--cert-chain"])),
    ("key", Meaning::Value(&["--key"])),
    ("keylogfile", Meaning::Value(&["--keylog"])),
    ("pass", Meaning::Value(&["--pass"])),
    ("naccept", Meaning::Value(&["--count"])),
    ("no-CAfile", Meaning::Flag(&["--no-default-roots"])),
    ("no-CApath", Meaning::Flag(&["--no-default-roots"])),
    ("no-CAstore", Meaning::Flag(&["--no-default-roots"])),
    ("no_tls1", Meaning::Moot(false)),
    ("no_tls1_1", Meaning::Moot(false)),
    ("no_tls1_2", Meaning::Flag(&["--tlsv1.3"])),
    ("no_tls1_3", Meaning::Flag(&["--tls-max", "1.2"])),
    ("no_ticket", Meaning::Moot(false)),
    ("partial_chain", Meaning::Flag(&["--partial-chain"])),
    ("tls1_2", Meaning::Flag(&["--tls-max", "1.2"])),
    ("tls1_3", Meaning::Flag(&["--tlsv1.3"])),
    (
        "verify",
        Meaning::Value(&["--client-auth", "request", "--verify-depth"]),
    ),
    (
        "Verify",
        Meaning::Value(&["--client-auth", "require", "--verify-depth"]),
    ),
    ("verify_depth", Meaning::Value(&["--max-depth"])),
    ("verify_return_error", Meaning::Flag(&["--enforce"])),
    ("www", Meaning::Moot(false)),
];

/// `openssl s_client` and `openssl x509` words (openssl-s_client(1), openssl-x509(1), OpenSSL 3.0).
const INSPECT: &[(&str, Meaning)] = &[
    ("connect", Meaning::Value(&[])),
    ("in", Meaning::Value(&[])),
    ("alpn", Meaning::Moot(true)),
    ("attime", Meaning::Value(&["--at-time"])),
    ("brief", Meaning::Flag(&["--short"])),
    ("CAfile", Meaning::Value(&["--cacert"])),
    ("verifyCAfile", Meaning::Value(&["--cacert"])),
    ("cert", Meaning::Value(&["--cert"])),
    (
        "k",
        Meaning::Elsewhere(
            "an untrusted certificate is reported and stops nothing here; the private key is --key FILE",
        ),
    ),
    ("key", Meaning::Value(&["--key"])),
    ("no-CAfile", Meaning::Flag(&["--no-default-roots"])),
    ("no-CApath", Meaning::Flag(&["--no-default-roots"])),
    ("no-CAstore", Meaning::Flag(&["--no-default-roots"])),
    ("no_tls1_2", Meaning::Flag(&["--tlsv1.3"])),
    ("no_tls1_3", Meaning::Flag(&["--tls-max", "1.2"])),
    ("noout", Meaning::Moot(false)),
    ("passin", Meaning::Value(&["--pass"])),
    ("starttls", Meaning::Elsewhere("only HTTPS is spoken here")),
    ("untrusted", Meaning::Elsewhere(UNTRUSTED)),
    ("prexit", Meaning::Moot(false)),
    ("servername", Meaning::Value(&["--sni"])),
    ("showcerts", Meaning::Flag(&["--pem"])),
    ("status", Meaning::Moot(false)),
    ("text", Meaning::Moot(false)),
    ("tls1_2", Meaning::Flag(&["--tls-max", "1.2"])),
    ("tls1_3", Meaning::Flag(&["--tlsv1.3"])),
    ("verify", Meaning::Moot(true)),
];

/// `openssl verify` and `openssl x509` words (openssl-verify(1), openssl-x509(1), OpenSSL 3.0).
const LINT: &[(&str, Meaning)] = &[
    ("in", Meaning::Value(&[])),
    ("attime", Meaning::Value(&["--at-time"])),
    ("CAfile", Meaning::Value(&["--cacert"])),
    ("trusted", Meaning::Value(&["--cacert"])),
    ("untrusted", Meaning::Value(&["--untrusted"])),
    ("cert", Meaning::Value(&["--cert"])),
    ("key", Meaning::Value(&["--key"])),
    ("CRLfile", Meaning::Value(&["--crlfile"])),
    ("crl_check", Meaning::Moot(false)),
    ("crl_check_all", Meaning::Moot(false)),
    ("no-CAfile", Meaning::Flag(&["--no-default-roots"])),
    ("no-CApath", Meaning::Flag(&["--no-default-roots"])),
    ("no-CAstore", Meaning::Flag(&["--no-default-roots"])),
    ("noout", Meaning::Moot(false)),
    ("partial_chain", Meaning::Moot(false)),
    ("passin", Meaning::Value(&["--pass"])),
    ("purpose", Meaning::Purpose),
    ("show_chain", Meaning::Moot(false)),
    ("text", Meaning::Moot(false)),
    ("verbose", Meaning::Moot(false)),
    ("verify_depth", Meaning::Value(&["--max-depth"])),
    ("verify_hostname", Meaning::Value(&["--host"])),
    ("verify_ip", Meaning::Value(&["--host"])),
    (
        "connect",
        Meaning::Elsewhere("`mtls inspect HOST:PORT` looks at an endpoint"),
    ),
];

/// `openssl s_client` words (openssl-s_client(1), OpenSSL 3.0).
const SIMULATE: &[(&str, Meaning)] = &[
    ("connect", Meaning::Value(&[])),
    ("alpn", Meaning::Moot(true)),
    ("attime", Meaning::Value(&["--at-time"])),
    ("CAfile", Meaning::Value(&["--cacert"])),
    ("verifyCAfile", Meaning::Value(&["--cacert"])),
    ("cert", Meaning::Value(&["--cert"])),
    ("key", Meaning::Value(&["--key"])),
    ("ign_eof", Meaning::Moot(false)),
    ("no-CAfile", Meaning::Flag(&["--no-default-roots"])),
    ("no-CApath", Meaning::Flag(&["--no-default-roots"])),
    ("no-CAstore", Meaning::Flag(&["--no-default-roots"])),
    ("no_tls1_2", Meaning::Flag(&["--tlsv1.3"])),
    ("no_tls1_3", Meaning::Flag(&["--tls-max", "1.2"])),
    ("prexit", Meaning::Moot(false)),
    ("quiet", Meaning::Moot(false)),
    ("servername", Meaning::Value(&["--sni"])),
    (
        "showcerts",
        Meaning::Elsewhere("`mtls inspect` prints them with --pem"),
    ),
    ("starttls", Meaning::Elsewhere("only HTTPS is spoken here")),
    ("state", Meaning::Moot(false)),
    ("tls1_2", Meaning::Flag(&["--tls-max", "1.2"])),
    ("tls1_3", Meaning::Flag(&["--tlsv1.3"])),
    ("untrusted", Meaning::Elsewhere(UNTRUSTED)),
    ("verify", Meaning::Moot(true)),
    ("verify_return_error", Meaning::Moot(false)),
];

/// Of `-untrusted` where a chain is presented, not put together.
const UNTRUSTED: &str = "the chain is what is presented; `mtls lint --cert FILE --untrusted FILE` builds one from files";

/// The letters of a command's own flags: one may be followed by its value at once, as curl has it
/// (`-Efile`), and switches may stand together (`-sk`).
fn letters(command: &str) -> Vec<char> {
    let program = super::Cli::command();
    let command = program.find_subcommand(command);
    let flags = command.into_iter().flat_map(Command::get_arguments);
    flags.filter_map(Arg::get_short).collect()
}

/// Rewrites the arguments of a command that knows openssl's words; the others pass through
/// untouched.
pub(super) fn rewrite(
    command: Option<&str>,
    arguments: Vec<OsString>,
) -> Result<Vec<OsString>, String> {
    let (command, words) = match command {
        Some(command @ "listen") => (command, LISTEN),
        Some(command @ "inspect") => (command, INSPECT),
        Some(command @ "lint") => (command, LINT),
        Some(command @ "simulate") => (command, SIMULATE),
        _ => return Ok(arguments),
    };
    let own = letters(command);
    let mut rewritten = Vec::with_capacity(arguments.len() + 8);
    let mut rest = arguments.into_iter();
    rewritten.extend(rest.by_ref().take(1));
    while let Some(argument) = rest.next() {
        let word = argument.to_str().and_then(|text| text.strip_prefix('-'));
        let known = word.and_then(|word| words.iter().find(|(known, _)| *known == word));
        // One dash and more than one letter; `--long`, `-E` and `-` are not openssl's.
        let is_word = |word: &&str| known.is_some() || (word.len() > 1 && !word.starts_with('-'));
        let Some(word) = word.filter(is_word) else {
            rewritten.push(argument);
            continue;
        };
        let Some((_, meaning)) = known else {
            if word.starts_with(own.as_slice()) && !word.contains('_') {
                rewritten.push(argument);
                continue;
            }
            return Err(format!(
                "unknown option `-{word}`: the openssl options that `mtls {command}` understands are {}; `mtls {command} --help` lists its own",
                words
                    .iter()
                    .map(|(known, _)| format!("-{known}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            ));
        };
        let mut value = || {
            rest.next()
                .ok_or_else(|| format!("`-{word}` needs a value after it"))
        };
        match meaning {
            Meaning::Value(flags) => {
                rewritten.extend(flags.iter().map(OsString::from));
                rewritten.push(value()?);
            }
            Meaning::Flag(flags) => rewritten.extend(flags.iter().map(OsString::from)),
            Meaning::Accept => {
                let address = value()?;
                let every = address.to_str().is_some_and(|text| !text.contains(':'));
                rewritten.push("--listen".into());
                if every {
                    let mut all = OsString::from("*:");
                    all.push(address);
                    rewritten.push(all);
                } else {
                    rewritten.push(address);
                }
            }
            Meaning::Purpose => {
                let purpose = value()?;
                let side = match purpose.to_str() {
                    Some("sslserver" | "nssslserver") => "server",
                    Some("sslclient") => "client",
                    _ => return Err("`-purpose`: expected sslserver or sslclient".to_owned()),
                };
                rewritten.extend(["--role", side].map(OsString::from));
            }
            Meaning::Elsewhere(what) => return Err(format!("`-{word}`: {what}")),
            Meaning::Moot(takes_value) => {
                if *takes_value {
                    value()?;
                }
            }
        }
    }
    Ok(rewritten)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(line: &str) -> Result<String, String> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let early = crate::cli::early::EarlyArgs::of(&words);
        rewrite(early.command(), words).map(|words| {
            words
                .into_iter()
                .map(|word| word.into_string().unwrap())
                .collect::<Vec<_>>()
                .join(" ")
        })
    }

    #[test]
    fn the_dialogflow_pages_own_line_is_understood() {
        assert_eq!(
            rewritten("mtls listen -key key.pem -cert fullchain.pem -accept 443 -verify 1")
                .unwrap(),
            "mtls listen --key key.pem --cert fullchain.pem --listen *:443 --client-auth request --verify-depth 1"
        );
    }

    #[test]
    fn s_clients_line_is_understood_by_inspect() {
        assert_eq!(
            rewritten("mtls inspect -connect a.example:443 -servername b.example -showcerts -p443")
                .unwrap(),
            "mtls inspect a.example:443 --sni b.example --pem -p443"
        );
        assert!(
            rewritten("mtls inspect -nocommands")
                .unwrap_err()
                .contains("mtls inspect --help")
        );
    }

    #[test]
    fn lint_and_simulate_understand_openssl_too() {
        assert_eq!(
            rewritten("mtls lint -CAfile ca.pem -untrusted mid.pem -purpose sslclient leaf.pem")
                .unwrap(),
            "mtls lint --cacert ca.pem --untrusted mid.pem --role client leaf.pem"
        );
        assert_eq!(
            rewritten("mtls simulate -connect a.example:443 -cert c.pem -key k.pem -tls1_2")
                .unwrap(),
            "mtls simulate a.example:443 --cert c.pem --key k.pem --tls-max 1.2"
        );
        // Letters of their own, alone and together.
        for own in [
            "mtls simulate -sk -w %{http_code} https://a.example/",
            "mtls lint -k key.pem -ojson=x --cert c.pem",
            "mtls listen -l4433 -k key.pem",
        ] {
            assert_eq!(rewritten(own).unwrap(), own);
        }
        for (line, leads) in [
            ("mtls inspect -untrusted mid.pem x", "mtls lint"),
            ("mtls inspect -k x", "--key"),
            ("mtls lint -connect a.example:443", "mtls inspect"),
            ("mtls simulate -no_such x", "-servername"),
        ] {
            let said = rewritten(line).unwrap_err();
            assert!(said.contains(leads), "{said}");
        }
    }

    #[test]
    fn case_matters_between_verify_and_verify() {
        assert_eq!(
            rewritten("mtls listen -Verify 2 -verify_return_error -accept 127.0.0.1:0").unwrap(),
            "mtls listen --client-auth require --verify-depth 2 --enforce --listen 127.0.0.1:0"
        );
    }

    #[test]
    fn our_own_flags_and_other_commands_pass_untouched() {
        let line = "mtls listen --cert a.pem -E b.pem - --format jsonl";
        assert_eq!(rewritten(line).unwrap(), line);
        assert_eq!(rewritten("mtls demo -key").unwrap(), "mtls demo -key");
    }

    #[test]
    fn an_unknown_word_is_named() {
        assert!(
            rewritten("mtls listen -state")
                .unwrap_err()
                .contains("`-state`")
        );
        assert!(
            rewritten("mtls listen -key")
                .unwrap_err()
                .contains("needs a value")
        );
    }

    #[test]
    fn the_table_is_sorted_enough_to_have_no_word_twice() {
        for table in [LISTEN, INSPECT, LINT, SIMULATE] {
            let mut words: Vec<&str> = table.iter().map(|(word, _)| *word).collect();
            words.sort_unstable();
            let all = words.len();
            words.dedup();
            assert_eq!(words.len(), all);
        }
    }
}
