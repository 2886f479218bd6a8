//! From many cases to one run: counts, the expectation, the exit code.

use jiff::Timestamp;

use super::{Command, Expectation, FailOn, OverallVerdict, Run, Summary};
use crate::{
    engine::Judged,
    facts::{
        Accepted, Basis, ClientKind, EndingKind, FirstBytes, Outcome, Readiness, RejectedBy,
        Sighting, TokenKind, TrustFacts, TrustStatus,
    },
    outlook::readiness,
    profiles::Profile,
};

/// What a run of `listen` must see (`--expect`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// A client certificate that is not refused.
    Mtls,
    /// No client certificate.
    NoMtls,
    /// A JSON Web Token in the request.
    Token,
    /// The certificate of a sender profile.
    Profile(String),
}

impl Expect {
    /// As the user writes it.
    pub fn words(&self) -> String {
        match self {
            Self::Mtls => "mtls".to_owned(),
            Self::NoMtls => "no-mtls".to_owned(),
            Self::Token => "token".to_owned(),
            Self::Profile(name) => format!("profile:{name}"),
        }
    }

    /// `None` when the connection shows it, else what it shows instead.
    fn missing(&self, judged: &Judged, handshake: &Accepted) -> Option<String> {
        let chain = handshake.tls.client_chain.as_ref();
        let presented = chain.is_some_and(|chain| !chain.links.is_empty());
        let trust = chain.and_then(|chain| chain.trust.as_ref());
        match self {
            Self::Mtls if !handshake.tls.handshaken() => {
                Some("the handshake was not completed".to_owned())
            }
            Self::Mtls if !presented => Some("no client certificate was sent".to_owned()),
            Self::Mtls if trust.is_some_and(|trust| trust.status == TrustStatus::Untrusted) => {
                Some("the client certificate does not verify".to_owned())
            }
            Self::Mtls if trust.is_some_and(TrustFacts::unanswered) => {
                Some("the client certificate could not be verified".to_owned())
            }
            Self::Mtls => None,
            Self::NoMtls => presented.then(|| "a client certificate was sent".to_owned()),
            Self::Token => {
                let token = judged
                    .case
                    .http()
                    .iter()
                    .filter_map(|exchange| exchange.token.as_ref());
                let jwt: Vec<_> = token.filter(|token| token.kind == TokenKind::Jwt).collect();
                if jwt.is_empty() {
                    return Some("no request carried a JSON Web Token".to_owned());
                }
                // Where tokens are checked, one that does not hold is as good as none.
                let holds = jwt
                    .iter()
                    .any(|token| token.verified || token.check.is_none());
                (!holds).then(|| "the token does not hold".to_owned())
            }
            Self::Profile(name) => {
                let seen = chain.and_then(|chain| chain.profile.as_ref());
                match seen {
                    Some(seen) if seen.profile == *name => None,
                    Some(seen) => Some(format!("the certificate is that of {}", seen.profile)),
                    None => Some("the certificate is that of no known sender".to_owned()),
                }
            }
        }
    }
}

/// Collects a run.
#[derive(Debug)]
pub struct Tally {
    expect: Option<Expect>,
    fail_on: FailOn,
    wanted: Option<u64>,
    cases: u64,
    judgeable: u64,
    summary: Summary,
    first_miss: Option<String>,
    /// The worst that the chains brought to a verdict, whatever the findings weighed.
    chains: OverallVerdict,
    readiness: Vec<Readiness>,
    /// What was seen of senders: the profile's name (none for a call of ours, which stands for the
    /// profile that is rehearsed).
    seen: Vec<(Option<String>, Sighting)>,
    judged_at: Option<Timestamp>,
}

/// Sightings that are kept; a run of days need not remember them all.
const MOST_SEEN: usize = 10_000;

impl Tally {
    /// A tally for a run that expects this, fails at that, and was to see `wanted` connections.
    pub fn new(expect: Option<Expect>, fail_on: FailOn, wanted: Option<u64>) -> Self {
        Self {
            expect,
            fail_on,
            wanted,
            cases: 0,
            judgeable: 0,
            summary: Summary::default(),
            first_miss: None,
            chains: OverallVerdict::Pass,
            readiness: Vec::new(),
            seen: Vec::new(),
            judged_at: None,
        }
    }

