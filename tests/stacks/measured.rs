//! The letters as data: `measured.toml`, a column a stack and version, a line a variation and role.
//!
//! For: what is compared, today's verifiers with the last measurement, and `mtls` with both.
//! Must not: be written without `UPDATE_STACKS=1`.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use serde::Deserialize;

use crate::verifiers::{Answer, Answers};

/// A verifier that was asked.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Column {
    /// The verifier: a stack of `mtls lint`, or a server.
    pub(crate) stack: String,
    pub(crate) version: String,
    pub(crate) measured: String,
}

impl Column {
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.stack, self.version)
    }

    /// The stack of `mtls lint` that it is held to.
    pub(crate) fn stands_under(&self) -> &str {
        match self.stack.as_str() {
            "nginx" | "apache2" | "haproxy" | "node" => "openssl",
            "envoy" => "boringssl",
            own => own,
        }
    }
}

/// The whole file. A letter for each column: `A` accepts, `R` refuses, `-` not asked.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Measured {
    #[serde(default)]
    pub(crate) columns: Vec<Column>,
    #[serde(default)]
    server: BTreeMap<String, String>,
    #[serde(default)]
    client: BTreeMap<String, String>,
}

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stacks/measured.toml");

const HEAD: &str = "\
# What installed verifiers make of the chains of tests/stacks/variations, measured and never written by hand:
# UPDATE_STACKS=1 cargo test --test stacks
# A letter for each of the columns, in their order: A accepts, R refuses, - was not asked.
";

impl Measured {
    pub(crate) fn read() -> Self {
        let text = fs::read_to_string(PATH).unwrap_or_default();
        toml::from_str(&text).unwrap_or_else(|error| panic!("{PATH}: {error}"))
    }

    /// The letter of a case (`variation.role`) in a column.
    pub(crate) fn letter(&self, column: usize, case: &str) -> Option<char> {
        let (variation, role) = case.rsplit_once('.')?;
        let lines = if role == "server" {
            &self.server
        } else {
            &self.client
        };
        let letter = lines.get(variation)?.chars().nth(column)?;
        (letter != '-').then_some(letter)
    }

    /// The column of this verifier and version.
    pub(crate) fn column(&self, stack: &str, version: &str) -> Option<usize> {
        let same = |column: &Column| column.stack == stack && column.version == version;
        self.columns.iter().position(same)
    }

    /// Puts a new measurement in, in the place of an older one of the same version.
    pub(crate) fn put(&mut self, stack: &str, version: &str, today: &str, answers: &Answers) {
        let at = self.column(stack, version).unwrap_or_else(|| {
            self.columns.push(Column {
                stack: stack.to_owned(),
                version: version.to_owned(),
                measured: String::new(),
            });
            self.columns.len() - 1
        });
        today.clone_into(&mut self.columns[at].measured);
        for (case, Answer { letter, .. }) in answers {
            let (variation, role) = case.rsplit_once('.').unwrap();
            let lines = if role == "server" {
                &mut self.server
            } else {
                &mut self.client
            };
            let line = lines.entry(variation.to_owned()).or_default();
            let mut letters: Vec<char> = line.chars().collect();
            letters.resize(letters.len().max(at + 1), '-');
            letters[at] = *letter;
            *line = letters.into_iter().collect();
        }
    }

    /// Writes the file, without the variations that are no more.
    pub(crate) fn write(&self, cases: &[String]) {
        let mut text = HEAD.to_owned();
        for column in &self.columns {
            let Column {
                stack,
                version,
                measured,
            } = column;
            writeln!(
                text,
                "\n[[columns]]\nstack = \"{stack}\"\nversion = \"{version}\"\nmeasured = \"{measured}\""
            )
            .unwrap();
        }
        for (role, lines) in [("server", &self.server), ("client", &self.client)] {
            writeln!(text, "\n[{role}]").unwrap();
            for (variation, letters) in lines {
                if cases.contains(&format!("{variation}.{role}")) {
                    let width = self.columns.len();
                    writeln!(text, "{variation} = \"{letters:-<width$}\"").unwrap();
                }
            }
        }
        fs::write(PATH, text).unwrap();
    }
}
