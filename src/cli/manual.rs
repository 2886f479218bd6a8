//! The manual: a page for the program and one for each command, in man(7).
//!
//! For: `generate man`. What a flag does is said once, in its help; here stands what help has no
//! room for. Must not: say of a flag what its help does not.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command, CommandFactory as _, builder::PossibleValue};

/// The day on which the texts of the manual were last read through; in the foot of each page.
const DATE: &str = "2026-11-29";

/// An exit status and when it comes.
type Status = (&'static str, &'static str);

const UNABLE: Status = (
    "2",
    "The program could not do its job: wrong usage, a file that cannot be read or written, an error in the settings file.",
);

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

/// What a command does, where a line does not say it all.
fn described(name: &str) -> &'static str {
    match name {
        "mtls" => {
            "A webhook sender with a client certificate and a webhook server that verifies it have many ways to fail, and the error message rarely names the cause. `mtls` shows what each side presents, checks files and servers before they are deployed, rehearses calls with valid and faulty certificates, and explains error messages."
        }
        "mtls-lint" => {
            "Reads certificates, keys, CA files and server configurations, and reports what TLS stacks reject, now or at --at-time. It opens no connection, and writes no file but that of --fix and --output."
        }
        "mtls-listen" => {
            "Accepts TLS connections, asks each client for a certificate, prints what the client sent, and answers as a webhook does. By default it observes: --enforce rejects client certificates that do not verify. Without --cert it makes a throwaway certificate for localhost."
        }
        "mtls-inspect" => {
            "Connects to an endpoint, or reads a file or a directory, and shows the certificate chain as it was sent beside the one that verifies, which client certificates the server asks for, and what is wrong. --targets inspects a list of any length."
        }
        "mtls-simulate" => {
            "Sends the request of a sender such as Dialogflow, with a client certificate of your own, one of mtls-pki(1), or a throwaway one, and reports whether the webhook accepts the client and answers as the sender needs it. --matrix calls once with every kind of client certificate, which shows whether the webhook enforces mutual TLS."
        }
        "mtls-explain" => {
            "Looks a message, code or number up in a dictionary of TLS stacks, says which side rejected which, and lists the causes, most likely first, each with how to tell it from the others and how to fix it. With a log on standard input it finds every line that it knows. Evidence narrows the causes down."
        }
        "mtls-pki" => {
            "Writes a client CA, a server CA, and certificates with their keys: valid ones, and one for each fault that a certificate can have. Every key is readable by its owner only, and no file is overwritten."
        }
        "mtls-profiles" => {
            "A sender profile is what is known about the client certificates, tokens and requests of a sender, each fact with its source and the day it was read. Without a command, all profiles are listed."
        }
        _ => "",
    }
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

/// What stands below a command's help: commands as they are typed, a line each, and what is said of
/// them. The exit status has a section of its own.
fn examples(out: &mut String, command: &Command) {
    let Some(after) = command.get_after_help() else {
        return;
    };
    out.push_str(".SH EXAMPLES\n");
    let mut typed = false;
    for line in after.to_string().lines() {
        let command = line.strip_prefix("  ");
        if typed && command.is_none() {
            out.push_str(".fi\n.RE\n");
            typed = false;
        }
        match command {
            Some(command) => {
                if !typed {
                    out.push_str(".PP\n.RS 4\n.nf\n");
                    typed = true;
                }
                let _ = writeln!(out, "{}", plain(command));
            }
            None if line.is_empty() || line == "Examples:" || line.starts_with("Exit status:") => {}
            None => {
                let _ = writeln!(out, ".PP\n{}", text(line));
            }
        }
    }
    if typed {
        out.push_str(".fi\n.RE\n");
    }
}

fn tagged(out: &mut String, heading: &str, entries: &[(&str, &str)]) {
    let mut heading = Some(format!(".SH {heading}\n"));
    for (tag, what) in entries {
        out.push_str(&heading.take().unwrap_or_default());
        let _ = writeln!(out, ".TP\n.B {}\n{}", plain(tag), text(what));
    }
}

