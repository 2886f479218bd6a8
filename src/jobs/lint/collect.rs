//! Which files belong to which deployment: flags, paths, directories, mounted secrets.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use super::{
    LintRequest,
    configs::{self, Config},
    job::{self, Job},
    reach::{Reach, Within},
    sniff::{self, Beginning},
};
use crate::{
    facts::{FileFacts, FileRole, ItemKind, Setting, Side},
    failure,
    jobs::files,
    parse::input::{self, Password},
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
    let mut found = Found::default();
    let mut read = Vec::new();
    for path in &request.paths {
        if path != Path::new("-") && path.is_dir() {
            walk(path, 0, &mut found, &mut unreadable);
        } else if sniff::is_case(path) {
            jobs.push(recorded(path.clone()));
        } else if let Some(config) = configs::read(path) {
            unreadable.extend(config.problem.clone());
            read.push(config);
        } else {
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            found.folders.entry(folder).or_default().push(path.clone());
        }
    }
    jobs.extend(found.cases.drain(..).map(recorded));
    configs::without_included(&mut read);
    read.extend(in_directories(&found.configs, &mut unreadable));
    if let Some(server) = &request.server {
        of_server(server, &mut read)?;
    }
    let mut sites: Vec<Job> = read.into_iter().flat_map(|config| config.jobs).collect();
    // Where a configuration names its CAs elsewhere, these are they.
    let given = given_to(&mut sites, &request.client_ca);
    flagged.retain(|(_, meant_as)| *meant_as != FileRole::ClientCa || !given);
    jobs.extend(by_flags(flagged, request.role));
    // What a configuration names is judged with it.
    let named: BTreeSet<PathBuf> = sites
        .iter()
        .flat_map(|job| &job.files)
        .filter_map(|(path, _)| fs::canonicalize(path).ok())
        .collect();
    jobs.extend(sites);
    for (folder, mut paths) in found.folders {
        paths.retain(|path| {
            request.paths.contains(path)
                || fs::canonicalize(path).map_or(true, |real| !named.contains(&real))
        });
        in_folder(&folder, paths, &request.paths, &mut jobs);
    }
    if let ([path], None, Some(key)) = (&*request.paths, &request.cert, &request.key) {
        job::with_key(&mut jobs, path, key);
    }
    if jobs.is_empty() && unreadable.is_empty() {
        if request.paths.is_empty() {
            bail!("nothing to check: name files, a directory, or --cert, --key, --client-ca");
        }
        bail!(
            "{}: no file in it; name a directory with certificates or keys",
            request.paths[0].display()
        );
    }
    Ok((jobs, unreadable))
}

/// A recorded case.
fn recorded(path: PathBuf) -> Job {
    let title = path.display().to_string();
    Job {
        recorded: true,
        ..Job::new(title, vec![(path, FileRole::Chain)], Within::Path)
    }
}

/// What flags name together is one deployment; several client-CA files are each a question of their
/// own, but for a client's chain, which is judged by all of them.
fn by_flags(flagged: Vec<(PathBuf, FileRole)>, role: Option<Side>) -> Vec<Job> {
    let of_clients = |(_, meant_as): &&(PathBuf, FileRole)| *meant_as == FileRole::ClientCa;
    let several = flagged.iter().filter(of_clients).count() > 1 && role != Some(Side::Client);
    let (apart, together): (Vec<_>, Vec<_>) = flagged
        .into_iter()
        .partition(|file| several && of_clients(&file));
    let apart = apart.into_iter().map(|file| vec![file]);
    std::iter::once(together)
        .chain(apart)
        .filter_map(|files| {
            let title = files.first()?.0.display().to_string();
            Some(Job::new(title, files, Within::Flag))
        })
        .collect()
}

/// Gives the client-CA files of flags to the sites whose own were not read; whether there is any.
fn given_to(sites: &mut [Job], client_ca: &[PathBuf]) -> bool {
    let mut given = false;
    for job in sites {
        let Some(site) = job.site.as_mut().filter(|site| site.authorities_unread()) else {
            continue;
        };
        let place = site.client_auth_place().clone();
        for path in client_ca {
            given = true;
            job.files.push((path.clone(), FileRole::ClientCa));
            site.unreadable
                .retain(|setting| setting.value.meant_as != FileRole::ClientCa);
            site.client_ca.push(Setting {
                value: path.display().to_string(),
                place: place.clone(),
                text: format!("--client-ca {}", path.display()),
            });
        }
    }
    given
}

/// Takes the servers out that are not the one that was named.
fn of_server(server: &str, read: &mut [Config]) -> Result<()> {
    let mut names: Vec<String> = read
        .iter()
        .flat_map(Config::names)
        .map(str::to_owned)
        .collect();
    for config in read.iter_mut() {
        config.keep(server);
    }
    if read.iter().any(|config| !config.jobs.is_empty()) {
        return Ok(());
    }
    names.truncate(SERVERS_NAMED);
    if names.is_empty() {
        bail!("--server {server}: no configuration with a server that ends TLS was named");
    }
    bail!(
        "--server {server}: no server with that name in the configuration; it has: {}",
        names.join("; ")
    );
}

/// Servers that are named where none fits.
const SERVERS_NAMED: usize = 8;

