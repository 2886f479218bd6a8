//! An endpoint that was not seen is never passed: for every way to end before a handshake there is
//! an error.

use crate::{
    engine,
    facts::{EndingKind, Party, Phase},
    finding::Severity,
    report::{self, OverallVerdict},
    rules::{connection::fixture::ProbeFixture, webhook::fixture::CallFixture},
};

/// Every kind. The match has no wildcard, so that a new kind does not compile until it is added to
/// the list.
fn kinds() -> [EndingKind; 14] {
    use EndingKind::{
        Closed, Completed, Incompatible, Internal, Interrupted, Limit, NotTls, PeerAlert,
        ProtocolError, Refused, Reset, TimedOut, Unreachable, Unresolved,
    };
    let listed = |kind: EndingKind| match kind {
        Completed | Unresolved | Unreachable | Refused | Incompatible | PeerAlert | Closed
        | Reset | TimedOut | NotTls | ProtocolError | Limit | Interrupted | Internal => kind,
    };
    [
        Completed,
        Unresolved,
        Unreachable,
        Refused,
        Incompatible,
        PeerAlert,
        Closed,
        Reset,
        TimedOut,
        NotTls,
        ProtocolError,
        Limit,
        Interrupted,
        Internal,
    ]
    .map(listed)
}

#[test]
fn whatever_ends_before_a_handshake_is_an_error() {
    for kind in kinds() {
        for phase in [Phase::Connected, Phase::ClientHello, Phase::Handshake] {
            for by in [None, Some(Party::Us), Some(Party::Peer)] {
                for asked in [None, Some(true), Some(false)] {
                    let probed = ProbeFixture::good().probe(|probe| {
                        probe.dialled.asked = asked;
                        probe.dialled.tls.ending.kind = kind;
                        probe.dialled.tls.ending.phase = phase;
                        probe.dialled.tls.ending.sent_by = by;
                    });
                    let called = CallFixture::good().ended(kind, phase, by).call(|call| {
                        call.dialled.asked = asked;
                        call.dialled.server_shown = false;
                    });
                    for (what, (case, context)) in
                        [("inspect", probed.done()), ("simulate", called.done())]
                    {
                        let judged = engine::judge(case, &context);
                        let shown = format!("{what}: {kind:?} {phase:?} {by:?} {asked:?}");
                        let errors = judged.findings.iter();
                        let errors = errors.filter(|finding| finding.severity == Severity::Error);
                        assert!(errors.count() > 0, "{shown}");
                        assert_eq!(report::verdict(&judged), OverallVerdict::Fail, "{shown}");
                    }
                }
            }
        }
    }
}

/// Whoever asks no rule about it gets no PASS either; whoever has written down why it is known
/// does.
#[test]
fn no_rule_that_is_left_out_makes_an_unseen_endpoint_pass() {
    let unseen = || {
        let fixture = ProbeFixture::good().probe(|probe| {
            probe.dialled.asked = None;
            probe.dialled.tls.ending.kind = EndingKind::Incompatible;
            probe.dialled.tls.ending.phase = Phase::Handshake;
        });
        fixture.done()
    };
    let (case, context) = unseen();
    let judged = engine::judge_with(&[], case, &context);
    assert!(judged.findings.is_empty());
    assert_eq!(report::verdict(&judged), OverallVerdict::Fail);
    let (case, context) = ProbeFixture::good().done();
    let judged = engine::judge_with(&[], case, &context);
    assert_eq!(report::verdict(&judged), OverallVerdict::Pass);
}
