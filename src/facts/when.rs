//! A day as a sender announces it: exact, or only a month.
//!
//! For: the first and the last day of a sender's certificate. Must not: make a day of a month
//! whose day nobody knows; what depends on it takes the earlier or the later end, whichever is the
//! safe one.

use std::{borrow::Cow, fmt, str::FromStr};

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A day, or a month of which the day is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    earliest: Date,
    latest: Date,
}

impl When {
    /// The earliest day that it can be.
    pub fn earliest(self) -> Date {
        self.earliest
    }

    /// The latest day that it can be.
    pub fn latest(self) -> Date {
        self.latest
    }

    /// Whether the day is known.
    pub fn is_exact(self) -> bool {
        self.earliest == self.latest
    }

    /// It as the last day of something: `last day 2026-12-01`.
    pub fn as_last_day(self) -> String {
        if self.is_exact() {
            format!("last day {self}")
        } else {
            format!("last day in {}, day unknown", self.words())
        }
    }

    /// The same on `today`: in the past tense once it is over.
    pub fn as_last_day_on(self, today: Date) -> String {
        match (self.latest < today, self.is_exact()) {
            (false, _) => self.as_last_day(),
            (true, true) => format!("last day was {self}"),
            (true, false) => format!("last day was in {}", self.words()),
        }
    }

    /// It in a sentence: `2026-12-01`, `November 2026`.
    pub fn words(self) -> String {
        if self.is_exact() {
            self.latest.to_string()
        } else {
            self.latest.strftime("%B %Y").to_string()
        }
    }

    /// From when on something with this last day is refused: `refused from 2026-12-02`.
    pub fn refused_from(self) -> String {
        let next = |day: Date| day.tomorrow().unwrap_or(day);
        if self.is_exact() {
            format!("refused from {}", next(self.latest))
        } else {
            format!(
                "refused from {} at the latest, perhaps from {}",
                next(self.latest),
                next(self.earliest)
            )
        }
    }
}

impl From<Date> for When {
    fn from(day: Date) -> Self {
        Self {
            earliest: day,
            latest: day,
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_exact() {
            formatter.pad(&self.latest.to_string())
        } else {
            formatter.pad(&self.latest.strftime("%Y-%m").to_string())
        }
    }
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected a day (2026-11-30) or a month (2026-11), found `{text}`");
        if text.len() == "2026-11".len() {
            let first: Date = format!("{text}-01").parse().map_err(|_| wrong())?;
            return Ok(Self {
                earliest: first,
                latest: first.last_of_month(),
            });
        }
        text.parse::<Date>().map(Self::from).map_err(|_| wrong())
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for When {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "When".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": r"^\d{4}-\d{2}(-\d{2})?$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_every_one_of_its_days() {
        let day: When = "2026-12-01".parse().unwrap();
        assert_eq!(day.as_last_day(), "last day 2026-12-01");
        assert_eq!(day.refused_from(), "refused from 2026-12-02");
        let month: When = "2026-02".parse().unwrap();
        assert_eq!(month.to_string(), "2026-02");
        assert_eq!(month.latest().to_string(), "2026-02-28");
        assert_eq!(
            month.as_last_day(),
            "last day in February 2026, day unknown"
        );
        assert_eq!(
            month.refused_from(),
            "refused from 2026-03-01 at the latest, perhaps from 2026-02-02"
        );
        let on = |day: &str| day.parse::<Date>().unwrap();
        assert_eq!(
            month.as_last_day_on(on("2026-03-01")),
            "last day was in February 2026"
        );
        assert_eq!(day.as_last_day_on(on("2026-12-01")), "last day 2026-12-01");
        assert_eq!(
            day.as_last_day_on(on("2026-12-02")),
            "last day was 2026-12-01"
        );
        for wrong in ["2026-13", "2026", "2026-02-30", "soon", "2026-2-1"] {
            assert!(wrong.parse::<When>().is_err(), "{wrong}");
        }
    }
}
