//! How long each phase of a connection took.

use crate::facts::{CallTimings, Timings};

/// A phase and when it was over, in milliseconds; `None` where it was not reached.
pub(in crate::render) type Phase = (&'static str, Option<f64>);

/// The phases of a call of ours.
pub(in crate::render) fn of_call(timings: &CallTimings) -> Vec<Phase> {
    vec![
        ("name", timings.dns),
        ("TCP", timings.tcp),
        ("TLS", timings.tls),
        ("answer", timings.http),
        ("end", timings.total),
    ]
}

/// The phases of a connection that came.
pub(in crate::render) fn of_connection(timings: &Timings) -> Vec<Phase> {
    vec![
        ("first byte", timings.first_byte),
        ("hello", timings.client_hello),
        ("handshake", timings.handshake),
        ("request", timings.request),
        ("answer", timings.answer),
        ("end", timings.total),
    ]
}

/// A phase that was reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::render) struct Span {
    /// Its name.
    pub(in crate::render) name: &'static str,
    /// How long it took, in milliseconds.
    pub(in crate::render) took: f64,
    /// Where it begins and ends, as parts of the whole, from 0 to 1.
    pub(in crate::render) from: f64,
    /// Its end.
    pub(in crate::render) to: f64,
}

/// The phases that were reached, each beginning where the one before ended.
pub(in crate::render) fn spans(phases: &[Phase]) -> Vec<Span> {
    let reached = || phases.iter().filter_map(|(name, at)| Some((*name, (*at)?)));
    let end = reached().map(|(_, at)| at).fold(0.0, f64::max);
    let part = |at: f64| {
        if end > 0.0 {
            (at / end).clamp(0.0, 1.0)
        } else {
            0.0
        }
    };
    let mut before = 0.0;
    reached()
        .map(|(name, at)| {
            let span = Span {
                name,
                took: (at - before).max(0.0),
                from: part(before),
                to: part(at.max(before)),
            };
            before = at;
            span
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_phase_begins_where_the_one_before_ended() {
        let spans = spans(&[
            ("name", Some(1.0)),
            ("TCP", Some(2.0)),
            ("TLS", None),
            ("end", Some(10.0)),
        ]);
        let told: Vec<_> = spans
            .iter()
            .map(|span| (span.name, span.took, span.from, span.to))
            .collect();
        assert_eq!(
            told,
            [
                ("name", 1.0, 0.0, 0.1),
                ("TCP", 1.0, 0.1, 0.2),
                ("end", 8.0, 0.2, 1.0)
            ]
        );
        assert!(
            super::spans(&[("end", Some(0.0))])
                .iter()
                .all(|span| span.to == 0.0)
        );
    }
}
