//! The extensions that path validation looks at, read as leniently as `X509V3_EXT_d2i` does.

use crate::parse::cert::der::{self, ExtensionTlv, Reader};
use crate::parse::name;

/// A GeneralName: its context tag and contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::verify) struct GeneralName {
    /// The identifier octet: 0x82 for a DNS name, 0xa4 for a directory name.
    pub(in crate::verify) tag: u8,
    /// The contents.
    pub(in crate::verify) content: Vec<u8>,
    /// The comparable form of a directory name; empty for other types.
    pub(in crate::verify) canonical: Vec<u8>,
}

impl GeneralName {
    /// A name; a directory name is brought into comparable form once, here.
    pub(in crate::verify) fn new(tag: u8, content: &[u8]) -> Self {
        let canonical = if tag == 0xa4 {
            name::canonical(content)
        } else {
            Vec::new()
        };
        Self {
            tag,
            content: content.to_vec(),
            canonical,
        }
    }
}

/// One subtree of name constraints.
#[derive(Clone, Debug)]
pub(in crate::verify) struct Subtree {
    /// What names are compared with.
    pub(in crate::verify) base: GeneralName,
    /// Whether minimum is absent or zero and maximum absent.
    pub(in crate::verify) plain: bool,
}

/// nameConstraints (RFC 5280 section 4.2.1.10).
#[derive(Clone, Debug, Default)]
pub(in crate::verify) struct NameConstraints {
    /// Names must be in one of these, of their type.
    pub(in crate::verify) permitted: Vec<Subtree>,
    /// Names must be in none of these.
    pub(in crate::verify) excluded: Vec<Subtree>,
}

/// authorityKeyIdentifier (RFC 5280 section 4.2.1.1).
#[derive(Clone, Debug, Default)]
pub(in crate::verify) struct AuthorityKeyId {
    pub(super) key_id: Option<Vec<u8>>,
    /// Without redundant zeros.
    pub(super) serial: Option<Vec<u8>>,
    /// The first directory name, in comparable form.
    pub(super) issuer: Option<Vec<u8>>,
}

/// Which extended key usages that matter here are present.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::verify) struct ExtendedUsage {
    /// serverAuth.
    pub(in crate::verify) server: bool,
    /// clientAuth.
    pub(in crate::verify) client: bool,
    /// Microsoft's or Netscape's server gated crypto, which OpenSSL takes for a server.
    pub(in crate::verify) gated: bool,
}

/// A certificate's extensions.
#[derive(Clone, Debug, Default)]
pub(in crate::verify) struct Extensions {
    /// One of those below cannot be read or comes twice (`EXFLAG_INVALID`): OpenSSL then finds no
    /// issuer for it.
    pub(in crate::verify) invalid: bool,
    /// A critical extension that OpenSSL does not process (`EXFLAG_CRITICAL`).
    pub(in crate::verify) unhandled_critical: bool,
    /// cA of basicConstraints, when there is the extension.
    pub(in crate::verify) basic_constraints_ca: Option<bool>,
    /// pathLenConstraint.
    pub(in crate::verify) path_length: Option<u64>,
    /// keyUsage as `KU_*` bits.
    pub(in crate::verify) key_usage: Option<u16>,
    /// extKeyUsage.
    pub(in crate::verify) extended: Option<ExtendedUsage>,
    /// nsCertType.
    pub(in crate::verify) netscape_type: Option<u8>,
    /// subjectKeyIdentifier.
    pub(in crate::verify) subject_key_id: Option<Vec<u8>>,
    /// authorityKeyIdentifier.
    pub(in crate::verify) authority_key_id: Option<AuthorityKeyId>,
    /// subjectAltName.
    pub(in crate::verify) alternative_names: Option<Vec<GeneralName>>,
    /// nameConstraints.
    pub(in crate::verify) name_constraints: Option<NameConstraints>,
    /// proxyCertInfo (RFC 3820): outer `Some` when there is the extension, inner its path length.
    pub(in crate::verify) proxy: Option<Option<u64>>,
}

const NETSCAPE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01];
const PROXY_INFO: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x0e];

