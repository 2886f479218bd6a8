//! Certificates and revocation lists as plans, changed freely before anything is signed.
//!
//! For: a chain that is right, and everything that can be wrong with it.
//! Must not: repair what a plan says.

use crate::stacks::{
    der::{
        bit_string, boolean, element, generalized_time, implicit, integer, named_bits, octets, oid,
        sequence, set, tagged, time,
    },
    keys::{Digest, Key, Keys, algorithm},
};

pub(crate) const DAY: i64 = 86_400;

pub(crate) const SKI: &str = "2.5.29.14";
pub(crate) const KEY_USAGE: &str = "2.5.29.15";
pub(crate) const SAN: &str = "2.5.29.17";
pub(crate) const BASIC: &str = "2.5.29.19";
pub(crate) const NAME_CONSTRAINTS: &str = "2.5.29.30";
pub(crate) const CRL_POINTS: &str = "2.5.29.31";
pub(crate) const POLICIES: &str = "2.5.29.32";
pub(crate) const AKI: &str = "2.5.29.35";
pub(crate) const EKU: &str = "2.5.29.37";

/// Bits of keyUsage.
pub(crate) const DIGITAL_SIGNATURE: u8 = 0;
pub(crate) const NON_REPUDIATION: u8 = 1;
pub(crate) const KEY_ENCIPHERMENT: u8 = 2;
pub(crate) const DATA_ENCIPHERMENT: u8 = 3;
pub(crate) const KEY_AGREEMENT: u8 = 4;
pub(crate) const CERT_SIGN: u8 = 5;
pub(crate) const CRL_SIGN: u8 = 6;

/// Purposes of extendedKeyUsage.
pub(crate) const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
pub(crate) const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
pub(crate) const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
pub(crate) const EMAIL: &str = "1.3.6.1.5.5.7.3.4";
pub(crate) const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
pub(crate) const ANY_PURPOSE: &str = "2.5.29.37.0";

/// An extension, with the octets of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Extension {
    pub(crate) oid: &'static str,
    pub(crate) critical: bool,
    pub(crate) value: Vec<u8>,
}

impl Extension {
    pub(crate) fn new(oid: &'static str, value: Vec<u8>) -> Self {
        Self {
            oid,
            critical: false,
            value,
        }
    }

    pub(crate) fn critical(mut self) -> Self {
        self.critical = true;
        self
    }

    pub(crate) fn plain(mut self) -> Self {
        self.critical = false;
        self
    }

    fn der(&self) -> Vec<u8> {
        let mut parts = vec![oid(self.oid)];
        if self.critical {
            parts.push(boolean(true));
        }
        parts.push(octets(&self.value));
        sequence(&parts)
    }
}

/// basicConstraints, critical.
pub(crate) fn basic(ca: bool, path_len: Option<i128>) -> Extension {
    let mut parts = Vec::new();
    if ca {
        parts.push(boolean(true));
    }
    parts.extend(path_len.map(integer));
    Extension::new(BASIC, sequence(&parts)).critical()
}

/// keyUsage, critical.
pub(crate) fn key_usage(bits: &[u8]) -> Extension {
    Extension::new(KEY_USAGE, named_bits(bits)).critical()
}

/// extendedKeyUsage.
pub(crate) fn eku(purposes: &[&str]) -> Extension {
    let purposes: Vec<_> = purposes.iter().map(|purpose| oid(purpose)).collect();
    Extension::new(EKU, sequence(&purposes))
}

/// subjectKeyIdentifier.
pub(crate) fn ski(id: &[u8]) -> Extension {
    Extension::new(SKI, octets(id))
}

/// authorityKeyIdentifier with the key's identifier.
pub(crate) fn aki(id: &[u8]) -> Extension {
    Extension::new(AKI, sequence(&[implicit(0, id)]))
}

/// The part of an authorityKeyIdentifier that names the issuer's issuer and the issuer's serial.
pub(crate) fn aki_issuer(issuer: &[u8], serial: i128) -> Vec<u8> {
    let number = integer(serial);
    [tagged(1, &tagged(4, issuer)), implicit(2, &number[2..])].concat()
}

