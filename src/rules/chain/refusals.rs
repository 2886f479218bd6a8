//! Who refuses a certificate that does not keep a requirement, as far as it was measured, and how
//! much the violation weighs for it.
//!
//! An error is what most verifiers refuse, or nginx, Apache and HAProxy by their defaults; a
//! warning what one of the common ones refuses (Go, rustls, Java, Node, BoringSSL with Envoy); a
//! note what only strict or rare ones refuse, and what nobody does. A private authority's good
//! chain is none the worse for them.
//!
//! Measured on 2026-11-29 with OpenSSL 1.1.1 to 4.0, nginx, Apache, HAProxy, Envoy, Go 1.27, rustls
//! 0.23, Java 25, Node 26, pyca 50, GnuTLS 3.7, NSS 3.87, Mbed TLS 2.28 and wolfSSL 5.5, one
//! certificate for each line.

use crate::{
    facts::{Part, Requirement, Side, Violation},
    finding::{CertificateAt, Hit, Severity},
    verify::hosts,
};

/// OpenSSL with `-x509_strict`, which Python's default contexts set since 3.13.
const STRICT: &str = "Python 3.13 and later, openssl with -x509_strict";
const STRICT_PYCA: &str =
    "Python 3.13 and later, openssl with -x509_strict, pyca's X.509 verification";
const PYCA: &str = "pyca's X.509 verification";

/// What the weight of a violation depends on.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Seen {
    pub(in crate::rules) requirement: Requirement,
    /// OpenSSL's number.
    pub(in crate::rules) error: Option<u32>,
    pub(in crate::rules) decides: bool,
    pub(in crate::rules) part: Part,
    pub(in crate::rules) role: Side,
    /// Whether the certificate has a name of a host that is in order, so that another one harms
    /// nobody.
    pub(in crate::rules) named: bool,
}

/// How much it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Weight {
    /// `None` = as much as the rule says.
    severity: Option<Severity>,
    /// Who refuses it; empty where it was not measured, or the rule's own text says it.
    refused_by: &'static str,
    /// Whether the common verifiers are known to accept it.
    accepted: bool,
}

impl Seen {
    /// A violation of a certificate of a chain.
    pub(in crate::rules) fn of(at: CertificateAt<'_>, violation: &Violation) -> Self {
        Self {
            requirement: violation.requirement,
            error: violation.error,
            decides: violation.decides,
            part: at.part(),
            role: at.chain.role,
            named: hosts::server_names(at.certificate).any(in_order),
        }
    }
}

/// Whether an alternative name (`DNS:…`, `IP:…`) is one that a host can be found by.
fn in_order(name: &str) -> bool {
    let host = name
        .split_once(':')
        .map_or(name, |(_, host)| host.strip_prefix("*.").unwrap_or(host));
    hosts::is_host(host)
}

impl Weight {
    /// Nothing is known beyond what the rule says.
    pub(in crate::rules) const fn own() -> Self {
        Self {
            severity: None,
            refused_by: "",
            accepted: false,
        }
    }

    /// The common verifiers refuse it.
    const fn refused(refused_by: &'static str) -> Self {
        Self {
            severity: Some(Severity::Error),
            refused_by,
            accepted: false,
        }
    }

    /// One of the common verifiers refuses it.
    const fn disputed(refused_by: &'static str) -> Self {
        Self {
            severity: Some(Severity::Warning),
            refused_by,
            accepted: false,
        }
    }

    /// Only strict or rare verifiers refuse it, or nobody does.
    const fn accepted(refused_by: &'static str) -> Self {
        Self {
            severity: Some(Severity::Note),
            refused_by,
            accepted: true,
        }
    }

    /// `said`, and who refuses the certificate for it.
    pub(in crate::rules) fn sentence(self, said: &str) -> String {
        match self.refused_by {
            "" => said.to_owned(),
            by => format!("{said}; rejected by {by}"),
        }
    }

    /// The hit with this weight.
    pub(in crate::rules) fn weighed(self, hit: Hit) -> Hit {
        let hit = match self.accepted {
            true => hit.evidence(
                "accepted by",
                "nginx, Apache, HAProxy, Envoy, Go, Java, Node, rustls",
            ),
            false => hit,
        };
        match self.severity {
            Some(severity) => hit.severity(severity),
            None => hit,
        }
    }

    /// Whether it was measured; else advice is a note, and what the letter refuses is what the rule
    /// says.
    pub(in crate::rules) fn is_known(self) -> bool {
        self.severity.is_some()
    }

    /// Whether the certificate is refused for it by most, so that the chain is.
    pub(in crate::rules) fn is_refusal(self) -> bool {
        self.severity
            .is_none_or(|severity| severity == Severity::Error)
    }
}

