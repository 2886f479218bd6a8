//! MT446.

use crate::{
    context::{Context, ExpectedIdentity},
    facts::{Accepted, Certificate, ClientAuth, NameKind, Place, Side},
    finding::{Hit, Verdict},
    parse::{escape, spiffe},
    rule,
    rules::help::{place, trusted},
};

rule! {
    /// ## What it finds
    ///
    /// A client whose certificate is none of those that `--allow-cn`, `--allow-ou`, `--allow-dns`,
    /// `--allow-uri` and `--allow-spki` name, or whose SPIFFE ID is malformed.
    ///
    /// ## Why it matters
    ///
    /// A chain to a trusted CA says that the CA issued the certificate, not to whom. Where the CA
    /// issues to many, a webhook that checks the chain alone accepts all of them.
    ///
    /// ## How to fix it
    ///
    /// If the client is the right one, correct the expectation; if it is not, let the webhook
    /// compare names too.
    ///
    /// ```text
    /// # nginx    if ($ssl_client_s_dn !~ "CN=THE NAME") { return 403; }
    /// # ghostunnel    --allow-uri spiffe://example.org/ns/web/sa/hook
    /// ```
    ///
    /// ## References
    ///
    /// - SPIFFE-ID, sections 2.1 to 2.3; X.509-SVID, section 2 (one URI)
    /// - RFC 5280, section 4.2.1.6 (subject alternative name)
    pub static RULE = MT446 {
        name: "identity-unexpected",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.6", "2008-05")],
        faults: [],
        symptoms: [],
        check: Accepted(check),
        fires_on: || Fixture::good()
            .context(|context| context.expected_identity = expected("somebody else")).done(),
        silent_on: || Fixture::good()
            .certificate(0, |leaf| leaf.form.common_names = vec!["sender".to_owned()])
            .context(|context| context.expected_identity = expected("sender")).done(),
    }
}

#[cfg(test)]
fn expected(name: &str) -> ExpectedIdentity {
    ExpectedIdentity {
        common_names: vec![name.to_owned()],
        ..ExpectedIdentity::default()
    }
}

fn check(handshake: &Accepted, context: &Context) -> Verdict {
    let expected = &context.expected_identity;
    if expected.is_empty() {
        return Verdict::NotApplicable("no identity is expected");
    }
    let Some(chain) = &handshake.tls.client_chain else {
        return Verdict::NotApplicable(match handshake.client_auth {
            ClientAuth::None => "the client was not asked for a certificate",
            _ => "the handshake ended before the client's certificate",
        });
    };
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::hit(Hit::new(
            format!("expected {}, found no client certificate", expected.words()),
            handshake.peer.clone(),
            Place::wire(Side::Client, "Certificate"),
            "configure certificate and key in the client",
        ));
    };
    let hit = |message: String| {
        let hit = Hit::new(
            message,
            leaf.label(),
            place(chain, chain.leaf),
            "if the client is the right one, correct the expectation; if not, compare names in the webhook too",
        );
        Verdict::hit(hit.evidence("sha256", leaf.sha256.clone()))
    };
    if let Some(fault) = malformed(leaf) {
        return hit(fault);
    }
    if !fits(leaf, expected) {
        return hit(format!(
            "expected {}, found {}",
            expected.words(),
            leaf.label()
        ));
    }
    // A name that nobody vouches for is no identity.
    if trusted(chain) {
        Verdict::Pass
    } else {
        Verdict::NotApplicable(
            "the client's chain does not verify, so that its names prove nothing",
        )
    }
}

fn names(leaf: &Certificate, kind: NameKind) -> impl Iterator<Item = &str> {
    leaf.form
        .names_of(kind)
        .filter_map(|name| std::str::from_utf8(name).ok())
}

/// Whether one of the expectations is met.
fn fits(leaf: &Certificate, expected: &ExpectedIdentity) -> bool {
    let one = |wanted: &[String], seen: &str| wanted.iter().any(|name| name == seen);
    leaf.form
        .common_names
        .iter()
        .any(|name| one(&expected.common_names, name))
        || leaf
            .form
            .units
            .iter()
            .any(|unit| one(&expected.units, unit))
        || names(leaf, NameKind::Dns).any(|seen| {
            expected
                .dns
                .iter()
                .any(|name| name.eq_ignore_ascii_case(seen))
        })
        || names(leaf, NameKind::Uri).any(|seen| {
            expected
                .uris
                .iter()
                .any(|pattern| spiffe::fits(pattern, seen))
        })
        || one(&expected.spki, &leaf.spki_sha256)
}

/// What is wrong with the SPIFFE ID of a certificate that has one.
fn malformed(leaf: &Certificate) -> Option<String> {
    let id = names(leaf, NameKind::Uri).find(|uri| spiffe::is_meant(uri))?;
    let shown = escape::text(id);
    if let Some(fault) = spiffe::fault(id) {
        return Some(format!("the SPIFFE ID {shown} is malformed: {fault}"));
    }
    let count = names(leaf, NameKind::Uri).count();
    (count > 1)
        .then(|| format!("expected the SPIFFE ID {shown} to be the only URI, found {count} URIs"))
}
