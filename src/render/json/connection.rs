//! One connection: the object of `listen`.

use jiff::Timestamp;
use serde::Serialize;

use super::{FindingObject, TrustObject, trust};
use crate::{
    engine::Judged,
    facts::{
        Accepted, Certificate, ClientAuth, ClientHello, Ending, FirstBytes, HttpExchange, Link,
        Preceded, ProfileMatch, ProxyHeader, Shared, Step, Timings, Token, VerifyStep,
    },
    parse::{ids, pem},
};

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct AlpnObject<'a> {
    offered: Option<&'a [String]>,
    chosen: Option<&'a str>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
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
#[derive(Debug, Serialize, schemars::JsonSchema)]
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

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct SignatureObject<'a> {
    scheme: String,
    digest: Option<&'static str>,
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    verified: bool,
    problem: Option<&'a str>,
}

/// A certificate as the client sent it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct PresentedObject<'a> {
    #[serde(flatten)]
    #[schemars(with = "Certificate")]
    link: &'a Link,
    /// The certificate itself.
    pem: String,
}

/// One connection: the object of `listen --format jsonl`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct ConnectionObject<'a> {
    kind: &'static str,
    #[schemars(with = "String")]
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
    preceded_by: Option<&'a Preceded>,
    client_certificate: &'static str,
    client_chain: Vec<PresentedObject<'a>>,
    verify: Vec<VerifyStep>,
    trust: Vec<TrustObject<'a>>,
    profile_match: Option<&'a ProfileMatch>,
    signature: Option<SignatureObject<'a>>,
    http: Option<&'a HttpExchange>,
    further_http: &'a [HttpExchange],
    /// Requests besides, which were answered and not kept.
    http_not_kept: u64,
    token: Option<&'a Token>,
    ending: &'a Ending,
    findings: Vec<FindingObject<'a>>,
    timings_ms: &'a Timings,
    timeline: &'a [Step],
}

/// What became of the client certificate, in one word: `presented`, `not-sent`, `not-asked` or `not-observed`.
pub fn client_certificate(handshake: &Accepted) -> &'static str {
    match (&handshake.tls.client_chain, handshake.client_auth) {
        (Some(chain), _) if !chain.links.is_empty() => "presented",
        (Some(_), _) => "not-sent",
        (None, ClientAuth::None) => "not-asked",
        // Refusing for want of a certificate is an observation of its absence (RFC 8446 section
        // 4.4.2.4).
        (None, _)
            if handshake
                .tls
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
    let handshake = case.accepted()?;
    let hello = handshake.hello.as_ref();
    let negotiated = handshake.tls.negotiated.as_ref();
    let chain = handshake.tls.client_chain.as_ref();
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
        preceded_by: handshake.preceded_by.as_ref(),
        client_certificate: client_certificate(handshake),
        client_chain: chain.map_or_else(Vec::new, |chain| {
            let links = chain.links.iter();
            links
                .map(|link| PresentedObject {
                    link,
                    pem: pem::encode("CERTIFICATE", &link.certificate.der),
                })
                .collect()
        }),
        verify: chain
            .and_then(|chain| chain.trust.as_ref())
            .map(|trust| trust.steps())
            .unwrap_or_default(),
        trust: trust(judged),
        profile_match: chain.and_then(|chain| chain.profile.as_ref()),
        signature: handshake
            .tls
            .signature
            .as_ref()
            .map(|signature| SignatureObject {
                scheme: ids::signature_scheme_name(signature.scheme),
                digest: ids::signature_digest(signature.scheme),
                kind: ids::signature_type(signature.scheme),
                verified: signature.verified,
                problem: signature.problem.as_deref(),
            }),
        http: handshake.http.first(),
        further_http: handshake.http.get(1..).unwrap_or_default(),
        http_not_kept: handshake.http_not_kept,
        token: handshake
            .http
            .iter()
            .find_map(|exchange| exchange.token.as_ref()),
        ending: &handshake.tls.ending,
        findings: judged.findings.iter().map(FindingObject::from).collect(),
        timings_ms: &handshake.timings,
        timeline: &handshake.tls.timeline,
    })
}
