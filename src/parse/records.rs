//! One direction of a TLS connection, read as it comes, to what its records hold (RFC 8446 section
//! 5, RFC 5246 section 6).
//!
//! For: `net`, whose timeline is made of it. Must not: keep more than one record, decrypt anything,
//! or give up the rest of a connection for a record that is none: it then says nothing more.

/// The random of a HelloRetryRequest (RFC 8446 section 4.1.3), where it stands in a ServerHello:
/// after type, length and version.
const RETRY_AT: std::ops::Range<usize> = 6..38;
/// The longest fragment of a record: 2^14 bytes and 2048 more for what ciphers add (RFC 5246
/// section 6.2.3).
const LONGEST: usize = (1 << 14) + 2048;

/// What is kept for the next record's header.
const SPARE: usize = 16;

const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;

/// What a record, or a message within records, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A handshake message in the clear, by its type.
    Handshake(u8),
    /// A ServerHello that asks for another ClientHello.
    HelloRetryRequest,
    /// Handshake messages that are encrypted, as the Finished of TLS 1.2 is.
    EncryptedHandshake,
    /// The change to the settled cipher (TLS 1.2), or the same for the looks of it (TLS 1.3, RFC
    /// 8446 appendix D.4).
    ChangeCipherSpec,
    /// An alert in the clear, by its description.
    Alert(u8),
    /// An alert that is encrypted, in TLS 1.2; those of TLS 1.3 look like data.
    EncryptedAlert,
    /// Application data; in TLS 1.3 whatever is encrypted.
    Data,
}

/// A reader of one direction.
#[derive(Debug, Default)]
pub struct Records {
    /// The record's header, and its fragment where that is looked into.
    buffer: Vec<u8>,
    /// Bytes of data that are still to be passed over.
    skip: usize,
    /// Bytes of a handshake message that goes on in the next record.
    message_left: usize,
    /// Whether a change of cipher went by.
    changed: bool,
    /// Whether what came is no record.
    broken: bool,
}

impl Records {
    /// Reads on; `tell` is given what is found, with its length in bytes: a message's own, a
    /// record's with its header.
    pub fn read(&mut self, mut bytes: &[u8], mut tell: impl FnMut(Content, usize)) {
        while !bytes.is_empty() && !self.broken {
            let passed = self.skip.min(bytes.len());
            self.skip -= passed;
            bytes = &bytes[passed..];
            let wanted = self.wanted();
            let taken = wanted.saturating_sub(self.buffer.len()).min(bytes.len());
            self.buffer.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
            if self.skip == 0 && self.buffer.len() == self.wanted() && self.buffer.len() >= 5 {
                self.record(&mut tell);
            }
        }
    }

    /// How long the buffer has to become: the header, then what of the record is looked into.
    fn wanted(&self) -> usize {
        match self.buffer.first_chunk::<5>() {
            Some([20..=22, _, _, high, low]) => 5 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => 5,
        }
    }

    fn record(&mut self, tell: &mut impl FnMut(Content, usize)) {
        let mut record = std::mem::take(&mut self.buffer);
        if let Some(&[kind, major, _, high, low]) = record.first_chunk::<5>() {
            let length = usize::from(u16::from_be_bytes([high, low]));
            let fragment = &record[5..];
            self.broken = major != 3 || length > LONGEST;
            match kind {
                _ if self.broken => {}
                20 => {
                    self.changed = true;
                    tell(Content::ChangeCipherSpec, record.len());
                }
                21 => match fragment {
                    [_, description] => tell(Content::Alert(*description), record.len()),
                    _ => tell(Content::EncryptedAlert, record.len()),
                },
                22 if self.changed && !begins_again(fragment) => {
                    tell(Content::EncryptedHandshake, record.len());
                }
                22 => self.messages(fragment, tell),
                23 => {
                    self.skip = length;
                    tell(Content::Data, 5 + length);
                }
                _ => self.broken = true,
            }
        }
        record.clear();
        // One long record is no reason to hold so much for as long as the connection lasts.
        record.shrink_to(SPARE);
        self.buffer = record;
    }

