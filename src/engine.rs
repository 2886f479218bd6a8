//! Walks a case and asks the rules.
//!
//! For: `cli`, which judges what `net` and `parse` collected. Must not: know any particular rule,
//! or drop an answer: hit, pass and not-applicable are kept apart.

use jiff::Timestamp;

use crate::{
    context::Context,
    facts::{Bundle, Case, Chain, ChainUse, FileRole, Readiness, Token, TrustStatus},
    finding::{
        About, CertificateAt, Check, Finding, Hit, Rule, Severity, Suppressed, Symptom, Verdict,
    },
    outlook::readiness,
    rules,
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
    /// Whether somebody named the sender that it is about, and wants to know of it.
    pub sender_named: bool,
    /// Why the sender that was named had no part in this: nothing that was looked at says who gets
    /// in. `None` where it had, or where nobody named one.
    pub not_applied: Option<&'static str>,
    /// The moment that it was judged for.
    pub judged_at: Timestamp,
}

impl Judged {
    /// Adds what the same case came to for another sender: what is said of both is said once.
    pub fn join(&mut self, other: Self) {
        for finding in other.findings {
            let known = |one: &Finding| {
                one.rule.code == finding.rule.code
                    && one.about == finding.about
                    && one.hit.message == finding.hit.message
            };
            if !self.findings.iter().any(known) {
                self.findings.push(finding);
            }
        }
        by_weight(&mut self.findings);
        self.readiness.extend(other.readiness);
        let hit = |rule: &Rule| self.findings.iter().any(|one| one.rule.code == rule.code);
        self.passed.retain(|rule| !hit(rule));
        self.skipped.retain(|(rule, _)| !hit(rule));
    }

    /// Keeps these bundles of the case; findings stay with the chains that they are about.
    pub fn retain_bundles(&mut self, keep: impl Fn(&Bundle) -> bool) {
        let before = self.case.chains().count();
        let others = before - self.case.bundles.len();
        let mut kept: Vec<Option<usize>> = (0..others).map(Some).collect();
        let mut next = others;
        for bundle in &self.case.bundles {
            kept.push(keep(bundle).then(|| {
                next += 1;
                next - 1
            }));
        }
        self.case.bundles.retain(keep);
        let findings = self.findings.iter_mut();
        let known = self.suppressed.iter_mut().map(|known| &mut known.finding);
        for finding in findings.chain(known) {
            let moved = |chain: usize| kept.get(chain).copied().flatten();
            finding.about = match finding.about {
                About::Chain(chain) => moved(chain).map_or(About::Case, About::Chain),
                About::Link(chain, link) => {
                    moved(chain).map_or(About::Case, |chain| About::Link(chain, link))
                }
                other => other,
            };
        }
    }
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
        match ask(rule, &case, &findings, context) {
            Answer::Hit(hits) => findings.extend(
                hits.into_iter()
                    .map(|(about, hit)| Finding::new(rule, about, hit)),
            ),
            Answer::Pass => passed.push(rule),
            Answer::NotApplicable(reason) => skipped.push((rule, reason)),
        }
    }
    by_weight(&mut findings);
    Judged {
        readiness: readiness::of(&case, context),
        sender_named: context.profile.is_some() && !context.profile_assumed,
        not_applied: None,
        judged_at: context.now,
        case,
        findings,
        suppressed: Vec::new(),
        passed,
        skipped,
    }
}

/// The worst first, then by code.
fn by_weight(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then(a.rule.code.cmp(b.rule.code))
    });
}

/// Asks about each subject of the rule's kind; a case without any says so.
fn ask(rule: &Rule, case: &Case, findings: &[Finding], context: &Context) -> Answer {
    let (answers, nothing): (Answers, &'static str) = match rule.check {
        Check::Certificate(check) => (
            certificates(case)
                .map(|(about, at)| (about, weigh(rule, check(at, context), at.chain)))
                .collect(),
            "no certificate was seen",
        ),
        Check::Chain(check) => (
            identities(case)
                .map(|(about, chain)| (about, weigh(rule, check(chain, context), chain)))
                .collect(),
            "no certificate chain was seen",
        ),
        Check::Site(check) => (
            each(case.site(), |_| About::Site, |site| check(site, context)),
            "no server configuration was read",
        ),
        Check::Accepted(check) => (
            each(
                case.accepted(),
                |_| About::Connection,
                |one| check(one, context),
            ),
            "no connection was seen",
        ),
        Check::Http(check) => (
            each(case.http(), About::Exchange, |one| check(one, context)),
            "no HTTP request was seen",
        ),
        Check::Token(check) => (
            each(tokens(case), About::Token, |token| check(token, context)),
            "no bearer token was seen",
        ),
        Check::Call(check) => (
            each(
                case.call(),
                |_| About::Connection,
                |call| check(call, context),
            ),
            "no call was made",
        ),
        Check::Dialled(check) => (
            each(
                case.dialled(),
                |_| About::Connection,
                |dialled| check(dialled, context),
            ),
            "no server was called",
        ),
        Check::Probe(check) => (
            each(
                case.inspected().iter().filter_map(|one| one.probe.as_ref()),
                |_| About::Connection,
                |probe| check(probe, context),
            ),
            "no endpoint was inspected",
        ),
        Check::File(check) => (
            case.files
                .iter()
                .enumerate()
                // A configuration is judged as what it configures.
                .filter(|(_, file)| file.meant_as != FileRole::Config)
                .map(|(place, file)| (About::File(place), check(file, context)))
                .collect(),
            "no file was read",
        ),
        Check::Bundle(check) => (
            // They are the last of the chains.
            each(
                &case.bundles,
                |place| About::Chain(case.chains().count() - case.bundles.len() + place),
                |bundle| check(bundle, context),
            ),
            "no chain was read from a file",
        ),
        Check::Case(check) => (one(check(case, context)), ""),
        Check::After(check) => (one(check(case, findings, context)), ""),
    };
    answers.merged(nothing)
}

