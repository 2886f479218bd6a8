//! A heap of certificates, cut out of any bytes, judged by each other.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use mtls::facts::{Certificate, FileRole, Purpose};
use mtls::parse::input;
use mtls::verify::{Anchors, rfc5280};

fuzz_target!(|file: &[u8]| {
    let files = input::read("f", FileRole::Chain, None, file);
    let certificates: Vec<Arc<Certificate>> = files
        .iter()
        .flat_map(|file| file.certificates())
        .map(|(_, certificate)| certificate.clone())
        .collect();
    let anchors = Anchors::new(certificates.last().cloned());
    for purpose in [Purpose::ServerAuth, Purpose::ClientAuth] {
        drop(rfc5280::judge(&rfc5280::Question {
            presented: &certificates,
            untrusted: &[],
            anchors: &anchors,
            lists: &[],
            now: "2026-11-24T00:00:00Z".parse().expect("a moment"),
            purpose,
            hosts: &["hook.example".to_owned()],
            max_depth: None,
            status_by: &mtls::verify::stacks::StatusBy::Mainstream,
        }));
    }
});
