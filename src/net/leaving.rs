//! Notes when a client leaves while its request is being answered.
//!
//! For: `http`, between its library and TLS. Over HTTP/2 the library notices and drops the answer.
//! Over HTTP/1.1 an end of input says either that the client has left, or that it has said all it
//! had to say and reads on (RFC 8446 section 6.1); which of them, the answer shows: a system whose
//! program is gone replies to it with a reset. So the end is kept back from the library until the
//! answer is written, and a moment longer. Must not: hold back anything else.

use std::{
    future::Future as _,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};
use tokio_rustls::server::TlsStream;

use super::{
    observed::{Observed, Waiting},
    prompt::Prompt,
    tap::Tap,
    underway,
};
use crate::facts::{Abandoned, Left};

/// How long after the answer a reset may take to come: more than the way there and back.
const REPLY: Duration = Duration::from_millis(300);
/// How often it is looked for.
const TICK: Duration = Duration::from_millis(5);
/// How long a body may take from the library to whoever reads it.
const HANDED_ON: Duration = Duration::from_millis(25);

type Stream = Tap<Box<TlsStream<Tap<Prompt>>>>;

/// The stream.
pub(super) struct Leaving {
    stream: Stream,
    observed: Arc<Observed>,
    end: Option<End>,
}

/// An end of input that is kept back.
struct End {
    came: Instant,
    /// When it came, in milliseconds after the request.
    after_ms: u64,
    /// The request that was not answered then.
    waiting: Option<Waiting>,
    /// When the answer began to be written.
    written: Option<Instant>,
    tick: Pin<Box<Sleep>>,
    /// What reading said.
    result: Option<io::Error>,
}

impl Leaving {
    pub(super) fn new(stream: Stream, observed: Arc<Observed>) -> Self {
        Self {
            stream,
            observed,
            end: None,
        }
    }

    /// Whether the system knows by now that the other end took nothing.
    fn is_reset(&self) -> bool {
        let tcp = &self.stream.get_ref().get_ref().0.get_ref().0;
        !matches!(tcp.take_error(), Ok(None))
    }

    /// What has become of the end that is kept back.
    fn look(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let reset = self.is_reset();
            let Some(end) = &mut self.end else {
                return Poll::Ready(Ok(()));
            };
            let mut state = self.observed.state();
            if end.waiting.is_none() {
                end.waiting = state.waiting;
                if let Some(waiting) = &end.waiting {
                    end.after_ms = underway::since(waiting.began);
                }
            }
            let over = match (&end.waiting, end.written) {
                // The rest of the body will not come.
                (None, _) if state.in_flight > 0 => end.came.elapsed() > HANDED_ON,
                (None, _) => true,
                (Some(_), None) if state.in_flight > 0 => reset,
                (Some(_), written) => {
                    reset || written.is_some_and(|written| written.elapsed() > REPLY)
                }
            };
            if over {
                let left = if reset { Left::Reset } else { Left::Closed };
                state.left = Some(left);
                if let (Some(waiting), true) = (&end.waiting, reset) {
                    let abandoned = Abandoned {
                        after_ms: end.after_ms,
                        how: Left::Closed,
                        within: state.waiting.as_ref().unwrap_or(waiting).within,
                    };
                    match state.exchange_of(waiting.index) {
                        Some(exchange) => exchange.not_taken(abandoned),
                        // It is still being looked into.
                        None => state.untaken = Some((waiting.index, abandoned)),
                    }
                }
                drop(state);
                let result = end.result.take();
                self.end = None;
                return Poll::Ready(match (reset, result) {
                    (true, _) => Err(io::ErrorKind::ConnectionReset.into()),
                    (false, Some(error)) => Err(error),
                    (false, None) => Ok(()),
                });
            }
            drop(state);
            ready!(end.tick.as_mut().poll(cx));
            end.tick.set(sleep(TICK));
        }
    }
}

impl AsyncRead for Leaving {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.end.is_some() {
            return this.look(cx);
        }
        let before = buf.filled().len();
        let room = buf.remaining() > 0;
        let result = match ready!(Pin::new(&mut this.stream).poll_read(cx, buf)) {
            Ok(()) if buf.filled().len() > before || !room => return Poll::Ready(Ok(())),
            Ok(()) => None,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Some(error),
            Err(error) => {
                this.observed.state().left = Some(Left::Reset);
                return Poll::Ready(Err(error));
            }
        };
        let mut state = this.observed.state();
        if state.http2 || state.in_flight == 0 {
            state.left = Some(Left::Closed);
            return Poll::Ready(result.map_or(Ok(()), Err));
        }
        drop(state);
        this.end = Some(End {
            came: Instant::now(),
            after_ms: 0,
            waiting: None,
            written: None,
            tick: Box::pin(sleep(TICK)),
            result,
        });
        this.look(cx)
    }
}

impl AsyncWrite for Leaving {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let Some(end) = &mut this.end {
            end.written.get_or_insert_with(Instant::now);
        }
        Pin::new(&mut this.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let Some(end) = &mut this.end {
            end.written.get_or_insert_with(Instant::now);
        }
        Pin::new(&mut this.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
