//! Name constraints as OpenSSL 3.0 applies them (v3_ncons.c; RFC 5280 section 4.2.1.10).

use crate::facts::Certificate;
use crate::parse::cert::der::{self, Reader};
use crate::parse::name;

use super::details::{Details, GeneralName, NameConstraints};

const PERMITTED_VIOLATION: u32 = 47;
const EXCLUDED_VIOLATION: u32 = 48;
const SUBTREE_MINMAX: u32 = 49;
const UNSUPPORTED_TYPE: u32 = 51;
const UNSUPPORTED_NAME: u32 = 53;
const UNSPECIFIED: u32 = 1;

/// OpenSSL's guard (`NAME_CHECK_MAX`) against many names under many constraints.
const MAX_COMPARISONS: usize = 1 << 20;
/// Our own guard over a whole path, since OpenSSL's is for one pair of certificates.
pub(super) const BUDGET: usize = 4 << 20;

const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
/// id-on-SmtpUTF8Mailbox (RFC 8398).
const SMTP_UTF8_MAILBOX: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 8, 9];

const OTHER: u8 = 0xa0;
const EMAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const DIRECTORY: u8 = 0xa4;
const URI: u8 = 0x86;
const IP: u8 = 0x87;

/// A name that breaks the constraints: OpenSSL's error number and the name in words.
pub(super) type Violation = (u32, String);

/// `NAME_CONSTRAINTS_check`, and for a leaf without DNS names `NAME_CONSTRAINTS_check_CN`.
pub(super) fn check(
    certificate: &Certificate,
    details: &Details,
    constraints: &NameConstraints,
    is_leaf: bool,
    budget: &mut usize,
) -> Result<(), Violation> {
    let alternatives = details
        .extensions
        .alternative_names
        .as_deref()
        .unwrap_or_default();
    let subject = certificate.subject_der();
    let names = alternatives.len() + name::entries(subject);
    let subtrees = constraints.permitted.len() + constraints.excluded.len();
    let comparisons = names.saturating_mul(subtrees);
    *budget = budget.saturating_sub(comparisons);
    if comparisons > MAX_COMPARISONS || *budget == 0 {
        return Err((UNSPECIFIED, "too many names and constraints".to_owned()));
    }
    if !name::is_empty(subject) {
        let directory = GeneralName::new(DIRECTORY, subject);
        matched(&directory, constraints)?;
        for (tag, email) in name::values(subject, EMAIL_ADDRESS) {
            // IA5String is what RFC 5280 appendix A wants.
            if tag != 22 {
                return Err((
                    UNSUPPORTED_NAME,
                    format!("emailAddress {}", name::escaped(email.as_bytes())),
                ));
            }
            matched(&GeneralName::new(EMAIL, email.as_bytes()), constraints)?;
        }
    }
    for alternative in alternatives {
        matched(alternative, constraints)?;
    }
    if is_leaf
        && !alternatives
            .iter()
            .any(|alternative| alternative.tag == DNS)
    {
        for (_, common_name) in name::values(subject, COMMON_NAME) {
            let common_name = common_name.trim_end_matches('\0');
            if common_name.contains('\0') {
                return Err((
                    UNSUPPORTED_NAME,
                    format!("CN {}", name::escaped(common_name.as_bytes())),
                ));
            }
            if looks_like_dns(common_name.as_bytes()) {
                let name = GeneralName::new(DNS, common_name.as_bytes());
                matched(&name, constraints)?;
            }
        }
    }
    Ok(())
}

/// The subject's common names that OpenSSL takes for DNS names.
pub(super) fn common_names(certificate: &Certificate) -> impl Iterator<Item = GeneralName> {
    name::values(certificate.subject_der(), COMMON_NAME)
        .into_iter()
        .map(|(_, text)| text.trim_end_matches('\0').to_owned())
        .filter(|text| looks_like_dns(text.as_bytes()))
        .map(|text| GeneralName::new(DNS, text.as_bytes()))
}

