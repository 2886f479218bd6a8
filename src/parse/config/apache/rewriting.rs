//! What the rules of mod_rewrite ask of the certificate: `RewriteCond %{SSL:SSL_CLIENT_VERIFY}
//! !=SUCCESS` before a rule that refuses.

use super::{
    super::{
        paths::{Which, which},
        setting,
        tree::{Directive, named},
    },
    conditions::rewritten,
    not_read,
    sections::{Reader, Section},
    turned::Flags,
};
use crate::facts::{Demand, NotUnderstood, Pin};

/// Whether one of some conditions looks at the certificate.
fn about_any(conditions: &[&Directive]) -> bool {
    let about = |one: &&Directive| one.text.contains("SSL_CLIENT_");
    conditions.iter().any(about)
}

/// Whether a rule of mod_rewrite ends the rules for what fits, or skips some, and refuses nothing.
fn serves(rule: &Directive) -> bool {
    const ENDS: [&str; 11] = [
        "L",
        "LAST",
        "END",
        "P",
        "PROXY",
        "PT",
        "PASSTHROUGH",
        "S",
        "SKIP",
        "C",
        "CHAIN",
    ];
    let flags = Flags::of(rule);
    flags.has(&ENDS) && !flags.away()
}

impl Reader<'_> {
    /// `RewriteCond %{SSL:SSL_CLIENT_S_DN_CN} !^…$` before a `RewriteRule … [F]`.
    pub(super) fn rewrite_rules(&mut self, list: &[Directive], section: &Section) {
        let is_rewrite = |one: &&Directive| {
            let name = one.name.to_ascii_lowercase();
            name.starts_with("rewrite") && name != "rewritemap"
        };
        if let Some(first) = list.iter().find(is_rewrite)
            && !section.name.is_empty()
        {
            let why = NotUnderstood::SeveralConditions;
            let told = setting(why, &first.place, &first.text);
            self.rewriting.push((section.name.clone(), told));
        }
        let own = named(list, "RewriteEngine").next_back();
        let on = own.map_or(self.rewrites, |engine| {
            engine.arg(0).eq_ignore_ascii_case("on")
        });
        if !on {
            return;
        }
        let mut pending: Vec<&Directive> = Vec::new();
        // What an earlier rule lets through, later ones do not see.
        let mut let_through = false;
        for directive in list {
            if directive.name.eq_ignore_ascii_case("RewriteCond") {
                pending.push(directive);
            } else if directive.name.eq_ignore_ascii_case("RewriteRule") {
                if let_through && about_any(&pending) {
                    not_read(directive, NotUnderstood::SeveralConditions, self.site);
                } else {
                    self.rewrite(directive, &pending, section);
                }
                let_through |= serves(directive);
                pending.clear();
            }
        }
    }

    fn rewrite(&mut self, rule: &Directive, conditions: &[&Directive], section: &Section) {
        if !about_any(conditions) {
            return;
        }
        if !section.name.is_empty() {
            self.guarding.push(section.name.clone());
        }
        let every = which(rule.arg(0)) == Which::Every;
        let inner = Section {
            every: section.every && every,
            name: if every {
                section.name.clone()
            } else {
                format!("paths like {}", rule.arg(0))
            },
        };
        // One of several is enough to be refused: each is a condition to get past.
        let or = |one: &&Directive| Flags(one.arg(2)).has(&["OR", "ORNEXT"]);
        let joined = match conditions {
            [before @ .., _] => before.iter().all(or),
            [] => false,
        };
        if !Flags::of(rule).away() || !joined {
            not_read(rule, NotUnderstood::SeveralConditions, self.site);
            return;
        }
        let pins: Option<Vec<Pin>> = conditions.iter().map(|one| rewritten(one)).collect();
        match (pins, conditions) {
            (Some(pins), _) => {
                for (pin, one) in pins.into_iter().zip(conditions) {
                    self.push(&inner, Demand::Condition(pin), one);
                }
            }
            (None, [only]) if only.arg(0).starts_with("%{SSL_") => {
                let why = NotUnderstood::NotKnown("variable of mod_rewrite (it is `%{SSL:…}`)");
                not_read(only, why, self.site);
            }
            (None, [only]) => not_read(only, NotUnderstood::Condition, self.site),
            (None, _) => not_read(rule, NotUnderstood::SeveralConditions, self.site),
        }
    }

    /// Where a section has rules of its own, those of another one are not merged into it.
    pub(super) fn other_rules(&mut self) {
        let Some(guarding) = self.guarding.first() else {
            return;
        };
        let other = self.rewriting.iter().find(|(name, _)| name != guarding);
        self.site
            .not_understood
            .extend(other.map(|(_, told)| told.clone()));
    }
}
