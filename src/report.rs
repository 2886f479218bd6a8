//! What came out of a run, as data for renderers.
//!
//! For: `render`, which turns it into text, and `cli`, which turns it into an exit code.
//! Must not: format for any output, or judge anything anew.

pub mod fingerprint;
pub mod load;
pub mod policy;
pub mod tally;

use std::io;

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    engine::Judged,
    facts::{
        Certificate, Chain, Holds, Outlook, Place, Readiness, Side, StackReason, TrustFacts,
        TrustStatus,
    },
    finding::{Finding, Severity, Symptom},
    rules,
};

/// The answer in one word.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum OverallVerdict {
    /// Nothing worse than a note.
    #[default]
    Pass,
    /// A warning at worst.
    Warn,
    /// Something that was asked could not be answered: neither good nor bad was proven.
    Unknown,
    /// At least one error.
    Fail,
}

/// The mildest finding that makes a run fail (`--fail-on`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Errors.
    #[default]
    Error,
    /// Warnings and errors.
    Warning,
    /// Any finding.
    Note,
    /// Nothing does.
    Never,
}

impl FailOn {
    /// Whether a run with these findings fails.
    pub fn fails(self, summary: &Summary) -> bool {
        match self {
            Self::Error => summary.error > 0,
            Self::Warning => summary.error + summary.warning > 0,
            Self::Note => summary.error + summary.warning + summary.note > 0,
            Self::Never => false,
        }
    }
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Summary {
    /// Errors.
    pub error: u64,
    /// Warnings.
    pub warning: u64,
    /// Notes.
    pub note: u64,
}

impl Summary {
    /// Counts these findings.
    pub fn of(findings: &[Finding]) -> Self {
        let mut summary = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Error => summary.error += 1,
                Severity::Warning => summary.warning += 1,
                Severity::Note => summary.note += 1,
            }
        }
        summary
    }

    /// Adds another count to this one.
    pub fn add(&mut self, other: Self) {
        self.error += other.error;
        self.warning += other.warning;
        self.note += other.note;
    }

    /// The verdict that these counts come to.
    pub fn verdict(&self) -> OverallVerdict {
        if self.error > 0 {
            OverallVerdict::Fail
        } else if self.warning > 0 {
            OverallVerdict::Warn
        } else {
            OverallVerdict::Pass
        }
    }
}

/// The verdict on one case.
pub fn verdict(judged: &Judged) -> OverallVerdict {
    Summary::of(&judged.findings)
        .verdict()
        .max(verdict_on_chains(judged))
}

/// What was looked at brings to the verdict, whatever the findings weigh: its chains, and an endpoint that was not seen.
fn verdict_on_chains(judged: &Judged) -> OverallVerdict {
    if untrusted(judged) || unseen(judged) {
        OverallVerdict::Fail
    } else if unanswered(judged).is_some() {
        OverallVerdict::Unknown
    } else {
        OverallVerdict::Pass
    }
}

/// The first chain that there were anchors for and that could not be judged by them all the same.
pub fn unanswered(judged: &Judged) -> Option<&TrustFacts> {
    judged
        .case
        .chains()
        .filter_map(|chain| chain.trust.as_ref())
        .find(|trust| trust.unanswered())
}

/// Whether an inspected server has to do with a sender: one that names none of its CAs need not be meant for it; where it is, a finding
/// says so.
pub fn concerns(judged: &Judged, readiness: &Readiness) -> bool {
    readiness.outlook != Outlook::Broken
        || judged
            .findings
            .iter()
            .any(|finding| finding.hit.readiness.as_ref() == Some(&readiness.id()))
}

/// The certificate that ends first, of all that the inspected chains need.
pub fn first_end(judged: &Judged) -> Option<&Certificate> {
    let added = judged.case.chains().flat_map(Chain::added);
    // Anchors by themselves end too.
    let identity = judged
        .case
        .chains()
        .any(|chain| chain.holds == Holds::Identity && !chain.links.is_empty());
    judged
        .case
        .chains()
        .filter(|chain| !identity || chain.holds == Holds::Identity)
        .flat_map(|chain| chain.certificates())
        .chain(added)
        .filter(|certificate| certificate.unreadable.is_none())
        .min_by_key(|certificate| certificate.not_after)
}

/// Whether a chain that was inspected is not trusted: `inspect` fails then, whatever the findings weigh.
pub fn untrusted(judged: &Judged) -> bool {
    let mut chains = judged.case.chains();
    judged.case.inspected.is_some()
        && chains.any(|chain| {
            chain
                .trust
                .as_ref()
                .is_some_and(|trust| trust.status == TrustStatus::Untrusted)
        })
}

/// Whether an endpoint that was inspected showed neither a chain nor a handshake: `inspect` fails then, whichever rules were asked.
/// An error about it that is known to its owner is taken for a note of just that.
pub fn unseen(judged: &Judged) -> bool {
    let probe = judged
        .case
        .inspected
        .as_ref()
        .and_then(|inspected| inspected.probe.as_ref());
    let mut known = judged.suppressed.iter();
    probe.is_some_and(|probe| !probe.judged())
        && !known.any(|known| known.finding.severity == Severity::Error)
}

