//! MT276.

use crate::{
    context::Context,
    facts::{Chain, Side},
    finding::Verdict,
    rule,
    rules::client::client_issuer_unknown::unknown,
    rules::help::show,
};

rule! {
    /// ## What it finds
    ///
    /// A server's chain whose last certificate was issued by a CA that is not among the trust
    /// anchors, or that ends in such a root. A leaf whose own issuer is missing is [MT203](#mt203),
    /// a self-signed one [MT277](#mt277).
    ///
    /// ## Why it matters
    ///
    /// Clients reject the webhook: OpenSSL with error 19 if the root was sent and 20 if not, Go
    /// with "certificate signed by unknown authority", Java with "unable to find valid
    /// certification path". Either it is a private CA that this client does not trust yet, or one
    /// more intermediate is missing above those in the file.
    ///
    /// ## How to fix it
    ///
    /// Add the missing intermediate if there is one, give the client the CA's root, or get a
    /// certificate from a CA that the client trusts.
    ///
    /// ```text
    /// openssl storeutl -noout -text -certs fullchain.pem | grep -E "Subject:|Issuer:"
    /// openssl verify -CAfile root.pem -untrusted fullchain.pem fullchain.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 6.1.1 (d) (trust anchor)
    /// - RFC 8446, section 6.2 (unknown_ca)
    pub static RULE = MT276 {
        name: "issuer-unknown",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 5280 section 6.1.1", "2008-05"), ("RFC 8446 section 6.2", "2018-08")],
        faults: ["server-unknown-ca", "upstream-unknown-ca"],
        symptoms: [Verify(30), Verify(19), Verify(20), Verify(2), Verify(21), Verify(27), Alert(48), Alert(46), Alert(42),
            Says("self-signed certificate in certificate chain"), Says("self signed certificate in certificate chain"),
            Says("unable to get local issuer certificate"), Says("certificate signed by unknown authority"),
            Says("unable to find valid certification path"), Says("unknownissuer"),
        ],
        check: Chain(check),
        fires_on: || Fixture::files().file_problem(1, 20).done(),
        silent_on: || Fixture::files().file_leaf_only().file_problem(0, 20).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.role != Side::Server {
        return Verdict::NotApplicable("not the server's chain");
    }
    unknown(
        chain,
        context,
        "add the missing intermediate if there is one; else give clients the root of this CA, or get a certificate from a CA that they trust",
        |hit| hit.check(show(chain, "Subject:|Issuer:|CA Issuers")),
    )
}
