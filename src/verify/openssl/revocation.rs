//! Revocation: `check_revocation` of x509_vfy.c with the flags that nginx's ssl_crl sets
//! (`X509_V_FLAG_CRL_CHECK` and `X509_V_FLAG_CRL_CHECK_ALL`), so that every certificate of the path
//! needs a list, the root included.
//!
//! As in OpenSSL without extended CRL support, a delta list, an indirect one, one for some reasons
//! only and one of another key of the same CA are no list at all. Known silence: of distribution
//! points only addresses are compared.

use super::walk::{Link, Walk};
use crate::{
    facts::{RevocationCheck, SIGNATURE_NOT_CHECKED},
    parse::{cert::der, crl::RevocationList},
    verify::{
        details::ku,
        revocation::is_of_point,
        signature::{self, SignatureError},
    },
};

/// OpenSSL's numbers (x509_txt.c): no list, bad signature, not yet valid, expired, revoked, no CA's
/// certificate for a list, no cRLSign, critical extension, other scope.
const MISSING: u32 = 3;
const BAD_SIGNATURE: u32 = 8;
const NOT_YET_VALID: u32 = 11;
const EXPIRED: u32 = 12;
const REVOKED: u32 = 23;
const NO_ISSUER: u32 = 33;
const NO_CRL_SIGN: u32 = 35;
const UNHANDLED_CRITICAL: u32 = 36;
const OTHER_SCOPE: u32 = 44;

impl<'a> Walk<'a> {
    /// `check_revocation`; nothing where no lists were given.
    pub(super) fn check_revocation(&mut self) {
        if self.options.lists.is_empty() {
            return;
        }
        let depths = match self.options.looked_up {
            RevocationCheck::Never => 0,
            RevocationCheck::Leaf => 1,
            RevocationCheck::Chain | RevocationCheck::WhereThereIsOne => self.chain.len(),
        };
        for depth in 0..depths.min(self.chain.len()) {
            self.check_by_lists(depth);
        }
    }

    /// `check_cert`: `get_crl`, `check_crl`, `cert_crl`.
    fn check_by_lists(&mut self, depth: usize) {
        let link = self.chain[depth];
        let Some(list) = self.best_list(depth) else {
            // Apache's no_crl_for_cert_ok.
            if self.options.looked_up == RevocationCheck::WhereThereIsOne {
                return;
            }
            let lists = self.options.lists.len();
            let why = format!(
                "none of the {lists} revocation lists is one of its issuer {}",
                link.certificate.issuer
            );
            self.error(depth, link, MISSING, why);
            return;
        };
        let by = |what: &str| format!("the revocation list of {} {what}", list.issuer);
        match self.issuer_of_lists(depth) {
            Some(issuer) if depth + 1 < self.chain.len() || is_self_issued(link) => {
                if issuer.details.extensions.key_usage_lacks(ku::CRL_SIGN) {
                    let why = by("has an issuer whose keyUsage lacks cRLSign");
                    self.error(depth, link, NO_CRL_SIGN, why);
                }
                if !in_scope(list, link) {
                    let why = by("covers other certificates");
                    self.error(depth, link, OTHER_SCOPE, why);
                }
                self.check_list_times(depth, link, list);
                self.check_list_signature(depth, link, issuer, list);
            }
            _ => {
                let why = by("is of a CA whose certificate is not there");
                self.error(depth, link, NO_ISSUER, why);
                self.check_list_times(depth, link, list);
            }
        }
        if !list.unknown_critical.is_empty() {
            let oids = list.unknown_critical.join(", ");
            let why = by(&format!("has the unknown critical extension {oids}"));
            self.error(depth, link, UNHANDLED_CRITICAL, why);
        }
        let der = &link.certificate.der;
        let serial = der::trimmed(&der[link.details.layout.serial.clone()]);
        if list.revoked(serial).is_some() {
            let why = format!(
                "revoked: the revocation list of {} has its serial number {}",
                list.issuer, link.certificate.serial
            );
            self.error(depth, link, REVOKED, why);
        }
    }

