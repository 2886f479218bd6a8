//! What each stack takes out of a PEM text: its own reader, step by step.
//!
//! For: [`FileFacts::readings`](crate::facts::FileFacts::readings), so that nothing is claimed of a
//! form that nobody thought of. Must not: be lenient; `tests/it/lint/readers` compares every answer
//! with the programs.

mod base64;
mod go;
mod java;
mod openssl;
mod pki_types;

use super::{Block, is_private_key};
use crate::facts::Readings;
use crate::parse::cert::der::{self, Reader};

/// What a file is read for, which decides the function that a stack reads it with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The chain that will be presented.
    Chain,
    /// Trust anchors.
    Anchors,
    /// The private key of a leaf.
    Key,
}

/// Who reads all of `wanted`, DER values in the order of the file, when it is read for `purpose`.
pub(crate) fn readings(text: &[u8], purpose: Purpose, wanted: &[&[u8]]) -> Readings {
    let read = |take: fn(&[u8], Purpose, &mut Tally<'_>) -> bool| {
        let mut tally = Tally {
            wanted,
            next: 0,
            of_certificates: purpose != Purpose::Key,
        };
        take(text, purpose, &mut tally) && tally.next == wanted.len()
    };
    Readings([
        Some(read(openssl::take)),
        Some(read(go::take)),
        // Java has no reader of keys in PEM.
        (purpose != Purpose::Key).then(|| read(java::take)),
        Some(read(pki_types::take)),
    ])
}

/// The values that are wanted, ticked off as a reader comes by them.
struct Tally<'a> {
    wanted: &'a [&'a [u8]],
    next: usize,
    /// Whether a value is to be a certificate.
    of_certificates: bool,
}

/// What a reader lets stand behind a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// Nothing.
    Nothing,
    /// Anything.
    Anything,
    /// OpenSSL's trust settings, or nothing.
    Settings,
}

impl Tally<'_> {
    /// Takes a decoded block; `false` when the reader refuses what stands behind the value.
    fn take(&mut self, der: &[u8], behind: Behind) -> bool {
        let Some(value) = Reader::new(der).any() else {
            return false;
        };
        if self.of_certificates && der::layout(value.whole).is_none() {
            return false;
        }
        let rest = &der[value.whole.len()..];
        let allowed = match behind {
            Behind::Nothing => rest.is_empty(),
            Behind::Anything => true,
            Behind::Settings => {
                rest.is_empty()
                    || Reader::new(rest)
                        .any()
                        .is_some_and(|settings| settings.tag == der::SEQUENCE)
            }
        };
        if allowed && self.wanted.get(self.next) == Some(&value.whole) {
            self.next += 1;
        }
        allowed
    }
}

/// How a key's bytes are wrapped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrapping {
    /// RFC 8017.
    Pkcs1,
    /// RFC 5958, for the key types that their own labels accept.
    Pkcs8 { rsa: bool, ec: bool },
    /// RFC 5915.
    Sec1,
    /// Anything else: encrypted, of another kind.
    Other,
}

fn wrapping(der: &[u8]) -> Wrapping {
    let Some(outer) = Reader::new(der).any() else {
        return Wrapping::Other;
    };
    let mut fields = Reader::new(outer.content);
    let (first, second) = (fields.any(), fields.any());
    match (first.map(|field| field.tag), second) {
        (Some(der::INTEGER), Some(second)) => match second.tag {
            der::INTEGER => Wrapping::Pkcs1,
            der::OCTET_STRING => Wrapping::Sec1,
            der::SEQUENCE => {
                let oid = Reader::new(second.content).any().map(|oid| oid.content);
                Wrapping::Pkcs8 {
                    rsa: oid == Some(crate::parse::key::oid::RSA),
                    ec: oid == Some(crate::parse::key::oid::EC),
                }
            }
            _ => Wrapping::Other,
        },
        _ => Wrapping::Other,
    }
}

/// The values that a file's owner wants read out of it: of a key file its first key.
pub(crate) fn wanted_key(blocks: &[Block]) -> Option<&[u8]> {
    let keys = || blocks.iter().filter(|block| is_private_key(&block.label));
    // What is encrypted is a question of its own.
    let encrypted = |block: &Block| block.encrypted || block.label.starts_with("ENCRYPTED");
    if keys().any(encrypted) {
        return None;
    }
    let der = keys().next()?.der.as_ref().ok()?;
    Some(Reader::new(der).any()?.whole)
}
