//! Which stacks read a PEM file, and what of it keeps the others from it.
//!
//! For: the rules about files. Must not: know how a stack reads; `parse::pem::stacks` does, and
//! `tests/it/lint/readers` asks the programs.

use std::sync::Arc;

use super::{Certificate, Eku, FileFacts, FileRole, Item, ItemKind, Quirk};

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
    /// All, in the order of [`Readings`].
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

/// Whether each of [`PemReader::ALL`] reads everything that a file is there for: every certificate of
/// it, or its key. `None` for one that reads no such file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readings(pub [Option<bool>; 4]);

impl Readings {
    /// Whether this one does not.
    pub fn is_lost_on(self, reader: PemReader) -> bool {
        let mut pairs = PemReader::ALL.iter().zip(self.0);
        pairs.any(|(one, reads)| *one == reader && reads == Some(false))
    }

    /// `read by OpenSSL, Java; not by Go, rustls`; `None` where all of them read it.
    pub fn in_words(self) -> Option<String> {
        let named = |wanted: bool| -> Vec<&str> {
            let readers = PemReader::ALL.iter().zip(self.0);
            readers
                .filter(|(_, reads)| *reads == Some(wanted))
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

impl Quirk {
    /// Which of [`PemReader::ALL`] may miss something because a file is written so.
    fn may_be_lost_on(self) -> [bool; 4] {
        match self {
            Self::ByteOrderMark
            | Self::MalformedMarker
            | Self::MissingEnd
            | Self::StrayEnd
            | Self::LabelsDiffer
            | Self::NotBase64
            | Self::TruncatedBase64
            | Self::IndentedMarker
            | Self::IndentedEnd
            | Self::LoneReturns
            | Self::EscapedLineBreaks
            | Self::TrustedLabel
            | Self::Headers
            | Self::TrailingBytes
            | Self::Unread => [true; 4],
            Self::ControlCharacters => [false, true, true, true],
            Self::OldLabel => [false, true, false, true],
            Self::DoubledReturns => [false, true, false, false],
            Self::WhiteSpace => [false, false, false, true],
            Self::EmptyLines | Self::LongLines => [true, false, false, false],
            Self::KeyAmongCertificates => [false, false, true, false],
            Self::CarriageReturns | Self::TextAround | Self::NoFinalLineBreak => [false; 4],
        }
    }
}

impl Item {
    /// The certificate that it is, `TRUSTED CERTIFICATE` included.
    pub fn certificate(&self) -> Option<&Arc<Certificate>> {
        match &self.kind {
            ItemKind::Certificate(certificate) | ItemKind::TrustedCertificate(certificate, _) => {
                Some(certificate)
            }
            _ => None,
        }
    }
}

impl FileFacts {
    /// The certificates in it that are anchors for `purpose`: all but those whose trust settings
    /// exclude it.
    pub fn anchors_for(&self, purpose: Eku) -> impl Iterator<Item = &Arc<Certificate>> {
        let anchors = self.items.iter().filter(move |item| {
            !matches!(&item.kind, ItemKind::TrustedCertificate(_, settings) if settings.exclude(&purpose))
        });
        anchors.filter_map(Item::certificate)
    }

    /// Its certificates; of trust anchors those for `purpose`.
    pub fn usable_for(&self, purpose: &Eku) -> Vec<Arc<Certificate>> {
        match self.meant_as {
            FileRole::Anchors => self.anchors_for(purpose.clone()).cloned().collect(),
            _ => self
                .items
                .iter()
                .filter_map(Item::certificate)
                .cloned()
                .collect(),
        }
    }

    /// Those whose trust settings exclude it.
    pub fn excluded_for(&self, purpose: Eku) -> impl Iterator<Item = &Arc<Certificate>> {
        self.items.iter().filter_map(move |item| match &item.kind {
            ItemKind::TrustedCertificate(certificate, settings) if settings.exclude(&purpose) => {
                Some(certificate)
            }
            _ => None,
        })
    }

    /// Who reads it, as far as this quirk may be the reason: the others who do not count as if they
    /// had not been asked.
    pub fn readings_by(&self, quirk: Quirk) -> Option<Readings> {
        let Readings(readings) = self.readings?;
        let able = quirk.may_be_lost_on();
        // Long lines and blanks are hardly ever it, and not where something else is.
        let weak = matches!(quirk, Quirk::WhiteSpace | Quirk::LongLines);
        let mut at = 0;
        Some(Readings(readings.map(|reads| {
            let others = || {
                let mut others = self.remarks.iter().filter(|remark| remark.quirk != quirk);
                others.any(|other| other.quirk.may_be_lost_on()[at])
            };
            let answers = able[at] && !(weak && others());
            at += 1;
            reads.filter(|reads| *reads || answers)
        })))
    }

    /// Who does not read the file for a reason that none of its remarks gives.
    pub fn unexplained(&self) -> Option<Readings> {
        let Readings(readings) = self.readings?;
        let mut at = 0;
        let left = readings.map(|reads| {
            let explained = |remark: &super::Remark| remark.quirk.may_be_lost_on()[at];
            let left = reads.filter(|reads| *reads || !self.remarks.iter().any(explained));
            at += 1;
            left
        });
        Some(Readings(left)).filter(|left| left.0.contains(&Some(false)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reads_it_is_said_where_they_differ() {
        let all = Readings([Some(true); 4]);
        assert_eq!(all.in_words(), None);
        let some = Readings([Some(true), Some(false), None, Some(false)]);
        assert_eq!(
            some.in_words().as_deref(),
            Some("read by OpenSSL; not by Go, rustls")
        );
        assert!(some.is_lost_on(PemReader::Go) && !some.is_lost_on(PemReader::Java));
    }
}
