//! Every example is one that the program takes, and every page is whole.

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
        let examples: Vec<&str> = above_exit_status(&text)
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
