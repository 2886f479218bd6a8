//! The bytes of TLS structures, read one after the other (RFC 8446 section 3).
//!
//! For: the parsers of this folder. Must not: know a structure.

/// What is still to be read. On `None` nothing more can be read of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn at_most(&mut self, length: usize) -> &'a [u8] {
        self.take(length)
            .unwrap_or_else(|| std::mem::take(&mut self.0))
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*bytes))
    }

    pub(super) fn vector8(&mut self) -> Option<&'a [u8]> {
        let length = usize::from(self.u8()?);
        self.take(length)
    }

    pub(super) fn vector24(&mut self) -> Option<&'a [u8]> {
        let high = usize::from(self.u8()?);
        let low = usize::from(self.u16()?);
        self.take(high << 16 | low)
    }

    pub(super) fn vector16(&mut self) -> Option<&'a [u8]> {
        let length = usize::from(self.u16()?);
        self.take(length)
    }
}
