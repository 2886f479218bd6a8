//! Which files belong to which deployment: flags, paths, directories, mounted secrets.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use super::{
    LintRequest, configs,
    job::Job,
    reach::{Reach, Within},
    sniff::{self, Beginning},
};
use crate::{
    facts::{FileFacts, FileRole, Format, ItemKind},
    failure,
    jobs::files,
    parse::input,
};

/// How deep directories are walked.
const DEPTH: usize = 16;

/// The jobs of a call, in order, and the paths that could not be looked at.
pub(super) fn jobs(request: &LintRequest) -> Result<(Vec<Job>, Vec<String>)> {
    let mut jobs = Vec::new();
    let mut unreadable = Vec::new();
    let mut flagged: Vec<(PathBuf, FileRole)> = Vec::new();
    let mut flag = |path: &Path, meant_as| flagged.push((path.to_owned(), meant_as));
    request
        .cert
        .iter()
        .for_each(|path| flag(path, FileRole::Chain));
    request
        .key
        .iter()
        .for_each(|path| flag(path, FileRole::Key));
    request
        .client_ca
        .iter()
        .for_each(|path| flag(path, FileRole::ClientCa));
    let from_stdin = |path: &Path| path == Path::new("-");
    let streams = flagged.iter().filter(|(path, _)| from_stdin(path)).count()
        + request.paths.iter().filter(|path| from_stdin(path)).count();
    if streams > 1 {
        bail!(
            "`-` is given {streams} times, and standard input can be only one file; put the others into files"
        );
    }
    if let Some((first, _)) = flagged.first() {
        let title = first.display().to_string();
        jobs.push(Job::new(title, flagged, Within::Flag));
    }
    let mut folders: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in &request.paths {
        if path != Path::new("-") && path.is_dir() {
            walk(path, 0, &mut folders, &mut unreadable);
        } else if let Some(sites) = configs::jobs(path, &mut unreadable) {
            jobs.extend(sites);
        } else {
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            folders.entry(folder).or_default().push(path.clone());
        }
    }
    for (folder, paths) in folders {
        in_folder(&folder, paths, &request.paths, &mut jobs);
    }
    if jobs.is_empty() && unreadable.is_empty() {
        if request.paths.is_empty() {
            bail!("nothing to judge: name files, a directory, or --cert, --key, --client-ca");
        }
        bail!(
            "{}: no file in it; name a directory with certificates or keys",
            request.paths[0].display()
        );
    }
    Ok((jobs, unreadable))
}

/// Regular files below `folder` that look like certificates or keys, by folder. Kubernetes mounts a
/// secret behind a link named `..data`; the entries link there.
fn walk(
    folder: &Path,
    depth: usize,
    folders: &mut BTreeMap<PathBuf, Vec<PathBuf>>,
    unreadable: &mut Vec<String>,
) {
    if depth > DEPTH {
        unreadable.push(format!(
            "{}: more than {DEPTH} directories deep; name it itself",
            folder.display()
        ));
        return;
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            unreadable.push(format!("{}: {}", folder.display(), failure::io(&error)));
            return;
        }
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    for path in paths {
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(".."));
        let is_link = path
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.file_type().is_symlink());
        if hidden {
            continue;
        }
        if path.is_dir() {
            // A link to a directory may lead back up.
            if !is_link {
                walk(&path, depth + 1, folders, unreadable);
            }
        } else if path.is_file() && sniff::is_ours(&path) {
            folders.entry(folder.to_owned()).or_default().push(path);
        }
    }
}