/// The table.
pub(in crate::rules) fn weigh(seen: &Seen) -> Weight {
    use Requirement as R;
    let leaf = seen.part == Part::Leaf;
    let server = seen.role == Side::Server;
    match seen.requirement {
        R::AuthorityKeyId if leaf => Weight::accepted(STRICT_PYCA),
        R::AuthorityKeyId => Weight::accepted(STRICT),
        R::AuthorityKeyIdValue => {
            Weight::accepted("Python 3.13 and later, OpenSSL before 4.0 with -x509_strict")
        }
        R::RootKeyIds if seen.decides => {
            Weight::disputed("OpenSSL without -partial_chain: nginx, Apache, HAProxy, Node")
        }
        R::AuthoritySubjectKeyId => {
            Weight::accepted("Python 3.13 and later, openssl with -x509_strict, wolfSSL")
        }
        R::CriticalWhereAsked if seen.error == Some(89) => Weight::accepted(
            "Python 3.13 and later, OpenSSL before 4.0 with -x509_strict, pyca's X.509 verification",
        ),
        R::CriticalWhereAsked => Weight::accepted(""),
        R::NotCriticalWhereAsked if seen.error.is_some() && seen.part == Part::Root => {
            Weight::refused("OpenSSL, Go after 1.19, pyca's X.509 verification")
        }
        R::NotCriticalWhereAsked if seen.error.is_some() => {
            Weight::refused("OpenSSL, Go, rustls, Java, BoringSSL, NSS")
        }
        R::NotCriticalWhereAsked => Weight::accepted(PYCA),
        R::PathLength if leaf => Weight::disputed(
            "Envoy and BoringSSL, Python 3.13 and later, openssl with -x509_strict",
        ),
        R::PathLength => Weight::accepted(STRICT_PYCA),
        R::AuthorityKeyUsage => Weight::accepted(
            "Python 3.13 and later, openssl with -x509_strict, pyca's X.509 verification, wolfSSL",
        ),
        R::CertSign if seen.error == Some(82) => Weight::accepted(STRICT_PYCA),
        R::AnyUsage if seen.part == Part::Intermediate => {
            Weight::disputed("OpenSSL (nginx, Apache, HAProxy, Node), rustls, BoringSSL, NSS")
        }
        R::AnyUsage if seen.part == Part::Root => {
            Weight::disputed("OpenSSL (nginx, Apache, HAProxy, Node), NSS")
        }
        R::SerialPositive => Weight::disputed("Go 1.23 and later, pyca's X.509 verification"),
        R::SerialNotZero | R::SerialLength | R::RsaOctets | R::CommonNameListed => {
            Weight::accepted("")
        }
        R::RsaSize if seen.error.is_none() => Weight::accepted(""),
        R::TimeForm if seen.error.is_none() => Weight::accepted(PYCA),
        R::TimeForm => Weight::refused("OpenSSL, rustls, BoringSSL"),
        R::Names if !leaf || seen.error == Some(83) => Weight::disputed(
            "Java, Mbed TLS, Python 3.13 and later, openssl with -x509_strict, pyca's X.509 verification",
        ),
        R::NameConstraintsPlace => Weight::accepted("pyca's X.509 verification, Mbed TLS, wolfSSL"),
        R::SubtreeForm => Weight::accepted("pyca's X.509 verification, Mbed TLS"),
        R::SubtreeMeaning => Weight::disputed("Go, pyca's X.509 verification, Mbed TLS"),
        R::AlternativeNamesCount if server => Weight::refused("Go, rustls, Java"),
        R::AlternativeNamesCount => {
            Weight::accepted("Python 3.13 and later, openssl with -x509_strict, wolfSSL")
        }
        R::AlternativeNamesCritical => Weight::disputed(
            "Java, Python 3.13 and later, OpenSSL before 4.0 with -x509_strict, pyca's X.509 verification",
        ),
        R::AlternativeNamesNotCritical => Weight::accepted(PYCA),
        // No client is found by it, and a server by another name.
        R::WildcardPlace | R::DnsName if !server || seen.named => Weight::accepted(""),
        R::NameEncoding => Weight::disputed("Go, pyca's X.509 verification, Java for a server"),
        _ => Weight::own(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(requirement: Requirement, error: Option<u32>, part: Part, role: Side) -> Seen {
        Seen {
            requirement,
            error,
            decides: true,
            part,
            role,
            named: false,
        }
    }

    #[test]
    fn what_only_strict_verifiers_refuse_is_a_note_wherever_it_stands() {
        use Requirement as R;
        for (requirement, error) in [
            (R::CriticalWhereAsked, Some(89)),
            (R::CriticalWhereAsked, None),
            (R::AuthorityKeyId, Some(85)),
            (R::AuthorityKeyIdValue, Some(85)),
            (R::AuthoritySubjectKeyId, Some(86)),
            (R::AuthorityKeyUsage, Some(92)),
            (R::SerialNotZero, None),
            (R::SerialLength, None),
            (R::RsaOctets, None),
            (R::RsaSize, None),
            (R::CommonNameListed, None),
        ] {
            for part in [Part::Leaf, Part::Intermediate, Part::Root] {
                for role in [Side::Client, Side::Server] {
                    let weight = weigh(&seen(requirement, error, part, role));
                    assert_eq!(weight.severity, Some(Severity::Note), "{requirement:?}");
                    assert!(!weight.is_refusal());
                }
            }
        }
    }

    #[test]
    fn what_most_refuse_is_an_error() {
        use Requirement as R;
        let critical = seen(R::NotCriticalWhereAsked, Some(90), Part::Leaf, Side::Client);
        assert!(weigh(&critical).is_refusal());
        assert!(weigh(&seen(R::NoSha1, Some(68), Part::Leaf, Side::Client)).is_refusal());
        let usage = seen(R::NotCriticalWhereAsked, None, Part::Leaf, Side::Server);
        assert!(!weigh(&usage).is_refusal());
    }

    #[test]
    fn a_useless_name_harms_where_there_is_no_other() {
        let name = seen(Requirement::DnsName, None, Part::Leaf, Side::Server);
        assert_eq!(weigh(&name), Weight::own());
        let beside = Seen {
            named: true,
            ..name
        };
        assert_eq!(weigh(&beside), Weight::accepted(""));
        assert!(in_order("DNS:hook.example"));
        assert!(in_order("DNS:*.hook.example"));
        assert!(in_order("IP:192.0.2.1"));
        for name in [
            "DNS:",
            "DNS:a b",
            "DNS:*",
            "DNS:https://hook.example",
            "IP:?",
        ] {
            assert!(!in_order(name), "{name}");
        }
    }
}
