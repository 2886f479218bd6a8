//! The dictionary: one readable file a stack, read once.
//!
//! For: `answer`, the tests that enumerate it, the script that counts. Must not: match text (that
//! is `pattern`).

mod rows;

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use serde::{Deserialize, Serialize};

use self::rows::{File, FrameRow};
use super::{
    Specificity,
    life::Life,
    pattern::{Automaton, plain},
};
use crate::facts::Side;

/// The file of TLS alerts: one entry for each.
pub(super) const ALERTS: &str = "alerts";

/// The files, by name. `codes`, `alerts` and `verify` first: what others refer to.
pub const FILES: &[(&str, &str)] = &[
    (ALERTS, include_str!("dictionary/alerts.toml")),
    ("verify", include_str!("dictionary/verify.toml")),
    ("codes", include_str!("dictionary/codes.toml")),
    ("openssl", include_str!("dictionary/openssl.toml")),
    ("network", include_str!("dictionary/network.toml")),
    ("go", include_str!("dictionary/go.toml")),
    ("rustls", include_str!("dictionary/rustls.toml")),
    ("node", include_str!("dictionary/node.toml")),
    ("java", include_str!("dictionary/java.toml")),
    ("python", include_str!("dictionary/python.toml")),
    ("gnutls", include_str!("dictionary/gnutls.toml")),
    ("dotnet", include_str!("dictionary/dotnet.toml")),
    ("php", include_str!("dictionary/php.toml")),
    ("curl", include_str!("dictionary/curl.toml")),
    ("nginx", include_str!("dictionary/nginx.toml")),
    ("apache", include_str!("dictionary/apache.toml")),
    ("haproxy", include_str!("dictionary/haproxy.toml")),
    ("envoy", include_str!("dictionary/envoy.toml")),
    ("caddy", include_str!("dictionary/caddy.toml")),
    ("stunnel", include_str!("dictionary/stunnel.toml")),
    ("grpc", include_str!("dictionary/grpc.toml")),
    ("gcp", include_str!("dictionary/gcp.toml")),
    ("browsers", include_str!("dictionary/browsers.toml")),
    ("others", include_str!("dictionary/others.toml")),
    ("webhook", include_str!("dictionary/webhook.toml")),
    ("databases", include_str!("dictionary/databases.toml")),
    ("mobile", include_str!("dictionary/mobile.toml")),
    ("windows", include_str!("dictionary/windows.toml")),
    ("clouds", include_str!("dictionary/clouds.toml")),
    ("programs", include_str!("dictionary/programs.toml")),
];

/// Who was turned away, from the point of view of the side that prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Turned {
    /// The other side: the printer refused it.
    Peer,
    /// The printer itself: the other side refused it.
    #[serde(rename(deserialize = "self"))]
    Printer,
    /// Nobody yet: the printer stumbled over its own files.
    Local,
    /// One of the two; the text does not say which.
    Either,
    /// Nobody refused anybody.
    Nobody,
}

/// Runs in which a text was printed, by fault.
pub type Counts = BTreeMap<String, u32>;

/// Counts by the side that printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Printed by clients.
    #[serde(default)]
    pub client: Counts,
    /// Printed by servers.
    #[serde(default)]
    pub server: Counts,
}

impl Seen {
    /// The counts of this side's print.
    pub fn by(&self, side: Side) -> &Counts {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }
}

/// A message of the dictionary.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Unique: the given id, or stack and first words.
    pub id: String,
    /// The file it stands in.
    pub file: &'static str,
    /// The stack, by its name.
    pub stack: String,
    /// The versions the file speaks of.
    pub versions: String,
    /// Where its meaning comes from.
    pub source: String,
    /// Its registered name, for numbers that have one.
    pub name: Option<String>,
    /// Its words.
    pub says: Vec<String>,
    /// How much it tells.
    pub telling: Specificity,
    /// Who was turned away.
    pub turned: Turned,
    /// The side that prints it, where only one does.
    pub printer: Option<Side>,
    /// So common that it counts only where something else speaks of TLS.
    pub weak: bool,
    /// What it means.
    pub meaning: String,
    /// Whether it is what a server answers with: the client has it, and the server's log does not.
    pub page: bool,
    /// Whether the side acts whose certificate it is about, whatever the fault says.
    pub holder_acts: bool,
    /// What it can stand for: ids, `{self}` and `{peer}` standing for the side that prints and the other.
    pub faults: Vec<String>,
    /// In which runs it was seen.
    pub seen: Seen,
    /// The entry it is another wording of; its own index when it is none.
    pub concept: usize,
}

