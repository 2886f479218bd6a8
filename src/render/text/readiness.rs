//! Whether the sender is accepted, and who gets in at a configured server.

use colored::{Color, Colorize};

use super::page::Page;
use crate::{
    facts::{Admitted, Basis, Checks, Outlook, Place, Readiness, Site, TurnedAway},
    parse::escape,
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
                Some(false) => "refused",
                None => "not known",
            };
            let until = match identity.until {
                Some(until) if identity.in_use => format!(", until {until}"),
                Some(until) => format!(", ended {until}"),
                None => String::new(),
            };
            self.row(
                "",
                &format!(
                    "{}: CN = {}{until}: {accepted}, {}",
                    escape::text(&identity.identity),
                    escape::text(&identity.common_name),
                    escape::text(&identity.why)
                ),
            );
        }
        if let Basis::Rehearsal { .. } = readiness.grounds {
            self.row(
                "",
                "rehearsed with certificates of a throwaway authority: whether the real root is trusted, only the client-CA file tells",
            );
        }
        for anchor in &readiness.add {
            self.row("add", &escape::text(&anchor.subject));
            self.line(&format!("              sha256 {}", &anchor.sha256[..32]));
            self.line(&format!("                     {}", &anchor.sha256[32..]));
            self.line(&format!("              mtls profiles pem {}", anchor.id));
        }
    }

    /// A server's address: what it asks, and what becomes of clients.
    pub(super) fn site(&mut self, site: &Site) {
        let at = match &site.place {
            Place::File {
                path, first_line, ..
            } => format!(", {path}:{first_line}"),
            _ => String::new(),
        };
        self.row(
            "site",
            &escape::text(&format!("{} ({}{at})", site.name, site.software.name())),
        );
        let mode = site.mode();
        let asked = match (mode.asks, mode.requires, mode.checks) {
            (false, ..) => "not asked for a certificate",
            (true, true, Checks::All) => "asked for a certificate, required and checked",
            (true, false, Checks::All) => "asked for a certificate, which is checked if it comes",
            (true, true, Checks::ButIssuer) => "asked for a certificate, of whatever issuer",
            (true, false, Checks::ButIssuer) => {
                "asked for a certificate, which may be missing and of whatever issuer"
            }
            (true, true, Checks::Nothing) => "asked for a certificate, and any will do",
            (true, false, Checks::Nothing) => "asked for a certificate, and none is checked",
        };
        self.row("clients", asked);
        let rows = [
            ("valid", "a good one"),
            ("client-cert-not-sent", "without one"),
            ("client-unknown-ca", "of an unknown authority"),
            ("client-expired", "an expired one"),
        ];
        for (fault, words) in rows {
            let Some(predicted) = site.predicted.iter().find(|row| row.client == fault) else {
                continue;
            };
            let (word, color) = match (predicted.admission.outcome, fault == "valid") {
                (Admitted::Accepted, true) => ("gets in", Color::Green),
                (Admitted::Accepted, false) => ("gets in", Color::Red),
                (Admitted::Rejected, true) => ("is refused", Color::Red),
                (Admitted::Rejected, false) => ("is refused", Color::Green),
                (Admitted::Unknown, _) => ("cannot be told", Color::Yellow),
            };
            let how = match predicted.admission.rejected_by {
                Some(TurnedAway::Alert) => " by an alert",
                Some(TurnedAway::HttpStatus) => " by an HTTP status",
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
