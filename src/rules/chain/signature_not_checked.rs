//! MT426.

use crate::{
    context::Context,
    facts::{Chain, Purpose, SIGNATURE_NOT_CHECKED},
    finding::{Hit, Verdict},
    rule,
    rules::help::{anchors_file, argument, owner, place, suspects, verdict, whole, word},
};

rule! {
    /// ## What it finds
    ///
    /// A certificate on the path to the trust anchor whose signature uses an algorithm that this
    /// program does not support.
    ///
    /// ## Why it matters
    ///
    /// It is then unknown who made the signature. Such a chain is neither trusted nor untrusted:
    /// the verdict is `unknown`, never a pass.
    ///
    /// ## How to fix it
    ///
    /// Check it with a program that supports the algorithm; OpenSSL supports most. Better, have the
    /// certificate signed with an algorithm that every stack supports: RSA, or ECDSA on P-256 or
    /// P-384, with SHA-256 or SHA-384.
    ///
    /// ```text
    /// openssl verify -purpose sslserver -CAfile anchors.pem -untrusted fullchain.pem fullchain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 6.1.3 (a)(1)
    pub static RULE = MT426 {
        name: "signature-not-checked",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 6.1.3", "2008-05")],
        faults: [],
        symptoms: [Verify(76), Says("unsupportedsignaturealgorithm")],
        check: Chain(check),
        fires_on: || Fixture::good().signature_not_checked().done(),
        silent_on: || Fixture::good().problem(0, 7).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    let Some(trust) = &chain.trust else {
        return Verdict::NotApplicable("no path was built for this chain");
    };
    let purpose = match trust.purpose {
        Purpose::ClientAuth => "sslclient",
        Purpose::ServerAuth => "sslserver",
    };
    let file = argument(chain, "fullchain.pem");
    let open = suspects(chain, &[SIGNATURE_NOT_CHECKED], |_, _| None);
    verdict(&open, |suspect| {
        let sent = suspect.sent;
        let issuer = sent.map_or_else(
            || "its issuer".to_owned(),
            |(_, certificate)| format!("\"{}\"", certificate.issuer),
        );
        let hit = Hit::new(
            format!(
                "{}: {}; unknown whether {issuer} issued it",
                suspect.which(),
                suspect.why
            ),
            suspect.subject(),
            match sent {
                Some((index, _)) => place(chain, index),
                None => whole(chain),
            },
            format!(
                "check it with OpenSSL, or have the {}'s chain signed with an algorithm that every stack supports",
                word(chain.role)
            ),
        )
        .check(format!(
            "openssl verify -purpose {purpose} -CAfile {} -untrusted {file} {file}",
            anchors_file(context)
        ))
        .act(owner(chain.role));
        match sent {
            Some((_, certificate)) => hit
                .evidence(
                    "signature algorithm",
                    certificate.signature_algorithm.to_string(),
                )
                .evidence("sha256", certificate.sha256.clone()),
            None => hit,
        }
    })
}