/// The configurations that were found in directories, each once: what another one includes is part
/// of that.
fn in_directories(paths: &[PathBuf], unreadable: &mut Vec<String>) -> Vec<Config> {
    let mut all: Vec<(&PathBuf, Config)> = paths
        .iter()
        .filter_map(|path| Some((path, configs::read(path)?)))
        .collect();
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let included: BTreeSet<PathBuf> = all
        .iter()
        .flat_map(|(own, config)| config.read.iter().filter(move |path| path != own))
        .map(|path| real(path))
        .collect();
    all.retain(|(path, _)| !included.contains(&real(path)));
    for (_, config) in &all {
        // One in which nothing ends TLS is not what was looked for.
        if config.read.len() == 1 && config.jobs.is_empty() && config.template {
            unreadable.extend(config.problem.clone());
        }
    }
    all.into_iter().map(|(_, config)| config).collect()
}

/// What lies in directories.
#[derive(Default)]
struct Found {
    /// Files that look like certificates or keys, by folder.
    folders: BTreeMap<PathBuf, Vec<PathBuf>>,
    /// Files that may be configurations of servers.
    configs: Vec<PathBuf>,
    /// Recorded cases.
    cases: Vec<PathBuf>,
}

/// Regular files below `folder` that look like certificates or keys, by folder. Kubernetes mounts a
/// secret behind a link named `..data`; the entries link there.
fn walk(folder: &Path, depth: usize, found: &mut Found, unreadable: &mut Vec<String>) {
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
            // A link to a directory may lead back up. What is available need not be enabled.
            if !is_link && !is_idle(&path) {
                walk(&path, depth + 1, found, unreadable);
            }
        } else if path.is_file() && sniff::is_case(&path) {
            found.cases.push(path);
        } else if path.is_file() && sniff::is_ours(&path) {
            found
                .folders
                .entry(folder.to_owned())
                .or_default()
                .push(path);
        } else if path.is_file() && sniff::may_configure(&path) && found.configs.len() < CONFIGS {
            found.configs.push(path);
        }
    }
}

/// Configurations of a call that are read.
const CONFIGS: usize = 2_000;

/// Whether a folder holds what another one beside it picks from: `sites-available` beside
/// `sites-enabled`.
fn is_idle(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.strip_suffix("-available")
        .is_some_and(|what| folder.with_file_name(format!("{what}-enabled")).is_dir())
}

/// Makes a path with CAs alone a client-CA file: what a sender's certificate is checked by was asked
/// for.
pub(super) fn judged_as_client_ca(file: &mut FileFacts) {
    let authorities = file.certificates().next().is_some()
        && file
            .certificates()
            .all(|(_, certificate)| certificate.is_ca);
    let keys = file.private_keys().next().is_some();
    if file.meant_as == FileRole::Anything && authorities && !keys {
        file.meant_as = FileRole::ClientCa;
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
/// key. What else lies there (serial numbers, configuration) is passed over.
pub(super) fn holds_ours(file: &FileFacts) -> bool {
    let held = file.items.iter().any(|item| {
        matches!(
            item.kind,
            ItemKind::Certificate(_)
                | ItemKind::TrustedCertificate(..)
                | ItemKind::PrivateKey(_)
                | ItemKind::Pkcs7 { .. }
                | ItemKind::Pkcs12
                | ItemKind::RevocationList { .. }
                | ItemKind::Request(_)
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
    // A configuration inside a document was not judged, which is said.
    held || (by_name && file.items.is_empty()) || file.meant_as == FileRole::Config
}

/// Reads the files of a job.
///
/// # Errors
/// When one cannot be opened.
pub(super) fn read(job: &Job, pass: Option<&Password>, reach: &Reach) -> Result<Vec<FileFacts>> {
    let mut found = Vec::new();
    let quoted = |path: &Path| reach.allows(path, &job.within);
    let own = job.pass.as_ref().or(pass);
    for (path, meant_as) in &job.files {
        found.extend(one(path, *meant_as, own, quoted(path))?);
    }
    // What was named is to be judged, and is said not to have been; a directory holds all sorts.
    if !job.found {
        found.iter_mut().for_each(input::not_read);
    }
    let site = job.site.as_ref();
    if let Some(setting) = site.and_then(|site| site.passphrase.as_ref()) {
        let keys = found.iter_mut().flat_map(|file| &mut file.items);
        for item in keys {
            if let ItemKind::PrivateKey(key) = &mut item.kind {
                key.passphrase = Some(setting.text.clone());
            }
        }
    }
    found.extend(job.configs.iter().cloned());
    for path in &job.keys {
        // It is judged as a file of its own; here it only has to fit.
        if let Ok(files) = one(path, FileRole::Anything, pass, quoted(path)) {
            found.extend(files);
        }
    }
    Ok(found)
}

/// Reads one file, opened where there is a password for it. Its text is kept only
/// where it may be `quoted`.
pub(super) fn one(
    path: &Path,
    meant_as: FileRole,
    pass: Option<&Password>,
    quoted: bool,
) -> Result<Vec<FileFacts>> {
    let bytes = files::read(path)?;
    let shown = path.display().to_string();
    let mut read = input::read_with(&shown, meant_as, files::mode(path), &bytes, pass);
    for file in &mut read {
        if !quoted {
            file.withhold();
        }
    }
    Ok(read)
}
