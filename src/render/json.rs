//! The machine contract: `json` (one document) and `jsonl` (one object a line).
//!
//! For: scripts. Must not: leave a key out (what was not observed is null, what was observed and absent is empty), or use
//! dynamic keys, so that column stores can read the lines.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    engine::Judged,
    facts::{
        Certificate, Chain, ClientAuth, ClientHello, Ending, FirstBytes, Handshake, HttpExchange,
        Place, ProfileMatch, ProxyHeader, Purpose, Shared, Side, Timings, Token, TrustStatus,
        VerifyStep,
    },
    finding::{Act, Certainty, Evidence, Finding, Remedy, Severity},
    parse::ids,
    report::{self, Expectation, OverallVerdict, Run, Sink, Summary},
};

/// The version of every document's shape; additive changes keep it.
pub const SCHEMA_VERSION: &str = "1";

/// Name and version of this program.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Tool {
    name: &'static str,
    version: &'static str,
}

/// This program.
pub const TOOL: Tool = Tool {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
};

/// A finding, as machines see it.
#[derive(Debug, Serialize)]
pub struct FindingObject<'a> {
    code: &'static str,
    name: &'static str,
    severity: Severity,
    certainty: Certainty,
    side_to_act: Act,
    message: &'a str,
    subject: &'a str,
    place: &'a Place,
    evidence: &'a [Evidence],
    remedy: &'a Remedy,
    url: String,
}

impl<'a> From<&'a Finding> for FindingObject<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            code: finding.rule.code,
            name: finding.rule.name,
            severity: finding.severity,
            certainty: finding.certainty,
            side_to_act: finding.act,
            message: &finding.hit.message,
            subject: &finding.hit.subject,
            place: &finding.hit.place,
            evidence: &finding.hit.evidence,
            remedy: &finding.hit.remedy,
            url: super::page::url(finding.rule),
        }
    }
}

#[derive(Debug, Serialize)]
struct AlpnObject<'a> {
    offered: Option<&'a [String]>,
    chosen: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct HelloObject<'a> {
    versions: Vec<String>,
    cipher_suites: Vec<String>,
    signature_algorithms: Option<Vec<String>>,
    groups: Option<Vec<String>>,
    key_shares: Option<Vec<String>>,
    shared: Option<SharedObject>,
    extensions: Vec<String>,
    ja4: &'a str,
    ja4_raw: &'a str,
}

/// What of the hello's lists this server has too.
#[derive(Debug, Serialize)]
struct SharedObject {
    cipher_suites: Vec<String>,
    signature_algorithms: Vec<String>,
    groups: Vec<String>,
}

impl<'a> HelloObject<'a> {
    fn new(hello: &'a ClientHello, shared: Option<&Shared>) -> Self {
        let names =
            |list: &[u16], name: fn(u16) -> String| list.iter().copied().map(name).collect();
        let named = |list: &Option<Vec<u16>>, name: fn(u16) -> String| {
            list.as_ref()
                .map(|list| list.iter().copied().map(name).collect())
        };
        Self {
            versions: hello
                .versions()
                .into_iter()
                .map(ids::version_name)
                .collect(),
            cipher_suites: hello
                .cipher_suites
                .iter()
                .copied()
                .map(ids::cipher_name)
                .collect(),
            signature_algorithms: named(&hello.signature_algorithms, ids::signature_scheme_name),
            groups: named(&hello.groups, ids::group_name),
            key_shares: named(&hello.key_shares, ids::group_name),
            shared: shared.map(|shared| SharedObject {
                cipher_suites: names(&shared.cipher_suites, ids::cipher_name),
                signature_algorithms: names(
                    &shared.signature_algorithms,
                    ids::signature_scheme_name,
                ),
                groups: names(&shared.groups, ids::group_name),
            }),
            extensions: hello
                .extensions
                .iter()
                .map(|extension| ids::extension_name(extension.id))
                .collect(),
            ja4: &hello.ja4,
            ja4_raw: &hello.ja4_raw,
        }
    }
}

/// One chain's verdict. Shared by every command.
#[derive(Debug, Serialize)]
pub struct TrustObject<'a> {
    role: Side,
    purpose: Purpose,
    status: TrustStatus,
    reasons: Vec<&'static str>,
    path: &'a [String],
    anchor: Option<&'a str>,
    webpki_differs: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct SignatureObject<'a> {
    scheme: String,
    digest: Option<&'static str>,
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    verified: bool,
    problem: Option<&'a str>,
}

