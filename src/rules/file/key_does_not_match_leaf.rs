//! MT140.

use crate::{
    context::Context,
    facts::{Bundle, BundleKey, Chain, ChainUse, Key},
    finding::{Hit, Verdict},
    rule,
    rules::help::{kind, owner, place, public_half_of, public_key_of},
};

rule! {
    /// ## What it finds
    ///
    /// A private key that does not belong to the leaf it is deployed with: it belongs to another
    /// certificate in the file, or to none.
    ///
    /// ## Why it matters
    ///
    /// No server starts with it. OpenSSL, nginx and Node say "key values mismatch", Go and Caddy
    /// "private key does not match public key", rustls `KeyMismatch`; Apache names both files. All
    /// of them take the first certificate in the file as the leaf: with an intermediate first, the
    /// message is the same although the key is right, which is [MT268](#mt268).
    ///
    /// ## How to fix it
    ///
    /// Find the key that the certificate was requested with. After a renewal it is often the older
    /// of two: the new request made a new key, and only one of the two files was replaced. If that
    /// key is lost, have the certificate reissued for the key you have.
    ///
    /// ```text
    /// openssl x509 -in fullchain.pem -noout -pubkey | openssl sha256
    /// openssl pkey -in key.pem -pubout | openssl sha256      # both must print the same
    /// openssl req -new -key key.pem -subj "/CN=hook.example" -addext "subjectAltName=DNS:hook.example" -out new.csr
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.4.3 (the key of the end-entity certificate signs the handshake)
    /// - Messages of OpenSSL 3.0.19, Go, rustls, nginx, Apache, HAProxy, Caddy, Node, Envoy and gnutls-serv, tried 2026-11-23
    pub static RULE = MT140 {
        name: "key-does-not-match-leaf",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [
            ("RFC 8446 section 4.4.3", "2018-08"),
            ("start of ten servers with a foreign key, tried", "2026-11-23"),
        ],
        faults: ["server-file-keymismatch", "client-file-keymismatch", "server-file-keytype", "client-file-keytype"],
        symptoms: [
            Says("key values mismatch"), Says("private key does not match public key"), Says("keymismatch"),
            Says("key_values_mismatch"), Says("the certificate and the given key do not match"),
            Says("inconsistentkeys"),
        ],
        check: Bundle(check),
        fires_on: || Fixture::files()
            .bundle(|bundle| if let Some(key) = &mut bundle.key { key.matches.clear() }).done(),
        silent_on: || Fixture::files().ordered(&[1, 0]).done(),
    }
}

fn check(bundle: &Bundle, _: &Context) -> Verdict {
    let chain = &bundle.chain;
    if chain.holds != ChainUse::Identity {
        return Verdict::NotApplicable("trust anchors have no private key here");
    }
    let Some(key) = &bundle.key else {
        return Verdict::NotApplicable("no private key was given");
    };
    if key.problem.is_some() {
        return Verdict::NotApplicable("the key could not be compared, which is another finding");
    }
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the chain is empty");
    };
    if leaf.unreadable.is_some() {
        return Verdict::NotApplicable("the leaf could not be read");
    }
    if matches_leaf(chain, key) {
        return Verdict::Pass;
    }
    let mut hit = Hit::new(
        format!(
            "the private key does not match the leaf: {}",
            whose(chain, key)
        ),
        leaf.label(),
        key.place.clone(),
        "use the key that the leaf was requested with, or have a certificate issued for this key; both commands must print the same",
    )
    .evidence("leaf", describe(&leaf.key));
    if let Some(own) = &key.key {
        hit = hit.evidence("key", describe(own));
    }
    for &index in key.matches.iter().take(4) {
        if let Some(certificate) = chain.certificate(index) {
            hit = hit.evidence("key belongs to", certificate.label());
        }
    }
    Verdict::hit(
        hit.check(public_key_of(chain))
            .check(public_half_of(chain))
            .act(owner(chain.role)),
    )
}

/// Whether the key is the leaf's; the same certificate may be in the file twice.
fn matches_leaf(chain: &Chain, key: &BundleKey) -> bool {
    let sha256 = |index: usize| chain.certificate(index).map(|found| &found.sha256);
    key.matches
        .iter()
        .any(|&index| index == chain.leaf || sha256(index) == sha256(chain.leaf))
}

fn whose(chain: &Chain, key: &BundleKey) -> String {
    let first = key
        .matches
        .first()
        .and_then(|&index| Some((index, chain.certificate(index)?)));
    match first {
        Some((index, certificate)) => format!(
            "it belongs to the {} \"{}\"{}",
            kind(chain, index),
            certificate.label(),
            match place(chain, index) {
                crate::facts::Place::File { first_line, .. } => format!(" at line {first_line}"),
                _ => String::new(),
            }
        ),
        None => "it belongs to no certificate in the file".into(),
    }
}

fn describe(key: &Key) -> String {
    match (&key.curve, key.bits) {
        (Some(curve), _) => format!("{} {curve}", key.algorithm),
        (None, 0) => key.algorithm.to_string(),
        (None, bits) => format!("{} {bits} bits", key.algorithm),
    }
}

#[cfg(test)]
mod tests {
    use crate::{engine::judge, rules::fixture::Fixture};

    #[test]
    fn it_says_which_other_certificate_the_key_belongs_to() {
        let (case, context) = Fixture::files()
            .bundle(|bundle| bundle.key.as_mut().unwrap().matches = vec![1])
            .done();
        let findings = judge(case, &context).findings;
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].hit.message,
            "the private key does not match the leaf: it belongs to the intermediate \"CN = Server Intermediate\" at line 21"
        );
    }

    #[test]
    fn a_leaf_that_stands_twice_is_one_leaf() {
        let (case, context) = Fixture::files()
            .file(|chain| {
                let leaf = chain.links[0].clone();
                chain.links.push(leaf);
            })
            .bundle(|bundle| bundle.key.as_mut().unwrap().matches = vec![2])
            .done();
        let findings = judge(case, &context).findings;
        assert!(findings.iter().all(|finding| finding.rule.code != "MT140"));
    }
}
