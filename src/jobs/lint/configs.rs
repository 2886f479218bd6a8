//! Server configurations among the paths: read with what they include and name, one job an address
//! at which TLS ends.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{
    job::{Job, regular_files},
    reach::{Reach, Within},
    sniff,
};
use crate::{
    facts::{
        Excerpt, FileFacts, FileRole, Format, Passphrase, Place, ServerSoftware, Setting, Site,
        Unreadable,
    },
    jobs::files,
    parse::{
        config::{self, Include},
        escape,
        input::{self, Password},
    },
};

/// Larger files are no configuration.
const LARGEST: u64 = 4 * 1024 * 1024;
/// Characters of a line that are shown.
const SHOWN: usize = 160;

/// A configuration that was read.
pub(super) struct Config {
    /// A job for each address at which TLS ends.
    pub(super) jobs: Vec<Job>,
    /// The file that was asked for.
    pub(super) own: PathBuf,
    /// The files that it was read from.
    pub(super) read: Vec<PathBuf>,
    /// What could not be judged at all.
    pub(super) problem: Option<String>,
    /// Whether that is since it is a template.
    pub(super) template: bool,
}

impl Config {
    /// Takes the servers out that are not called so.
    pub(super) fn keep(&mut self, server: &str) {
        self.jobs
            .retain(|job| job.site.as_ref().is_some_and(|site| site.is_called(server)));
    }

    /// The servers by their names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let sites = self.jobs.iter().filter_map(|job| job.site.as_ref());
        sites.map(|site| site.name.as_str())
    }
}

/// Takes out the dynamic configurations of Traefik that a static one beside them names: by
/// themselves they do not tell where TLS ends.
pub(super) fn without_included(read: &mut Vec<Config>) {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let included: BTreeSet<PathBuf> = read
        .iter()
        .flat_map(|config| config.read.iter().filter(|path| **path != config.own))
        .map(|path| real(path))
        .collect();
    let of_traefik = |config: &Config| {
        let mut sites = config.jobs.iter().filter_map(|job| job.site.as_ref());
        sites.any(|site| site.software == ServerSoftware::Traefik)
    };
    read.retain(|config| !of_traefik(config) || !included.contains(&real(&config.own)));
}

/// A configuration with what it includes; `None` when the file is none.
pub(super) fn read(path: &Path) -> Option<Config> {
    if path == Path::new("-") || path.metadata().ok()?.len() > LARGEST {
        return None;
    }
    // Most files are certificates: their beginning tells.
    let written_in_yaml = path
        .extension()
        .is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|yaml| ending == *yaml));
    if !written_in_yaml && sniff::holds_pem(&sniff::head(path)?) {
        return None;
    }
    let bytes = files::read(path).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let shown = path.display().to_string();
    let software = config::software(&shown, text)?;
    if let Some(template) = config::template(software, &shown, text) {
        let problem = format!(
            "{shown}:{}: the template of a configuration of {}, in {} language; fill it in, and check the result",
            template.line,
            software.name(),
            template.language
        );
        return Some(Config {
            jobs: Vec::new(),
            own: path.to_owned(),
            read: vec![path.to_owned()],
            problem: Some(problem),
            template: true,
        });
    }
    let mut disk = Disk::new(path, software, text);
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    let sites = config::sites(software, &shown, text, &mut disk);
    let problem = sites.is_empty().then(|| {
        format!(
            "{shown}: a configuration of {} in which no address that ends TLS was found; name the file that has it, or the main file that includes it",
            software.name()
        )
    });
    let jobs = sites
        .into_iter()
        .map(|site| job(site, &shown, &disk, Within::Folder(folder.clone())));
    Some(Config {
        jobs: jobs.collect(),
        own: path.to_owned(),
        read: disk.texts.keys().map(PathBuf::from).collect(),
        problem,
        template: false,
    })
}

