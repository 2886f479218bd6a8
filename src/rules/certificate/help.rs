//! What the rules about a certificate's profile share: each takes its requirements out of what
//! `verify::conformance` found.
//!
//! How much a violation weighs, `chain::refusals` says: the same at a leaf, an intermediate and an
//! anchor, whether it is in the chain's file or comes from elsewhere.

use crate::{
    facts::{Chain, ChainUse, Part, Problem, Requirement, Side, Violation},
    finding::{CertificateAt, Hit, Severity, Verdict},
    rules::{
        chain::refusals::{Seen, Weight, weigh},
        help::{
            argument, fixed, is_plain_host, key_argument, kind, make_key, on_disk, owner, place,
            request_again, sent_index, show, whole, word,
        },
    },
    verify::{hosts, x509_error},
};

/// A warning where the web's rules bind, a note elsewhere.
const PUBLIC_ONLY: [Requirement; 2] = [
    Requirement::ValidityLength,
    Requirement::ClientUsageInServer,
];

/// What is asked of authorities alone. An anchor that is none has a rule of its own, and a pinned
/// leaf is nothing bad.
const OF_AUTHORITIES: [Requirement; 2] = [
    Requirement::AuthoritySubjectKeyId,
    Requirement::AuthorityKeyUsage,
];

/// The line that goes with the remedy.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) enum Line {
    /// A line of the extensions that the CA signs, in OpenSSL's configuration; `{purpose}` stands
    /// for the side's, `{names}` for the names that the certificate has.
    Setting(&'static str),
    /// Look at the certificates of the file, only at what matches, or all of it where empty.
    Show(&'static str),
    /// Request the same certificate again.
    Request,
    /// Make a new key.
    NewKey,
    /// Write the key with the name of its curve.
    NamedCurve,
}

/// A hit with this line, which names the files of the chain.
fn with_line(hit: Hit, line: Line, at: CertificateAt<'_>) -> Hit {
    let chain = at.chain;
    let look = |hit: Hit, pattern: &str| match pattern {
        "" => hit.check(format!(
            "openssl storeutl -noout -text -certs {}",
            argument(chain, "cert.pem")
        )),
        pattern => hit.check(show(chain, pattern)),
    };
    match line {
        Line::Setting(line) => hit.setting(
            line.replace(
                "{purpose}",
                match chain.role {
                    Side::Client => "clientAuth",
                    Side::Server => "serverAuth",
                },
            )
            .replace("{names}", &names(at)),
        ),
        Line::Show(pattern) => look(hit, pattern),
        // A CA's own certificate is not requested with the key of the leaf.
        Line::Request => match request_again(chain).filter(|_| at.part() == Part::Leaf) {
            Some(command) => hit.step(command),
            None => look(hit, ""),
        },
        Line::NewKey => hit.step(make_key(chain)),
        Line::NamedCurve => hit.step(format!(
            "(umask 077; openssl ec -in {} -param_enc named_curve -out {})",
            key_argument(chain),
            fixed(
                chain
                    .key_path
                    .as_deref()
                    .filter(|path| on_disk(path))
                    .unwrap_or("key")
            )
        )),
    }
}

/// The alternative names of a certificate and its common names, as `DNS:a,IP:b`; what cannot be
/// part of a line as it is, is left out.
fn names(at: CertificateAt<'_>) -> String {
    let plain = |name: &&str| is_plain_host(name);
    let common = at.certificate.form.common_names.iter().map(String::as_str);
    let common = common
        .filter(plain)
        .map(|name| match hosts::is_address(name) {
            true => format!("IP:{name}"),
            false => format!("DNS:{name}"),
        });
    let mut all: Vec<String> = Vec::new();
    let listed = at.certificate.sans.iter().filter(|name| {
        name.split_once(':')
            .is_some_and(|(kind, value)| match kind {
                "DNS" => is_plain_host(value.strip_prefix("*.").unwrap_or(value)),
                "IP" => hosts::is_address(value),
                _ => false,
            })
    });
    for name in listed.cloned().chain(common) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    if all.is_empty() {
        "DNS:hook.example.com".to_owned()
    } else {
        all.join(",")
    }
}

/// The verdict on a certificate by these requirements.
pub(in crate::rules) fn breaches(
    at: CertificateAt<'_>,
    requirements: &[Requirement],
    remedy: &str,
    line: Line,
) -> Verdict {
    breaches_where(at, requirements, |_| true, remedy, line)
}

/// The same, of those violations only that `wanted` takes: another rule reports the others.
pub(in crate::rules) fn breaches_where(
    at: CertificateAt<'_>,
    requirements: &[Requirement],
    wanted: impl Fn(&Violation) -> bool,
    remedy: &str,
    line: Line,
) -> Verdict {
    let chain = at.chain;
    let Some(own) = chain
        .links
        .get(at.index)
        .and_then(|link| link.violations.as_ref())
    else {
        return Verdict::NotApplicable("only files are checked against the certificate profile");
    };
    if at.certificate.unreadable.is_some() {
        return Verdict::NotApplicable("the certificate could not be read");
    }
    let anchor = chain.holds == ChainUse::Anchors;
    let which = if anchor {
        "the trust anchor".to_owned()
    } else {
        format!("the {}'s {}", word(chain.role), kind(chain, at.index))
    };
    let public = chain
        .trust
        .as_ref()
        .is_some_and(|trust| trust.anchor_public == Some(true));
    let finished = |hit: Hit| with_line(hit, line, at).act(owner(chain.role));
    let own = own
        .iter()
        .filter(|violation| requirements.contains(&violation.requirement) && wanted(violation))
        .filter(|violation| {
            !(anchor && !at.certificate.is_ca && OF_AUTHORITIES.contains(&violation.requirement))
        })
        .map(|violation| {
            let weight = weigh(&Seen::of(at, violation));
            let mut hit = Hit::new(
                weight.sentence(&format!("{which}: {}", violation.why)),
                at.certificate.label(),
                place(chain, at.index),
                remedy,
            )
            .evidence("sha256", at.certificate.sha256.clone());
            // X509_V_ERR_INVALID_EXTENSION is the nearest number, but OpenSSL 3.0 finds no issuer
            // then and reports 20.
            if let Some(number) = violation.error.filter(|&number| number != 41) {
                hit = hit.evidence("openssl", openssl(number));
            }
            if public && PUBLIC_ONLY.contains(&violation.requirement) {
                hit = hit.severity(Severity::Warning);
            } else if violation.decides || weight.is_known() {
                hit = weight.weighed(hit);
            } else {
                hit = hit.severity(Severity::Note);
            }
            finished(hit)
        });
    let beyond = elsewhere(at, requirements)
        .filter(|problem| as_violation(problem).is_some_and(|violation| wanted(&violation)));
    let beyond = beyond.map(|problem| {
        let weight = of_problem(chain, problem);
        let message = format!(
            "the certificate at depth {} above the {}'s chain: {}",
            problem.depth,
            word(chain.role),
            problem.why
        );
        let mut hit = Hit::new(
            weight.sentence(&message),
            problem.subject.clone(),
            whole(chain),
            remedy,
        );
        if !matches!(problem.error.num, 1 | 41) {
            hit = hit.evidence("openssl", openssl(problem.error.num));
        }
        finished(weight.weighed(hit))
    });
    Verdict::from_hits(own.chain(beyond).collect())
}

/// What the path has against certificates that are in none of the files that are judged, reported
/// once, with the leaf. An anchor that was given is judged in its own file; nobody here can fix what
/// comes from the system's store.
fn elsewhere<'a>(
    at: CertificateAt<'a>,
    requirements: &'a [Requirement],
) -> impl Iterator<Item = &'a Problem> {
    let chain = at.chain;
    let trust = chain
        .trust
        .as_ref()
        .filter(|_| at.index == chain.leaf && chain.holds == ChainUse::Identity);
    trust.into_iter().flat_map(move |trust| {
        let anchor = trust
            .anchor
            .is_some()
            .then(|| trust.path.len().saturating_sub(1));
        trust.problems.iter().filter(move |problem| {
            let ours = problem
                .requirement
                .is_some_and(|requirement| requirements.contains(&requirement));
            // Only the path can tell that a root points at another key than its own.
            let spoken_for = anchor == Some(problem.depth)
                && problem.requirement != Some(Requirement::RootKeyIds);
            ours && !spoken_for && sent_index(chain, problem).is_none()
        })
    })
}