    /// Adds a case that is over.
    pub fn add(&mut self, judged: &Judged) {
        self.cases += 1;
        self.summary.add(Summary::of(&judged.findings));
        self.chains = self.chains.max(super::verdict_on_chains(judged));
        // A server that was only looked at need not be meant for the sender.
        let meant =
            |one: &&Readiness| judged.case.inspected().is_none() || super::concerns(judged, one);
        for readiness in judged.readiness.iter().filter(meant) {
            if self.readiness.len() < MOST_SEEN && !self.readiness.contains(readiness) {
                self.readiness.push(readiness.clone());
            }
        }
        self.judged_at = Some(judged.judged_at);
        self.sight(judged);
        let Some(handshake) = judged.case.accepted() else {
            return;
        };
        // A port scan or health check says nothing about the sender that the run waits for.
        if handshake.first_bytes != FirstBytes::Tls
            || handshake.tls.ending.kind == EndingKind::Limit
        {
            return;
        }
        self.judgeable += 1;
        if let Some(expect) = &self.expect
            && self.first_miss.is_none()
            && let Some(miss) = expect.missing(judged, handshake)
        {
            self.first_miss = Some(format!("{}: {miss}", judged.case.title));
        }
    }

    /// Notes what the case shows of a sender's certificate.
    fn sight(&mut self, judged: &Judged) {
        if self.seen.len() >= MOST_SEEN {
            return;
        }
        if let Some(call) = judged.case.call()
            && let ClientKind::Sender(identity) = &call.client_kind
            && call.outcome() != Outcome::Unreachable
        {
            let sighting = Sighting {
                identity: identity.clone(),
                accepted: call.outcome() == Outcome::Accepted,
                how: call.how(),
                late: call.rejected_by() == Some(RejectedBy::HttpStatus),
            };
            self.seen.push((None, sighting));
        }
        let chain = judged
            .case
            .accepted()
            .and_then(|handshake| Some((handshake, handshake.tls.client_chain.as_ref()?)));
        if let Some((handshake, chain)) = chain
            && let Some(sender) = &chain.profile
        {
            // Where bad certificates are only shown, what a strict server would do counts.
            let refused = handshake.tls.ending.kind == EndingKind::Refused;
            let trust = chain.trust.as_ref();
            let bad = trust.is_some_and(|trust| trust.status == TrustStatus::Untrusted);
            let open = trust.is_some_and(TrustFacts::unanswered);
            let how = match (refused, bad, open) {
                (true, ..) => "rejected in the handshake",
                (false, true, _) => "a strict server would reject it",
                (false, false, true) => "its chain could not be checked",
                (false, false, false) => "its chain holds",
            };
            let sighting = Sighting {
                identity: sender.identity.clone(),
                accepted: !refused && !bad && !open,
                how: how.to_owned(),
                late: false,
            };
            self.seen.push((Some(sender.profile.clone()), sighting));
        }
    }

    /// The outlook on each of these senders of which something was seen.
    fn outlook(&self, senders: &[&Profile], now: Timestamp) -> Vec<Readiness> {
        let mut all = self.readiness.clone();
        for profile in senders {
            let seen: Vec<Sighting> = self
                .seen
                .iter()
                .filter(|(name, _)| name.as_ref().is_none_or(|name| *name == profile.name))
                .map(|(_, sighting)| sighting.clone())
                .collect();
            if seen.is_empty() {
                continue;
            }
            let count = seen.len() as u64;
            let grounds = if self.seen.iter().any(|(name, _)| name.is_none()) {
                Basis::Rehearsal { count }
            } else {
                Basis::Connections { count }
            };
            all.push(readiness::of_seen(profile, &seen, grounds, now));
        }
        all
    }

