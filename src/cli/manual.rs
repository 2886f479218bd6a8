//! The manual: a page for the program and one for each command, in man(7).
//!
//! For: `generate man`. What a flag does is said once, in its help; here stands what help has no
//! room for. Must not: say of a flag what its help does not.

mod texts;

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command, CommandFactory as _, builder::PossibleValue};

use self::texts::{described, environment, files, statuses};

/// The day on which the texts of the manual were last read through; in the foot of each page.
const DATE: &str = "2026-11-29";

/// Every page by its name, the program's own first.
pub(super) fn pages() -> Vec<(String, String)> {
    let mut whole = super::Cli::command();
    // Fills in what the commands inherit.
    whole.build();
    let mut found = Vec::new();
    gather(&whole, "mtls", &mut found);
    let names: Vec<String> = found.iter().map(|(name, _)| name.clone()).collect();
    found
        .into_iter()
        .map(|(name, command)| {
            let page = page(&name, command, &names);
            (name, page)
        })
        .collect()
}

fn gather<'a>(command: &'a Command, name: &str, found: &mut Vec<(String, &'a Command)>) {
    found.push((name.to_owned(), command));
    for below in visible(command) {
        gather(below, &format!("{name}-{}", below.get_name()), found);
    }
}

fn visible(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|below| below.get_name() != "help" && !below.is_hide_set())
}

fn page(name: &str, command: &Command, names: &[String]) -> String {
    let about = command
        .get_about()
        .map_or_else(String::new, ToString::to_string);
    let mut out = format!(
        ".TH \"{}\" \"1\" \"{DATE}\" \"mtls {}\" \"mtls manual\"\n.nh\n.ad l\n",
        name.to_uppercase(),
        env!("CARGO_PKG_VERSION")
    );
    let _ = writeln!(
        out,
        ".SH NAME\n{} \\- {}",
        plain(name),
        text(&lower_first(&about))
    );
    let _ = writeln!(out, ".SH SYNOPSIS\n{}", synopsis(name, command));
    let description = match described(name) {
        "" => format!("{}.", about.trim_end_matches('.')),
        described => described.to_owned(),
    };
    let _ = writeln!(out, ".SH DESCRIPTION\n{}", text(&description));
    commands(&mut out, name, command);
    options(&mut out, command);
    examples(&mut out, command);
    tagged(&mut out, "EXIT STATUS", &statuses(name));
    tagged(&mut out, "FILES", &files(name));
    tagged(&mut out, "ENVIRONMENT", &environment(name));
    see_also(&mut out, name, names);
    out
}

fn synopsis(name: &str, command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    let spoken = name.replace('-', " ");
    let mut lines = Vec::new();
    for line in usage.lines() {
        let rest = line.trim().strip_prefix(&spoken).unwrap_or_default();
        lines.push(format!(".B {}\n{}", plain(&spoken), plain(rest.trim())));
    }
    lines.join("\n.br\n").trim_end().to_owned()
}

fn commands(out: &mut String, name: &str, command: &Command) {
    let mut heading = Some(".SH COMMANDS\n");
    for below in visible(command) {
        out.push_str(heading.take().unwrap_or_default());
        let about = below
            .get_about()
            .map_or_else(String::new, ToString::to_string);
        let page = format!("{name}-{}", below.get_name());
        let _ = writeln!(out, ".TP\n.BR {} (1)\n{}", plain(&page), text(&about));
    }
}

/// The flags under the headings of the help, in its order.
fn options(out: &mut String, command: &Command) {
    let shown: Vec<&Arg> = command
        .get_arguments()
        .filter(|arg| !arg.is_hide_set())
        .collect();
    let mut headings: Vec<Option<&str>> = vec![None];
    for arg in &shown {
        if !headings.contains(&arg.get_help_heading()) {
            headings.push(arg.get_help_heading());
        }
    }
    out.push_str(".SH OPTIONS\n");
    for heading in headings {
        if let Some(heading) = heading {
            let _ = writeln!(out, ".SS {}", plain(heading));
        }
        // What is named without a flag comes first.
        let of = shown.iter().filter(|arg| arg.get_help_heading() == heading);
        let (named, flags): (Vec<&Arg>, Vec<&Arg>) = of.partition(|arg| arg.is_positional());
        for arg in named.into_iter().chain(flags) {
            option(out, arg);
        }
    }
}

