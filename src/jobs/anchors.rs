//! Which certificates the other end's are judged by.

use std::{path::Path, sync::Arc};

use anyhow::Result;
use jiff::Timestamp;

use super::files;
use crate::{
    facts::{Certificate, FileRole, Purpose},
    net::dial,
    parse::cert,
    profiles::Profile,
    verify::{Anchors, public, rfc5280, stacks::StatusBy},
};

/// The public roots in words.
pub(crate) const PUBLIC: &str = "the public roots";
/// The system's store in words.
const SYSTEM: &str = "the system's trust store";

/// Anchors and where they come from.
pub(crate) struct Judges {
    pub(crate) anchors: Anchors,
    /// In words, for messages.
    pub(crate) origin: String,
    /// Subject names for the CertificateRequest, DER: those of the file the user gave, as servers
    /// do.
    pub(crate) ca_names: Vec<Vec<u8>>,
}

/// Gathers them: the file, the profiles, and where neither is named the system's store, as openssl
/// does.
pub(crate) fn gather(
    client_ca: Option<&Path>,
    named: &[&Profile],
    default_roots: bool,
) -> Result<Judges> {
    let mut certificates: Vec<Arc<Certificate>> = Vec::new();
    let mut origins: Vec<String> = Vec::new();
    let mut ca_names = Vec::new();
    if let Some(path) = client_ca {
        let from_file = files::certificates(path, FileRole::ClientCa)?;
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
                .map(|anchor| Arc::new(cert::certificate(&anchor.der))),
        );
    }
    if origins.is_empty() && default_roots {
        let loaded = rustls_native_certs::load_native_certs();
        certificates.extend(
            loaded
                .certs
                .iter()
                .map(|der| Arc::new(cert::certificate(der))),
        );
        if !certificates.is_empty() {
            origins.push(SYSTEM.to_owned());
        }
    }
    Ok(Judges {
        anchors: Anchors::new(certificates),
        origin: origins.join(" and "),
        ca_names,
    })
}

/// A set of anchors that servers' chains are judged by, and its name in words.
#[derive(Clone)]
pub(crate) struct Store {
    pub(crate) name: String,
    /// `None`: the public roots, of which only those are read that a chain names.
    anchors: Option<Anchors>,
    /// Whether a chain that names none of the public roots is not trusted, instead of not judged.
    strict: bool,
}

impl Store {
    /// These certificates.
    pub(crate) fn of(name: impl Into<String>, certificates: Vec<Arc<Certificate>>) -> Self {
        Self {
            name: name.into(),
            anchors: Some(Anchors::new(certificates)),
            strict: true,
        }
    }

    /// The public roots.
    pub(crate) fn public() -> Self {
        Self {
            name: PUBLIC.to_owned(),
            anchors: None,
            strict: false,
        }
    }

    /// The same for servers that are reached: whoever calls them has these roots, and nothing else.
    pub(crate) fn strict(self) -> Self {
        Self {
            strict: true,
            ..self
        }
    }

    /// What decides: the file given, else the public roots, else nothing.
    pub(crate) fn deciding(cacert: Option<&Path>, default_roots: bool) -> Result<Self> {
        Ok(match cacert {
            Some(path) => Self::of(
                path.display().to_string(),
                files::certificates(path, FileRole::Anchors)?,
            ),
            None if default_roots => Self::public(),
            None => Self::of("no store", Vec::new()),
        })
    }

    /// The system's store.
    pub(crate) fn system() -> Self {
        let loaded = rustls_native_certs::load_native_certs();
        let certificates = loaded
            .certs
            .iter()
            .map(|der| Arc::new(cert::certificate(der)));
        Self::of(SYSTEM, certificates.collect())
    }

    /// The anchors of a sender.
    pub(crate) fn profile(profile: &Profile) -> Self {
        let anchors = profile.anchors();
        let certificates = anchors
            .iter()
            .map(|anchor| Arc::new(cert::certificate(&anchor.der)));
        Self::of(format!("profile {}", profile.name), certificates.collect())
    }

    /// Whether there is anything in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.anchors.as_ref().is_some_and(Anchors::is_empty)
    }

    /// Its anchors, as far as these certificates may lead to them.
    pub(crate) fn anchors_for(&self, certificates: &[Arc<Certificate>]) -> Anchors {
        match &self.anchors {
            Some(anchors) => anchors.clone(),
            None => {
                let mut named = public::named_by(certificates);
                if named.is_empty() && self.strict {
                    named.extend(public::first());
                }
                Anchors::new(named)
            }
        }
    }
}

/// The judge of a server's chain, by this store, for this name at this moment.
pub(crate) fn server_judge(
    store: Store,
    host: String,
    now: Timestamp,
    status_by: StatusBy,
) -> dial::Judge {
    Arc::new(move |presented| {
        rfc5280::judge(&rfc5280::Question {
            presented,
            untrusted: &[],
            anchors: &store.anchors_for(presented),
            lists: &[],
            now,
            purpose: Purpose::ServerAuth,
            hosts: std::slice::from_ref(&host),
            max_depth: None,
            status_by: &status_by,
        })
    })
}
