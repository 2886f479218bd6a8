//! What to do about a finding: once on a page, however many findings share it.

use colored::Colorize as _;

use super::{Detail, page::Page, words::amount};
use crate::{
    finding::{CommandKind, Finding},
    parse::escape,
    render::words::fix,
};

/// Command lines of a remedy that are printed; `-v` prints them all.
const COMMANDS: usize = 3;

impl Page {
    /// What to do, and the commands for it, less what was printed for the finding before.
    pub(super) fn remedy_once(&mut self, finding: &Finding) {
        let remedy = &finding.hit.remedy;
        let lines = remedy.commands.iter().map(|one| one.line.as_str());
        let lines = lines.collect::<Vec<_>>().join("\n");
        let lead = format!("  {}", fix(finding.act));
        let before = self.fixed.as_ref();
        let same = before.map(|(text, before)| (*text == remedy.text, *before == lines));
        match same {
            Some((true, same)) => {
                self.line(&format!("{lead}as above"));
                if !same {
                    self.commands(finding);
                }
            }
            Some((false, true)) if !lines.is_empty() => {
                let text = format!("{}; same lines as above", escape::text(&remedy.text));
                self.hanging(&lead, &text, 7);
            }
            _ => self.remedy("  ", finding),
        }
        self.fixed = Some((remedy.text.clone(), lines));
    }

    /// What to do, and the commands for it, behind this margin.
    pub(super) fn remedy(&mut self, margin: &str, finding: &Finding) {
        let remedy = &finding.hit.remedy;
        let lead = format!("{margin}{}", fix(finding.act));
        self.hanging(&lead, &escape::text(&remedy.text), margin.len() + 5);
        self.commands(finding);
    }

    /// The lines of a remedy.
    fn commands(&mut self, finding: &Finding) {
        let remedy = &finding.hit.remedy;
        let lines: Vec<(String, &str)> = remedy
            .commands
            .iter()
            .flat_map(|command| {
                let mut lead = match command.kind {
                    CommandKind::Setting => String::new(),
                    CommandKind::Fix | CommandKind::Step | CommandKind::Check => {
                        format!("{}$ ", command.lead())
                    }
                };
                command
                    .line
                    .lines()
                    .map(move |line| (std::mem::take(&mut lead), line))
            })
            .collect();
        let most = match self.detail {
            Detail::Full => lines.len(),
            Detail::Verdict | Detail::Usual => COMMANDS,
        };
        // A command is never wrapped: it is there to be copied.
        for (prompt, line) in lines.iter().take(most) {
            self.line(&format!("      {prompt}{}", escape::text(line).cyan()));
        }
        if lines.len() > most {
            let rest = amount((lines.len() - most) as u64, "more line");
            self.line(&format!("      ({rest}: -v)").dimmed().to_string());
        }
    }
}
