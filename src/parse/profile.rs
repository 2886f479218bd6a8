//! A user's own sender profile: TOML to a [`Profile`], its anchors read and held to the
//! fingerprints given with them.
//!
//! For: `--profile ./ours.toml`. Must not: open a file itself; the caller reads what the profile
//! names.

use serde::de::DeserializeOwned;

use super::{cert, pem};
use crate::profiles::{Anchor, OwnAnchor, Profile};

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
        .map(|anchor| {
            own_anchor(anchor, file).map_err(|why| format!("trust anchor `{}`: {why}", anchor.id))
        })
        .collect::<Result<Vec<Anchor>, String>>()?;
    profile.resolve(&own).map_err(|id| {
        format!("an identity names the trust anchor `{id}`, expected the id of an [[anchor]] in this file or of one in `mtls profiles`")
    })?;
    for identity in &profile.identity {
        if identity.roots.is_empty() {
            return Err(format!(
                "identity `{}` has no trust anchor, expected at least one",
                identity.name
            ));
        }
        if let (Some(from), Some(until)) = (identity.from, identity.until)
            && until < from
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
        _ => return Err("expected either `pem` or `file`".to_owned()),
    };
    let mut found: Vec<Vec<u8>> = pem::scan(&bytes)
        .into_iter()
        .filter(|block| block.label == "CERTIFICATE")
        .filter_map(|block| block.der.ok())
        .collect();
    let (Some(der), true) = (found.pop(), found.is_empty()) else {
        return Err("expected exactly one CERTIFICATE block".to_owned());
    };
    let certificate = cert::certificate(&der);
    if let Some(unreadable) = &certificate.unreadable {
        return Err(format!(
            "its certificate cannot be read: {}",
            unreadable.reason
        ));
    }
    if let Some(wanted) = &anchor.sha256 {
        let plain: String = wanted
            .chars()
            .filter(|character| *character != ':')
            .collect::<String>()
            .to_ascii_lowercase();
        if plain != certificate.sha256 {
            return Err(format!(
                "expected a certificate with SHA-256 {plain}, found {}",
                certificate.sha256
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
