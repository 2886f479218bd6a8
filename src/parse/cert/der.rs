//! The little of DER (X.690) that names, keys and extensions need: definite lengths, one-byte tags,
//! borrowed slices.
//!
//! Written so that a hostile length can only end the reading: every access is checked, nothing
//! recurses.

use std::ops::Range;

/// BOOLEAN.
pub(crate) const BOOLEAN: u8 = 0x01;
/// INTEGER.
pub(crate) const INTEGER: u8 = 0x02;
/// BIT STRING.
pub(crate) const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub(crate) const OCTET_STRING: u8 = 0x04;
/// OBJECT IDENTIFIER.
pub(crate) const OID: u8 = 0x06;
/// SEQUENCE and SEQUENCE OF.
pub(crate) const SEQUENCE: u8 = 0x30;
/// SET and SET OF.
pub(crate) const SET: u8 = 0x31;

/// One tag-length-value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tlv<'a> {
    /// The identifier octet; tag numbers above 30 are not read.
    pub(crate) tag: u8,
    /// The contents.
    pub(crate) content: &'a [u8],
    /// Identifier, length and contents.
    pub(crate) whole: &'a [u8],
}

/// Reads values one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader over the contents of a constructed value.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag of the next value, without reading it.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next value; `None` at the end and at anything that is not a whole value.
    pub(crate) fn any(&mut self) -> Option<Tlv<'a>> {
        let (&tag, after_tag) = self.rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, after_first) = after_tag.split_first()?;
        let (length, body) = if first < 0x80 {
            (usize::from(first), after_first)
        } else {
            let octets = usize::from(first & 0x7f);
            if octets == 0 || octets > 4 {
                return None;
            }
            let (number, body) = after_first.split_at_checked(octets)?;
            let length = number
                .iter()
                .fold(0usize, |length, &octet| (length << 8) | usize::from(octet));
            (length, body)
        };
        let (content, rest) = body.split_at_checked(length)?;
        let whole = &self.rest[..self.rest.len() - rest.len()];
        self.rest = rest;
        Some(Tlv {
            tag,
            content,
            whole,
        })
    }

    /// The next value when it has this tag; otherwise nothing is read.
    pub(crate) fn tagged(&mut self, tag: u8) -> Option<Tlv<'a>> {
        if self.peek() == Some(tag) {
            self.any()
        } else {
            None
        }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Tlv<'a>;

    fn next(&mut self) -> Option<Tlv<'a>> {
        self.any()
    }
}

/// The contents of `bytes` when they are exactly one value with this tag.
pub(crate) fn only(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let mut reader = Reader::new(bytes);
    let value = reader.tagged(tag)?;
    reader.is_empty().then_some(value.content)
}

/// The octets of a BIT STRING's contents and its number of unused bits.
pub(crate) fn bits(content: &[u8]) -> Option<(u8, &[u8])> {
    let (&unused, octets) = content.split_first()?;
    (unused < 8 && !(octets.is_empty() && unused > 0)).then_some((unused, octets))
}

/// An INTEGER's magnitude without leading zeros, when it is not negative.
pub(crate) fn unsigned(content: &[u8]) -> Option<&[u8]> {
    if content.first()? & 0x80 != 0 {
        return None;
    }
    let zeros = content.iter().take_while(|&&octet| octet == 0).count();
    content.get(zeros..)
}

