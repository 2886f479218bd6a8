//! MT464.

use crate::{
    context::Context,
    facts::{Comparison, Pin, Pinned, Site},
    finding::Verdict,
    outlook::admission::{Caller, holds},
    rule,
    rules::site::help::hit,
};

rule! {
    /// ## What it finds
    ///
    /// A condition on the subject or the common name that a longer name meets as well: a regular
    /// expression without `^` or `$`, or a search for a part.
    ///
    /// ## Why it matters
    ///
    /// `"CN=hook.example.com"` also matches `CN=hook.example.com.evil.example`. Below a public root
    /// anybody can get a certificate for a name of their own that begins like that one.
    ///
    /// ## How to fix it
    ///
    /// Compare the whole value: in nginx with both ends fixed.
    ///
    /// ```text
    /// if ($ssl_client_s_dn !~ "(^|,)CN=hook\.example\.com(,|$)") { return 403; }
    /// ```
    ///
    /// ## References
    ///
    /// - nginx.org/en/docs/http/ngx_http_ssl_module.html#var_ssl_client_s_dn
    /// - RFC 4514 section 2
    pub static RULE = MT464 {
        name: "site-subject-match-unanchored",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 4514 section 2", "2006-06")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().nobody().with(|site| site.pins = vec![site_fixture::set(site_fixture::matching("CN=hook.example.com"), "if ($ssl_client_s_dn !~ \"CN=hook.example.com\")")]).done(),
        silent_on: || site_fixture::SiteFixture::strict().nobody().with(|site| site.pins = vec![site_fixture::set(site_fixture::matching("(^|,)CN=hook\\.example\\.com(,|$)"), "if ($ssl_client_s_dn !~ …)")]).done(),
    }
}

fn check(site: &Site, _: &Context) -> Verdict {
    let open = |pin: &Pin| {
        matches!(pin.of, Pinned::Subject | Pinned::CommonName)
            && pin.comparison != Comparison::Equals
    };
    let mut looked = false;
    let mut hits = Vec::new();
    for condition in site.conditions().filter(|one| open(one.pin)) {
        looked = true;
        let Some((name, longer)) = longer_name(condition.pin) else {
            continue;
        };
        hits.push(
            hit(
                site,
                condition.place,
                format!(
                    "{}: the condition on CN={name}{} also accepts CN={longer}",
                    site.name,
                    condition.for_part()
                ),
                "compare the whole name: fix both ends of the expression",
            )
            .evidence("as written", condition.text.to_owned()),
        );
    }
    if hits.is_empty() && !looked {
        return Verdict::NotApplicable("no condition that a part of the subject can meet");
    }
    Verdict::from_hits(hits)
}

/// A name that the condition means, and a longer one that it accepts as well.
fn longer_name(pin: &Pin) -> Option<(String, String)> {
    pin.values.iter().find_map(|value| {
        let name = plain_name(value)?;
        let one = Pin {
            values: vec![value.clone()],
            negated: false,
            ..pin.clone()
        };
        let accepts = |common_name: &str| {
            let caller = Caller {
                presents: true,
                common_name: Some(common_name.to_owned()),
                subject: Some(format!("CN={common_name},O=Somebody,C=US")),
                ..Caller::default()
            };
            holds(&one, &caller, true) == Some(true)
        };
        [format!("{name}.evil.example"), format!("evil-{name}")]
            .into_iter()
            .find(|longer| accepts(&name) && accepts(longer))
            .map(|longer| (name, longer))
    })
}

/// The name in an expression that holds one and nothing else but its ends.
fn plain_name(value: &str) -> Option<String> {
    let start = value.find("CN=").map_or(0, |at| at + "CN=".len());
    let rest = value[start..]
        .trim_start_matches('^')
        .trim_end_matches('$')
        .trim_end_matches("(,|$)")
        .trim_end_matches("(,|");
    let name = rest.replace("\\.", ".").replace("\\-", "-");
    let plain = name.chars().any(char::is_alphanumeric)
        && name
            .chars()
            .all(|letter| letter.is_alphanumeric() || ".- ".contains(letter));
    plain.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::site::fixture::matching;

    #[test]
    fn what_a_longer_name_meets_is_found() {
        for (value, of, wanted) in [
            ("CN=hook.example.com", Pinned::Subject, true),
            ("CN=hook\\.example\\.com", Pinned::Subject, true),
            ("CN=hook.example.com(,|$)", Pinned::Subject, false),
            ("(^|,)CN=hook\\.example\\.com(,|$)", Pinned::Subject, false),
            ("hook.example.com", Pinned::CommonName, true),
            ("^hook.example.com", Pinned::CommonName, true),
            ("hook.example.com$", Pinned::CommonName, true),
            ("^hook\\.example\\.com$", Pinned::CommonName, false),
            // More than one name: not ours to read.
            ("CN=(a|b)\\.example", Pinned::Subject, false),
            // Any subject will do.
            (".", Pinned::Subject, false),
        ] {
            let pin = Pin {
                of,
                ..matching(value)
            };
            assert_eq!(longer_name(&pin).is_some(), wanted, "{value}");
        }
    }
}
