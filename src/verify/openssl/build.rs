//! Building the path: `build_chain` of OpenSSL 3.0 with `X509_V_FLAG_TRUSTED_FIRST`, its default.

use super::{
    IssuerChoice,
    walk::{GaveUp, Link, Walk},
};

/// OpenSSL's default for `-verify_depth`.
const DEFAULT_DEPTH: usize = 100;
/// As many names as a text lists.
const LISTED: usize = 3;

impl<'a> Walk<'a> {
    /// Extends the path to an anchor; whether one was reached.
    pub(super) fn build(&mut self, presented: &[Link<'a>]) -> Result<bool, GaveUp> {
        // One longer than the limit, so that a chain that is too long can be told from one without
        // an issuer.
        let max_depth = self
            .options
            .max_depth
            .unwrap_or(DEFAULT_DEPTH)
            .min(usize::MAX / 2)
            + 1;
        let mut pool: Vec<Link<'a>> = presented.to_vec();
        let (mut use_pool, mut use_store) = (true, true);
        let mut trusted = false;
        while use_pool || use_store {
            let top = self.top();
            if use_store {
                let issuer = if self.chain.len() > max_depth {
                    None
                } else {
                    self.trusted_issuer(top)
                };
                if let Some(issuer) = issuer {
                    let mut self_signed = top.details.self_signed().ok_or(GaveUp)?;
                    let mut taken = true;
                    if !self_signed {
                        self.chain.push(issuer);
                        self_signed = issuer.details.self_signed().ok_or(GaveUp)?;
                    } else if top.is(&issuer) {
                        self.untrusted = self.chain.len() - 1;
                        self.chain.pop();
                        self.chain.push(issuer);
                    } else {
                        // It has an anchor's name and key identifier, but is another certificate.
                        taken = false;
                    }
                    if taken {
                        use_pool = false;
                        // `X509_check_trust`: a self-signed anchor is trusted, another one for
                        // partial chains only.
                        if self_signed || self.options.partial_chain {
                            trusted = true;
                            break;
                        }
                        continue;
                    }
                }
                if !use_pool {
                    break;
                }
            }
            let stop = top.details.self_signed() == Some(true) || self.chain.len() > max_depth;
            match if stop {
                None
            } else {
                self.presented_issuer(&pool, top)
            } {
                Some(place) => {
                    let issuer = pool.remove(place);
                    self.chain.push(issuer);
                    self.untrusted += 1;
                }
                None => {
                    use_pool = false;
                    use_store = true;
                }
            }
        }
        if !trusted && self.chain.len() <= max_depth && self.chain.len() == self.untrusted {
            trusted = self.trust_leaf_itself();
        }
        if !trusted {
            self.report_no_path(max_depth, presented);
        }
        Ok(trusted)
    }

    /// The certificate at the top of the path; there is always a leaf.
    fn top(&self) -> Link<'a> {
        self.chain[self.chain.len() - 1]
    }

