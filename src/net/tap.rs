//! A stream that keeps a copy of the first bytes it lets through.
//!
//! For: parsing what rustls does not show (the raw ClientHello, a plaintext alert), noting which
//! records went when, and dumping what an HTTP library has already eaten. Must not: change, delay
//! or reorder anything.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Instant,
};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::parse::records::{Content, Records};

/// The most bytes kept: a ClientHello may be 64 KiB at the very most here (`parse::hello`).
const KEEP: usize = 72 * 1024;

/// The most records noted of a connection: a handshake takes a dozen, a body of 64 KiB five.
const NOTED: usize = 256;

/// A record, or a handshake message within one, that went by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Noted {
    /// When, in milliseconds since the connection began.
    pub(super) at_ms: f64,
    /// Whether it was read, not written.
    pub(super) read: bool,
    /// What it is.
    pub(super) content: Content,
    /// How long it is.
    pub(super) bytes: u64,
}

/// What went through.
#[derive(Debug, Default)]
pub(super) struct Capture {
    /// The first bytes read.
    pub(super) read: Vec<u8>,
    /// Whether nobody needs more of them.
    enough: bool,
    /// The last plaintext TLS alert written: its number.
    pub(super) alert_written: Option<u8>,
    /// Bytes read in all.
    pub(super) total_read: u64,
    /// Bytes written in all.
    pub(super) total_written: u64,
    /// The TLS records of both directions, as they came; the first [`NOTED`] of them.
    pub(super) records: Vec<Noted>,
}

/// The shared end of a tap.
#[derive(Clone, Debug, Default)]
pub(super) struct CaptureHandle(Arc<Mutex<Capture>>);

impl CaptureHandle {
    /// What went through so far.
    pub(super) fn lock(&self) -> MutexGuard<'_, Capture> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what was read so far and no more: the hello is whole, and what follows it is held for
    /// as long as the connection lasts.
    pub(super) fn enough(&self) {
        let mut copied = self.lock();
        copied.enough = true;
        copied.read.shrink_to_fit();
        copied.records.shrink_to_fit();
    }
}

/// The stream.
#[derive(Debug)]
pub(super) struct Tap<S> {
    stream: S,
    replay: BytesMut,
    copy: CaptureHandle,
    records: Option<Notes>,
}

/// The reading of the records of both directions.
#[derive(Debug)]
struct Notes {
    began: Instant,
    read: Records,
    written: Records,
}

impl<S> Tap<S> {
    /// Wraps `stream`; `replay` was already read from it and is given out first.
    pub(super) fn new(stream: S, replay: BytesMut) -> (Self, CaptureHandle) {
        let copy = CaptureHandle::default();
        let tap = Self {
            stream,
            replay,
            copy: copy.clone(),
            records: None,
        };
        (tap, copy)
    }

    /// The same around a TLS connection that began at `began`: its records are noted too.
    pub(super) fn noting(stream: S, replay: BytesMut, began: Instant) -> (Self, CaptureHandle) {
        let (mut tap, copy) = Self::new(stream, replay);
        tap.records = Some(Notes {
            began,
            read: Records::default(),
            written: Records::default(),
        });
        (tap, copy)
    }

    /// What it stands around.
    pub(super) fn get_ref(&self) -> &S {
        &self.stream
    }

    fn note_read(&mut self, bytes: &[u8]) {
        let mut copied = self.copy.lock();
        if let Some(notes) = &mut self.records {
            notes.note(true, bytes, &mut copied);
        }
        copied.total_read += bytes.len() as u64;
        if !copied.enough {
            let room = KEEP.saturating_sub(copied.read.len());
            copied
                .read
                .extend_from_slice(&bytes[..bytes.len().min(room)]);
            copied.enough = copied.read.len() >= KEEP;
        }
    }

    fn note_written(&mut self, bytes: &[u8]) {
        let mut copied = self.copy.lock();
        copied.total_written += bytes.len() as u64;
        if let Some(notes) = &mut self.records {
            notes.note(false, bytes, &mut copied);
        }
    }
}

impl Notes {
    fn note(&mut self, read: bool, bytes: &[u8], copied: &mut Capture) {
        let at_ms = milliseconds(self.began);
        let records = if read {
            &mut self.read
        } else {
            &mut self.written
        };
        records.read(bytes, |content, length| {
            if let (Content::Alert(description), false) = (content, read) {
                copied.alert_written = Some(description);
            }
            if copied.records.len() < NOTED {
                copied.records.push(Noted {
                    at_ms,
                    read,
                    content,
                    bytes: length as u64,
                });
            }
        });
    }
}

/// Milliseconds since then; finer figures than microseconds only make messages longer.
pub(super) fn milliseconds(since: Instant) -> f64 {
    (since.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.replay.is_empty() {
            // A record at a time: what is behind the ClientHello would lie in the library unread
            // until more comes, and an alert there is the last that comes.
            let length = record(&this.replay).min(buf.remaining());
            let bytes = this.replay.split_to(length);
            this.note_read(&bytes);
            buf.put_slice(bytes.chunk());
            if this.replay.is_empty() {
                // Empty as it is, it would hold on to its buffer.
                this.replay = BytesMut::new();
            }
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

/// The length of the first TLS record in these bytes, or of all of them where they have no whole one
/// (RFC 8446 section 5.1).
fn record(bytes: &[u8]) -> usize {
    match bytes {
        [_, _, _, high, low, ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            bytes.len().min(5 + length)
        }
        _ => bytes.len(),
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

    // The TLS library hands over several records at once, and has one try only when it refuses the
    // peer: without this the alert behind the first record would be lost.
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
