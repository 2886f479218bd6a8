//! The accept loop: many connections at once, each on its own task, none able to hold up another.

use std::{future::Future, io, pin::pin, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
};

use super::{
    accept,
    budget::Budgets,
    ending,
    event::{Event, Reporter},
    observed::Observed,
    places::{Place, Places},
    plan::Plan,
};
use crate::facts::{Ending, EndingKind, Party, Phase};

/// How long open connections may take to finish once the listener is told to stop.
pub const GRACE: Duration = Duration::from_millis(1200);

/// How long what was answered may still be recorded once a connection was cut off.
const LAST_LOOK: Duration = Duration::from_millis(400);

/// Accepts connections until `stop` resolves or `count` of them were accepted, and reports each.
///
/// Returns when every connection has been reported; the sender side of `events` is closed by then.
pub async fn run(
    listener: TcpListener,
    plan: Arc<Plan>,
    events: mpsc::Sender<Event>,
    count: Option<u64>,
    stop: impl Future<Output = ()>,
) {
    let (_unchanged, plans) = watch::channel(plan);
    run_renewed(listener, plans, events, count, stop).await;
}

/// The same by a plan that may be renewed: each connection goes by the one that holds when it
/// comes. Limits are the first one's.
pub async fn run_renewed(
    listener: TcpListener,
    plans: watch::Receiver<Arc<Plan>>,
    events: mpsc::Sender<Event>,
    count: Option<u64>,
    stop: impl Future<Output = ()>,
) {
    let reporter = Reporter::new(events);
    let limits = plans.borrow().limits;
    let mut stop = pin!(stop);
    let (stopping, stopped) = watch::channel(false);
    let places = Places::new(limits.connections);
    let mut tasks = JoinSet::new();
    let budgets = Budgets::new(&limits);
    let known = Arc::default();
    let mut accepted = 0_u64;
    // A future that has resolved must not be asked again.
    let mut told = false;
    while count.is_none_or(|count| accepted < count) {
        let (stream, peer) = tokio::select! {
            () = stop.as_mut() => {
                told = true;
                break;
            }
            next = listener.accept() => match next {
                Ok(next) => next,
                Err(error) => {
                    pause_after(&error, &reporter).await;
                    continue;
                }
            },
        };
        accepted += 1;
        let plan = plans.borrow().clone();
        let observed = Arc::new(Observed::new(
            plan,
            (&budgets, &known),
            accepted,
            peer.to_string(),
        ));
        let Some(taken) = places.take(accepted, peer.ip()) else {
            let limit = limits.connections;
            drop(stream);
            let detail = format!(
                "{limit} connections are open, the most that are kept; this one was closed unread"
            );
            let ending =
                ending::plain(EndingKind::Limit, Phase::Connected, Some(Party::Us), detail);
            reporter.closed(&observed, ending).await;
            continue;
        };
        let reporter = reporter.clone();
        let stopped = stopped.clone();
        // A task of its own, so that a panic in it is its ending and nobody else's. Made here: in
        // the other task its whole state would stand a second time.
        let connection = tokio::spawn(accept::connection(
            stream,
            observed.clone(),
            taken.place.clone(),
            reporter.clone(),
            stopped.clone(),
        ));
        tasks.spawn(async move {
            let ending = guarded(connection, stopped, &observed, &taken.place).await;
            reporter.closed(&observed, ending).await;
            drop(taken);
        });
        // Finished tasks are let go of as we go, or a long run would hold on to every one of them.
        while tasks.try_join_next().is_some() {}
    }
    drop(listener);
    tokio::select! {
        () = stop.as_mut(), if !told => {}
        () = std::future::ready(()), if told => {}
        () = async { while tasks.join_next().await.is_some() {} } => return,
    }
    let _ = stopping.send(true);
    if let Some(target) = &plans.borrow().forward {
        target.hurry();
    }
    while tasks.join_next().await.is_some() {}
}

/// Resolves when the listener is told to stop.
pub(super) async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the listener is gone without having said so: as good as told.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// The ending of a connection, which a stop interrupts, or another connection that needs its place.
async fn guarded(
    mut task: JoinHandle<Ending>,
    stopped: watch::Receiver<bool>,
    observed: &Observed,
    place: &Place,
) -> Ending {
    let interrupted = async {
        until(stopped).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = &mut task => ended.unwrap_or_else(|_| {
            let detail = "this program failed on this connection: please report it";
            ending::plain(EndingKind::Internal, observed.phase(), Some(Party::Us), detail)
        }),
        () = place.told_to_leave() => {
            task.abort();
            // What was answered is recorded all the same.
            observed.settled(LAST_LOOK).await;
            let why = place.why(observed.plan.limits.connections);
            ending::plain(EndingKind::Limit, observed.phase(), Some(Party::Us), why)
        }
        () = interrupted => {
            task.abort();
            observed.settled(LAST_LOOK).await;
            ending::plain(EndingKind::Interrupted, observed.phase(), Some(Party::Us), "the run ended while it was open")
        }
    }
}

/// Out of file descriptors is the one accept error that repeats at once: wait, say so, go on.
async fn pause_after(error: &io::Error, reporter: &Reporter) {
    reporter
        .notice(format!("cannot accept: {}", crate::failure::io(error)))
        .await;
    tokio::time::sleep(Duration::from_millis(100)).await;
}
