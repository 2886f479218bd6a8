//! Ways to write a value that DER or the string type does not have, and that only some verifiers
//! mind.
//!
//! For: `stacks`. Must not: know a stack.

use crate::parse::{
    cert::der::{self, Reader, Tlv},
    name,
};

/// Whether an INTEGER has octets that DER leaves out (X.690 section 8.3.2).
pub(super) fn is_padded(content: &[u8]) -> bool {
    matches!(content, [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..])
}

/// Whether a Name has a set whose members are not in DER's order (X.690 section 11.6).
pub(super) fn is_unsorted(name_der: &[u8]) -> bool {
    let is_unsorted = |set: Tlv<'_>| {
        let members: Vec<&[u8]> = Reader::new(set.content)
            .map(|member| member.whole)
            .collect();
        !members.is_sorted()
    };
    let sets = Reader::new(der::only(name_der, der::SEQUENCE).unwrap_or_default());
    // Not the reader's own `any`, which reads the next value.
    Iterator::any(&mut sets.into_iter(), is_unsorted)
}

/// X.680 section 41.4: letters, digits, blank and `'()+,-./:=?`. Go takes `*` and `&` too, which
/// are met in the wild.
pub(super) fn has_malformed_printable_string(name_der: &[u8]) -> bool {
    let plain = |&byte: &u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&byte);
    name::raw_values(name_der).any(|value| value.tag == 0x13 && !value.content.iter().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_no_octet_too_many() {
        for padded in [&[0, 0][..], &[0, 0x7f], &[0xff, 0x80], &[0xff, 0xff, 1]] {
            assert!(is_padded(padded), "{padded:?}");
        }
        for plain in [&[][..], &[0], &[0xff], &[0, 0x80], &[0xff, 0x7f], &[1, 0]] {
            assert!(!is_padded(plain), "{plain:?}");
        }
    }

    #[test]
    fn a_set_is_sorted_by_its_octets() {
        let name = |members: &[u8]| {
            let set = der::encode(0x31, &[members]);
            der::encode(der::SEQUENCE, &[&set])
        };
        assert!(!is_unsorted(&name(&[0x30, 1, 1, 0x30, 1, 2])));
        assert!(is_unsorted(&name(&[0x30, 1, 2, 0x30, 1, 1])));
        assert!(!is_unsorted(&[]));
    }
}
