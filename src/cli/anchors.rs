//! Which certificates the other end's are judged by.

use std::{path::Path, sync::Arc};

use anyhow::Result;
use jiff::Timestamp;

use super::files;
use crate::{
    facts::{Certificate, Purpose},
    net::dial,
    parse::cert,
    profiles::Profile,
    trust::{Anchors, path, public},
};

/// Anchors and where they come from.
pub(super) struct Judges {
    pub(super) anchors: Anchors,
    /// In words, for messages.
    pub(super) origin: String,
    /// Subject names for the CertificateRequest, DER: those of the file the user gave, as servers do.
    pub(super) ca_names: Vec<Vec<u8>>,
}

/// Gathers them: the file, the profiles, and where neither is named the system's store, as openssl does.
pub(super) fn gather(
    client_ca: Option<&Path>,
    named: &[&Profile],
    default_roots: bool,
) -> Result<Judges> {
    let mut certificates: Vec<Certificate> = Vec::new();
    let mut origins: Vec<String> = Vec::new();
    let mut ca_names = Vec::new();
    if let Some(path) = client_ca {
        let from_file = files::anchors(path)?;
        ca_names = from_file
            .iter()
            .map(|certificate| certificate.subject_der().to_vec())
            .collect();
        origins.push(path.display().to_string());
        certificates.extend(from_file);
    }
    for profile in named {
        origins.push(format!("profile {}", profile.name));
        certificates.extend(
            profile
                .anchors()
                .iter()
                .map(|anchor| cert::certificate(&anchor.der)),
        );
    }
    if origins.is_empty() && default_roots {
        let loaded = rustls_native_certs::load_native_certs();
        certificates.extend(loaded.certs.iter().map(|der| cert::certificate(der)));
        if !certificates.is_empty() {
            origins.push("the system's trust store".to_owned());
        }
    }
    Ok(Judges {
        anchors: Anchors::new(certificates),
        origin: origins.join(" and "),
        ca_names,
    })
}

/// The judge of a webhook's chain: by the anchors given, else by the public roots, for this name at this moment.
pub(super) fn server_judge(
    given: Option<Vec<Certificate>>,
    default_roots: bool,
    host: String,
    now: Timestamp,
) -> dial::Judge {
    let given = given.map(Anchors::new);
    Arc::new(move |presented| {
        let by_default;
        let anchors = match &given {
            Some(anchors) => anchors,
            None => {
                let named = if default_roots {
                    public::named_by(presented)
                } else {
                    Vec::new()
                };
                by_default = Anchors::new(named);
                &by_default
            }
        };
        path::evaluate(&path::Question {
            presented,
            untrusted: &[],
            anchors,
            lists: &[],
            now,
            purpose: Purpose::ServerAuth,
            hosts: std::slice::from_ref(&host),
            max_depth: None,
        })
    })
}
