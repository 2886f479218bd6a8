//! MT206.

use crate::{
    context::Context,
    facts::Part,
    finding::{CertificateAt, Hit, Severity, Verdict},
    rule,
    rules::help::{owner, place, show, word},
};

rule! {
    /// ## What it finds
    ///
    /// A leaf of X.509 version 1 or 2.
    ///
    /// ## Why it matters
    ///
    /// Only version 3 has extensions: no alternative names, no key usage, no purpose. rustls and
    /// webpki cannot read such a certificate and reject it; the other stacks tested in November
    /// 2026 accepted it. Most come from `openssl x509 -req` run without an extensions file. One
    /// that has extensions all the same contradicts itself: Java and BoringSSL reject it too, and
    /// it is an error.
    ///
    /// ## How to fix it
    ///
    /// Have it reissued with extensions:
    ///
    /// ```text
    /// printf 'subjectAltName=DNS:sender.example\nextendedKeyUsage=clientAuth\n' > leaf.ext
    /// openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca-key.pem -extfile leaf.ext -days 90 -out leaf.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1.2.1 (version)
    pub static RULE = MT206 {
        name: "certificate-version-one",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1.2.1", "2008-05")],
        faults: ["client-x509-v1", "server-x509-v1"],
        symptoms: [Breaks(Requirement::VersionThree), Alert(42), Says("unsupportedcertversion")],
        check: Certificate(check),
        fires_on: || Fixture::good().certificate(0, |leaf| {
            leaf.version = 1;
            leaf.eku = None;
            leaf.key_usage = None;
        }).done(),
        silent_on: || Fixture::good().root_sent()
            .certificate(2, |root| root.version = 1).done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    // An old root is trusted for its key, and an intermediate without extensions is no CA at all:
    // another rule's.
    if at.part() != Part::Leaf {
        return Verdict::NotApplicable("only a leaf is checked for its version");
    }
    if at.certificate.unreadable.is_some() {
        return Verdict::NotApplicable("the certificate could not be read");
    }
    if at.certificate.version >= 3 {
        return Verdict::Pass;
    }
    let side = word(at.chain.role);
    let version = at.certificate.version;
    // Extensions came with version 3: rustls, Java and BoringSSL reject such a certificate, OpenSSL
    // and Go do not.
    let contradicts = !at.certificate.form.extensions.is_empty();
    let message = match contradicts {
        true => format!(
            "the {side}'s leaf is X.509 version {version} with extensions, expected version 3; rejected by rustls, Java, BoringSSL"
        ),
        false => format!("the {side}'s leaf is X.509 version {version}, expected version 3"),
    };
    let hit = Hit::new(
        message,
        at.certificate.label(),
        place(at.chain, at.index),
        "have the certificate reissued as version 3, with extensions",
    )
    .evidence("sha256", at.certificate.sha256.clone())
    .check(show(at.chain, "Subject:|Version:"))
    .act(owner(at.chain.role));
    Verdict::hit(if contradicts {
        hit.severity(Severity::Error)
    } else {
        hit
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::judge, facts::ExtensionForm, rules::fixture::Fixture};

    #[test]
    fn a_version_that_contradicts_its_extensions_is_an_error() {
        let severity = |extensions: Vec<ExtensionForm>| {
            let fixture = Fixture::files().block(0, |leaf| {
                leaf.version = 1;
                leaf.form.extensions = extensions;
            });
            let (case, context) = fixture.done();
            let judged = judge(case, &context);
            let found = judged
                .findings
                .iter()
                .find(|finding| finding.rule.code == "MT206");
            found.map(|finding| finding.severity)
        };
        assert_eq!(severity(Vec::new()), Some(Severity::Warning));
        let one = ExtensionForm {
            oid: "2.5.29.17".into(),
            critical: false,
            problem: None,
        };
        assert_eq!(severity(vec![one]), Some(Severity::Error));
    }
}
