//! `rule!`, by which every rule is written.
//!
//! Must not: know any particular rule.

/// Defines a rule: its doc comment is its reference page, and it does not compile without a case
/// that fires and one that is silent.
#[macro_export]
macro_rules! rule {
    (
        $(#[doc = $doc:literal])+
        pub static RULE = $code:ident {
            name: $name:literal,
            severity: $severity:ident,
            certainty: $certainty:ident,
            act: $act:ident,
            since: $since:literal,
            cites: [$(($source:literal, $date:literal)),+ $(,)?],
            faults: [$($fault:literal),* $(,)?],
            symptoms: [$($symptom:expr),* $(,)?],
            check: $kind:ident($check:path),
            fires_on: $fires_on:expr,
            silent_on: $silent_on:expr $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        pub static RULE: $crate::finding::Rule = $crate::finding::Rule {
            code: stringify!($code),
            name: $name,
            severity: $crate::finding::Severity::$severity,
            certainty: $crate::finding::Certainty::$certainty,
            act: $crate::finding::Act::$act,
            since: $since,
            cites: &[$($crate::finding::Citation { source: $source, date: $date }),+],
            faults: &[$($fault),*],
            symptoms: {
                #[allow(unused_imports, reason = "a rule may have no symptom of one kind")]
                use $crate::{facts::Requirement, finding::Symptom::{Alert, Breaks, Says, Verify}};
                &[$($symptom),*]
            },
            doc: concat!($($doc, "\n"),+),
            check: $crate::finding::Check::$kind($check),
            #[cfg(test)]
            fires_on: {
                #[allow(unused_imports, reason = "not every case needs them")]
                use $crate::rules::prelude::*;
                $fires_on
            },
            #[cfg(test)]
            silent_on: {
                #[allow(unused_imports, reason = "not every case needs them")]
                use $crate::rules::prelude::*;
                $silent_on
            },
        };
    };
}
