//! `--fix --out`: the chain or the CA certificates as they should be, in a file of their own. Never a
//! key, never over a file that is there.

use std::{collections::HashSet, fs::OpenOptions, io::Write, path::Path};

use anyhow::{Context, Result, bail};

use crate::{
    cli::common,
    engine::Judged,
    facts::{Certificate, Chain, ChainUse, FetchedIssuer},
    parse::{escape, pem},
};

/// Writes the repaired chain, or else the CA certificates, of the first bundle, and says on stderr
/// what was done and what could not be.
pub(super) fn write(judged: &Judged, out: Option<&Path>) -> Result<()> {
    let Some(out) = out else {
        return Ok(());
    };
    if out == Path::new("-") {
        bail!("--out -: the report is on standard output already; name a file");
    }
    let chains = || judged.case.bundles.iter().map(|bundle| &bundle.chain);
    let chain = chains().find(|chain| chain.holds == ChainUse::Identity);
    let Some(chain) = chain.or_else(|| chains().next()) else {
        bail!("nothing to repair: no certificate was read");
    };
    let (kept, order) = match chain.holds {
        ChainUse::Identity => (repaired(chain), "leaf first"),
        ChainUse::Anchors => (each_once(chain), "each once"),
    };
    let text: String = kept
        .iter()
        .map(|certificate| pem::encode("CERTIFICATE", &certificate.der))
        .collect();
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(out)
        .with_context(|| format!("{}: cannot write the repaired chain", out.display()))?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("{}: cannot write the repaired chain", out.display()))?;
    let added: Vec<&FetchedIssuer> = kept.iter().filter_map(|one| fetched(chain, one)).collect();
    let more = match added.len() {
        0 => String::new(),
        count => format!(" and {count} fetched"),
    };
    common::complain(&format!(
        "wrote {}: {} of {} certificates{more}, {order}",
        out.display(),
        kept.len() - added.len(),
        chain.links.len()
    ));
    for issuer in &added {
        common::complain(&format!(
            "  added {}: fetched from {}",
            escape::text(&issuer.certificate.label()),
            escape::text(&issuer.url)
        ));
    }
    for (index, certificate) in chain.certificates().enumerate() {
        let copy = chain
            .certificates()
            .take(index)
            .any(|earlier| earlier.sha256 == certificate.sha256);
        let stays = kept.iter().any(|other| other.sha256 == certificate.sha256);
        let why = match (copy, stays) {
            (true, _) => "it is a duplicate",
            (false, true) => continue,
            (false, false) if certificate.unreadable.is_some() => "it cannot be read",
            (false, false) if certificate.self_issued => "a root need not be sent",
            (false, false) => "it issued nothing in this chain",
        };
        common::complain(&format!(
            "  left out {}: {why}",
            escape::text(&certificate.label())
        ));
    }
    let last = match chain.holds {
        ChainUse::Identity => kept.last(),
        ChainUse::Anchors => None,
    };
    let known = chain.fetched.as_deref();
    let anchored = known
        .and_then(|fetched| fetched.completed.as_ref())
        .is_some_and(|trust| trust.anchor.is_some());
    if let Some(last) = last
        && !last.self_issued
        && !anchored
        && known.is_none_or(|fetched| fetched.issuer_of(last).is_none())
        && !chain
            .certificates()
            .any(|other| other.subject_der() == last.issuer_der())
    {
        let ask = match last.form.issuer_urls.is_empty() || known.is_some() {
            true => "",
            false => "; --fetch finds out",
        };
        common::complain(&format!(
            "  not repaired: the file does not show whether {} is a root or a missing intermediate{ask}",
            escape::text(&last.issuer)
        ));
    }
    Ok(())
}

/// This certificate among those that were fetched and are not in the file.
fn fetched<'a>(chain: &'a Chain, certificate: &Certificate) -> Option<&'a FetchedIssuer> {
    let mut own = chain.certificates();
    let in_file = own.any(|one| one.sha256 == certificate.sha256);
    let mut all = chain.fetched.iter().flat_map(|fetched| &fetched.issuers);
    all.find(|one| !in_file && one.certificate.sha256 == certificate.sha256)
}

/// Every certificate that could be read, in its order.
fn each_once(chain: &Chain) -> Vec<&Certificate> {
    let mut seen = HashSet::new();
    chain
        .certificates()
        .filter(|one| one.unreadable.is_none() && seen.insert(one.sha256.as_str()))
        .collect()
}

/// Leaf first, each issuer after what it issued, nothing twice, no stranger, no root (unless the
/// leaf is its own).
fn repaired(chain: &Chain) -> Vec<&Certificate> {
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Vec::new();
    };
    // The path that was found holds the signatures; where there is none, names lead on.
    let known = chain.fetched.as_deref();
    let completed = known.and_then(|fetched| fetched.completed.as_ref());
    let issuers = || {
        let all = known.into_iter().flat_map(|fetched| &fetched.issuers);
        all.map(|issuer| &*issuer.certificate)
    };
    let path: Vec<&Certificate> = completed
        .or(chain.trust.as_ref())
        .iter()
        .flat_map(|trust| &trust.path)
        .filter_map(|sha256| {
            chain
                .certificates()
                .chain(issuers())
                .find(|certificate| &certificate.sha256 == sha256)
        })
        .collect();
    let mut kept = if path
        .first()
        .is_some_and(|first| first.sha256 == leaf.sha256)
    {
        path
    } else {
        vec![leaf]
    };
    kept.truncate(
        kept.iter()
            .skip(1)
            .position(|certificate| certificate.self_issued)
            .map_or(kept.len(), |place| place + 1),
    );
    kept
}