impl Extensions {
    /// Reads the contents of a SEQUENCE OF Extension.
    pub(super) fn of(content: &[u8]) -> Self {
        let all: Vec<ExtensionTlv<'_>> = der::extensions(content).collect();
        let mut found = Self {
            unhandled_critical: all.iter().any(|extension| {
                extension.critical && !crate::parse::cert::is_processed(extension.oid)
            }),
            ..Self::default()
        };
        for (index, extension) in all.iter().enumerate() {
            let is_ours = matches!(
                extension.oid,
                [0x55, 0x1d, 14 | 15 | 17 | 19 | 30 | 31 | 35 | 37]
            ) || extension.oid == NETSCAPE_TYPE
                || extension.oid == PROXY_INFO;
            let repeated = all[..index]
                .iter()
                .any(|earlier| earlier.oid == extension.oid);
            if is_ours && (repeated || found.read(extension).is_none()) {
                found.invalid = true;
            }
        }
        // A proxy certificate is no CA and has no alternative names (RFC 3820 sections 3.3 and
        // 3.6).
        if found.proxy.is_some() {
            let has_names = all
                .iter()
                .any(|extension| matches!(extension.oid, [0x55, 0x1d, 17 | 18]));
            found.invalid |= has_names || found.basic_constraints_ca == Some(true);
        }
        found
    }

    /// Takes one in; `None` when its value does not hold.
    fn read(&mut self, extension: &ExtensionTlv<'_>) -> Option<()> {
        let mut value = Reader::new(extension.value);
        match extension.oid {
            [0x55, 0x1d, 14] => {
                self.subject_key_id = Some(value.tagged(der::OCTET_STRING)?.content.to_vec());
            }
            [0x55, 0x1d, 15] => {
                let bits = masked_bits(value.tagged(der::BIT_STRING)?.content)?;
                let octet = |index: usize| u16::from(bits.get(index).copied().unwrap_or(0));
                let usage = octet(0) | octet(1) << 8;
                self.key_usage = Some(usage);
                // RFC 5280 section 4.2.1.3: at least one bit.
                if usage == 0 {
                    return None;
                }
            }
            [0x55, 0x1d, 17] => {
                self.alternative_names = Some(general_names(value.tagged(der::SEQUENCE)?.content)?)
            }
            [0x55, 0x1d, 19] => {
                let mut fields = Reader::new(value.tagged(der::SEQUENCE)?.content);
                let ca = fields
                    .tagged(der::BOOLEAN)
                    .is_some_and(|flag| flag.content.iter().any(|&octet| octet != 0));
                let length = fields.tagged(der::INTEGER);
                if !fields.is_empty() {
                    return None;
                }
                self.basic_constraints_ca = Some(ca);
                if let Some(length) = length {
                    self.path_length = Some(small(length.content)?);
                }
            }
            [0x55, 0x1d, 30] => {
                self.name_constraints =
                    Some(name_constraints(value.tagged(der::SEQUENCE)?.content)?)
            }
            [0x55, 0x1d, 31] => distribution_points(value.tagged(der::SEQUENCE)?.content)?,
            [0x55, 0x1d, 35] => {
                self.authority_key_id = Some(authority(value.tagged(der::SEQUENCE)?.content)?)
            }
            [0x55, 0x1d, 37] => {
                self.extended = Some(extended(value.tagged(der::SEQUENCE)?.content)?)
            }
            NETSCAPE_TYPE => {
                let bits = masked_bits(value.tagged(der::BIT_STRING)?.content)?;
                self.netscape_type = Some(bits.first().copied().unwrap_or(0));
            }
            _ => {
                let mut fields = Reader::new(value.tagged(der::SEQUENCE)?.content);
                let length = match fields.tagged(der::INTEGER) {
                    Some(length) => Some(small(length.content)?),
                    None => None,
                };
                fields.tagged(der::SEQUENCE)?;
                self.proxy = Some(length);
            }
        }
        Some(())
    }

    /// `ku_reject`: there is a keyUsage and it has none of these bits.
    pub(in crate::verify) fn key_usage_lacks(&self, bits: u16) -> bool {
        self.key_usage.is_some_and(|usage| usage & bits == 0)
    }
}

