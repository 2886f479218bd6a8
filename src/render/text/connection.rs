//! One connection's detail, row by row.

use super::{
    Detail,
    chain::{Depth, Numbered},
    page::Page,
    words::{claims, ending_words, omitted},
};
use crate::{
    engine::Judged,
    facts::{
        Accepted, Case, Chain, ClientAuth, EndingKind, HttpExchange, Phase, RequestKind,
        TrustStatus, X509Error,
    },
    parse::{escape, ids, json},
    render::{
        picture::{phases, tree::tree},
        verifiers,
    },
};

/// Certificates of a chain that are drawn.
const LISTED: usize = 20;
/// Lines of a body that are printed; the rest is counted.
const BODY_LINES: usize = 60;

impl Page {
    /// What was settled, who came with which chain, in a few lines.
    pub(super) fn handshake_brief(&mut self, judged: &Judged, handshake: &Accepted) {
        self.proxy(handshake);
        if let Some(settled) = &handshake.tls.negotiated {
            let group = settled.group.map(ids::group_name).unwrap_or_default();
            let hello = handshake.hello.as_ref();
            let sni = hello.and_then(|hello| hello.sni.as_deref());
            self.row(
                "TLS",
                &format!(
                    "{}, {}, {group}; SNI {}; ALPN {}",
                    settled.protocol,
                    ids::cipher_name(settled.cipher),
                    sni.unwrap_or("not sent"),
                    settled.alpn.as_deref().unwrap_or("none"),
                ),
            );
        }
        if let Some(signature) = &handshake.tls.signature
            && let Some(problem) = &signature.problem
        {
            self.row(
                "signature",
                &format!("NOT valid: {}", escape::text(problem)),
            );
        }
        // It is the first of the case's chains.
        if let Some(chain) = &handshake.tls.client_chain
            && !chain.links.is_empty()
        {
            self.tree(&tree(judged, 0), Numbered::Sent, Depth::Names, LISTED);
            self.sender(chain);
        }
        self.if_enforced(handshake);
    }

    /// What a server that enforces client certificates does with a client that was let in here.
    fn if_enforced(&mut self, handshake: &Accepted) {
        if !handshake.tls.handshaken() || handshake.client_auth == ClientAuth::None {
            return;
        }
        let chain = handshake.tls.client_chain.as_ref();
        let Some(chain) = chain.filter(|chain| !chain.links.is_empty()) else {
            self.row(
                "if enforced",
                "rejected: no client certificate was presented",
            );
            return;
        };
        let trust = chain.trust.as_ref();
        match trust.map(|trust| (trust.problems.first(), trust.status)) {
            Some((Some(problem), _)) => {
                let X509Error { num, text } = problem.error;
                let depth = problem.depth;
                self.row(
                    "if enforced",
                    &format!("rejected: error {num} at depth {depth}, {text}"),
                );
            }
            Some((None, TrustStatus::Trusted)) => self.row("if enforced", "accepted"),
            _ => {}
        }
    }

    fn proxy(&mut self, handshake: &Accepted) {
        if let Some(proxy) = &handshake.proxy {
            let source = proxy
                .source
                .map_or("an unnamed address".to_owned(), |address| {
                    address.to_string()
                });
            let version = proxy.version;
            self.row(
                "proxy",
                &format!("PROXY protocol version {version}: on behalf of {source}"),
            );
        }
    }

    fn sender(&mut self, chain: &Chain) {
        let Some(profile) = &chain.profile else {
            self.row("sender", "not a known sender (no profile matches)");
            return;
        };
        let until = profile
            .until
            .map_or(String::new(), |until| format!(", {}", until.as_last_day()));
        self.row(
            "sender",
            &format!(
                "{}, {} certificate{until}",
                profile.profile, profile.identity
            ),
        );
    }