/// One connection: the object of `listen --format jsonl`.
#[derive(Debug, Serialize)]
pub struct ConnectionObject<'a> {
    kind: &'static str,
    ts: Timestamp,
    peer: &'a str,
    proxied: Option<&'a ProxyHeader>,
    first_bytes: &'static str,
    first_line: Option<&'a str>,
    sni: Option<&'a str>,
    alpn: AlpnObject<'a>,
    protocol: Option<&'a str>,
    cipher: Option<String>,
    group: Option<String>,
    client_hello: Option<HelloObject<'a>>,
    client_auth: ClientAuth,
    client_certificate: &'static str,
    client_chain: &'a [Certificate],
    verify: Vec<VerifyStep>,
    trust: Vec<TrustObject<'a>>,
    profile_match: Option<&'a ProfileMatch>,
    signature: Option<SignatureObject<'a>>,
    http: Option<&'a HttpExchange>,
    further_http: &'a [HttpExchange],
    token: Option<&'a Token>,
    ending: &'a Ending,
    findings: Vec<FindingObject<'a>>,
    timings_ms: &'a Timings,
}

/// The verdicts on a case's chains.
pub fn trust(judged: &Judged) -> Vec<TrustObject<'_>> {
    let chains: Vec<&Chain> = judged.case.chains().collect();
    chains
        .into_iter()
        .filter_map(|chain| {
            let trust = chain.trust.as_ref()?;
            Some(TrustObject {
                role: trust.role,
                purpose: trust.purpose,
                status: trust.status,
                reasons: report::chain_reasons(judged, chain),
                path: &trust.path,
                anchor: trust.anchor.as_deref(),
                webpki_differs: trust.webpki_differs.as_deref(),
            })
        })
        .collect()
}

/// What became of the client certificate, in one word: `presented`, `not-sent`, `not-asked` or `not-observed`.
pub fn client_certificate(handshake: &Handshake) -> &'static str {
    match (&handshake.client_chain, handshake.client_auth) {
        (Some(chain), _) if !chain.certificates.is_empty() => "presented",
        (Some(_), _) => "not-sent",
        (None, ClientAuth::None) => "not-asked",
        // Refusing for want of a certificate is an observation of its absence (RFC 8446 section 4.4.2.4).
        (None, _)
            if handshake
                .ending
                .alert
                .as_ref()
                .is_some_and(|alert| alert.code == 116) =>
        {
            "not-sent"
        }
        (None, _) => "not-observed",
    }
}

/// A case as a connection object; `None` when the case holds no connection.
pub fn connection(judged: &Judged) -> Option<ConnectionObject<'_>> {
    let case = &judged.case;
    let handshake = case.handshake.as_ref()?;
    let hello = handshake.hello.as_ref();
    let negotiated = handshake.negotiated.as_ref();
    let chain = handshake.client_chain.as_ref();
    Some(ConnectionObject {
        kind: "connection",
        ts: case.started,
        peer: &handshake.peer,
        proxied: handshake.proxy.as_ref(),
        first_bytes: handshake.first_bytes.word(),
        first_line: match &handshake.first_bytes {
            FirstBytes::PlainHttp { request_line } => Some(request_line),
            FirstBytes::Ssh { banner } => Some(banner),
            FirstBytes::Unknown { hex } => Some(hex),
            _ => None,
        },
        sni: hello.and_then(|hello| hello.sni.as_deref()),
        alpn: AlpnObject {
            offered: hello.and_then(|hello| hello.alpn.as_deref()),
            chosen: negotiated.and_then(|negotiated| negotiated.alpn.as_deref()),
        },
        protocol: negotiated.map(|negotiated| negotiated.protocol.as_str()),
        cipher: negotiated.map(|negotiated| ids::cipher_name(negotiated.cipher)),
        group: negotiated
            .and_then(|negotiated| negotiated.group)
            .map(ids::group_name),
        client_hello: hello.map(|hello| HelloObject::new(hello, handshake.shared.as_ref())),
        client_auth: handshake.client_auth,
        client_certificate: client_certificate(handshake),
        client_chain: chain.map_or(&[], |chain| &chain.certificates),
        verify: chain
            .and_then(|chain| chain.trust.as_ref())
            .map(|trust| trust.steps())
            .unwrap_or_default(),
        trust: trust(judged),
        profile_match: chain.and_then(|chain| chain.profile.as_ref()),
        signature: handshake
            .signature
            .as_ref()
            .map(|signature| SignatureObject {
                scheme: ids::signature_scheme_name(signature.scheme),
                digest: ids::signature_digest(signature.scheme),
                kind: ids::signature_type(signature.scheme),
                verified: signature.verified,
                problem: signature.problem.as_deref(),
            }),
        http: case.http.first(),
        further_http: case.http.get(1..).unwrap_or_default(),
        token: case
            .http
            .iter()
            .find_map(|exchange| exchange.token.as_ref()),
        ending: &handshake.ending,
        findings: judged.findings.iter().map(FindingObject::from).collect(),
        timings_ms: &handshake.timings,
    })
}

