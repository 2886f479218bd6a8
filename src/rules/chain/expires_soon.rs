//! MT266.

use jiff::{SignedDuration, Timestamp};

use crate::{
    context::Context,
    facts::{Certificate, Chain},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::{
        chain::help::Shape,
        help::{apart, kind, of_a_caller, owner, place, show, word},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A certificate of a chain with fewer days left than `--warn-days` (20) or `--fail-days` (3),
    /// but never more than a third of its lifetime: a six-day certificate with four days left is
    /// not late. A root that is sent along does not count.
    ///
    /// ## Why it matters
    ///
    /// Nothing breaks yet, and everything will on that day. Where renewal is automatic it should
    /// have happened by now: either it fails, or the program that presents the certificate was not
    /// reloaded.
    ///
    /// ## How to fix it
    ///
    /// Renew it, find out why it was not renewed, and reload the program that presents it. If it is
    /// an intermediate, take the current one from the CA.
    ///
    /// ```text
    /// openssl x509 -in fullchain.pem -noout -enddate
    /// certbot renew --dry-run
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1.2.5 (validity)
    /// - RFC 9773 (ACME renewal information: the authority itself says when to renew)
    pub static RULE = MT266 {
        name: "expires-soon",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [
            ("RFC 5280 section 4.1.2.5", "2008-05"),
            ("RFC 9773", "2025-06"),
        ],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::files()
            .block(0, |leaf| leaf.not_after = "2026-12-05T00:00:00Z".parse().unwrap()).done(),
        silent_on: || Fixture::files()
            .block(0, |leaf| leaf.not_after = "2026-12-20T00:00:00Z".parse().unwrap()).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.links.is_empty() {
        return Verdict::NotApplicable("the chain is empty");
    }
    let hits = members(chain)
        .into_iter()
        .filter_map(|index| Some((index, chain.certificate(index)?)))
        .filter_map(|(index, certificate)| {
            let severity = late(certificate, context)?;
            Some(hit(chain, index, certificate, context, severity))
        })
        .collect();
    Verdict::from_hits(hits)
}

/// The certificates that have to last: those of the path, or without one those that belong to the
/// leaf.
pub(in crate::rules) fn members(chain: &Chain) -> Vec<usize> {
    let shape = Shape::of(chain);
    let path = chain
        .trust
        .as_ref()
        .filter(|trust| trust.anchor.is_some())
        .map(|trust| trust.path.as_slice());
    shape
        .order
        .into_iter()
        .filter(|&index| {
            chain.certificate(index).is_some_and(|certificate| {
                let root = certificate.self_issued && index != chain.leaf;
                !root && path.is_none_or(|path| path.contains(&certificate.sha256))
            })
        })
        .collect()
}

/// How severe the remaining time is; `None` when it is enough, or nothing is left.
pub(in crate::rules) fn late(certificate: &Certificate, context: &Context) -> Option<Severity> {
    let left = certificate.not_after.duration_since(context.now);
    let lifetime = certificate.not_after.duration_since(certificate.not_before);
    if left.is_negative() || context.now < certificate.not_before {
        return None;
    }
    let limit = |days: u32, said: bool| {
        let days = SignedDuration::from_hours(24 * i64::from(days));
        if said { days } else { days.min(lifetime / 3) }
    };
    if left < limit(context.fail_days, context.fail_days_said) {
        Some(Severity::Error)
    } else if left < limit(context.warn_days, context.warn_days_said) {
        Some(Severity::Warning)
    } else {
        None
    }
}

/// `expires 2026-12-05T00:00:00Z, in 11 days`.
pub(in crate::rules) fn ends(certificate: &Certificate, now: Timestamp) -> String {
    format!(
        "expires {}, in {}",
        certificate.not_after,
        apart(certificate.not_after, now)
    )
}

fn hit(
    chain: &Chain,
    index: usize,
    certificate: &Certificate,
    context: &Context,
    severity: Severity,
) -> Hit {
    let hit = Hit::new(
        format!(
            "the {}'s {} {} (lifetime {})",
            word(chain.role),
            kind(chain, index),
            ends(certificate, context.now),
            apart(certificate.not_after, certificate.not_before)
        ),
        certificate.label(),
        place(chain, index),
        "renew this certificate, find out why that has not happened yet, and reload the program that presents it",
    )
    .evidence("sha256", certificate.sha256.clone())
    .check(show(chain, "Subject:|Not After"))
    .act(owner(chain.role))
    .severity(severity);
    // A caller's certificate is its owner's to renew, and has not failed yet.
    if of_a_caller(chain) {
        hit.severity(Severity::Note)
    } else {
        hit
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::rules::fixture;

    fn left(lifetime: SignedDuration, left: SignedDuration) -> Option<Severity> {
        let now = fixture::now();
        let certificate = Certificate {
            not_before: now + left - lifetime,
            not_after: now + left,
            ..fixture::root()
        };
        late(&certificate, &Context::at(now))
    }

    #[test]
    fn the_limits_are_met_to_the_second() {
        let day = SignedDuration::from_hours(24);
        let second = SignedDuration::from_secs(1);
        let quarter = day * 90;
        assert_eq!(left(quarter, day * 20), None);
        assert_eq!(left(quarter, day * 20 - second), Some(Severity::Warning));
        assert_eq!(left(quarter, day * 3), Some(Severity::Warning));
        assert_eq!(left(quarter, day * 3 - second), Some(Severity::Error));
        assert_eq!(left(quarter, SignedDuration::ZERO), Some(Severity::Error));
        assert_eq!(left(quarter, -second), None);
    }

    #[test]
    fn no_limit_is_more_than_a_third_of_the_lifetime() {
        let hour = SignedDuration::from_hours(1);
        let second = SignedDuration::from_secs(1);
        // 47 days: warned about with less than 15 days and 16 hours left.
        let third = hour * (47 * 8);
        assert_eq!(left(hour * (47 * 24), third), None);
        assert_eq!(
            left(hour * (47 * 24), third - second),
            Some(Severity::Warning)
        );
        // Six days, as the short-lived profile of Let's Encrypt: both limits are two days.
        assert_eq!(left(hour * 144, hour * 48), None);
        assert_eq!(left(hour * 144, hour * 48 - second), Some(Severity::Error));
        // One day, as step-ca has by default.
        assert_eq!(left(hour * 24, hour * 8), None);
    }
}
