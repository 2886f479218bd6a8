//! What came out of a run, as data for renderers.
//!
//! For: `render`, which turns it into text, and `cli`, which turns it into an exit code.
//! Must not: format for any output, or judge anything anew.

mod chain_reasons;
pub mod diff;
pub mod fingerprint;
pub mod load;
pub mod policy;
mod run;
mod server;
pub mod tally;

use serde::Serialize;

pub use chain_reasons::{chain_reasons, is_about, letter_reasons, stack_reason};
pub use run::{Command, Expectation, Fleet, Run, Several, Sink};
pub use server::admits;

use crate::{
    engine::Judged,
    facts::{
        Admitted, Certificate, Chain, ChainUse, EndingKind, FileFacts, FileRole, Outlook,
        Readiness, RequestKey, RequestSignature, RevocationStatus, TrustFacts, TrustStatus,
    },
    finding::{Finding, Severity},
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

/// What was looked at brings to the verdict, whatever the findings weigh: its chains, and an
/// endpoint that was not seen.
fn verdict_on_chains(judged: &Judged) -> OverallVerdict {
    if untrusted(judged) || unseen(judged) {
        OverallVerdict::Fail
    } else if open(judged).is_some() {
        OverallVerdict::Unknown
    } else {
        OverallVerdict::Pass
    }
}

/// What was asked and could not be answered, in a few words: a chain that could not be judged, or by
/// which authorities a server judges its clients.
pub fn open(judged: &Judged) -> Option<&str> {
    let chain = unanswered(judged).map(|trust| match trust.problems.first() {
        Some(problem) => problem.why.as_str(),
        None => "a chain could not be checked",
    });
    let site = judged.case.site();
    chain
        .or_else(|| server::open_site(judged, site?))
        .or_else(|| open_sender(judged))
        .or_else(|| open_client(judged))
        .or(judged.not_applied)
        .or_else(|| open_request(judged))
        .or_else(|| open_key(judged))
        .or_else(|| open_document(judged))
        .or_else(|| open_handshake(judged))
        .or_else(|| open_case(judged))
        .or_else(|| open_revocation(judged))
}

/// Whether a certificate is revoked, where that was asked and no answer could be verified.
fn open_revocation(judged: &Judged) -> Option<&'static str> {
    let mut asked = judged.case.chains().flat_map(Chain::revocations);
    let open = asked.any(|one| one.status == RevocationStatus::Unknown);
    open.then_some("whether a certificate is revoked is not known")
}

/// Whether a client that was named is accepted, where that is not known.
fn open_client(judged: &Judged) -> Option<&str> {
    let mut would = judged.case.would().iter();
    let open = would.find(|one| one.outcome == Admitted::Unknown)?;
    Some(&open.why)
}

/// A request whose own signature, or whose key, could not be checked.
fn open_request(judged: &Judged) -> Option<&str> {
    let mut requests = judged.case.files.iter().flat_map(FileFacts::requests);
    requests.find_map(|(_, request)| match (&request.signature, &request.key) {
        (RequestSignature::NotChecked(_), _) => Some("the request's own signature was not checked"),
        (_, RequestKey::NotCompared { .. }) => Some("the key was not compared with the request"),
        _ => None,
    })
}

/// A key that was given and could not be compared with its certificate. Who asks about a sender asks
/// about its chain.
fn open_key(judged: &Judged) -> Option<&'static str> {
    let mut keys = judged
        .case
        .bundles
        .iter()
        .filter(|bundle| bundle.chain.holds == ChainUse::Identity)
        .filter_map(|bundle| bundle.key.as_ref());
    let open = judged.readiness.is_empty() && keys.any(|key| key.problem.is_some());
    open.then_some("whether the key belongs to the certificate was not checked")
}

/// A configuration that was not judged: one of a kind that is not read, or an entry of a document,
/// since the files that it names are where it is mounted.
fn open_document(judged: &Judged) -> Option<&str> {
    let mut files = judged.case.files.iter();
    let inside = files
        .find(|file| file.meant_as == FileRole::Config)
        .filter(|_| judged.case.site().is_none())?;
    let own = inside
        .items
        .first()
        .and_then(|item| item.problem.as_deref());
    Some(own.unwrap_or(
        "a server configuration inside the document was not judged; write it to a file beside the files that it names, and lint that file",
    ))
}

/// A client that this program left before it could show itself.
fn open_handshake(judged: &Judged) -> Option<&'static str> {
    let tls = &judged.case.accepted()?.tls;
    let left = tls.ending.kind == EndingKind::Interrupted && !tls.handshaken();
    left.then_some("nothing was proven")
}

/// A recorded case without anything that could be judged again.
fn open_case(judged: &Judged) -> Option<&'static str> {
    let nothing = judged.case.then().is_some() && judged.case.bundles.is_empty();
    nothing.then_some("the case has no client certificate that could be judged again")
}

