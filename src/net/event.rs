//! What a listener tells while it runs, and the way back to its caller.

use tokio::sync::mpsc;

use super::observed::Observed;
use crate::facts::{Case, Ending};

/// News from a listener.
#[derive(Debug)]
pub enum Event {
    /// A connection that is still open has something to show: its first answer, or another one.
    Progress(Box<Case>),
    /// A connection is over.
    Closed(Box<Case>),
    /// Something about the listener itself, for stderr.
    Notice(String),
}

/// The way back. A caller that has gone away is no reason to stop serving a peer.
#[derive(Clone, Debug)]
pub(super) struct Reporter(mpsc::Sender<Event>);

impl Reporter {
    pub(super) fn new(events: mpsc::Sender<Event>) -> Self {
        Self(events)
    }

    pub(super) async fn progress(&self, observed: &Observed) {
        // The last chunk of an answer may be passed on when the connection is already over.
        let over = observed.reported.lock().await;
        if *over {
            return;
        }
        let case = Box::new(observed.case(None));
        let _ = self.0.send(Event::Progress(case)).await;
    }

    pub(super) async fn closed(&self, observed: &Observed, ending: Ending) {
        let mut over = observed.reported.lock().await;
        *over = true;
        observed.state().timings.total = Some(observed.elapsed());
        let case = Box::new(observed.case(Some(ending)));
        let _ = self.0.send(Event::Closed(case)).await;
    }

    pub(super) async fn notice(&self, text: String) {
        let _ = self.0.send(Event::Notice(text)).await;
    }
}
