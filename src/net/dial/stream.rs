//! The two streams a dialler puts around TLS, so that a server's last words are never lost.
//!
//! For: `dial`. Must not: change what is read.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::{
    facts::{Ending, Phase},
    net::ending,
};

/// Below TLS: a write that fails is passed off as done.
///
/// A server that refuses a certificate in TLS 1.3 sends an alert and closes while the request is on
/// its way; what is written then meets a reset. The alert lies in the receive buffer all the same,
/// but a library that sees its write fail never reads it (tokio-rustls issues 38 and 83). Here only
/// reading can fail, and it fails after everything that came was read.
#[derive(Debug)]
pub(super) struct IgnoreWriteErrors<S> {
    stream: S,
    deaf: bool,
}

impl<S> IgnoreWriteErrors<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            deaf: false,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for IgnoreWriteErrors<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for IgnoreWriteErrors<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.deaf {
            return Poll::Ready(Ok(buf.len()));
        }
        match Pin::new(&mut self.stream).poll_write(cx, buf) {
            Poll::Ready(Err(_)) => {
                self.deaf = true;
                Poll::Ready(Ok(buf.len()))
            }
            other => other,
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let all = bufs.iter().map(|buf| buf.len()).sum();
        if self.deaf {
            return Poll::Ready(Ok(all));
        }
        match Pin::new(&mut self.stream).poll_write_vectored(cx, bufs) {
            Poll::Ready(Err(_)) => {
                self.deaf = true;
                Poll::Ready(Ok(all))
            }
            other => other,
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(cx) {
            Poll::Pending if !self.deaf => Poll::Pending,
            _ => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_shutdown(cx) {
            Poll::Pending if !self.deaf => Poll::Pending,
            _ => Poll::Ready(Ok(())),
        }
    }
}

/// How reading above TLS came to its end.
#[derive(Debug, Default)]
pub(super) struct ReadEnd {
    /// The error, as an ending.
    pub(super) failed: Option<Ending>,
    /// Whether the server closed in good order.
    pub(super) closed: bool,
    /// The first bytes read.
    pub(super) first: Vec<u8>,
    /// More of them: the head of an answer.
    pub(super) head: Vec<u8>,
    /// Whether anything was written.
    pub(super) written: bool,
}

/// The shared end of a [`Noted`].
#[derive(Clone, Debug, Default)]
pub(super) struct Note(Arc<Mutex<ReadEnd>>);

impl Note {
    pub(super) fn lock(&self) -> MutexGuard<'_, ReadEnd> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Above TLS: takes note of how reading ended, since HTTP libraries keep only part of it (HTTP/2
/// drops the TLS library's error).
#[derive(Debug)]
pub(super) struct Noted<S> {
    stream: S,
    note: Note,
}

impl<S> Noted<S> {
    pub(super) fn new(stream: S) -> (Self, Note) {
        let note = Note::default();
        let noted = Self {
            stream,
            note: note.clone(),
        };
        (noted, note)
    }
}

/// How many of the first bytes are kept: enough to show what came in place of HTTP.
const KEEP: usize = 64;
/// How many are kept to tell what is wrong with the head of an answer.
const HEAD: usize = 16 * 1024;

impl<S: AsyncRead + Unpin> AsyncRead for Noted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let room = buf.remaining() > 0;
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        match &polled {
            Poll::Ready(Err(error)) => {
                let ending = ending::from_io(error, Phase::Http, None);
                self.note.lock().failed.get_or_insert(ending);
            }
            Poll::Ready(Ok(())) => {
                let read = buf.filled().get(before..).unwrap_or_default();
                let mut note = self.note.lock();
                note.closed |= read.is_empty() && room;
                let missing = KEEP.saturating_sub(note.first.len());
                note.first.extend(read.iter().take(missing));
                let missing = HEAD.saturating_sub(note.head.len());
                note.head.extend(read.iter().take(missing));
            }
            Poll::Pending => {}
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, buf);
        if let Poll::Ready(Ok(1..)) = polled {
            self.note.lock().written = true;
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
