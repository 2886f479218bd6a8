//! How a certificate is written: DER to [`Form`], for the rules that ask about encodings,
//! criticality and syntax.

use num_bigint::BigUint;

use super::{
    der::{self, Layout, Reader, Tlv},
    oddities,
};
use crate::{
    facts::{
        AlternativeName, AuthorityKeyIdForm, ExtensionForm, Form, NameKind, RsaForm, Sign, TimeForm,
    },
    parse::{key, name},
};

const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANIZATIONAL_UNIT: &[u8] = &[0x55, 4, 11];
const ORGANIZATION: &[u8] = &[0x55, 4, 10];
const AUTHORITY_INFO_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
/// id-ad-ocsp and id-ad-caIssuers (RFC 5280 section 4.2.2.1).
const OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1];
const CA_ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 2];

/// Rounds of Fermat's method: what zlint and badkeys spend.
const FERMAT_ROUNDS: u32 = 100;
/// Larger moduli are not put to the test: the work would grow with their square.
const FERMAT_BITS: u32 = 8192;

fn texts(name_der: &[u8], oid: &[u8]) -> impl Iterator<Item = String> {
    name::values(name_der, oid)
        .into_iter()
        .map(|(_, text)| text)
}

/// Takes it down.
pub(super) fn form(der: &[u8], layout: &Layout) -> Form {
    let serial = &der[layout.serial.clone()];
    let mut validity = Reader::new(&der[layout.validity.clone()]);
    let subject = &der[layout.subject.clone()];
    let issuer = &der[layout.issuer.clone()];
    let spki = key::spki(&der[layout.spki.clone()]);
    let mut form = Form {
        serial_octets: serial.len(),
        serial_sign: sign(serial),
        algorithms_agree: der[layout.inner_algorithm.clone()] == der[layout.algorithm.clone()],
        signature_unused_bits: layout.signature_unused_bits,
        not_before: validity.any().map(time).unwrap_or_default(),
        not_after: validity.any().map(time).unwrap_or_default(),
        subject_empty: name::is_empty(subject),
        issuer_empty: name::is_empty(issuer),
        common_names: texts(subject, COMMON_NAME).collect(),
        organization: texts(subject, ORGANIZATION).next(),
        units: texts(subject, ORGANIZATIONAL_UNIT).collect(),
        issuer_common_name: texts(issuer, COMMON_NAME).last(),
        issuer_organization: texts(issuer, ORGANIZATION).next(),
        rsa: spki.as_ref().and_then(rsa),
        explicit_curve: spki.is_some_and(|spki| {
            spki.oid == key::oid::EC
                && spki
                    .parameters
                    .is_some_and(|parameters| parameters.tag == der::SEQUENCE)
        }),
        ..Form::default()
    };
    for extension in der::extensions(&der[layout.extensions.clone()]) {
        let problem = read(&extension, &mut form).err().map(str::to_owned);
        form.extensions.push(ExtensionForm {
            oid: der::dotted(extension.oid),
            critical: extension.critical,
            problem,
        });
    }
    form.oddities.extend(oddities::of_subject(subject));
    form.oddities
        .extend(oddities::of_algorithm(&der[layout.algorithm.clone()]));
    // It is held for as long as its connection.
    form.oddities.shrink_to_fit();
    form.extensions.shrink_to_fit();
    form
}

fn sign(content: &[u8]) -> Sign {
    match content {
        [first, ..] if first & 0x80 != 0 => Sign::Negative,
        octets if octets.iter().all(|&octet| octet == 0) => Sign::Zero,
        _ => Sign::Positive,
    }
}

fn time(time: Tlv<'_>) -> TimeForm {
    let digits = |count: usize| {
        time.content.len() == count + 1
            && time.content.ends_with(b"Z")
            && time.content[..count].iter().all(u8::is_ascii_digit)
    };
    match time.tag {
        0x17 if digits(12) => TimeForm::Utc,
        0x18 if digits(14) => TimeForm::Generalized,
        _ => TimeForm::Odd(name::escaped(time.content)),
    }
}

