//! Files that a request names, read with errors that name the file, what was seen and what to do.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context as _, Result, anyhow, bail};
use jiff::Timestamp;
use rustls_pki_types::PrivateKeyDer;

use crate::{
    context::Context,
    engine,
    facts::{Case, Certificate, Deployment, FileFacts, FileRole, Format, ItemKind},
    failure,
    finding::{Hit, Remedy, Rule, Severity},
    net::identity::{IdentityError, ServerIdentity},
    parse::{
        bundle,
        crl::{self, RevocationList},
        input::{self, Password},
        key::encrypted,
        pem,
    },
    rules::{
        certificate::unreadable_certificate,
        file::{
            der_in_place_of_pem, escaped_line_breaks, file_empty, java_keystore,
            key_and_certificate_swapped, key_encrypted, key_unreadable, legacy_key_encryption,
            nothing_usable_in_file, pem_block_broken, pem_marker_malformed, pkcs7_in_place_of_pem,
            pkcs12_in_place_of_pem, public_key_in_place_of_private,
            request_in_place_of_certificate, revocation_list_missing, several_private_keys,
            trusted_certificate_label, utf16_file,
        },
    },
};

/// The most that is read of one file.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;
/// Names of a folder that are looked at for one that may have been meant.
const BESIDE: usize = 2_000;

/// Whether standard input was read: the second reader would find nothing, and call that an empty file.
static STDIN_WAS_READ: AtomicBool = AtomicBool::new(false);

/// Reads a file whole; `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    use std::io::Read;
    if path == Path::new("-") {
        if STDIN_WAS_READ.swap(true, Ordering::Relaxed) {
            bail!(
                "standard input is needed twice, and can be read once; name a file for one of them (a password: --pass file:PATH or env:VARIABLE)"
            );
        }
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
        Err(error) => bail!("{shown}: {}", failure::io(&error)),
    };
    if metadata.is_dir() {
        bail!("{shown}: is a directory; name the file in it");
    }
    if let Some(kind) = irregular(path, &metadata) {
        bail!("{shown}: is {kind}, not a regular file; name a file, or `-` for standard input");
    }
    if metadata.len() > FILE_LIMIT {
        bail!(
            "{shown}: {} bytes are more than a PEM file can need (at most {FILE_LIMIT})",
            metadata.len()
        );
    }
    // A device or a pipe has no length to tell: the bound holds for what is read, not for what was
    // announced.
    let read = fs::File::open(path).and_then(|file| {
        let mut bytes = Vec::new();
        file.take(FILE_LIMIT + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    match read {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            bail!("{shown}: permission denied; run as its owner or change its permissions")
        }
        Ok(bytes) if bytes.len() as u64 > FILE_LIMIT => {
            bail!("{shown}: more than {FILE_LIMIT} bytes, which no PEM file can need")
        }
        read => read.with_context(|| format!("{shown}: cannot read it")),
    }
}

/// What a path names that is no file: reading a pipe waits for whoever writes to it, and a device may
/// never end. What the shell puts in place of `<(…)` is meant to be read, and so is nothing at all.
fn irregular(path: &Path, metadata: &fs::Metadata) -> Option<&'static str> {
    let handed_over = ["/dev/fd", "/dev/stdin", "/dev/null", "/proc"]
        .iter()
        .any(|place| path.starts_with(place));
    if metadata.is_file() || handed_over {
        return None;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = metadata.file_type();
        if kind.is_fifo() {
            return Some("a named pipe");
        }
        if kind.is_socket() {
            return Some("a socket");
        }
    }
    Some("a device")
}

