//! Whose answer decides about a chain: `--stack`, `--strict`.
//!
//! For: the commands that judge chains. Must not: know what a verifier does; that is
//! `verify::stacks`' business.

use std::str::FromStr;

use anyhow::{Result, bail};

use crate::{
    facts::Stack,
    verify::stacks::{Choice, Habit, StatusBy, table},
};

/// Flags.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Verifiers {
    /// Verify chains as this program does: nginx, apache, haproxy, envoy, node, curl, go, java,
    /// rustls, python@3.13, openssl@3.0, …; may be repeated [default: as the mainstream ones agree]
    #[arg(long, value_name = "NAME[@VERSION]", conflicts_with = "strict")]
    stack: Vec<StackName>,
    /// Verify chains by RFC 5280 and the web PKI's rules alone
    #[arg(long)]
    strict: bool,
}

impl Verifiers {
    /// Whose answer is the status.
    ///
    /// # Errors
    /// When one stack is named in two versions: it has one answer.
    pub(super) fn status_by(&self) -> Result<StatusBy> {
        if self.strict {
            return Ok(StatusBy::Letter);
        }
        if self.stack.is_empty() {
            return Ok(StatusBy::Mainstream);
        }
        for (index, StackName(one)) in self.stack.iter().enumerate() {
            let mut before = self.stack[..index].iter();
            if before.any(|StackName(other)| {
                other.stack == one.stack
                    && (other.version != one.version || other.habit != one.habit)
            }) {
                bail!(
                    "--stack: {} is named twice, in two versions or as two programs: ask about one at a time",
                    one.stack.name()
                );
            }
        }
        let named = self.stack.iter().map(|name| name.0.clone());
        Ok(StatusBy::Named(named.collect()))
    }
}

/// A program or library, with or without a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StackName(Choice);

/// The programs that verify as a stack does, and how they run it. The OpenSSL in them is told apart
/// by the programs' own packages, so a version of theirs says nothing about it.
///
/// Sources: nginx, ngx_http_ssl_module (ssl_verify_depth 1; ssl_crl sets
/// X509_V_FLAG_CRL_CHECK_ALL), HAProxy and Node the same for lists, curl 7.68
/// (X509_V_FLAG_PARTIAL_CHAIN); the first, second and last run against live programs, 2026-11-29.
const PROGRAMS: [(&str, Stack, Habit); 13] = [
    (
        "nginx",
        Stack::Openssl,
        Habit {
            client_depth: Some(1),
            ..EVERY_LIST
        },
    ),
    ("apache", Stack::Openssl, LIBRARY),
    ("haproxy", Stack::Openssl, EVERY_LIST),
    ("node", Stack::Openssl, EVERY_LIST),
    (
        "curl",
        Stack::Openssl,
        Habit {
            partial_chain: true,
            ..EVERY_LIST
        },
    ),
    ("caddy", Stack::Go, LIBRARY),
    ("traefik", Stack::Go, LIBRARY),
    ("kubernetes", Stack::Go, LIBRARY),
    ("envoy", Stack::Boringssl, LIBRARY),
    ("istio", Stack::Boringssl, LIBRARY),
    ("jdk", Stack::Java, LIBRARY),
    ("tomcat", Stack::Java, LIBRARY),
    ("cryptography", Stack::Pyca, LIBRARY),
];

/// As the library is.
const LIBRARY: Habit = Habit {
    client_depth: None,
    every_list: false,
    partial_chain: false,
};

const EVERY_LIST: Habit = Habit {
    every_list: true,
    ..LIBRARY
};

/// What a stack may be called, without versions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let libraries = Stack::ALL.into_iter().map(Stack::name);
    let programs = PROGRAMS.iter().map(|(program, ..)| *program);
    programs.chain(libraries).chain(["python"])
}

impl FromStr for StackName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.trim().to_ascii_lowercase();
        let (name, version) = match lower.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (lower.as_str(), None),
        };
        if let Some(version) = version
            && (table::numbers(version).is_empty() || version.contains('@'))
        {
            return Err(format!(
                "`{version}` is not a version: expected a number, as in go@1.27"
            ));
        }
        if name == "python" {
            // Python turned on X509_STRICT and PARTIAL_CHAIN in its default contexts with 3.13.
            return match version.map(table::numbers).as_deref() {
                None | Some([_]) => Err(
                    "which Python? It verifies strictly since 3.13: python@3.12 or python@3.13"
                        .to_owned(),
                ),
                Some(numbers) if numbers < [3, 8].as_slice() => Err(format!(
                    "python {} was not measured: 3.8 to 3.14 were",
                    version.unwrap_or_default()
                )),
                Some(numbers) if numbers >= [3, 13].as_slice() => {
                    Ok(Self::of(Stack::OpensslStrict, None))
                }
                Some(_) => Ok(Self::of(Stack::Openssl, None)),
            };
        }
        if let Some(stack) = Stack::ALL.into_iter().find(|stack| stack.name() == name) {
            return match version {
                Some(version) if !table::is_within_reach(stack, version) => Err(format!(
                    "{name} {version} was not measured: {} were",
                    table::measured(stack).join(" and ")
                )),
                _ => Ok(Self::of(stack, version)),
            };
        }
        match PROGRAMS.iter().find(|(program, ..)| *program == name) {
            Some(_) if version.is_some() => Err(format!(
                "unknown which verifier a version of {name} has: leave the version out, or name the library's, as in openssl@3.0 or go@1.27"
            )),
            Some((_, stack, habit)) => Ok(Self(Choice {
                habit: *habit,
                ..Self::of(*stack, None).0
            })),
            None => {
                let known: Vec<&str> = names().collect();
                Err(format!(
                    "unknown stack `{name}`: expected one of {}",
                    known.join(", ")
                ))
            }
        }
    }
}

impl StackName {
    /// What it stands for.
    pub(super) fn choice(&self) -> Choice {
        self.0.clone()
    }

    fn of(stack: Stack, version: Option<&str>) -> Self {
        Self(Choice {
            stack,
            version: version.map(str::to_owned),
            habit: Habit::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(text: &str) -> Result<(Stack, Option<String>), String> {
        text.parse::<StackName>()
            .map(|name| (name.0.stack, name.0.version))
    }

    #[test]
    fn programs_stand_for_their_library() {
        assert_eq!(stack("nginx"), Ok((Stack::Openssl, None)));
        assert_eq!(stack("Envoy"), Ok((Stack::Boringssl, None)));
        assert!(
            stack("nginx@1.22")
                .unwrap_err()
                .contains("leave the version out")
        );
        assert_eq!(stack("go@1.19"), Ok((Stack::Go, Some("1.19".to_owned()))));
        assert_eq!(stack("python@3.13.1"), Ok((Stack::OpensslStrict, None)));
        assert_eq!(stack("python@3.12"), Ok((Stack::Openssl, None)));
        assert!(stack("python@3").unwrap_err().contains("python@3.13"));
        assert!(stack("openssl@1.1.1").unwrap_err().contains("3.0"));
        assert!(stack("java@8").unwrap_err().contains("17 and 25"));
        assert!(stack("go@1.22").is_ok());
        assert!(stack("python").unwrap_err().contains("python@3.13"));
        assert!(stack("iis").unwrap_err().contains("nginx"));
        assert!(stack("go@latest").unwrap_err().contains("go@1.27"));
    }
}