/// `cn2dnsid`: at least two labels of letters, digits, `_` and inner hyphens.
fn looks_like_dns(name: &[u8]) -> bool {
    let mut dotted = false;
    for (index, &byte) in name.iter().enumerate() {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            continue;
        }
        let inner = index > 0 && index + 1 < name.len();
        if inner && byte == b'-' {
            continue;
        }
        if inner
            && byte == b'.'
            && !matches!(name[index + 1], b'.' | b'-')
            && name[index - 1] != b'-'
        {
            dotted = true;
            continue;
        }
        return false;
    }
    dotted
}

/// `nc_match`: in one permitted subtree of its type when there is any, in no excluded one.
pub(super) fn matched(name: &GeneralName, constraints: &NameConstraints) -> Result<(), Violation> {
    let effective = if other_type(name) == Some(SMTP_UTF8_MAILBOX) {
        EMAIL
    } else {
        name.tag
    };
    let same_type = |base: &GeneralName| {
        base.tag == effective && (effective != OTHER || other_type(base) == other_type(name))
    };
    let fail = |error: u32| (error, printed(name));
    let mut concerned = false;
    let mut inside = false;
    for subtree in constraints
        .permitted
        .iter()
        .filter(|subtree| same_type(&subtree.base))
    {
        if !subtree.plain {
            return Err(fail(SUBTREE_MINMAX));
        }
        concerned = true;
        if !inside {
            inside = single(name, &subtree.base).map_err(fail)?;
        }
    }
    if concerned && !inside {
        return Err(fail(PERMITTED_VIOLATION));
    }
    for subtree in constraints
        .excluded
        .iter()
        .filter(|subtree| same_type(&subtree.base))
    {
        if !subtree.plain {
            return Err(fail(SUBTREE_MINMAX));
        }
        if single(name, &subtree.base).map_err(fail)? {
            return Err(fail(EXCLUDED_VIOLATION));
        }
    }
    Ok(())
}

/// `nc_match_single`: whether the name is in the subtree.
fn single(name: &GeneralName, base: &GeneralName) -> Result<bool, u32> {
    let content = name.content.as_slice();
    let base_content = base.content.as_slice();
    match name.tag {
        OTHER if other_type(name) == Some(SMTP_UTF8_MAILBOX) => smtp_utf8(content, base_content),
        DIRECTORY => Ok(name.canonical.starts_with(&base.canonical)),
        DNS => Ok(dns(content, base_content)),
        EMAIL => email(content, base_content),
        URI => uri(content, base_content),
        IP => ip(content, base_content),
        _ => Err(UNSUPPORTED_TYPE),
    }
}

/// The type of an otherName.
fn other_type(name: &GeneralName) -> Option<&[u8]> {
    if name.tag != OTHER {
        return None;
    }
    Reader::new(&name.content)
        .tagged(der::OID)
        .map(|oid| oid.content)
}

/// `nc_dns`: equal, or more labels on the left.
fn dns(name: &[u8], base: &[u8]) -> bool {
    let Some(start) = name.len().checked_sub(base.len()) else {
        return false;
    };
    let (left, right) = name.split_at(start);
    let joined = left.is_empty() || base.first() == Some(&b'.') || left.last() == Some(&b'.');
    base.is_empty() || (joined && right.eq_ignore_ascii_case(base))
}

/// `nc_email`: a mailbox, a host, or with a leading dot a domain.
fn email(mailbox: &[u8], base: &[u8]) -> Result<bool, u32> {
    let (local, host) = at_sign(mailbox).ok_or(UNSUPPORTED_NAME)?;
    let (base_local, base_host) = match at_sign(base) {
        None if base.first() == Some(&b'.') => return Ok(ends_longer(mailbox, base)),
        None => (&[][..], base),
        Some(parts) => parts,
    };
    if !base_local.is_empty() {
        if base_local.len() != local.len() {
            return Ok(false);
        }
        if base_local.contains(&0) || local.contains(&0) {
            return Err(UNSUPPORTED_NAME);
        }
        if base_local != local {
            return Ok(false);
        }
    }
    Ok(host.eq_ignore_ascii_case(base_host))
}

