//! MT403.

use crate::{
    context::Context,
    facts::{Chain, FetchedIssuer, Side},
    finding::{Hit, Verdict},
    rule,
    rules::help::{
        anchors_file, fetched_above, judged, lacks_issuer_of_leaf, place, problems, sent_index,
        the_chain, whole, with_fetched,
    },
};

rule! {
    /// ## What it finds
    ///
    /// A client chain whose last certificate was issued by a CA that is not among the trust
    /// anchors, or that ends in such a root.
    ///
    /// ## Why it matters
    ///
    /// The most common failure of mutual TLS. OpenSSL reports error 19 if the untrusted root was
    /// sent and 20 if not, and sends alert 48; Java sends 46, Go 1.19 sent 42. A sender that
    /// changes its CA causes it without any change at the webhook.
    ///
    /// ## How to fix it
    ///
    /// Add the root of the sender's current chain to the client-CA file (not to the system's store,
    /// and not the leaf), from the sender's own documentation rather than from the wire. If the
    /// sender is not an expected one, there is nothing to fix.
    ///
    /// ```text
    /// cat root.pem >> clients.pem
    /// # nginx    ssl_client_certificate clients.pem;  ssl_verify_depth 3;
    /// # Go       pool.AppendCertsFromPEM(pem); tls.Config{ClientCAs: pool}
    /// # Node     https.createServer({ ca: fs.readFileSync('clients.pem'), requestCert: true })
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 6.1.1 (d) (trust anchor)
    /// - RFC 8446, section 6.2 (unknown_ca)
    pub static RULE = MT403 {
        name: "client-issuer-unknown",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 6.1.1", "2008-05"), ("RFC 8446 section 6.2", "2018-08")],
        faults: ["client-unknown-ca", "client-file-ca-empty", "server-file-ca-empty"],
        symptoms: [Verify(30), Verify(19), Verify(20), Verify(2), Verify(21), Verify(27), Alert(48), Alert(46), Alert(42),
            Says("self-signed certificate in certificate chain"), Says("self signed certificate in certificate chain"),
            Says("unable to get local issuer certificate"), Says("certificate signed by unknown authority"),
            Says("unable to find valid certification path"), Says("unknownissuer"), Says("unknown ca"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good().problem(1, 20).done(),
        silent_on: || Fixture::good().leaf_only().problem(0, 20).problem(0, 21).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.role != Side::Client {
        return Verdict::NotApplicable("not the client's chain");
    }
    unknown(
        chain,
        context,
        "if this sender is expected, add the root of its current chain to the client-CA file, taken from the sender's own documentation",
        |hit| {
            hit.step(format!(
                "cat root.pem >> {}   # the root, from the CA",
                anchors_file(context)
            ))
        },
    )
}

/// The verdict on a chain of either side that leads to no anchor, though not for lack of the leaf's
/// issuer.
pub(in crate::rules) fn unknown(
    chain: &Chain,
    context: &Context,
    remedy: &'static str,
    with_commands: impl FnOnce(Hit) -> Hit,
) -> Verdict {
    if chain.links.is_empty() {
        return Verdict::NotApplicable("the chain is empty");
    }
    if !judged(chain) {
        return Verdict::NotApplicable("no trust anchor to check against");
    }
    if lacks_issuer_of_leaf(chain) || problems(chain, &[18]).next().is_some() {
        return Verdict::NotApplicable("the path ends at the leaf, which is another finding");
    }
    // 21 follows 20 and says less.
    let mut found: Vec<_> = problems(chain, &[30, 19, 20, 2, 27, 21]).collect();
    found.sort_by_key(|problem| problem.error.num == 21);
    let Some(problem) = found.first() else {
        return Verdict::Pass;
    };
    let index = sent_index(chain, problem);
    let top = index.and_then(|index| chain.certificate(index));
    let (whose, anchors) = (the_chain(chain), origin(context));
    let (subject, message) = match top {
        Some(top) if problem.error.num == 30 => (
            top.issuer.clone(),
            format!(
                "{whose} ends at \"{}\"; {anchors} has that name with another key",
                top.issuer
            ),
        ),
        Some(root) if root.self_issued => (
            root.label(),
            format!(
                "{whose} ends at the root \"{}\", which is not in {anchors}",
                root.label()
            ),
        ),
        Some(top) => (
            top.issuer.clone(),
            format!(
                "{whose} ends at the issuer \"{}\", which is not in {anchors}",
                top.issuer
            ),
        ),
        None => (
            problem.subject.clone(),
            format!(
                "{whose} ends at \"{}\", which is not in {anchors}",
                problem.subject
            ),
        ),
    };
    let hit = Hit::new(
        message,
        subject,
        match index {
            Some(index) => place(chain, index),
            None => whole(chain),
        },
        remedy,
    )
    .evidence(
        "openssl",
        format!(
            "error {} at depth {}: {}",
            problem.error.num, problem.depth, problem.error.text
        ),
    )
    .evidence("reason", problem.why.clone());
    let completes = |_: &&FetchedIssuer| chain.fetched.iter().any(|one| one.completes());
    let fetched = top.and_then(|top| fetched_above(chain, top));
    Verdict::hit(match fetched.filter(completes) {
        Some(issuer) => {
            let mut hit = with_fetched(hit, chain, issuer);
            "add the fetched intermediate to the chain".clone_into(&mut hit.remedy.text);
            hit
        }
        None => with_commands(hit),
    })
}

/// Where the trust anchors came from, in words.
pub(in crate::rules) fn origin(context: &Context) -> &str {
    if context.anchors_origin.is_empty() {
        "the trust anchors"
    } else {
        &context.anchors_origin
    }
}
