//! Whether the sender is accepted, and who gets in at a configured server.

use colored::{Color, Colorize};

use super::page::Page;
use crate::{
    facts::{Admitted, Basis, Checks, Outlook, Place, Readiness, Site, TurnedAway},
    outlook::admission::{Caller, admit},
    parse::escape,
    render::answer::day_of,
};

impl Page {
    /// The outlook on one sender: the verdict, each of its certificates, what to add.
    pub(super) fn outlook(&mut self, readiness: &Readiness) {
        let color = match readiness.outlook {
            Outlook::Ready => Color::Green,
            Outlook::Uncertain => Color::Yellow,
            Outlook::Breaks | Outlook::Broken => Color::Red,
        };
        self.row(
            "outlook",
            &escape::text(&readiness.sentence).color(color).to_string(),
        );
        for identity in &readiness.identities {
            let accepted = match identity.accepted {
                Some(true) => "accepted",
                Some(false) => "rejected",
                None => "unknown",
            };
            let until = match identity.until {
                Some(until) if identity.in_use => format!(", {}", until.as_last_day()),
                Some(until) => format!(", {}", until.as_last_day_on(day_of(self.now))),
                None => String::new(),
            };
            self.row(
                "",
                &format!(
                    "{}: {}{until}: {accepted}, {}",
                    escape::text(&identity.identity),
                    escape::text(&identity.leaf),
                    escape::text(&identity.why)
                ),
            );
        }
        if let Basis::Rehearsal { .. } = readiness.grounds {
            self.row(
                "",
                "tested with certificates of a throwaway CA: only the client-CA file shows whether the real root is trusted",
            );
        }
        for anchor in &readiness.add {
            self.row("add", &escape::text(&anchor.subject));
            self.row("", &format!("sha256 {}", anchor.sha256));
            if readiness.add.len() <= 2 {
                self.line(&format!("              mtls profiles pem {}", anchor.id));
            }
        }
        if readiness.add.len() > 2 {
            self.line(&format!(
                "              mtls profiles pem {}",
                readiness.profile
            ));
        }
    }

    /// A server's address, and what it asks of clients.
    pub(super) fn asks(&mut self, site: &Site) {
        let at = match &site.place {
            Place::File {
                path, first_line, ..
            } => format!(", {path}:{first_line}"),
            _ => String::new(),
        };
        self.row(
            "server",
            &escape::text(&format!("{} ({}{at})", site.name, site.software.name())),
        );
        let mode = site.mode();
        let by_condition = admit(site, &Caller::default()).outcome == Admitted::Rejected;
        let asked = match (mode.asks, mode.requires, mode.checks) {
            _ if site.not_read() => "not known: the configuration could not be read",
            _ if site.mode_unread().is_some() => {
                "not known: part of the configuration was not understood"
            }
            (true, true, _) if site.pinned() && !mode.enforces() => {
                "certificate required, compared with a fingerprint"
            }
            (false, ..) => "certificate not requested",
            // What the conditions make of it.
            (true, false, Checks::All) if by_condition => {
                "certificate requested and verified, required by a condition"
            }
            (true, false, _) if by_condition && site.verified_later() => {
                "certificate requested, required and verified by conditions"
            }
            (true, false, _) if by_condition => "certificate requested, required by a condition",
            (true, true, Checks::All) => "certificate required and verified",
            (true, false, Checks::All) => "certificate requested, verified if presented",
            (true, true, Checks::ButIssuer) => "certificate required, from any issuer",
            (true, false, Checks::ButIssuer) => "certificate requested, optional, from any issuer",
            (true, true, Checks::Nothing) => "certificate required, not verified",
            (true, false, Checks::Nothing) => "certificate requested, not verified",
        };
        self.row("clients", asked);
    }

    /// The same, and what becomes of clients.
    pub(super) fn site(&mut self, site: &Site) {
        self.asks(site);
        let rows = [
            ("valid", "valid certificate"),
            ("client-cert-not-sent", "no certificate"),
            ("client-unknown-ca", "unknown CA"),
            ("client-expired", "expired"),
        ];
        for (fault, words) in rows {
            let Some(predicted) = site.predicted.iter().find(|row| row.client == fault) else {
                continue;
            };
            let (word, color) = match (predicted.admission.outcome, fault == "valid") {
                (Admitted::Accepted, true) => ("accepted", Color::Green),
                (Admitted::Accepted, false) => ("accepted", Color::Red),
                (Admitted::Rejected, true) => ("rejected", Color::Red),
                (Admitted::Rejected, false) => ("rejected", Color::Green),
                (Admitted::Unknown, _) => ("unknown", Color::Yellow),
            };
            let how = match predicted.admission.rejected_by {
                Some(TurnedAway::Alert) => " (TLS alert)",
                Some(TurnedAway::HttpStatus) => " (HTTP status)",
                None => "",
            };
            self.row(
                "",
                &format!(
                    "{words}: {}{how}, {}",
                    word.color(color),
                    escape::text(&predicted.admission.why)
                ),
            );
        }
    }
}
