//! Prometheus' text format (version 0.0.4), for the textfile collector.
//!
//! For: scrapes of what `inspect` saw. Absolute moments in seconds, never "days left", so that a
//! value is the same until something changes. Must not: write a sample's time (the collector
//! refuses those), or leave a target out because it failed: what was seen is told.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, Write},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    engine::Judged,
    facts::{ChainUse, FileFacts, Part, Probe, TrustStatus},
    parse::escape,
    report::{self, Run, Sink, Summary},
};

/// Name and help of each family, in the order in which they are written.
const FAMILIES: [(&str, &str); 14] = [
    (
        "mtls_probe_success",
        "Whether the handshake got far enough for the server's chain to be checked.",
    ),
    (
        "mtls_probe_duration_seconds",
        "How long each phase of the inspection took.",
    ),
    (
        "mtls_cert_not_after_timestamp_seconds",
        "End of validity of each certificate that was presented.",
    ),
    (
        "mtls_cert_not_before_timestamp_seconds",
        "Start of validity of each certificate that was presented.",
    ),
    (
        "mtls_crl_next_update_timestamp_seconds",
        "When the next list of each certificate revocation list (CRL) is due.",
    ),
    (
        "mtls_crl_this_update_timestamp_seconds",
        "When each certificate revocation list (CRL) was made.",
    ),
    (
        "mtls_chain_trusted",
        "Whether the chain was found trusted, by this store.",
    ),
    (
        "mtls_client_auth_info",
        "What is asked of clients: none, requested, required, unknown.",
    ),
    (
        "mtls_client_certificate_accepted",
        "Whether the client certificate that was presented was accepted.",
    ),
    ("mtls_findings", "Findings by severity."),
    (
        "mtls_sender_accepted",
        "Whether the sender's certificate is accepted today; absent if that is unknown.",
    ),
    (
        "mtls_sender_breaks_timestamp_seconds",
        "The moment from which the sender will not be accepted any more.",
    ),
    ("mtls_last_run_timestamp_seconds", "When this run ended."),
    ("mtls_targets", "Targets of this run."),
];

/// The sink. It keeps a few lines a target, since the samples of a family have to stand together.
pub struct Prometheus<W> {
    out: W,
    families: BTreeMap<&'static str, String>,
}

impl<W: Write> Prometheus<W> {
    /// A sink that writes to `out` when the run is over.
    pub fn new(out: W) -> Self {
        Self {
            out,
            families: BTreeMap::new(),
        }
    }

    fn sample(&mut self, name: &'static str, labels: &[(&str, &str)], value: f64) {
        let text = self.families.entry(name).or_default();
        text.push_str(name);
        for (index, (label, value)) in labels.iter().enumerate() {
            let open = if index == 0 { '{' } else { ',' };
            let _ = write!(text, "{open}{label}=\"{}\"", label_value(value));
        }
        if !labels.is_empty() {
            text.push('}');
        }
        let _ = writeln!(text, " {value}");
    }

    fn probe(&mut self, target: &str, probe: &Probe) {
        self.sample(
            "mtls_probe_success",
            &[("target", target)],
            f64::from(u8::from(probe.judged())),
        );
        let timings = &probe.dialled.timings;
        let mut before = 0.0;
        for (phase, at) in [
            ("dns", timings.dns),
            ("tcp", timings.tcp),
            ("tls", timings.tls),
            ("http", timings.http),
        ] {
            if let Some(at) = at {
                let seconds = ((at - before) * 1e3).round() / 1e6;
                let labels = [("target", target), ("phase", phase)];
                self.sample("mtls_probe_duration_seconds", &labels, seconds);
                before = at;
            }
        }
        let mode = probe.client_auth().0.word();
        self.sample(
            "mtls_client_auth_info",
            &[("target", target), ("mode", mode)],
            1.0,
        );
        if let Some(shown) = &probe.shown {
            let accepted = shown.outcome == crate::facts::Outcome::Accepted;
            self.sample(
                "mtls_client_certificate_accepted",
                &[("target", target), ("client", &shown.client)],
                f64::from(u8::from(accepted)),
            );
        }
    }
}

impl<W: Write> Prometheus<W> {
    /// The revocation lists of a file: of several of one CA the youngest.
    fn lists(&mut self, target: &str, judged: &Judged) {
        let mut lists: BTreeMap<&str, (Timestamp, Option<Timestamp>)> = BTreeMap::new();
        for list in judged
            .case
            .files
            .iter()
            .flat_map(FileFacts::revocation_lists)
        {
            let own = (list.this_update, list.next_update);
            let youngest = lists.entry(&list.issuer).or_insert(own);
            *youngest = own.max(*youngest);
        }
        for (issuer, (made, due)) in lists {
            let labels = [("target", target), ("issuer", issuer)];
            let seconds = |time: Timestamp| time.as_second() as f64;
            self.sample(
                "mtls_crl_this_update_timestamp_seconds",
                &labels,
                seconds(made),
            );
            if let Some(due) = due {
                self.sample(
                    "mtls_crl_next_update_timestamp_seconds",
                    &labels,
                    seconds(due),
                );
            }
        }
    }
}

