//! Whether every key of the file stands for something, and every value fits somewhere.
//!
//! For: `run`, before anything is taken from the file: a mistake is told even where it would not
//! matter to this call.

use std::ops::Range;

use anyhow::Result;
use clap::Command;
use toml::de::{DeTable, DeValue};

use super::{
    File, Settings,
    defaults::{of_file, try_out},
    permitted::{DECISIONS, IN_A_FILE, NO_SETTINGS, SAID_ONLY, is_setting},
};

impl Settings {
    /// ChainUse the file to the flags that there are.
    pub(in crate::cli) fn check(&self, program: &Command) -> Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        check_keys(program, file, file.table.get_ref())
    }
}

/// Every key is a flag of some command, a command's table, or about findings; and a flag's value is
/// one that some command takes.
fn check_keys(program: &Command, file: &File, table: &DeTable<'_>) -> Result<()> {
    let commands: Vec<&Command> = program.get_subcommands().collect();
    let flags_of = |command: &Command| -> Vec<String> {
        let flags = command.get_arguments().filter(|flag| is_setting(flag));
        flags
            .filter_map(|flag| flag.get_long().map(str::to_owned))
            .collect()
    };
    let everywhere: Vec<String> = commands
        .iter()
        .flat_map(|command| flags_of(command))
        .collect();
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        if DECISIONS.contains(&name) {
            continue;
        }
        let own = commands.iter().find(|command| command.get_name() == name);
        match (own, value.get_ref()) {
            (Some(command), DeValue::Table(flags)) => {
                let known = flags_of(command);
                for flag in flags.keys() {
                    let of = format!("`mtls {name}`");
                    check_flag(file, name, flag.get_ref(), flag.span(), &known, &of)?;
                }
                continue;
            }
            (Some(_), _) if !IN_A_FILE.contains(&name) => {
                let message = format!("`{name}` is a command, expected a table: [{name}]");
                return Err(file.wrong(Some(key.span()), &message));
            }
            _ => {}
        }
        let tables = commands.iter().map(|command| command.get_name().to_owned());
        let known: Vec<String> = everywhere.iter().cloned().chain(tables).collect();
        check_flag(file, "", name, key.span(), &known, "any command")?;
        check_value(&commands, file, name, table)?;
    }
    Ok(())
}

/// A general value fits a command at least.
fn check_value(commands: &[&Command], file: &File, name: &str, table: &DeTable<'_>) -> Result<()> {
    let mut first = None;
    for command in commands {
        let mut flags = command.get_arguments();
        let Some(flag) = flags.find(|flag| flag.get_long() == Some(name)) else {
            continue;
        };
        // Asked without the command's table: only the general value is in question.
        let problem = match of_file(flag, "", file, table)? {
            None if is_list(table, name) => "takes one value".to_owned(),
            None => return Ok(()),
            Some(found) => match try_out(flag, &found.values) {
                Ok(()) => return Ok(()),
                Err(why) => why,
            },
        };
        first.get_or_insert(problem);
    }
    match (first, table.get(name)) {
        (Some(why), Some(value)) => {
            let why = if why.contains(name) {
                why
            } else {
                format!("`{name}` {why}")
            };
            Err(file.wrong(Some(value.span()), &why))
        }
        _ => Ok(()),
    }
}

fn is_list(table: &DeTable<'_>, name: &str) -> bool {
    matches!(table.get(name).map(|value| value.get_ref()), Some(DeValue::Array(items)) if items.len() > 1)
}

fn check_flag(
    file: &File,
    command: &str,
    name: &str,
    span: Range<usize>,
    known: &[String],
    of: &str,
) -> Result<()> {
    if SAID_ONLY.contains(&name)
        || NO_SETTINGS.contains(&name)
        || (command, name) == ("explain", "host")
    {
        let message = format!(
            "`{name}` is not allowed in a settings file: a file that comes with a checkout must not decide what is sent, opened, written or shown"
        );
        return Err(file.wrong(Some(span), &message));
    }
    if known.iter().any(|flag| flag == name) {
        return Ok(());
    }
    let nearest = known
        .iter()
        .map(|flag| (strsim::jaro_winkler(flag, name), flag))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = match nearest {
        Some((_, flag)) => format!("; did you mean `{flag}`?"),
        None => "; `mtls COMMAND --help` lists them".to_owned(),
    };
    Err(file.wrong(Some(span), &format!("`{name}` is not a flag of {of}{hint}")))
}
