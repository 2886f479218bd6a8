//! A stream that keeps a copy of the first bytes it lets through.
//!
//! For: parsing what rustls does not show (the raw ClientHello, a plaintext alert) and dumping what an HTTP library has already
//! eaten. Must not: change, delay or reorder anything.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The most bytes kept: a ClientHello may be 64 KiB at the very most here (`parse::hello`).
const KEEP: usize = 72 * 1024;

/// What went through.
#[derive(Debug, Default)]
pub(super) struct Copied {
    /// The first bytes read.
    pub(super) read: Vec<u8>,
    /// The last plaintext TLS alert written: its number.
    pub(super) alert_written: Option<u8>,
    /// Bytes read in all.
    pub(super) total_read: u64,
    /// Bytes written in all.
    pub(super) total_written: u64,
}

/// The shared end of a tap.
#[derive(Clone, Debug, Default)]
pub(super) struct Copy(Arc<Mutex<Copied>>);

impl Copy {
    /// What went through so far.
    pub(super) fn lock(&self) -> MutexGuard<'_, Copied> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The stream.
#[derive(Debug)]
pub(super) struct Tap<S> {
    stream: S,
    replay: BytesMut,
    copy: Copy,
    keep: bool,
}

impl<S> Tap<S> {
    /// Wraps `stream`; `replay` was already read from it and is given out first.
    pub(super) fn new(stream: S, replay: BytesMut) -> (Self, Copy) {
        let copy = Copy::default();
        let tap = Self {
            stream,
            replay,
            copy: copy.clone(),
            keep: true,
        };
        (tap, copy)
    }

    fn note_read(&mut self, bytes: &[u8]) {
        let mut copied = self.copy.lock();
        copied.total_read += bytes.len() as u64;
        if self.keep {
            let room = KEEP.saturating_sub(copied.read.len());
            copied
                .read
                .extend_from_slice(&bytes[..bytes.len().min(room)]);
            self.keep = copied.read.len() < KEEP;
        }
    }

    fn note_written(&mut self, bytes: &[u8]) {
        self.copy.lock().total_written += bytes.len() as u64;
        // A plaintext alert record: content type 21, version 3.x, length 2, level, description (RFC 8446 section 6).
        if let [21, 3, _, 0, 2, _, description, ..] = bytes {
            self.copy.lock().alert_written = Some(*description);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.replay.is_empty() {
            let length = this.replay.len().min(buf.remaining());
            let bytes = this.replay.split_to(length);
            this.note_read(&bytes);
            buf.put_slice(bytes.chunk());
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
        if matches!(polled, Poll::Ready(Ok(()))) {
            let bytes = buf.filled().get(before..).unwrap_or_default();
            this.note_read(bytes);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tap<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write(cx, buf);
        if let Poll::Ready(Ok(written)) = polled {
            this.note_written(&buf[..written]);
        }
        polled
    }

    // The TLS library hands over several records at once, and has one try only when it refuses the peer: without this the alert
    // behind the first record would be lost.
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write_vectored(cx, bufs);
        if let Poll::Ready(Ok(written)) = polled {
            let mut left = written;
            for buf in bufs {
                let part = left.min(buf.len());
                this.note_written(&buf[..part]);
                left -= part;
            }
        }
        polled
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
