//! Waits for the application's answer, and says what it failed in where there is none.
//!
//! For: `http`. Must not: blame the application for a client that does not go on with its request.

use std::{future::Future, io, pin::pin, time::Duration};

use reqwest::Response;
use tokio::time::{Instant, sleep_until, timeout};

use super::{Copied, Target, tee::Broke};
use crate::{
    facts::{ForwardError, ForwardFault},
    failure,
    net::{ending, fetch},
};

/// What came of a request.
pub(in crate::net) enum Outcome {
    /// The head of an answer.
    Answer(Box<Response>),
    /// The application failed.
    Failed(ForwardError),
    /// The client did not go on with its request.
    Unfinished(String),
    /// The client's body is not one, and why.
    Malformed(String),
    /// The client left within its body.
    Left,
}

/// Waits for `sent`: as long as the request may take to come, then as long as the application may
/// take. `whole` is called when the request has gone on whole.
pub(in crate::net) async fn until_answered(
    sent: impl Future<Output = reqwest::Result<Response>>,
    request: &Copied,
    patience: Duration,
    target: &Target,
    mut whole: impl FnMut(),
) -> Outcome {
    let mut sent = pin!(sent);
    let deadline = Instant::now() + patience.max(target.connect_time);
    let answered = tokio::select! {
        biased;
        answered = sent.as_mut() => Some(answered),
        () = request.over() => None,
        () = sleep_until(deadline) => {
            let copy = request.lock();
            if copy.awaited {
                return Outcome::Unfinished(format!(
                    "the body was not whole after {patience:?}: {} bytes had come",
                    copy.total
                ));
            }
            return Outcome::Failed(slow(target));
        }
    };
    let answered = match answered {
        Some(answered) => answered,
        None => {
            whole();
            let patience = target.time.max(target.connect_time);
            match timeout(patience, sent).await {
                Ok(answered) => answered,
                Err(_) => return Outcome::Failed(slow(target)),
            }
        }
    };
    match answered {
        Ok(response) => Outcome::Answer(Box::new(response)),
        Err(error) => {
            match &request.lock().failed {
                Some(Broke::Left) => return Outcome::Left,
                Some(Broke::Otherwise(why)) => {
                    return Outcome::Malformed(format!("the body broke off: {why}"));
                }
                None => {}
            }
            Outcome::Failed(fault(&error, target))
        }
    }
}

pub(super) fn slow(target: &Target) -> ForwardError {
    ForwardError {
        kind: ForwardFault::Slow,
        why: format!(
            "no answer from {} within {:?} (--forward-timeout)",
            target.place(),
            target.time
        ),
    }
}

/// What an error of the client says of the application.
pub(in crate::net) fn fault(error: &reqwest::Error, target: &Target) -> ForwardError {
    let place = target.place();
    let causes = || failure::chain(Some(error));
    let system = causes().find_map(|cause| cause.downcast_ref::<io::Error>());
    if error.is_connect() {
        let why = if error.is_timeout() {
            format!("no connection to {place} within {:?}", target.connect_time)
        } else {
            match system {
                Some(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                    format!("connection refused {place} (is it running?)")
                }
                Some(error) => match fetch::within(error) {
                    Some(tls) => format!("TLS with {place}: {}", ending::tls_words(tls)),
                    None => format!("no connection to {place}: {}", failure::io(error)),
                },
                None => format!(
                    "no connection to {place}: {}",
                    failure::causes(causes().skip(1))
                ),
            }
        };
        return ForwardError {
            kind: ForwardFault::Down,
            why,
        };
    }
    let http = causes().find_map(|cause| cause.downcast_ref::<hyper::Error>());
    if let Some(error) = http.filter(|error| error.is_parse()) {
        return ForwardError {
            kind: ForwardFault::BrokeOff,
            why: format!("the answer of {place} is not one of HTTP: {error}"),
        };
    }
    let detail = match system {
        Some(error) => fetch::within(error).map_or_else(|| failure::io(error), ending::tls_words),
        None => failure::causes(causes().skip(1)),
    };
    ForwardError {
        kind: ForwardFault::BrokeOff,
        why: format!("{place} closed the connection before its answer was whole: {detail}"),
    }
}
