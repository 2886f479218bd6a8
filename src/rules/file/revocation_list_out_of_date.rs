//! MT129.

use jiff::SignedDuration;

use crate::{
    context::Context,
    facts::{FileFacts, ListFacts},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::file::help::{at, lists, shell},
};

rule! {
    /// ## What it finds
    ///
    /// A revocation list whose nextUpdate has passed or passes soon, whose thisUpdate is still to come, or that has no nextUpdate.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL refuses every certificate that it looks up in such a list: error 12, CRL has expired; error 11, CRL is not yet valid. A server with `ssl_crl`, `SSLCARevocationFile` or `crl-file` then lets nobody in.
    ///
    /// ## How to fix it
    ///
    /// Fetch the current list, by a scheduled job and not by hand.
    ///
    /// ```text
    /// openssl crl -in list.pem -noout -issuer -lastupdate -nextupdate
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280 section 5.1.2.5
    /// - openssl-verification-options(1), -crl_check
    pub static RULE = MT129 {
        name: "revocation-list-out-of-date",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 5280 section 5.1.2.5", "2008-05"), ("openssl 3.0 verify -crl_check", "2026-11-29")],
        faults: [],
        symptoms: [],
        check: File(check),
        fires_on: || file_fixture::list(|list| list.next_update = Some(list.this_update)).done(),
        silent_on: || file_fixture::list(|_| {}).done(),
    }
}

fn check(file: &FileFacts, context: &Context) -> Verdict {
    if lists(file).next().is_none() {
        return Verdict::NotApplicable("no revocation list in it");
    }
    let hits = lists(file).filter_map(|(item, list)| {
        let (severity, seen) = judged(list, context)?;
        // A server that has a good one of the CA takes that.
        let current = |other: &ListFacts| {
            other.issuer_canonical == list.issuer_canonical && other.error(context.now).is_none()
        };
        let (severity, seen) = if !list.looked_into {
            (
                Severity::Note,
                format!("{seen}; this one does not look into it"),
            )
        } else if severity == Severity::Error && lists(file).any(|(_, other)| current(other)) {
            let seen = format!("{} is not current; another one in the file is", dated(list));
            (Severity::Note, seen)
        } else {
            (severity, seen)
        };
        let hit = Hit::new(
            format!("the revocation list of {} {seen}", list.issuer),
            list.issuer.clone(),
            at(file, item),
            "fetch the current list, and schedule that before each nextUpdate",
        );
        Some(hit.severity(severity).check(format!(
            "openssl crl -in {} -noout -issuer -lastupdate -nextupdate",
            shell(&file.path)
        )))
    });
    Verdict::from_hits(hits.collect())
}

/// The list among others of its CA.
fn dated(list: &ListFacts) -> String {
    format!("of {}", list.this_update)
}

fn judged(list: &ListFacts, context: &Context) -> Option<(Severity, String)> {
    let now = context.now;
    if now < list.this_update {
        let seen = format!(
            "is not valid before {}: a server that uses it rejects every client",
            list.this_update
        );
        return Some((Severity::Error, seen));
    }
    let Some(next) = list.next_update else {
        return Some((
            Severity::Note,
            "has no nextUpdate: it does not show when it is out of date".to_owned(),
        ));
    };
    if next < now {
        let seen = format!("expired on {next}: a server that uses it rejects every client");
        return Some((Severity::Error, seen));
    }
    // Lists live for days: a third of that is soon.
    let lifetime = next.duration_since(list.this_update);
    let limit = SignedDuration::from_hours(24 * i64::from(context.warn_days));
    let limit = if context.warn_days_said {
        limit
    } else {
        limit.min(lifetime / 3)
    };
    (next.duration_since(now) < limit).then(|| {
        (
            Severity::Warning,
            format!("expires on {next}: from then on a server that uses it rejects every client"),
        )
    })
}