fn job(mut site: Site, shown: &str, disk: &Disk, within: Within) -> Job {
    let mut named: Vec<(PathBuf, FileRole)> = Vec::new();
    let mut unreadable: Vec<Setting<Unreadable>> = Vec::new();
    let wanted = [
        (&site.certificate, FileRole::Chain),
        (&site.key, FileRole::Key),
        (&site.client_ca, FileRole::ClientCa),
        (&site.crl, FileRole::Crl),
    ];
    for (settings, meant_as) in wanted {
        for (index, setting) in settings.iter().enumerate() {
            let of_client_ca = meant_as == FileRole::ClientCa;
            let within = site
                .inline_ca
                .iter()
                .any(|(name, _)| *name == setting.value);
            let hashed = site.software == ServerSoftware::Apache;
            match disk.files(&setting.value, hashed) {
                _ if of_client_ca && within => {}
                Ok(paths) => {
                    for path in paths {
                        // Further chain files help to build the path; the first is what is sent
                        // first.
                        let meant_as = match meant_as {
                            FileRole::Chain
                                if site.chain_from.is_some_and(|first| index >= first) =>
                            {
                                FileRole::Untrusted
                            }
                            other => other,
                        };
                        if named.iter().all(|(known, _)| known != &path) {
                            named.push((path, meant_as));
                        }
                    }
                }
                Err((why, forbidden)) => unreadable.push(Setting {
                    value: Unreadable {
                        path: setting.value.clone(),
                        meant_as,
                        forbidden,
                        why,
                    },
                    place: setting.place.clone(),
                    text: setting.text.clone(),
                }),
            }
        }
    }
    site.unreadable.extend(unreadable);
    let title = format!("{shown}: {}", site.name);
    let mut configs = disk.shown(&site, &within);
    for (name, bytes) in &site.inline_ca {
        configs.extend(input::read(name, FileRole::ClientCa, None, bytes));
    }
    Job {
        configs,
        pass: passphrases(&mut site, disk),
        site: Some(Box::new(site)),
        ..Job::new(title, named, within)
    }
}

/// What is in the file that a server takes its passphrases from. One that cannot be read is said to
/// be that.
fn passphrases(site: &mut Site, disk: &Disk) -> Option<Password> {
    let setting = site.passphrase.as_ref()?;
    let Passphrase::File(name) = &setting.value else {
        return None;
    };
    let read = disk.files(name, false).and_then(|paths| {
        let path = paths
            .first()
            .ok_or_else(|| ("no such file".to_owned(), false))?;
        files::read(path).map_err(|error| (crate::failure::words(&error), forbidden(path)))
    });
    match read {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            Some(Password::one_of(text.lines().map(str::to_owned).collect()))
        }
        Err((why, forbidden)) => {
            site.unreadable.push(Setting {
                value: Unreadable {
                    path: name.clone(),
                    meant_as: FileRole::Key,
                    forbidden,
                    why,
                },
                place: setting.place.clone(),
                text: setting.text.clone(),
            });
            None
        }
    }
}

/// Whether a file is there, and whoever runs this may not read it.
fn forbidden(path: &Path) -> bool {
    std::fs::File::open(path)
        .is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
}

/// Files as the server would find them, and the texts that were read.
struct Disk {
    /// Where relative paths start, in the order in which they are tried.
    bases: Vec<PathBuf>,
    texts: BTreeMap<String, String>,
}

impl Disk {
    fn new(path: &Path, software: ServerSoftware, text: &str) -> Self {
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        // A file of `conf.d` or `sites-enabled` is read as if from the directory above.
        let above = folder.join("..");
        let mut bases = vec![folder, above];
        bases.splice(0..0, config::roots(software, text).map(PathBuf::from));
        // HAProxy, Caddy and Envoy start from where they are started.
        bases.push(PathBuf::new());
        Self {
            bases,
            texts: BTreeMap::from([(path.display().to_string(), text.to_owned())]),
        }
    }

    fn candidates(&self, name: &str, from: Option<&str>) -> Vec<PathBuf> {
        if Path::new(name).is_absolute() {
            return vec![PathBuf::from(name)];
        }
        let beside = from
            .and_then(|from| Path::new(from).parent())
            .map(Path::to_owned);
        beside
            .into_iter()
            .chain(self.bases.iter().cloned())
            .map(|base| base.join(name))
            .collect()
    }

    /// The file of this name, or the files of the directory; the error says why, and whether it is
    /// there and may not be read.
    /// Of a directory that is `hashed`, OpenSSL looks at names that are made of a subject's hash.
    fn files(&self, name: &str, hashed: bool) -> Result<Vec<PathBuf>, (String, bool)> {
        let mut why = (String::from("no such file"), false);
        for path in self.candidates(name, None) {
            if path.is_dir() {
                let mut inside = regular_files(&path);
                if hashed {
                    inside.retain(|path| is_hashed(path));
                    if inside.is_empty() {
                        let why = "no file in it has a hash for a name: run `openssl rehash` on it";
                        return Err((why.to_owned(), false));
                    }
                }
                inside.sort();
                return Ok(inside);
            }
            match files::read(&path) {
                Ok(_) => return Ok(vec![path]),
                Err(_) if forbidden(&path) => {
                    why = ("this user may not read it".to_owned(), true);
                }
                Err(error) if path.exists() => why = (error.root_cause().to_string(), false),
                Err(_) => {}
            }
        }
        Err(why)
    }

