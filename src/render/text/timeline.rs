//! A connection drawn on its time: how long each phase took, then its messages.

use colored::Colorize;

use super::{page::Page, words::wrap};
use crate::{
    facts::{Side, Step},
    parse::escape,
    render::picture::phases::{self, Phase},
};

/// Columns of the bars.
const BARS: usize = 48;
/// Where the messages begin.
const MESSAGES: usize = 14;

impl Page {
    /// The phases, one under the other, each bar beginning where the one before ended.
    pub(super) fn phases(&mut self, phases: &[Phase]) {
        let column = |part: f64| ((part * BARS as f64).round() as usize).min(BARS);
        for span in phases::spans(phases) {
            let (from, to) = (column(span.from).min(BARS - 1), column(span.to));
            let bar = "█".repeat(to.saturating_sub(from).max(1));
            self.line(&format!(
                "  {}{:>8.1} ms  {:from$}{}",
                format!("{:<10}", span.name).dimmed(),
                span.took,
                "",
                bar.cyan()
            ));
        }
    }

    /// The messages, each with its time and its direction.
    /// A refusal that was wanted is no fault of the connection.
    pub(super) fn steps(&mut self, steps: &[Step], wanted: bool) {
        let spoken = steps.iter().any(|step| step.from.is_some());
        if !spoken {
            return;
        }
        self.line(
            &"      ms     client → server, client ← server"
                .bold()
                .to_string(),
        );
        for step in steps {
            let arrow = match step.from {
                Some(Side::Client) => "→",
                Some(Side::Server) => "←",
                None => " ",
            };
            let mut said = escape::text(&step.messages.join(", "));
            if said.is_empty() {
                said.push_str("encrypted data");
            }
            if step.bytes > 0 {
                let hidden = if step.encrypted && !step.messages.is_empty() {
                    ", encrypted"
                } else {
                    ""
                };
                said.push_str(&format!(" ({} bytes{hidden})", step.bytes));
            }
            let broke = step.fault && !wanted;
            let mark = match (step.fault, wanted) {
                (true, true) => "=",
                (true, false) => "✗",
                (false, _) => " ",
            };
            let mut lead = format!("{mark} {:>8.1} {arrow} ", step.at_ms);
            for line in wrap(&said, self.room(MESSAGES)) {
                let line = if broke {
                    format!("{lead}{line}").red().bold().to_string()
                } else {
                    format!("{lead}{line}")
                };
                self.line(&line);
                lead = " ".repeat(MESSAGES);
            }
        }
    }
}
