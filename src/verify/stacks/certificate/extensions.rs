//! The features that are about extensions: which there are, which are critical, which cannot be
//! read.

use super::{Exam, ce};
use crate::{
    facts::{ChainFeature as F, Purpose},
    parse::cert::der::{self, ExtensionTlv, Reader},
    verify::details::{NS_SSL_CLIENT, NS_SSL_SERVER},
};

/// Extensions that verifiers read, by the last arc below 2.5.29: key identifiers, usages, names,
/// constraints, policies.
const READ: [u8; 13] = [14, 15, 17, 18, 19, 30, 31, 32, 33, 35, 36, 37, 54];
const INFO_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
const NETSCAPE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01];
/// RFC 3779 resources, RFC 3820 proxies, id-pkix-ocsp-nocheck: OpenSSL processes them.
const RARE: [&[u8]; 4] = [
    &[0x2b, 6, 1, 5, 5, 7, 1, 7],
    &[0x2b, 6, 1, 5, 5, 7, 1, 8],
    &[0x2b, 6, 1, 5, 5, 7, 1, 14],
    &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 5],
];
const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
const ANY_USAGE: &[u8] = &[0x55, 0x1d, 0x25, 0];
/// Microsoft's and Netscape's server gated crypto.
const GATED: [&[u8]; 2] = [
    &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3],
    &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1],
];

impl Exam<'_> {
    pub(super) fn extensions(&mut self) {
        if self.is_ca() && self.link.details.extensions.subject_key_id.is_none() {
            self.add(F::SubjectKeyIdMissing);
        }
        let all: Vec<ExtensionTlv<'_>> = self.raw().collect();
        for (index, extension) in all.iter().enumerate() {
            let read = is_read(extension.oid);
            if all[..index].iter().any(|other| other.oid == extension.oid) {
                self.add(if read {
                    F::ExtensionTwice
                } else {
                    F::UnknownExtensionTwice
                });
            }
            self.extension(extension);
            if extension.critical {
                self.critical(extension);
            }
        }
        self.unreadable();
    }

    fn extension(&mut self, extension: &ExtensionTlv<'_>) {
        if extension.oid == ce(37) {
            self.extended_usage(extension);
        } else if extension.oid == ce(30) {
            self.add_if(self.is_leaf(), F::ConstraintsInLeaf);
        } else if extension.oid == ce(32) {
            let mut seen: Vec<&[u8]> = Vec::new();
            for policy in Reader::new(der::only(extension.value, der::SEQUENCE).unwrap_or_default())
            {
                let oid = Reader::new(policy.content).tagged(der::OID);
                let oid = oid.map_or(&[][..], |oid| oid.content);
                self.add_if(seen.contains(&oid), F::PolicyTwice);
                seen.push(oid);
            }
        } else if extension.oid == NETSCAPE_TYPE && self.is_leaf() {
            let mine = match self.purpose {
                Purpose::ServerAuth => NS_SSL_SERVER,
                Purpose::ClientAuth => NS_SSL_CLIENT,
            };
            let bits = self.link.details.extensions.netscape_type;
            self.add_if(
                bits.is_some_and(|bits| bits & mine == 0),
                F::NetscapeTypeOther,
            );
        }
    }

    fn critical(&mut self, extension: &ExtensionTlv<'_>) {
        let feature = match extension.oid {
            NETSCAPE_TYPE => F::NetscapeTypeCritical,
            INFO_ACCESS => F::InfoAccessCritical,
            oid if RARE.contains(&oid) => F::RareCritical,
            [0x55, 0x1d, last] => match last {
                14 | 35 => F::KeyIdCritical,
                31 => F::DistributionPointsCritical,
                32 => F::PoliciesCritical,
                33 | 36 | 54 => F::PolicyExtensionCritical,
                37 => F::UsageCritical,
                15 | 17 | 19 | 30 => return,
                _ => F::UnknownCritical,
            },
            _ => F::UnknownCritical,
        };
        self.add(feature);
    }

    fn extended_usage(&mut self, extension: &ExtensionTlv<'_>) {
        let wanted = match self.purpose {
            Purpose::ServerAuth => SERVER_AUTH,
            Purpose::ClientAuth => CLIENT_AUTH,
        };
        // What is no list of usages has a row of its own.
        let Some(entries) = der::only(extension.value, der::SEQUENCE) else {
            return;
        };
        let listed: Vec<&[u8]> = Reader::new(entries).map(|usage| usage.content).collect();
        let server = self.purpose == Purpose::ServerAuth;
        if listed.is_empty() {
            self.add(F::UsageEmpty);
        } else if listed.contains(&wanted) {
        } else if listed.contains(&ANY_USAGE) {
            self.add(F::UsageAny);
        } else if server && listed.iter().any(|usage| GATED.contains(usage)) {
            self.add(F::UsageGatedCrypto);
        } else {
            self.add(F::UsageMissing);
        }
    }

    /// Extensions that cannot be read, but for the ways that have rows of their own.
    fn unreadable(&mut self) {
        let own = |oid: &str, feature: F| match oid {
            "2.5.29.15" => feature == F::LeafUsageEmpty,
            "2.5.29.17" => matches!(
                feature,
                F::NamesEmpty | F::AddressMalformed | F::NameNotAscii
            ),
            "2.5.29.19" => matches!(
                feature,
                F::ExplicitFalse | F::PathLengthHuge | F::PathLengthNegative
            ),
            "2.5.29.30" => true,
            "2.5.29.32" => feature == F::PolicyTwice,
            "2.5.29.37" => feature == F::UsageEmpty,
            _ => false,
        };
        let unreadable = self.certificate().form.extensions.iter().any(|extension| {
            extension.problem.is_some()
                && !self
                    .found
                    .iter()
                    .any(|&feature| own(&extension.oid, feature))
        });
        self.add_if(unreadable, F::ExtensionUnreadable);
    }
}

fn is_read(oid: &[u8]) -> bool {
    match oid {
        [0x55, 0x1d, last] => READ.contains(last),
        _ => oid == INFO_ACCESS,
    }
}
