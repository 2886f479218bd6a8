//! One call: the object of `simulate`.

use serde::Serialize;

use super::FindingObject;
use crate::{
    engine::Judged,
    facts::{
        Alert, AnswerProblem, CallTimings, Ending, Expected, Header, Outcome, RejectedBy, Spelling,
        Stack, Step,
    },
    parse::ids,
};

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct HttpObject<'a> {
    status: u16,
    version: &'a str,
    headers: &'a [Header],
    body_bytes: usize,
    body: &'a str,
    valid_response: bool,
    problems: &'a [AnswerProblem],
    unknown_fields: &'a [String],
    spelling: Spelling,
    says: Option<&'a str>,
}

/// One call: an entry of `calls[]`, a line of `simulate --format jsonl`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct CallObject<'a> {
    kind: &'static str,
    url: &'a str,
    sender: &'a str,
    client: &'a str,
    expected: Expected,
    outcome: Outcome,
    as_expected: bool,
    stacks_differ: Option<&'a str>,
    /// The verifier whose answer is expected, where one was named; null where the recipe says what is expected.
    expected_by: Option<Stack>,
    rejected_by: Option<RejectedBy>,
    alert: Option<&'a Alert>,
    how: String,
    address: Option<&'a str>,
    client_certificate_asked: Option<bool>,
    client_certificates_sent: usize,
    protocol: Option<&'a str>,
    cipher: Option<String>,
    group: Option<String>,
    alpn: Option<&'a str>,
    http: Option<HttpObject<'a>>,
    ending: &'a Ending,
    timings_ms: &'a CallTimings,
    timeline: &'a [Step],
    /// Null where it is not known how long the sender waits.
    time_limit_ms: Option<u128>,
    findings: Vec<FindingObject<'a>>,
}

/// A case as a call; `None` when it holds none.
pub fn call(judged: &Judged) -> Option<CallObject<'_>> {
    let call = judged.case.call()?;
    let negotiated = call.dialled.tls.negotiated.as_ref();
    // A valid answer is one that no rule about answers finds at fault.
    let faulty = judged.findings.iter().any(|finding| {
        matches!(
            finding.rule.code,
            "MT505" | "MT506" | "MT507" | "MT508" | "MT509" | "MT512"
        )
    });
    Some(CallObject {
        kind: "call",
        url: &call.dialled.url,
        sender: &call.sender,
        client: &call.client,
        expected: call.expected,
        outcome: call.outcome(),
        as_expected: call.as_expected(),
        stacks_differ: call.differs.as_deref(),
        expected_by: call.expected_by,
        rejected_by: call.rejected_by(),
        alert: call.alert(),
        how: call.how(),
        address: call.dialled.address.as_deref(),
        client_certificate_asked: call.dialled.asked,
        client_certificates_sent: call.dialled.presented,
        protocol: negotiated.map(|negotiated| negotiated.protocol.as_str()),
        cipher: negotiated.map(|negotiated| ids::cipher_name(negotiated.cipher)),
        group: negotiated
            .and_then(|negotiated| negotiated.group)
            .map(ids::group_name),
        alpn: negotiated.and_then(|negotiated| negotiated.alpn.as_deref()),
        http: call.reply.as_ref().map(|reply| HttpObject {
            status: reply.status,
            version: &reply.version,
            headers: &reply.headers,
            body_bytes: reply.body_bytes,
            body: &reply.body,
            valid_response: !faulty
                && (200..300).contains(&reply.status)
                && reply.answer.problems.is_empty(),
            problems: &reply.answer.problems,
            unknown_fields: &reply.answer.unknown_fields,
            spelling: reply.answer.spelling,
            says: reply.answer.says.as_deref(),
        }),
        ending: &call.dialled.tls.ending,
        timings_ms: &call.dialled.timings,
        timeline: &call.dialled.tls.timeline,
        time_limit_ms: call.time_limit.map(|limit| limit.as_millis()),
        findings: judged.findings.iter().map(FindingObject::from).collect(),
    })
}