/// A BIT STRING's octets with the unused bits cleared, as OpenSSL stores them.
fn masked_bits(content: &[u8]) -> Option<Vec<u8>> {
    let (unused, octets) = der::bits(content)?;
    let mut octets = octets.to_vec();
    if let Some(last) = octets.last_mut() {
        *last &= 0xffu8 << unused;
    }
    Some(octets)
}

/// A number that is not negative; one that does not fit is as good as unbounded.
fn small(content: &[u8]) -> Option<u64> {
    let octets = der::unsigned(content)?;
    if octets.len() > 4 {
        return Some(u64::from(u32::MAX));
    }
    Some(
        octets
            .iter()
            .fold(0, |sum, &octet| sum << 8 | u64::from(octet)),
    )
}

fn general_names(content: &[u8]) -> Option<Vec<GeneralName>> {
    let mut names = Vec::new();
    let mut reader = Reader::new(content);
    while !reader.is_empty() {
        let name = reader.any()?;
        if !matches!(
            name.tag,
            0x81 | 0x82 | 0x86 | 0x87 | 0x88 | 0xa0 | 0xa3 | 0xa4 | 0xa5
        ) {
            return None;
        }
        names.push(GeneralName::new(name.tag, name.content));
    }
    Some(names)
}

fn name_constraints(content: &[u8]) -> Option<NameConstraints> {
    let mut fields = Reader::new(content);
    let mut subtrees = |tag: u8| -> Option<Vec<Subtree>> {
        let Some(list) = fields.tagged(tag) else {
            return Some(Vec::new());
        };
        let mut found = Vec::new();
        let mut reader = Reader::new(list.content);
        while !reader.is_empty() {
            let mut parts = Reader::new(reader.tagged(der::SEQUENCE)?.content);
            let base = parts.any()?;
            let minimum = parts.tagged(0x80);
            let maximum = parts.tagged(0x81);
            let minimum_is_zero =
                minimum.is_none_or(|minimum| minimum.content.iter().all(|&octet| octet == 0));
            found.push(Subtree {
                base: GeneralName::new(base.tag, base.content),
                plain: minimum_is_zero && maximum.is_none(),
            });
        }
        Some(found)
    };
    let permitted = subtrees(0xa0)?;
    let excluded = subtrees(0xa1)?;
    fields.is_empty().then_some(NameConstraints {
        permitted,
        excluded,
    })
}

/// cRLDistributionPoints: each says where, or whose (`setup_dp`).
fn distribution_points(content: &[u8]) -> Option<()> {
    let mut points = Reader::new(content);
    while !points.is_empty() {
        let fields: Vec<_> = Reader::new(points.tagged(der::SEQUENCE)?.content).collect();
        let holds = fields
            .iter()
            .any(|field| field.tag == 0xa0 || (field.tag == 0xa2 && !field.content.is_empty()));
        if !holds {
            return None;
        }
    }
    Some(())
}

fn authority(content: &[u8]) -> Option<AuthorityKeyId> {
    let mut fields = Reader::new(content);
    let key_id = fields.tagged(0x80).map(|id| id.content.to_vec());
    let issuer = match fields.tagged(0xa1) {
        Some(names) => general_names(names.content)?
            .iter()
            .find(|name| name.tag == 0xa4)
            .map(|name| name.canonical.clone()),
        None => None,
    };
    let serial = fields
        .tagged(0x82)
        .map(|serial| der::trimmed(serial.content).to_vec());
    fields.is_empty().then_some(AuthorityKeyId {
        key_id,
        serial,
        issuer,
    })
}

fn extended(content: &[u8]) -> Option<ExtendedUsage> {
    let mut usage = ExtendedUsage::default();
    let mut reader = Reader::new(content);
    while !reader.is_empty() {
        match reader.tagged(der::OID)?.content {
            [0x2b, 6, 1, 5, 5, 7, 3, 1] => usage.server = true,
            [0x2b, 6, 1, 5, 5, 7, 3, 2] => usage.client = true,
            [0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3]
            | [0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1] => {
                usage.gated = true;
            }
            _ => {}
        }
    }
    Some(usage)
}
