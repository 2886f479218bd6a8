//! A request that was passed on, in two lines: what came, and what the application made of it.

use colored::{Color, Colorize};
use jiff::{SignedDuration, Timestamp};

use super::page::Page;
use crate::{
    facts::{Case, Chain, Forward, HttpExchange, TrustStatus},
    parse::escape,
};

impl Page {
    /// The two lines of a request; what came at once with its answer is printed when it is over.
    pub(super) fn passed_on(&mut self, case: &Case, exchange: &HttpExchange, forward: &Forward) {
        let what = escape::text(&format!("{} {}", exchange.method, exchange.path));
        let (verified, color) = verified(case);
        let came = began(case, exchange);
        self.line(&format!(
            "{} --> {what}  {}{}",
            clock(came).dimmed(),
            verified.color(color),
            client(case)
        ));
        let took = forward.timings_ms.total.unwrap_or_default();
        let over = came
            .checked_add(SignedDuration::from_millis(
                i64::try_from(took).unwrap_or_default(),
            ))
            .unwrap_or(came);
        let answered = exchange.answer.as_ref();
        let status = answered.map_or_else(|| "---".to_owned(), |answer| answer.status.to_string());
        let good = answered.is_some_and(|answer| answer.status < 400) && forward.error.is_none();
        let status = format!("[{status}]").color(if good { Color::Green } else { Color::Red });
        let rest = match (&forward.error, &exchange.abandoned, &exchange.limit) {
            (Some(error), _, _) => escape::text(&error.why),
            (None, Some(abandoned), _) => abandoned.words(),
            (None, None, Some(limit)) if forward.status.is_none() => escape::text(limit),
            _ => format!(
                "{} ms  {} {}",
                forward.timings_ms.answer.unwrap_or_default(),
                escape::text(&exchange.method),
                escape::text(&forward.to)
            ),
        };
        self.line(&format!("{} <-- {status} {rest}", clock(over).dimmed()));
    }
}

/// When a request came.
fn began(case: &Case, _: &HttpExchange) -> Timestamp {
    case.started
}

fn clock(moment: Timestamp) -> String {
    moment.strftime("%H:%M:%SZ").to_string()
}

fn chain(case: &Case) -> Option<&Chain> {
    let chain = case.accepted()?.tls.client_chain.as_ref()?;
    (!chain.links.is_empty()).then_some(chain)
}

fn verified(case: &Case) -> (&'static str, Color) {
    let trust = chain(case).map(|chain| chain.trust.as_ref().map(|trust| trust.status));
    match trust {
        None => ("no client certificate", Color::Yellow),
        Some(Some(TrustStatus::Trusted)) => ("mTLS ok", Color::Green),
        Some(Some(TrustStatus::Untrusted | TrustStatus::Disputed)) => {
            ("certificate not trusted", Color::Red)
        }
        Some(Some(TrustStatus::Unknown) | None) => ("certificate not judged", Color::Yellow),
    }
}

/// Whose certificate it is.
fn client(case: &Case) -> String {
    let leaf = chain(case).and_then(|chain| chain.certificate(0));
    leaf.map_or_else(String::new, |leaf| match leaf.common_name() {
        Some(name) => format!("  CN = {}", escape::text(name)),
        None => format!("  {}", escape::text(&leaf.label())),
    })
}