/// Every certificate of every chain.
fn certificates(case: &Case) -> impl Iterator<Item = (About, CertificateAt<'_>)> {
    case.chains().enumerate().flat_map(|(place, chain)| {
        chain
            .certificates()
            .enumerate()
            .map(move |(index, certificate)| {
                let at = CertificateAt {
                    chain,
                    index,
                    certificate,
                };
                (About::Link(place, index), at)
            })
    })
}

/// Every chain but anchors, which are no chain: each of them is judged by itself.
fn identities(case: &Case) -> impl Iterator<Item = (About, &Chain)> {
    case.chains()
        .enumerate()
        .filter(|(_, chain)| chain.holds == ChainUse::Identity)
        .map(|(place, chain)| (About::Chain(place), chain))
}

/// Every bearer token: those of requests, then the one that was given by itself.
fn tokens(case: &Case) -> impl Iterator<Item = &Token> {
    case.http()
        .iter()
        .filter_map(|exchange| exchange.token.as_ref())
        .chain(case.token())
}

/// Asks about each of these.
fn each<'a, T: 'a>(
    subjects: impl IntoIterator<Item = &'a T>,
    about: impl Fn(usize) -> About,
    check: impl Fn(&'a T) -> Verdict,
) -> Answers {
    subjects
        .into_iter()
        .enumerate()
        .map(|(place, subject)| (about(place), check(subject)))
        .collect()
}

/// A verdict on the whole case.
fn one(verdict: Verdict) -> Answers {
    std::iter::once((About::Case, verdict)).collect()
}

/// What a rule about verification holds against a chain is no error where the mainstream verifiers,
/// or those that were asked for, accept it all the same, nor where few of them refuse it: the rule
/// that says so says who does.
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

/// What a rule says of all that it was asked about.
#[derive(Debug, PartialEq)]
enum Answer {
    NotApplicable(&'static str),
    Pass,
    Hit(Vec<(About, Hit)>),
}

/// The verdicts of one rule as they come: a listener asks every rule about every connection, and
/// nearly none has a hit.
#[derive(Debug, Default)]
struct Answers {
    hits: Vec<(About, Hit)>,
    looked: bool,
    reason: Option<&'static str>,
}

impl FromIterator<(About, Verdict)> for Answers {
    fn from_iter<I: IntoIterator<Item = (About, Verdict)>>(verdicts: I) -> Self {
        let mut answers = Self::default();
        for (about, verdict) in verdicts {
            match verdict {
                Verdict::Hit(more) => {
                    answers.looked = true;
                    let more = more.into_iter().map(|hit| (about, hit));
                    answers.hits.extend(more);
                }
                Verdict::Pass => answers.looked = true,
                Verdict::NotApplicable(why) => answers.reason = answers.reason.or(Some(why)),
            }
        }
        answers
    }
}

impl Answers {
    /// One answer out of many: any hit outweighs every pass, any pass outweighs every
    /// not-applicable. `nothing` is the reason where nobody was asked.
    fn merged(self, nothing: &'static str) -> Answer {
        match self {
            Self { hits, .. } if !hits.is_empty() => Answer::Hit(hits),
            Self { looked: true, .. } => Answer::Pass,
            Self { reason, .. } => Answer::NotApplicable(reason.unwrap_or(nothing)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{facts::Place, rules::fixture::Fixture};

    fn hit(message: &str) -> Hit {
        Hit::new(message, "it", Place::http("body"), "mend it")
    }

    #[test]
    fn a_hit_outweighs_a_pass_and_a_pass_outweighs_silence() {
        let skip = || (About::Case, Verdict::NotApplicable("why"));
        let pass = || (About::Chain(1), Verdict::Pass);
        let merge = |verdicts: Vec<(About, Verdict)>| {
            verdicts.into_iter().collect::<Answers>().merged("nothing")
        };
        assert_eq!(merge(vec![]), Answer::NotApplicable("nothing"));
        assert_eq!(merge(vec![skip(), skip()]), Answer::NotApplicable("why"));
        assert_eq!(merge(vec![skip(), pass()]), Answer::Pass);
        assert_eq!(
            merge(vec![
                (About::File(2), Verdict::hit(hit("a"))),
                pass(),
                skip()
            ]),
            Answer::Hit(vec![(About::File(2), hit("a"))])
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
        case.subject = crate::facts::Deployment::default().into();
        let judged = judge(case, &context);
        assert!(judged.findings.is_empty() && judged.passed.is_empty());
        assert_eq!(judged.skipped.len(), rules::ALL.len());
    }

    #[test]
    fn findings_stay_with_their_chains_when_another_is_taken_out() {
        let anchors = || crate::rules::chain::fixture::root_of(0);
        let (mut case, context) = Fixture::files()
            .block(0, |leaf| {
                leaf.not_after = "2026-11-01T00:00:00Z".parse().unwrap();
            })
            .file_problem(0, 10)
            .client_anchors(vec![anchors()])
            .done();
        // The chain is the second now.
        case.bundles.reverse();
        let mut judged = judge(case, &context);
        let expired = |judged: &Judged| {
            let mut found = judged.findings.iter();
            found.find(|one| one.rule.code == "MT201").unwrap().about
        };
        assert_eq!(expired(&judged), About::Chain(1));
        judged.retain_bundles(|bundle| bundle.chain.holds == ChainUse::Identity);
        assert_eq!(expired(&judged), About::Chain(0));
        assert!(!judged.case.chain(0).unwrap().links.is_empty());
        judged.retain_bundles(|_| false);
        assert_eq!(expired(&judged), About::Case);
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