    /// `X509_STORE_CTX_get1_issuer`: the first fitting anchor that is valid now, else the one that
    /// expires last.
    fn trusted_issuer(&self, child: Link<'a>) -> Option<Link<'a>> {
        let fitting = self
            .anchors
            .named(&child.details.issuer)
            .filter(|issuer| issuer.details.likely_issued(child.details));
        self.first_valid_else_latest(fitting)
    }

    /// `find_issuer`: the place in the pool of the best certificate that is not in the path yet.
    fn presented_issuer(&self, pool: &[Link<'a>], child: Link<'a>) -> Option<usize> {
        let may_repeat = child.details.self_issued && self.chain.len() == 1;
        let fitting = pool.iter().copied().filter(|issuer| {
            issuer.details.likely_issued(child.details)
                && (may_repeat || !self.chain.iter().any(|link| link.is(issuer)))
        });
        let best = self.first_valid_else_latest(fitting)?;
        pool.iter()
            .position(|link| std::ptr::eq(link.certificate, best.certificate))
    }

    fn first_valid_else_latest(
        &self,
        mut fitting: impl Iterator<Item = Link<'a>>,
    ) -> Option<Link<'a>> {
        if self.options.issuers == IssuerChoice::First {
            return fitting.next();
        }
        let mut latest: Option<Link<'a>> = None;
        for issuer in fitting {
            if self.is_valid_now(issuer) {
                return Some(issuer);
            }
            if latest
                .is_none_or(|latest| issuer.certificate.not_after > latest.certificate.not_after)
            {
                latest = Some(issuer);
            }
        }
        latest
    }

    /// The last resort of `check_trust` for partial chains: the leaf itself is an anchor.
    fn trust_leaf_itself(&mut self) -> bool {
        let leaf = self.chain[0];
        if !self.options.partial_chain {
            return false;
        }
        let Some(anchor) = self
            .anchors
            .named(&leaf.details.subject)
            .find(|anchor| anchor.is(&leaf))
        else {
            return false;
        };
        self.chain[0] = anchor;
        self.untrusted = 0;
        true
    }

    /// The end of `build_chain` when nothing is trusted.
    fn report_no_path(&mut self, max_depth: usize, presented: &[Link<'a>]) {
        let depth = self.chain.len() - 1;
        let top = self.top();
        let name = bracketed(&top.certificate.subject);
        let anchors = self.anchors_in_words();
        // "A preliminary error has become final": with a weak leaf key, OpenSSL repeats 66 here and
        // nothing else.
        if let Some(num) = self.last_error {
            let why = format!(
                "OpenSSL repeats its earlier error, because {}",
                self.missing(top, presented)
            );
            self.error(depth, top, num, why);
            return;
        }
        let too_long = self.chain.len() > max_depth;
        if too_long {
            let why = format!(
                "the verify depth allows {} intermediate certificates",
                max_depth - 1
            );
            self.error(depth, top, 22, why);
        }
        if top.details.self_signed() == Some(true) {
            let (num, what) = if depth == 0 {
                (18, format!("the leaf {name} is self-signed"))
            } else {
                (
                    19,
                    format!("the chain ends in {name}, which is self-signed"),
                )
            };
            self.error(depth, top, num, format!("{what} and not among {anchors}"));
        } else if self.untrusted < self.chain.len() {
            let why = format!(
                "the trust anchor {name} is not self-signed, its issuer {} is not among {anchors}, and -partial_chain is not set",
                bracketed(&top.certificate.issuer),
            );
            self.error(depth, top, 2, why);
        } else {
            let why = if too_long {
                format!("the issuer of {name} was not looked for: the chain is already too long")
            } else {
                self.missing(top, presented)
            };
            self.error(depth, top, 20, why);
        }
    }

    /// Which issuer was looked for, and where.
    fn missing(&self, top: Link<'a>, presented: &[Link<'a>]) -> String {
        let subject = bracketed(&top.certificate.subject);
        if top.details.extensions.invalid {
            return format!(
                "an extension of {subject} cannot be read, and OpenSSL finds no issuer for such a certificate"
            );
        }
        let wanted = &top.details.issuer;
        let same_name = presented
            .iter()
            .any(|link| link.details.subject == *wanted && !link.is(&top))
            || self.anchors.named(wanted).next().is_some();
        let hint = if same_name {
            "; a certificate of that name has another key or key identifier"
        } else {
            ""
        };
        let sent = match presented.len() {
            1 => "not sent".to_owned(),
            count => format!("not among the {count} certificates sent"),
        };
        format!(
            "the issuer of {subject} is {}, which is {sent} and is not among {}{hint}",
            bracketed(&top.certificate.issuer),
            self.anchors_in_words()
        )
    }

    /// How many anchors there are, and the first few names.
    fn anchors_in_words(&self) -> String {
        let anchors = self.anchors.certificates();
        let names: Vec<String> = anchors
            .iter()
            .take(LISTED)
            .map(|anchor| bracketed(&anchor.subject))
            .collect();
        let names = names.join(", ");
        match anchors.len() {
            0 => "the trust anchors (none)".to_owned(),
            1 => format!("the trust anchors (only {names})"),
            count if count <= LISTED => format!("the {count} trust anchors {names}"),
            count => format!("the {count} trust anchors {names}, …"),
        }
    }
}

/// A name set off from the words around it.
pub(in crate::verify) fn bracketed(name: &str) -> String {
    if name.is_empty() {
        "[no name]".to_owned()
    } else {
        format!("[{name}]")
    }
}
