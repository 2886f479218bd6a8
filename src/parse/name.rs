//! Distinguished names (X.501) printed and compared as OpenSSL 3.0 does.

mod types;

use super::cert::der::{self, Reader, SEQUENCE, SET, Tlv};

const UTF8_STRING: u8 = 12;
const NUMERIC_STRING: u8 = 18;
const PRINTABLE_STRING: u8 = 19;
const T61_STRING: u8 = 20;
const IA5_STRING: u8 = 22;
const UTC_TIME: u8 = 23;
const GENERALIZED_TIME: u8 = 24;
const VISIBLE_STRING: u8 = 26;
const UNIVERSAL_STRING: u8 = 28;
const BMP_STRING: u8 = 30;

/// One AttributeTypeAndValue of a Name.
struct Attribute<'a> {
    /// Its RDN's place; values of one RDN share it.
    rdn: usize,
    /// The type's OID contents.
    oid: &'a [u8],
    /// The value.
    value: Tlv<'a>,
}

/// The attributes of a Name in order; `None` when the bytes are not a Name.
fn attributes(name_der: &[u8]) -> Option<Vec<Attribute<'_>>> {
    let mut found = Vec::new();
    let mut rdns = Reader::new(der::only(name_der, SEQUENCE)?);
    let mut rdn = 0;
    while !rdns.is_empty() {
        let mut members = Reader::new(rdns.tagged(SET)?.content);
        while !members.is_empty() {
            let mut fields = Reader::new(members.tagged(SEQUENCE)?.content);
            let oid = fields.tagged(der::OID)?.content;
            let value = fields.any()?;
            if !fields.is_empty() {
                return None;
            }
            found.push(Attribute { rdn, oid, value });
        }
        rdn += 1;
    }
    Some(found)
}

/// The values of a Name in order; none when the bytes are not a Name.
pub(crate) fn raw_values(name_der: &[u8]) -> impl Iterator<Item = Tlv<'_>> {
    attributes(name_der)
        .unwrap_or_default()
        .into_iter()
        .map(|attribute| attribute.value)
}

/// Prints a Name's DER exactly as `X509_NAME_print_ex` of OpenSSL 3.0 does under `XN_FLAG_ONELINE`,
/// the form in which `s_server`, `verify` and `x509 -subject` show names: `C = US, O = "Example,
/// Inc.", CN = leaf`. Bytes that are not a Name, which OpenSSL would not have decoded, are shown as
/// `#` and hexadecimal.
pub fn oneline(name_der: &[u8]) -> String {
    let Some(attributes) = attributes(name_der) else {
        return format!("#{}", der::hex_upper(name_der));
    };
    let mut line = String::new();
    let mut previous = None;
    for attribute in &attributes {
        match previous {
            None => {}
            Some(rdn) if rdn == attribute.rdn => line.push_str(" + "),
            Some(_) => line.push_str(", "),
        }
        previous = Some(attribute.rdn);
        line.push_str(&attribute_type(attribute.oid));
        line.push_str(" = ");
        line.push_str(&attribute_value(attribute.value));
    }
    line
}

/// The short name, else the dotted number, cut where OpenSSL's 80-byte buffer ends.
fn attribute_type(oid: &[u8]) -> String {
    let mut dotted = der::dotted(oid);
    match types::short_name(&dotted) {
        Some(short) => short.to_owned(),
        None => {
            dotted.truncate(79);
            dotted
        }
    }
}

/// The characters of a string value; `None` for other types and for encodings that do not hold.
fn characters(value: Tlv<'_>) -> Option<Vec<u32>> {
    let bytes = value.content;
    match value.tag {
        UTF8_STRING => {
            let text = std::str::from_utf8(bytes).ok()?;
            Some(text.chars().map(u32::from).collect())
        }
        NUMERIC_STRING | PRINTABLE_STRING | T61_STRING | IA5_STRING | UTC_TIME
        | GENERALIZED_TIME | VISIBLE_STRING => Some(bytes.iter().copied().map(u32::from).collect()),
        BMP_STRING if bytes.len().is_multiple_of(2) => Some(
            bytes
                .chunks_exact(2)
                .map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1]))
                .collect(),
        ),
        UNIVERSAL_STRING if bytes.len().is_multiple_of(4) => Some(
            bytes
                .chunks_exact(4)
                .map(|four| four.iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte)))
                .collect(),
        ),
        _ => None,
    }
}

