//! Completions: clap's scripts, with the values that clients, requests, senders, rules and stacks
//! are named by.
//!
//! For: `generate completions`. Must not: change what the program accepts; a file of one's own is a
//! value too, though it is none of these.

use std::fmt::Write as _;

use clap::{
    Arg, Command, CommandFactory as _,
    builder::{PossibleValue, PossibleValuesParser},
};
use clap_complete::Shell;

use super::verifiers;
use crate::{dialogflow::Api, pki, profiles, rules};

/// The completions for a shell.
pub(super) fn script(shell: Shell) -> String {
    let mut program = with_values(super::Cli::command());
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut program, "mtls", &mut bytes);
    let script = String::from_utf8_lossy(&bytes).into_owned();
    match shell {
        Shell::Fish => with_files(&script) + &with_positionals(&program),
        Shell::Bash => with_equals_sign(&script),
        Shell::Zsh => with_files_too(&script),
        _ => script,
    }
}

/// The program with the values of its flags, as far as they are known.
fn with_values(program: Command) -> Command {
    let program = program.mut_subcommands(with_values);
    let command = program.get_name().to_owned();
    program.mut_args(|arg| {
        let known = arg.get_value_parser().possible_values().is_some();
        match values(&command, &arg) {
            values if known || values.is_empty() => arg,
            values => arg.value_parser(PossibleValuesParser::new(values)),
        }
    })
}

fn values(command: &str, arg: &Arg) -> Vec<PossibleValue> {
    let senders = || profiles::all().iter().map(|profile| profile.name.as_str());
    let named = |names: &mut dyn Iterator<Item = &'static str>| -> Vec<PossibleValue> {
        names.map(PossibleValue::new).collect()
    };
    match (command, arg.get_id().as_str()) {
        (_, "client") => {
            let recipes = pki::recipes().iter().map(|recipe| recipe.fault);
            let short = recipes.map(|fault| fault.strip_prefix("client-").unwrap_or(fault));
            named(&mut ["none"].into_iter().chain(short))
        }
        (_, "event") => named(&mut Api::ALL.into_iter().map(Api::name)),
        (_, "profile" | "sender") | ("show", "name") => named(&mut senders()),
        ("pem", "name") => {
            let anchors = profiles::anchors().iter().map(|anchor| anchor.id.as_str());
            named(&mut senders().chain(anchors))
        }
        (_, "select" | "ignore") => {
            let rules = rules::ALL.iter();
            named(&mut rules.flat_map(|rule| [rule.code, rule.name]))
        }
        (_, "stack") => named(&mut verifiers::names()),
        // A colon begins a new word for bash, so none of the senders' own is offered.
        ("listen", "expect") => named(&mut ["mtls", "no-mtls", "token"].into_iter()),
        ("simulate", "bearer") => named(&mut ["simulated", "mint", "none"].into_iter()),
        ("man", "command") => {
            let program = super::Cli::command();
            let commands = program.get_subcommands().filter(|one| !one.is_hide_set());
            let names = commands.map(|one| one.get_name().to_owned());
            names.map(PossibleValue::new).collect()
        }
        _ => Vec::new(),
    }
}

/// fish offers either values or files; a sender profile is the name of one or a file.
fn with_files(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    for line in script.lines() {
        let takes_file = [" -l profile ", " -l sender "]
            .iter()
            .any(|flag| line.contains(flag));
        if takes_file {
            out.push_str(&line.replacen(" -r -f -a ", " -r -F -a ", 1));
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

/// zsh offers either values or files, too.
fn with_files_too(script: &str) -> String {
    const BEFORE: &str = ":NAME|FILE:(";
    let mut out = String::with_capacity(script.len());
    for line in script.lines() {
        let parts = line
            .split_once(BEFORE)
            .and_then(|(before, rest)| Some((before, rest.split_once(")'")?)));
        match parts {
            Some((before, (names, after))) => {
                let _ = writeln!(
                    out,
                    r#"{before}:NAME|FILE:{{_alternative "senders\:sender profile\:({names})" "files\:file\:_files"}}'{after}"#
                );
            }
            None => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

/// clap's script for fish has no values of what is named without a flag. Where it may be a file of
/// one's own, files are offered too.
fn with_positionals(program: &Command) -> String {
    let mut lines = String::new();
    for command in program.get_subcommands() {
        for below in command
            .get_subcommands()
            .filter(|_| command.get_name() != "help")
        {
            for arg in below.get_positionals() {
                let values = arg.get_possible_values();
                let values: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
                let is_file = arg.get_id() == "name";
                if !values.is_empty() {
                    let _ = writeln!(
                        lines,
                        "complete -c mtls -n \"__fish_mtls_using_subcommand {}; and __fish_seen_subcommand_from {}\"{} -a \"{}\"",
                        command.get_name(),
                        below.get_name(),
                        if is_file { "" } else { " -f" },
                        values.join(" ")
                    );
                }
            }
        }
    }
    lines
}

/// bash takes `--flag=value` for three words; the script knows two.
fn with_equals_sign(script: &str) -> String {
    const PREVIOUS: &str = "    prev=\"$3\"\n";
    const REPAIRED: &str = "    prev=\"$3\"
    if [[ \"${cur}\" == \"=\" ]]; then
        cur=\"\"
    elif [[ \"${prev}\" == \"=\" ]]; then
        prev=\"${COMP_WORDS[COMP_CWORD-2]}\"
    fi
";
    script.replacen(PREVIOUS, REPAIRED, 1)
}
