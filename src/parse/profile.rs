//! A user's own sender profile: TOML to a [`Profile`], its anchors read and held to the
//! fingerprints given with them.
//!
//! For: `--profile ./ours.toml`. Must not: open a file itself; the caller reads what the profile
//! names.

use serde::de::DeserializeOwned;

use super::{cert, pem};
use crate::profiles::{Anchor, Leaf, OwnAnchor, Profile, plain_hex};

/// Reads one. `file` is asked for the files that its anchors name.
///
/// # Errors
/// A sentence that names the line, the key, and what was wanted.
pub fn profile(
    text: &str,
    file: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<Profile, String> {
    let mut profile: Profile = toml_text(text)?;
    let own = profile
        .anchor
        .iter()
        .filter(|anchor| anchor.pem.is_some() || anchor.file.is_some() || anchor.url.is_none())
        .map(|anchor| {
            own_anchor(anchor, file).map_err(|why| format!("trust anchor `{}`: {why}", anchor.id))
        })
        .collect::<Result<Vec<Anchor>, String>>()?;
    profile.resolve(&own).map_err(|id| {
        format!("an identity names the trust anchor `{id}`, expected the id of an [[anchor]] in this file or of one in `mtls profiles`")
    })?;
    for identity in &profile.identity {
        if identity.anchors.is_empty() {
            return Err(format!(
                "identity `{}` has no trust anchor, expected at least one",
                identity.name
            ));
        }
        if let (Some(from), Some(until)) = (identity.from, identity.until)
            && until.latest() < from.earliest()
        {
            return Err(format!(
                "identity `{}` ends on {until}, before it begins on {from}",
                identity.name
            ));
        }
    }
    if profile.name.is_empty() {
        return Err("`name` is empty".to_owned());
    }
    sound(&profile)?;
    Ok(profile)
}

/// What the types cannot say.
fn sound(profile: &Profile) -> Result<(), String> {
    for identity in &profile.identity {
        let named = |what: &str| format!("identity `{}`: {what}", identity.name);
        if identity.leaf.iter().any(Leaf::is_empty) {
            return Err(named(
                "an empty `leaf`, expected a name, an issuer or a key",
            ));
        }
        if profile
            .identity
            .iter()
            .filter(|one| one.name == identity.name)
            .count()
            > 1
        {
            return Err(named("a second one of that name"));
        }
    }
    for request in &profile.request {
        let named = |what: String| format!("request `{}`: {what}", request.name);
        let texts = [&request.query, &request.body]
            .into_iter()
            .flatten()
            .chain(&request.answer.text)
            .chain(request.answer.json.values());
        for text in texts {
            if let Some(name) = request.unfilled(text) {
                return Err(named(format!("`{{{name}}}` has no value in `values`")));
            }
        }
        let json = request.headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("content-type") && value.contains("json")
        });
        let body = request.body.as_deref().map(|body| request.filled(body));
        if let Some(Err(error)) = body
            .filter(|_| json)
            .map(|body| serde_json::from_str::<serde_json::Value>(&body))
        {
            return Err(named(format!("its body is not JSON: {error}")));
        }
    }
    Ok(())
}

/// Takes the anchors that a profile leaves to be downloaded from a file's certificates.
///
/// # Errors
/// A sentence about what was expected and found.
pub fn with_downloads(profile: &Profile, bytes: &[u8]) -> Result<Profile, String> {
    let found: Vec<Vec<u8>> = pem::scan(bytes)
        .into_iter()
        .filter(|block| block.label == "CERTIFICATE")
        .filter_map(|block| block.der.ok())
        .collect();
    if found.is_empty() {
        return Err("expected certificates in PEM, found none".to_owned());
    }
    let mut profile = profile.clone();
    let wanted = profile.wanted().len();
    if wanted == 0 {
        return Err(format!(
            "mtls ships the roots of `{}`; leave the file out",
            profile.name
        ));
    }
    for identity in &mut profile.identity {
        for anchor in std::mem::take(&mut identity.wanted) {
            let mut misfit = None;
            let before = identity.roots.len();
            for der in &found {
                match described(&anchor, der.clone()) {
                    Ok(root) if !identity.roots.contains(&root) => identity.roots.push(root),
                    Ok(_) => {}
                    Err(why) => misfit = misfit.or(Some(why)),
                }
            }
            if let (Some(why), true) = (misfit, identity.roots.len() == before) {
                return Err(format!("trust anchor `{}`: {why}", anchor.id));
            }
        }
    }
    Ok(profile)
}

