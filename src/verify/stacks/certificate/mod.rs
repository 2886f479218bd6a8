//! The features that one certificate has by itself, at its place in a path.
//!
//! For: `stacks`. Must not: know a stack, or look at another certificate.

mod extensions;

use jiff::Timestamp;

use crate::{
    facts::{
        Certificate, ChainFeature as F, Digest, PathPlace as P, Purpose, Sign, SignatureFamily,
        TimeForm,
    },
    parse::{
        cert::der::{self, ExtensionTlv, Reader},
        key,
    },
    verify::{
        Link,
        details::{KeyKind, ku},
    },
};

use super::encoding;

const CE: [u8; 2] = [0x55, 0x1d];
/// GeneralName tags.
const DNS: u8 = 0x82;
const IP: u8 = 0x87;
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 34];
const P521: &[u8] = &[0x2b, 0x81, 4, 0, 35];
const P224: &[u8] = &[0x2b, 0x81, 4, 0, 33];

/// The smallest modulus that OpenSSL takes for 112 bits (`verify::details`), its security level 2.
const LEVEL_2: u32 = 1963;

/// One certificate under examination.
struct Exam<'a> {
    link: Link<'a>,
    place: P,
    purpose: Purpose,
    found: Vec<F>,
}

/// Its features. `signer` is the certificate that signed it; `None` for the path's end, whose
/// signature nobody checks.
pub(super) fn features(
    link: Link<'_>,
    place: P,
    signer: Option<Link<'_>>,
    purpose: Purpose,
    now: Timestamp,
) -> Vec<F> {
    let mut exam = Exam {
        link,
        place,
        purpose,
        found: Vec::new(),
    };
    exam.times(now);
    exam.form();
    exam.constraints();
    exam.key_usage();
    exam.key();
    exam.names();
    exam.extensions();
    if let Some(signer) = signer {
        exam.signature(signer);
        exam.identifiers();
    }
    exam.found
}

