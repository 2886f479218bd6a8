//! MT428.

use crate::{
    context::Context,
    facts::{Case, Ending, Place, Problem, Refusal, SIGNATURE_NOT_CHECKED, Side},
    finding::{Finding, Hit, Severity, Symptom, Verdict},
    rule,
    rules::{
        chain::chain_not_trusted, client::client_signature_invalid, client::verify_depth_cut,
        connection::server_signature_invalid, help::shell, webhook::certificate_refused,
    },
};

rule! {
    /// ## What it finds
    ///
    /// A connection that mtls rejected for a reason that no other finding reports as an
    /// error.
    ///
    /// ## Why it matters
    ///
    /// A rejection always needs a reason: no trust anchor to check against, a fault that is only a
    /// warning elsewhere, or something that could not be checked.
    ///
    /// ## How to fix it
    ///
    /// Fix what the message names. If there was no trust anchor, name the file that has it.
    ///
    /// ```text
    /// mtls listen --client-ca clients.pem --enforce
    /// mtls simulate https://webhook.example/hook --cacert ca.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446 section 6.2 (error alerts)
    pub static RULE = MT428 {
        name: "peer-refused",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 6.2", "2018-08")],
        faults: [],
        symptoms: [],
        check: After(check),
        fires_on: || Fixture::good()
            .refused(Refusal::NoAnchor, "there is no trust anchor to check the client against").done(),
        silent_on: || {
            let expired = Fixture::good().leaf_expired();
            let problem = expired.problem_of_client();
            expired.refused(Refusal::Chain(problem), "it was valid until yesterday").done()
        },
    }
}

/// A peer that we refused.
struct Refused<'a> {
    /// Which it was.
    side: Side,
    /// Its name in findings.
    subject: &'a str,
    ending: &'a Ending,
    refusal: Option<&'a Refusal>,
}

fn check(case: &Case, findings: &[Finding], _: &Context) -> Verdict {
    let mut refused = refused(case).peekable();
    if refused.peek().is_none() {
        return Verdict::NotApplicable("mtls rejected no one");
    }
    let hits = refused
        .filter(|refused| !findings.iter().any(|finding| explains(finding, refused)))
        .map(|refused| {
            let who = match refused.side {
                Side::Client => "client",
                Side::Server => "server",
            };
            let ending = refused.ending;
            let why = match ending.detail.as_str() {
                "" => ending.kind.words(),
                detail => detail,
            };
            let hit = Hit::new(
                format!("mtls rejected the {who}: {why}"),
                refused.subject,
                Place::wire(refused.side, "Certificate"),
                match refused.refusal {
                    Some(Refusal::NoAnchor) => "name the file with its trust anchor",
                    Some(Refusal::Chain(problem)) if problem.error.num == SIGNATURE_NOT_CHECKED => {
                        "have it signed with an algorithm that every stack supports, or check it with OpenSSL"
                    }
                    _ => "fix what the message names",
                },
            );
            match (refused.refusal, refused.side) {
                (Some(Refusal::NoAnchor), Side::Client) => {
                    hit.step("mtls listen --client-ca clients.pem --enforce")
                }
                (Some(Refusal::NoAnchor), Side::Server) => {
                    hit.step(format!("mtls simulate {} --cacert ca.pem", shell(refused.subject)))
                }
                _ => hit,
            }
        });
    Verdict::from_hits(hits.collect())
}

fn refused(case: &Case) -> impl Iterator<Item = Refused<'_>> {
    let incoming = case.accepted().into_iter().map(|handshake| Refused {
        side: match handshake.tls.seen_from {
            Side::Server => Side::Client,
            Side::Client => Side::Server,
        },
        subject: &handshake.peer,
        ending: &handshake.tls.ending,
        refusal: handshake.tls.refusal.as_ref(),
    });
    let outgoing = case.dialled().map(|dialled| Refused {
        side: Side::Server,
        subject: &dialled.url,
        ending: &dialled.tls.ending,
        refusal: dialled.tls.refusal.as_ref(),
    });
    incoming
        .chain(outgoing)
        .filter(|refused| refused.ending.kind.is_refusal())
}

/// Whether this finding is an error that says why.
fn explains(finding: &Finding, refused: &Refused<'_>) -> bool {
    let of_the_peer =
        matches!(&finding.hit.place, Place::Wire { from, .. } if *from == refused.side);
    let is = |code: &str| finding.rule.code == code;
    let says_why = match refused.refusal {
        // It repeats the reason whatever it is.
        _ if is(certificate_refused::RULE.code) => true,
        Some(Refusal::Chain(problem)) => {
            speaks_of(finding, problem)
                || is(chain_not_trusted::RULE.code)
                || is(verify_depth_cut::RULE.code)
        }
        Some(Refusal::Verifiers(_)) => is(chain_not_trusted::RULE.code),
        Some(Refusal::NoAnchor) => false,
        Some(Refusal::Signature) => {
            is(client_signature_invalid::RULE.code) || is(server_signature_invalid::RULE.code)
        }
        // The TLS library's own reasons: what the peer offered, or did not send.
        None => true,
    };
    finding.severity == Severity::Error && of_the_peer && says_why
}

fn speaks_of(finding: &Finding, problem: &Problem) -> bool {
    let symptoms = finding.rule.symptoms;
    let breaks = problem
        .requirement
        .is_some_and(|requirement| symptoms.contains(&Symptom::Breaks(requirement)));
    breaks || symptoms.contains(&Symptom::Verify(problem.error.num))
}
