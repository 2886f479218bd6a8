//! MT203.

use crate::{
    context::Context,
    facts::{Certificate, Chain, Eku},
    finding::{Certainty, Hit, Severity, Verdict},
    rule,
    rules::{
        chain::help::Shape,
        help::{
            below_a_root, fetched_above, fixed, holds, is_below_a_fetched_root,
            issuer_is_called_root, judged, lacks_issuer_of_leaf, on_disk, owner, path, place,
            shell, with_fetched,
        },
    },
};

rule! {
    /// ## What it finds
    ///
    /// A leaf whose issuer is neither among the certificates sent nor among the trust anchors,
    /// although the leaf is not self-signed.
    ///
    /// ## Why it matters
    ///
    /// RFC 8446 requires a peer to send its intermediates; only the root may be left out. Without
    /// them there is no path from the leaf to a trust anchor, and OpenSSL reports error 20 and then
    /// 21. The same errors occur when the leaf was issued directly by a CA that is not trusted:
    /// nothing on the wire distinguishes the two, so the confidence of this finding is "likely". It
    /// is likelier still if the leaf has a download address of its issuer (Authority Information
    /// Access).
    ///
    /// Without trust anchors, a file alone does not show whether an intermediate exists. The
    /// severity then depends on the leaf:
    ///
    /// - Error: a server's leaf with such a download address. Public CAs issue all their leaves by
    ///   an intermediate.
    /// - Note: the issuer's name says "root", and the leaf has no such address. Then there is
    ///   probably no intermediate, and the file is complete.
    /// - Warning: every other leaf.
    ///
    /// With `--fetch`, the issuer is fetched from there, and its key has to verify the leaf's
    /// signature. If it is an intermediate, the finding is proven and an error; if it is a root,
    /// nothing is missing.
    ///
    /// ## How to fix it
    ///
    /// Send leaf and intermediates, in this order, without the root. If there is no intermediate,
    /// the other side has to trust the leaf's issuer ([MT403](#mt403)).
    ///
    /// ```text
    /// cat leaf.pem intermediate.pem > fullchain.pem
    /// mtls lint --cert leaf.pem --fetch --fix --out fullchain.pem
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
        return Verdict::NotApplicable("the chain was not checked against any trust anchor");
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
        return Verdict::NotApplicable("no trust anchor to check against");
    }
    if leaf.unreadable.is_some() || leaf.self_issued {
        return Verdict::NotApplicable("the leaf is self-signed");
    }
    // Another than the file's may have helped, and then its path says so.
    let longer = chain
        .trust
        .as_ref()
        .is_some_and(|trust| trust.path.len() > 1);
    if longer || Shape::of(chain).order.len() > 1 {
        return Verdict::Pass;
    }
    if is_below_a_fetched_root(chain, leaf) {
        return Verdict::Pass;
    }
    let hit = found(chain, leaf);
    Verdict::hit(if is_web(leaf) || fetched_above(chain, leaf).is_some() {
        hit
    } else if below_a_root(leaf) {
        hit.severity(Severity::Note)
    } else {
        hit.severity(Severity::Warning)
    })
}

/// Whether the leaf says where its issuer's certificate is, and names a host for TLS servers: public
/// CAs issue such leaves below an intermediate only.
fn is_web(leaf: &Certificate) -> bool {
    let server = leaf
        .eku
        .as_ref()
        .is_some_and(|usages| usages.contains(&Eku::ServerAuth));
    server && !leaf.form.issuer_urls.is_empty() && !issuer_is_called_root(leaf)
}

fn found(chain: &Chain, leaf: &Certificate) -> Hit {
    let seen = match chain.links.len() {
        1 => "only the leaf".to_owned(),
        count => format!("{count} certificates, but not the leaf's issuer"),
    };
    let missing = if below_a_root(leaf) {
        "its issuer"
    } else {
        "the intermediate"
    };
    let issuer = fetched_above(chain, leaf);
    let mut hit = Hit::new(
        format!(
            "{} {seen}; {missing} \"{}\" is missing",
            holds(chain),
            leaf.issuer
        ),
        leaf.label(),
        place(chain, chain.leaf),
        match issuer {
            Some(_) => "add the fetched intermediate after the leaf",
            None => {
                "add the intermediate after the leaf; if the issuer is a root, the other side must trust it"
            }
        },
    )
    .evidence("missing issuer", leaf.issuer.clone())
    .act(owner(chain.role));
    if let Some(issuer) = issuer {
        return with_fetched(hit, chain, issuer).certainty(Certainty::Proven);
    }
    for url in leaf.form.issuer_urls.iter().take(3) {
        hit = hit.evidence("issuer's certificate at", url.clone());
    }
    add_issuer(hit, chain, leaf)
}

/// The hit with the command that adds the issuer: fetched from where the leaf says, else from a file
/// that the CA has.
fn add_issuer(hit: Hit, chain: &Chain, leaf: &Certificate) -> Hit {
    let Some(path) = path(chain).filter(|path| on_disk(path)) else {
        return hit.step(
            "cat leaf.pem intermediate.pem > fullchain.pem   # the intermediate, from the CA",
        );
    };
    let (file, out) = (shell(path), fixed(path));
    let is_web = |url: &&String| url.starts_with("http://") || url.starts_with("https://");
    match leaf.form.issuer_urls.iter().find(is_web) {
        Some(url) => {
            // RFC 5280 section 4.2.2.1: a certificate, or a `certs-only` message of several.
            let path = url.split(['?', '#']).next().unwrap_or_default();
            let ending = std::path::Path::new(path).extension();
            let several = |ending: &std::ffi::OsStr| {
                ending.eq_ignore_ascii_case("p7c") || ending.eq_ignore_ascii_case("p7b")
            };
            let read = match ending.is_some_and(several) {
                true => "pkcs7 -inform DER -print_certs",
                false => "x509 -inform DER",
            };
            hit.fix(format!(
                "(cat {file}; echo; curl -fsSL {} | openssl {read}) > {out}",
                shell(url)
            ))
        }
        None => hit.step(format!(
            "cat {file} intermediate.pem > {out}   # the intermediate, from the CA"
        )),
    }
}