fn rsa(spki: &key::Spki<'_>) -> Option<RsaForm> {
    if spki.oid != key::oid::RSA && spki.oid != key::oid::RSA_PSS {
        return None;
    }
    let (modulus, exponent) = key::rsa_numbers(spki.key)?;
    let modulus_bits = der::bit_length(modulus);
    Some(RsaForm {
        modulus_bits,
        exponent: if exponent.len() > 8 {
            u64::MAX
        } else {
            exponent
                .iter()
                .fold(0, |sum, &octet| sum << 8 | u64::from(octet))
        },
        even: modulus.last().is_some_and(|last| last & 1 == 0),
        close_primes: modulus_bits <= FERMAT_BITS && close_primes(&BigUint::from_bytes_be(modulus)),
    })
}

/// Fermat's method: n = a² - b² for some a just above √n when the primes are close together. The
/// rounds go by remainders, which tell all but one number in eight hundred that it is no square;
/// the large numbers are made for those few only.
fn close_primes(modulus: &BigUint) -> bool {
    if !modulus.bit(0) {
        return true;
    }
    let mut first = modulus.sqrt();
    if &(&first * &first) < modulus {
        first += 1u32;
    }
    let low = remainder(&first);
    let mut rest = remainder(&(&first * &first - modulus));
    for round in 0..FERMAT_ROUNDS {
        if may_be_square(rest) {
            let a = &first + round;
            if is_square(&(&a * &a - modulus)) {
                return true;
            }
        }
        // (a + 1)² - n = (a² - n) + 2a + 1.
        rest = (rest + 2 * (low + u64::from(round)) + 1) % SIEVE_PRODUCT;
    }
    false
}

fn is_square(number: &BigUint) -> bool {
    let root = number.sqrt();
    &(&root * &root) == number
}

/// Small moduli without a common factor, each with the remainders that squares leave, as bits.
const SIEVE: [(u64, u128); 7] = [
    squares(64),
    squares(63),
    squares(65),
    squares(11),
    squares(17),
    squares(19),
    squares(23),
];

/// A remainder by the product of the moduli gives the remainder by each.
const SIEVE_PRODUCT: u64 = 64 * 63 * 65 * 11 * 17 * 19 * 23;

const fn squares(modulus: u64) -> (u64, u128) {
    let mut bits = 0;
    let mut root = 0;
    while root < modulus {
        bits |= 1 << (root * root % modulus);
        root += 1;
    }
    (modulus, bits)
}

fn remainder(number: &BigUint) -> u64 {
    (number % SIEVE_PRODUCT)
        .iter_u64_digits()
        .next()
        .unwrap_or(0)
}

/// Whether a number with this remainder by [`SIEVE_PRODUCT`] can be a square.
fn may_be_square(remainder: u64) -> bool {
    SIEVE
        .iter()
        .all(|(modulus, bits)| bits >> (remainder % modulus) & 1 == 1)
}

