//! Defaults of flags: the variable `MTLS_FLAG_NAME` first, then the file's table of the command,
//! then the file's own keys.
//!
//! A default is one to clap as well: `--help` shows it, and whatever is said on the command line
//! takes its place, lists too.

use std::{ops::Range, path::Path};

use anyhow::Result;
use clap::{Arg, ArgAction, Command, ValueHint, builder::Resettable};
use toml::de::{DeTable, DeValue};

use super::{
    File, Settings,
    permitted::{DECISIONS, in_a_file, is_setting},
};
use crate::parse::escape;

/// A default and where it was found.
pub(super) struct Found<'a> {
    pub(super) values: Vec<String>,
    origin: Origin<'a>,
    /// Whether it is for every command that has the flag, and some other takes the value.
    general: bool,
}

pub(super) enum Origin<'a> {
    Variable(String),
    File(&'a File, Range<usize>),
}

impl Origin<'_> {
    fn wrong(&self, message: &str) -> anyhow::Error {
        match self {
            Self::Variable(name) => anyhow::anyhow!("{name}: {message}"),
            Self::File(file, span) => file.wrong(Some(span.clone()), message),
        }
    }
}

/// The program's arguments with their defaults, for a call of this command.
pub(in crate::cli) fn apply(
    mut program: Command,
    command: Option<&str>,
    settings: &Settings,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Command> {
    let called = command.and_then(|word| program.find_subcommand(word));
    let Some(called) = called.map(|command| command.get_name().to_owned()) else {
        return Ok(program);
    };
    let flags: Vec<Arg> = program
        .find_subcommand(&called)
        .into_iter()
        .flat_map(Command::get_arguments)
        .filter(|flag| is_setting(flag))
        .cloned()
        .collect();
    for flag in flags {
        let name = flag.get_long().unwrap_or_default();
        let found = match of_environment(name, &variable) {
            Some(found) => Some(found),
            None => match &settings.file {
                Some(file) if in_a_file(&called, name) => {
                    of_file(&flag, &called, file, file.table.get_ref())?
                }
                _ => None,
            },
        };
        let Some(found) = found else { continue };
        let values = if matches!(flag.get_action(), ArgAction::SetTrue) {
            match found.values.as_slice() {
                [yes] if matches!(yes.as_str(), "true" | "1" | "yes") => vec!["true".to_owned()],
                [no] if matches!(no.as_str(), "false" | "0" | "no") => continue,
                _ => {
                    return Err(found
                        .origin
                        .wrong(&format!("`{name}`: expected true or false")));
                }
            }
        } else {
            found.values
        };
        match try_out(&flag, &values) {
            Ok(()) => {}
            // What is said for all commands need not fit each of them.
            Err(_) if found.general => continue,
            Err(why) => return Err(found.origin.wrong(&why)),
        }
        let id = flag.get_id().clone();
        program = program.mut_subcommand(&called, |command| {
            command.mut_arg(id, |flag| flag.required(false).default_values(values))
        });
    }
    Ok(program)
}

fn of_environment(name: &str, variable: impl Fn(&str) -> Option<String>) -> Option<Found<'static>> {
    let variable_name = format!(
        "MTLS_{}",
        name.to_ascii_uppercase().replace(['-', '.'], "_")
    );
    let value = variable(&variable_name).filter(|value| !value.is_empty())?;
    Some(Found {
        values: vec![value],
        origin: Origin::Variable(variable_name),
        general: false,
    })
}

/// The default that the file has for a flag of this command.
pub(super) fn of_file<'a>(
    flag: &Arg,
    command: &str,
    file: &'a File,
    table: &DeTable<'_>,
) -> Result<Option<Found<'a>>> {
    let name = flag.get_long().unwrap_or_default();
    let own = table
        .get(command)
        .and_then(|table| table.get_ref().get(name));
    // `[[ignore]]` and `[listen]` are no flag's default.
    let general = table.get(name).filter(|value| {
        !DECISIONS.contains(&name) && !matches!(value.get_ref(), DeValue::Table(_))
    });
    let Some(value) = own.or(general) else {
        return Ok(None);
    };
    let origin = Origin::File(file, value.span());
    let mut values = Vec::new();
    let items: Vec<&DeValue<'_>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().map(|item| item.get_ref()).collect(),
        one => vec![one],
    };
    if items.is_empty() {
        return Ok(None);
    }
    if items.len() > 1 && !matches!(flag.get_action(), ArgAction::Append) {
        if own.is_none() {
            return Ok(None);
        }
        return Err(origin.wrong(&format!("`{name}` takes one value")));
    }
    for item in items {
        let value = match item {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            DeValue::Boolean(yes) => yes.to_string(),
            DeValue::Datetime(time) => time.to_string(),
            DeValue::Array(_) | DeValue::Table(_) => {
                return Err(
                    origin.wrong(&format!("`{name}`: expected a value, or a list of values"))
                );
            }
        };
        // Paths are those of whoever wrote the file, wherever the program is run.
        let is_path = matches!(
            flag.get_value_hint(),
            ValueHint::AnyPath | ValueHint::FilePath
        );
        let is_path =
            (is_path && value != "-") || value.starts_with("./") || value.starts_with("../");
        let folder = file.path.parent().unwrap_or(Path::new(""));
        values.push(if is_path {
            folder.join(value).display().to_string()
        } else {
            value
        });
    }
    Ok(Some(Found {
        values,
        origin,
        general: own.is_none(),
    }))
}