fn statuses(name: &str) -> Vec<Status> {
    let (good, bad) = match name {
        "mtls" => (
            "As expected.",
            "Something is wrong: a finding at or above --fail-on, a rejected handshake, an expectation not met, an endpoint that cannot be reached, a question that was asked and has no answer.",
        ),
        "mtls-lint" => (
            "No finding at or above --fail-on.",
            "A finding at or above --fail-on, or something that was asked (trust, a host name, a sender profile) has no answer.",
        ),
        "mtls-inspect" => (
            "No finding at or above --fail-on, and the chain is trusted.",
            "A finding at or above --fail-on, a chain that is not trusted, or an endpoint that cannot be reached or whose name has no address: that is the answer to what was asked, not wrong usage. With --format nagios the status is 0 ok, 1 warning, 2 critical, 3 unknown.",
        ),
        "mtls-simulate" => (
            "Every call ended as its client certificate lets expect: an expired one that is rejected is a success.",
            "A call ended otherwise, a finding at or above --fail-on, or the webhook cannot be reached.",
        ),
        "mtls-listen" => (
            "No finding at or above --fail-on, and every --expect was met.",
            "A finding at or above --fail-on, or an --expect was not met.",
        ),
        "mtls-explain" => ("Something is known.", "Nothing is known."),
        "mtls-token-verify" => (
            "The token is valid.",
            "It is not, or nothing says whose it is.",
        ),
        "mtls-token-decode" => ("The token was decoded.", "It is not a JSON Web Token."),
        _ => return vec![("0", "Done."), UNABLE],
    };
    vec![("0", good), ("1", bad), UNABLE]
}

fn files(name: &str) -> Vec<(&'static str, &'static str)> {
    let mut files = vec![(
        "mtls.toml",
        "Settings of a repository: flag defaults, exceptions with a reason and an end, severities. Read from the current directory or the nearest parent up to the repository's root, unless --config names another file or --no-config is given. A flag on the command line wins over the environment, and the environment over the file.",
    )];
    match name {
        "mtls-pki" => files.extend([
            ("DIR/client-ca.pem", "The CA that the webhook has to trust."),
            (
                "DIR/clients/NAME/",
                "fullchain.pem and key.pem of each client, the faulty ones named by their fault.",
            ),
            ("DIR/server-ca.pem", "The CA of the server certificates."),
            (
                "DIR/server/, DIR/servers/",
                "A valid server certificate, and faulty ones.",
            ),
            ("DIR/crl.pem", "The revocation list of the client CA."),
        ]),
        "mtls-simulate" | "mtls-inspect" => files.push((
            "DIR/clients/NAME/",
            "What --pki takes --client from; mtls-pki(1) writes it.",
        )),
        _ => {}
    }
    files
}

fn environment(name: &str) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![
        (
            "MTLS_CONFIG",
            "The settings file, if --config does not name one.",
        ),
        (
            "MTLS_FLAG",
            "The default of a flag, its name in capitals with underscores: MTLS_FAIL_ON=note is --fail-on note.",
        ),
    ];
    match name {
        "mtls-lint" | "mtls-simulate" => all.push(SUMMARY),
        "mtls-inspect" => all.extend([
            SUMMARY,
            (
                "JOB_COMPLETION_INDEX, CI_NODE_INDEX",
                "The part of --shard auto/N: of Kubernetes from 0, of GitLab from 1.",
            ),
        ]),
        "mtls-listen" | "mtls-token-verify" => all.push((
            "HTTPS_PROXY, ALL_PROXY, NO_PROXY",
            "The proxy through which a --jwks URL is fetched, and the hosts that need none.",
        )),
        _ => {}
    }
    all.extend([
        (
            "NO_COLOR, CLICOLOR, CLICOLOR_FORCE",
            "Whether --color auto uses colour.",
        ),
        (
            "LC_ALL, LC_CTYPE, LANG",
            "Unless the first that is set names UTF-8, output is ASCII.",
        ),
    ]);
    all
}

