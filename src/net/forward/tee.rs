//! A body that goes on as it comes, and of which a bounded copy is kept.
//!
//! For: `http`. Must not: hold back a byte, or fail where there is no room for the copy: then only
//! length and SHA-256 are known.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Instant,
};

use aws_lc_rs::digest::{self, SHA256};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::{Notify, oneshot};

use super::super::budget::Held;
use crate::{failure, parse::cert::der};

/// What broke a body off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::net) enum Broke {
    /// Who sent it left.
    Left,
    /// It is not one, in words.
    Otherwise(String),
}

impl Broke {
    fn by(error: &(dyn std::error::Error + 'static)) -> Self {
        let left = failure::chain(Some(error)).any(|cause| {
            let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
            let gone = matches!(
                io,
                Some(
                    io::ErrorKind::UnexpectedEof
                        | io::ErrorKind::ConnectionReset
                        | io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::BrokenPipe
                )
            );
            let http = cause.downcast_ref::<hyper::Error>();
            let h2 = cause.downcast_ref::<h2::Error>();
            gone || http.is_some_and(|http| http.is_incomplete_message() || http.is_closed())
                || h2.is_some_and(h2::Error::is_remote)
        });
        match left {
            true => Self::Left,
            false => Self::Otherwise(error.to_string()),
        }
    }
}

/// What is known of a body that went by.
pub(in crate::net) struct Copy {
    /// Its first bytes, all of them where there was room.
    pub(in crate::net) bytes: Vec<u8>,
    /// Bytes that went by.
    pub(in crate::net) total: usize,
    /// Why `bytes` is not all of them.
    pub(in crate::net) cut: Option<String>,
    /// When its last byte had gone by; `None` where it is not whole.
    pub(in crate::net) whole: Option<Instant>,
    /// What broke it off.
    pub(in crate::net) failed: Option<Broke>,
    /// Whether nobody waits for more of it: it is over or was dropped.
    over: bool,
    /// Whether its reader waits for its writer.
    pub(in crate::net) awaited: bool,
    digest: digest::Context,
    most: usize,
    held: Held,
}

impl Copy {
    fn take(&mut self, data: &[u8]) {
        self.total += data.len();
        self.digest.update(data);
        if self.cut.is_some() {
            return;
        }
        if data.len() > self.most.saturating_sub(self.bytes.len()) {
            self.cut = Some(format!("longer than {} bytes (--max-body)", self.most));
        } else if let Err(limit) = self.held.more(data.len()) {
            self.cut = Some(limit);
        } else {
            self.bytes.extend_from_slice(data);
        }
    }

    /// SHA-256 of what went by, in hexadecimal.
    pub(in crate::net) fn sha256(&self) -> String {
        der::hex_lower(self.digest.clone().finish().as_ref())
    }
}

/// The shared end of a copy.
#[derive(Clone)]
pub(in crate::net) struct Copied(Arc<(Mutex<Copy>, Notify)>);

impl Copied {
    pub(in crate::net) fn lock(&self) -> MutexGuard<'_, Copy> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Resolves when no more of it will go by.
    pub(in crate::net) async fn over(&self) {
        loop {
            let told = self.0.1.notified();
            let mut told = std::pin::pin!(told);
            told.as_mut().enable();
            if self.lock().over {
                return;
            }
            told.await;
        }
    }

    /// Takes note of the rest of a body that nobody read, as far as it is kept.
    pub(in crate::net) async fn finish<B>(&self, mut rest: B)
    where
        B: Body<Data = Bytes> + Unpin,
        B::Error: std::error::Error + 'static,
    {
        while self.lock().cut.is_none() {
            match rest.frame().await {
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        self.lock().take(data);
                    }
                }
                Some(Err(error)) => {
                    self.lock().failed = Some(Broke::by(&error));
                    return;
                }
                None => {
                    self.lock().whole = Some(Instant::now());
                    return;
                }
            }
        }
    }

    fn end(&self, whole: bool) {
        let mut copy = self.lock();
        if copy.over {
            return;
        }
        copy.over = true;
        copy.awaited = false;
        if whole {
            copy.whole = Some(Instant::now());
        }
        drop(copy);
        self.0.1.notify_waiters();
    }
}

/// The body.
pub(in crate::net) struct Tee<B: Body> {
    /// Given back when this is dropped before its end.
    inner: Option<B>,
    copied: Copied,
    back: Option<oneshot::Sender<B>>,
}

impl<B: Body> Tee<B> {
    /// Of which at most so many bytes are kept, and no more than `held` has room for.
    pub(in crate::net) fn new(inner: B, most: usize, held: Held) -> Self {
        let copied = Copied(Arc::new((
            Mutex::new(Copy {
                bytes: Vec::new(),
                total: 0,
                cut: None,
                whole: None,
                failed: None,
                over: false,
                awaited: false,
                digest: digest::Context::new(&SHA256),
                most,
                held,
            }),
            Notify::new(),
        )));
        if inner.is_end_stream() {
            copied.end(true);
        }
        Self {
            inner: Some(inner),
            copied,
            back: None,
        }
    }

    /// Where the rest of the body comes to when this is dropped before its end.
    pub(in crate::net) fn rest(&mut self) -> oneshot::Receiver<B> {
        let (sender, receiver) = oneshot::channel();
        self.back = Some(sender);
        receiver
    }

    /// The copy.
    pub(in crate::net) fn copied(&self) -> Copied {
        self.copied.clone()
    }
}

impl<B> Body for Tee<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::error::Error + 'static,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        let Some(inner) = &mut this.inner else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(&mut *inner).poll_frame(cx);
        this.copied.lock().awaited = polled.is_pending();
        let frame = ready!(polled);
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    this.copied.lock().take(data);
                }
                // Whoever reads it need not ask once more.
                if frame.is_trailers() || inner.is_end_stream() {
                    this.copied.end(true);
                }
            }
            Some(Err(error)) => {
                this.copied.lock().failed = Some(Broke::by(error));
                this.copied.end(false);
            }
            None => this.copied.end(true),
        }
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner
            .as_ref()
            .map_or_else(SizeHint::default, B::size_hint)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(B::is_end_stream)
    }
}

impl<B: Body> Drop for Tee<B> {
    fn drop(&mut self) {
        let Some(inner) = self.inner.take() else {
            return;
        };
        let over = self.copied.lock().over;
        self.copied.end(inner.is_end_stream());
        if let Some(back) = self.back.take().filter(|_| !over) {
            // Nobody wants it any more, which is fine.
            let _ = back.send(inner);
        }
    }
}
