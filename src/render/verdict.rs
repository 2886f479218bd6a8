//! What was looked at in one sentence, and the finding to begin with.
//!
//! For: `answer`, and every renderer for people. Must not: judge, or know how it is printed.

use jiff::Timestamp;

use super::words::{self, amount, ending_words};
use crate::{
    engine::Judged,
    facts::{
        Accepted, Admitted, AuthMode, Call, Certificate, Chain, ChainUse, ClientAuth, ClientKind,
        EndingKind, FileFacts, FirstBytes, Inspected, Outcome, Part, Readiness, Request,
        RequestKey, RequestSignature, Side, Subject, TrustFacts, TrustStatus, common_name,
    },
    finding::{Finding, Severity},
    report,
    rules::help::span,
};

/// What was looked at and what became of it, without what the findings say; not escaped.
pub(super) fn facts(judged: &Judged, now: Timestamp) -> String {
    match &judged.case.subject {
        Subject::Accepted(accepted) => of_connection(accepted),
        Subject::Call(call) => of_call(call),
        Subject::Inspected(inspected) => of_inspected(judged, inspected, now),
        Subject::Deployment(_) | Subject::Token(_) => of_files(judged, now),
    }
}

/// Errors and warnings.
pub(super) fn loud(judged: &Judged) -> impl Iterator<Item = &Finding> {
    judged
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Note)
}

/// What the page begins with: of the worst findings the one about the sender, when it is among
/// them, else the first.
pub(super) fn worst(judged: &Judged) -> Option<&Finding> {
    let first = judged
        .findings
        .first()
        .filter(|finding| finding.severity > Severity::Note)?;
    let about_the_sender = judged
        .findings
        .iter()
        .take_while(|finding| finding.severity == first.severity)
        .find(|finding| {
            let said =
                |readiness: &Readiness| finding.hit.readiness.as_ref() == Some(&readiness.id());
            judged.readiness.iter().any(said)
        });
    Some(about_the_sender.unwrap_or(first))
}

fn of_connection(handshake: &Accepted) -> String {
    match &handshake.first_bytes {
        FirstBytes::Tls => {}
        FirstBytes::PlainHttp { request_line } => {
            return format!("plain HTTP on the TLS port: {request_line}");
        }
        FirstBytes::PlainHttp2 => return "plain HTTP/2 on the TLS port".to_owned(),
        FirstBytes::Ssh { banner } => return format!("an SSH client: {banner}"),
        FirstBytes::Ssl2Hello => {
            return "an SSL 2.0 hello: a client older than any TLS in use".to_owned();
        }
        FirstBytes::Nothing => {
            return "connected and sent nothing: a health check, a port scan, or a stuck peer"
                .to_owned();
        }
        FirstBytes::Unknown { hex } => {
            return format!("neither TLS nor HTTP: the first bytes are {hex}");
        }
    }
    let chain = handshake.tls.client_chain.as_ref();
    let leaf = chain.and_then(|chain| chain.certificate(0));
    let leaf = leaf.map(|leaf| match leaf.common_name() {
        Some(name) => format!("CN = {name}"),
        None => leaf.label(),
    });
    let completed = handshake.tls.handshaken();
    let trust = chain.and_then(|chain| chain.trust.as_ref());
    match (completed, leaf, trust.map(|trust| trust.status)) {
        (true, Some(leaf), Some(TrustStatus::Trusted)) => {
            format!("mutual TLS: client authenticated, chain trusted; {leaf}")
        }
        (true, Some(leaf), Some(TrustStatus::Untrusted)) => {
            format!(
                "the certificate of {leaf} would be rejected if client certificates were enforced"
            )
        }
        (true, Some(leaf), _) if trust.is_some_and(TrustFacts::unanswered) => {
            format!("the certificate of {leaf} could not be checked")
        }
        (true, Some(leaf), _) => {
            format!(
                "{leaf} presented a certificate; trust not checked: pass the issuing CA with --client-ca"
            )
        }
        (true, None, _) if handshake.client_auth == ClientAuth::None => {
            "server-only TLS: no client certificate requested".to_owned()
        }
        (true, None, _) => "server-only TLS: no client certificate presented".to_owned(),
        (false, Some(leaf), _) if handshake.tls.ending.kind == EndingKind::Refused => {
            format!("handshake rejected by this server; the client presented {leaf}")
        }
        (false, Some(leaf), _) => {
            format!("handshake not completed; the client presented {leaf}")
        }
        (false, None, _) => format!("no handshake: {}", ending_words(handshake)),
    }
}

