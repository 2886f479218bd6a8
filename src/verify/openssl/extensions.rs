//! Extensions, purposes and strengths along the path: `check_extensions` and `check_auth_level` of
//! OpenSSL 3.0.

use crate::facts::{Purpose, listed};

use super::walk::{Link, Walk};
use crate::verify::details::{NS_SSL_CA, NS_SSL_CLIENT, NS_SSL_SERVER, ku};

/// Security bits of authentication level 2, which Debian's OpenSSL has as its default: 112 bits.
const LEVEL_2_BITS: u32 = 112;

/// What a certificate at some place may be (`must_be_ca`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The leaf: CA or not.
    Leaf,
    /// What follows a proxy certificate.
    UnderProxy,
    /// Everything else.
    Ca,
}

impl<'a> Walk<'a> {
    /// The first thing `X509_verify_cert` does.
    pub(super) fn check_leaf_key(&mut self) {
        let leaf = self.chain[0];
        if let Some(why) = weak_key(leaf) {
            self.error(0, leaf, 66, why);
        }
    }

    /// `check_extensions`, from the leaf up.
    pub(super) fn check_extensions(&mut self) {
        let count = self.chain.len();
        let mut place = Place::Leaf;
        let mut intermediates: u64 = 0;
        let mut proxies: u64 = 0;
        for depth in 0..count {
            let link = self.chain[depth];
            let extensions = &link.details.extensions;
            if extensions.unhandled_critical {
                let why = format!(
                    "unknown critical extension {}",
                    link.certificate.unknown_critical.join(", ")
                );
                self.error(depth, link, 34, why);
            }
            if extensions.proxy.is_some() {
                self.error(depth, link, 40, "a proxy certificate (RFC 3820)".to_owned());
            }
            let ca = link.details.check_ca();
            match place {
                Place::Leaf => {}
                Place::UnderProxy if ca != 0 => {
                    self.error(
                        depth,
                        link,
                        37,
                        "it follows a proxy certificate and is marked as a CA".to_owned(),
                    );
                }
                Place::UnderProxy => {}
                Place::Ca if ca == 0 || (depth + 1 < count && ca != 1) => {
                    self.error(depth, link, 79, no_ca(link));
                }
                Place::Ca => {}
            }
            if count > 1 && link.details.explicit_curve {
                let why =
                    "its EC key has explicit curve parameters, expected a named curve".to_owned();
                self.error(depth, link, 94, why);
            }
            if let Some(why) = self.unfit_for_purpose(link, place) {
                self.error(depth, link, 26, why);
            }
            if depth > 1
                && let Some(limit) = extensions.path_length
                && intermediates > limit + proxies
            {
                let why = format!(
                    "it allows {limit} intermediates below it, the path has {intermediates}"
                );
                self.error(depth, link, 25, why);
            }
            if depth > 0 && !link.details.self_issued {
                intermediates += 1;
            }
            place = match extensions.proxy {
                Some(limit) => {
                    if let Some(limit) = limit {
                        if proxies > limit {
                            self.error(
                                depth,
                                link,
                                38,
                                format!("it allows {limit} proxies below it"),
                            );
                        }
                        proxies = limit;
                    }
                    proxies += 1;
                    Place::UnderProxy
                }
                None => Place::Ca,
            };
        }
    }