/// Whether a sender that was named is accepted, where nothing shows it.
fn open_sender(judged: &Judged) -> Option<&'static str> {
    // Each of the senders that were named has an answer of its own.
    let open = |sender: &str| {
        let mut answers = judged.readiness.iter().filter(|one| one.profile == sender);
        answers.all(|one| one.outlook == Outlook::Uncertain)
    };
    let unseen = judged.readiness.iter().any(|one| open(&one.profile));
    (judged.sender_named && unseen).then_some("whether the sender is accepted is not known")
}

/// The first chain that there were anchors for and that could not be judged by them all the same.
fn unanswered(judged: &Judged) -> Option<&TrustFacts> {
    judged
        .case
        .chains()
        .filter_map(|chain| chain.trust.as_ref())
        .find(|trust| trust.unanswered())
}

/// Whether what was looked at has to do with a sender: a server that names none of its CAs need not be
/// meant for it; where it is, a finding says so. One that was asked about by name is the reason of
/// the errors, but never the answer beside a pass (`--ignore`).
pub fn concerns(judged: &Judged, readiness: &Readiness) -> bool {
    (judged.sender_named && Summary::of(&judged.findings).error > 0)
        || readiness.outlook != Outlook::Broken
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
        .any(|chain| chain.holds == ChainUse::Identity && !chain.links.is_empty());
    judged
        .case
        .chains()
        .filter(|chain| !identity || chain.holds == ChainUse::Identity)
        .flat_map(|chain| chain.certificates())
        .chain(added)
        .filter(|certificate| certificate.unreadable.is_none())
        .min_by_key(|certificate| certificate.not_after)
}

/// Whether a chain was judged by no trust anchor, since none was given or none of the public ones is
/// meant.
pub fn unanchored(judged: &Judged) -> bool {
    judged
        .case
        .chains()
        .filter_map(|chain| chain.trust.as_ref())
        .any(|trust| trust.status == TrustStatus::Unknown && !trust.unanswered())
}

/// Whether a chain that was inspected is not trusted: `inspect` fails then, whatever the findings
/// weigh.
pub fn untrusted(judged: &Judged) -> bool {
    let mut chains = judged.case.chains();
    judged.case.inspected().is_some()
        && chains.any(|chain| {
            chain
                .trust
                .as_ref()
                .is_some_and(|trust| trust.status == TrustStatus::Untrusted)
        })
}

/// Whether an endpoint that was inspected showed neither a chain nor a handshake: `inspect` fails
/// then, whichever rules were asked. An error about it that is known to its owner is taken for a
/// note of just that.
pub fn unseen(judged: &Judged) -> bool {
    let probe = judged.case.probe();
    let mut known = judged.suppressed.iter();
    probe.is_some_and(|probe| !probe.judged())
        && !known.any(|known| known.finding.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::judge,
        facts::{Party, Phase},
        rules::fixture::Fixture,
    };

    fn judged(fixture: Fixture) -> Judged {
        let (case, context) = fixture.done();
        judge(case, &context)
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

    /// What the end of the run cut off proves nothing; a request that it cut off had its handshake.
    #[test]
    fn a_handshake_that_the_run_left_is_no_pass() {
        let left = |phase| Fixture::good().ended(EndingKind::Interrupted, phase, Some(Party::Us));
        let of = |phase| verdict(&judged(left(phase)));
        assert_eq!(of(Phase::ClientHello), OverallVerdict::Unknown);
        assert_eq!(of(Phase::Handshake), OverallVerdict::Unknown);
        assert_eq!(of(Phase::Http), OverallVerdict::Pass);
    }

    #[test]
    fn what_was_asked_and_not_answered_is_no_pass() {
        let open = || Fixture::good().signature_not_checked();
        assert_eq!(verdict(&judged(open())), OverallVerdict::Unknown);
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

    /// It was an error that none is named, and then, wrongly, a pass.
    #[test]
    fn a_server_whose_authorities_were_not_read_is_no_pass() {
        use crate::{
            facts::NotUnderstood,
            rules::site::fixture::{SiteFixture, set},
        };
        let asked = |why: NotUnderstood| {
            let (case, context) = SiteFixture::strict()
                .with(|site| {
                    site.client_ca.clear();
                    site.not_understood.push(set(why, "as written"));
                })
                .done();
            judge(case, &context)
        };
        let elsewhere = asked(NotUnderstood::AuthoritiesInSecrets);
        assert_eq!(verdict(&elsewhere), OverallVerdict::Unknown);
        assert!(open(&elsewhere).is_some());
        let missing = asked(NotUnderstood::OwnCertificate);
        assert_eq!(verdict(&missing), OverallVerdict::Fail);
        let (case, context) = SiteFixture::strict().done();
        assert_eq!(verdict(&judge(case, &context)), OverallVerdict::Pass);
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
    fn words_for_machines_are_lower_case() {
        let word = |value| serde_json::to_string(&value).unwrap();
        assert_eq!(word(OverallVerdict::Warn), "\"warn\"");
        assert_eq!(word(OverallVerdict::Unknown), "\"unknown\"");
        assert_eq!(serde_json::to_string(&FailOn::Never).unwrap(), "\"never\"");
    }
}
