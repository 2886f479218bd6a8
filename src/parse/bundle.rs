//! Files to bundles: which certificates are deployed together, in which order, and with which key.
//!
//! For: `lint` and `inspect`. Must not: judge.

use std::sync::Arc;

use crate::{
    facts::{
        Bundle, BundleKey, Certificate, Chain, ChainUse, Eku, FileFacts, FileRole, Item, ItemKind,
        KeyProblem, Link, NameKind, Place, PrivateKey, Side,
    },
    parse::key,
};

/// Puts together what `files` hold: one bundle for each chain (`--cert`, or a path with a leaf in
/// it) with the key that belongs to it, one for each set of anchors (`--client-ca`, `--cacert`).
/// `role` is the side of a chain; without it the extensions of the leaf say, and where they leave
/// it open it is the server's. Anchors from `--client-ca` judge clients, those from `--cacert` the
/// other side than the one they were given for, which is the chain's own.
pub fn assemble(files: &[FileFacts], role: Option<Side>) -> Vec<Bundle> {
    let mut bundles = Vec::new();
    for file in files {
        let certificates: Vec<(&Item, &Arc<Certificate>)> = file.certificates().collect();
        if certificates.is_empty() || leaf_is_lost(file, &certificates) {
            continue;
        }
        let holds = match file.meant_as {
            FileRole::Chain | FileRole::ClientChain => ChainUse::Identity,
            FileRole::ClientCa | FileRole::Anchors => ChainUse::Anchors,
            FileRole::Key | FileRole::Untrusted | FileRole::Crl | FileRole::Config => continue,
            FileRole::Anything => by_structure(file, &certificates),
        };
        let key = match holds {
            ChainUse::Identity => key_for(file, files, &certificates),
            ChainUse::Anchors => None,
        };
        let chain = chain(file, &certificates, holds, role, key.as_ref());
        let key = key.map(|(place, key)| bundle_key(place, key, &chain));
        bundles.push(Bundle { chain, key });
    }
    bundles
}

/// Whether a chain's leaf stood in a block that cannot be decoded: authorities are left, and
/// judging one of them as the leaf would make three faults of one. The broken block has a finding
/// of its own.
fn leaf_is_lost(file: &FileFacts, certificates: &[(&Item, &Arc<Certificate>)]) -> bool {
    let broken = |item: &Item| {
        item.problem.is_some()
            && matches!(item.kind, ItemKind::Other(_))
            && item.label.contains("CERTIFICATE")
    };
    let lost = match file.meant_as {
        FileRole::Chain | FileRole::ClientChain => file.items.iter().any(broken),
        FileRole::Anything => file.items.first().is_some_and(broken),
        _ => false,
    };
    lost && certificates
        .iter()
        .all(|(_, certificate)| certificate.unreadable.is_none() && certificate.is_ca)
}

/// Authorities alone, and no key of theirs beside them, are anchors; everything else proves
/// somebody's identity. So does a single self-issued certificate with the name of a host: that is
/// what `openssl req -x509` makes, which marks a server's certificate as an authority too.
fn by_structure(file: &FileFacts, certificates: &[(&Item, &Arc<Certificate>)]) -> ChainUse {
    let authorities = certificates
        .iter()
        .all(|(_, certificate)| certificate.is_ca);
    let is_servers = match certificates {
        [(_, only)] => {
            let named = |kind| only.form.names_of(kind).next().is_some();
            only.self_issued && (named(NameKind::Dns) || named(NameKind::Ip))
        }
        _ => false,
    };
    if authorities && !is_servers && file.private_keys().next().is_none() {
        ChainUse::Anchors
    } else {
        ChainUse::Identity
    }
}

/// The private key that goes with a chain: from `--key`, else from the same file, else from a file
/// beside it that fits.
fn key_for<'a>(
    file: &'a FileFacts,
    files: &'a [FileFacts],
    certificates: &[(&Item, &Arc<Certificate>)],
) -> Option<(Place, &'a PrivateKey)> {
    let given = files
        .iter()
        .filter(|other| other.meant_as == FileRole::Key && same_deployment(file, other));
    let fits = |key: &PrivateKey, authority: bool| {
        key.spki.as_ref().is_some_and(|spki| {
            certificates.iter().any(|(_, certificate)| {
                certificate.is_ca == authority && key::same_public_key(spki, certificate.spki_der())
            })
        })
    };
    let beside = || {
        files
            .iter()
            .filter(|other| {
                other.meant_as == FileRole::Anything && file.meant_as == FileRole::Anything
            })
            .flat_map(keys_of)
    };
    given
        .flat_map(keys_of)
        .next()
        .or_else(|| keys_of(file).next())
        // A folder with an authority's key in it too, as test set-ups have: the leaf's own goes
        // first.
        .or_else(|| beside().find(|(_, key)| fits(key, false)))
        .or_else(|| beside().find(|(_, key)| fits(key, true)))
}

