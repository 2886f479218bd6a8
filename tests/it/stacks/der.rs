//! A small DER writer.
//!
//! For: certificates that no library makes, since each of them breaks one rule on purpose.
//! Must not: check anything, know what a certificate is.

/// An element: its tag's octet, its length, its content.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let octets: Vec<u8> = content
        .len()
        .to_be_bytes()
        .into_iter()
        .skip_while(|octet| *octet == 0)
        .collect();
    if content.len() < 0x80 {
        out.push(octets.first().copied().unwrap_or(0));
    } else {
        out.push(0x80 | u8::try_from(octets.len()).unwrap());
        out.extend(octets);
    }
    out.extend(content);
    out
}

/// SEQUENCE.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// SET of one.
pub(crate) fn set(part: Vec<u8>) -> Vec<u8> {
    element(0x31, &part)
}

/// A constructed element with a context tag.
pub(crate) fn tagged(number: u8, content: &[u8]) -> Vec<u8> {
    element(0xa0 | number, content)
}

/// A primitive element with a context tag.
pub(crate) fn implicit(number: u8, content: &[u8]) -> Vec<u8> {
    element(0x80 | number, content)
}

/// INTEGER.
pub(crate) fn integer(value: i128) -> Vec<u8> {
    let octets = value.to_be_bytes();
    let needless = octets
        .windows(2)
        .take_while(|pair| pair[0] == 0 && pair[1] < 0x80 || pair[0] == 0xff && pair[1] >= 0x80)
        .count();
    element(2, &octets[needless..])
}

/// BOOLEAN.
pub(crate) fn boolean(value: bool) -> Vec<u8> {
    element(1, &[if value { 0xff } else { 0 }])
}

/// NULL.
pub(crate) fn null() -> Vec<u8> {
    element(5, &[])
}

/// OCTET STRING.
pub(crate) fn octets(content: &[u8]) -> Vec<u8> {
    element(4, content)
}

/// BIT STRING of whole octets.
pub(crate) fn bit_string(content: &[u8]) -> Vec<u8> {
    element(3, &[&[0], content].concat())
}

/// BIT STRING of named bits, the first of them number 0, without zeros at its end.
pub(crate) fn named_bits(bits: &[u8]) -> Vec<u8> {
    let Some(last) = bits.iter().max() else {
        return element(3, &[0]);
    };
    let mut content = vec![7 - last % 8];
    content.resize(usize::from(last / 8) + 2, 0);
    for bit in bits {
        content[usize::from(bit / 8) + 1] |= 0x80 >> (bit % 8);
    }
    element(3, &content)
}

/// OBJECT IDENTIFIER from its dotted form.
pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut content = Vec::new();
    for arc in std::iter::once(arcs[0] * 40 + arcs[1]).chain(arcs[2..].iter().copied()) {
        let mut groups = vec![(arc & 0x7f) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            groups.push(0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        content.extend(groups.iter().rev());
    }
    element(6, &content)
}

/// A time as RFC 5280 wants it: UTCTime up to 2049.
pub(crate) fn time(second: i64) -> Vec<u8> {
    let at = moment(second);
    if at.strftime("%Y").to_string().as_str() < "2050" {
        element(23, at.strftime("%y%m%d%H%M%SZ").to_string().as_bytes())
    } else {
        generalized_time(second)
    }
}

/// GeneralizedTime, whatever the year.
pub(crate) fn generalized_time(second: i64) -> Vec<u8> {
    let text = moment(second).strftime("%Y%m%d%H%M%SZ").to_string();
    element(24, text.as_bytes())
}

/// A moment of these seconds since 1970.
pub(crate) fn moment(second: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(second).unwrap()
}

/// PEM with this label.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.push_str(std::str::from_utf8(line).unwrap());
        out.push('\n');
    }
    out + &format!("-----END {label}-----\n")
}
