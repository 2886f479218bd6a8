//! The short forms: two lines a certificate, one line a target.

use colored::Colorize;

use super::{
    super::{
        Detail,
        chain::key_words,
        page::Page,
        words::{day, padded, verdict_word, wrap},
    },
    endpoint::ended,
};
use crate::{
    engine::Judged,
    facts::{ChainUse, FileFacts, common_name},
    parse::{escape, pem},
    render::verdict::{left, loud},
    report,
};

/// Columns of a target in the line of a fleet.
const TARGET: usize = 34;

impl Page {
    /// Two lines a certificate.
    pub(super) fn brief(&mut self, judged: &Judged) {
        let Some(inspected) = judged.case.inspected() else {
            return;
        };
        if let Some(probe) = &inspected.probe
            && !probe.judged()
        {
            self.line(&format!(
                "{}: {}",
                escape::text(&inspected.target),
                ended(&probe.dialled)
            ));
        }
        for (_, request) in judged.case.files.iter().flat_map(FileFacts::requests) {
            let asked = &request.asked;
            let name = asked.sans.first().map(|name| escape::text(name));
            self.line(&escape::text(&asked.label()));
            self.line(&format!(
                "  certificate request; {}; {}",
                name.as_deref().unwrap_or("no name"),
                key_words(&asked.key)
            ));
        }
        for chain in judged.case.chains() {
            for certificate in chain.certificates() {
                let left = left(certificate, self.now);
                let names = match certificate.sans.first() {
                    Some(first) if chain.holds == ChainUse::Identity => {
                        format!("{}; ", escape::text(first))
                    }
                    _ => String::new(),
                };
                self.line(&escape::text(&certificate.label()));
                self.line(&format!(
                    "  {names}{}; until {}, {left}; by {}",
                    key_words(&certificate.key),
                    day(certificate.not_after),
                    escape::text(common_name(&certificate.issuer).unwrap_or(&certificate.issuer))
                ));
                if inspected.pem {
                    self.text
                        .push_str(&pem::encode("CERTIFICATE", &certificate.der));
                }
            }
        }
    }

    /// One target among many.
    pub(super) fn one_line(&mut self, judged: &Judged) {
        let Some(inspected) = judged.case.inspected() else {
            return;
        };
        let (word, color) = verdict_word(report::verdict(judged));
        let told = match &inspected.probe {
            // Where there is more to say, a finding says it.
            Some(probe) if !probe.judged() => probe.dialled.how(),
            probe => {
                let mode = probe.as_ref().map_or(String::new(), |probe| {
                    format!("{:<9} ", probe.client_auth().0.word())
                });
                let until = report::first_end(judged).map_or_else(String::new, |certificate| {
                    format!(
                        "until {}, {}",
                        day(certificate.not_after),
                        left(certificate, self.now)
                    )
                });
                format!("{mode}{until}")
            }
        };
        let target = escape::text(&inspected.target);
        self.line(&format!(
            "{} {} {told}",
            word.color(color).bold(),
            padded(&target, TARGET)
        ));
        if self.detail == Detail::Verdict {
            return;
        }
        for finding in loud(judged) {
            let lines = wrap(
                &format!(
                    "{} {}: {}",
                    finding.rule.code,
                    finding.rule.name,
                    escape::text(&finding.hit.message)
                ),
                self.room(5),
            );
            for line in lines {
                self.line(&format!("     {line}"));
            }
        }
    }
}
