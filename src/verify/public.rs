//! The anchors of the public web: Mozilla's list for servers, as the crate `webpki-root-certs`
//! carries it.
//!
//! For: judging a server's chain that its owner gave no anchors for. Only the anchors that a chain
//! names are read: reading all of them would cost more than everything else `lint` does. Must not:
//! be taken for the store of a particular sender; which one Dialogflow uses is not documented.

use std::collections::HashSet;
use std::sync::Arc;

use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use crate::{
    facts::Certificate,
    parse::cert::{self, der},
};

/// The public anchors that one of `certificates` names as its issuer, or is.
pub fn named_by(certificates: &[Arc<Certificate>]) -> Vec<Arc<Certificate>> {
    let names: HashSet<&[u8]> = certificates
        .iter()
        .filter(|certificate| certificate.unreadable.is_none())
        .map(|certificate| certificate.issuer_der())
        .collect();
    TLS_SERVER_ROOT_CERTS
        .iter()
        .filter(|root| {
            der::layout(root).is_some_and(|layout| names.contains(&root[layout.subject]))
        })
        .map(|root| Arc::new(cert::certificate(root)))
        .collect()
}

/// All of them, DER.
pub fn all() -> impl Iterator<Item = Vec<u8>> {
    TLS_SERVER_ROOT_CERTS.iter().map(|root| root.to_vec())
}

/// One of them, for a set that is not to be empty.
pub fn first() -> Option<Arc<Certificate>> {
    TLS_SERVER_ROOT_CERTS
        .first()
        .map(|root| Arc::new(cert::certificate(root)))
}

/// Whether this is one of them, by name and key.
pub fn is_public(certificate: &Certificate) -> bool {
    TLS_SERVER_ROOT_CERTS.iter().any(|root| {
        der::layout(root).is_some_and(|layout| {
            &root[layout.subject] == certificate.subject_der()
                && &root[layout.spki] == certificate.spki_der()
        })
    })
}
