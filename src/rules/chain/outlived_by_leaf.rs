//! MT267.

use jiff::SignedDuration;

use crate::{
    context::Context,
    facts::Chain,
    finding::{Hit, Severity, Verdict},
    rule,
    rules::{
        chain::expires_soon::members,
        help::{apart, of_a_caller, owner, place, show, word},
    },
};

rule! {
    /// ## What it finds
    ///
    /// An intermediate that expires before the leaf below it, if the chain has no longer-lasting
    /// certificate of the same CA.
    ///
    /// ## Why it matters
    ///
    /// The chain fails on the day its first certificate expires, and everyone watches only the
    /// leaf's date. Public CAs do not issue beyond their own end, so it happens with private CAs,
    /// and with an old intermediate left in a file. A difference of less than a day is ignored:
    /// certificates issued together expire within moments of each other.
    ///
    /// ## How to fix it
    ///
    /// Take the CA's current certificate, which has the same key, and put it after the leaf. The
    /// leaf can stay.
    ///
    /// ```text
    /// openssl x509 -in intermediate.pem -noout -subject -enddate
    /// cat leaf.pem intermediate.pem > fullchain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 6.1.3 (a)(2): every certificate of the path has to be within its dates
    pub static RULE = MT267 {
        name: "outlived-by-leaf",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 6.1.3", "2008-05")],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::files()
            .block(1, |ca| ca.not_after = "2027-01-10T00:00:00Z".parse().unwrap()).done(),
        silent_on: || Fixture::files()
            .block(0, |leaf| leaf.not_after = "2027-01-10T00:00:00Z".parse().unwrap()).done(),
    }
}

/// Less than this is no difference.
const GRACE: SignedDuration = SignedDuration::from_hours(24);

fn check(chain: &Chain, context: &Context) -> Verdict {
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the chain is empty");
    };
    if leaf.unreadable.is_some() {
        return Verdict::NotApplicable("the leaf could not be read");
    }
    if leaf.not_after < context.now {
        return Verdict::NotApplicable("the leaf has expired, which is another finding");
    }
    let members: Vec<_> = members(chain)
        .into_iter()
        .filter(|&index| index != chain.leaf)
        .filter_map(|index| Some((index, chain.certificate(index)?)))
        .collect();
    if members.is_empty() {
        return Verdict::NotApplicable("the chain has no intermediate");
    }
    // Issued in one go they end within moments of each other, and nobody notices.
    let needed = leaf.not_after.checked_sub(GRACE).unwrap_or(leaf.not_after);
    // The authorities that have a certificate which lasts.
    let lasting: std::collections::HashSet<&str> = members
        .iter()
        .filter(|(_, certificate)| certificate.not_after >= needed)
        .map(|(_, certificate)| certificate.subject.as_str())
        .collect();
    let hits = members
        .into_iter()
        .filter(|(_, certificate)| {
            certificate.not_after < needed
                && certificate.not_after >= context.now
                && !lasting.contains(certificate.subject.as_str())
        })
        .map(|(index, certificate)| {
            let hit = Hit::new(
                format!(
                    "an intermediate in the {}'s chain expires {}, {} before the leaf ({})",
                    word(chain.role),
                    certificate.not_after,
                    apart(certificate.not_after, leaf.not_after),
                    leaf.not_after
                ),
                certificate.label(),
                place(chain, index),
                "replace it with the CA's current certificate; the leaf can stay",
            )
            .evidence("sha256", certificate.sha256.clone())
            .check(show(chain, "Subject:|Not After"))
            .act(owner(chain.role));
            if of_a_caller(chain) {
                hit.severity(Severity::Note)
            } else {
                hit
            }
        })
        .collect();
    Verdict::from_hits(hits)
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::judge,
        facts::{Certificate, Link},
        rules::fixture::Fixture,
    };

    #[test]
    fn a_reissued_authority_that_lasts_is_enough() {
        let (case, context) = Fixture::files()
            .without_anchors()
            .file(|chain| {
                let mut old = Certificate::clone(&chain.links[1].certificate);
                old.sha256 = "old".into();
                old.not_after = "2027-01-10T00:00:00Z".parse().unwrap();
                chain.links.push(Link::new(old));
            })
            .done();
        let findings = judge(case, &context).findings;
        assert!(findings.iter().all(|finding| finding.rule.code != "MT267"));
    }
}
