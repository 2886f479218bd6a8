//! MT452.

use crate::{
    context::Context,
    facts::{ListInUse, RevocationCheck, Site},
    finding::{Severity, Verdict},
    rule,
    rules::site::help::hit,
    verify::x509_error,
};

rule! {
    /// ## What it finds
    ///
    /// A server that looks up client certificates in revocation lists, and has no good list for a CA of its client-CA file.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL then refuses every certificate of that CA, good ones too: error 3, unable to get certificate CRL; 12, CRL has expired. nginx
    /// (`ssl_crl`), HAProxy (`crl-file`) and Envoy (`crl`) check the whole chain: each CA in it needs a list, the root as well as every
    /// intermediate.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook puts the lists of all these CAs into the file, and renews them before each nextUpdate.
    ///
    /// ```text
    /// openssl verify -CAfile clients.pem -crl_check_all -CRLfile lists.pem client.pem
    /// ```
    ///
    /// ## References
    ///
    /// - nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_crl
    /// - httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslcarevocationcheck
    /// - openssl-verification-options(1), -crl_check_all
    pub static RULE = MT452 {
        name: "site-revocation-list-in-use",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("nginx 1.22, Apache 2.4 and HAProxy 2.6, started", "2026-11-29")],
        faults: [],
        symptoms: [],
        check: Site(check),
        fires_on: || site_fixture::SiteFixture::strict().with(|site| site.lists = vec![site_fixture::list(Some(3))]).done(),
        silent_on: || site_fixture::SiteFixture::strict().with(|site| { site.crl_check = RevocationCheck::Leaf; site.lists = vec![site_fixture::list(None)]; }).done(),
    }
}

fn check(site: &Site, _: &Context) -> Verdict {
    let anchors: Vec<&ListInUse> = site.lists.iter().filter(|list| list.anchor).collect();
    if anchors.is_empty() || site.crl_check == RevocationCheck::Never {
        return Verdict::NotApplicable("no revocation list is looked into");
    }
    // All of them refused, or those of some CAs.
    let refused = anchors.iter().filter(|list| list.error.is_some()).count();
    let place = site.crl.first().map_or(&site.place, |list| &list.place);
    let mut hits = Vec::new();
    for list in &anchors {
        let Some(error) = list.error else {
            continue;
        };
        let due = list
            .due
            .map_or(String::new(), |due| format!(" (nextUpdate {due})"));
        let seen = match error {
            MISSING => "there is no revocation list from it".to_owned(),
            error => format!(
                "its revocation list does not hold{due}: {}",
                x509_error(error).text
            ),
        };
        // A leaf that this CA issued itself is looked up, and its list is not missed by others.
        let by_it = site.crl_check == RevocationCheck::Leaf;
        let hit = hit(
            site,
            place,
            format!(
                "{} rejects every client of {}: {seen}",
                site.name, list.issuer
            ),
            "put a current list of each CA into the file",
        )
        .severity(if by_it && error == MISSING {
            Severity::Warning
        } else {
            Severity::Error
        })
        .evidence("error", format!("{error} ({})", x509_error(error).text));
        hits.push(hit);
        if hits.len() >= MOST {
            break;
        }
    }
    if refused == 0
        && site.crl_check == RevocationCheck::Chain
        && site.lists.iter().all(|list| list.anchor)
    {
        hits.push(
            hit(
                site,
                place,
                format!(
                    "{} rejects clients with an intermediate: the file has no revocation list from intermediates, only from the CAs of the client-CA file",
                    site.name
                ),
                "add the lists of the intermediates that clients send",
            )
            .severity(Severity::Note),
        );
    }
    Verdict::from_hits(hits)
}

/// `X509_V_ERR_UNABLE_TO_GET_CRL`.
const MISSING: u32 = 3;
/// CAs that are told of.
const MOST: usize = 8;