/// Words that tell the stack or the printing side of a line, and no fault.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The file it stands in.
    pub file: &'static str,
    /// The words.
    pub words: String,
    /// The side that prints such lines, where only one does.
    pub printer: Option<Side>,
    /// Whether the words are of TLS: a program's name tells the side, and nothing of TLS.
    pub of_tls: bool,
}

/// The words before a number.
#[derive(Clone, Debug)]
pub struct Marker {
    /// What the number counts: `alert`, `verify` or `curl`.
    pub of: String,
    /// The words, in the plain form, for a question that is only they and a number.
    pub(super) words: String,
}

/// How a fault is fixed in the words of a stack: a flag, a setting, a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The stack.
    pub stack: String,
    /// The fault's id.
    pub fault: String,
    /// The flag, setting or command.
    pub text: String,
}

/// What a pattern stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// An entry, by index.
    Entry(usize),
    /// A frame.
    Frame(usize),
    /// A marker.
    Marker(usize),
}

/// All of it.
#[derive(Debug)]
pub struct Dictionary {
    /// The entries, in the order of the files.
    pub entries: Vec<Entry>,
    pub(super) frames: Vec<Frame>,
    pub(super) markers: Vec<Marker>,
    pub(super) by_id: HashMap<String, usize>,
    pub(super) automaton: Automaton<Meant>,
    /// What was counted in life.
    pub life: Life,
    /// Where each server software is told which client certificates to trust: stack, setting.
    pub client_ca: Vec<(String, String)>,
    /// How a fault is fixed in the words of a stack.
    pub settings: Vec<Setting>,
    /// What is wrong with the files; empty in a program that passed its tests.
    pub problems: Vec<String>,
}

/// Where each entry is.
fn by_id(entries: &[Entry], problems: &mut Vec<String>) -> HashMap<String, usize> {
    let mut by_id = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        if by_id.insert(entry.id.clone(), index).is_some() {
            problems.push(format!(
                "{}.toml: `{}` is there twice",
                entry.file, entry.id
            ));
        }
    }
    by_id
}

/// Where a text stands, and whether it was read there.
fn cited(source: &str, read: &str, compared: bool) -> String {
    match compared {
        true => format!("{source} ({read})"),
        false => format!("{source}; this text was not compared with it"),
    }
}

/// The dictionary of this program.
pub fn dictionary() -> &'static Dictionary {
    static DICTIONARY: LazyLock<Dictionary> =
        LazyLock::new(|| Dictionary::read(FILES).with_life(Life::shipped()));
    &DICTIONARY
}

