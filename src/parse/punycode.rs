//! International host names in letters: `xn--` labels decoded (RFC 3492), so that both ways of
//! writing a name compare equal.
//!
//! For: comparing names that stand in one certificate. Must not: be taken for IDNA (RFC 5891):
//! nothing is mapped or forbidden here, and no name is made for looking up. That is why it needs
//! none of a library's tables.

/// RFC 3492 section 5.
const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 128;

/// RFC 1034 section 3.1: what is longer is no label, and decoding takes the square of its length.
const LABEL: usize = 63;

/// The name in small letters, each `xn--` label decoded; a label that cannot be decoded stays as it
/// is.
pub fn unicode(name: &str) -> String {
    let labels: Vec<String> = name
        .split('.')
        .map(|label| {
            let small = label.to_lowercase();
            small
                .strip_prefix("xn--")
                .filter(|rest| (1..=LABEL).contains(&rest.len()))
                .and_then(decode)
                .map_or(small.clone(), |decoded| decoded.to_lowercase())
        })
        .collect();
    labels.join(".")
}

/// RFC 3492 section 6.2; `None` for what is no Punycode.
fn decode(input: &str) -> Option<String> {
    let (basic, extended) = input.rsplit_once('-').unwrap_or(("", input));
    if !basic.is_ascii() {
        return None;
    }
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (INITIAL_N, 0u32, INITIAL_BIAS);
    let mut digits = extended.bytes().map(digit);
    while digits.len() > 0 {
        let before = i;
        let mut weight = 1u32;
        for k in (BASE..).step_by(36) {
            let digit = digits.next()??;
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
        }
        let count = u32::try_from(output.len()).ok()? + 1;
        bias = adapt(i - before, count, before == 0);
        n = n.checked_add(i / count)?;
        i %= count;
        output.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(output.into_iter().collect())
}

fn digit(byte: u8) -> Option<u32> {
    match byte {
        b'a'..=b'z' => Some(u32::from(byte - b'a')),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 26),
        _ => None,
    }
}

/// RFC 3492 section 6.1.
fn adapt(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / count;
    let mut k = 0;
    while delta > ((BASE - T_MIN) * T_MAX) / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_decoded_and_made_small() {
        // RFC 3492 section 7.1 (C), (I), (S), and names of the public web.
        for (written, read) in [
            (
                "xn--ihqwctvzc91f659drss3x8bo0yb",
                "\u{4ed6}\u{5011}\u{7232}\u{4ec0}\u{9ebd}\u{4e0d}\u{8aaa}\u{4e2d}\u{6587}",
            ),
            (
                "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l",
                "\u{43f}\u{43e}\u{447}\u{435}\u{43c}\u{443}\u{436}\u{435}\u{43e}\u{43d}\u{438}\u{43d}\u{435}\u{433}\u{43e}\u{432}\u{43e}\u{440}\u{44f}\u{442}\u{43f}\u{43e}\u{440}\u{443}\u{441}\u{441}\u{43a}\u{438}",
            ),
            (
                "XN--N1AAE7F7O.badssl.com",
                "\u{455}\u{440}\u{43e}\u{43e}\u{493}.badssl.com",
            ),
            ("www.xn--bcher-kva.example", "www.b\u{fc}cher.example"),
            ("xn--MNCHEN-3ya.example", "m\u{fc}nchen.example"),
            ("Hook.Example", "hook.example"),
        ] {
            assert_eq!(unicode(written), read, "{written}");
        }
    }

    #[test]
    fn what_is_no_punycode_stays() {
        let long = format!("xn--{}", "a".repeat(100_000));
        for name in ["xn--", "xn--99999999", "xn--\u{fc}-abc", "xn--!!!", &long] {
            assert_eq!(unicode(name), name);
        }
    }
}
