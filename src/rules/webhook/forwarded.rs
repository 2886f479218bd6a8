//! What the rules about passed-on requests share.

use std::time::Duration;

use crate::{
    dialogflow::Api,
    facts::{ForwardFault, HttpExchange, Place, RequestKind},
    finding::{Hit, Verdict},
};

/// Why such a rule has nothing to look at.
pub(super) const NOT_PASSED_ON: &str = "no request was passed on to an application";

/// Whose request it is, by its body, and how long that sender waits.
pub(super) fn sender(exchange: &HttpExchange) -> Option<(&'static str, Duration)> {
    let api = match exchange.kind {
        RequestKind::Es => Api::EsV2,
        RequestKind::Cx => Api::CxV3,
        RequestKind::Other => return None,
    };
    Some((api.sender(), api.time_limit()))
}

/// The verdict of a rule about this fault of the application's.
pub(super) fn failure(
    exchange: &HttpExchange,
    fault: ForwardFault,
    what: &str,
    remedy: &str,
) -> Verdict {
    let Some(forward) = &exchange.forward else {
        return Verdict::NotApplicable(NOT_PASSED_ON);
    };
    let Some(error) = forward.error.as_ref().filter(|error| error.kind == fault) else {
        return Verdict::Pass;
    };
    let mut hit = Hit::new(
        format!("{what}: {}", error.why),
        forward.to.clone(),
        Place::http("answer"),
        remedy,
    );
    if let Some(answer) = &exchange.answer {
        hit = hit.evidence("the sender got", format!("status {}", answer.status));
    }
    Verdict::hit(hit)
}

/// A request that the application failed in this.
#[cfg(test)]
pub(super) fn failed(kind: ForwardFault) -> crate::facts::Forward {
    crate::facts::Forward {
        to: "http://127.0.0.1:3000/hook".to_owned(),
        error: Some(crate::facts::ForwardError {
            kind,
            why: "reason".to_owned(),
        }),
        ..crate::facts::Forward::default()
    }
}

/// A request that the application answered with this status after so many milliseconds.
#[cfg(test)]
pub(super) fn answered(status: u16, ms: u64) -> crate::facts::Forward {
    crate::facts::Forward {
        to: "http://127.0.0.1:3000/hook".to_owned(),
        status: Some(status),
        timings_ms: crate::facts::ForwardTimings {
            answer: Some(ms),
            ..crate::facts::ForwardTimings::default()
        },
        ..crate::facts::Forward::default()
    }
}
