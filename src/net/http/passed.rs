//! The body of an answer that is passed back: it goes on as it comes, and says how its way ended.
//!
//! For: `pass`. Must not: let half an answer pass for a whole one: where the application breaks off,
//! or stands still for too long, this fails, and the connection with it.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::pass::{Ended, Passing};
use crate::{
    facts::{ForwardError, ForwardFault},
    net::forward::{self, Tee},
};

/// The body of the application's answer on its way to the client.
pub(super) struct Passed {
    tee: Tee<reqwest::Body>,
    /// How long the application may take from one part to the next.
    time: Duration,
    patience: Option<Pin<Box<Sleep>>>,
    /// Taken when the answer is over.
    passing: Option<Box<Passing>>,
}

impl Passed {
    /// A body whose parts come within this time of each other.
    pub(super) fn new(tee: Tee<reqwest::Body>, time: Duration, passing: Passing) -> Self {
        Self {
            tee,
            time,
            patience: None,
            passing: Some(Box::new(passing)),
        }
    }

    fn over(&mut self, ended: Ended) {
        if let Some(passing) = self.passing.take() {
            passing.over(ended);
        }
    }

    fn failed(&mut self, error: ForwardError) -> Box<dyn std::error::Error + Send + Sync> {
        let why = error.why.clone();
        self.over(Ended::Failed(error));
        why.into()
    }
}

impl Body for Passed {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        let Poll::Ready(frame) = Pin::new(&mut this.tee).poll_frame(cx) else {
            let time = this.time;
            let patience = this.patience.get_or_insert_with(|| Box::pin(sleep(time)));
            ready!(patience.as_mut().poll(cx));
            let error = ForwardError {
                kind: ForwardFault::Slow,
                why: format!("its answer did not go on within {time:?} (--forward-timeout)"),
            };
            return Poll::Ready(Some(Err(this.failed(error))));
        };
        this.patience = None;
        match frame {
            Some(Err(error)) => {
                let error = match &this.passing {
                    Some(passing) => forward::fault(&error, &passing.target),
                    None => return Poll::Ready(Some(Err(error.into()))),
                };
                Poll::Ready(Some(Err(this.failed(error))))
            }
            Some(Ok(frame)) => {
                // After trailers nobody asks for more.
                if frame.is_trailers() || this.tee.is_end_stream() {
                    this.over(Ended::Whole);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            None => {
                this.over(Ended::Whole);
                Poll::Ready(None)
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.tee.size_hint()
    }

    fn is_end_stream(&self) -> bool {
        self.tee.is_end_stream()
    }
}

impl Drop for Passed {
    fn drop(&mut self) {
        // An answer to HEAD, a 204 and a 304 have no body to ask for.
        let ended = if self.tee.is_end_stream() {
            Ended::Whole
        } else {
            Ended::Left
        };
        self.over(ended);
    }
}