/// The rule that knows why a stack refuses a chain.
pub fn stack_reason(reason: &StackReason, role: Side) -> Option<&'static str> {
    let breaks = reason.requirement.and_then(|requirement| {
        let symptom = Symptom::Breaks(requirement);
        rules::ALL
            .iter()
            .find(|rule| rule.symptoms.contains(&symptom))
            .map(|rule| rule.code)
    });
    breaks.or_else(|| rules::code_for_verify_error(reason.error?.num, role))
}

/// The codes behind `status`: of what every verifier that counts refuses, or of what some refuse; by the letter where that
/// decides, and where no verifier was asked.
pub fn chain_reasons(judged: &Judged, place: usize) -> Vec<&'static str> {
    let Some((chain, trust)) = judged_chain(judged, place) else {
        return Vec::new();
    };
    let letter = letter_reasons(judged, place);
    if trust.letter.is_none() || !letter.is_empty() && trust.letter == Some(trust.status) {
        return letter;
    }
    let mut reasons = Vec::new();
    if matches!(trust.status, TrustStatus::Untrusted | TrustStatus::Disputed) {
        for reason in trust.stacks.iter().flat_map(|verdict| &verdict.reasons) {
            let code = stack_reason(reason, chain.role);
            reasons.extend(code.filter(|code| !reasons.contains(code)));
        }
    }
    reasons
}

/// The codes behind a chain's problems: the rules that hit and know the problem's number, else the one that catches the
/// rest, else the first rule that knows the number. Each once, in the order of the problems.
pub fn letter_reasons(judged: &Judged, place: usize) -> Vec<&'static str> {
    let Some((chain, trust)) = judged_chain(judged, place) else {
        return Vec::new();
    };
    let here: Vec<&Finding> = judged
        .findings
        .iter()
        .filter(|finding| is_about(judged, finding, place))
        .collect();
    let mut reasons = Vec::new();
    for problem in &trust.problems {
        let having = |symptom: Symptom| -> Vec<&'static str> {
            here.iter()
                .filter(|finding| finding.rule.symptoms.contains(&symptom))
                .map(|finding| finding.rule.code)
                .collect()
        };
        // A requirement has one rule; a number may have several.
        let mut codes = problem
            .requirement
            .map(|requirement| having(Symptom::Breaks(requirement)))
            .unwrap_or_default();
        if codes.is_empty() {
            codes = having(Symptom::Verify(problem.error.num));
        }
        // A file that nobody judged is at fault for what was found only: that its path ends is then none.
        let asked =
            trust.status == TrustStatus::Untrusted || trust.unanswered() || !chain.in_file();
        if codes.is_empty() && asked {
            codes.extend(
                here.iter()
                    .map(|finding| finding.rule.code)
                    .find(|&code| code == rules::chain::chain_not_trusted::RULE.code)
                    .or_else(|| rules::code_for_verify_error(problem.error.num, chain.role)),
            );
        }
        for code in codes {
            if !reasons.contains(&code) {
                reasons.push(code);
            }
        }
    }
    reasons
}

/// The chain at this place of the case, and what path validation said of it.
fn judged_chain(judged: &Judged, place: usize) -> Option<(&Chain, &TrustFacts)> {
    let chain = judged.case.chain(place)?;
    Some((chain, chain.trust.as_ref()?))
}

/// Whether a finding is about the chain at this place, or about the file that it is in.
pub fn is_about(judged: &Judged, finding: &Finding, place: usize) -> bool {
    match finding.about.chain() {
        Some(chain) => chain == place,
        None => match &finding.hit.place {
            Place::File { path, .. } => judged
                .case
                .chain(place)
                .is_some_and(|chain| chain.is_in(path)),
            Place::Wire { .. } | Place::Http { .. } => false,
        },
    }
}

/// What a run was expected to see (`--expect`), and whether it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Expectation {
    /// As the user wrote it.
    pub wanted: String,
    /// Whether it was seen.
    pub met: bool,
    /// Why, or why not.
    pub why: String,
}

/// What a run over many endpoints counts besides findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Fleet {
    /// The part that was looked at, `m/n`; `None` = all.
    pub shard: Option<String>,
    /// Endpoints left out because an earlier run has them.
    pub resumed: u64,
    /// Endpoints to which no TCP connection could be made.
    pub unreachable: u64,
    /// Lines and targets that are none.
    pub malformed: u64,
}

/// A whole run, once it is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Run {
    /// The subcommand.
    pub command: &'static str,
    /// How many cases were judged.
    pub cases: u64,
    /// The findings of all of them.
    pub summary: Summary,
    /// The worst verdict among them.
    pub verdict: OverallVerdict,
    /// What the program exits with.
    pub exit_code: u8,
    /// What was expected, if anything was.
    pub expectation: Option<Expectation>,
    /// When the run began.
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// When it ended.
    #[schemars(with = "String")]
    pub ended: Timestamp,
    /// Whether senders are accepted, by all that was seen.
    pub readiness: Vec<Readiness>,
    /// Of a run of `inspect`.
    pub fleet: Option<Fleet>,
    /// Results that standard output did not take, because nobody read it; files have them.
    pub not_printed: u64,
}