fn option(out: &mut String, arg: &Arg) {
    let takes = arg.get_action().takes_values();
    let names = arg.get_value_names().unwrap_or_default();
    let value = match names {
        _ if !takes => String::new(),
        [] => arg.get_id().as_str().to_uppercase(),
        names => names
            .iter()
            .map(|name| name.as_str())
            .collect::<Vec<_>>()
            .join(" "),
    };
    let flags: Vec<String> = arg
        .get_short()
        .map(|letter| format!("-{letter}"))
        .into_iter()
        .chain(arg.get_long().map(|long| format!("--{long}")))
        .map(|flag| format!("\\fB{}\\fR", plain(&flag)))
        .collect();
    let mut head = flags.join(", ");
    if !value.is_empty() {
        let space = if head.is_empty() { "" } else { " " };
        let _ = write!(head, "{space}\\fI{}\\fR", plain(&value));
    }
    let help = match arg.get_action() {
        // clap's own words lead from one form of the help to the other.
        ArgAction::Help => "Print help".to_owned(),
        _ => arg.get_help().map_or_else(String::new, ToString::to_string),
    };
    let defaults: Vec<String> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    let default = match defaults.as_slice() {
        _ if !takes || arg.is_hide_default_value_set() => String::new(),
        [] => String::new(),
        defaults => format!(" [default: {}]", defaults.join(", ")),
    };
    let values = arg.get_possible_values();
    let values: Vec<&PossibleValue> = values
        .iter()
        .filter(|value| takes && !value.is_hide_set())
        .collect();
    let alone = values.iter().all(|value| value.get_help().is_none());
    let names: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
    let choice = match names.as_slice() {
        names if alone && !names.is_empty() => format!(" [possible values: {}]", names.join(", ")),
        _ => String::new(),
    };
    let _ = writeln!(out, ".TP\n{head}\n{}", text(&(help + &default + &choice)));
    if alone {
        return;
    }
    out.push_str(".RS\n");
    for value in values {
        let help = value
            .get_help()
            .map_or_else(String::new, ToString::to_string);
        let _ = writeln!(
            out,
            ".TP 12\n.B {}\n{}",
            plain(value.get_name()),
            text(&help)
        );
    }
    out.push_str(".RE\n");
}

/// The lines below a command's help up to its exit status.
fn above_exit_status(after: &str) -> impl Iterator<Item = &str> {
    let lines = after.lines();
    lines.take_while(|line| !line.starts_with("Exit status:"))
}

/// What stands below a command's help: commands as they are typed, a line each, and what is said of
/// them. The exit status has a section of its own.
fn examples(out: &mut String, command: &Command) {
    let Some(after) = command.get_after_help() else {
        return;
    };
    out.push_str(".SH EXAMPLES\n");
    let mut typed = false;
    for line in above_exit_status(&after.to_string()) {
        let command = line.strip_prefix("  ");
        if typed && command.is_none() {
            out.push_str(".fi\n");
            typed = false;
        }
        match command {
            Some(command) => {
                if !typed {
                    out.push_str(".PP\n.nf\n");
                    typed = true;
                }
                let _ = writeln!(out, "{}", plain(command));
            }
            None if line.is_empty() || line == "Examples:" => {}
            None => {
                let _ = writeln!(out, ".PP\n{}", text(line));
            }
        }
    }
    if typed {
        out.push_str(".fi\n");
    }
}

fn tagged(out: &mut String, heading: &str, entries: &[(&str, &str)]) {
    let mut heading = Some(format!(".SH {heading}\n"));
    for (tag, what) in entries {
        out.push_str(&heading.take().unwrap_or_default());
        let _ = writeln!(out, ".TP\n.B {}\n{}", plain(tag), text(what));
    }
}

fn see_also(out: &mut String, name: &str, names: &[String]) {
    let top = name == "mtls";
    let root: String = name.split('-').take(2).collect::<Vec<_>>().join("-");
    let near = names.iter().filter(|other| {
        let own = other.matches('-').count();
        *other != name
            && (*other == "mtls" || (top && own == 1) || (!top && other.starts_with(&root)))
    });
    let kin: &[&str] = match name {
        "mtls-lint" => &["mtls-inspect", "mtls-profiles", "openssl-verify"],
        "mtls-inspect" => &["mtls-lint", "openssl-s_client"],
        "mtls-listen" => &["mtls-simulate", "mtls-explain", "openssl-s_server"],
        "mtls-simulate" => &["mtls-pki", "mtls-listen", "curl"],
        "mtls-explain" => &["mtls-lint", "mtls-listen"],
        "mtls-pki" => &["mtls-simulate", "mtls-lint"],
        "mtls-profiles" | "mtls-profiles-show" | "mtls-profiles-pem" => &["mtls-lint"],
        "mtls-token" | "mtls-token-verify" => &["mtls-listen"],
        _ => &[],
    };
    let all: Vec<String> = near
        .map(String::as_str)
        .chain(kin.iter().copied())
        .map(|page| format!(".BR {} (1)", plain(page)))
        .collect();
    let _ = writeln!(out, ".SH SEE ALSO\n{}", all.join(",\n"));
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// Text as it is, safe from the formatter.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    if text.starts_with(['.', '\'']) {
        out.push_str("\\&");
    }
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\e"),
            '-' => out.push_str("\\-"),
            '\'' => out.push_str("\\(aq"),
            '`' => out.push_str("\\(ga"),
            '^' => out.push_str("\\(ha"),
            '~' => out.push_str("\\(ti"),
            other => out.push(other),
        }
    }
    out
}

/// Text of a help: what it has between backticks is typed, and in bold.
fn text(help: &str) -> String {
    let mut out = String::new();
    for (index, piece) in help.split('`').enumerate() {
        let piece = plain(piece);
        match index % 2 {
            0 => out.push_str(&piece),
            _ => {
                let _ = write!(out, "\\fB{piece}\\fR");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests;
