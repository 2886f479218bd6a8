//! GeneralNames (RFC 5280 section 4.2.1.6) in words.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::der::{self, Reader};
use crate::parse::name::{escaped, oneline};

/// Every name of a subjectAltName's value, in order; it ends at the first that cannot be read.
pub(super) fn printed(value: &[u8]) -> Vec<String> {
    der::only(value, der::SEQUENCE)
        .into_iter()
        .flat_map(Reader::new)
        .map(|name| general_name(name.tag, name.content))
        .collect()
}

/// One GeneralName by its identifier octet and contents: `DNS:…`, `IP:…`, ….
pub(crate) fn general_name(tag: u8, content: &[u8]) -> String {
    match tag {
        0x81 => format!("email:{}", escaped(content)),
        0x82 => format!("DNS:{}", escaped(content)),
        0x86 => format!("URI:{}", escaped(content)),
        0x87 => format!("IP:{}", address(content)),
        0x88 => format!("RID:{}", der::dotted(content)),
        0xa0 => format!("other:{}", other_name(content)),
        0xa3 => format!("x400:#{}", der::hex_upper(content)),
        0xa4 => format!("dirName:{}", oneline(content)),
        0xa5 => format!("ediParty:#{}", der::hex_upper(content)),
        tag => format!("unknown [{}]:#{}", tag & 0x1f, der::hex_upper(content)),
    }
}

/// An iPAddress: four or sixteen octets; anything else is shown as what it is.
fn address(octets: &[u8]) -> String {
    if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        Ipv4Addr::from(octets).to_string()
    } else if let Ok(octets) = <[u8; 16]>::try_from(octets) {
        Ipv6Addr::from(octets).to_string()
    } else {
        format!(
            "invalid, {} bytes: {}",
            octets.len(),
            der::hex_upper(octets)
        )
    }
}

/// The type's OID, and the value where it is a string (a user principal name, for one).
fn other_name(content: &[u8]) -> String {
    let mut fields = Reader::new(content);
    let oid = fields
        .tagged(der::OID)
        .map(|oid| der::dotted(oid.content))
        .unwrap_or_default();
    let value = fields
        .tagged(0xa0)
        .and_then(|tagged| Reader::new(tagged.content).any());
    match value {
        Some(value) if matches!(value.tag, 12 | 19 | 22) => {
            format!("{oid};{}", escaped(value.content))
        }
        Some(value) => format!("{oid};#{}", der::hex_upper(value.whole)),
        None => oid,
    }
}
