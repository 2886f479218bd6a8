//! A recorded case: `*.case.json`.
//!
//! For: `listen --record`, and who reads it. Must not: put anything into it that `facts` does not
//! have a field for.

use std::io::{self, Write};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{ConnectionObject, SCHEMA_VERSION, TOOL, connection, write};
use crate::{
    engine::Judged,
    facts::{
        CASE_KIND, CaseAnchor, CaseEvidence, CaseFile, Certificate, Chain, Evidence,
        RecordedExchange, WrittenBy,
    },
    parse::pem,
};

/// This program, as a file names it.
fn written_by() -> WrittenBy {
    WrittenBy {
        name: TOOL.name.to_owned(),
        version: TOOL.version.to_owned(),
    }
}

/// Writes a connection as a case; `exchanges` are those of it that were recorded.
///
/// # Errors
/// Those of `out`; when the case is of no connection.
pub fn recorded(
    out: &mut dyn Write,
    judged: &Judged,
    id: String,
    origin: &str,
    exchanges: Vec<RecordedExchange>,
) -> io::Result<()> {
    let evidence = judged
        .case
        .accepted()
        .and_then(|one| one.evidence.as_deref());
    let (Some(connection), Some(evidence)) = (connection(judged), evidence) else {
        return Err(io::Error::other("not a recorded connection"));
    };
    let file: CaseFile<ConnectionObject<'_>> = CaseFile {
        schema_version: SCHEMA_VERSION.to_owned(),
        kind: CASE_KIND.to_owned(),
        tool: written_by(),
        id,
        recorded_by: "listen".to_owned(),
        connection,
        evidence: told(judged, evidence, origin),
        exchanges,
        redactions: evidence.redactions.clone(),
    };
    write::pretty(&mut *out, &file)?;
    out.write_all(b"\n")
}

/// Writes a case that was read, as it is now.
///
/// # Errors
/// Those of `out`.
pub fn rewritten(out: &mut dyn Write, file: &CaseFile<serde_json::Value>) -> io::Result<()> {
    write::pretty(&mut *out, file)?;
    out.write_all(b"\n")
}

fn told(judged: &Judged, evidence: &Evidence, origin: &str) -> CaseEvidence {
    let handshake = judged.case.accepted();
    let chain = |chain: Option<&Chain>| -> Vec<String> {
        let certificates = chain.into_iter().flat_map(Chain::certificates);
        certificates.map(certificate).collect()
    };
    CaseEvidence {
        client_hello: STANDARD.encode(&evidence.client_hello),
        client_chain: chain(handshake.and_then(|one| one.tls.client_chain.as_ref())),
        server_chain: chain(handshake.and_then(|one| one.tls.server_chain.as_ref())),
        anchors: evidence
            .anchors
            .iter()
            .map(|anchor| CaseAnchor {
                sha256: anchor.sha256.clone(),
                subject: anchor.subject.clone(),
                pem: certificate(anchor),
            })
            .collect(),
        anchors_total: evidence.anchors_total,
        anchors_origin: origin.to_owned(),
        judged_at: Some(evidence.judged_at),
        enforce: evidence.enforce,
        partial_chain: evidence.partial_chain,
    }
}

fn certificate(one: &Certificate) -> String {
    pem::encode("CERTIFICATE", &one.der)
}
