//! Files the user named, read with errors that name the file, what was seen and what to do.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use rustls_pki_types::PrivateKeyDer;

use crate::{
    facts::Certificate,
    parse::{
        cert,
        pem::{self, Block},
    },
};

/// The most that is read of one file.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// Reads a file whole; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
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
            bail!("{shown}: no such file; check the path")
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
    match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            bail!("{shown}: no right to read it; run as its owner or change its permissions")
        }
        read => read.with_context(|| format!("{shown}: cannot read it")),
    }
}

/// The certificates of a file, in its order.
pub(super) fn certificates(path: &Path) -> Result<Vec<Vec<u8>>> {
    let shown = path.display();
    let bytes = read(path)?;
    let blocks = pem::scan(&bytes);
    let mut found = Vec::new();
    for block in blocks.iter().filter(|block| is_certificate(&block.label)) {
        let der = der(block).with_context(|| place(path, block))?;
        let certificate = cert::certificate(&der);
        if let Some(unreadable) = &certificate.unreadable {
            bail!(
                "{}: not a certificate: {}",
                place(path, block),
                unreadable.reason
            );
        }
        found.push(der);
    }
    if found.is_empty() {
        bail!(
            "{shown}: no PEM certificate in it{}",
            instead(&bytes, &blocks)
        );
    }
    Ok(found)
}

/// The certificates of a file as facts.
pub(super) fn anchors(path: &Path) -> Result<Vec<Certificate>> {
    Ok(certificates(path)?
        .iter()
        .map(|der| cert::certificate(der))
        .collect())
}

/// The one private key of a file.
pub(super) fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>> {
    let shown = path.display();
    let bytes = read(path)?;
    let blocks = pem::scan(&bytes);
    let keys: Vec<&Block> = blocks
        .iter()
        .filter(|block| block.label.ends_with("PRIVATE KEY"))
        .collect();
    let [block] = keys.as_slice() else {
        match keys.first() {
            None => bail!("{shown}: no private key in it{}", instead(&bytes, &blocks)),
            Some(_) => bail!("{shown}: {} private keys in it; keep one", keys.len()),
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
        Err(problem) => bail!("{problem}"),
    }
}

/// What is in a file in place of what was wanted, and what to do about it.
fn instead(bytes: &[u8], blocks: &[Block]) -> String {
    if bytes.is_empty() {
        return ": it is empty".to_owned();
    }
    if !blocks.is_empty() {
        let labels: Vec<&str> = blocks.iter().map(|block| block.label.as_str()).collect();
        return format!(": it holds {}", labels.join(", "));
    }
    // A DER SEQUENCE: certificate, key, PKCS#12 all begin so.
    if bytes.first() == Some(&0x30) {
        if cert::certificate(bytes).unreadable.is_none() {
            return ": it is a DER certificate; convert it: openssl x509 -inform DER -in FILE -out FILE.pem".to_owned();
        }
        return ": it is binary (DER or PKCS#12); convert it with openssl x509, pkey or pkcs12"
            .to_owned();
    }
    ": no line begins with -----BEGIN".to_owned()
}
