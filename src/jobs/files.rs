//! Files that a request names, read with errors that name the file, what was seen and what to do.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use rustls_pki_types::PrivateKeyDer;

use crate::{
    facts::Certificate,
    net::identity::{IdentityError, ServerIdentity},
    parse::{
        cert,
        pem::{self, Block},
    },
};

/// The most that is read of one file.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;
/// Names of a folder that are looked at for one that may have been meant.
const BESIDE: usize = 2_000;

/// Reads a file whole; `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    use std::io::Read;
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .take(FILE_LIMIT)
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
        return Ok(bytes);
    }
    let shown = path.display();
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("{shown}: no such file; {}", nearest(path))
        }
        Err(error) => bail!("{shown}: {error}"),
    };
    if metadata.is_dir() {
        bail!("{shown}: is a directory; name the file in it");
    }
    if metadata.len() > FILE_LIMIT {
        bail!(
            "{shown}: {} bytes are more than a PEM file can need (at most {FILE_LIMIT})",
            metadata.len()
        );
    }
    // A device or a pipe has no length to tell: the bound holds for what is read, not for what was announced.
    let read = fs::File::open(path).and_then(|file| {
        let mut bytes = Vec::new();
        file.take(FILE_LIMIT + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    match read {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            bail!("{shown}: no right to read it; run as its owner or change its permissions")
        }
        Ok(bytes) if bytes.len() as u64 > FILE_LIMIT => {
            bail!("{shown}: more than {FILE_LIMIT} bytes, which no PEM file can need")
        }
        read => read.with_context(|| format!("{shown}: cannot read it")),
    }
}

/// Where to look in place of a file that is not there: one of nearly the same name beside it, or the folder that is missing.
fn nearest(path: &Path) -> String {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return format!("there is no folder {}", folder.display());
    };
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    let nearest = entries
        .take(BESIDE)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .map(|name| (strsim::jaro_winkler(&name, &wanted), name))
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
    match nearest {
        Some((_, name)) => format!("did you mean {}?", path.with_file_name(name).display()),
        None => "check the path".to_owned(),
    }
}

