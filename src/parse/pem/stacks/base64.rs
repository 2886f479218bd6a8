//! Base64 as each stack decodes it.

/// What a reader makes of octets that are not of the alphabet.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    /// Octets that are passed over.
    pub(super) blank: fn(u8) -> bool,
    /// Whether the last group may lack its padding.
    pub(super) unpadded: bool,
    /// Whether a hyphen ends the text.
    pub(super) hyphen_ends: bool,
}

/// The octets of `text`; `None` for what is refused.
pub(super) fn decode(text: &[u8], dialect: Dialect) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len().min(4096));
    let (mut bits, mut held, mut padding) = (0u32, 0u8, 0u8);
    for &byte in text {
        if (dialect.blank)(byte) {
            continue;
        }
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                // Only the third and the fourth place of a group are padding.
                if held + padding > 4 || held < 2 {
                    return None;
                }
                continue;
            }
            b'-' if dialect.hyphen_ends => break,
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(value);
        held += 1;
        if held == 4 {
            octets.extend_from_slice(&bits.to_be_bytes()[1..]);
            (bits, held) = (0, 0);
        }
    }
    if held == 0 {
        return Some(octets);
    }
    let whole = held + padding == 4 || padding == 0 && dialect.unpadded && held > 1;
    if !whole {
        return None;
    }
    let bits = bits << (6 * (4 - u32::from(held)));
    octets.extend_from_slice(&bits.to_be_bytes()[1..usize::from(held)]);
    Some(octets)
}
