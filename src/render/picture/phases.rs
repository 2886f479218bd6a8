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
