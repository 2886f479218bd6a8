//! MT209.

use crate::{
    context::Context,
    facts::Chain,
    finding::Verdict,
    rule,
    rules::help::{show, suspects, verdict},
};

rule! {
    /// ## What it finds
    ///
    /// More intermediates below a CA than its path length constraint (`pathlen`) allows.
    ///
    /// ## Why it matters
    ///
    /// `pathlen:0` means that this CA issues leaves only. Every verifier rejects a further CA below
    /// it; OpenSSL reports error 25 and sends alert 48, rustls sends 46.
    ///
    /// ## How to fix it
    ///
    /// Issue the leaf from the upper CA, or have the upper CA's certificate reissued
    /// with room for one more level.
    ///
    /// ```text
    /// openssl x509 -in intermediate.pem -noout -ext basicConstraints
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.9 (basic constraints) and section 6.1.4 (l) and (m)
    pub static RULE = MT209 {
        name: "path-length-exceeded",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.9", "2008-05")],
        faults: ["client-pathlen-exceeded", "server-pathlen-exceeded"],
        symptoms: [
            Verify(25), Alert(48), Alert(46),
            Says("path length constraint exceeded"), Says("pathlenconstraintviolated"), Says("too many intermediates"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good()
            .certificate(1, |ca| ca.path_len = Some(0)).problem(1, 25).done(),
        silent_on: || Fixture::good().certificate(1, |ca| ca.path_len = Some(0)).done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.trust.is_none() {
        return Verdict::NotApplicable("no path was built for this chain");
    }
    let exceeded = suspects(chain, &[25], |_, _| None);
    verdict(&exceeded, |suspect| {
        let hit = suspect
            .hit(
                format!("too many CAs below {}: {}", suspect.which(), suspect.why),
                "issue the leaf from the upper CA, or have the CA below it reissued by one with a larger pathlen",
            )
            .check(show(chain, "Subject:|pathlen"));
        match suspect
            .sent
            .and_then(|(_, certificate)| certificate.path_len)
        {
            Some(limit) => hit.evidence("path length allowed", limit.to_string()),
            None => hit,
        }
    })
}