    fn messages(&mut self, fragment: &[u8], tell: &mut impl FnMut(Content, usize)) {
        let passed = self.message_left.min(fragment.len());
        self.message_left -= passed;
        let mut rest = &fragment[passed..];
        // A header that two records share is not met in the wild; what is left of such a message is
        // passed over.
        while let Some(&[kind, high, middle, low]) = rest.first_chunk::<4>() {
            let length =
                4 + usize::from(high) * 65536 + usize::from(u16::from_be_bytes([middle, low]));
            let retry = kind == SERVER_HELLO
                && rest.get(RETRY_AT) == Some(super::server_hello::RETRY.as_slice());
            let content = if retry {
                Content::HelloRetryRequest
            } else {
                Content::Handshake(kind)
            };
            tell(content, length);
            let here = length.min(rest.len());
            self.message_left = length - here;
            rest = &rest[here..];
        }
    }
}

/// Whether a handshake record after a change of cipher is in the clear all the same: the hello that
/// answers a HelloRetryRequest, or the ServerHello after one. Encrypted bytes look like either once
/// in 2^31 times.
fn begins_again(fragment: &[u8]) -> bool {
    match fragment.first_chunk::<4>() {
        Some([CLIENT_HELLO | SERVER_HELLO, 0, high, low]) => {
            usize::from(u16::from_be_bytes([*high, *low])) + 4 == fragment.len()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8], step: usize) -> Vec<(Content, usize)> {
        let mut records = Records::default();
        let mut found = Vec::new();
        for part in bytes.chunks(step) {
            records.read(part, |content, length| found.push((content, length)));
        }
        found
    }

    fn record(kind: u8, fragment: &[u8]) -> Vec<u8> {
        let length = u16::try_from(fragment.len()).unwrap();
        [&[kind, 3, 3][..], &length.to_be_bytes(), fragment].concat()
    }

    fn message(kind: u8, length: usize) -> Vec<u8> {
        let mut bytes = vec![kind, 0, (length >> 8) as u8, length as u8];
        bytes.resize(4 + length, 0x55);
        bytes
    }

    #[test]
    fn a_server_of_tls_1_2_says_all_in_the_clear_until_its_cipher_changes() {
        let flight = [
            message(2, 70),
            message(11, 900),
            message(12, 300),
            message(13, 30),
            message(14, 0),
        ]
        .concat();
        // The certificate goes over three records.
        let bytes = [
            record(22, &flight[..400]),
            record(22, &flight[400..600]),
            record(22, &flight[600..]),
            record(22, &message(4, 180)),
            record(20, &[1]),
            record(22, &[0xab; 40]),
            record(23, &[0xcd; 500]),
            record(21, &[0xef; 26]),
        ]
        .concat();
        let wanted = [
            (Content::Handshake(2), 74),
            (Content::Handshake(11), 904),
            (Content::Handshake(12), 304),
            (Content::Handshake(13), 34),
            (Content::Handshake(14), 4),
            (Content::Handshake(4), 184),
            (Content::ChangeCipherSpec, 6),
            (Content::EncryptedHandshake, 45),
            (Content::Data, 505),
            (Content::EncryptedAlert, 31),
        ];
        for step in [1, 3, 7, 4096] {
            assert_eq!(read(&bytes, step), wanted, "{step}");
        }
    }

    #[test]
    fn a_second_hello_is_read_behind_a_retry() {
        let mut retry = message(2, 84);
        retry[RETRY_AT].copy_from_slice(&super::super::server_hello::RETRY);
        let bytes = [
            record(22, &retry),
            record(20, &[1]),
            record(22, &message(2, 118)),
            record(23, &[0; 1000]),
        ]
        .concat();
        let wanted = [
            (Content::HelloRetryRequest, 88),
            (Content::ChangeCipherSpec, 6),
            (Content::Handshake(2), 122),
            (Content::Data, 1005),
        ];
        assert_eq!(read(&bytes, 5), wanted);
    }

    #[test]
    fn an_alert_in_the_clear_has_a_number_and_what_is_no_record_ends_it() {
        let bytes = [record(21, &[2, 70]), b"HTTP/1.1 400 Bad Request".to_vec()].concat();
        assert_eq!(read(&bytes, 1), [(Content::Alert(70), 7)]);
        assert_eq!(read(b"SSH-2.0-OpenSSH", 2), []);
        // A record that is longer than any may be.
        assert_eq!(read(&[22, 3, 1, 0xff, 0xff, 1, 0, 0, 1], 1), []);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_alike_in_any_parts(bytes in proptest::collection::vec(any::<u8>(), 0..600), step in 1_usize..50) {
            prop_assert_eq!(read(&bytes, step), read(&bytes, 600));
        }
    }
}