/// Tag, length and the parts one after the other: the encoder that `layout` and `Reader` undo.
pub(crate) fn encode(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let octets = length.to_be_bytes();
    let significant = &octets[octets.iter().take_while(|&&octet| octet == 0).count()..];
    let mut out = vec![tag];
    match significant {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        long => {
            // A usize has at most eight octets.
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            out.extend_from_slice(long);
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// An INTEGER's contents without redundant leading zeros.
pub(crate) fn trimmed(content: &[u8]) -> &[u8] {
    let mut content = content;
    while let [0, rest @ ..] = content {
        if rest.is_empty() {
            break;
        }
        content = rest;
    }
    content
}

/// How many bits a magnitude has.
pub(crate) fn bit_length(magnitude: &[u8]) -> u32 {
    let zeros = magnitude.iter().take_while(|&&octet| octet == 0).count();
    magnitude
        .get(zeros..)
        .unwrap_or_default()
        .first()
        .map_or(0, |first| {
            let octets = u32::try_from(magnitude.len() - zeros).unwrap_or(u32::MAX / 8);
            octets.saturating_mul(8) - first.leading_zeros()
        })
}

/// An OBJECT IDENTIFIER's contents as dotted numbers, as `OBJ_obj2txt` prints them; arcs of any
/// size.
pub(crate) fn dotted(content: &[u8]) -> String {
    // OpenSSL prints nothing for an identifier this long (CVE-2023-2650: the conversion is
    // quadratic).
    if content.len() > 586 {
        return String::new();
    }
    let mut text = String::new();
    for (index, arc) in content
        .split_inclusive(|&octet| octet & 0x80 == 0)
        .enumerate()
    {
        let mut digits = decimal(arc);
        if index == 0 {
            let small = digits.parse::<u32>().unwrap_or(u32::MAX);
            let first = if small < 40 {
                0
            } else if small < 80 {
                1
            } else {
                2
            };
            text.push_str(&first.to_string());
            digits = subtract(&digits, first * 40);
        }
        text.push('.');
        text.push_str(&digits);
    }
    text
}

/// Base-128 octets to decimal digits.
fn decimal(octets: &[u8]) -> String {
    let mut digits = vec![0u8];
    for octet in octets {
        let mut carry = u32::from(octet & 0x7f);
        for digit in &mut digits {
            let value = u32::from(*digit) * 128 + carry;
            *digit = (value % 10) as u8;
            carry = value / 10;
        }
        while carry > 0 {
            digits.push((carry % 10) as u8);
            carry /= 10;
        }
    }
    digits
        .iter()
        .rev()
        .map(|digit| char::from(b'0' + digit))
        .collect()
}

/// `digits - amount` for an amount that is not larger.
fn subtract(digits: &str, amount: u32) -> String {
    let mut borrow = amount;
    let mut reversed: Vec<u8> = Vec::with_capacity(digits.len());
    for digit in digits.bytes().rev() {
        let value = i64::from(digit - b'0') - i64::from(borrow % 10);
        borrow /= 10;
        if value < 0 {
            borrow += 1;
        }
        reversed.push(b'0' + u8::try_from(value.rem_euclid(10)).unwrap_or(0));
    }
    while reversed.len() > 1 && reversed.last() == Some(&b'0') {
        reversed.pop();
    }
    reversed.iter().rev().copied().map(char::from).collect()
}

/// Upper-case hexadecimal.
pub(crate) fn hex_upper(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    bytes
        .iter()
        .flat_map(|byte| {
            [
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ]
        })
        .map(char::from)
        .collect()
}

/// Lower-case hexadecimal.
pub(crate) fn hex_lower(bytes: &[u8]) -> String {
    hex_upper(bytes).to_ascii_lowercase()
}

/// Where the parts of a certificate lie (RFC 5280 section 4.1), as ranges of its DER.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// The TBSCertificate, tag included: what is signed.
    pub(crate) tbs: Range<usize>,
    /// The version as encoded: 0 for v1.
    pub(crate) version: u8,
    /// The serial number's contents.
    pub(crate) serial: Range<usize>,
    /// The AlgorithmIdentifier inside the TBSCertificate, tag included.
    pub(crate) inner_algorithm: Range<usize>,
    /// The issuer Name, tag included.
    pub(crate) issuer: Range<usize>,
    /// The contents of Validity: two times.
    pub(crate) validity: Range<usize>,
    /// The subject Name, tag included.
    pub(crate) subject: Range<usize>,
    /// The SubjectPublicKeyInfo, tag included.
    pub(crate) spki: Range<usize>,
    /// The contents of the SEQUENCE OF Extension; empty when there is none.
    pub(crate) extensions: Range<usize>,
    /// The outer AlgorithmIdentifier, tag included.
    pub(crate) algorithm: Range<usize>,
    /// The signature's octets. None where its BIT STRING leaves bits unused: OpenSSL
    /// (`ASN1_item_verify`: invalid bit string bits left) and webpki take it for no signature, Go
    /// shifts it.
    pub(crate) signature: Range<usize>,
    /// Bits of the signature's last octet that are not used; 0 in every sound one.
    pub(crate) signature_unused_bits: u8,
}

/// Finds the parts of the certificate that `der` begins with; `None` when it is not built like one.
pub(crate) fn layout(der: &[u8]) -> Option<Layout> {
    let place = |part: &[u8]| {
        let start = (part.as_ptr() as usize).wrapping_sub(der.as_ptr() as usize);
        start..start.wrapping_add(part.len())
    };
    let mut outer = Reader::new(Reader::new(der).tagged(SEQUENCE)?.content);
    let tbs = outer.tagged(SEQUENCE)?;
    let algorithm = outer.tagged(SEQUENCE)?;
    let (signature_unused_bits, signature) = bits(outer.tagged(BIT_STRING)?.content)?;
    let signature = match signature_unused_bits {
        0 => signature,
        _ => &signature[..0],
    };
    let mut fields = Reader::new(tbs.content);
    let version = match fields.tagged(0xa0) {
        Some(tagged) => *only(tagged.content, INTEGER)?.last()?,
        None => 0,
    };
    let serial = fields.tagged(INTEGER)?;
    let inner_algorithm = fields.tagged(SEQUENCE)?;
    let issuer = fields.tagged(SEQUENCE)?;
    let validity = fields.tagged(SEQUENCE)?;
    let subject = fields.tagged(SEQUENCE)?;
    let spki = fields.tagged(SEQUENCE)?;
    let extensions = fields
        .find(|field| field.tag == 0xa3)
        .and_then(|tagged| only(tagged.content, SEQUENCE));
    Some(Layout {
        tbs: place(tbs.whole),
        version,
        serial: place(serial.content),
        inner_algorithm: place(inner_algorithm.whole),
        issuer: place(issuer.whole),
        validity: place(validity.content),
        subject: place(subject.whole),
        spki: place(spki.whole),
        extensions: extensions.map(place).unwrap_or_default(),
        algorithm: place(algorithm.whole),
        signature: place(signature),
        signature_unused_bits,
    })
}

/// One Extension (RFC 5280 section 4.1.2.9).
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExtensionTlv<'a> {
    /// The OID's contents.
    pub(crate) oid: &'a [u8],
    /// Whether it is critical.
    pub(crate) critical: bool,
    /// What the OCTET STRING holds.
    pub(crate) value: &'a [u8],
}

/// The extensions in order, ending at the first that cannot be read.
pub(crate) fn extensions(content: &[u8]) -> impl Iterator<Item = ExtensionTlv<'_>> {
    Reader::new(content).map_while(|extension| {
        let mut fields = Reader::new(extension.content);
        let oid = fields.tagged(OID)?.content;
        let critical = fields
            .tagged(BOOLEAN)
            .is_some_and(|flag| flag.content.iter().any(|&octet| octet != 0));
        let value = fields.tagged(OCTET_STRING)?.content;
        Some(ExtensionTlv {
            oid,
            critical,
            value,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_object_identifiers() {
        assert_eq!(
            dotted(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]),
            "1.2.840.113549"
        );
        assert_eq!(dotted(&[0x88, 0x37, 0x01]), "2.999.1");
        assert_eq!(dotted(&[0x27]), "0.39");
        assert_eq!(dotted(&[0x50]), "2.0");
        let mut uuid = vec![0x69];
        uuid.extend([
            0x83, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        ]);
        uuid.extend([0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
        assert_eq!(
            dotted(&uuid),
            "2.25.340282366920938463463374607431768211455"
        );
    }

    #[test]
    fn refuses_lengths_beyond_the_end() {
        assert!(Reader::new(&[0x30, 0x05, 1, 2]).any().is_none());
        assert!(
            Reader::new(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0])
                .any()
                .is_none()
        );
        assert!(Reader::new(&[0x30, 0x80, 0, 0]).any().is_none());
        assert!(Reader::new(&[]).any().is_none());
    }

    #[test]
    fn counts_bits() {
        assert_eq!(bit_length(&[]), 0);
        assert_eq!(bit_length(&[0, 1]), 1);
        assert_eq!(bit_length(&[0x80, 0]), 16);
    }
}
