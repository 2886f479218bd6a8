//! The ClientHello's raw bytes to facts.
//!
//! For: `net`, which taps the bytes below rustls, whose own view hides absent extensions, versions
//! and order. Must not: judge, normalise or sort: lists stay as they came, GREASE and duplicates
//! included.

use super::{escape, ja4, vectors::Reader};
use crate::facts::{ClientHello, Extension};

/// Why no ClientHello could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HelloError {
    /// The bytes end before the message does.
    #[error("the ClientHello is cut short: {have} of at least {want} bytes")]
    Incomplete {
        /// Bytes at hand.
        have: usize,
        /// Bytes wanted, as far as known; always more than `have`.
        want: usize,
    },
    /// The bytes break the format.
    #[error("not a well-formed ClientHello: {0}")]
    Malformed(&'static str),
}

/// The largest message read, in bytes. Real ones have some hundred to two thousand.
const MAX_MESSAGE: usize = 64 * 1024;

/// The largest plaintext fragment of a record, in bytes (RFC 8446 section 5.1).
const MAX_FRAGMENT: usize = 1 << 14;

/// Reads the first ClientHello from TLS records, reassembling it when it spans several. What
/// follows it is ignored.
///
/// An extension whose body is malformed stays in the list and leaves its field `None`; of an
/// extension that stands twice the first fills the field.
///
/// # Errors
/// When the bytes end too soon or are not a ClientHello.
pub fn client_hello(records: &[u8]) -> Result<ClientHello, HelloError> {
    let (record_version, message, _) = reassemble(records)?;
    let (mut hello, first_protocol) =
        fields(&message).ok_or(HelloError::Malformed("its fields do not fit its length"))?;
    hello.record_version = record_version;
    let fingerprint = ja4::ja4(&hello, first_protocol.as_deref());
    hello.ja4 = fingerprint.hashed;
    hello.ja4_raw = fingerprint.raw;
    Ok(hello)
}

/// How many bytes the records take that the first ClientHello is in; `None` where there is none.
pub fn length(records: &[u8]) -> Option<usize> {
    reassemble(records).ok().map(|(_, _, length)| length)
}

/// The first record's version, the handshake message without its header, and the bytes that its
/// records take.
fn reassemble(records: &[u8]) -> Result<(u16, Vec<u8>, usize), HelloError> {
    let have = records.len();
    let mut rest = Reader(records);
    let mut first_version = None;
    let mut message = Vec::new();
    // Bytes of the message that are known to be still to come; at first those of its header.
    let mut missing = 4;
    loop {
        if rest.0.first().is_some_and(|kind| *kind != 22) {
            return Err(HelloError::Malformed("not a handshake record"));
        }
        let consumed = have - rest.0.len();
        let (Some(_kind), Some(version), Some(length)) = (rest.u8(), rest.u16(), rest.u16()) else {
            let want = consumed + 5 + missing;
            return Err(HelloError::Incomplete { have, want });
        };
        if version >> 8 != 3 {
            return Err(HelloError::Malformed("not a TLS record version"));
        }
        let length = usize::from(length);
        if length == 0 {
            return Err(HelloError::Malformed("an empty handshake record"));
        }
        if length > MAX_FRAGMENT {
            return Err(HelloError::Malformed("a record of more than 16384 bytes"));
        }
        let record_version = *first_version.get_or_insert(version);
        let fragment = rest.at_most(length);
        message.extend_from_slice(fragment);

        if message.first().is_some_and(|kind| *kind != 1) {
            return Err(HelloError::Malformed(
                "the first handshake message is not a ClientHello",
            ));
        }
        missing = match message.split_first_chunk::<4>() {
            None => 4 - message.len(),
            Some(([_, high, middle, low], body)) => {
                let declared =
                    usize::from(*high) << 16 | usize::from(*middle) << 8 | usize::from(*low);
                if declared > MAX_MESSAGE {
                    return Err(HelloError::Malformed("a message of more than 64 KiB"));
                }
                if let Some(body) = body.get(..declared) {
                    return Ok((record_version, body.to_vec(), have - rest.0.len()));
                }
                declared - body.len()
            }
        };
        if fragment.len() < length {
            let want = have + missing.min(length - fragment.len());
            return Err(HelloError::Incomplete { have, want });
        }
    }
}