/// TOML to a value.
///
/// # Errors
/// A sentence that names the line and what was wanted.
pub fn toml_text<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        let message = error
            .message()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        match line {
            Some(line) => format!("line {line}: {message}"),
            None => message,
        }
    })
}

fn own_anchor(
    anchor: &OwnAnchor,
    file: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<Anchor, String> {
    let bytes = match (&anchor.pem, &anchor.file) {
        (Some(pem), None) => pem.clone().into_bytes(),
        (None, Some(path)) => file(path)?,
        _ => {
            return Err(
                "expected either `pem` or `file`, or a `url` to download it from".to_owned(),
            );
        }
    };
    let mut found: Vec<Vec<u8>> = pem::scan(&bytes)
        .into_iter()
        .filter(|block| block.label == "CERTIFICATE")
        .filter_map(|block| block.der.ok())
        .collect();
    let (Some(der), true) = (found.pop(), found.is_empty()) else {
        return Err("expected exactly one CERTIFICATE block".to_owned());
    };
    described(anchor, der)
}

/// A certificate as this anchor, once it is the one that is described.
fn described(anchor: &OwnAnchor, der: Vec<u8>) -> Result<Anchor, String> {
    let certificate = cert::certificate(&der);
    if let Some(unreadable) = &certificate.unreadable {
        return Err(format!(
            "its certificate cannot be read: {}",
            unreadable.reason
        ));
    }
    let name = certificate.form.common_names.last();
    if let Some(wanted) = &anchor.common_name
        && name != Some(wanted)
    {
        return Err(format!(
            "expected a certificate with CN = {wanted}, found {}",
            certificate.label()
        ));
    }
    for (what, wanted, found) in [
        ("SHA-256", &anchor.sha256, &certificate.sha256),
        (
            "a key with SHA-256",
            &anchor.spki_sha256,
            &certificate.spki_sha256,
        ),
    ] {
        let wanted = wanted.as_deref().map(plain_hex);
        if let Some(wanted) = wanted.filter(|wanted| wanted != found) {
            return Err(format!(
                "expected a certificate with {what} {wanted}, found {found}"
            ));
        }
    }
    Ok(Anchor {
        id: anchor.id.clone(),
        subject: certificate.subject.clone(),
        sha256: certificate.sha256.clone(),
        spki_sha256: certificate.spki_sha256.clone(),
        source: anchor.source.clone(),
        seen: anchor.seen,
        der,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Profile, String> {
        profile(text, &mut |path| Err(format!("{path}: not here")))
    }

    const HEAD: &str = "name = 'ours'\ntitle = 'Ours'\nsummary = 'Our sender.'\n";

    fn identity(anchor: &str) -> String {
        format!(
            "[[identity]]\nname = 'current'\nleaf_common_name = 'ours'\nanchors = ['{anchor}']\ncertainty = 'verified'\nsources = ['ourselves']\nseen = '2026-11-24'\n"
        )
    }

    #[test]
    fn an_anchor_of_the_program_can_be_named() {
        let known = &crate::profiles::anchors()[0];
        let profile = read(&format!("{HEAD}{}", identity(&known.id))).unwrap();
        assert_eq!(profile.identity[0].roots, vec![known.clone()]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let unknown = read(&format!("{HEAD}colour = 1\n")).unwrap_err();
        assert!(
            unknown.contains("line 4") && unknown.contains("colour"),
            "{unknown}"
        );
        let nobody = read(&format!("{HEAD}{}", identity("nobody"))).unwrap_err();
        assert!(nobody.contains("`nobody`"), "{nobody}");
        let both = format!(
            "{HEAD}{}[[anchor]]\nid = 'a'\nsource = 's'\nseen = '2026-11-24'\n",
            identity("a")
        );
        assert!(read(&both).unwrap_err().contains("either `pem` or `file`"));
    }

    #[test]
    fn an_anchors_fingerprint_is_compared() {
        let known = &crate::profiles::anchors()[0];
        let block = pem::encode("CERTIFICATE", &known.der);
        let text = |sha256: &str| {
            format!(
                "{HEAD}{}[[anchor]]\nid = 'a'\nsource = 's'\nseen = '2026-11-24'\nsha256 = '{sha256}'\npem = '''\n{block}'''\n",
                identity("a")
            )
        };
        assert_eq!(
            read(&text(&known.sha256)).unwrap().identity[0].roots[0].der,
            known.der
        );
        assert!(
            read(&text(&"0".repeat(64)))
                .unwrap_err()
                .contains("SHA-256 0000")
        );
    }
}