    /// The certificate that the lists for this one are signed by: that above it, or itself at the
    /// top.
    fn issuer_of_lists(&self, depth: usize) -> Option<Link<'a>> {
        self.chain.get(depth + 1).or(self.chain.last()).copied()
    }

    /// `get_crl_sk`: the list with the least to say against it; of equals the youngest.
    fn best_list(&self, depth: usize) -> Option<&'a RevocationList> {
        let link = self.chain[depth];
        let issuer = self.issuer_of_lists(depth)?;
        let score = |list: &RevocationList| {
            let good = [
                list.unknown_critical.is_empty(),
                in_scope(list, link),
                self.is_current(list),
            ];
            good.iter().fold(0, |sum, good| sum * 2 + u32::from(*good))
        };
        let fits = |list: &&RevocationList| {
            let partial = list
                .scope
                .is_some_and(|scope| scope.only_some_reasons || scope.indirect);
            list.issuer_canonical == link.details.issuer
                && !list.delta
                && !partial
                && is_of_key(list, issuer)
        };
        let options = self.options;
        let mut best: Option<(&RevocationList, u32)> = None;
        for list in options.lists.iter().filter(fits) {
            let own = score(list);
            let better = best.is_none_or(|(other, score)| {
                own > score || own == score && list.this_update > other.this_update
            });
            if better {
                best = Some((list, own));
            }
        }
        best.map(|(list, _)| list)
    }

    fn is_current(&self, list: &RevocationList) -> bool {
        let now = self.options.now;
        list.this_update <= now && list.next_update.is_none_or(|next| now <= next)
    }

    /// `check_crl_time`.
    fn check_list_times(&mut self, depth: usize, link: Link<'a>, list: &RevocationList) {
        let now = self.options.now;
        if now < list.this_update {
            let why = format!(
                "the revocation list of {} is dated {}, evaluated at {now}",
                list.issuer, list.this_update
            );
            self.error(depth, link, NOT_YET_VALID, why);
        }
        if let Some(next) = list.next_update.filter(|next| now > *next) {
            let why = format!(
                "the revocation list of {} expired {next}, evaluated at {now}",
                list.issuer
            );
            self.error(depth, link, EXPIRED, why);
        }
    }

    fn check_list_signature(
        &mut self,
        depth: usize,
        link: Link<'a>,
        issuer: Link<'a>,
        list: &RevocationList,
    ) {
        let Some(left) = self.budget.checked_sub(1) else {
            let why = "the chain asks for too much work; its revocation lists were not all checked";
            self.problem(depth, link, SIGNATURE_NOT_CHECKED, why.to_owned());
            return;
        };
        self.budget = left;
        let signed = match list.algorithms_agree {
            true => signature::verify_certificate(
                &list.signed,
                &list.algorithm,
                &list.signature,
                issuer.certificate.spki_der(),
            ),
            false => Err(SignatureError::Bad),
        };
        match signed {
            Ok(()) => {}
            Err(SignatureError::Unsupported(name)) => {
                let why = format!(
                    "the signature ({name}) of the revocation list of {} cannot be checked by mtls",
                    list.issuer
                );
                self.problem(depth, link, SIGNATURE_NOT_CHECKED, why);
            }
            Err(error) => {
                let why = format!(
                    "the revocation list of {} is not signed by that issuer's key: {error}",
                    list.issuer
                );
                self.error(depth, link, BAD_SIGNATURE, why);
            }
        }
    }
}

/// Whether a certificate at the top is the issuer of its own lists.
fn is_self_issued(link: Link<'_>) -> bool {
    link.details.likely_issued(link.details)
}

/// `crl_akid_check`: whether a list names this key, or none.
fn is_of_key(list: &RevocationList, issuer: Link<'_>) -> bool {
    let named = list.authority_key_id.as_ref().and_then(Option::as_ref);
    match (named, &issuer.certificate.subject_key_id) {
        (Some(named), Some(own)) => der::hex_lower(named) == *own,
        _ => true,
    }
}

/// `crl_crldp_check`.
fn in_scope(list: &RevocationList, link: Link<'_>) -> bool {
    is_of_point(list, link.certificate)
        && list.scope.is_none_or(|scope| {
            let of_others = match link.certificate.is_ca {
                true => scope.only_leaves,
                false => scope.only_authorities,
            };
            !of_others && !scope.only_attributes
        })
}