impl Dictionary {
    /// Reads these files; what cannot be read is left out and told in `problems`.
    pub fn read(files: &[(&'static str, &str)]) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let mut rows: Vec<Says> = Vec::new();
        let mut frames = Vec::new();
        let mut markers = Vec::new();
        let mut patterns: Vec<(String, Meant)> = Vec::new();
        let mut problems = Vec::new();
        let (mut client_ca, mut settings) = (Vec::new(), Vec::new());
        for &(name, text) in files {
            let file: File = match toml::from_str(text) {
                Ok(file) => file,
                Err(error) => {
                    problems.push(format!("{name}.toml: {error}"));
                    continue;
                }
            };
            if let Some(setting) = file.client_ca {
                client_ca.push((file.stack.clone(), setting));
            }
            settings.extend(file.fix.into_iter().map(|(fault, text)| Setting {
                stack: file.stack.clone(),
                fault,
                text,
            }));
            add_frames(name, file.frame, &mut frames, &mut patterns);
            for row in file.number {
                let mut words = Vec::new();
                plain(row.before.as_bytes(), &mut words);
                let words = String::from_utf8_lossy(&words).into_owned();
                if !row.asked {
                    patterns.push((row.before, Meant::Marker(markers.len())));
                }
                markers.push(Marker {
                    of: row.of,
                    words: words
                        .trim_matches(|c: char| !c.is_ascii_alphanumeric())
                        .to_owned(),
                });
            }
            let cite = |compared: Option<bool>| {
                cited(&file.source, &file.read, compared.unwrap_or(file.compared))
            };
            for row in file.message {
                let index = entries.len();
                for words in &row.says {
                    patterns.push((words.clone(), Meant::Entry(index)));
                }
                let first = row.says.first().cloned().unwrap_or_default();
                entries.push(Entry {
                    id: row.id.unwrap_or_else(|| format!("{name}: {first}")),
                    file: name,
                    stack: file.stack.clone(),
                    versions: file.versions.clone(),
                    source: cite(row.compared),
                    name: row.name,
                    says: row.says,
                    telling: row.kind.unwrap_or(Specificity::Wrapper),
                    turned: row.turned.unwrap_or(Turned::Either),
                    printer: row.printer,
                    weak: row.weak,
                    page: row.page,
                    holder_acts: row.holder_acts,
                    meaning: row.meaning.unwrap_or_default(),
                    faults: row.faults.unwrap_or_default(),
                    seen: row.seen,
                    concept: index,
                });
                let says = Says {
                    same_as: row.same_as,
                    kind: row.kind.is_some(),
                    turned: row.turned.is_some(),
                };
                if says.same_as.is_none() && !(says.kind && says.turned) {
                    problems.push(format!("{name}.toml: `{first}` has no kind or turned"));
                }
                rows.push(says);
            }
        }
        let by_id = by_id(&entries, &mut problems);
        inherit(&mut entries, &rows, &by_id, &mut problems);
        Self {
            automaton: Automaton::new(&patterns),
            entries,
            frames,
            markers,
            by_id,
            life: Life::default(),
            client_ca,
            settings,
            problems,
        }
    }

    /// With what was counted in life.
    #[must_use]
    pub fn with_life(self, life: Life) -> Self {
        Self { life, ..self }
    }

    /// The entry of this id.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.by_id.get(id).map(|&index| &self.entries[index])
    }
}

/// Takes in a file's frames.
fn add_frames(
    name: &'static str,
    rows: Vec<FrameRow>,
    frames: &mut Vec<Frame>,
    patterns: &mut Vec<(String, Meant)>,
) {
    for row in rows {
        for words in row.says {
            patterns.push((words.clone(), Meant::Frame(frames.len())));
            frames.push(Frame {
                file: name,
                words,
                printer: row.printer,
                of_tls: !row.name_only,
            });
        }
    }
}

/// What a row says itself, and what it leaves to the entry it is another wording of.
struct Says {
    same_as: Option<String>,
    kind: bool,
    turned: bool,
}

/// Gives other wordings what their concept has and they do not say themselves.
fn inherit(
    entries: &mut [Entry],
    rows: &[Says],
    by_id: &HashMap<String, usize>,
    problems: &mut Vec<String>,
) {
    for index in 0..entries.len() {
        let says = &rows[index];
        let Some(id) = &says.same_as else { continue };
        let Some(&concept) = by_id.get(id) else {
            problems.push(format!("{}: no entry `{id}`", entries[index].id));
            continue;
        };
        let of = entries[concept].clone();
        let entry = &mut entries[index];
        entry.concept = of.concept;
        if !says.kind {
            entry.telling = of.telling;
        }
        if !says.turned {
            entry.turned = of.turned;
        }
        if entry.printer.is_none() {
            entry.printer = of.printer;
        }
        entry.holder_acts |= of.holder_acts;
        if entry.meaning.is_empty() {
            entry.meaning = of.meaning;
        }
        if entry.faults.is_empty() {
            entry.faults = of.faults;
        }
        if entry.name.is_none() {
            entry.name = of.name;
        }
    }
}