/// Where results go. One call of `case` a case, in the order in which they end; `finish` once, at the end, even after an interrupt.
pub trait Sink {
    /// A case that is still open: what is known by now.
    fn progress(&mut self, _judged: &Judged) -> io::Result<()> {
        Ok(())
    }

    /// A case that is over.
    fn case(&mut self, judged: &Judged) -> io::Result<()>;

    /// Figures of many calls, after the cases that stand for them.
    fn load(&mut self, _load: &load::Load) -> io::Result<()> {
        Ok(())
    }

    /// The end of the run.
    fn finish(&mut self, run: &Run) -> io::Result<()>;
}

/// Hands everything to several sinks.
pub struct Several(pub Vec<Box<dyn Sink>>);

impl Sink for Several {
    fn progress(&mut self, judged: &Judged) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|sink| sink.progress(judged))
    }

    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|sink| sink.case(judged))
    }

    fn load(&mut self, load: &load::Load) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|sink| sink.load(load))
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|sink| sink.finish(run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::judge, rules::fixture::Fixture};

    fn judged(fixture: Fixture) -> Judged {
        let (case, context) = fixture.done();
        judge(case, &context)
    }

    fn reasons(fixture: Fixture) -> Vec<&'static str> {
        let judged = judged(fixture);
        chain_reasons(&judged, 0)
    }

    #[test]
    fn the_verdict_is_that_of_the_worst_finding() {
        assert_eq!(verdict(&judged(Fixture::good())), OverallVerdict::Pass);
        assert_eq!(
            verdict(&judged(Fixture::good().no_sni())),
            OverallVerdict::Pass
        );
        assert_eq!(
            verdict(&judged(Fixture::good().no_client_certificate())),
            OverallVerdict::Warn
        );
        assert_eq!(
            verdict(&judged(Fixture::good().leaf_expired())),
            OverallVerdict::Fail
        );
    }

    #[test]
    fn what_was_asked_and_not_answered_is_no_pass() {
        let open = || Fixture::good().signature_not_checked();
        assert_eq!(verdict(&judged(open())), OverallVerdict::Unknown);
        assert_eq!(reasons(open()), ["MT426"]);
        // Not even where its warning is known to the owner.
        let mut quiet = judged(open());
        quiet.findings.clear();
        assert_eq!(verdict(&quiet), OverallVerdict::Unknown);
        // An error is worse: that much is known.
        let no_host = open().http(|exchange| exchange.json_ok = Some(false));
        assert!(verdict(&judged(no_host)) >= OverallVerdict::Unknown);
        let worse = open().problem(1, 10);
        assert_eq!(verdict(&judged(worse)), OverallVerdict::Fail);
        // Without an anchor nothing was asked.
        assert_eq!(
            verdict(&judged(Fixture::good().no_anchors())),
            OverallVerdict::Pass
        );
    }

    #[test]
    fn the_bar_of_failing_can_be_moved() {
        let warned = Summary {
            warning: 1,
            ..Summary::default()
        };
        let fails = [FailOn::Error, FailOn::Warning, FailOn::Note, FailOn::Never]
            .map(|bar| bar.fails(&warned));
        assert_eq!(fails, [false, true, true, false]);
    }

    #[test]
    fn reasons_are_the_rules_that_hit() {
        let good = Fixture::good;
        assert!(reasons(good()).is_empty());
        let missing = good().leaf_only().problem(0, 20).problem(0, 21);
        assert_eq!(reasons(missing), ["MT203"]);
        assert_eq!(reasons(good().problem(1, 20)), ["MT403"]);
        assert_eq!(
            reasons(good().leaf_expired().problem(1, 20)),
            ["MT201", "MT403"]
        );
        assert_eq!(reasons(good().problem(0, 45)), ["MT410"]);
    }

    #[test]
    fn without_a_finding_the_number_still_names_its_rule() {
        let fixture = good_without_anchors();
        assert_eq!(reasons(fixture), ["MT203"]);
    }

    fn good_without_anchors() -> Fixture {
        Fixture::good().no_anchors().chain(|chain| {
            crate::rules::fixture::add_problem(chain, 0, 20);
            if let Some(trust) = &mut chain.trust {
                trust.status = crate::facts::TrustStatus::Unknown;
            }
        })
    }

    #[test]
    fn words_for_machines_are_lower_case() {
        let word = |value| serde_json::to_string(&value).unwrap();
        assert_eq!(word(OverallVerdict::Warn), "\"warn\"");
        assert_eq!(word(OverallVerdict::Unknown), "\"unknown\"");
        assert_eq!(serde_json::to_string(&FailOn::Never).unwrap(), "\"never\"");
    }
}