/// Entries of the same secret belong together, and so do files given by flags.
fn same_deployment(one: &FileFacts, other: &FileFacts) -> bool {
    fn secret(file: &FileFacts) -> Option<&str> {
        let (document, entry) = file.path.split_once('#')?;
        Some(match entry.rsplit_once('/') {
            Some((name, _)) => &file.path[..document.len() + 1 + name.len()],
            None => document,
        })
    }
    secret(one) == secret(other)
}

fn keys_of(file: &FileFacts) -> impl Iterator<Item = (Place, &PrivateKey)> {
    file.private_keys()
        .map(|(item, key)| (place(file, item), key))
}

fn place(file: &FileFacts, item: &Item) -> Place {
    Place::File {
        path: file.path.clone(),
        first_line: item.first_line,
        last_line: item.last_line,
    }
}

fn chain(
    file: &FileFacts,
    certificates: &[(&Item, &Arc<Certificate>)],
    holds: ChainUse,
    role: Option<Side>,
    key: Option<&(Place, &PrivateKey)>,
) -> Chain {
    let spki = key.and_then(|(_, key)| key.spki.as_deref());
    let leaf = match holds {
        ChainUse::Identity => leaf(certificates, spki),
        ChainUse::Anchors => 0,
    };
    let side = match (file.meant_as, role) {
        (FileRole::ClientCa | FileRole::ClientChain, _) => Side::Client,
        (_, Some(role)) => role,
        (FileRole::Chain | FileRole::Anchors, None) => Side::Server,
        (_, None) => side_of(holds, certificates.get(leaf).map(|(_, leaf)| leaf.as_ref())),
    };
    Chain {
        role: side,
        holds,
        leaf,
        links: certificates
            .iter()
            .map(|(item, certificate)| Link::at(Arc::clone(certificate), place(file, item)))
            .collect(),
        trust: None,
        profile: None,
        view: None,
        fetched: None,
        revocation: Vec::new(),
        key_path: key.and_then(|(place, _)| match place {
            Place::File { path, .. } => Some(path.clone()),
            _ => None,
        }),
    }
}

/// The side that the leaf's extended key usage speaks of, when it speaks of one only.
fn side_of(holds: ChainUse, leaf: Option<&Certificate>) -> Side {
    let usages = leaf
        .filter(|_| holds == ChainUse::Identity)
        .and_then(|leaf| leaf.eku.as_deref())
        .unwrap_or_default();
    if usages.contains(&Eku::ClientAuth) && !usages.contains(&Eku::ServerAuth) {
        Side::Client
    } else {
        Side::Server
    }
}

/// The leaf by structure: what the key belongs to and is no authority; else what is no authority
/// and issued nothing here; else what cannot be read, which may have been it; else what issued
/// nothing here; else what is no authority; else the first.
fn leaf(certificates: &[(&Item, &Arc<Certificate>)], spki: Option<&[u8]>) -> usize {
    let own: Vec<&Certificate> = certificates
        .iter()
        .map(|(_, certificate)| certificate.as_ref())
        .collect();
    let issuers: std::collections::HashSet<&[u8]> = own
        .iter()
        .filter(|certificate| !certificate.self_issued)
        .map(|certificate| certificate.issuer_der())
        .collect();
    let issues = |certificate: &Certificate| issuers.contains(certificate.subject_der());
    let readable = |certificate: &&Certificate| certificate.unreadable.is_none();
    let first = |wanted: &dyn Fn(&Certificate) -> bool| {
        own.iter()
            .position(|certificate| readable(certificate) && wanted(certificate))
    };
    spki.and_then(|spki| {
        first(&|certificate| {
            !certificate.is_ca && key::same_public_key(spki, certificate.spki_der())
        })
    })
    .or_else(|| first(&|certificate| !certificate.is_ca && !issues(certificate)))
    .or_else(|| {
        own.iter()
            .position(|certificate| certificate.unreadable.is_some())
    })
    .or_else(|| first(&|certificate| !issues(certificate) && !certificate.self_issued))
    .or_else(|| first(&|certificate| !issues(certificate)))
    .or_else(|| first(&|certificate| !certificate.is_ca))
    .unwrap_or(0)
}

fn bundle_key(place: Place, key: &PrivateKey, chain: &Chain) -> BundleKey {
    let matches = match &key.spki {
        Some(spki) => (0..chain.links.len())
            .filter(|&index| key::same_public_key(spki, chain.links[index].certificate.spki_der()))
            .collect(),
        None => Vec::new(),
    };
    let problem = match (&key.spki, &key.problem) {
        (Some(_), _) => None,
        (None, Some(problem)) => Some(problem.clone()),
        (None, None) => Some(KeyProblem::NoPublicHalf),
    };
    BundleKey {
        place,
        key: key.key.clone(),
        matches,
        problem,
    }
}

#[cfg(test)]
mod tests;