/// Where to look in place of a file that is not there: one of nearly the same name beside it, or
/// the folder that is missing.
fn nearest(path: &Path) -> String {
    if path.to_string_lossy().contains(['*', '?']) {
        return "the shell did not expand the pattern: it is in quotes, or no file matches it"
            .to_owned();
    }
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

/// The chain and key of these files, put together; an encrypted key is opened with the password.
pub(crate) fn identity(
    cert: &Path,
    more: Option<&Path>,
    key: Option<&Path>,
    password: Option<&str>,
) -> Result<ServerIdentity> {
    let mut chain = certificates(cert, FileRole::Chain)?;
    if let Some(more) = more {
        chain.extend(certificates(more, FileRole::Chain)?);
    }
    let chain = chain
        .into_iter()
        .map(|certificate| certificate.der.clone())
        .collect();
    let key_path = key.unwrap_or(cert);
    let private_key = private_key(key_path, password).map_err(|error| match key {
        Some(_) => error,
        None => error.context("--key is not given, so the key is looked for in the file of --cert"),
    })?;
    ServerIdentity::new(chain, private_key).map_err(|error| match error {
        IdentityError::Mismatch { leaf, belongs_to: Some((number, label)) } => anyhow!(
            "{}: the key belongs to certificate {number} of {} ({label}), not to the first ({leaf}); put that one first",
            key_path.display(),
            cert.display()
        ),
        IdentityError::Mismatch { leaf, belongs_to: None } => anyhow!(
            "{0}: not the key of {1} ({leaf}); find the right pair: openssl x509 -in {1} -noout -pubkey and openssl pkey -in {0} -pubout must print the same",
            key_path.display(),
            cert.display()
        ),
        other => anyhow!("{} and {}: {other}", cert.display(), key_path.display()),
    })
}

/// The rules that say why no certificate can be taken from a file, the most telling first.
static NO_CERTIFICATES: &[&Rule] = &[
    &file_empty::RULE,
    &utf16_file::RULE,
    &java_keystore::RULE,
    &pkcs12_in_place_of_pem::RULE,
    &der_in_place_of_pem::RULE,
    &pkcs7_in_place_of_pem::RULE,
    &request_in_place_of_certificate::RULE,
    &key_and_certificate_swapped::RULE,
    &public_key_in_place_of_private::RULE,
    &pem_block_broken::RULE,
    &pem_marker_malformed::RULE,
    &escaped_line_breaks::RULE,
    &unreadable_certificate::RULE,
    &trusted_certificate_label::RULE,
    &nothing_usable_in_file::RULE,
];

/// The rules that say why no private key can be taken from a file, the most telling first.
static NO_KEY: &[&Rule] = &[
    &file_empty::RULE,
    &utf16_file::RULE,
    &java_keystore::RULE,
    &pkcs12_in_place_of_pem::RULE,
    &der_in_place_of_pem::RULE,
    &pkcs7_in_place_of_pem::RULE,
    &request_in_place_of_certificate::RULE,
    &key_and_certificate_swapped::RULE,
    &public_key_in_place_of_private::RULE,
    &key_encrypted::RULE,
    &legacy_key_encryption::RULE,
    &key_unreadable::RULE,
    &several_private_keys::RULE,
    &pem_block_broken::RULE,
    &pem_marker_malformed::RULE,
    &escaped_line_breaks::RULE,
    &nothing_usable_in_file::RULE,
];

/// The certificates of a PEM file, in its order. What `lint` calls an error of the file is refused,
/// in the words of `lint`.
pub(crate) fn certificates(path: &Path, meant_as: FileRole) -> Result<Vec<Arc<Certificate>>> {
    let (file, _) = look(path, meant_as, None)?;
    let found: Vec<Arc<Certificate>> = file
        .items
        .iter()
        .filter(|_| file.format == Format::Pem)
        .filter_map(|item| match &item.kind {
            ItemKind::Certificate(certificate) if is_certificate(&item.label) => {
                Some(certificate.clone())
            }
            _ => None,
        })
        .collect();
    match refusal(file, NO_CERTIFICATES, found.is_empty()) {
        Some(why) => Err(why),
        None => Ok(found),
    }
}

/// The rules that say why no revocation list can be taken from a file.
static NO_LISTS: &[&Rule] = &[
    &file_empty::RULE,
    &utf16_file::RULE,
    &pem_block_broken::RULE,
    &pem_marker_malformed::RULE,
    &escaped_line_breaks::RULE,
    &revocation_list_missing::RULE,
];

/// The revocation lists of these files, PEM or DER, in their order.
pub(crate) fn revocation_lists(paths: &[PathBuf]) -> Result<Vec<RevocationList>> {
    let mut lists = Vec::new();
    for path in paths {
        let (file, _) = look(path, FileRole::Crl, None)?;
        let before = lists.len();
        for item in &file.items {
            if let ItemKind::RevocationList { der, .. } = &item.kind {
                let read = crl::revocation_list(der);
                lists.push(read.map_err(|why| anyhow!("{}: {why}", path.display()))?);
            }
        }
        let is_useless = lists.len() == before;
        if let Some(why) = refusal(file, NO_LISTS, is_useless) {
            return Err(why);
        }
    }
    Ok(lists)
}

/// The one private key of a PEM file, opened with the password where it is encrypted.
pub(crate) fn private_key(path: &Path, password: Option<&str>) -> Result<PrivateKeyDer<'static>> {
    let shown = path.display();
    let opened = password.map(|word| Password::new(word.to_owned()));
    let (file, bytes) = look(path, FileRole::Key, opened.as_ref())?;
    let lines: Vec<usize> = file
        .private_keys()
        .map(|(item, _)| item.first_line)
        .collect();
    if let Some(why) = refusal(file, NO_KEY, lines.len() != 1) {
        return Err(why);
    }
    // What is known of a file has no private byte in it: those are taken from the block itself.
    let block = pem::scan(&bytes)
        .into_iter()
        .find(|block| lines.contains(&block.first_line))
        .with_context(|| format!("{shown}: no private key in it"))?;
    let der = block.der.map_err(|why| anyhow!("{shown}: {why}"))?;
    let mut work = u64::MAX;
    match block.label.as_str() {
        "PRIVATE KEY" => Ok(PrivateKeyDer::Pkcs8(der.into())),
        "RSA PRIVATE KEY" => Ok(PrivateKeyDer::Pkcs1(der.into())),
        "EC PRIVATE KEY" => Ok(PrivateKeyDer::Sec1(der.into())),
        "ENCRYPTED PRIVATE KEY" => encrypted::open(&der, password.unwrap_or_default(), &mut work)
            .map(|plain| PrivateKeyDer::Pkcs8(plain.into()))
            .map_err(|why| anyhow!("{shown}: the private key is encrypted, and {why}")),
        other => bail!(
            "{shown}:{}-{}: a `{other}` cannot be used for TLS here; expected an RSA, EC or Ed25519 key",
            block.first_line,
            block.last_line
        ),
    }
}

