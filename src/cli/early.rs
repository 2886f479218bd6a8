//! What has to be known of a call before its flags are: which command it is, which settings file it
//! names, whether it asks for help, and whether a monitoring system waits for the answer.
//!
//! For: `run`, since the settings file may have defaults for the flags, and whoever has made a
//! mistake in it needs help most. Must not: refuse a word; what cannot be is for the whole parser
//! to say.

use std::{ffi::OsString, path::PathBuf};

/// The one place that looks at words by itself. clap cannot: of a program whose flags it does not
/// know it stops at the first one, or takes what follows a word for another word.
#[derive(Debug, Default)]
pub(super) struct EarlyArgs {
    config: Option<PathBuf>,
    no_config: bool,
    help: bool,
    format: Option<OsString>,
    /// The first word that is none of these.
    first: Option<OsString>,
}

/// What the words say about the settings file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// This one.
    File(PathBuf),
    /// None is to be looked for.
    None,
    /// Nothing.
    Nothing,
}

impl EarlyArgs {
    /// Looks through the arguments, the program's name first, up to `--`.
    pub(super) fn of(arguments: &[OsString]) -> Self {
        let mut early = Self::default();
        let mut words = arguments.iter().skip(1).take_while(|word| *word != "--");
        while let Some(word) = words.next() {
            let text = word.to_str().unwrap_or_default();
            let (flag, value) = match text.split_once('=') {
                Some((flag, value)) => (flag, Some(OsString::from(value))),
                None => (text, None),
            };
            match flag {
                "--config" => {
                    early.config = value.or_else(|| words.next().cloned()).map(Into::into)
                }
                "--format" => early.format = value.or_else(|| words.next().cloned()),
                "--no-config" => early.no_config = true,
                "-h" | "--help" | "-V" | "--version" => early.help = true,
                _ => {
                    early.first.get_or_insert_with(|| word.clone());
                }
            }
        }
        early
    }

    /// The command; none where a flag stands in its place.
    pub(super) fn command(&self) -> Option<&str> {
        let word = self.first.as_ref()?.to_str()?;
        (!word.starts_with('-')).then_some(word)
    }

    /// What is said about the settings file.
    pub(super) fn settings(&self) -> Named {
        match (&self.config, self.no_config) {
            (_, true) => Named::None,
            (Some(path), false) => Named::File(path.clone()),
            (None, false) => Named::Nothing,
        }
    }

    /// Whether help is asked for, or the version, or nothing at all.
    pub(super) fn asks_for_help(&self) -> bool {
        self.help || matches!(self.command(), None | Some("help"))
    }

    /// Whether a monitoring system reads what is printed: it knows no status but its own, whatever
    /// goes wrong.
    pub(super) fn is_plugin(&self) -> bool {
        self.command() == Some("inspect")
            && self.format.as_ref().is_some_and(|name| name == "nagios")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn early(line: &str) -> EarlyArgs {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        EarlyArgs::of(&words)
    }

    #[test]
    fn the_file_is_named_in_three_ways() {
        let of = |line: &str| early(line).settings();
        assert_eq!(
            of("mtls lint --config a.toml"),
            Named::File("a.toml".into())
        );
        assert_eq!(of("mtls --config=b lint"), Named::File("b".into()));
        assert_eq!(of("mtls lint --no-config"), Named::None);
        assert_eq!(of("mtls lint -- --config x"), Named::Nothing);
        assert_eq!(of("mtls lint --config"), Named::Nothing);
        assert_eq!(
            of("mtls lint --nonsense -q --cert x --config a.toml"),
            Named::File("a.toml".into())
        );
    }

    #[test]
    fn the_command_stands_behind_what_is_everybodys() {
        for (line, command) in [
            ("mtls --config lint listen -key k", Some("listen")),
            ("mtls --no-config inspect x", Some("inspect")),
            ("mtls -key listen", None),
            ("mtls --config x", None),
            ("mtls", None),
        ] {
            assert_eq!(early(line).command(), command, "{line}");
        }
    }

    #[test]
    fn help_and_a_monitoring_system_are_known_amid_anything() {
        for line in [
            "mtls",
            "mtls help lint",
            "mtls lint -h",
            "mtls --version",
            "mtls lint --bad x --help",
        ] {
            assert!(early(line).asks_for_help(), "{line}");
        }
        for line in [
            "mtls lint x",
            "mtls listen -Verify 1 -key k",
            "mtls explain help",
            "mtls inspect -Hhost",
        ] {
            assert!(!early(line).asks_for_help(), "{line}");
        }
        assert!(early("mtls inspect --format nagios x").is_plugin());
        assert!(early("mtls inspect --bad --port x --format=nagios").is_plugin());
        assert!(!early("mtls lint --format nagios x").is_plugin());
    }
}
