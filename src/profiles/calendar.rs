//! What authorities and browsers have announced, as dated data: how long server certificates may be
//! valid, and who stops issuing certificates for TLS clients when.
//!
//! For: the certificate profile and rules. Must not: hold a date without its source.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

/// A step of the schedule for the validity of server certificates.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// The first day of issue that it holds for.
    pub from: Date,
    /// The longest validity, days.
    pub days: i64,
    /// Where it stands.
    pub source: String,
    /// The day on which the source was read.
    pub seen: Date,
}

/// The end of client certificates from a public authority.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientAuthEnd {
    /// Whose announcement it is.
    pub authority: String,
    /// The organizations in the names of its issuers; empty for a root program, which is about
    /// every authority in it.
    pub organizations: Vec<String>,
    /// From this day on none is issued; `None` when the sources differ.
    pub last_day: Option<Date>,
    /// What was announced, in words.
    pub text: String,
    /// Where it stands.
    pub source: String,
    /// The day on which the source was read.
    pub seen: Date,
}

/// The whole calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// In the order of their days.
    pub validity: Vec<Validity>,
    /// Authorities first, root programs last.
    pub client_auth: Vec<ClientAuthEnd>,
}

/// The calendar.
pub fn calendar() -> &'static Calendar {
    static CALENDAR: LazyLock<Calendar> =
        LazyLock::new(|| toml::from_str(include_str!("calendar.toml")).unwrap_or_default());
    &CALENDAR
}

impl Calendar {
    /// The step that certificates issued on `day` fall under; `None` before the first.
    pub fn validity_on(&self, day: Date) -> Option<&Validity> {
        self.validity.iter().rev().find(|step| step.from <= day)
    }

    /// What was announced for certificates whose issuer names this organization: the authority's
    /// own word, else the root program's.
    pub fn client_auth_of(&self, organization: &str) -> Option<&ClientAuthEnd> {
        self.client_auth
            .iter()
            .find(|end| end.organizations.iter().any(|name| name == organization))
            .or_else(|| self.root_program())
    }

    /// What the browsers' root program announced for every authority in it.
    pub fn root_program(&self) -> Option<&ClientAuthEnd> {
        self.client_auth
            .iter()
            .find(|end| end.organizations.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_schedule_is_that_of_the_ballot() {
        let steps: Vec<i64> = [
            date(2026, 3, 14),
            date(2026, 3, 15),
            date(2027, 3, 15),
            date(2029, 3, 15),
        ]
        .iter()
        .map(|day| calendar().validity_on(*day).unwrap().days)
        .collect();
        assert_eq!(steps, [398, 200, 100, 47]);
        assert!(calendar().validity_on(date(2018, 2, 28)).is_none());
    }

    #[test]
    fn an_authority_speaks_for_itself_and_the_program_for_the_rest() {
        let of = |name| calendar().client_auth_of(name).unwrap().last_day;
        assert_eq!(of("DigiCert Inc"), Some(date(2027, 3, 1)));
        assert_eq!(of("Sectigo Limited"), Some(date(2027, 2, 10)));
        assert_eq!(of("Somebody"), Some(date(2027, 3, 15)));
    }
}
