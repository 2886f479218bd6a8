//! Certificates put together octet by octet: what no library would issue. Signatures are not looked
//! at here.

use crate::facts::Certificate;
use crate::parse::cert::{certificate, der};

/// The parts of a certificate, good until one is changed.
pub(super) struct Parts {
    pub(super) version: Option<u8>,
    pub(super) serial: Vec<u8>,
    pub(super) inner: Vec<u8>,
    pub(super) outer: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) not_before: (u8, &'static str),
    pub(super) not_after: (u8, &'static str),
    pub(super) subject: Vec<u8>,
    pub(super) spki: Vec<u8>,
    pub(super) extensions: Vec<(&'static [u8], bool, Vec<u8>)>,
}

pub(super) const UTC: u8 = 0x17;
pub(super) const GENERALIZED: u8 = 0x18;

pub(super) const SKI: &[u8] = &[0x55, 0x1d, 14];
pub(super) const KU: &[u8] = &[0x55, 0x1d, 15];
pub(super) const SAN: &[u8] = &[0x55, 0x1d, 17];
pub(super) const BC: &[u8] = &[0x55, 0x1d, 19];
pub(super) const NC: &[u8] = &[0x55, 0x1d, 30];
pub(super) const CRLDP: &[u8] = &[0x55, 0x1d, 31];
pub(super) const AKI: &[u8] = &[0x55, 0x1d, 35];
pub(super) const PC: &[u8] = &[0x55, 0x1d, 36];
pub(super) const EKU: &[u8] = &[0x55, 0x1d, 37];
pub(super) const AIA: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];

pub(super) const SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
pub(super) const SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1];
pub(super) const MD5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4];
pub(super) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
pub(super) const K256: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x0a];

pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    der::encode(der::SEQUENCE, parts)
}

pub(super) fn oid(content: &[u8]) -> Vec<u8> {
    der::encode(der::OID, &[content])
}

pub(super) fn algorithm(content: &[u8]) -> Vec<u8> {
    sequence(&[&oid(content)])
}

/// A Name of common names.
pub(super) fn name(common_names: &[&str]) -> Vec<u8> {
    let rdns: Vec<Vec<u8>> = common_names
        .iter()
        .map(|text| {
            let value = der::encode(12, &[text.as_bytes()]);
            let attribute = sequence(&[&oid(&[0x55, 4, 3]), &value]);
            der::encode(der::SET, &[&attribute])
        })
        .collect();
    let rdns: Vec<&[u8]> = rdns.iter().map(Vec::as_slice).collect();
    sequence(&rdns)
}

pub(super) fn ec(curve: &[u8]) -> Vec<u8> {
    let identifier = sequence(&[&oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]), curve]);
    let point = [&[0, 4][..], &[7; 64]].concat();
    sequence(&[&identifier, &der::encode(der::BIT_STRING, &[&point])])
}

pub(super) fn rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let identifier = sequence(&[
        &oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]),
        &[5, 0],
    ]);
    let number = |magnitude: &[u8]| der::encode(der::INTEGER, &[&[0], magnitude]);
    let key = sequence(&[&number(modulus), &number(exponent)]);
    sequence(&[&identifier, &der::encode(der::BIT_STRING, &[&[0], &key])])
}

/// GeneralNames of DNS names.
pub(super) fn dns(names: &[&str]) -> Vec<u8> {
    kinds(
        &names
            .iter()
            .map(|name| (0x82, name.as_bytes()))
            .collect::<Vec<_>>(),
    )
}

pub(super) fn kinds(names: &[(u8, &[u8])]) -> Vec<u8> {
    let names: Vec<Vec<u8>> = names
        .iter()
        .map(|(tag, value)| der::encode(*tag, &[value]))
        .collect();
    let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
    sequence(&names)
}