/// Parts before and after the last `@`.
fn at_sign(mailbox: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = mailbox.iter().rposition(|&byte| byte == b'@')?;
    Some((&mailbox[..at], &mailbox[at + 1..]))
}

/// Whether it ends with `base` and has something before it.
fn ends_longer(name: &[u8], base: &[u8]) -> bool {
    name.len() > base.len() && name[name.len() - base.len()..].eq_ignore_ascii_case(base)
}

/// `nc_email_eai` for hosts in ASCII; OpenSSL would also turn `xn--` labels into Unicode before it
/// compares.
fn smtp_utf8(other_name: &[u8], base: &[u8]) -> Result<bool, u32> {
    let mut fields = Reader::new(other_name);
    fields.any().ok_or(UNSUPPORTED_NAME)?;
    let mailbox = fields
        .tagged(0xa0)
        .and_then(|tagged| Reader::new(tagged.content).tagged(12))
        .ok_or(UNSUPPORTED_NAME)?
        .content;
    let (_, host) = at_sign(mailbox).ok_or(UNSUPPORTED_NAME)?;
    if base.contains(&0) {
        return Err(UNSUPPORTED_NAME);
    }
    if base.first() == Some(&b'.') {
        return Ok(ends_longer(mailbox, base));
    }
    Ok(host.eq_ignore_ascii_case(base))
}

/// `nc_uri`: the host of `scheme://host…`, up to a colon, else up to a slash.
fn uri(uri: &[u8], base: &[u8]) -> Result<bool, u32> {
    let colon = uri
        .iter()
        .position(|&byte| byte == b':')
        .ok_or(UNSUPPORTED_NAME)?;
    let rest = uri[colon..].strip_prefix(b"://").ok_or(UNSUPPORTED_NAME)?;
    let end = rest
        .iter()
        .position(|&byte| byte == b':')
        .or_else(|| rest.iter().position(|&byte| byte == b'/'))
        .unwrap_or(rest.len());
    let host = &rest[..end];
    if host.is_empty() {
        return Err(UNSUPPORTED_NAME);
    }
    if base.first() == Some(&b'.') {
        return Ok(ends_longer(host, base));
    }
    Ok(host.eq_ignore_ascii_case(base))
}

/// `nc_ip`: address and mask.
fn ip(address: &[u8], base: &[u8]) -> Result<bool, u32> {
    if !matches!(address.len(), 4 | 16) || !matches!(base.len(), 8 | 32) {
        return Err(UNSUPPORTED_NAME);
    }
    let (network, mask) = base.split_at(base.len() / 2);
    if network.len() != address.len() {
        return Ok(false);
    }
    let bits = address.iter().zip(network).zip(mask);
    Ok(bits
        .into_iter()
        .all(|((address, network), mask)| address & mask == network & mask))
}

/// The name in words.
fn printed(general: &GeneralName) -> String {
    crate::parse::cert::general_name(general.tag, &general.content)
}

/// RFC 3820 section 3.4: the issuer's subject with one more RDN, a single CN, at the end.
pub(super) fn is_proxy_subject(link: super::openssl::Link<'_>) -> bool {
    let (subject, issuer) = (
        link.certificate.subject_der(),
        link.certificate.issuer_der(),
    );
    let shape = |name: &[u8]| {
        Reader::new(der::only(name, der::SEQUENCE).unwrap_or_default())
            .map(|rdn| Reader::new(rdn.content).count())
            .collect::<Vec<usize>>()
    };
    let last_is_common_name = der::only(subject, der::SEQUENCE)
        .and_then(|rdns| Reader::new(rdns).last())
        .and_then(|rdn| Reader::new(rdn.content).any())
        .and_then(|attribute| Reader::new(attribute.content).tagged(der::OID))
        .is_some_and(|oid| oid.content == COMMON_NAME);
    let rdns = shape(subject);
    rdns.last() == Some(&1)
        && rdns.len() > 1
        && name::entries(subject) == name::entries(issuer) + 1
        && last_is_common_name
        && link.details.subject.starts_with(&link.details.issuer)
}
