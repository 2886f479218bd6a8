//! Walks a case and asks the rules.
//!
//! For: `cli`, which judges what `net` and `parse` collected. Must not: know any particular rule, or drop an answer:
//! hit, pass and not-applicable are kept apart.

use jiff::Timestamp;

use crate::{
    context::Context,
    facts::{Case, Chain, Holds, MeantAs, Readiness, TrustStatus},
    finding::{CertificateAt, Check, Finding, Rule, Severity, Suppressed, Symptom, Verdict},
    rules,
    trust::readiness,
};

/// A case and what the rules said about it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The case.
    pub case: Case,
    /// What is wrong, worst first, then by code.
    pub findings: Vec<Finding>,
    /// What is wrong and known to its owner; none until a policy is applied.
    pub suppressed: Vec<Suppressed>,
    /// The rules that looked and found nothing wrong.
    pub passed: Vec<&'static Rule>,
    /// The rules that had nothing to look at, with the reason.
    pub skipped: Vec<(&'static Rule, &'static str)>,
    /// Whether the sender is accepted, by what this case shows.
    pub readiness: Vec<Readiness>,
    /// The moment that it was judged for.
    pub judged_at: Timestamp,
}

/// Asks every rule.
pub fn judge(case: Case, context: &Context) -> Judged {
    judge_with(rules::ALL, case, context)
}

/// Asks these rules.
pub fn judge_with(rules: &[&'static Rule], case: Case, context: &Context) -> Judged {
    let mut findings = Vec::new();
    let mut passed = Vec::new();
    let mut skipped = Vec::new();
    let last = |rule: &&&Rule| matches!(rule.check, Check::After(_));
    let first = rules.iter().filter(|rule| !last(rule));
    for &rule in first.chain(rules.iter().filter(last)) {
        match merge(ask(rule, &case, &findings, context)) {
            Verdict::Hit(hits) => {
                findings.extend(hits.into_iter().map(|hit| Finding::new(rule, hit)));
            }
            Verdict::Pass => passed.push(rule),
            Verdict::NotApplicable(reason) => skipped.push((rule, reason)),
        }
    }
    findings.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then(a.rule.code.cmp(b.rule.code))
    });
    Judged {
        readiness: readiness::of(&case, context),
        judged_at: context.now,
        case,
        findings,
        suppressed: Vec::new(),
        passed,
        skipped,
    }
}

/// One verdict a subject; a case without any subject of the rule's kind gives one that says so.
fn ask(rule: &Rule, case: &Case, findings: &[Finding], context: &Context) -> Vec<Verdict> {
    let (verdicts, nothing): (Vec<Verdict>, &'static str) = match rule.check {
        Check::Certificate(check) => (
            case.chains()
                .flat_map(|chain| {
                    chain
                        .certificates()
                        .enumerate()
                        .map(move |(index, certificate)| CertificateAt {
                            chain,
                            index,
                            certificate,
                        })
                })
                .map(|at| weigh(rule, check(at, context), at.chain))
                .collect(),
            "no certificate was seen",
        ),
        Check::Chain(check) => (
            // Anchors are no chain: each is judged by itself.
            case.chains()
                .filter(|chain| chain.holds == Holds::Identity)
                .map(|chain| weigh(rule, check(chain, context), chain))
                .collect(),
            "no certificate chain was seen",
        ),
        Check::Site(check) => (
            case.site.iter().map(|site| check(site, context)).collect(),
            "no server configuration was read",
        ),
        Check::Handshake(check) => (
            case.handshake
                .iter()
                .map(|handshake| check(handshake, context))
                .collect(),
            "no connection was seen",
        ),
        Check::Http(check) => (
            case.http
                .iter()
                .map(|exchange| check(exchange, context))
                .collect(),
            "no HTTP request was seen",
        ),
        Check::Token(check) => (
            case.http
                .iter()
                .filter_map(|exchange| exchange.token.as_ref())
                .chain(case.token.as_deref())
                .map(|token| check(token, context))
                .collect(),
            "no bearer token was seen",
        ),
        Check::Call(check) => (
            case.call.iter().map(|call| check(call, context)).collect(),
            "no call was made",
        ),
        Check::Visit(check) => (
            case.visits().map(|visit| check(visit, context)).collect(),
            "no server was called",
        ),
        Check::Probe(check) => (
            case.inspected
                .iter()
                .filter_map(|inspected| inspected.probe.as_ref())
                .map(|probe| check(probe, context))
                .collect(),
            "no endpoint was inspected",
        ),
        Check::File(check) => (
            // A configuration is judged as what it configures.
            case.files
                .iter()
                .filter(|file| file.meant_as != MeantAs::Config)
                .map(|file| check(file, context))
                .collect(),
            "no file was read",
        ),
        Check::Bundle(check) => (
            case.bundles
                .iter()
                .map(|bundle| check(bundle, context))
                .collect(),
            "no chain was read from a file",
        ),
        Check::Case(check) => (vec![check(case, context)], ""),
        Check::After(check) => (vec![check(case, findings, context)], ""),
    };
    if verdicts.is_empty() {
        vec![Verdict::NotApplicable(nothing)]
    } else {
        verdicts
    }
}

