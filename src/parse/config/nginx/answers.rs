//! What nginx does with a request that is refused: `error_page` may hand it to the application all
//! the same, and the service that `auth_request` asks may decide by the certificate.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        setting,
        tree::{self, Directive, named},
    },
    served::HANDING,
};
use crate::facts::{NotUnderstood, Setting, Site};

/// Statuses of nginx's own for certificates and for plain HTTP on a port with TLS; what conditions
/// usually answer with.
const REFUSALS: [&str; 6] = ["400", "401", "403", "495", "496", "497"];

/// Where a named location leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leads {
    /// To the application.
    On,
    /// To a refusal, or to another address.
    Away,
    /// To something else.
    Elsewhere,
}

/// What answers those who are refused.
pub(super) struct Answers<'a> {
    /// The named locations of the server.
    named: BTreeMap<&'a str, Leads>,
    /// The statuses that conditions on the certificate answer with.
    statuses: BTreeSet<&'a str>,
    pages: Vec<&'a Directive>,
    /// The first service that is asked about requests.
    service: Option<&'a Directive>,
}

impl<'a> Answers<'a> {
    pub(super) fn of(own: &'a [Directive]) -> Self {
        let locations = named(own, "location").filter(|one| one.arg(0).starts_with('@'));
        Self {
            named: locations.map(|one| (one.arg(0), leads(one))).collect(),
            statuses: REFUSALS.into(),
            pages: Vec::new(),
            service: None,
        }
    }

    /// Notes an `error_page`.
    pub(super) fn page(&mut self, directive: &'a Directive) {
        if self.pages.iter().all(|page| page.place != directive.place) {
            self.pages.push(directive);
        }
    }

    /// Whether an `error_page` of the server or around it takes this status's place.
    pub(super) fn replaces(&self, status: &str) -> bool {
        let named = |page: &&Directive| page.args.iter().any(|word| word == status);
        self.pages.iter().any(named)
    }

    /// Notes the status by which a condition on the certificate refuses.
    pub(super) fn refusal(&mut self, condition: &'a Directive) {
        let returns = named(condition.children(), "return").map(|one| one.arg(0));
        self.statuses.extend(returns);
    }

    /// Notes a service that is asked about requests.
    pub(super) fn asked(&mut self, directive: &'a Directive) {
        if directive.name == "auth_request" && directive.arg(0) != "off" {
            self.service.get_or_insert(directive);
        }
    }

    /// Puts to the site what may let in those who are refused, or turn away those who are not.
    pub(super) fn conclude(&self, site: &mut Site) {
        for page in self.pages.iter().filter(|page| self.lets_in(page)) {
            site.not_understood
                .push(told(NotUnderstood::RefusalReplaced, page));
        }
        // What the service is told of the certificate, it may decide by.
        if let Some(service) = self.service
            && !site.forwards.is_empty()
            && !site.mode().requires
        {
            site.not_understood
                .push(told(NotUnderstood::Program, service));
        }
    }

    /// Whether an `error_page` for a refusal may lead to an answer. A named location keeps method
    /// and body of the request; any other is asked with GET.
    fn lets_in(&self, page: &Directive) -> bool {
        let target = page.args.last().map_or("", String::as_str);
        let for_refusal = page
            .args
            .iter()
            .any(|word| self.statuses.contains(word.as_str()));
        let replaces = page.args.iter().any(|word| {
            word.strip_prefix('=')
                .is_some_and(|code| !code.starts_with(['3', '4', '5']))
        });
        let leads = self.named.get(target);
        for_refusal
            && !target.contains("://")
            && match leads {
                Some(Leads::On) => true,
                Some(Leads::Away) => false,
                Some(Leads::Elsewhere) | None => replaces,
            }
    }
}

fn leads(location: &Directive) -> Leads {
    let within = tree::all(location.children());
    let refuses = |one: &&Directive| {
        one.name == "return" && one.arg(0).starts_with(['3', '4', '5', 'h'])
            || one.name == "deny" && one.arg(0) == "all"
    };
    if within
        .iter()
        .any(|one| HANDING.contains(&one.name.as_str()))
    {
        Leads::On
    } else if within.iter().any(refuses) {
        Leads::Away
    } else {
        Leads::Elsewhere
    }
}

fn told(why: NotUnderstood, directive: &Directive) -> Setting<NotUnderstood> {
    setting(why, &directive.place, &directive.text)
}