    pub(super) fn handshake(&mut self, judged: &Judged, handshake: &Accepted) {
        self.proxy(handshake);
        if let Some(settled) = &handshake.tls.negotiated {
            let group = settled.group.map(ids::group_name).unwrap_or_default();
            self.row(
                "tls",
                &format!(
                    "{}  {}  {group}",
                    settled.protocol,
                    ids::cipher_name(settled.cipher)
                ),
            );
        }
        if let Some(hello) = &handshake.hello {
            let sni = hello.sni.as_deref().unwrap_or("none sent");
            let chosen = handshake
                .tls
                .negotiated
                .as_ref()
                .and_then(|settled| settled.alpn.as_deref());
            let alpn = match (&hello.alpn, chosen) {
                (None, _) => "none offered".to_owned(),
                (Some(offered), chosen) => {
                    format!(
                        "{} (offered {})",
                        chosen.unwrap_or("none chosen"),
                        offered.join(", ")
                    )
                }
            };
            self.row("sni", sni);
            self.row("alpn", &alpn);
        }
        if handshake.tls.negotiated.is_some() {
            self.row(
                "resumed",
                "no (listen never resumes: a resumed connection shows no chain)",
            );
        }
        if let Some(signature) = &handshake.tls.signature {
            let state = match &signature.problem {
                None => "valid, made by the certificate's key".to_owned(),
                Some(problem) => format!("NOT valid: {}", escape::text(problem)),
            };
            let digest = ids::signature_digest(signature.scheme).unwrap_or("no digest of its own");
            let kind = ids::signature_type(signature.scheme).unwrap_or("unknown type");
            let scheme = ids::signature_scheme_name(signature.scheme);
            self.row(
                "signature",
                &format!("{scheme} ({kind}, {digest}): {state}"),
            );
        }
        // It is the first of the case's chains.
        if let Some(chain) = &handshake.tls.client_chain {
            self.chain(judged, 0, chain);
        }
    }

    /// The ClientHello, last: what is wanted least often.
    pub(super) fn hello(&mut self, handshake: &Accepted) {
        if let Some(hello) = &handshake.hello {
            let names = |list: &[u16], name: fn(u16) -> String| {
                list.iter().copied().map(name).collect::<Vec<_>>().join(" ")
            };
            self.row("hello", &hello.ja4);
            self.row("  versions", &names(&hello.versions(), ids::version_name));
            self.row(
                "  ciphers",
                &names(&hello.cipher_suites, ids::cipher_openssl_name),
            );
            let shared = handshake.shared.clone().unwrap_or_default();
            self.row(
                "   shared",
                &names(&shared.cipher_suites, ids::cipher_openssl_name),
            );
            if let Some(groups) = &hello.groups {
                self.row("  groups", &names(groups, ids::group_name));
                self.row("   shared", &names(&shared.groups, ids::group_name));
            }
            if let Some(schemes) = &hello.signature_algorithms {
                self.row("  sigalgs", &names(schemes, ids::signature_scheme_name));
                self.row(
                    "   shared",
                    &names(&shared.signature_algorithms, ids::signature_scheme_name),
                );
            }
        }
    }

    fn chain(&mut self, judged: &Judged, place: usize, chain: &Chain) {
        if chain.links.is_empty() {
            return;
        }
        self.line("");
        self.tree(&tree(judged, place), Numbered::Sent, Depth::Full, LISTED);
        self.line("");
        self.sender(chain);
        if let Some(trust) = &chain.trust {
            for step in trust.steps() {
                let result = step.error.map_or("ok".to_owned(), |error| {
                    format!("error {}: {}", error.num, error.text)
                });
                self.row(
                    &format!("depth {}", step.depth),
                    &format!("{result}  {}", step.subject),
                );
            }
            for problem in &trust.problems {
                self.row(
                    "  why",
                    &format!("depth {}: {}", problem.depth, escape::text(&problem.why)),
                );
            }
            for line in verifiers::refusals(trust, chain.role) {
                self.row(&format!("  {}", line.label), &line.text);
            }
        }
    }

