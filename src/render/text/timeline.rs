//! A connection drawn on its time: how long each phase took, then its messages.

use colored::Colorize;

use super::{
    page::{Page, WIDTH},
    words::wrap,
};
use crate::{
    facts::{Side, Step},
    parse::escape,
    render::picture::phases::Phase,
};

/// Columns of the bars.
const BARS: usize = 48;
/// Where the messages begin.
const MESSAGES: usize = 14;

impl Page {
    /// The phases, one under the other, each bar beginning where the one before ended.
    pub(super) fn phases(&mut self, phases: &[Phase]) {
        let end = phases.iter().filter_map(|(_, at)| *at).fold(0.0, f64::max);
        let column = |at: f64| {
            let place = if end > 0.0 {
                at / end * BARS as f64
            } else {
                0.0
            };
            (place.round() as usize).min(BARS)
        };
        let mut before = 0.0;
        for (name, at) in phases {
            let Some(at) = *at else { continue };
            let (from, to) = (column(before), column(at));
            let bar = "█".repeat((to.saturating_sub(from)).max(1));
            let from = from.min(BARS - 1);
            self.line(&format!(
                "  {}{:>8.1} ms  {:from$}{}",
                format!("{name:<10}").dimmed(),
                at - before,
                "",
                bar.cyan()
            ));
            before = at;
        }
    }

    /// The messages, each with its time and its direction.
    pub(super) fn steps(&mut self, steps: &[Step]) {
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
            let mark = if step.fault { "✗" } else { " " };
            let mut lead = format!("{mark} {:>8.1} {arrow} ", step.at_ms);
            for line in wrap(&said, WIDTH - MESSAGES) {
                let line = if step.fault {
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