/// Whether the flag takes these values; else why not.
pub(super) fn try_out(flag: &Arg, values: &[String]) -> Result<(), String> {
    if matches!(flag.get_action(), ArgAction::SetTrue) {
        return Ok(());
    }
    let name = flag.get_long().unwrap_or_default();
    // The flag alone: what it goes or does not go with is nothing to a default.
    let alone = flag
        .clone()
        .required(false)
        .conflicts_with(Resettable::Reset)
        .requires(Resettable::Reset)
        .overrides_with(Resettable::Reset)
        .group(Resettable::Reset);
    let words = values.iter().map(|value| format!("--{name}={value}"));
    let tried = Command::new("mtls")
        .no_binary_name(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(alone)
        .try_get_matches_from(words);
    tried.map(|_| ()).map_err(|error| {
        let said = crate::cli::bad_value(&error);
        said.unwrap_or_else(|| {
            // Up to the first empty line: the sentence, and the choices there are.
            let text = error.to_string();
            let lines: Vec<&str> = text
                .lines()
                .map(str::trim)
                .take_while(|line| !line.is_empty())
                .collect();
            escape::text(lines.join(" ").trim_start_matches("error: "))
        })
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::CommandFactory as _;

    use super::*;

    fn program() -> Command {
        Command::new("mtls")
            .subcommand(
                Command::new("lint")
                    .arg(
                        Arg::new("fail-on")
                            .long("fail-on")
                            .value_parser(["error", "note"])
                            .default_value("error"),
                    )
                    .arg(
                        Arg::new("client_ca")
                            .long("client-ca")
                            .action(ArgAction::Append)
                            .value_parser(clap::value_parser!(std::path::PathBuf)),
                    )
                    .arg(
                        Arg::new("days")
                            .long("warn-days")
                            .value_parser(clap::value_parser!(u32)),
                    )
                    .arg(
                        Arg::new("exit_zero")
                            .long("exit-zero")
                            .action(ArgAction::SetTrue),
                    )
                    .arg(Arg::new("keylog").long("keylog"))
                    .arg(Arg::new("key").long("key").requires("cert"))
                    .arg(Arg::new("cert").long("cert").conflicts_with("days")),
            )
            .subcommand(
                Command::new("inspect").arg(
                    Arg::new("fail-on")
                        .long("fail-on")
                        .value_parser(["error", "note"]),
                ),
            )
    }

    fn settings(text: &str) -> Result<Settings> {
        Ok(Settings {
            said: Vec::new(),
            file: Some(File::new("conf/mtls.toml".into(), text.to_owned())?),
        })
    }

    fn lint(text: &str, variables: &[(&str, &str)], words: &[&str]) -> Result<clap::ArgMatches> {
        let arguments: Vec<OsString> = ["mtls", "lint"]
            .iter()
            .chain(words)
            .map(OsString::from)
            .collect();
        let variable = |name: &str| {
            let found = variables.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let settings = settings(text)?;
        settings.check(&program())?;
        let program = apply(program(), Some("lint"), &settings, variable)?;
        let matches = program.try_get_matches_from(arguments)?;
        Ok(matches.subcommand_matches("lint").unwrap().clone())
    }

    fn fail_on(text: &str, variables: &[(&str, &str)], words: &[&str]) -> String {
        let matches = lint(text, variables, words).unwrap();
        matches.get_one::<String>("fail-on").unwrap().clone()
    }

    #[test]
    fn the_nearest_word_counts() {
        let both = "fail-on = \"note\"\n[lint]\nfail-on = \"error\"\n";
        assert_eq!(fail_on("", &[], &[]), "error");
        assert_eq!(fail_on("fail-on = \"note\"", &[], &[]), "note");
        assert_eq!(fail_on(both, &[], &[]), "error");
        assert_eq!(fail_on(both, &[("MTLS_FAIL_ON", "note")], &[]), "note");
        assert_eq!(fail_on(both, &[("MTLS_FAIL_ON", "")], &[]), "error");
        assert_eq!(
            fail_on(
                "fail-on = \"note\"",
                &[("MTLS_FAIL_ON", "note")],
                &["--fail-on=error"]
            ),
            "error"
        );
    }

    #[test]
    fn lists_paths_numbers_and_switches_are_read() {
        let matches = lint("[lint]\nclient-ca = [\"a.pem\", \"/b.pem\"]\nwarn-days = 30\nexit-zero = true\nkey = \"k\"\n", &[], &[]).unwrap();
        let files: Vec<_> = matches
            .get_many::<std::path::PathBuf>("client_ca")
            .unwrap()
            .collect();
        assert_eq!(files, [Path::new("conf/a.pem"), Path::new("/b.pem")]);
        assert_eq!(matches.get_one::<u32>("days"), Some(&30));
        assert!(matches.get_flag("exit_zero"));
        // What is said takes the list's place, and a default is in nobody's way.
        let matches = lint(
            "[lint]\nclient-ca = [\"a.pem\", \"/b.pem\"]\nwarn-days = 30\n",
            &[],
            &["--client-ca", "c.pem", "--cert", "x"],
        )
        .unwrap();
        assert_eq!(
            matches
                .get_many::<std::path::PathBuf>("client_ca")
                .unwrap()
                .count(),
            1
        );
        assert!(!matches.get_flag("exit_zero"));
    }

    #[test]
    fn what_is_wrong_is_drawn_where_it_stands() {
        for (text, wanted) in [
            (
                "\nfail-onn = \"note\"",
                "conf/mtls.toml:2: `fail-onn` is not a flag of any command; did you mean `fail-on`?",
            ),
            (
                "[lint]\nclient = \"x\"",
                "conf/mtls.toml:2: `client` is not a flag of `mtls lint`; did you mean `client-ca`?",
            ),
            (
                "[lnt]\n",
                "conf/mtls.toml:1: `lnt` is not a flag of any command; did you mean `lint`?",
            ),
            (
                "zzz = 1",
                "conf/mtls.toml:1: `zzz` is not a flag of any command; `mtls COMMAND --help` lists them",
            ),
            (
                "fail-on = \"fatal\"",
                "conf/mtls.toml:1: invalid value 'fatal' for '--fail-on <fail-on>' [possible values: error, note]",
            ),
            (
                "[lint]\nwarn-days = \"soon\"",
                "conf/mtls.toml:2: --warn-days soon: expected a whole number",
            ),
            (
                "[lint]\nwarn-days = [1, 2]",
                "conf/mtls.toml:2: `warn-days` takes one value",
            ),
            (
                "[lint]\nwarn-days = { a = 1 }",
                "conf/mtls.toml:2: `warn-days`: expected a value",
            ),
            (
                "[lint]\nexit-zero = 7",
                "conf/mtls.toml:2: `exit-zero`: expected true or false",
            ),
            (
                "[lint]\nkeylog = \"k\"",
                "conf/mtls.toml:2: `keylog` is not allowed in a settings file",
            ),
            (
                "inspect = 3",
                "conf/mtls.toml:1: `inspect` is a command, expected a table: [inspect]",
            ),
            (
                "[[lint]]\nx = 1",
                "conf/mtls.toml:1: `lint` is a command, expected a table: [lint]",
            ),
            ("fail-on = ", "conf/mtls.toml:1: "),
        ] {
            let error = lint(text, &[], &[]).unwrap_err();
            let drawn: &crate::cli::common::Drawn = error.downcast_ref().unwrap();
            assert!(drawn.message.starts_with(wanted), "{text}: {error}");
            assert!(drawn.drawing.contains('^'), "{}", drawn.drawing);
        }
        let error = lint("", &[("MTLS_FAIL_ON", "x")], &[])
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("MTLS_FAIL_ON: invalid value 'x'"),
            "{error}"
        );
    }

    #[test]
    fn a_table_of_each_command_is_none_of_anothers_flags() {
        for (text, words) in [
            ("[listen]\ncert = \"a.pem\"", &["mtls", "listen"][..]),
            (
                "[pki]\nhost = [\"a\"]",
                &["mtls", "simulate", "https://localhost/"],
            ),
            (
                "[pki]\nhost = [\"a\"]",
                &["mtls", "--no-config", "inspect", "x.pem"],
            ),
            ("format = \"html\"", &["mtls", "explain", "116"]),
            ("host = [\"a\", \"b\"]", &["mtls", "lint"]),
        ] {
            let arguments: Vec<OsString> = words.iter().map(OsString::from).collect();
            let program = crate::cli::Cli::command();
            let early = crate::cli::early::EarlyArgs::of(&arguments);
            let settings = settings(text).unwrap();
            let program = apply(program, early.command(), &settings, |_| None).unwrap();
            assert!(program.try_get_matches_from(arguments).is_ok(), "{text}");
        }
    }
}