    /// The configuration files that the site's settings stand in, with the lines of those settings
    /// alone: other lines may be secret.
    fn shown(&self, site: &Site, within: &Within) -> Vec<FileFacts> {
        let reach = Reach::default();
        let mut lines: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for place in places(site) {
            if let Place::File {
                path, first_line, ..
            } = place
            {
                lines.entry(path).or_default().insert(*first_line);
            }
        }
        lines
            .into_iter()
            .filter_map(|(path, lines)| {
                let text = self.texts.get(path)?;
                let quoted = reach.allows(Path::new(path), within);
                let excerpts = text
                    .lines()
                    .enumerate()
                    .filter(|(index, _)| quoted && lines.contains(&(index + 1)))
                    .map(|(index, line)| Excerpt {
                        line: index + 1,
                        text: escape::text(&line.chars().take(SHOWN).collect::<String>()),
                    })
                    .collect();
                Some(FileFacts {
                    path: path.to_owned(),
                    meant_as: FileRole::Config,
                    bytes: text.len() as u64,
                    mode: files::mode(Path::new(path)),
                    format: Format::Text,
                    items: Vec::new(),
                    remarks: Vec::new(),
                    excerpts,
                    neighbours: None,
                    readings: None,
                })
            })
            .collect()
    }
}

/// Whether a file is named as OpenSSL looks for it: `9d66eef0.0`, and `9d66eef0.r0` for a list
/// (openssl-rehash).
fn is_hashed(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let Some((hash, number)) = name.as_ref().and_then(|name| name.split_once('.')) else {
        return false;
    };
    let number = number.strip_prefix('r').unwrap_or(number);
    hash.len() == 8
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Every place that a finding about the site may point at.
fn places(site: &Site) -> Vec<&Place> {
    let mut places = vec![&site.place];
    places.extend(site.passphrase.iter().map(|setting| &setting.place));
    for settings in [&site.certificate, &site.key, &site.client_ca, &site.crl] {
        places.extend(settings.iter().map(|setting| &setting.place));
    }
    places.extend(site.not_understood.iter().map(|setting| &setting.place));
    places.extend(site.client_auth.iter().map(|setting| &setting.place));
    places.extend(site.intermediates.iter().map(|setting| &setting.place));
    places.extend(site.versions.iter().map(|setting| &setting.place));
    places.extend(site.pins.iter().map(|setting| &setting.place));
    places.extend(site.partly.iter().map(|setting| &setting.place));
    places.extend(site.ignores.iter().map(|setting| &setting.place));
    places.extend(site.refused.iter().map(|setting| &setting.place));
    places.extend(site.without_effect.iter().map(|setting| &setting.place));
    places.extend(site.forwards.iter().map(|setting| &setting.place));
    places
}

impl Include for Disk {
    fn matching(&mut self, pattern: &str, from: &str) -> Result<Vec<(String, String)>, String> {
        let pattern = pattern.trim_matches('"');
        let wild = pattern.contains(['*', '?', '[']);
        for candidate in self.candidates(pattern, Some(from)) {
            let mut found: Vec<PathBuf> = if candidate.is_dir() {
                // Apache takes every file of a directory.
                regular_files(&candidate)
            } else if wild {
                glob::glob(&candidate.to_string_lossy())
                    .map_err(|error| error.to_string())?
                    .filter_map(Result::ok)
                    .filter(|path| path.is_file())
                    .collect()
            } else if candidate.is_file() {
                vec![candidate]
            } else {
                Vec::new()
            };
            if found.is_empty() {
                continue;
            }
            found.sort();
            let mut texts = Vec::new();
            for path in found {
                let bytes = files::read(&path).map_err(|error| crate::failure::words(&error))?;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let shown = path.display().to_string();
                self.texts.insert(shown.clone(), text.clone());
                texts.push((shown, text));
            }
            return Ok(texts);
        }
        // A pattern may name nothing.
        if wild {
            Ok(Vec::new())
        } else {
            Err(format!("{pattern}: no such file"))
        }
    }
}