impl<W: Write> Sink for Prometheus<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        let Some(inspected) = judged.case.inspected() else {
            return Ok(());
        };
        let target = inspected.target.as_str();
        if let Some(probe) = &inspected.probe {
            self.probe(target, probe);
        }
        let mut told: Vec<&str> = Vec::new();
        for chain in judged.case.chains() {
            let role = match (chain.holds, chain.role) {
                (ChainUse::Anchors, _) => "ca",
                (ChainUse::Identity, crate::facts::Side::Server) => "server",
                (ChainUse::Identity, crate::facts::Side::Client) => "client",
            };
            for (index, certificate) in chain.certificates().enumerate() {
                // The same series twice would make the whole file invalid.
                if certificate.unreadable.is_some() || told.contains(&certificate.sha256.as_str()) {
                    continue;
                }
                told.push(&certificate.sha256);
                let position = match chain.part(index) {
                    Part::Leaf => "leaf",
                    Part::Intermediate => "intermediate",
                    Part::Root => "root",
                };
                let name = certificate.common_name().unwrap_or_default();
                let labels = [
                    ("target", target),
                    ("role", role),
                    ("position", position),
                    ("cn", name),
                    ("serial", &certificate.serial),
                    ("sha256", &certificate.sha256),
                ];
                let seconds = |time: Timestamp| time.as_second() as f64;
                self.sample(
                    "mtls_cert_not_after_timestamp_seconds",
                    &labels,
                    seconds(certificate.not_after),
                );
                self.sample(
                    "mtls_cert_not_before_timestamp_seconds",
                    &labels,
                    seconds(certificate.not_before),
                );
            }
        }
        self.lists(target, judged);
        let mut judged_by: Vec<(&str, bool)> = Vec::new();
        for store in judged
            .case
            .chains()
            .flat_map(|chain| chain.view.iter().flat_map(|view| &view.stores))
        {
            // Without an anchor there is no answer; what could not be checked was not found
            // trusted.
            if store.trust.status == TrustStatus::Unknown && !store.trust.unanswered() {
                continue;
            }
            let trusted = store.trust.status == TrustStatus::Trusted;
            match judged_by.iter_mut().find(|(name, _)| *name == store.store) {
                Some((_, all)) => *all &= trusted,
                None => judged_by.push((&store.store, trusted)),
            }
        }
        for (store, trusted) in judged_by {
            self.sample(
                "mtls_chain_trusted",
                &[("target", target), ("store", store)],
                f64::from(u8::from(trusted)),
            );
        }
        let summary = Summary::of(&judged.findings);
        for (severity, count) in [
            ("error", summary.error),
            ("warning", summary.warning),
            ("note", summary.note),
        ] {
            self.sample(
                "mtls_findings",
                &[("target", target), ("severity", severity)],
                count as f64,
            );
        }
        let concerned = judged.readiness.iter();
        for readiness in concerned.filter(|one| report::concerns(judged, one)) {
            let labels = [("target", target), ("profile", readiness.profile.as_str())];
            if let Some(works) = readiness.works_today {
                self.sample("mtls_sender_accepted", &labels, f64::from(u8::from(works)));
            }
            if let Some(seconds) = readiness.breaks_on.and_then(first_second_after) {
                self.sample("mtls_sender_breaks_timestamp_seconds", &labels, seconds);
            }
        }
        Ok(())
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        self.sample(
            "mtls_last_run_timestamp_seconds",
            &[],
            run.ended.as_second() as f64,
        );
        self.sample("mtls_targets", &[], run.cases as f64);
        for (name, help) in FAMILIES {
            let Some(samples) = self.families.get(name) else {
                continue;
            };
            write!(
                self.out,
                "# HELP {name} {help}\n# TYPE {name} gauge\n{samples}"
            )?;
        }
        self.out.flush()
    }
}

/// A day is the last one on which it works.
fn first_second_after(day: Date) -> Option<f64> {
    let next = day.tomorrow().ok()?;
    let moment = TimeZone::UTC.to_timestamp(next.at(0, 0, 0, 0)).ok()?;
    Some(moment.as_second() as f64)
}

/// A label's value: what a terminal or a log must not meet is escaped first, then backslash, quote
/// and line break as the format has it.
fn label_value(text: &str) -> String {
    escape::text(text)
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_label_is_one_quoted_word(text in ".*") {
            let value = label_value(&text);
            let mut rest = value.chars();
            while let Some(character) = rest.next() {
                prop_assert!(character != '"' && character != '\n');
                if character == '\\' {
                    let next = rest.next();
                    prop_assert!(matches!(next, Some('\\' | '"' | 'n')), "{next:?}");
                }
            }
        }
    }

    #[test]
    fn the_day_after_the_last_one() {
        let seconds = first_second_after("2026-12-01".parse().unwrap());
        assert_eq!(seconds, Some(1_796_169_600.0));
    }
}