/// The last line of a `jsonl` run.
#[derive(Debug, Serialize)]
struct SummaryObject<'a> {
    kind: &'static str,
    schema_version: &'static str,
    tool: Tool,
    command: &'a str,
    started: Timestamp,
    ended: Timestamp,
    cases: u64,
    verdict: OverallVerdict,
    exit_code: u8,
    summary: Summary,
    expectation: Option<&'a Expectation>,
}

/// One object a connection, a summary last; each line is flushed as it is written.
pub struct Jsonl<W> {
    out: W,
}

impl<W: Write> Jsonl<W> {
    /// A sink that writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

impl<W: Write> Sink for Jsonl<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        match connection(judged) {
            Some(object) => self.line(&object),
            None => Ok(()),
        }
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        self.line(&SummaryObject {
            kind: "summary",
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            command: run.command,
            started: run.started,
            ended: run.ended,
            cases: run.cases,
            verdict: run.verdict,
            exit_code: run.exit_code,
            summary: run.summary,
            expectation: run.expectation.as_ref(),
        })
    }
}

#[derive(Debug, Serialize)]
struct SkippedObject {
    code: &'static str,
    name: &'static str,
    reason: &'static str,
}

/// The common envelope of every JSON document.
#[derive(Debug, Serialize)]
struct Document<'a> {
    schema_version: &'static str,
    tool: Tool,
    command: &'a str,
    verdict: OverallVerdict,
    exit_code: u8,
    summary: Summary,
    expectation: Option<&'a Expectation>,
    findings: Vec<FindingObject<'a>>,
    passed: Vec<&'static str>,
    skipped: Vec<SkippedObject>,
    trust: Vec<TrustObject<'a>>,
    cases: Vec<ConnectionObject<'a>>,
}

/// One document at the end. It keeps every case until then: for long runs use [`Jsonl`].
pub struct Json<W> {
    out: W,
    cases: Vec<Judged>,
}

impl<W: Write> Json<W> {
    /// A sink that writes to `out` when the run is over.
    pub fn new(out: W) -> Self {
        Self {
            out,
            cases: Vec::new(),
        }
    }
}

impl<W: Write> Sink for Json<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.cases.push(judged.clone());
        Ok(())
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let hit: Vec<&str> = self
            .cases
            .iter()
            .flat_map(|judged| &judged.findings)
            .map(|finding| finding.rule.code)
            .collect();
        // A rule counts as passed when it passed somewhere and hit nowhere; as skipped when it applied nowhere.
        let mut passed: Vec<&'static str> = self
            .cases
            .iter()
            .flat_map(|judged| &judged.passed)
            .map(|rule| rule.code)
            .filter(|code| !hit.contains(code))
            .collect();
        passed.sort_unstable();
        passed.dedup();
        let mut skipped: Vec<SkippedObject> = Vec::new();
        for (rule, reason) in self.cases.iter().flat_map(|judged| &judged.skipped) {
            let seen = hit.contains(&rule.code)
                || passed.contains(&rule.code)
                || skipped.iter().any(|skipped| skipped.code == rule.code);
            if !seen {
                skipped.push(SkippedObject {
                    code: rule.code,
                    name: rule.name,
                    reason,
                });
            }
        }
        let document = Document {
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            command: run.command,
            verdict: run.verdict,
            exit_code: run.exit_code,
            summary: run.summary,
            expectation: run.expectation.as_ref(),
            findings: self
                .cases
                .iter()
                .flat_map(|judged| &judged.findings)
                .map(FindingObject::from)
                .collect(),
            passed,
            skipped,
            trust: self.cases.iter().flat_map(trust).collect(),
            cases: self.cases.iter().filter_map(connection).collect(),
        };
        serde_json::to_writer_pretty(&mut self.out, &document)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}
