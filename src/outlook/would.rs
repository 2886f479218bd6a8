//! Whether a client is accepted whose certificate lies at hand: by a client-CA file alone, or by the
//! configuration that names it.
//!
//! For: `lint --would-accept` and `diff`. Must not: call accepted what only some servers accept, or
//! what was not looked up.

use std::sync::Arc;

use jiff::Timestamp;

use super::admission::{self, Caller};
use crate::{
    facts::{
        Admitted, Certificate, Checks, FileRole, Purpose, RevocationCheck, ServerSoftware, Setting,
        Site, StackAnswer, TrustFacts, TrustStatus, Unreadable, WouldAccept,
    },
    parse::crl::RevocationList,
    verify::{
        Anchors,
        openssl::{self, IssuerChoice, Options},
        rfc5280,
        stacks::StatusBy,
    },
};

/// A client's chain as a file has it, leaf first.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The file, as the user wrote it.
    pub path: String,
    /// The chain.
    pub chain: Vec<Arc<Certificate>>,
}

/// By what a client is judged.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// What to call it.
    pub name: &'a str,
    /// The anchors for client certificates.
    pub anchors: &'a [Arc<Certificate>],
    /// The configuration that names them, where there is one.
    pub site: Option<&'a Site>,
    /// Whose answer counts where no configuration says which server it is.
    pub status_by: &'a StatusBy,
    /// The revocation lists that clients are looked up in; none = revocation is not asked about.
    pub lists: &'a Arc<[RevocationList]>,
    /// The moment.
    pub now: Timestamp,
}

/// What becomes of this client.
pub fn would_accept(client: &Presented, by: By<'_>) -> WouldAccept {
    let (outcome, why) = match client.chain.first() {
        None => (Admitted::Unknown, "no certificate in the file".to_owned()),
        Some(leaf) => match by.site {
            Some(site) => of_site(client, leaf, site, by),
            None => of_file(client, by),
        },
    };
    WouldAccept {
        path: client.path.clone(),
        client: client
            .chain
            .first()
            .map_or_else(String::new, |leaf| leaf.label()),
        by: by.name.to_owned(),
        outcome,
        why,
    }
}

fn trust(client: &Presented, by: By<'_>) -> TrustFacts {
    rfc5280::judge(&rfc5280::Question {
        presented: &client.chain,
        untrusted: &[],
        anchors: &Anchors::new(by.anchors.to_vec()),
        lists: by.lists,
        now: by.now,
        purpose: Purpose::ClientAuth,
        hosts: &[],
        max_depth: None,
        status_by: by.status_by,
    })
}

/// By the anchors alone: what all mainstream servers that require a certificate do.
fn of_file(client: &Presented, by: By<'_>) -> (Admitted, String) {
    let trust = trust(client, by);
    match trust.status {
        TrustStatus::Trusted => {
            let anchor = trust.anchor.as_deref().unwrap_or("a trust anchor");
            (Admitted::Accepted, format!("its chain leads to {anchor}"))
        }
        TrustStatus::Untrusted => (Admitted::Rejected, problem(&trust)),
        TrustStatus::Disputed => {
            let programs = |answer: StackAnswer| -> String {
                let deciding = trust.stacks.iter().filter(|verdict| verdict.decides);
                let named: Vec<&str> = deciding
                    .filter(|verdict| verdict.answer == answer)
                    .map(|verdict| verdict.stack.name())
                    .collect();
                named.join(", ")
            };
            let why = format!(
                "accepted by {}, rejected by {}",
                programs(StackAnswer::Accepts),
                programs(StackAnswer::Refuses)
            );
            (Admitted::Unknown, why)
        }
        TrustStatus::Unknown => (Admitted::Unknown, problem(&trust)),
    }
}

fn problem(trust: &TrustFacts) -> String {
    match trust.problems.first() {
        Some(problem) => problem.why.clone(),
        None => "its chain leads to no trust anchor in the file".to_owned(),
    }
}