fn of_call(call: &Call) -> String {
    let how = call.how();
    let client = match call.client_kind {
        ClientKind::Own => "your client certificate".to_owned(),
        _ => format!("`{}`", call.client),
    };
    let total = call.dialled.timings.total.unwrap_or_default();
    match (call.outcome(), call.as_expected()) {
        (Outcome::Accepted, true) => {
            format!("the webhook accepted {client}: {how} after {total:.0} ms")
        }
        (Outcome::Accepted, false) => {
            format!("the webhook accepted {client} and should reject it: {how}")
        }
        (Outcome::Rejected, true) => {
            format!("the webhook rejected {client}, as expected: {how}")
        }
        (Outcome::Rejected, false) => {
            format!("the webhook rejected {client} and should accept it: {how}")
        }
        (Outcome::Unreachable, _) if call.distrusted() => {
            "nothing was sent: mtls rejected the webhook's certificate".to_owned()
        }
        (Outcome::Unreachable, _) => format!("the webhook could not be reached: {how}"),
    }
}

fn of_inspected(judged: &Judged, inspected: &Inspected, now: Timestamp) -> String {
    let mut parts = Vec::new();
    if let Some(probe) = &inspected.probe {
        if !probe.judged() {
            return probe.dialled.how();
        }
        parts.push(mode_words(probe.client_auth().0).to_owned());
    }
    let certificates: u64 = judged
        .case
        .chains()
        .map(|chain| chain.links.len() as u64)
        .sum();
    let keys = judged
        .case
        .files
        .iter()
        .flat_map(FileFacts::private_keys)
        .count();
    let trust = judged.case.chains().find_map(|chain| chain.trust.as_ref());
    parts.push(match trust.map(|trust| (trust.status, &trust.anchor)) {
        None => match (certificates, keys) {
            (0, _) if asks_only(judged) => requests(judged).join("; "),
            (0, 0) => lists(judged, true).unwrap_or_else(|| "no certificate was seen".to_owned()),
            (0, _) => "a private key, no certificate".to_owned(),
            (count, _) => amount(count, "trust anchor"),
        },
        Some((TrustStatus::Trusted, Some(anchor))) => {
            format!("chain trusted by {}", common_name(anchor).unwrap_or(anchor))
        }
        Some((TrustStatus::Trusted, None)) => "chain trusted".to_owned(),
        Some((TrustStatus::Untrusted, _)) => "chain not trusted".to_owned(),
        Some((TrustStatus::Disputed, _)) => {
            "chain accepted by some verifiers, rejected by others".to_owned()
        }
        Some(_) if trust.is_some_and(TrustFacts::unanswered) => {
            "chain could not be checked".to_owned()
        }
        Some(_) => "trust not checked: pass the issuing CA with --cacert".to_owned(),
    });
    if let Some(first) = report::first_end(judged) {
        parts.push(left(first, now));
    }
    parts.join("; ")
}

/// How long a certificate is good for.
pub(super) fn left(certificate: &Certificate, now: Timestamp) -> String {
    if now < certificate.not_before {
        let until = certificate.not_before.duration_since(now);
        format!("not valid for another {}", span(until))
    } else if now > certificate.not_after {
        format!(
            "EXPIRED {} ago",
            span(now.duration_since(certificate.not_after))
        )
    } else {
        format!("{} left", span(certificate.not_after.duration_since(now)))
    }
}

fn mode_words(mode: AuthMode) -> &'static str {
    match mode {
        AuthMode::None => "does not request a client certificate",
        AuthMode::Requested => "requests a client certificate, and serves clients without one",
        AuthMode::Required => "requires a client certificate",
        AuthMode::Unknown => {
            "unknown whether it requests a client certificate: the handshake ended too early"
        }
    }
}