/// Takes one extension in; the error says what is wrong with its value.
fn read(extension: &der::ExtensionTlv<'_>, form: &mut Form) -> Result<(), &'static str> {
    let value = extension.value;
    let sequence = || der::only(value, der::SEQUENCE).ok_or("it is not one SEQUENCE");
    match extension.oid {
        [0x55, 0x1d, 14] => {
            der::only(value, der::OCTET_STRING).ok_or("it is not one OCTET STRING")?;
        }
        [0x55, 0x1d, 15] => {
            der::only(value, der::BIT_STRING)
                .and_then(der::bits)
                .ok_or("it is not one BIT STRING")?;
        }
        [0x55, 0x1d, 17] => form.names = Some(names(sequence()?)?),
        [0x55, 0x1d, 19] => {
            form.has_basic_constraints = true;
            let mut fields = Reader::new(sequence()?);
            fields.tagged(der::BOOLEAN);
            fields.tagged(der::INTEGER);
            if !fields.is_empty() {
                return Err("it holds more than cA and pathLenConstraint");
            }
        }
        [0x55, 0x1d, 30] => {
            form.constrains_names = true;
            form.excludes = oddities::excluded(sequence()?);
        }
        [0x55, 0x1d, 31] => form.crl_urls = distribution_points(sequence()?),
        [0x55, 0x1d, 32] => {
            let mut policies = Vec::new();
            for policy in Reader::new(sequence()?) {
                let oid = Reader::new(policy.content)
                    .tagged(der::OID)
                    .ok_or("a policy has no identifier")?;
                policies.push(der::dotted(oid.content));
                if form.oddities.is_empty() {
                    form.oddities.extend(oddities::of_policy(policy.content));
                }
            }
            form.policies = Some(policies);
        }
        [0x55, 0x1d, 35] => {
            let mut fields = Reader::new(sequence()?);
            let found = AuthorityKeyIdForm {
                key_id: fields.tagged(0x80).is_some(),
                issuer: fields.tagged(0xa1).is_some(),
                serial: fields.tagged(0x82).is_some(),
            };
            form.authority_key_id = Some(found);
            if !fields.is_empty() {
                return Err("it has a field that the standard does not know");
            }
        }
        [0x55, 0x1d, 37] => {
            let usages: Vec<_> = Reader::new(sequence()?).collect();
            if usages.is_empty() {
                return Err("it lists no usage");
            }
            if usages.iter().any(|usage| usage.tag != der::OID) {
                return Err("it lists something that is not an OID");
            }
        }
        AUTHORITY_INFO_ACCESS => {
            let mut descriptions = Reader::new(sequence()?);
            if descriptions.is_empty() {
                return Err("it describes no access");
            }
            while !descriptions.is_empty() {
                let description = descriptions
                    .tagged(der::SEQUENCE)
                    .ok_or("an access description is not a SEQUENCE")?;
                let mut fields = Reader::new(description.content);
                let method = fields
                    .tagged(der::OID)
                    .ok_or("an access description has no method")?;
                let location = fields
                    .any()
                    .ok_or("an access description has no location")?;
                if location.tag != 0x86 {
                    continue;
                }
                let url = name::escaped(location.content);
                match method.content {
                    OCSP => form.ocsp_urls.push(url),
                    CA_ISSUERS => form.issuer_urls.push(url),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn names(content: &[u8]) -> Result<Vec<AlternativeName>, &'static str> {
    let mut names = Vec::new();
    let mut reader = Reader::new(content);
    while !reader.is_empty() {
        let name = reader.any().ok_or("a name in it is cut short")?;
        let kind = match name.tag {
            0x82 => NameKind::Dns,
            0x87 => NameKind::Ip,
            0x81 => NameKind::Email,
            0x86 => NameKind::Uri,
            0xa4 => NameKind::Directory,
            0x88 | 0xa0 | 0xa3 | 0xa5 => NameKind::Other,
            _ => return Err("a name in it is of no known kind"),
        };
        names.push(AlternativeName {
            kind,
            value: name.content.to_vec(),
        });
    }
    Ok(names)
}

/// The URLs among the names of the points.
fn distribution_points(content: &[u8]) -> Vec<String> {
    Reader::new(content)
        .filter_map(|point| Reader::new(point.content).tagged(0xa0))
        .filter_map(|point_name| Reader::new(point_name.content).tagged(0xa0))
        .flat_map(|full_name| Reader::new(full_name.content))
        .filter(|name| name.tag == 0x86)
        .map(|name| name::escaped(name.content))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes_that_are_close_are_found() {
        let big = |text: &str| text.parse::<BigUint>().unwrap();
        // Two primes 2^61 - 1 and the next below it, and two far apart.
        let near = big("2305843009213693951") * big("2305843009213693921");
        assert!(close_primes(&near));
        let far = big("2305843009213693951") * big("1000000007");
        assert!(!close_primes(&far));
        assert!(close_primes(&big("10")), "an even modulus has the factor 2");
    }

    #[test]
    fn squares_are_told() {
        for root in 0u32..3000 {
            let square = BigUint::from(root) * BigUint::from(root);
            assert!(may_be_square(remainder(&square)), "{root}");
            assert!(is_square(&square), "{root}");
            assert!(!is_square(&(square + 2u32)), "{root}");
        }
    }

    /// The remainders hide nothing, up to the last round.
    #[test]
    fn the_sieve_finds_what_the_plain_method_finds() {
        let plain = |number: u64| {
            let first = number.isqrt() + u64::from(number.isqrt().pow(2) < number);
            (first..first + u64::from(FERMAT_ROUNDS)).any(|a| {
                let rest = a * a - number;
                rest.isqrt().pow(2) == rest
            })
        };
        let mut found = 0;
        for number in (1_000_001u64..1_040_000).step_by(2) {
            let wanted = plain(number);
            assert_eq!(close_primes(&BigUint::from(number)), wanted, "{number}");
            found += u32::from(wanted);
        }
        assert!((1000..19_000).contains(&found), "{found}: both happen");
    }
}
