//! rustls' own verifiers, which are webpki's, asked directly.

use std::{fs, path::Path, sync::Arc, time::Duration};

use rustls::{
    RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier as _},
    crypto::aws_lc_rs::default_provider,
    server::WebPkiClientVerifier,
};
use rustls_pki_types::{
    CertificateDer, CertificateRevocationListDer, ServerName, UnixTime, pem::PemObject,
};

use super::{Answer, Verifier};
use crate::stacks::{
    chain::Role,
    corpus::{Case, Cases},
};

/// The version that this project is built with.
pub(super) fn verifier() -> Verifier {
    Verifier {
        stack: "rustls",
        version: locked("rustls"),
        ask: Box::new(|cases| {
            let one = |case: &Case| {
                let judged = judge(cases, case);
                let letter = if judged.is_ok() { 'A' } else { 'R' };
                let why = judged.err().unwrap_or_default();
                (case.name.clone(), Answer { letter, why })
            };
            cases.list.iter().map(one).collect()
        }),
    }
}

/// The version of a crate in `Cargo.lock`.
fn locked(name: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock");
    let lock: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
    let found = lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"].as_str() == Some(name));
    found.unwrap()["version"].as_str().unwrap().to_owned()
}

fn read<T: PemObject>(path: &Path) -> Vec<T> {
    let text = fs::read(path).unwrap_or_default();
    T::pem_slice_iter(&text).map(Result::unwrap).collect()
}

fn judge(cases: &Cases, case: &Case) -> Result<(), String> {
    let part = |part: &str| read::<CertificateDer<'static>>(&cases.file(case, part));
    let (leaf, sent) = (part("leaf.pem"), part("sent.pem"));
    let mut anchors = RootCertStore::empty();
    // What cannot be an anchor is left out, as by every program that loads a file of them.
    let _ = anchors.add_parsable_certificates(part("anchors.pem"));
    let anchors = Arc::new(anchors);
    let lists: Vec<CertificateRevocationListDer<'static>> = read(&cases.file(case, "lists.pem"));
    let provider = Arc::new(default_provider());
    let seconds = Duration::from_secs(u64::try_from(case.moment).unwrap());
    let moment = UnixTime::since_unix_epoch(seconds);
    let said = |error: &dyn std::fmt::Display| error.to_string();
    match case.role {
        Role::Client => WebPkiClientVerifier::builder_with_provider(anchors, provider)
            .with_crls(lists)
            .only_check_end_entity_revocation()
            .build()
            .map_err(|error| said(&error))?
            .verify_client_cert(&leaf[0], &sent, moment)
            .map(|_| ())
            .map_err(|error| said(&error)),
        Role::Server => {
            let host = ServerName::try_from(case.host.as_str()).map_err(|error| said(&error))?;
            WebPkiServerVerifier::builder_with_provider(anchors, provider)
                .with_crls(lists)
                .only_check_end_entity_revocation()
                .build()
                .map_err(|error| said(&error))?
                .verify_server_cert(&leaf[0], &sent, &host, &[], moment)
                .map(|_| ())
                .map_err(|error| said(&error))
        }
    }
}