fn of_files(judged: &Judged, now: Timestamp) -> String {
    let mut parts: Vec<String> = report::admits(judged)
        .map(str::to_owned)
        .into_iter()
        .collect();
    let configured = !parts.is_empty();
    let mut chains = judged.case.bundles.iter().map(|bundle| &bundle.chain);
    let identity = chains.any(|chain| chain.holds == ChainUse::Identity);
    for bundle in &judged.case.bundles {
        let chain = &bundle.chain;
        let count = chain.links.len() as u64;
        if chain.holds == ChainUse::Anchors {
            // What a chain beside it is checked with is said with that chain.
            if chain.role == Side::Client || !identity {
                parts.push(amount(count, "trust anchor"));
            }
            continue;
        }
        // Whose certificates they are is not plain beside what a server asks of its clients.
        parts.push(match configured {
            true => format!("server chain: {}", amount(count, "certificate")),
            false => amount(count, "certificate"),
        });
        if let Some(key) = &bundle.key {
            let fits = key.matches.contains(&chain.leaf);
            parts.push(match (fits, &key.problem) {
                (true, _) => "the key matches".to_owned(),
                (false, None) => "the key does not match".to_owned(),
                (false, Some(_)) => "the key was not checked".to_owned(),
            });
        }
        if let Some(trust) = &chain.trust {
            parts.push(match (trust.status, &trust.anchor) {
                (TrustStatus::Trusted, Some(anchor)) => {
                    format!("trusted by {}", common_name(anchor).unwrap_or(anchor))
                }
                (TrustStatus::Unknown, _) => format!("trust {}", words::unknown(trust)),
                (TrustStatus::Disputed, _) => {
                    "accepted by some verifiers, rejected by others".to_owned()
                }
                _ => "not trusted".to_owned(),
            });
        }
        parts.extend(ending_first(chain).map(|(part, first)| {
            let left = left(first, now);
            // Days are the leaf's unless another part of the chain is named.
            match part {
                Part::Leaf => left,
                Part::Intermediate | Part::Root => format!("the intermediate {left}"),
            }
        }));
    }
    parts.extend(requests(judged));
    if judged.case.bundles.is_empty() && !asks_only(judged) {
        for (_, key) in judged.case.files.iter().flat_map(FileFacts::private_keys) {
            parts.push(match &key.key {
                Some(key) => format!("private key, {} {} bits", key.algorithm, key.bits),
                None => "private key".to_owned(),
            });
        }
    }
    parts.extend(lists(judged, parts.is_empty()));
    for one in judged.case.would() {
        let client = match common_name(&one.client) {
            Some(name) => format!("CN = {name}"),
            None => one.client.clone(),
        };
        parts.push(match one.outcome {
            Admitted::Accepted => format!("accepts {} ({client})", one.path),
            Admitted::Rejected => format!("rejects {} ({client})", one.path),
            Admitted::Unknown => format!("not known whether {} is accepted", one.path),
        });
    }
    if parts.is_empty() {
        "no certificate, no private key".to_owned()
    } else if configured && parts.len() > 1 {
        format!("{}; {}", parts[0], parts[1..].join(", "))
    } else {
        parts.join(", ")
    }
}

/// Whether nothing but requests was looked at.
fn asks_only(judged: &Judged) -> bool {
    let mut files = judged.case.files.iter();
    files.any(|file| file.requests().next().is_some())
}

/// The requests that were read: what they ask for, what was checked, and what nobody can know.
fn requests(judged: &Judged) -> Vec<String> {
    let files = judged.case.files.iter();
    let requests: Vec<&Request> = files
        .flat_map(FileFacts::requests)
        .map(|(_, request)| request)
        .collect();
    let [request] = requests.as_slice() else {
        let count = requests.len() as u64;
        return (count > 0)
            .then(|| amount(count, "certificate request"))
            .into_iter()
            .collect();
    };
    let asked = &request.asked;
    let key = match request.key {
        RequestKey::NotGiven => "",
        RequestKey::Fits(_) => ", the key matches",
        RequestKey::Differs(_) => ", the key does not match",
        RequestKey::NotCompared { .. } => ", the key was not checked",
    };
    let signature = match request.signature {
        RequestSignature::Holds => "its own signature is valid",
        RequestSignature::Broken(_) => "its own signature is not valid",
        RequestSignature::NotAsked | RequestSignature::NotChecked(_) => {
            "its own signature was not checked"
        }
    };
    vec![format!(
        "certificate request for {}, {signature}{key}; what a CA issues for it is not known",
        asked.label()
    )]
}

/// The revocation lists that were read; of one that is `alone` its issuer and its end.
fn lists(judged: &Judged, alone: bool) -> Option<String> {
    let files = judged.case.files.iter();
    let lists: Vec<_> = files.flat_map(FileFacts::revocation_lists).collect();
    Some(match lists.as_slice() {
        [] => return None,
        [list] if alone => match list.next_update {
            Some(next) => format!("CRL of {}, nextUpdate {next}", list.issuer),
            None => format!("CRL of {}, without nextUpdate", list.issuer),
        },
        lists => amount(lists.len() as u64, "CRL"),
    })
}

/// The certificate of the chain that ends first, a root sent along left out.
fn ending_first(chain: &Chain) -> Option<(Part, &Certificate)> {
    chain
        .certificates()
        .enumerate()
        .map(|(index, certificate)| (chain.part(index), certificate))
        .filter(|(part, certificate)| *part != Part::Root && certificate.unreadable.is_none())
        .min_by_key(|(_, certificate)| certificate.not_after)
}