/// The fields of the message, and the bytes of its first application protocol.
fn fields(message: &[u8]) -> Option<(ClientHello, Option<Vec<u8>>)> {
    let mut rest = Reader(message);
    let mut hello = ClientHello {
        legacy_version: rest.u16()?,
        ..ClientHello::default()
    };
    rest.take(32)?; // random
    hello.session_id_length = rest.vector8()?.len();
    hello.cipher_suites = numbers(rest.vector16()?)?;
    hello.compression_methods = rest.vector8()?.to_vec();
    let mut first_protocol = None;
    if rest.0.is_empty() {
        return Some((hello, first_protocol)); // before RFC 3546 there were no extensions
    }
    let mut extensions = Reader(rest.vector16()?);
    while !extensions.0.is_empty() {
        let id = extensions.u16()?;
        let body = extensions.vector16()?;
        let again = hello.has_extension(id);
        hello.extensions.push(Extension {
            id,
            length: body.len(),
        });
        if again {
            continue;
        }
        match id {
            0 => hello.sni = server_name(body).map(escape::line),
            10 => hello.groups = whole(body, Reader::vector16).and_then(numbers),
            11 => hello.point_formats = whole(body, Reader::vector8).map(<[u8]>::to_vec),
            13 => hello.signature_algorithms = whole(body, Reader::vector16).and_then(numbers),
            16 => {
                if let Some(protocols) = protocols(body) {
                    first_protocol = protocols.first().map(|protocol| protocol.to_vec());
                    hello.alpn = Some(protocols.into_iter().map(escape::line).collect());
                }
            }
            43 => hello.supported_versions = whole(body, Reader::vector8).and_then(numbers),
            45 => hello.psk_modes = whole(body, Reader::vector8).map(<[u8]>::to_vec),
            50 => hello.signature_algorithms_cert = whole(body, Reader::vector16).and_then(numbers),
            51 => hello.key_shares = key_shares(body),
            _ => {}
        }
    }
    Some((hello, first_protocol))
}

/// The first name of type `host_name` (RFC 6066 section 3).
fn server_name(body: &[u8]) -> Option<&[u8]> {
    let mut names = Reader(whole(body, Reader::vector16)?);
    while !names.0.is_empty() {
        let kind = names.u8()?;
        let name = names.vector16()?;
        if kind == 0 {
            return Some(name);
        }
    }
    None
}

/// `ProtocolNameList` (RFC 7301 section 3.1).
fn protocols(body: &[u8]) -> Option<Vec<&[u8]>> {
    let mut list = Reader(whole(body, Reader::vector16)?);
    let mut protocols = Vec::new();
    while !list.0.is_empty() {
        protocols.push(list.vector8()?);
    }
    Some(protocols)
}

/// The groups of `KeyShareClientHello` (RFC 8446 section 4.2.8).
fn key_shares(body: &[u8]) -> Option<Vec<u16>> {
    let mut shares = Reader(whole(body, Reader::vector16)?);
    let mut groups = Vec::new();
    while !shares.0.is_empty() {
        groups.push(shares.u16()?);
        shares.vector16()?;
    }
    Some(groups)
}

/// What `read` makes of a body, provided that it leaves nothing over.
fn whole<'a>(
    body: &'a [u8],
    read: impl Fn(&mut Reader<'a>) -> Option<&'a [u8]>,
) -> Option<&'a [u8]> {
    let mut rest = Reader(body);
    let content = read(&mut rest)?;
    rest.0.is_empty().then_some(content)
}

/// A list of 16-bit numbers; `None` when a byte is left over.
fn numbers(bytes: &[u8]) -> Option<Vec<u16>> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect())
}

#[cfg(test)]
mod tests;