/// The permission bits of a file, where the system has them.
pub(crate) fn mode(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let metadata = fs::metadata(path).ok()?;
        Some(metadata.permissions().mode() & 0o7777)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// The certificates of a file, in its order.
pub(crate) fn certificates(path: &Path) -> Result<Vec<Vec<u8>>> {
    let shown = path.display();
    let bytes = read(path)?;
    let blocks = pem::scan(&bytes);
    let mut found = Vec::new();
    for block in blocks.iter().filter(|block| is_certificate(&block.label)) {
        let der = der(block).with_context(|| place(path, block))?;
        let certificate = cert::certificate(&der);
        if let Some(unreadable) = &certificate.unreadable {
            bail!(
                "{}: the block holds no certificate: {}; copy it anew from where it came",
                place(path, block),
                unreadable.reason
            );
        }
        found.push(der);
    }
    if found.is_empty() {
        bail!(
            "{shown}: no PEM certificate in it{}",
            instead(path, &bytes, &blocks)
        );
    }
    Ok(found)
}

/// The certificates of a file as facts.
pub(crate) fn anchors(path: &Path) -> Result<Vec<Certificate>> {
    Ok(certificates(path)?
        .iter()
        .map(|der| cert::certificate(der))
        .collect())
}

/// The one private key of a file.
pub(crate) fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>> {
    let shown = path.display();
    let bytes = read(path)?;
    let blocks = pem::scan(&bytes);
    let keys: Vec<&Block> = blocks
        .iter()
        .filter(|block| block.label.ends_with("PRIVATE KEY"))
        .collect();
    let [block] = keys.as_slice() else {
        match keys.first() {
            None => bail!(
                "{shown}: no private key in it{}",
                instead(path, &bytes, &blocks)
            ),
            Some(_) => {
                let lines: Vec<String> = keys
                    .iter()
                    .map(|key| format!("{}-{}", key.first_line, key.last_line))
                    .collect();
                bail!(
                    "{shown}: {} private keys in it, at lines {}; keep one",
                    keys.len(),
                    lines.join(" and ")
                )
            }
        }
    };
    if block.encrypted || block.label == "ENCRYPTED PRIVATE KEY" {
        bail!(
            "{}: the private key is encrypted; decrypt it first: openssl pkey -in {shown} -out key-plain.pem",
            place(path, block)
        );
    }
    let der = der(block).with_context(|| place(path, block))?;
    match block.label.as_str() {
        "PRIVATE KEY" => Ok(PrivateKeyDer::Pkcs8(der.into())),
        "RSA PRIVATE KEY" => Ok(PrivateKeyDer::Pkcs1(der.into())),
        "EC PRIVATE KEY" => Ok(PrivateKeyDer::Sec1(der.into())),
        other => bail!(
            "{}: a `{other}` cannot be used for TLS here; wanted an RSA, EC or Ed25519 key",
            place(path, block)
        ),
    }
}

/// The chain and key of these files, put together.
pub(crate) fn identity(
    cert: &Path,
    more: Option<&Path>,
    key: Option<&Path>,
) -> Result<ServerIdentity> {
    let mut chain = certificates(cert)?;
    if let Some(more) = more {
        chain.extend(certificates(more)?);
    }
    let key_path = key.unwrap_or(cert);
    let private_key = private_key(key_path).map_err(|error| match key {
        Some(_) => error,
        None => error.context("--key is not given, so the key is looked for in the file of --cert"),
    })?;
    ServerIdentity::new(chain, private_key).map_err(|error| match error {
        IdentityError::Mismatch { leaf, belongs_to: Some((number, label)) } => anyhow::anyhow!(
            "{}: the key belongs to certificate {number} of {} ({label}), not to the first ({leaf}); put that one first",
            key_path.display(),
            cert.display()
        ),
        IdentityError::Mismatch { leaf, belongs_to: None } => anyhow::anyhow!(
            "{0}: not the key of {1} ({leaf}); find the right pair: openssl x509 -in {1} -noout -pubkey and openssl pkey -in {0} -pubout must print the same",
            key_path.display(),
            cert.display()
        ),
        other => anyhow::anyhow!("{} and {}: {other}", cert.display(), key_path.display()),
    })
}

fn is_certificate(label: &str) -> bool {
    matches!(label, "CERTIFICATE" | "X509 CERTIFICATE")
}

fn place(path: &Path, block: &Block) -> String {
    format!(
        "{}:{}-{}",
        path.display(),
        block.first_line,
        block.last_line
    )
}

fn der(block: &Block) -> Result<Vec<u8>> {
    match &block.der {
        Ok(der) => Ok(der.clone()),
        Err(problem) => bail!("{problem}; copy it anew from where it came"),
    }
}

/// What is in a file in place of what was wanted, and what to do about it.
fn instead(path: &Path, bytes: &[u8], blocks: &[Block]) -> String {
    let shown = path.display();
    if bytes.is_empty() {
        return ": the file is empty; write it again or name another".to_owned();
    }
    if !blocks.is_empty() {
        let mut labels: Vec<&str> = blocks.iter().map(|block| block.label.as_str()).collect();
        labels.dedup();
        let next = match labels.as_slice() {
            ["CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST"] => {
                ", a request for a certificate; name the file that the CA sent back for it"
            }
            ["CERTIFICATE"] => {
                ", which belongs to --cert; name the file with the line -----BEGIN PRIVATE KEY-----"
            }
            [label] if label.ends_with("PRIVATE KEY") => {
                ", which belongs to --key; name the file with the line -----BEGIN CERTIFICATE-----"
            }
            ["TRUSTED CERTIFICATE"] => {
                return format!(
                    ": it holds TRUSTED CERTIFICATE, a form of openssl's own; convert it: openssl x509 -in {shown} -out {}",
                    in_pem(path).display()
                );
            }
            _ => "; name another file",
        };
        return format!(": it holds {}{next}", labels.join(", "));
    }
    let plain = in_pem(path);
    let plain = plain.display();
    match bytes {
        // A DER SEQUENCE: certificate, key, PKCS#12 all begin so.
        [0x30, ..] if cert::certificate(bytes).unreadable.is_none() => {
            return format!(
                ": it is a DER certificate; convert it: openssl x509 -inform DER -in {shown} -out {plain}"
            );
        }
        // Then the version: 3 in PKCS#12 (RFC 7292 section 4), 0 or 1 in keys (RFC 5958, 8017, 5915).
        [0x30, 0x82, _, _, 2, 1, version, ..]
        | [0x30, 0x81, _, 2, 1, version, ..]
        | [0x30, _, 2, 1, version, ..] => {
            return match version {
                3 => format!(
                    ": it is PKCS#12; take out what is needed: openssl pkcs12 -in {shown} -nodes -out {plain}"
                ),
                _ => format!(
                    ": it is a DER key; convert it: openssl pkey -inform DER -in {shown} -out {plain}"
                ),
            };
        }
        [0x30, ..] => {
            return ": it is binary; convert it with openssl x509, pkey or pkcs12".to_owned();
        }
        _ => {}
    }
    ": no line begins with -----BEGIN; name a PEM file".to_owned()
}

/// A name for the converted file: the same with `.pem`, and never the same file.
fn in_pem(path: &Path) -> PathBuf {
    let plain = path.with_extension("pem");
    if plain == path {
        path.with_extension("plain.pem")
    } else {
        plain
    }
}
