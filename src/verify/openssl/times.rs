//! Signatures, dates and name constraints from the top down: `internal_verify` and
//! `check_name_constraints`.

use super::build::bracketed;
use super::walk::{Link, Walk};
use crate::facts::SIGNATURE_NOT_CHECKED;
use crate::verify::details::ku;
use crate::verify::memory::By;
use crate::verify::names;
use crate::verify::signature::{self, SignatureError};

impl<'a> Walk<'a> {
    /// `internal_verify`.
    pub(super) fn check_signatures_and_times(&mut self) {
        let mut depth = self.chain.len() - 1;
        let mut issuer = self.chain[depth];
        let mut subject = issuer;
        // The top is checked by itself when it is self-issued, and without a check when partial
        // chains are asked for.
        let mut by_itself = true;
        if !issuer.details.likely_issued(issuer.details) && !self.options.partial_chain {
            if depth > 0 {
                depth -= 1;
                subject = self.chain[depth];
                by_itself = false;
            } else {
                let why =
                    "its signature cannot be checked without its issuer's certificate".to_owned();
                self.error(0, issuer, 21, why);
            }
        }
        loop {
            if !by_itself {
                self.check_signature(depth, subject, issuer);
            }
            self.check_times(depth, subject);
            self.success(depth, subject);
            if depth == 0 {
                break;
            }
            depth -= 1;
            issuer = subject;
            subject = self.chain[depth];
            by_itself = false;
        }
    }

    fn check_signature(&mut self, depth: usize, subject: Link<'a>, issuer: Link<'a>) {
        // `ossl_x509_signing_allowed`; reported for the issuer, at its depth.
        let extensions = &issuer.details.extensions;
        if subject.details.extensions.proxy.is_some() {
            if extensions.key_usage_lacks(ku::DIGITAL_SIGNATURE) {
                let why = "it issued a proxy certificate, but its keyUsage lacks digitalSignature"
                    .to_owned();
                self.error(depth + 1, issuer, 39, why);
            }
        } else if extensions.key_usage_lacks(ku::KEY_CERT_SIGN) {
            let why = format!(
                "it issued {}, but its keyUsage lacks keyCertSign",
                subject.certificate.subject
            );
            self.error(depth + 1, issuer, 32, why);
        }
        if issuer.details.key_strength.is_none() {
            self.error(
                depth + 1,
                issuer,
                6,
                "its public key cannot be decoded".to_owned(),
            );
            return;
        }
        if !subject.details.algorithms_agree {
            let why = "it names one signature algorithm inside and another outside".to_owned();
            self.error(depth, subject, 7, why);
            return;
        }
        let cost = if issuer.certificate.key.bits > 8192 {
            8
        } else {
            1
        };
        let Some(left) = self.budget.checked_sub(cost) else {
            self.problem(
                depth,
                subject,
                1,
                "the chain asks for too much work; its signatures were not all checked".to_owned(),
            );
            return;
        };
        self.budget = left;
        let der = &subject.certificate.der;
        let layout = &subject.details.layout;
        let (tbs, signed) = (&der[layout.tbs.clone()], &der[layout.signature.clone()]);
        let key = issuer.certificate.spki_der();
        // The algorithm needs no part in what is remembered: it stands inside `tbs` as well, which
        // was checked above.
        let algorithm = &der[layout.algorithm.clone()];
        let result = self.anchors.memory().recall(By::Us, key, tbs, signed, || {
            signature::verify_certificate(tbs, algorithm, signed, key)
        });
        match result {
            Ok(()) => {}
            Err(SignatureError::Unsupported(name)) => {
                let why = format!("its signature ({name}) cannot be checked by mtls");
                self.problem(depth, subject, SIGNATURE_NOT_CHECKED, why);
            }
            Err(error) => {
                let why = format!(
                    "its signature was not made by the key of {}: {error}",
                    bracketed(&issuer.certificate.subject)
                );
                self.error(depth, subject, 7, why);
            }
        }
    }

    /// `ossl_x509_check_cert_time` with a callback.
    fn check_times(&mut self, depth: usize, link: Link<'a>) {
        let certificate = link.certificate;
        let now = self.now_in_words();
        match (link.details.times_well_formed.0, self.has_begun(link)) {
            (false, _) => self.error(
                depth,
                link,
                13,
                "its notBefore is not written as RFC 5280 requires".to_owned(),
            ),
            (true, false) => {
                let why = format!(
                    "not valid before {}, checked at {now}",
                    certificate.not_before
                );
                self.error(depth, link, 9, why);
            }
            (true, true) => {}
        }
        match (link.details.times_well_formed.1, self.has_ended(link)) {
            (false, _) => self.error(
                depth,
                link,
                14,
                "its notAfter is not written as RFC 5280 requires".to_owned(),
            ),
            (true, true) => {
                let why = format!("expired {}, checked at {now}", certificate.not_after);
                self.error(depth, link, 10, why);
            }
            (true, false) => {}
        }
    }

    /// `ossl_x509_check_cert_time` without a callback.
    pub(super) fn is_valid_now(&self, link: Link<'_>) -> bool {
        link.details.times_well_formed == (true, true)
            && self.has_begun(link)
            && !self.has_ended(link)
    }

    /// The moment without fractions of a second.
    fn now_in_words(&self) -> String {
        let now = self.options.now;
        jiff::Timestamp::from_second(now.as_second())
            .unwrap_or(now)
            .to_string()
    }

    fn has_begun(&self, link: Link<'_>) -> bool {
        link.certificate.not_before.as_second() <= self.options.now.as_second()
    }

    /// `X509_cmp_time` takes equal for earlier, so OpenSSL calls a certificate expired in its last
    /// second.
    fn has_ended(&self, link: Link<'_>) -> bool {
        link.certificate.not_after.as_second() <= self.options.now.as_second()
    }

    /// `check_name_constraints`.
    pub(super) fn check_name_constraints(&mut self) {
        let mut budget = names::BUDGET;
        for depth in (0..self.chain.len()).rev() {
            let link = self.chain[depth];
            if depth != 0 && link.details.self_issued {
                continue;
            }
            if link.details.extensions.proxy.is_some() && !names::is_proxy_subject(link) {
                let why =
                    "a proxy's subject is its issuer's with one more CN (RFC 3820 section 3.4)"
                        .to_owned();
                self.error(depth, link, 72, why);
            }
            for above in (depth + 1..self.chain.len()).rev() {
                let constraining = self.chain[above];
                let Some(constraints) = &constraining.details.extensions.name_constraints else {
                    continue;
                };
                let checked = names::check(
                    link.certificate,
                    link.details,
                    constraints,
                    depth == 0,
                    &mut budget,
                );
                if let Err((num, name)) = checked {
                    let why = format!(
                        "{name} is not allowed by the name constraints of {}",
                        bracketed(&constraining.certificate.subject)
                    );
                    self.error(depth, link, num, why);
                }
            }
        }
    }
}
