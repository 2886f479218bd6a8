//! What ends a run from outside: SIGINT, SIGTERM, SIGHUP; and what must not stay behind then.
//!
//! For: `listen`, which ends in good order ([`Signals`]), and the commands that write files in two
//! steps, which are to leave no half of one ([`remove_when_told`]). Must not: know what a run does.

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::PathBuf,
    sync::{Mutex, PoisonError},
    thread,
    time::Instant,
};

use tokio::sync::watch;

/// The signals of a run that ends in good order: SIGINT and SIGTERM. What SIGHUP means is for the
/// run to say.
#[derive(Clone, Debug)]
pub(super) struct Signals(watch::Sender<Option<Instant>>);

impl Signals {
    /// Takes the signals over. Within a runtime; from here on none of them ends the process by
    /// itself.
    ///
    /// # Errors
    /// When the system does not let it.
    pub(super) fn take() -> io::Result<Self> {
        let mut raw = Raw::new(false)?;
        let signals = Self(watch::Sender::new(None));
        let told = signals.clone();
        tokio::spawn(async move {
            loop {
                if raw.next().await == INTERRUPT {
                    end_line();
                }
                told.tell();
            }
        });
        Ok(signals)
    }

    /// Has the run end as if a signal had come.
    pub(super) fn tell(&self) {
        self.0.send_modify(|at| {
            at.get_or_insert_with(Instant::now);
        });
    }

    /// Resolves when the run was told to end: the moment of the first signal.
    pub(super) async fn told(&self) -> Instant {
        let mut tells = self.0.subscribe();
        let told = tells.wait_for(Option::is_some).await;
        match told.ok().and_then(|at| *at) {
            Some(at) => at,
            None => std::future::pending().await,
        }
    }
}

/// SIGINT's number, on every system.
const INTERRUPT: i32 = 2;

/// A terminal shows `^C` where it was typed; what comes next begins on a line of its own.
fn end_line() {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        let mut err = super::output::stderr();
        let _ = writeln!(err).and_then(|()| err.flush());
    }
}

/// The signals as the system has them.
struct Raw {
    #[cfg(unix)]
    streams: [(i32, tokio::signal::unix::Signal); 2],
    #[cfg(unix)]
    hangup: Option<(i32, tokio::signal::unix::Signal)>,
}

impl Raw {
    #[cfg(unix)]
    fn new(with_hangup: bool) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let of = |kind: SignalKind| io::Result::Ok((kind.as_raw_value(), signal(kind)?));
        Ok(Self {
            streams: [of(SignalKind::interrupt())?, of(SignalKind::terminate())?],
            hangup: with_hangup.then(|| of(SignalKind::hangup())).transpose()?,
        })
    }

    #[cfg(not(unix))]
    fn new(_: bool) -> io::Result<Self> {
        Ok(Self {})
    }

    /// The number of the next signal.
    #[cfg(unix)]
    async fn next(&mut self) -> i32 {
        let [(int, first), (term, second)] = &mut self.streams;
        let hangup = async {
            match &mut self.hangup {
                Some((number, stream)) => {
                    stream.recv().await;
                    *number
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = first.recv() => *int,
            _ = second.recv() => *term,
            number = hangup => number,
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> i32 {
        let _ = tokio::signal::ctrl_c().await;
        INTERRUPT
    }
}

/// What is removed when a signal comes; `None` before anything was.
static LEFTOVERS: Mutex<Option<Vec<PathBuf>>> = Mutex::new(None);

/// Has these files and folders removed when a signal ends the program; one that has been moved away
/// is no more there.
///
/// The program then exits with 128 and the signal's number, as a shell says it.
pub(super) fn remove_when_told(paths: impl IntoIterator<Item = PathBuf>) {
    let mut paths = paths.into_iter().peekable();
    if paths.peek().is_none() {
        return;
    }
    let mut leftovers = LEFTOVERS.lock().unwrap_or_else(PoisonError::into_inner);
    let first = leftovers.is_none();
    leftovers.get_or_insert_default().extend(paths);
    drop(leftovers);
    if first {
        let (ready, is_ready) = std::sync::mpsc::channel();
        // Without a thread a signal ends the program as it always does.
        let started = thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || wait(&ready));
        if started.is_ok() {
            let _ = is_ready.recv();
        }
    }
}

#[expect(
    clippy::exit,
    reason = "the thread that works may be anywhere, and a signal ends the program now"
)]
fn wait(ready: &std::sync::mpsc::Sender<()>) {
    let Ok(runtime) = crate::jobs::runtime::of_one() else {
        return;
    };
    let number = runtime.block_on(async {
        let mut raw = Raw::new(true).ok()?;
        let _ = ready.send(());
        Some(raw.next().await)
    });
    let Some(number) = number else { return };
    let mut leftovers = LEFTOVERS.lock().unwrap_or_else(PoisonError::into_inner);
    for path in leftovers.iter_mut().flat_map(std::mem::take) {
        // Only one of the two can be right; both are errors for what was moved to its place.
        let _ = fs::remove_file(&path);
        let _ = fs::remove_dir_all(&path);
    }
    std::process::exit(128 + number);
}