    /// The run as a whole; `senders` are those whose outlook is told where one was seen. With an
    /// expectation, that alone decides the exit code; else the findings do.
    pub fn finish(
        self,
        command: Command,
        started: Timestamp,
        ended: Timestamp,
        senders: &[&Profile],
    ) -> Run {
        let readiness = self.outlook(senders, self.judged_at.unwrap_or(ended));
        let short = self.wanted.filter(|&wanted| self.cases < wanted);
        let expectation = match (&self.expect, short) {
            (Some(expect), _) => {
                let miss = match self.first_miss {
                    Some(miss) => Some(miss),
                    None if self.judgeable == 0 => Some("no TLS connection arrived".to_owned()),
                    None => None,
                };
                Some(Expectation {
                    wanted: expect.words(),
                    met: miss.is_none(),
                    why: miss.unwrap_or_else(|| {
                        format!(
                            "{} seen on each of {} TLS connections",
                            expect.words(),
                            self.judgeable
                        )
                    }),
                })
            }
            (None, Some(wanted)) => Some(Expectation {
                wanted: format!("{wanted} connections"),
                met: false,
                why: format!(
                    "{} of {wanted} connections arrived before the run ended",
                    self.cases
                ),
            }),
            (None, None) => None,
        };
        let failed = match (&expectation, &self.expect) {
            (Some(expectation), Some(_)) => !expectation.met,
            (Some(_), None) => true,
            (None, _) => {
                self.fail_on.fails(&self.summary)
                    || (self.chains > OverallVerdict::Pass && self.fail_on != FailOn::Never)
            }
        };
        Run {
            command,
            cases: self.cases,
            summary: self.summary,
            verdict: self.summary.verdict().max(self.chains),
            exit_code: u8::from(failed),
            expectation,
            started,
            ended,
            readiness,
            fleet: None,
            not_printed: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::judge, rules::fixture::Fixture};

    fn run(expect: Option<Expect>, wanted: Option<u64>, fixtures: Vec<Fixture>) -> Run {
        let mut tally = Tally::new(expect, FailOn::Error, wanted);
        for fixture in fixtures {
            let (case, context) = fixture.done();
            tally.add(&judge(case, &context));
        }
        tally.finish(
            Command::Listen,
            Timestamp::UNIX_EPOCH,
            Timestamp::UNIX_EPOCH,
            &[],
        )
    }

    #[test]
    fn findings_decide_when_nothing_is_expected() {
        assert_eq!(run(None, None, vec![Fixture::good()]).exit_code, 0);
        assert_eq!(
            run(None, None, vec![Fixture::good().leaf_expired()]).exit_code,
            1
        );
    }

    #[test]
    fn what_could_not_be_answered_fails_a_run() {
        let open = || Fixture::good().signature_not_checked();
        let unknown = run(None, None, vec![Fixture::good(), open()]);
        assert_eq!(
            (unknown.verdict, unknown.exit_code),
            (OverallVerdict::Unknown, 1)
        );
        let failed = run(None, None, vec![open(), Fixture::good().leaf_expired()]);
        assert_eq!(failed.verdict, OverallVerdict::Fail);
        let expected = run(Some(Expect::Mtls), None, vec![open()]);
        assert_eq!(expected.exit_code, 1);
        assert_eq!(
            expected.expectation.map(|expectation| expectation.met),
            Some(false)
        );
        let mut never = Tally::new(None, FailOn::Never, None);
        let (case, context) = open().done();
        never.add(&judge(case, &context));
        let never = never.finish(
            Command::Lint,
            Timestamp::UNIX_EPOCH,
            Timestamp::UNIX_EPOCH,
            &[],
        );
        assert_eq!(
            (never.verdict, never.exit_code),
            (OverallVerdict::Unknown, 0)
        );
    }

    #[test]
    fn an_expectation_decides_alone() {
        assert_eq!(
            run(Some(Expect::Mtls), None, vec![Fixture::good()]).exit_code,
            0
        );
        let none = || Fixture::good().no_client_certificate();
        assert_eq!(run(Some(Expect::Mtls), None, vec![none()]).exit_code, 1);
        assert_eq!(run(Some(Expect::NoMtls), None, vec![none()]).exit_code, 0);
        assert_eq!(
            run(
                Some(Expect::Mtls),
                None,
                vec![Fixture::good().leaf_expired()]
            )
            .exit_code,
            1
        );
    }

    #[test]
    fn one_miss_among_many_is_a_miss() {
        let run = run(
            Some(Expect::Mtls),
            None,
            vec![
                Fixture::good(),
                Fixture::good().no_client_certificate(),
                Fixture::good(),
            ],
        );
        assert!(
            run.expectation
                .unwrap()
                .why
                .contains("no client certificate")
        );
        assert_eq!(run.exit_code, 1);
    }

    #[test]
    fn nothing_seen_is_not_as_expected() {
        assert_eq!(run(Some(Expect::NoMtls), None, vec![]).exit_code, 1);
        let short = run(None, Some(2), vec![Fixture::good()]);
        assert_eq!(short.exit_code, 1);
        assert_eq!(
            short.expectation.unwrap().why,
            "1 of 2 connections arrived before the run ended"
        );
    }
}
