//! OCSP responses (RFC 6960 section 4.2): DER to the parts that judging one takes.
//!
//! For: `verify::staple` and `verify::revocation`. Must not: check a signature or a date; that takes an issuer and a moment.

use jiff::Timestamp;

use super::cert::der::{self, Reader, Tlv};
use crate::facts::RevocationReason;

/// id-pkix-ocsp-basic, 1.3.6.1.5.5.7.48.1.1.
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1];
/// id-pkix-ocsp-nonce, 1.3.6.1.5.5.7.48.1.2.
pub(crate) const NONCE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2];
const ENUMERATED: u8 = 0x0a;
const GENERALIZED_TIME: u8 = 0x18;

/// What is said about one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Single {
    /// The digest's OID, contents octets.
    pub digest: Vec<u8>,
    /// The digest of the issuer's name.
    pub issuer_name: Vec<u8>,
    /// The digest of the issuer's key.
    pub issuer_key: Vec<u8>,
    /// The serial number's magnitude, without leading zeros.
    pub serial: Vec<u8>,
    /// What is said.
    pub answer: Answer,
    /// From when on it is true.
    pub this_update: Timestamp,
    /// Until when it is to be used.
    pub next_update: Option<Timestamp>,
}

/// CertStatus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Not revoked.
    Good,
    /// Revoked at this moment, and why, where that is said.
    Revoked(Timestamp, Option<RevocationReason>),
    /// Not known to the responder.
    Unknown,
}

/// A BasicOCSPResponse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basic {
    /// The signed part, tag included.
    pub signed: Vec<u8>,
    /// The AlgorithmIdentifier of the signature, tag included.
    pub algorithm: Vec<u8>,
    /// The signature's octets.
    pub signature: Vec<u8>,
    /// When it was signed.
    pub produced_at: Timestamp,
    /// One answer a certificate.
    pub singles: Vec<Single>,
    /// The value of the nonce extension, where there is one.
    pub nonce: Option<Vec<u8>>,
    /// Certificates that came along, DER.
    pub certificates: Vec<Vec<u8>>,
}

/// Reads a response.
///
/// # Errors
/// In words: a response without an answer says why (`try later`), anything else what is not as RFC
/// 6960 has it.
pub fn response(bytes: &[u8]) -> Result<Basic, String> {
    let built = || "not an OCSP response of RFC 6960 section 4.2.1".to_owned();
    let outer = der::only(bytes, der::SEQUENCE).ok_or_else(built)?;
    let mut fields = Reader::new(outer);
    let status = fields.tagged(ENUMERATED).ok_or_else(built)?.content;
    let why = match status {
        [0] => None,
        [1] => Some("the responder found the request malformed"),
        [2] => Some("the responder had an internal error"),
        [3] => Some("the responder asks to try later"),
        [5] => Some("the responder wants the request signed"),
        [6] => Some("the responder refused the request"),
        _ => return Err(built()),
    };
    if let Some(why) = why {
        return Err(why.to_owned());
    }
    basic(fields).ok_or_else(built)
}

fn basic(mut fields: Reader<'_>) -> Option<Basic> {
    let bytes = der::only(fields.tagged(0xa0)?.content, der::SEQUENCE)?;
    let mut bytes = Reader::new(bytes);
    if bytes.tagged(der::OID)?.content != BASIC {
        return None;
    }
    let basic = der::only(bytes.tagged(der::OCTET_STRING)?.content, der::SEQUENCE)?;
    let mut parts = Reader::new(basic);
    let signed = parts.tagged(der::SEQUENCE)?;
    let algorithm = parts.tagged(der::SEQUENCE)?;
    let (_, signature) = der::bits(parts.tagged(der::BIT_STRING)?.content)?;
    let certificates = match parts.tagged(0xa0) {
        Some(tagged) => Reader::new(der::only(tagged.content, der::SEQUENCE)?)
            .map(|certificate| certificate.whole.to_vec())
            .collect(),
        None => Vec::new(),
    };
    let mut data = Reader::new(signed.content);
    data.tagged(0xa0);
    // ResponderID: by name or by key.
    data.any().filter(|id| matches!(id.tag, 0xa1 | 0xa2))?;
    let produced_at = time(data.tagged(GENERALIZED_TIME)?)?;
    let singles = Reader::new(data.tagged(der::SEQUENCE)?.content)
        .map(single)
        .collect::<Option<_>>()?;
    let extensions = data
        .tagged(0xa1)
        .and_then(|tagged| der::only(tagged.content, der::SEQUENCE))
        .unwrap_or_default();
    let nonce = der::extensions(extensions)
        .find(|extension| extension.oid == NONCE)
        .map(|extension| extension.value.to_vec());
    Some(Basic {
        signed: signed.whole.to_vec(),
        algorithm: algorithm.whole.to_vec(),
        signature: signature.to_vec(),
        produced_at,
        singles,
        nonce,
        certificates,
    })
}

fn single(response: Tlv<'_>) -> Option<Single> {
    let mut fields = Reader::new(response.content);
    let mut id = Reader::new(fields.tagged(der::SEQUENCE)?.content);
    let digest = Reader::new(id.tagged(der::SEQUENCE)?.content)
        .tagged(der::OID)?
        .content;
    let issuer_name = id.tagged(der::OCTET_STRING)?.content;
    let issuer_key = id.tagged(der::OCTET_STRING)?.content;
    let serial = der::unsigned(id.tagged(der::INTEGER)?.content)?;
    let status = fields.any()?;
    let answer = match status.tag {
        0x80 => Answer::Good,
        0xa1 => {
            let mut info = Reader::new(status.content);
            let at = time(info.tagged(GENERALIZED_TIME)?)?;
            let reason = info
                .tagged(0xa0)
                .and_then(|tagged| der::only(tagged.content, ENUMERATED))
                .and_then(|number| RevocationReason::of(*number.first()?));
            Answer::Revoked(at, reason)
        }
        0x82 => Answer::Unknown,
        _ => return None,
    };
    let this_update = time(fields.tagged(GENERALIZED_TIME)?)?;
    let next_update = match fields.tagged(0xa0) {
        Some(tagged) => Some(time(Reader::new(tagged.content).tagged(GENERALIZED_TIME)?)?),
        None => None,
    };
    Some(Single {
        digest: digest.to_vec(),
        issuer_name: issuer_name.to_vec(),
        issuer_key: issuer_key.to_vec(),
        serial: serial.to_vec(),
        answer,
        this_update,
        next_update,
    })
}

/// `YYYYMMDDHHMMSSZ` (RFC 5280 section 4.1.2.5.2).
fn time(value: Tlv<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(value.content).ok()?;
    let moment = jiff::civil::DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    jiff::tz::TimeZone::UTC.to_timestamp(moment).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refusals_say_why() {
        assert!(
            response(&[0x30, 3, 0x0a, 1, 3])
                .unwrap_err()
                .contains("try later")
        );
        for broken in [
            &[][..],
            &[0x30, 0],
            &[0x30, 3, 0x0a, 1, 9],
            &[0x30, 3, 0x0a, 1, 0],
        ] {
            assert!(
                response(broken).unwrap_err().contains("RFC 6960"),
                "{broken:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = response(&bytes);
        }
    }
}
