//! The letters as data: `measured.toml`, a column a stack and version, a line a variation and role.
//!
//! For: what is compared, today's verifiers with the last measurement, and `mtls` with both.
//! Must not: be written without `UPDATE_STACKS=1`.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use serde::Deserialize;

use crate::stacks::{
    agreement::Said,
    verifiers::{Answer, Answers},
};

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

    /// Of a server, the library that it is built on, whose version is not the server's.
    fn library(&self) -> Option<&'static str> {
        match self.stack.as_str() {
            "nginx" | "apache2" | "haproxy" | "node" => Some("openssl"),
            "envoy" => Some("boringssl"),
            _ => None,
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

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/stacks/measured.toml");

const HEAD: &str = "\
# What installed verifiers make of the chains of tests/it/stacks/variations, measured and never written by hand:
# UPDATE_STACKS=1 cargo test --test it stacks::
# A letter for each of the columns, in their order: A accepts, R refuses, - was not asked.
";

impl Measured {
    pub(crate) fn read() -> Self {
        let text = fs::read_to_string(PATH).unwrap_or_default();
        toml::from_str(&text).unwrap_or_else(|error| panic!("{PATH}: {error}"))
    }

    /// The letter of a case (`variation.role`) in a column.
    fn letter(&self, column: usize, case: &str) -> Option<char> {
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

    /// The column of this verifier that was written last.
    pub(crate) fn latest(&self, stack: &str) -> Option<usize> {
        self.columns
            .iter()
            .rposition(|column| column.stack == stack)
    }

    /// What a verifier says now that differs from this column. What it was not asked now is not
    /// compared; that must be little.
    pub(crate) fn compare(&self, column: usize, said: &Answers) -> Vec<String> {
        let mut compared = 0;
        let mut differing = Vec::new();
        let title = self.columns[column].title();
        for (case, answer) in said.iter().filter(|(_, answer)| answer.letter != '-') {
            let kept = self.letter(column, case).unwrap_or('-');
            compared += 1;
            if kept != answer.letter {
                differing.push(format!(
                    "{case}: {title} was {kept}, now {}: {}",
                    answer.letter, answer.why
                ));
            }
        }
        let kept = self.said(column).letters.len();
        assert!(
            compared * 100 >= kept * 95,
            "{title}: {compared} answers now, {kept} are kept"
        );
        differing
    }

    /// What a column says.
    pub(crate) fn said(&self, column: usize) -> Said {
        let own = &self.columns[column];
        let mut letters = BTreeMap::new();
        for (role, lines) in [("server", &self.server), ("client", &self.client)] {
            for variation in lines.keys() {
                let case = format!("{variation}.{role}");
                if let Some(letter) = self.letter(column, &case) {
                    letters.insert(case, letter);
                }
            }
        }
        let library = own.library();
        Said {
            title: own.title(),
            stack: library.unwrap_or(&own.stack).to_owned(),
            version: library.is_none().then(|| own.version.clone()),
            letters,
        }
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
