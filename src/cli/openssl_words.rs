//! openssl's single-dash words, rewritten before clap sees them.
//!
//! For: the line of the Dialogflow page, which must work unchanged, and ten years of other people's
//! notes. clap would read `-key` as `-k -e -y`. Must not: guess; a word without an equal here is
//! named and refused.

use std::ffi::OsString;

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
}

/// `openssl s_server` words and their meaning here (openssl-s_server(1), OpenSSL 3.0).
const LISTEN: &[(&str, Meaning)] = &[
    ("accept", Meaning::Accept),
    ("port", Meaning::Accept),
    ("alpn", Meaning::Moot(true)),
    ("attime", Meaning::Value(&["--at-time"])),
    ("CAfile", Meaning::Value(&["--client-ca"])),
    ("verifyCAfile", Meaning::Value(&["--client-ca"])),
    ("cert", Meaning::Value(&["--cert"])),
    ("cert_chain", Meaning::Value(&["--cert-chain"])),
    ("key", Meaning::Value(&["--key"])),
    ("keylogfile", Meaning::Value(&["--keylog"])),
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
    ("key", Meaning::Value(&["--key"])),
    ("no-CAfile", Meaning::Flag(&["--no-default-roots"])),
    ("no-CApath", Meaning::Flag(&["--no-default-roots"])),
    ("no-CAstore", Meaning::Flag(&["--no-default-roots"])),
    ("no_tls1_2", Meaning::Flag(&["--tlsv1.3"])),
    ("no_tls1_3", Meaning::Flag(&["--tls-max", "1.2"])),
    ("noout", Meaning::Moot(false)),
    ("passin", Meaning::Value(&["--pass"])),
    ("prexit", Meaning::Moot(false)),
    ("servername", Meaning::Value(&["--sni"])),
    ("showcerts", Meaning::Flag(&["--pem"])),
    ("status", Meaning::Moot(false)),
    ("text", Meaning::Moot(false)),
    ("tls1_2", Meaning::Flag(&["--tls-max", "1.2"])),
    ("tls1_3", Meaning::Flag(&["--tlsv1.3"])),
    ("verify", Meaning::Moot(true)),
];

/// Rewrites the arguments of a command that knows openssl's words; the others pass through
/// untouched.
pub(super) fn rewrite(
    command: Option<&str>,
    arguments: Vec<OsString>,
) -> Result<Vec<OsString>, String> {
    // Its words, and its own letters that may be glued to their value, as curl has it: `-Efile`.
    let (command, words, glued) = match command {
        Some(command @ "listen") => (command, LISTEN, "E"),
        Some(command @ "inspect") => (command, INSPECT, "EHcjmoptw"),
        _ => return Ok(arguments),
    };
    let mut rewritten = Vec::with_capacity(arguments.len() + 8);
    let mut rest = arguments.into_iter();
    rewritten.extend(rest.by_ref().take(1));
    while let Some(argument) = rest.next() {
        let word = argument.to_str().and_then(|text| text.strip_prefix('-'));
        // One dash and more than one letter; `--long`, `-E` and `-` are not openssl's.
        let Some(word) = word.filter(|word| word.len() > 1 && !word.starts_with('-')) else {
            rewritten.push(argument);
            continue;
        };
        let Some((_, meaning)) = words.iter().find(|(known, _)| *known == word) else {
            if word.starts_with(|first| glued.contains(first)) {
                rewritten.push(argument);
                continue;
            }
            return Err(format!(
                "`-{word}` is not understood: openssl words known here are {}; for the others see `mtls {command} --help`",
                words
                    .iter()
                    .map(|(known, _)| format!("-{known}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            ));
        };
        let mut value = || {
            rest.next()
                .ok_or_else(|| format!("`-{word}` wants a value after it"))
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
            rewritten("mtls inspect -starttls smtp")
                .unwrap_err()
                .contains("mtls inspect --help")
        );
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
                .contains("wants a value")
        );
    }

    #[test]
    fn the_table_is_sorted_enough_to_have_no_word_twice() {
        for table in [LISTEN, INSPECT] {
            let mut words: Vec<&str> = table.iter().map(|(word, _)| *word).collect();
            words.sort_unstable();
            let all = words.len();
            words.dedup();
            assert_eq!(words.len(), all);
        }
    }
}