/// A file as `lint` sees it, and its bytes.
fn look(
    path: &Path,
    meant_as: FileRole,
    password: Option<&Password>,
) -> Result<(FileFacts, Vec<u8>)> {
    let shown = path.display().to_string();
    let bytes = read(path)?;
    let mut found = input::read_with(&shown, meant_as, mode(path), &bytes, password);
    match found.pop() {
        Some(file) if found.is_empty() && file.path == shown => Ok((file, bytes)),
        _ => bail!(
            "{shown}: is a Kubernetes secret; take the entry out of it: kubectl get secret NAME -o jsonpath='{{.data.tls\\.crt}}' | base64 -d"
        ),
    }
}

/// Why the file cannot be used, by these rules: the first of them that finds an error, or, where
/// nothing can be taken from the file, the first that finds anything.
fn refusal(file: FileFacts, rules: &[&'static Rule], is_useless: bool) -> Option<anyhow::Error> {
    let path = file.path.clone();
    let files = vec![file];
    // No rule about a file asks what time it is.
    let moment = Timestamp::UNIX_EPOCH;
    let case = Case {
        bundles: bundle::assemble(&files, None),
        files,
        ..Case::new(path.clone(), moment, Deployment::default())
    };
    let judged = engine::judge_with(rules, case, &Context::at(moment));
    let found = |rule: &&Rule| {
        judged
            .findings
            .iter()
            .find(|found| found.rule == *rule && (is_useless || found.severity == Severity::Error))
    };
    match rules.iter().find_map(found) {
        Some(finding) => Some(anyhow!("{}", sentence(&path, &finding.hit))),
        None => is_useless.then(|| anyhow!("{path}: nothing in it can be used; name another file")),
    }
}

/// A finding about a file as one sentence: what, and what to do.
fn sentence(path: &str, hit: &Hit) -> String {
    let Remedy { text, commands } = &hit.remedy;
    let message = if hit.message.contains(path) {
        hit.message.clone()
    } else {
        format!("{path}: {}", hit.message)
    };
    match commands.as_slice() {
        [] => format!("{message}; {text}"),
        commands => {
            let lines: Vec<&str> = commands.iter().map(|command| &**command).collect();
            format!("{message}; {text} ({})", lines.join("; "))
        }
    }
}

fn is_certificate(label: &str) -> bool {
    matches!(label, "CERTIFICATE" | "X509 CERTIFICATE")
}