/// An extKeyUsage of the purposes with these last arcs under id-kp.
pub(super) fn purposes(arcs: &[u8]) -> Vec<u8> {
    let oids: Vec<Vec<u8>> = arcs
        .iter()
        .map(|arc| oid(&[0x2b, 6, 1, 5, 5, 7, 3, *arc]))
        .collect();
    let oids: Vec<&[u8]> = oids.iter().map(Vec::as_slice).collect();
    sequence(&oids)
}

pub(super) fn usage(bits: u8) -> Vec<u8> {
    der::encode(der::BIT_STRING, &[&[0, bits]])
}

pub(super) const DIGITAL_SIGNATURE: u8 = 0x80;
pub(super) const KEY_ENCIPHERMENT: u8 = 0x20;
pub(super) const CERT_SIGN: u8 = 0x04;

pub(super) fn leaf() -> Parts {
    Parts {
        version: Some(2),
        serial: vec![1],
        inner: algorithm(SHA256),
        outer: algorithm(SHA256),
        issuer: name(&["CA"]),
        not_before: (UTC, "260101000000Z"),
        not_after: (UTC, "260401000000Z"),
        subject: name(&["leaf"]),
        spki: ec(&oid(P256)),
        extensions: vec![
            (SKI, false, der::encode(der::OCTET_STRING, &[&[1; 20]])),
            (AKI, false, sequence(&[&der::encode(0x80, &[&[2; 20]])])),
            (BC, true, sequence(&[])),
            (KU, true, usage(DIGITAL_SIGNATURE)),
            (EKU, false, purposes(&[1])),
            (SAN, false, dns(&["hook.example.com"])),
        ],
    }
}

pub(super) fn authority() -> Parts {
    Parts {
        subject: name(&["CA"]),
        issuer: name(&["Root"]),
        extensions: vec![
            (SKI, false, der::encode(der::OCTET_STRING, &[&[2; 20]])),
            (AKI, false, sequence(&[&der::encode(0x80, &[&[3; 20]])])),
            (BC, true, sequence(&[&[1, 1, 0xff]])),
            (KU, true, usage(CERT_SIGN)),
        ],
        ..leaf()
    }
}

impl Parts {
    pub(super) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Without the extension.
    pub(super) fn less(mut self, oid: &[u8]) -> Self {
        self.extensions.retain(|(own, ..)| *own != oid);
        self
    }

    /// With the extension in place of its own.
    pub(super) fn set(self, oid: &'static [u8], critical: bool, value: Vec<u8>) -> Self {
        let mut parts = self.less(oid);
        parts.extensions.push((oid, critical, value));
        parts
    }

    pub(super) fn names(self, names: &[&str]) -> Self {
        self.set(SAN, false, dns(names))
    }

    pub(super) fn certificate(&self) -> Certificate {
        let version = self
            .version
            .map(|number| der::encode(0xa0, &[&[2, 1, number]]));
        let time = |(tag, text): (u8, &str)| der::encode(tag, &[text.as_bytes()]);
        let extensions: Vec<Vec<u8>> = self
            .extensions
            .iter()
            .map(|(name, critical, value)| {
                let flag: &[u8] = if *critical { &[1, 1, 0xff] } else { &[] };
                sequence(&[&oid(name), flag, &der::encode(der::OCTET_STRING, &[value])])
            })
            .collect();
        let extensions: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
        let extensions = match extensions.as_slice() {
            [] => Vec::new(),
            some => der::encode(0xa3, &[&sequence(some)]),
        };
        let signed = sequence(&[
            version.as_deref().unwrap_or_default(),
            &der::encode(der::INTEGER, &[&self.serial]),
            &self.inner,
            &self.issuer,
            &sequence(&[&time(self.not_before), &time(self.not_after)]),
            &self.subject,
            &self.spki,
            &extensions,
        ]);
        let signature = der::encode(der::BIT_STRING, &[&[0, 0x30, 6, 2, 1, 1, 2, 1, 1]]);
        certificate(&sequence(&[&signed, &self.outer, &signature]))
    }
}