    /// `check_purpose_ssl_client` and `check_purpose_ssl_server` (v3_purp.c).
    fn unfit_for_purpose(&self, link: Link<'a>, place: Place) -> Option<String> {
        let details = link.details;
        let extensions = &details.extensions;
        // `X509_check_purpose` fails to tell, and without -x509_strict that passes.
        if extensions.invalid {
            return None;
        }
        let (wanted, usages, netscape) = match self.options.purpose {
            Purpose::ClientAuth => (
                "clientAuth",
                ku::DIGITAL_SIGNATURE | ku::KEY_AGREEMENT,
                NS_SSL_CLIENT,
            ),
            Purpose::ServerAuth => (
                "serverAuth",
                ku::DIGITAL_SIGNATURE | ku::KEY_ENCIPHERMENT | ku::KEY_AGREEMENT,
                NS_SSL_SERVER,
            ),
        };
        let fits = extensions
            .extended
            .is_none_or(|usage| match self.options.purpose {
                Purpose::ClientAuth => usage.client,
                Purpose::ServerAuth => usage.server || usage.gated,
            });
        if !fits {
            let listed = listed(link.certificate.eku.iter().flatten(), ", ");
            return Some(format!(
                "extendedKeyUsage lists {listed}; {} needs {wanted}, and anyExtendedKeyUsage does not count",
                self.purpose()
            ));
        }
        if place == Place::Ca {
            return match details.check_ca() {
                0 => Some(no_ca(link)),
                5 if extensions
                    .netscape_type
                    .is_none_or(|bits| bits & NS_SSL_CA == 0) =>
                {
                    Some("its nsCertType is not for a TLS CA".to_owned())
                }
                _ => None,
            };
        }
        if extensions.key_usage_lacks(usages) {
            let signing = match self.options.purpose {
                Purpose::ClientAuth => "digitalSignature or keyAgreement",
                Purpose::ServerAuth => "digitalSignature, keyEncipherment or keyAgreement",
            };
            let listed = listed(link.certificate.key_usage.iter().flatten(), ", ");
            return Some(format!(
                "keyUsage lists {listed}; {} needs {signing}",
                self.purpose()
            ));
        }
        extensions
            .netscape_type
            .is_some_and(|bits| bits & netscape == 0)
            .then(|| format!("its nsCertType does not include {}", self.purpose()))
    }

    /// `check_auth_level`: keys of all but the leaf, digests of all but the top.
    pub(super) fn check_auth_level(&mut self) {
        let count = self.chain.len();
        for depth in 0..count {
            let link = self.chain[depth];
            if depth > 0
                && let Some(why) = weak_key(link)
            {
                self.error(depth, link, 67, why);
            }
            let strength = link
                .details
                .algorithm
                .as_ref()
                .map_or(0, |algorithm| algorithm.security_bits());
            if depth + 1 < count && strength < LEVEL_2_BITS {
                let why = format!(
                    "it is signed with {}, good for {strength} security bits; security level 2 asks for {LEVEL_2_BITS}",
                    link.certificate.signature_algorithm
                );
                self.error(depth, link, 68, why);
            }
        }
    }
}

/// `check_key_level`: why a key is below security level 2.
fn weak_key(link: Link<'_>) -> Option<String> {
    let key = &link.certificate.key;
    let named = match &key.curve {
        Some(curve) => format!("{} key on {curve}", key.algorithm),
        None => format!("{} key", key.algorithm),
    };
    match link.details.key_strength {
        Some(strength) if strength >= LEVEL_2_BITS => None,
        Some(strength) => Some(format!(
            "its {named} has {} bits, good for {strength} security bits; security level 2 asks for {LEVEL_2_BITS}",
            key.bits
        )),
        None => Some(format!("OpenSSL 3.0 cannot decode its {named}")),
    }
}

/// Why a certificate cannot be a CA here.
fn no_ca(link: Link<'_>) -> String {
    let extensions = &link.details.extensions;
    if extensions.invalid {
        "an extension of it cannot be read".to_owned()
    } else if extensions.key_usage_lacks(ku::KEY_CERT_SIGN) {
        "it issued another certificate, but its keyUsage lacks keyCertSign".to_owned()
    } else {
        match extensions.basic_constraints_ca {
            Some(false) => {
                "it issued another certificate, but its basicConstraints is CA:FALSE".to_owned()
            }
            _ => format!(
                "it issued another certificate, but is X.509 v{} without basicConstraints",
                link.certificate.version
            ),
        }
    }
}
