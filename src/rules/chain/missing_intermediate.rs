//! MT203.

use crate::{
    context::Context,
    facts::{Certificate, Chain, Side},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::{
        chain::help::Shape,
        help::{below_a_root, holds, judged, lacks_issuer_of_leaf, owner, place},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A leaf whose issuer is neither among the certificates that were sent nor among the trusted ones, though the leaf says
    /// that somebody else issued it.
    ///
    /// ## Why it matters
    ///
    /// RFC 8446 asks a peer to send its intermediates; only the root may be left out. Without them there is no path from the
    /// leaf to an anchor, and OpenSSL reports error 20 and then 21. The same numbers come up when the leaf was issued
    /// directly by an authority that is not trusted: nothing on the wire tells the two apart, so this finding is likely, not
    /// proven. It is likelier still when an issuer's download address stands in the leaf (Authority Information Access).
    ///
    /// For a file that is judged without anchors it is a warning, and a note where the issuer is called a root and no address
    /// stands in the leaf: then the authority has no intermediate, and the file is whole.
    ///
    /// ## How to fix it
    ///
    /// The side that presents the chain sends leaf and intermediates, in this order, root left out. If there is no
    /// intermediate, the other side has to trust the leaf's issuer ([MT403](#mt403)).
    ///
    /// ```text
    /// cat leaf.pem intermediate.pem > fullchain.pem
    /// openssl x509 -in leaf.pem -noout -issuer -ext authorityInfoAccess
    /// # nginx    ssl_certificate fullchain.pem;
    /// # Go       tls.LoadX509KeyPair("fullchain.pem", "key.pem")
    /// # Node     https.request({ cert: fs.readFileSync('fullchain.pem'), key })
    /// # openssl  s_server -cert sends the first certificate only: add -cert_chain intermediate.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.4.2 (Certificate)
    /// - RFC 5280, section 4.2.2.1 (Authority Information Access)
    pub static RULE = MT203 {
        name: "missing-intermediate",
        severity: Error,
        certainty: Likely,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.4.2", "2018-08"), ("RFC 5280 section 4.2.2.1", "2008-05")],
        faults: [
            "client-missing-intermediate", "server-missing-intermediate", "upstream-missing-intermediate",
        ],
        symptoms: [
            Verify(20), Verify(21), Alert(48), Alert(46), Alert(42),
            Says("unable to get local issuer certificate"), Says("unable to verify the first certificate"),
            Says("certificate signed by unknown authority"), Says("unknownissuer"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good().leaf_only().problem(0, 20).problem(0, 21).done(),
        silent_on: || Fixture::good().problem(1, 20).done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.trust.is_none() && !chain.in_file() {
        return Verdict::NotApplicable("the chain was not judged against any anchor");
    }
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the chain is empty");
    };
    if judged(chain) {
        return if lacks_issuer_of_leaf(chain) {
            Verdict::hit(found(chain, leaf))
        } else {
            Verdict::Pass
        };
    }
    if !chain.in_file() {
        return Verdict::NotApplicable("nothing to judge against");
    }
    if leaf.unreadable.is_some() || leaf.self_issued {
        return Verdict::NotApplicable("the leaf names nobody else as its issuer");
    }
    // Another than the file's may have helped, and then its path says so.
    let longer = chain
        .trust
        .as_ref()
        .is_some_and(|trust| trust.path.len() > 1);
    if longer || Shape::of(chain).order.len() > 1 {
        return Verdict::Pass;
    }
    let hit = found(chain, leaf);
    Verdict::hit(if below_a_root(leaf) {
        hit.severity(Severity::Note)
    } else {
        hit.severity(Severity::Warning)
    })
}

fn found(chain: &Chain, leaf: &Certificate) -> Hit {
    let seen = match chain.links.len() {
        1 => "the leaf alone".to_owned(),
        count => format!("{count} certificates, none of them the leaf's issuer"),
    };
    let mut hit = Hit::new(
        format!(
            "{} {seen}, wanted the leaf and its issuer \"{}\"",
            holds(chain),
            leaf.issuer
        ),
        leaf.label(),
        place(chain, chain.leaf),
        "send the whole chain without the root; if the issuer is itself a root, trust it on the other side",
    )
    .evidence("issuer wanted", leaf.issuer.clone())
    .act(owner(chain.role));
    for url in leaf.form.issuer_urls.iter().take(3) {
        hit = hit.evidence("issuer's certificate at", url.clone());
    }
    hit = hit.command("cat leaf.pem intermediate.pem > fullchain.pem");
    if chain.role == Side::Client && !chain.in_file() {
        hit = hit.command(
            "curl --cert fullchain.pem --key key.pem --json '{}' https://your-webhook.example/",
        );
    }
    hit
}