/// `do_print_ex`: a string quoted or escaped, anything else as `#` and the hexadecimal of its DER.
fn attribute_value(value: Tlv<'_>) -> String {
    let Some(characters) = characters(value) else {
        return format!("#{}", der::hex_upper(value.whole));
    };
    let mut body = String::with_capacity(characters.len());
    let mut quoted = false;
    let last = characters.len().saturating_sub(1);
    for (index, &character) in characters.iter().enumerate() {
        // A surrogate in a BMPString: OpenSSL decodes no such name, and prints nothing for the code
        // point.
        let Some(character) = char::from_u32(character) else {
            continue;
        };
        let mut utf8 = [0; 4];
        for &byte in character.encode_utf8(&mut utf8).as_bytes() {
            // OpenSSL tests "first" before "last", and "last" replaces it: a single `#` is not
            // quoted.
            let is_last = index == last;
            let is_first = index == 0 && !is_last;
            match byte {
                b',' | b'+' | b';' | b'<' | b'>' => {
                    quoted = true;
                    body.push(char::from(byte));
                }
                b' ' if is_first || is_last => {
                    quoted = true;
                    body.push(' ');
                }
                b'#' if is_first => {
                    quoted = true;
                    body.push('#');
                }
                b'"' | b'\\' => {
                    body.push('\\');
                    body.push(char::from(byte));
                }
                0x20..=0x7e => body.push(char::from(byte)),
                _ => {
                    body.push('\\');
                    body.push_str(&der::hex_upper(&[byte]));
                }
            }
        }
    }
    if quoted { format!("\"{body}\"") } else { body }
}

/// A form of the Name in which equal bytes mean equal names, as `X509_NAME_cmp` (RFC 5280 section
/// 7.1 in part): strings as UTF-8, ASCII letters in lower case, white space trimmed and folded,
/// members of an RDN in order. Bytes that are not a Name stand for themselves.
pub fn canonical(name_der: &[u8]) -> Vec<u8> {
    let Some(attributes) = attributes(name_der) else {
        return name_der.to_vec();
    };
    let mut result = Vec::with_capacity(name_der.len());
    for rdn in attributes.chunk_by(|one, next| one.rdn == next.rdn) {
        let mut members: Vec<Vec<u8>> = rdn.iter().map(canonical_attribute).collect();
        members.sort();
        result.extend(framed(SET, &members.concat()));
    }
    result
}

/// One attribute of [`canonical`].
fn canonical_attribute(attribute: &Attribute<'_>) -> Vec<u8> {
    let mut member = framed(der::OID, attribute.oid);
    let folds = matches!(
        attribute.value.tag,
        UTF8_STRING
            | BMP_STRING
            | UNIVERSAL_STRING
            | PRINTABLE_STRING
            | T61_STRING
            | IA5_STRING
            | VISIBLE_STRING
    );
    match characters(attribute.value).filter(|_| folds) {
        Some(characters) => {
            let text: String = characters.into_iter().filter_map(char::from_u32).collect();
            let is_space = |character: char| matches!(character, ' ' | '\t'..='\r');
            let words: Vec<&str> = text
                .split(is_space)
                .filter(|word| !word.is_empty())
                .collect();
            let folded = words.join(" ").to_ascii_lowercase();
            member.extend(framed(UTF8_STRING, folded.as_bytes()));
        }
        None => member.extend(framed(attribute.value.tag, attribute.value.content)),
    }
    member
}

/// A tag, a four-byte length and the bytes: unambiguous, not DER.
fn framed(tag: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let mut frame = Vec::with_capacity(bytes.len() + 5);
    frame.push(tag);
    frame.extend(length.to_be_bytes());
    frame.extend_from_slice(bytes);
    frame
}

/// Every value of this attribute type in order, as text where it is text.
pub(crate) fn values(name_der: &[u8], oid: &[u8]) -> Vec<(u8, String)> {
    attributes(name_der)
        .unwrap_or_default()
        .iter()
        .filter(|attribute| attribute.oid == oid)
        .filter_map(|attribute| {
            let characters = characters(attribute.value)?;
            let text = characters.into_iter().filter_map(char::from_u32).collect();
            Some((attribute.value.tag, text))
        })
        .collect()
}

/// Whether the Name has no attribute at all.
pub(crate) fn is_empty(name_der: &[u8]) -> bool {
    attributes(name_der).is_some_and(|attributes| attributes.is_empty())
}

/// How many attributes the Name has.
pub(crate) fn entries(name_der: &[u8]) -> usize {
    attributes(name_der).map_or(0, |attributes| attributes.len())
}

/// `text` with control characters, bytes above ASCII and the backslash escaped as in a Name (`\0A`,
/// `\C3\A9`, `\\`).
pub(crate) fn escaped(text: &[u8]) -> String {
    let mut result = String::with_capacity(text.len());
    for &byte in text {
        match byte {
            b'\\' => result.push_str("\\\\"),
            0x20..=0x7e => result.push(char::from(byte)),
            _ => {
                result.push('\\');
                result.push_str(&der::hex_upper(&[byte]));
            }
        }
    }
    result
}

#[cfg(test)]
mod tests;
