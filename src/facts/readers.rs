//! Which stacks read a PEM file that is written in an unusual way.
//!
//! For: the rules about files, and the page on stacks. Must not: hold an answer that nobody gave:
//! `tests/it/lint/readers.rs` asks the programs about every cell.

use super::Quirk;

/// A program or a library that reads certificates in PEM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PemReader {
    /// OpenSSL 3.0, and nginx, Apache, HAProxy, Node.js and Python with it.
    OpenSsl,
    /// Go 1.19 `crypto/x509`.
    Go,
    /// Java 17 `CertificateFactory`.
    Java,
    /// rustls: `rustls-pki-types` 1.
    Rustls,
}

impl PemReader {
    /// All, in the order of [`PEM_READERS`].
    pub const ALL: [Self; 4] = [Self::OpenSsl, Self::Go, Self::Java, Self::Rustls];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenSsl => "OpenSSL",
            Self::Go => "Go",
            Self::Java => "Java",
            Self::Rustls => "rustls",
        }
    }
}

/// Whether each of [`PemReader::ALL`] reads every certificate of a file of which one block is
/// written so. What is not read is skipped, or the whole file is refused.
pub const PEM_READERS: &[(Quirk, [bool; 4])] = &[
    (Quirk::ByteOrderMark, [true, false, false, false]),
    (Quirk::CarriageReturns, [true, true, true, true]),
    (Quirk::DoubledReturns, [true, false, true, true]),
    (Quirk::LoneReturns, [false, false, true, true]),
    (Quirk::TextAround, [true, true, true, true]),
    (Quirk::MalformedMarker, [false, false, false, false]),
    (Quirk::IndentedMarker, [false, false, false, false]),
    (Quirk::IndentedEnd, [false, false, true, false]),
    (Quirk::LongLines, [true, true, true, true]),
    (Quirk::WhiteSpace, [true, true, true, true]),
    (Quirk::EmptyLines, [false, true, true, true]),
    (Quirk::EscapedLineBreaks, [false, false, false, false]),
    (Quirk::NoFinalLineBreak, [true, true, true, true]),
    (Quirk::OldLabel, [true, false, true, false]),
    (Quirk::TrustedLabel, [true, false, false, false]),
    (Quirk::Headers, [false, false, false, false]),
    (Quirk::TrailingBytes, [true, false, false, false]),
];

impl Quirk {
    /// Who reads it, by [`PEM_READERS`]; `None` where nobody was asked.
    fn readers(self) -> Option<[bool; 4]> {
        let mut rows = PEM_READERS.iter();
        rows.find(|(quirk, _)| *quirk == self)
            .map(|(_, reads)| *reads)
    }

    /// Whether one of them does not; `false` where nobody was asked.
    pub fn is_lost_on(self, reader: PemReader) -> bool {
        let at = PemReader::ALL.iter().position(|one| *one == reader);
        let reads = self.readers().zip(at).map(|(reads, at)| reads[at]);
        reads == Some(false)
    }

    /// `read by OpenSSL, Java; not by Go, rustls`; `None` where all of them read it, or nobody was
    /// asked.
    pub fn read_by(self) -> Option<String> {
        let reads = self.readers()?;
        let named = |wanted: bool| -> Vec<&str> {
            let readers = PemReader::ALL.iter().zip(reads);
            readers
                .filter(|(_, reads)| *reads == wanted)
                .map(|(reader, _)| reader.name())
                .collect()
        };
        match (named(true).join(", "), named(false).join(", ")) {
            (_, no) if no.is_empty() => None,
            (yes, no) if yes.is_empty() => Some(format!("not read by {no}")),
            (yes, no) => Some(format!("read by {yes}; not by {no}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reads_it_is_said_where_they_differ() {
        let said = |quirk: Quirk| quirk.read_by().unwrap_or_default();
        assert_eq!(
            said(Quirk::OldLabel),
            "read by OpenSSL, Java; not by Go, rustls"
        );
        assert!(said(Quirk::IndentedMarker).starts_with("not read by OpenSSL, Go"));
        assert_eq!(said(Quirk::TextAround), "");
        assert!(!Quirk::OldLabel.is_lost_on(PemReader::OpenSsl));
        assert!(Quirk::EmptyLines.is_lost_on(PemReader::OpenSsl));
    }
}
