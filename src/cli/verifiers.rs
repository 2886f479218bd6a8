//! Whose answer decides about a chain: `--stack`, `--strict`.
//!
//! For: the commands that judge chains. Must not: know what a verifier does; that is `trust::stacks`' business.

use std::str::FromStr;

use anyhow::{Result, bail};

use crate::{
    facts::Stack,
    trust::stacks::{Choice, StatusBy, table},
};

/// Flags.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Verifiers {
    /// Decide by what this program does: nginx, apache, haproxy, envoy, node, curl, go, java, rustls, python@3.13, openssl@3.0, …;
    /// may be repeated. Without it the mainstream ones decide together
    #[arg(
        long,
        value_name = "NAME[@VERSION]",
        conflicts_with = "strict",
        help_heading = "Judgement"
    )]
    stack: Vec<StackName>,
    /// Decide by RFC 5280 and the web PKI's rules, whatever verifiers do
    #[arg(long, help_heading = "Judgement")]
    strict: bool,
}

impl Verifiers {
    /// The flags again, for a command that another one runs.
    pub(super) fn words(&self) -> impl Iterator<Item = String> {
        let stacks = self.stack.iter().map(|name| match &name.0.version {
            Some(version) => format!("--stack={}@{version}", name.0.stack.name()),
            None => format!("--stack={}", name.0.stack.name()),
        });
        stacks.chain(self.strict.then(|| "--strict".to_owned()))
    }

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
            if before
                .any(|StackName(other)| other.stack == one.stack && other.version != one.version)
            {
                bail!(
                    "--stack: {} is named in two versions: ask about one at a time",
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

/// The programs that verify as a stack does. The OpenSSL in them is told apart by the programs' own packages, so a
/// version of theirs says nothing about it.
const PROGRAMS: [(&str, Stack); 13] = [
    ("nginx", Stack::Openssl),
    ("apache", Stack::Openssl),
    ("haproxy", Stack::Openssl),
    ("node", Stack::Openssl),
    ("curl", Stack::Openssl),
    ("caddy", Stack::Go),
    ("traefik", Stack::Go),
    ("kubernetes", Stack::Go),
    ("envoy", Stack::Boringssl),
    ("istio", Stack::Boringssl),
    ("jdk", Stack::Java),
    ("tomcat", Stack::Java),
    ("cryptography", Stack::Pyca),
];

impl FromStr for StackName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.trim().to_ascii_lowercase();
        let (name, version) = match lower.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (lower.as_str(), None),
        };
        if let Some(version) = version
            && table::numbers(version).is_empty()
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
        match PROGRAMS.iter().find(|(program, _)| *program == name) {
            Some(_) if version.is_some() => Err(format!(
                "which verifier a version of {name} has is not known here: leave the version out, or name the library's, as in go@1.27"
            )),
            Some((_, stack)) => Ok(Self::of(*stack, None)),
            None => {
                let names = Stack::ALL.into_iter().map(Stack::name);
                let programs = PROGRAMS.iter().map(|(program, _)| *program);
                let known: Vec<&str> = programs.chain(names).chain(["python"]).collect();
                Err(format!(
                    "`{name}` is not known: expected one of {}",
                    known.join(", ")
                ))
            }
        }
    }
}

impl StackName {
    /// It alone decides.
    pub(super) fn alone(&self) -> StatusBy {
        StatusBy::Named(vec![self.0.clone()])
    }

    fn of(stack: Stack, version: Option<&str>) -> Self {
        Self(Choice {
            stack,
            version: version.map(str::to_owned),
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
