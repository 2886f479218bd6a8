//! Signatures that were found good, remembered.
//!
//! A sender comes back with the same chain, and the same bytes under the same key give the same
//! answer for ever: checking them again is most of what a connection would cost. Only good
//! signatures are remembered; what the handshake proves, that the client holds the key *now*, is
//! never one of them.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use aws_lc_rs::digest::{self, SHA256};

/// The most signatures kept, 32 bytes each; a flood of strange chains costs time, not memory.
const MOST: usize = 4096;

/// Who checked. OpenSSL's rules and webpki's differ in the keys they take, so neither's answer is
/// the other's.
#[derive(Clone, Copy, Debug)]
pub(super) enum By {
    /// `verify::signature`.
    Us,
    /// webpki.
    Webpki,
}

/// The memory. It belongs to a set of anchors and goes with it.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashSet<[u8; 32]>>);

impl Memory {
    /// The answer of `check` on a signature over `message`, without asking it again once it was
    /// good.
    pub(super) fn recall<E>(
        &self,
        by: By,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
        check: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let digest = digest_of([&[by as u8], key, message, signature]);
        if self.lock(|known| known.contains(&digest)) {
            return Ok(());
        }
        check()?;
        self.lock(|known| {
            if known.len() >= MOST {
                known.clear();
            }
            known.insert(digest)
        });
        Ok(())
    }

    /// Takes a signature for good in the eyes of `by`: the other judge found it so, by the same
    /// arithmetic and with no other bounds.
    pub(super) fn keep(&self, by: By, key: &[u8], message: &[u8], signature: &[u8]) {
        self.lock(|known| {
            if known.len() < MOST {
                known.insert(digest_of([&[by as u8], key, message, signature]));
            }
        });
    }

    fn lock<T>(&self, use_it: impl FnOnce(&mut HashSet<[u8; 32]>) -> T) -> T {
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One name for these parts.
pub(super) fn digest_of<const PARTS: usize>(parts: [&[u8]; PARTS]) -> [u8; 32] {
    let mut context = digest::Context::new(&SHA256);
    for part in parts {
        // Lengths keep the parts apart: no bytes can move from one to the next.
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_signature_is_checked_once_and_a_bad_one_every_time() {
        let memory = Memory::default();
        let ask = |message: &[u8], answer: Result<(), ()>| {
            let mut asked = false;
            let result = memory.recall(By::Us, b"key", message, b"signature", || {
                asked = true;
                answer
            });
            (result, asked)
        };
        assert_eq!(ask(b"good", Ok(())), (Ok(()), true));
        assert_eq!(ask(b"good", Err(())), (Ok(()), false));
        assert_eq!(ask(b"bad", Err(())), (Err(()), true));
        assert_eq!(ask(b"bad", Err(())), (Err(()), true));
    }

    #[test]
    fn parts_and_judges_are_kept_apart() {
        let of = |by: By, [one, two, three]: [&[u8]; 3]| digest_of([&[by as u8], one, two, three]);
        assert_ne!(
            of(By::Us, [b"ab", b"c", b""]),
            of(By::Us, [b"a", b"bc", b""])
        );
        assert_ne!(
            of(By::Us, [b"a", b"b", b"c"]),
            of(By::Webpki, [b"a", b"b", b"c"])
        );
    }

    #[test]
    fn it_does_not_grow_without_bound() {
        let memory = Memory::default();
        for number in 0..MOST + 10 {
            let message = number.to_be_bytes();
            let _ = memory.recall(By::Us, b"", &message, b"", || Ok::<(), ()>(()));
        }
        assert!(memory.lock(|known| known.len()) <= MOST);
    }
}
