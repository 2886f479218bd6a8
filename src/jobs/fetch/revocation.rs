//! Whether the certificates of a path are revoked: its responders are asked first, then its lists.

use std::{borrow::Cow, sync::Arc};

use jiff::Timestamp;

use super::{OF_A_KIND, Visit};
use crate::{
    facts::{Certificate, FetchedFor, Revocation, RevocationStatus},
    parse::pem,
    verify::revocation::{self, About},
};

/// Bytes of a nonce: what RFC 9654 section 2.1 asks of every client.
const NONCE: usize = 32;

/// Asks about each certificate below the root, the leaf first; the last of a path that is `anchored`
/// is a trust anchor. A certificate that is its own issuer is nobody's to revoke.
pub(super) async fn of_path(
    visit: &mut Visit<'_>,
    path: &[Arc<Certificate>],
    anchored: bool,
    now: Timestamp,
) -> Vec<Revocation> {
    let mut found = Vec::new();
    for (index, certificate) in path.iter().enumerate() {
        let issuer = path.get(index + 1);
        let anchor = anchored && issuer.is_none();
        if certificate.self_issued || certificate.unreadable.is_some() || anchor {
            break;
        }
        found.push(one(visit, certificate, issuer, now).await);
    }
    found
}

async fn one(
    visit: &mut Visit<'_>,
    certificate: &Arc<Certificate>,
    issuer: Option<&Arc<Certificate>>,
    now: Timestamp,
) -> Revocation {
    let form = &certificate.form;
    if form.ocsp_urls.is_empty() && form.crl_urls.is_empty() {
        return Revocation {
            status: RevocationStatus::NotPublished,
            problem: None,
            ..Revocation::unknown(certificate, "")
        };
    }
    let Some(issuer) = issuer else {
        let why = "the certificate of its issuer is not at hand, so no answer can be verified";
        return Revocation::unknown(certificate, why);
    };
    if certificate.not_after < now {
        let end = certificate.not_after;
        let why = format!("it expired {end}, and a CA need not answer for it any more");
        return Revocation::unknown(certificate, why);
    }
    let about = About {
        certificate,
        issuer,
        now,
    };
    let mut problems: Vec<String> = Vec::new();
    let mut open = Revocation::unknown(certificate, "");
    let responders = form.ocsp_urls.iter().map(|url| (FetchedFor::Ocsp, url));
    let lists = form.crl_urls.iter().map(|url| (FetchedFor::Crl, url));
    for (what, url) in responders.take(OF_A_KIND).chain(lists.take(OF_A_KIND)) {
        let answer = match what {
            FetchedFor::Ocsp => by_responder(visit, url, &about).await,
            _ => by_list(visit, url, certificate, issuer, now).await,
        };
        let said = Revocation {
            url: Some(url.clone()),
            ..answer
        };
        match said.status {
            RevocationStatus::Good | RevocationStatus::Revoked => return said,
            RevocationStatus::Unknown | RevocationStatus::NotPublished => {
                let why = said.problem.clone().unwrap_or_default();
                problems.push(format!("{}: {why} ({url})", what.name()));
                visit.useless(why);
                open = said;
            }
        }
    }
    Revocation {
        problem: Some(problems.join("; ")),
        ..open
    }
}

async fn by_responder(visit: &mut Visit<'_>, url: &str, about: &About<'_>) -> Revocation {
    let unknown = |why: String| Revocation {
        by: Some(FetchedFor::Ocsp),
        ..Revocation::unknown(about.certificate, why)
    };
    let mut nonce = [0; NONCE];
    if aws_lc_rs::rand::fill(&mut nonce).is_err() {
        return unknown("the system has no random numbers".to_owned());
    }
    let Some(request) = revocation::request(about, &nonce) else {
        return unknown("the certificate cannot be read".to_owned());
    };
    let answer = visit.fetch(url, FetchedFor::Ocsp, about.certificate, Some(request));
    match answer.await {
        Ok(answer) => revocation::by_response(&answer.bytes, about, &nonce),
        Err(why) => unknown(why),
    }
}

async fn by_list(
    visit: &mut Visit<'_>,
    url: &str,
    certificate: &Arc<Certificate>,
    issuer: &Arc<Certificate>,
    now: Timestamp,
) -> Revocation {
    let unknown = |why: String| Revocation {
        by: Some(FetchedFor::Crl),
        ..Revocation::unknown(certificate, why)
    };
    let answer = match visit.fetch(url, FetchedFor::Crl, certificate, None).await {
        Ok(answer) => answer,
        Err(why) => return unknown(why),
    };
    // A long list takes time and memory: on a thread of its own, and only a few of a run at once.
    let _few = visit.fetcher.lists.acquire().await;
    let (about, issuer) = (Arc::clone(certificate), Arc::clone(issuer));
    let judged = tokio::task::spawn_blocking(move || {
        let about = About {
            certificate: &about,
            issuer: &issuer,
            now,
        };
        revocation::by_list(&der(&answer.bytes), &about)
    });
    match judged.await {
        Ok(said) => said,
        Err(error) => match error.try_into_panic() {
            // A fault of ours is not an answer.
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => unknown("mtls ended before the list was judged".to_owned()),
        },
    }
}

/// A list in DER, as CAs publish it; some have it in PEM.
fn der(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
        return bytes.into();
    }
    let mut blocks = pem::scan(bytes).into_iter();
    match blocks.find(|block| block.label == "X509 CRL") {
        Some(block) => block.der.unwrap_or_default().into(),
        None => bytes.into(),
    }
}