impl<'a> Exam<'a> {
    fn certificate(&self) -> &'a Certificate {
        self.link.certificate
    }

    fn add(&mut self, feature: F) {
        if !self.found.contains(&feature) {
            self.found.push(feature);
        }
    }

    fn add_if(&mut self, holds: bool, feature: F) {
        if holds {
            self.add(feature);
        }
    }

    fn raw(&self) -> impl Iterator<Item = ExtensionTlv<'a>> + use<'a> {
        der::extensions(&self.link.certificate.der[self.link.details.layout.extensions.clone()])
    }

    fn is_leaf(&self) -> bool {
        self.place == P::Leaf
    }

    /// Whether basicConstraints say that it is a CA, be the rest of them readable or not.
    fn is_ca(&self) -> bool {
        self.raw()
            .find(|extension| extension.oid == ce(19))
            .and_then(|written| der::only(written.value, der::SEQUENCE))
            .and_then(|fields| Reader::new(fields).tagged(der::BOOLEAN))
            .is_some_and(|flag| flag.content.iter().any(|&octet| octet != 0))
    }

    /// Whether it acts as a CA here, or says that it is one.
    fn is_authority(&self) -> bool {
        !self.is_leaf() || self.is_ca()
    }

    fn times(&mut self, now: Timestamp) {
        let certificate = self.certificate();
        self.add_if(now < certificate.not_before, F::NotYetValid);
        if now.as_second() == certificate.not_after.as_second() {
            self.add(F::LastSecond);
        } else {
            self.add_if(now > certificate.not_after, F::Expired);
        }
        let form = &certificate.form;
        for (moment, written) in [
            (certificate.not_before, &form.not_before),
            (certificate.not_after, &form.not_after),
        ] {
            match written {
                TimeForm::Utc => {}
                // RFC 5280 section 4.1.2.5: UTCTime until 2049.
                TimeForm::Generalized => {
                    self.add_if(moment.as_second() < 2_524_608_000, F::TimeGeneralized)
                }
                TimeForm::Odd(text) => self.add(odd_time(text)),
            }
        }
    }

    fn form(&mut self) {
        let certificate = self.certificate();
        let has_extensions = self.raw().next().is_some();
        match certificate.version {
            0..=2 => {
                self.add(F::VersionOneLeaf);
                self.add_if(has_extensions, F::VersionOneExtensions);
            }
            3 => {}
            _ => self.add(F::VersionUnknown),
        }
        self.add_if(
            certificate.form.serial_sign == Sign::Negative,
            F::SerialNegative,
        );
        let serial = &certificate.der[self.link.details.layout.serial.clone()];
        self.add_if(encoding::is_padded(serial), F::SerialPadded);
        let unsorted = [certificate.subject_der(), certificate.issuer_der()]
            .into_iter()
            .any(encoding::is_unsorted);
        self.add_if(unsorted, F::NameUnsorted);
        let malformed = [certificate.subject_der(), certificate.issuer_der()]
            .into_iter()
            .any(encoding::has_malformed_printable_string);
        self.add_if(malformed, F::PrintableStringMalformed);
    }

    fn constraints(&mut self) {
        let is_ca = self.is_ca();
        let details = self.link.details;
        match self.place {
            P::Leaf => self.add_if(is_ca, F::LeafIsCa),
            P::Beside => {}
            P::Intermediate => self.add_if(!is_ca, F::NotACa),
            // Version 1 has no extension to say so with.
            P::Anchor => self.add_if(!is_ca && self.certificate().version >= 3, F::NotACa),
        }
        self.add_if(details.check_ca() > 1, F::CaByOtherMeans);
        if !is_ca && details.extensions.path_length.is_some() {
            self.add(F::PathLengthInLeaf);
        }
        let Some(written) = self.raw().find(|extension| extension.oid == ce(19)) else {
            return;
        };
        self.add_if(is_ca && !written.critical, F::ConstraintsNotCritical);
        let mut fields = Reader::new(der::only(written.value, der::SEQUENCE).unwrap_or_default());
        let flag = fields.tagged(der::BOOLEAN);
        self.add_if(
            flag.is_some_and(|flag| flag.content == [0]),
            F::ExplicitFalse,
        );
        if let Some(length) = fields.tagged(der::INTEGER) {
            let negative = length.content.first().is_some_and(|&octet| octet >= 0x80);
            self.add_if(negative, F::PathLengthNegative);
            let huge = !negative && der::trimmed(length.content).len() > 4;
            self.add_if(huge, F::PathLengthHuge);
        }
    }

    fn key_usage(&mut self) {
        let extensions = &self.link.details.extensions;
        let Some(bits) = extensions.key_usage else {
            let expected = self.is_authority() && self.certificate().version >= 3;
            self.add_if(expected, F::CaUsageMissing);
            return;
        };
        let cert_sign = bits & ku::KEY_CERT_SIGN != 0;
        if bits == 0 {
            self.add(F::LeafUsageEmpty);
        } else if self.is_leaf() {
            let fitting = match self.purpose {
                Purpose::ServerAuth => {
                    ku::DIGITAL_SIGNATURE | ku::KEY_ENCIPHERMENT | ku::KEY_AGREEMENT
                }
                Purpose::ClientAuth => ku::DIGITAL_SIGNATURE | ku::KEY_AGREEMENT,
            };
            self.add_if(bits & fitting == 0, F::UsageUnfit);
            self.add_if(bits & ku::DIGITAL_SIGNATURE == 0, F::SignatureUsageMissing);
            self.add_if(cert_sign && !self.is_ca(), F::LeafSigns);
        } else {
            self.add_if(!cert_sign, F::CertSignMissing);
        }
    }

    fn key(&mut self) {
        let certificate = self.certificate();
        let Some(spki) = key::spki(certificate.spki_der()) else {
            self.add(F::KeyOther);
            return;
        };
        match self.link.details.key_kind {
            KeyKind::Rsa | KeyKind::RsaPss => {
                let bits = key::bits(&spki);
                if bits < 1024 {
                    self.add(F::RsaBelow1024);
                } else {
                    self.add_if(bits < LEVEL_2, F::RsaWeak);
                    self.add_if(bits < 2048, F::RsaBelow2048);
                }
                self.add_if(self.link.details.key_kind == KeyKind::RsaPss, F::PssKey);
            }
            KeyKind::Ec => {
                let parameters = spki.parameters;
                match parameters.map(|parameters| (parameters.tag, parameters.content)) {
                    Some((der::OID, P256 | P384)) => {}
                    Some((der::OID, P521)) => self.add(F::P521),
                    Some((der::OID, P224)) => self.add(F::P224),
                    Some((der::SEQUENCE, _)) => self.add(F::CurveSpelledOut),
                    _ => self.add(F::CurveUncommon),
                }
            }
            KeyKind::Ed25519 => self.add(F::Ed25519Key),
            // What it signs has a row of its own.
            KeyKind::Ed448 if !self.is_leaf() => {}
            KeyKind::Dsa | KeyKind::Ed448 | KeyKind::Other => self.add(F::KeyOther),
        }
    }

    fn names(&mut self) {
        let certificate = self.certificate();
        let form = &certificate.form;
        if !self.is_leaf() {
            self.add_if(form.subject_empty, F::CaNameEmpty);
        }
        let written = self.raw().find(|extension| extension.oid == ce(17));
        // What a certificate of version 1 or 2 says there is not read by all, and has a row of its
        // own.
        let Some(written) = written else {
            self.add_if(self.is_leaf(), F::NamesMissing);
            self.add_if(
                self.is_leaf() && form.subject_empty,
                F::NamesAndSubjectMissing,
            );
            return;
        };
        // What is no list of names has a row of its own.
        let Some(entries) = der::only(written.value, der::SEQUENCE) else {
            return;
        };
        let mut count = 0;
        for entry in Reader::new(entries) {
            count += 1;
            match entry.tag {
                DNS => self.add_if(!entry.content.is_ascii(), F::NameNotAscii),
                IP => self.add_if(!matches!(entry.content.len(), 4 | 16), F::AddressMalformed),
                _ => {}
            }
        }
        if self.is_leaf() {
            self.add_if(count == 0, F::NamesEmpty);
            self.add_if(form.subject_empty && !written.critical, F::NamesNotCritical);
            self.add_if(!form.subject_empty && written.critical, F::NamesCritical);
        }
    }

    fn identifiers(&mut self) {
        // Version 1 has no extensions; that it is an old version has a row of its own.
        if self.certificate().version < 3 {
            return;
        }
        match self.certificate().form.authority_key_id {
            None => self.add(F::AuthorityKeyIdMissing),
            Some(form) => self.add_if(!form.key_id, F::AuthorityKeyIdWithoutKey),
        }
    }

    fn signature(&mut self, signer: Link<'_>) {
        let Some(algorithm) = &self.link.details.algorithm else {
            self.add(F::SignedByOther);
            return;
        };
        match (algorithm.family, algorithm.digest) {
            (SignatureFamily::Dsa, _) => self.add(F::SignedByDsa),
            (SignatureFamily::Ed25519, _) => self.add(F::SignedByEd25519),
            (SignatureFamily::Ed448, _) => self.add(F::SignedByEd448),
            (_, Some(digest)) if digest.is_older_than_sha1() => self.add(F::OlderThanSha1),
            (_, Some(Digest::Sha1)) => self.add(F::Sha1),
            (_, Some(Digest::Sha224)) => self.add(F::RsaSha224),
            (
                SignatureFamily::Rsa | SignatureFamily::Ecdsa | SignatureFamily::RsaPss,
                Some(Digest::Sha256 | Digest::Sha384 | Digest::Sha512),
            ) => {}
            _ => self.add(F::SignedByOther),
        }
        if algorithm.family == SignatureFamily::RsaPss && !algorithm.is_plain_pss() {
            self.add(F::SignedByUncommonPss);
        }
        self.add_if(
            signer.details.key_kind == KeyKind::RsaPss,
            F::SignedByPssKey,
        );
    }
}

/// The OID 2.5.29.`last`.
fn ce(last: u8) -> [u8; 3] {
    [CE[0], CE[1], last]
}

/// A moment as RFC 5280 section 4.1.2.5 does not want it.
fn odd_time(text: &str) -> F {
    if text.contains(['+', '-']) {
        F::TimeWithOffset
    } else if text
        .strip_suffix('Z')
        .is_some_and(|digits| digits.len() == 10)
    {
        F::TimeWithoutSeconds
    } else {
        F::TimeOdd
    }
}