/// A GeneralName.
#[derive(Clone, Debug)]
pub(crate) enum Name {
    Email(&'static str),
    Dns(String),
    Uri(&'static str),
    /// An address; of a constraint with its mask.
    Ip(Vec<u8>),
    Directory(Vec<u8>),
    /// A user principal name, which Microsoft keeps in an otherName.
    Principal(&'static str),
    Registered(&'static str),
}

impl Name {
    pub(crate) fn der(&self) -> Vec<u8> {
        match self {
            Self::Email(text) => implicit(1, text.as_bytes()),
            // One octet for each character: Latin-1 where it is not ASCII, as careless programs
            // write it.
            Self::Dns(text) => implicit(2, &text.chars().map(|c| c as u8).collect::<Vec<_>>()),
            Self::Uri(text) => implicit(6, text.as_bytes()),
            Self::Ip(address) => implicit(7, address),
            Self::Directory(name) => tagged(4, name),
            Self::Principal(text) => {
                let value = tagged(0, &element(12, text.as_bytes()));
                tagged(0, &[oid("1.3.6.1.4.1.311.20.2.3"), value].concat())
            }
            Self::Registered(dotted) => implicit(8, &oid(dotted)[2..]),
        }
    }
}

/// A dNSName.
pub(crate) fn dns(text: &str) -> Name {
    Name::Dns(text.to_owned())
}

/// subjectAltName.
pub(crate) fn san(names: &[Name]) -> Extension {
    let names: Vec<_> = names.iter().map(Name::der).collect();
    Extension::new(SAN, sequence(&names))
}

/// nameConstraints, critical.
pub(crate) fn name_constraints(permitted: &[Name], excluded: &[Name]) -> Extension {
    let trees = |number: u8, names: &[Name]| {
        let trees: Vec<_> = names.iter().map(|name| sequence(&[name.der()])).collect();
        if trees.is_empty() {
            Vec::new()
        } else {
            tagged(number, &trees.concat())
        }
    };
    let value = sequence(&[trees(0, permitted), trees(1, excluded)]);
    Extension::new(NAME_CONSTRAINTS, value).critical()
}

/// certificatePolicies.
pub(crate) fn policies(list: &[&str]) -> Extension {
    let list: Vec<_> = list.iter().map(|policy| sequence(&[oid(policy)])).collect();
    Extension::new(POLICIES, sequence(&list))
}

/// Tags of the strings that a name is written in.
pub(crate) const UTF8: u8 = 12;
pub(crate) const PRINTABLE: u8 = 19;

/// A distinguished name of `O`, `OU`, `CN` or `C` and their values, as strings of this kind.
pub(crate) fn name_of(string: u8, parts: &[(&str, &str)]) -> Vec<u8> {
    let parts: Vec<_> = parts
        .iter()
        .map(|(attribute, value)| {
            let (number, string) = match *attribute {
                "C" => ("2.5.4.6", PRINTABLE),
                "O" => ("2.5.4.10", string),
                "OU" => ("2.5.4.11", string),
                "CN" => ("2.5.4.3", string),
                other => panic!("{other}: no attribute known here"),
            };
            let value = match string {
                // BMPString has two octets a character, TeletexString one.
                30 => value.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                _ => value.as_bytes().to_vec(),
            };
            set(sequence(&[oid(number), element(string, &value)]))
        })
        .collect();
    sequence(&parts)
}

/// The same in UTF8String.
pub(crate) fn name(parts: &[(&str, &str)]) -> Vec<u8> {
    name_of(UTF8, parts)
}

/// A certificate to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// As it is encoded: 0 is version 1, and then left out.
    pub(crate) version: u8,
    /// The whole element.
    pub(crate) serial: Vec<u8>,
    pub(crate) digest: Digest,
    pub(crate) issuer: Vec<u8>,
    pub(crate) not_before: Vec<u8>,
    pub(crate) not_after: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) key: Key,
    pub(crate) signer: Key,
    /// Another SubjectPublicKeyInfo than the key's own.
    pub(crate) public: Option<Vec<u8>>,
    /// `None`: not even an empty list.
    pub(crate) extensions: Option<Vec<Extension>>,
    /// Bits of the signature's last octet that are declared as unused.
    pub(crate) unused_bits: u8,
}

impl Plan {
    /// Valid between these days before and after a moment.
    pub(crate) fn valid(&mut self, from: i64, to: i64) {
        (self.not_before, self.not_after) = (time(from), time(to));
    }

    /// Puts an extension in, in the place of any of the same kind.
    pub(crate) fn put(&mut self, extension: Extension) {
        let list = self.extensions.get_or_insert_default();
        let at = list.iter().position(|old| old.oid == extension.oid);
        match at {
            Some(at) => list[at] = extension,
            None => list.push(extension),
        }
    }

    /// Puts one more in, whatever is there.
    pub(crate) fn add(&mut self, extension: Extension) {
        self.extensions.get_or_insert_default().push(extension);
    }

    /// Takes an extension out.
    pub(crate) fn without(&mut self, oid: &str) -> &mut Self {
        if let Some(list) = &mut self.extensions {
            list.retain(|extension| extension.oid != oid);
        }
        self
    }

    /// The extension of this kind, which is there.
    pub(crate) fn extension(&mut self, oid: &str) -> &mut Extension {
        let list = self.extensions.as_mut().unwrap();
        list.iter_mut().find(|found| found.oid == oid).unwrap()
    }

    /// Makes `above` its issuer: name, signature, key identifier.
    pub(crate) fn under(&mut self, above: &Self) {
        self.issuer.clone_from(&above.subject);
        self.signer = above.key;
        if self
            .extensions
            .as_ref()
            .is_some_and(|list| list.iter().any(|found| found.oid == AKI))
        {
            self.put(aki(&above.key.id()));
        }
    }

    /// Signs it.
    pub(crate) fn der(&self, keys: &Keys) -> Vec<u8> {
        let what = algorithm(self.signer.kind, self.digest);
        let mut parts = Vec::new();
        if self.version > 0 {
            parts.push(tagged(0, &integer(self.version.into())));
        }
        parts.extend([
            self.serial.clone(),
            what.clone(),
            self.issuer.clone(),
            sequence(&[self.not_before.clone(), self.not_after.clone()]),
            self.subject.clone(),
            self.public.clone().unwrap_or_else(|| keys.public(self.key)),
        ]);
        if let Some(list) = &self.extensions {
            let list: Vec<_> = list.iter().map(Extension::der).collect();
            parts.push(tagged(3, &sequence(&list)));
        }
        let what = what.as_slice();
        let content = sequence(&parts);
        let mut signature = keys.sign(self.signer, self.digest, &content);
        // Bits that are not used are zero in DER; others would be another fault.
        if let Some(last) = signature.last_mut() {
            *last &= 0xff << self.unused_bits;
        }
        let signature = element(3, &[&[self.unused_bits], signature.as_slice()].concat());
        sequence(&[content, what.to_vec(), signature])
    }
}

fn signed(keys: &Keys, signer: Key, digest: Digest, what: &[u8], content: &[u8]) -> Vec<u8> {
    let signature = keys.sign(signer, digest, content);
    sequence(&[content.to_vec(), what.to_vec(), bit_string(&signature)])
}

/// A revocation list to be.
#[derive(Clone, Debug)]
pub(crate) struct Revocations {
    pub(crate) issuer: Vec<u8>,
    pub(crate) signer: Key,
    pub(crate) this_update: i64,
    pub(crate) next_update: Option<i64>,
    /// Serial numbers, whole elements.
    pub(crate) revoked: Vec<Vec<u8>>,
    pub(crate) extensions: Vec<Extension>,
}

impl Revocations {
    /// Signs it.
    pub(crate) fn der(&self, keys: &Keys) -> Vec<u8> {
        let what = algorithm(self.signer.kind, Digest::Sha256);
        let mut parts = vec![
            integer(1),
            what.clone(),
            self.issuer.clone(),
            time(self.this_update),
        ];
        parts.extend(self.next_update.map(time));
        if !self.revoked.is_empty() {
            let list: Vec<_> = self
                .revoked
                .iter()
                .map(|serial| sequence(&[serial.clone(), time(self.this_update)]))
                .collect();
            parts.push(sequence(&list));
        }
        let list: Vec<_> = self.extensions.iter().map(Extension::der).collect();
        if !list.is_empty() {
            parts.push(tagged(0, &sequence(&list)));
        }
        signed(keys, self.signer, Digest::Sha256, &what, &sequence(&parts))
    }
}

/// A time in GeneralizedTime, for those that should not be.
pub(crate) fn long_time(second: i64) -> Vec<u8> {
    generalized_time(second)
}