fn as_violation(problem: &Problem) -> Option<Violation> {
    Some(Violation {
        requirement: problem.requirement?,
        error: Some(problem.error.num).filter(|&number| number != 1),
        decides: true,
        why: problem.why.clone(),
    })
}

/// How much a problem of the path weighs that is a requirement not kept.
pub(in crate::rules) fn of_problem(chain: &Chain, problem: &Problem) -> Weight {
    problem.requirement.map_or_else(Weight::own, |requirement| {
        weigh(&Seen {
            requirement,
            error: Some(problem.error.num).filter(|&number| number != 1),
            decides: true,
            part: match problem.depth {
                0 => Part::Leaf,
                _ => Part::Intermediate,
            },
            role: chain.role,
            named: true,
        })
    })
}

/// OpenSSL's number and words. 80 to 93 come with -x509_strict only (x509_vfy.c of OpenSSL 3.0,
/// check_extensions).
fn openssl(number: u32) -> String {
    let strict = match number {
        80..=93 => " (with -x509_strict)",
        _ => "",
    };
    format!("error {number}: {}{strict}", x509_error(number).text)
}

/// Names of a private network are at home in a private PKI: nothing is said of them below an anchor
/// that is not one of the public web's. Below one of those, and where no anchor is known, it is worth
/// a note.
pub(in crate::rules) fn below_a_private_anchor(at: CertificateAt<'_>) -> bool {
    at.chain
        .trust
        .as_ref()
        .is_some_and(|trust| trust.anchor_public == Some(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::judge,
        rules::fixture::{Fixture, certificate_of},
    };

    fn severities(fixture: Fixture) -> Vec<(&'static str, Severity)> {
        let (case, context) = fixture.done();
        judge(case, &context)
            .findings
            .iter()
            .map(|finding| (finding.rule.code, finding.severity))
            .collect()
    }

    #[test]
    fn the_web_binds_whoever_is_below_its_anchors() {
        let long = || Fixture::files().breach(Requirement::ValidityLength, None, false);
        let public = |fixture: Fixture| {
            fixture.file(|chain| {
                if let Some(trust) = &mut chain.trust {
                    trust.anchor_public = Some(true);
                }
            })
        };
        assert_eq!(severities(long()), [("MT262", Severity::Note)]);
        assert_eq!(severities(public(long())), [("MT262", Severity::Warning)]);
        let name = || Fixture::files().breach(Requirement::InternalName, None, false);
        assert_eq!(severities(name()), []);
        assert_eq!(severities(public(name())), [("MT246", Severity::Note)]);
    }

    #[test]
    fn advice_is_a_note_and_a_refusal_is_not() {
        let missing =
            |requirement, decides| severities(Fixture::files().breach(requirement, None, decides));
        let leaf = missing(Requirement::LeafSubjectKeyId, false);
        assert_eq!(leaf, [("MT217", Severity::Note)]);
        let authority = missing(Requirement::AuthoritySubjectKeyId, true);
        assert_eq!(authority, [("MT217", Severity::Note)]);
        let purpose = missing(Requirement::WildcardSuffix, true);
        assert_eq!(purpose, [("MT250", Severity::Warning)]);
    }

    #[test]
    fn an_empty_list_of_names_harms_servers_more() {
        let empty = || Fixture::files().breach(Requirement::AlternativeNamesCount, Some(87), true);
        assert_eq!(severities(empty()), [("MT241", Severity::Error)]);
        let client = empty().file(|chain| chain.role = crate::facts::Side::Client);
        assert!(severities(client).contains(&("MT241", Severity::Note)));
    }

    #[test]
    fn a_pinned_leaf_is_no_faulty_authority() {
        let pinned = |requirement, is_ca| {
            let mut leaf = certificate_of("sender", "sender");
            leaf.is_ca = is_ca;
            let fixture = Fixture::files()
                .client_anchors(vec![leaf])
                .file_of_anchors(|chain| {
                    chain.links[0].violations = Some(vec![Violation {
                        requirement,
                        error: None,
                        decides: true,
                        why: "what was seen".into(),
                    }]);
                });
            severities(fixture)
        };
        let key_id = Requirement::AuthoritySubjectKeyId;
        assert_eq!(pinned(key_id, false), []);
        assert_eq!(pinned(key_id, true), [("MT217", Severity::Note)]);
        let issuer = Requirement::AuthorityKeyId;
        assert_eq!(pinned(issuer, true), [("MT214", Severity::Note)]);
    }

    /// A violation that the path found in a certificate of no file here, at this depth of three;
    /// the verifiers in use accept the chain.
    fn beyond(depth: usize, requirement: Requirement, number: u32) -> Fixture {
        Fixture::files().file(|chain| {
            if let Some(trust) = &mut chain.trust {
                trust.path = vec![String::new(); 3];
                trust.problems = vec![Problem {
                    depth,
                    subject: "CN = Elsewhere".to_owned(),
                    error: x509_error(number),
                    requirement: Some(requirement),
                    why: "what was seen".to_owned(),
                }];
            }
        })
    }

    #[test]
    fn a_certificate_of_no_file_is_spoken_of_by_the_same_rule() {
        use Requirement as R;
        // That the chain is refused by the letter alone is MT410's to say.
        let severities = |fixture| {
            let mut all = severities(fixture);
            all.retain(|(code, _)| *code != "MT410");
            all
        };
        let intermediate = beyond(1, R::CriticalWhereAsked, 89);
        assert_eq!(severities(intermediate), [("MT218", Severity::Note)]);
        let critical = beyond(1, R::NotCriticalWhereAsked, 91);
        assert_eq!(severities(critical), [("MT219", Severity::Error)]);
        // Another rule's half of the same requirement.
        assert!(!severities(beyond(1, R::CertSign, 32)).contains(&("MT225", Severity::Note)));
        // An anchor is judged where it was given; that it points at another key than its own only
        // the path can tell.
        assert_eq!(severities(beyond(2, R::CriticalWhereAsked, 89)), []);
        let root = beyond(2, R::RootKeyIds, 1);
        assert_eq!(severities(root), [("MT216", Severity::Warning)]);
    }

    #[test]
    fn strict_numbers_are_told_from_others() {
        assert_eq!(
            openssl(85),
            "error 85: Missing Authority Key Identifier (with -x509_strict)"
        );
        assert_eq!(
            openssl(94),
            "error 94: Certificate public key has explicit ECC parameters"
        );
    }
}