/// What a rule about verification holds against a chain is no error where the mainstream verifiers, or those that were asked
/// for, accept it all the same, nor where few of them refuse it: the rule that says so says who does.
fn weigh(rule: &Rule, verdict: Verdict, chain: &Chain) -> Verdict {
    let about_trust = rule
        .symptoms
        .iter()
        .any(|symptom| matches!(symptom, Symptom::Verify(_) | Symptom::Breaks(_)));
    let judged = chain.trust.as_ref().filter(|trust| trust.letter.is_some());
    let most = judged.and_then(|trust| match trust.status {
        // Whom else it may meet was not asked.
        TrustStatus::Trusted if trust.named => Some(Severity::Note),
        TrustStatus::Disputed if trust.mostly_refused() => None,
        TrustStatus::Trusted | TrustStatus::Disputed => Some(Severity::Warning),
        TrustStatus::Untrusted | TrustStatus::Unknown => None,
    });
    match (verdict, most) {
        (Verdict::Hit(hits), Some(most)) if about_trust => Verdict::Hit(
            hits.into_iter()
                .map(|hit| {
                    let severity = hit.severity.unwrap_or(rule.severity);
                    hit.severity(severity.min(most))
                })
                .collect(),
        ),
        (other, _) => other,
    }
}

/// One answer out of many: any hit outweighs every pass, any pass outweighs every not-applicable.
fn merge(verdicts: Vec<Verdict>) -> Verdict {
    let mut hits = Vec::new();
    let mut looked = false;
    let mut reason = None;
    for verdict in verdicts {
        match verdict {
            Verdict::Hit(more) => hits.extend(more),
            Verdict::Pass => looked = true,
            Verdict::NotApplicable(why) => reason = reason.or(Some(why)),
        }
    }
    match reason {
        _ if !hits.is_empty() => Verdict::Hit(hits),
        Some(reason) if !looked => Verdict::NotApplicable(reason),
        _ => Verdict::Pass,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{facts::Place, finding::Hit, rules::fixture::Fixture};

    fn hit(message: &str) -> Hit {
        Hit::new(message, "it", Place::http("body"), "mend it")
    }

    #[test]
    fn a_hit_outweighs_a_pass_and_a_pass_outweighs_silence() {
        let skip = || Verdict::NotApplicable("why");
        assert_eq!(merge(vec![skip(), skip()]), skip());
        assert_eq!(merge(vec![skip(), Verdict::Pass]), Verdict::Pass);
        assert_eq!(
            merge(vec![Verdict::hit(hit("a")), Verdict::Pass, skip()]),
            Verdict::hit(hit("a"))
        );
    }

    #[test]
    fn every_rule_lands_in_exactly_one_list() {
        let (case, context) = Fixture::good().no_sni().leaf_expired().done();
        let judged = judge(case, &context);
        for rule in rules::ALL {
            let lists = [
                judged.findings.iter().any(|f| f.rule.code == rule.code),
                judged.passed.iter().any(|r| r.code == rule.code),
                judged.skipped.iter().any(|(r, _)| r.code == rule.code),
            ];
            let named = lists.iter().filter(|&&named| named).count();
            assert_eq!(named, 1, "{}: {lists:?}", rule.code);
        }
    }

    #[test]
    fn the_worst_comes_first() {
        let (case, context) = Fixture::good().no_sni().leaf_expired().done();
        let judged = judge(case, &context);
        let found: Vec<_> = judged
            .findings
            .iter()
            .map(|f| (f.rule.code, f.severity))
            .collect();
        assert_eq!(
            found,
            [("MT201", Severity::Error), ("MT302", Severity::Note)]
        );
    }

    #[test]
    fn an_empty_case_skips_everything_with_a_reason() {
        let (mut case, context) = Fixture::good().done();
        case.handshake = None;
        case.http.clear();
        let judged = judge(case, &context);
        assert!(judged.findings.is_empty() && judged.passed.is_empty());
        assert_eq!(judged.skipped.len(), rules::ALL.len());
    }

    #[test]
    fn only_the_rules_given_are_asked() {
        let (case, context) = Fixture::good().leaf_expired().done();
        let other = [rules::find("MT202").unwrap()];
        let judged = judge_with(&other, case, &context);
        assert!(judged.findings.is_empty());
        assert_eq!(judged.passed.len(), 1);
    }
}