/// The files of one directory: a mounted secret is one deployment, otherwise every file is, with
/// the keys beside it at hand.
fn in_folder(folder: &Path, paths: Vec<PathBuf>, named_paths: &[PathBuf], jobs: &mut Vec<Job>) {
    let named = |name: &str| {
        paths
            .iter()
            .find(|path| path.file_name().is_some_and(|own| own == name))
    };
    let within = |path: &Path| {
        if named_paths
            .iter()
            .any(|named| named == path && !path.is_dir())
        {
            return Within::Path;
        }
        let folders = named_paths
            .iter()
            .filter(|named| path.starts_with(named) && named.is_dir());
        let named = folders.max_by_key(|named| named.components().count());
        named.map_or(Within::Path, |named| Within::Folder(named.clone()))
    };
    let mut rest = paths.clone();
    if let (Some(chain), Some(key)) = (named("tls.crt"), named("tls.key")) {
        let mut files = vec![
            (chain.clone(), FileRole::Chain),
            (key.clone(), FileRole::Key),
        ];
        files.extend(named("ca.crt").map(|path| (path.clone(), FileRole::ClientCa)));
        rest.retain(|path| files.iter().all(|(taken, _)| taken != path));
        let title = folder.display().to_string();
        jobs.push(Job::new(title, files, within(folder)));
    }
    // With one file there is nothing beside it to be looked at.
    let beginnings: Vec<(PathBuf, Beginning)> = if rest.len() > 1 {
        rest.iter()
            .filter_map(|path| Some((path.clone(), sniff::beginning(&sniff::head(path)?))))
            .collect()
    } else {
        Vec::new()
    };
    let keys: Vec<PathBuf> = beginnings
        .iter()
        .filter(|(_, beginning)| *beginning == Beginning::Key)
        .map(|(path, _)| path.clone())
        .collect();
    let mut fuller = sniff::fuller(&beginnings);
    for path in &rest {
        let beside = if keys.contains(path) {
            Vec::new()
        } else {
            keys.clone()
        };
        let files = vec![(path.clone(), FileRole::Anything)];
        jobs.push(Job {
            paired: paired(path, &keys),
            found: !named_paths.contains(path),
            keys: beside,
            fuller: fuller.remove(path),
            ..Job::new(path.display().to_string(), files, within(path))
        });
    }
}

/// The key that a chain's name asks for, among the keys beside it.
fn paired(path: &Path, keys: &[PathBuf]) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy();
    let wanted: Vec<PathBuf> = match name.as_ref() {
        "fullchain.pem" | "cert.pem" => ["privkey.pem", "key.pem"]
            .map(|key| path.with_file_name(key))
            .into(),
        _ => vec![path.with_extension("key")],
    };
    wanted
        .into_iter()
        .find(|key| key != path && keys.contains(key))
}

/// Whether a file that was found in a directory holds, or was to hold, a certificate or a private
/// key. What else lies there (requests, serial numbers, configuration) is passed over.
pub(super) fn holds_ours(file: &FileFacts) -> bool {
    let held = file.items.iter().any(|item| {
        matches!(
            item.kind,
            ItemKind::Certificate(_)
                | ItemKind::TrustedCertificate(_)
                | ItemKind::PrivateKey(_)
                | ItemKind::Pkcs7 { .. }
                | ItemKind::Pkcs12
        ) || item.problem.is_some()
    });
    let ending = Path::new(&file.path)
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let by_name = ending.is_some_and(|ending| {
        matches!(
            ending.as_str(),
            "pem" | "crt" | "cer" | "cert" | "key" | "der" | "p12" | "pfx" | "p7b" | "p7c" | "jks"
        )
    });
    held || (by_name && file.items.is_empty())
}

/// Reads the files of a job.
///
/// # Errors
/// When one cannot be opened.
pub(super) fn read(job: &Job, pass: Option<&str>, reach: &Reach) -> Result<Vec<FileFacts>> {
    let mut found = Vec::new();
    let quoted = |path: &Path| reach.allows(path, &job.within);
    for (path, meant_as) in &job.files {
        found.extend(one(path, *meant_as, pass, quoted(path))?);
    }
    found.extend(job.configs.iter().cloned());
    for path in &job.keys {
        // It is judged as a file of its own; here it only has to fit.
        if let Ok(files) = one(path, FileRole::Anything, None, quoted(path)) {
            found.extend(files);
        }
    }
    Ok(found)
}

/// Reads one file; a PKCS #12 one is opened where there is a password for it. Its text is kept only
/// where it may be `quoted`.
pub(super) fn one(
    path: &Path,
    meant_as: FileRole,
    pass: Option<&str>,
    quoted: bool,
) -> Result<Vec<FileFacts>> {
    let bytes = files::read(path)?;
    let shown = path.display().to_string();
    let mut read = input::read(&shown, meant_as, files::mode(path), &bytes);
    for file in &mut read {
        if !quoted {
            file.withhold();
        }
        if let (Format::Pkcs12, Some(pass)) = (file.format, pass) {
            input::open_pkcs12(file, &bytes, pass);
        }
    }
    Ok(read)
}
