//! What `inspect` looked at: an entry of `targets[]`.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    FetchedObject, FindingObject, TrustObject,
    fetched::fetched,
    file::{RequestObject, request_object},
    trust,
};
use crate::{
    engine::Judged,
    facts::{
        Alert, AuthMode, CallTimings, Certificate, Chain, ChainUse, ChainView, Ending, FileFacts,
        Header, HttpSeen, Outcome, Probe, Purpose, Readiness, Resumption, Shown, Stamp, Staple,
        Step, TrustFacts, TrustStatus,
    },
    parse::{ids, pem},
    report::{self, OverallVerdict},
};

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct CertificateObject<'a> {
    #[serde(flatten)]
    certificate: &'a Certificate,
    pem: Option<String>,
}

/// A verdict for one purpose, or by one store.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct VerdictObject<'a> {
    purpose: Purpose,
    store: Option<&'a str>,
    status: TrustStatus,
    anchor: Option<&'a str>,
    why: Option<&'a str>,
}

impl<'a> VerdictObject<'a> {
    fn new(trust: &'a TrustFacts, store: Option<&'a str>) -> Self {
        Self {
            purpose: trust.purpose,
            store,
            status: trust.status,
            anchor: trust.anchor.as_deref(),
            why: trust.problems.first().map(|problem| problem.why.as_str()),
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct HttpObject<'a> {
    status: u16,
    version: &'a str,
    headers: &'a [Header],
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct ShownObject<'a> {
    client: &'a str,
    certificates_sent: usize,
    outcome: Outcome,
    how: String,
    alert: Option<&'a Alert>,
    http_status: Option<u16>,
    protocol: Option<&'a str>,
    ending: &'a Ending,
    timings_ms: &'a CallTimings,
}

/// An endpoint, or the files of one deployment.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct TargetObject<'a> {
    kind: &'static str,
    target: &'a str,
    asked_for: Option<&'a str>,
    #[schemars(with = "String")]
    ts: Timestamp,
    verdict: OverallVerdict,
    reachable: Option<bool>,
    address: Option<&'a str>,
    sni: Option<&'a str>,
    protocol: Option<&'a str>,
    cipher: Option<String>,
    group: Option<String>,
    post_quantum: Option<bool>,
    alpn: Option<&'a str>,
    server_chain: Vec<CertificateObject<'a>>,
    /// Certificates of the verified path that were not presented.
    added: Vec<CertificateObject<'a>>,
    /// The anchors that a file holds.
    anchors: Vec<CertificateObject<'a>>,
    /// The certificate requests that a file holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requests: Vec<RequestObject<'a>>,
    trust: Vec<TrustObject<'a>>,
    /// What `--fetch` fetched, an entry for each chain; null where nobody asked for that.
    fetched: Option<Vec<FetchedObject<'a>>>,
    purposes: Vec<VerdictObject<'a>>,
    stores: Vec<VerdictObject<'a>>,
    #[schemars(with = "Option<String>")]
    not_after: Option<Timestamp>,
    client_auth: AuthMode,
    client_auth_why: Option<String>,
    accepted_ca_names: Vec<&'a str>,
    signature_algorithms: Vec<String>,
    staple: Option<&'a Staple>,
    scts: Vec<&'a Stamp>,
    resumption: Option<Resumption>,
    http: Option<HttpObject<'a>>,
    with_client: Option<ShownObject<'a>>,
    readiness: &'a [Readiness],
    timings_ms: Option<&'a CallTimings>,
    timeline: &'a [Step],
    ending: Option<&'a Ending>,
    findings: Vec<FindingObject<'a>>,
}

/// What was inspected, as machines see it; `None` when the case is none of `inspect`.
pub fn target(judged: &Judged) -> Option<TargetObject<'_>> {
    let case = &judged.case;
    let inspected = case.inspected()?;
    let probe = inspected.probe.as_ref();
    let dialled = probe.map(|probe| &probe.dialled);
    let negotiated = dialled.and_then(|dialled| dialled.tls.negotiated.as_ref());
    let auth = probe.map(Probe::client_auth);
    let request = probe.and_then(|probe| probe.request.as_ref());
    let chains: Vec<&Chain> = case.chains().collect();
    let of = |holds: ChainUse| {
        chains
            .iter()
            .filter(|chain| chain.holds == holds)
            .flat_map(|chain| chain.certificates())
            .map(|certificate| object(certificate, inspected.pem))
            .collect()
    };
    let views = || chains.iter().filter_map(|chain| chain.view.as_deref());
    Some(TargetObject {
        kind: "target",
        target: &inspected.target,
        asked_for: inspected.asked_for.as_deref(),
        ts: case.started,
        verdict: report::verdict(judged),
        reachable: probe.map(Probe::reachable),
        address: dialled.and_then(|dialled| dialled.address.as_deref()),
        sni: dialled.and_then(|dialled| dialled.server_name.as_deref()),
        protocol: negotiated.map(|negotiated| negotiated.protocol.as_str()),
        cipher: negotiated.map(|negotiated| ids::cipher_name(negotiated.cipher)),
        group: negotiated
            .and_then(|negotiated| negotiated.group)
            .map(ids::group_name),
        post_quantum: negotiated
            .and_then(|negotiated| negotiated.group)
            .map(ids::is_post_quantum),
        alpn: negotiated.and_then(|negotiated| negotiated.alpn.as_deref()),
        server_chain: of(ChainUse::Identity),
        added: judged
            .case
            .chains()
            .flat_map(Chain::added)
            .map(|certificate| object(certificate, inspected.pem))
            .collect(),
        anchors: of(ChainUse::Anchors),
        requests: case
            .files
            .iter()
            .flat_map(FileFacts::requests)
            .map(|(_, request)| request_object(request))
            .collect(),
        trust: trust(judged),
        fetched: fetched(judged),
        purposes: views()
            .flat_map(|view| &view.purposes)
            .map(|trust| VerdictObject::new(trust, None))
            .collect(),
        stores: views().flat_map(stores).collect(),
        not_after: report::first_end(judged).map(|certificate| certificate.not_after),
        client_auth: auth.as_ref().map_or(AuthMode::Unknown, |(mode, _)| *mode),
        client_auth_why: auth.map(|(_, why)| why),
        accepted_ca_names: request
            .iter()
            .flat_map(|request| &request.ca_names)
            .map(|name| name.name.as_str())
            .collect(),
        signature_algorithms: request
            .iter()
            .flat_map(|request| &request.signature_algorithms)
            .map(|&scheme| ids::signature_scheme_name(scheme))
            .collect(),
        staple: probe.and_then(|probe| probe.staple.as_ref()),
        scts: views().flat_map(|view| &view.stamps).collect(),
        resumption: probe.and_then(|probe| probe.resumption),
        http: probe.and_then(|probe| probe.http.as_ref()).map(http),
        with_client: probe.and_then(|probe| probe.shown.as_ref()).map(shown),
        readiness: &judged.readiness,
        timings_ms: dialled.map(|dialled| &dialled.timings),
        timeline: dialled.map_or(&[], |dialled| &dialled.tls.timeline),
        ending: dialled.map(|dialled| &dialled.tls.ending),
        findings: judged.findings.iter().map(FindingObject::from).collect(),
    })
}

fn object(certificate: &Certificate, with_pem: bool) -> CertificateObject<'_> {
    CertificateObject {
        certificate,
        pem: with_pem.then(|| pem::encode("CERTIFICATE", &certificate.der)),
    }
}

fn stores(view: &ChainView) -> impl Iterator<Item = VerdictObject<'_>> {
    view.stores
        .iter()
        .map(|store| VerdictObject::new(&store.trust, Some(&store.store)))
}

fn http(http: &HttpSeen) -> HttpObject<'_> {
    HttpObject {
        status: http.status,
        version: &http.version,
        headers: &http.headers,
    }
}

fn shown(shown: &Shown) -> ShownObject<'_> {
    ShownObject {
        client: &shown.client,
        certificates_sent: shown.dialled.presented,
        outcome: shown.outcome,
        how: shown.how(),
        alert: shown.dialled.alert(),
        http_status: shown.status,
        protocol: shown
            .dialled
            .tls
            .negotiated
            .as_ref()
            .map(|negotiated| negotiated.protocol.as_str()),
        ending: &shown.dialled.tls.ending,
        timings_ms: &shown.dialled.timings,
    }
}
