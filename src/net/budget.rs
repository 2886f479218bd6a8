//! What the peers of a run may have us hold: budgets of bytes, a share of each for every
//! connection.
//!
//! For: `http`, which asks before it keeps a body and before it reads one. Must not: hold a body
//! itself.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use aws_lc_rs::digest::{self, SHA256};
use tokio::sync::Semaphore;

use super::plan::Limits;
use crate::{
    facts::{BodyOmitted, Header},
    parse::cert::der,
};

/// What one connection may take of the budgets of the run: a quarter, so that no single peer uses
/// them up.
const SHARE: u64 = 4;

/// Bodies of the largest size that may be under way at once, in all of a run.
const READ_AT_ONCE: u64 = 16;

/// Bodies that are unpacked and parsed at once: that takes many times their size for as long as it
/// lasts.
const UNPACKED_AT_ONCE: usize = 2;

/// A number of bytes that may be taken, of its own and of the whole that it is a share of.
#[derive(Debug)]
pub(super) struct Budget {
    most: u64,
    used: AtomicU64,
    whole: Option<Arc<Budget>>,
}

impl Budget {
    fn new(most: u64) -> Arc<Self> {
        Arc::new(Self {
            most,
            used: AtomicU64::new(0),
            whole: None,
        })
    }

    fn share(self: &Arc<Self>) -> Arc<Self> {
        Arc::new(Self {
            most: self.most.div_ceil(SHARE),
            used: AtomicU64::new(0),
            whole: Some(self.clone()),
        })
    }

    /// Takes so many bytes, or none and answers which budget they are too many for.
    fn take(&self, bytes: u64) -> Result<(), TooMuch> {
        self.used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
                used.checked_add(bytes).filter(|&used| used <= self.most)
            })
            .map_err(|_| TooMuch {
                most: self.most,
                of: if self.whole.is_some() {
                    Of::Connection
                } else {
                    Of::Run
                },
            })?;
        if let Some(whole) = &self.whole {
            whole.take(bytes).inspect_err(|_| {
                self.used.fetch_sub(bytes, Ordering::Relaxed);
            })?;
        }
        Ok(())
    }

    fn give_back(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
        if let Some(whole) = &self.whole {
            whole.give_back(bytes);
        }
    }
}

/// A budget that did not suffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMuch {
    /// Its bytes.
    pub(super) most: u64,
    /// Whose it is.
    pub(super) of: Of,
}

/// Whose budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// One connection's.
    Connection,
    /// The run's.
    Run,
}

impl Of {
    fn word(self) -> &'static str {
        match self {
            Self::Connection => "a connection",
            Self::Run => "a run",
        }
    }
}

/// The budgets of a run.
#[derive(Debug)]
pub(super) struct Budgets {
    kept: Arc<Budget>,
    reading: Arc<Budget>,
    unpacking: Arc<Semaphore>,
    told: AtomicBool,
}

impl Budgets {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self {
            kept: Budget::new(limits.kept_bytes as u64),
            reading: Budget::new((limits.body_bytes as u64).saturating_mul(READ_AT_ONCE)),
            unpacking: Arc::new(Semaphore::new(UNPACKED_AT_ONCE)),
            told: AtomicBool::new(false),
        })
    }
}

/// What is left of them to one connection.
#[derive(Debug)]
pub(super) struct Share {
    run: Arc<Budgets>,
    kept: Arc<Budget>,
    reading: Arc<Budget>,
}

impl Share {
    pub(super) fn new(run: &Arc<Budgets>) -> Self {
        Self {
            kept: run.kept.share(),
            reading: run.reading.share(),
            run: run.clone(),
        }
    }

    /// A body as text when it may be kept, else what stands for it. What counts is what it takes in
    /// a record: a byte that is not UTF-8 takes three, a control character six.
    pub(super) fn keep(
        &self,
        body: &[u8],
        redacted: impl FnOnce(&str) -> String,
    ) -> (Arc<str>, Option<BodyOmitted>) {
        let too_much = match self.kept.take(written(body)) {
            Ok(()) => return (redacted(&String::from_utf8_lossy(body)).into(), None),
            Err(too_much) => too_much,
        };
        let omitted = BodyOmitted {
            bytes: body.len(),
            sha256: der::hex_lower(digest::digest(&SHA256, body).as_ref()),
            why: format!(
                "{} bytes of bodies are kept of {}, and this one does not fit (--max-kept)",
                too_much.most,
                too_much.of.word()
            ),
        };
        ("".into(), Some(omitted))
    }

    /// Whether the run has now left out its first body: that is said once.
    pub(super) fn first_left_out(&self) -> bool {
        !self.run.told.swap(true, Ordering::Relaxed)
    }

