//! The state of one verification: OpenSSL's `X509_STORE_CTX`, and the callback that takes
//! everything down.

use crate::facts::{Certificate, Problem, Purpose, VerifyEvent};

use super::Options;
use crate::verify::details::Details;
use crate::verify::{Anchors, x509_error};

/// A certificate with its cached state.
#[derive(Clone, Copy, Debug)]
pub(in crate::verify) struct Link<'a> {
    pub(in crate::verify) certificate: &'a Certificate,
    pub(in crate::verify) details: &'a Details,
}

impl<'a> Link<'a> {
    /// The certificates that could be read, each with its details, which stand in the same order.
    pub(in crate::verify) fn readable(
        certificates: impl Iterator<Item = &'a Certificate>,
        details: &'a [Option<Details>],
    ) -> Vec<Self> {
        certificates
            .zip(details)
            .filter_map(|(certificate, details)| {
                Some(Self {
                    certificate,
                    details: details.as_ref()?,
                })
            })
            .collect()
    }

    /// `X509_cmp`: whether they are the same certificate, octet for octet.
    pub(in crate::verify) fn is(&self, other: &Link<'_>) -> bool {
        self.certificate.sha256 == other.certificate.sha256
    }
}

/// OpenSSL gave up with an internal error: no callback is called any more.
#[derive(Clone, Copy, Debug)]
pub(super) struct GaveUp;

/// One verification under way.
pub(super) struct Walk<'a> {
    pub(super) anchors: &'a Anchors,
    pub(super) options: &'a Options,
    /// The path so far, leaf first.
    pub(super) chain: Vec<Link<'a>>,
    /// How many certificates of the path, from the leaf, are the peer's (`num_untrusted`).
    pub(super) untrusted: usize,
    /// The last error (`ctx->error`); sticky, and one found before the path is built becomes final
    /// when it fails.
    pub(super) last_error: Option<u32>,
    pub(super) events: Vec<VerifyEvent>,
    pub(super) problems: Vec<Problem>,
    /// Work left for signatures.
    pub(super) budget: u32,
}

/// Enough for the longest path that OpenSSL builds; keys above 8192 bits cost more.
const SIGNATURE_BUDGET: u32 = 128;

impl<'a> Walk<'a> {
    pub(super) fn new(leaf: Link<'a>, anchors: &'a Anchors, options: &'a Options) -> Self {
        Self {
            anchors,
            options,
            chain: vec![leaf],
            untrusted: 1,
            last_error: None,
            events: Vec::new(),
            problems: Vec::new(),
            budget: SIGNATURE_BUDGET,
        }
    }

    /// `X509_verify_cert`; whether a path to an anchor was built.
    pub(super) fn verify(&mut self, presented: &[Link<'a>]) -> bool {
        self.check_leaf_key();
        let built = self.build(presented);
        let reached = matches!(built, Ok(true));
        if built.is_err() {
            let leaf = self.chain[0];
            let why = "OpenSSL gives up here: a key of this path cannot be decoded".to_owned();
            self.problem(0, leaf, 1, why);
            return false;
        }
        self.check_extensions();
        self.check_auth_level();
        self.check_revocation();
        self.check_signatures_and_times();
        self.check_name_constraints();
        reached
    }

    /// What the purpose is called in texts.
    pub(super) fn purpose(&self) -> &'static str {
        match self.options.purpose {
            Purpose::ClientAuth => "TLS client authentication",
            Purpose::ServerAuth => "TLS server authentication",
        }
    }

    /// The callback with an error; it lets verification go on.
    pub(super) fn error(&mut self, depth: usize, link: Link<'a>, num: u32, why: String) {
        self.last_error = Some(num);
        self.event(depth, link, Some(num));
        self.problem(depth, link, num, why);
    }

    /// The callback with success.
    pub(super) fn success(&mut self, depth: usize, link: Link<'a>) {
        self.event(depth, link, None);
    }

    fn event(&mut self, depth: usize, link: Link<'a>, error: Option<u32>) {
        let certificate = link.certificate;
        self.events.push(VerifyEvent {
            depth,
            subject: certificate.subject.clone(),
            issuer: certificate.issuer.clone(),
            not_before: certificate.not_before,
            not_after: certificate.not_after,
            error: error.map(x509_error),
        });
    }

    /// A fault that OpenSSL's callback does not hear of.
    pub(super) fn problem(&mut self, depth: usize, link: Link<'a>, num: u32, why: String) {
        self.problems.push(Problem {
            depth,
            subject: link.certificate.subject.clone(),
            error: x509_error(num),
            requirement: None,
            why,
        });
    }
}
