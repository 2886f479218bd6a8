//! MT415.

use std::collections::HashMap;

use crate::{
    context::Context,
    facts::{Case, Place},
    finding::Verdict,
    rule,
    rules::{
        anchors::help::{each_set, together},
        help::{place, repair},
    },
};

rule! {
    /// ## What it finds
    ///
    /// The same certificate twice in the client-CA file, byte for byte.
    ///
    /// ## Why it matters
    ///
    /// Verifiers keep one of them. The names of the CAs in the file are sent to every client in the
    /// certificate request, and programs that copy the file as it is send this one twice.
    ///
    /// ## How to fix it
    ///
    /// Remove one of them.
    ///
    /// ```text
    /// mtls lint --client-ca clients.pem --fix --out clients.fixed.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.2.4 (certificate authorities)
    pub static RULE = MT415 {
        name: "anchor-twice",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.2.4", "2018-08")],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || Fixture::client_ca().also(fixture::root()).done(),
        silent_on: || Fixture::client_ca()
            .also(chain_fixture::reissued(&fixture::root())).done(),
    }
}

fn check(case: &Case, _: &Context) -> Verdict {
    each_set(case, |file| {
        let mut first: HashMap<&str, usize> = HashMap::new();
        let mut found = Vec::new();
        for (index, certificate) in file.anchors() {
            match first.get(certificate.sha256.as_str()) {
                None => {
                    first.insert(&certificate.sha256, index);
                }
                Some(&before) => {
                    let at = match place(file.chain, before) {
                        Place::File { first_line, .. } => format!("at line {first_line}"),
                        _ => format!("at position {}", before + 1),
                    };
                    found.push((index, certificate, format!("the first is {at}")));
                }
            }
        }
        let hit = together(
            file,
            &found,
            "is a duplicate",
            "nothing breaks; remove the duplicate",
        );
        let hit = hit.map(|hit| match repair(file.chain) {
            Some(command) => hit.fix(command),
            None => hit,
        });
        Verdict::from_hits(hit.into_iter().collect())
    })
}