    /// Room for a body that is being read.
    pub(super) fn reading(&self) -> Held {
        Held {
            budget: self.reading.clone(),
            bytes: 0,
        }
    }

    /// A turn at unpacking, which ends when the answer is dropped. `None` = turns are no longer
    /// given, which does not happen.
    pub(super) async fn unpacking(&self) -> Option<tokio::sync::OwnedSemaphorePermit> {
        self.run.unpacking.clone().acquire_owned().await.ok()
    }
}

/// Bytes taken for as long as this lives.
#[derive(Debug)]
pub(super) struct Held {
    budget: Arc<Budget>,
    bytes: u64,
}

impl Held {
    /// Takes more.
    pub(super) fn more(&mut self, bytes: usize) -> Result<(), String> {
        let bytes = bytes as u64;
        self.budget.take(bytes).map_err(|too_much| {
            format!(
                "the bodies under way would come to more than {} bytes, the most that is held at once of {}",
                too_much.most,
                too_much.of.word()
            )
        })?;
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.budget.give_back(self.bytes);
    }
}

/// How long these bytes become as text in a JSON string.
fn written(bytes: &[u8]) -> u64 {
    bytes
        .utf8_chunks()
        .map(|chunk| {
            let text: usize = chunk.valid().bytes().map(written_byte).sum();
            let replaced = if chunk.invalid().is_empty() { 0 } else { 3 };
            text as u64 + replaced
        })
        .sum()
}

fn written_byte(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | 0x08 | b'\t' | b'\n' | 0x0c | b'\r' => 2,
        0..0x20 | 0x7f => 6,
        _ => 1,
    }
}

/// What a request takes besides its body.
pub(super) fn head(path: &str, headers: &[Header]) -> usize {
    let fields: usize = headers
        .iter()
        .map(|header| header.name.len() + header.value.len())
        .sum();
    path.len() + fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(kept: usize) -> (Arc<Budgets>, Share) {
        let run = Budgets::new(&Limits {
            kept_bytes: kept,
            body_bytes: 100,
            ..Limits::default()
        });
        let share = Share::new(&run);
        (run, share)
    }

    #[test]
    fn a_body_is_kept_until_the_share_of_its_connection_is_used_up() {
        let (_run, share) = share(400);
        assert_eq!(share.keep(&[b'a'; 100], str::to_owned).1, None);
        let (text, omitted) = share.keep(b"b", str::to_owned);
        let omitted = omitted.unwrap();
        assert_eq!((&*text, omitted.bytes), ("", 1));
        // printf b | sha256sum
        assert_eq!(
            omitted.sha256,
            "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"
        );
        assert!(
            omitted.why.starts_with("100 bytes of bodies"),
            "{}",
            omitted.why
        );
    }

    #[test]
    fn all_connections_together_keep_no_more_than_the_run_may() {
        let (run, first) = share(400);
        let shares: Vec<Share> = std::iter::once(first)
            .chain((0..9).map(|_| Share::new(&run)))
            .collect();
        let kept: usize = shares
            .iter()
            .map(|share| share.keep(&[b'a'; 90], str::to_owned).0.len())
            .sum();
        assert_eq!(kept, 360);
        assert!(shares[9].first_left_out());
        assert!(!shares[8].first_left_out());
    }

    #[test]
    fn a_body_counts_as_what_a_record_of_it_takes() {
        for bytes in [
            &b"plain"[..],
            b"\"quoted\\\"",
            b"\0\x01\x1f\t\n",
            b"\xff\xff\xc3",
            "\u{20ac}".as_bytes(),
        ] {
            let text = String::from_utf8_lossy(bytes);
            let json = serde_json::to_string(&text).unwrap();
            assert_eq!(written(bytes), json.len() as u64 - 2, "{json}");
        }
    }

    #[test]
    fn room_for_reading_comes_back() {
        let (_run, share) = share(0);
        for _ in 0..3 {
            let mut held = share.reading();
            assert!(held.more(400).is_ok());
            assert!(held.more(1).unwrap_err().contains("400 bytes"));
        }
    }

    #[test]
    fn the_largest_numbers_are_no_overflow() {
        let run = Budgets::new(&Limits {
            kept_bytes: usize::MAX,
            body_bytes: usize::MAX,
            ..Limits::default()
        });
        let share = Share::new(&run);
        assert_eq!(share.keep(b"a", str::to_owned).1, None);
        assert!(share.reading().more(usize::MAX / 2).is_err());
        assert!(share.reading().more(1000).is_ok());
    }
}