    pub(super) fn exchange(&mut self, exchange: &HttpExchange) {
        self.row(
            "request",
            &format!("{} {} {}", exchange.method, exchange.path, exchange.version),
        );
        if self.detail == Detail::Full {
            for header in &exchange.headers {
                self.row("", &format!("{}: {}", header.name, header.value));
            }
        }
        if let Some(token) = &exchange.token {
            self.row("token", &claims(token));
        }
        let kind = match exchange.kind {
            RequestKind::Es => "a Dialogflow ES webhook request",
            RequestKind::Cx => "a Dialogflow CX webhook request",
            RequestKind::Other => "not a known webhook request",
        };
        let form = match (exchange.json_ok, &exchange.json_problem) {
            (None, None) => "no body".to_owned(),
            (None, Some(problem)) => format!("no body: {}", escape::text(problem)),
            (Some(true), _) => format!("{} bytes of JSON, {kind}", exchange.body_bytes),
            (Some(false), problem) => format!(
                "{} bytes, not JSON: {}",
                exchange.body_bytes,
                escape::text(problem.as_deref().unwrap_or_default())
            ),
        };
        let decoded = exchange
            .decoded
            .as_ref()
            .map_or(String::new(), |coding| format!(" ({coding} decoded)"));
        self.row("body", &format!("{form}{decoded}"));
        if let Some(limit) = &exchange.limit {
            self.row("", &escape::text(limit));
        }
        if self.detail == Detail::Full {
            self.body(&exchange.body);
            if let Some(body) = &exchange.body_omitted {
                self.row("", &omitted(body));
            }
        }
        if let Some(abandoned) = &exchange.abandoned {
            self.row("left", &abandoned.words());
        }
        if let Some(forward) = &exchange.forward {
            let what = match (&forward.error, forward.status) {
                (Some(error), _) => error.why.clone(),
                (None, Some(status)) => format!(
                    "{status} after {} ms",
                    forward.timings_ms.answer.unwrap_or_default()
                ),
                (None, None) => "no answer".to_owned(),
            };
            let what = format!("{}: {what}", forward.to);
            self.row("passed on", &escape::text(&what));
            if !forward.removed.is_empty() {
                let names = escape::text(&forward.removed.join(", "));
                self.row("removed", &format!("{names}: sent from outside"));
            }
        }
        if let Some(answer) = &exchange.answer {
            let why = if answer.why.is_empty() {
                String::new()
            } else {
                format!(": {}", escape::text(&answer.why))
            };
            self.row(
                "answered",
                &format!("{}, {} bytes{why}", answer.status, answer.body_bytes),
            );
        }
    }

    fn body(&mut self, body: &str) {
        if body.is_empty() {
            return;
        }
        // Pretty where it is JSON: senders put it on one line.
        let pretty = json::pretty(body);
        let text = pretty.as_deref().unwrap_or(body);
        let total = text.lines().count();
        for line in text.lines().take(BODY_LINES) {
            let shown: String = escape::text(line).chars().take(400).collect();
            self.line(&format!("  {shown}"));
        }
        if total > BODY_LINES {
            self.line(&format!(
                "  ... {} more lines (--format jsonl has them all)",
                total - BODY_LINES
            ));
        }
    }

    /// How it ended, where that is not what one expects.
    pub(super) fn ended(&mut self, case: &Case, handshake: &Accepted) {
        let ending = &handshake.tls.ending;
        let usual = ending.kind == EndingKind::Completed && !case.http().is_empty();
        // Where the connection came to nothing, the headline has said how it ended.
        let said = handshake.tls.client_chain.is_none() && ending.phase < Phase::Http;
        if !usual && !said {
            self.row("ended", &ending_words(handshake));
        }
    }

    /// Message by message: a connection that goes on has not all of them.
    pub(super) fn timeline(&mut self, handshake: &Accepted) {
        if handshake.hello.is_none() {
            return;
        }
        self.line("");
        self.phases(&phases::of_connection(&handshake.timings));
        self.steps(&handshake.tls.timeline, false);
    }
}