/// By a configuration, with the conditions that it has.
fn of_site(client: &Presented, leaf: &Certificate, site: &Site, by: By<'_>) -> (Admitted, String) {
    let mode = site.mode();
    if site.not_read() {
        let why = "the configuration could not be read";
        return (Admitted::Unknown, why.to_owned());
    }
    let checked = mode.asks && mode.checks != Checks::Nothing;
    if checked && (by.anchors.is_empty() || site.authorities_unread()) {
        let why = "the CAs that decide were not read";
        return (Admitted::Unknown, why.to_owned());
    }
    let looked_up = match checked {
        true => site.crl_check,
        false => RevocationCheck::Never,
    };
    let list = |setting: &Setting<Unreadable>| setting.value.meant_as == FileRole::Crl;
    if looked_up != RevocationCheck::Never && site.unreadable.iter().any(list) {
        let why = "its revocation lists decide, which were not read";
        return (Admitted::Unknown, why.to_owned());
    }
    // What the server does not look into says nothing of its clients.
    let by = match looked_up {
        RevocationCheck::Never => By {
            lists: &Arc::default(),
            ..by
        },
        _ => by,
    };
    let walked = openssl::judge(
        &client.chain,
        &Anchors::new(by.anchors.to_vec()),
        &Options {
            now: by.now,
            purpose: Purpose::ClientAuth,
            max_depth: None,
            partial_chain: site.software.takes_any_anchor(),
            lists: by.lists.clone(),
            looked_up,
            issuers: IssuerChoice::default(),
        },
    );
    let names = leaf.sans.iter().filter_map(|name| name.split_once(':'));
    let errors: Vec<u32> = walked.problems.iter().map(|one| one.error.num).collect();
    let admission = admission::admit(
        site,
        &Caller {
            presents: true,
            intermediates: u32::try_from(walked.path.len().saturating_sub(2)).ok(),
            common_name: leaf.form.common_names.last().cloned(),
            subject: None,
            alternative_names: Some(names.map(|(_, name)| name.to_owned()).collect()),
            errors: errors.clone(),
        },
    );
    let others = trust(client, by).status;
    let agree = match others {
        TrustStatus::Trusted => errors.is_empty(),
        TrustStatus::Untrusted => !errors.is_empty(),
        TrustStatus::Disputed | TrustStatus::Unknown => false,
    };
    // What is said of OpenSSL holds for servers with another library where all agree.
    let openssl = matches!(
        site.software,
        ServerSoftware::Nginx | ServerSoftware::Apache | ServerSoftware::Haproxy
    );
    if checked && !openssl && !agree {
        let why = "verifiers differ about its chain, and the one of this server was not asked";
        return (Admitted::Unknown, why.to_owned());
    }
    let why = match (admission.outcome, walked.problems.first()) {
        (Admitted::Rejected, Some(problem)) => problem.why.clone(),
        _ => admission.why,
    };
    (admission.outcome, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parse::cert, pki::Authority};

    fn chain(of: Option<crate::pki::Identity>) -> Vec<Arc<Certificate>> {
        let made = of.into_iter().flat_map(|made| made.chain);
        made.map(|der| Arc::new(cert::certificate(&der))).collect()
    }

    #[test]
    fn a_client_of_the_ca_is_accepted_and_a_stranger_is_not() {
        let now: Timestamp = "2026-11-30T00:00:00Z".parse().unwrap();
        let authority = Authority::new(now).unwrap();
        let client = |fault: &str| {
            let recipe = crate::pki::recipe(fault).unwrap();
            let anchor = Arc::new(cert::certificate(authority.anchor_for(recipe)));
            (chain(authority.client(recipe).unwrap()), anchor)
        };
        let (_, anchor) = client("valid");
        for (fault, wanted) in [
            ("valid", Admitted::Accepted),
            ("client-unknown-ca", Admitted::Rejected),
            ("client-expired", Admitted::Rejected),
        ] {
            let presented = Presented {
                path: "leaf.pem".into(),
                chain: client(fault).0,
            };
            let told = would_accept(
                &presented,
                By {
                    name: "clients.pem",
                    anchors: std::slice::from_ref(&anchor),
                    site: None,
                    status_by: &StatusBy::default(),
                    lists: &Arc::default(),
                    now,
                },
            );
            assert_eq!(told.outcome, wanted, "{fault}: {told:?}");
        }
    }
}