const SUMMARY: (&str, &str) = (
    "GITHUB_STEP_SUMMARY",
    "The file to which --format github appends a summary in Markdown.",
);

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
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::cli::{early::EarlyArgs, openssl_words};

    fn after_help<'a>(command: &'a Command, found: &mut Vec<(&'a Command, String)>) {
        let text = command.get_after_help().map(ToString::to_string);
        found.push((command, text.unwrap_or_default()));
        for below in visible(command) {
            after_help(below, found);
        }
    }

    /// The words of `mtls` in a line of a shell, up to what is done with its output.
    fn words(line: &str) -> Vec<OsString> {
        let own = &line[line.find("mtls").unwrap()..];
        let mut words = Vec::new();
        let mut rest = own;
        while let Some(first) = rest.trim_start().chars().next() {
            rest = rest.trim_start();
            if "|<>)".contains(first) {
                break;
            }
            let quote = ['"', '\''].into_iter().find(|quote| *quote == first);
            let (word, after) = match quote {
                Some(quote) => rest[1..].split_once(quote).unwrap(),
                None => rest.split_at(rest.find([' ', ')']).unwrap_or(rest.len())),
            };
            words.push(word.into());
            rest = after;
        }
        words
    }

    #[test]
    fn every_command_has_examples_that_it_takes() {
        let mut program = crate::cli::Cli::command();
        program.build();
        let mut all = Vec::new();
        after_help(&program, &mut all);
        let mut tried = 0;
        for (command, text) in all {
            let name = command.get_bin_name().unwrap_or("mtls");
            let examples: Vec<&str> = text
                .lines()
                .filter_map(|line| line.strip_prefix("  "))
                .collect();
            assert!(!examples.is_empty(), "{name} has no examples");
            let own = examples.iter().any(|example| example.contains(name));
            assert!(own, "{name} has no example of itself");
            for example in examples {
                assert!(example.len() <= 78, "{example}: would be wrapped");
                let words = words(example);
                let early = EarlyArgs::of(&words);
                let words = openssl_words::rewrite(early.command(), words).unwrap();
                let taken = crate::cli::Cli::command().try_get_matches_from(words);
                assert!(taken.is_ok(), "{example}: {}", taken.unwrap_err());
                tried += 1;
            }
        }
        assert!(tried > 50, "{tried}");
    }

    #[test]
    fn every_page_has_its_sections_and_leads_to_pages_that_there_are() {
        let pages = pages();
        for (name, page) in &pages {
            for section in [
                "NAME",
                "SYNOPSIS",
                "DESCRIPTION",
                "OPTIONS",
                "EXAMPLES",
                "EXIT STATUS",
                "FILES",
                "ENVIRONMENT",
                "SEE ALSO",
            ] {
                let heads = page.matches(&format!("\n.SH {section}\n")).count();
                assert_eq!(heads, 1, "{name}: {section}");
            }
            assert!(page.contains(DATE) && !page.contains("EXTRA"), "{name}");
            // What a formatter would take for a request of its own.
            for line in page.lines().filter(|line| line.starts_with('.')) {
                let request = line[1..].split(' ').next().unwrap();
                let known = [
                    "TH", "SH", "SS", "TP", "PP", "RS", "RE", "B", "BR", "nf", "fi",
                ];
                assert!(
                    known.contains(&request) || ["br", "nh", "ad"].contains(&request),
                    "{name}: {line}"
                );
            }
            let (_, near) = page.split_once(".SH SEE ALSO\n").unwrap();
            for line in near.lines() {
                let page = line.trim_start_matches(".BR ").replace('\\', "");
                let page = page.split(' ').next().unwrap();
                let ours = pages.iter().any(|(name, _)| name == page);
                assert!(
                    ours || page.starts_with("openssl-") || page == "curl",
                    "{page}"
                );
            }
        }
    }
}
