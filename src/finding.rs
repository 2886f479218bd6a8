//! What a rule is and what it says.
//!
//! For: `rules` (which define them), `engine` (which runs them), `render` (which prints them).
//! Must not: know any particular rule.

use serde::Serialize;

use crate::{
    context::Context,
    facts::{
        Accepted, Bundle, Call, Case, Certificate, Chain, Dialled, FileFacts, HttpExchange, Part,
        Place, Probe, ReadinessId, Requirement, Site, Token,
    },
};

/// How bad a finding is. Data, not part of a rule's code, so that it can change.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing breaks.
    Note,
    /// Will break, or breaks for some peers.
    Warning,
    /// Breaks now.
    Error,
}

/// Whether the facts prove the finding or only make it the best explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Seen.
    Proven,
    /// Inferred.
    Likely,
}

/// The side that has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// The sender of the webhook, the TLS client.
    Client,
    /// The owner of the webhook, the TLS server.
    Server,
    /// Either, by what they want.
    Either,
}

/// What other programs show when this rule's fault is at work; the reverse index of `explain` is made of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symptom {
    /// A TLS alert number.
    Alert(u8),
    /// An OpenSSL verification error number (`X509_V_ERR_*`).
    Verify(u32),
    /// A requirement of the certificate profile that is not kept.
    Breaks(Requirement),
    /// Words of a message, lower case.
    Says(&'static str),
}

/// A source and the date of the version that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Citation {
    /// For example `RFC 5280 section 4.2.1.12`.
    pub source: &'static str,
    /// Its date, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: &'static str,
}

/// A chain's certificate, with its surroundings.
#[derive(Clone, Copy, Debug)]
pub struct CertificateAt<'a> {
    /// The chain it stands in.
    pub chain: &'a Chain,
    /// Its index there.
    pub index: usize,
    /// The certificate.
    pub certificate: &'a Certificate,
}

impl CertificateAt<'_> {
    /// What it is within its chain.
    pub fn part(&self) -> Part {
        self.chain.part(self.index)
    }
}

/// The function behind a rule, by the kind of thing it looks at. The engine walks a case down to that kind.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Every certificate of every chain.
    Certificate(fn(CertificateAt<'_>, &Context) -> Verdict),
    /// Every chain that proves an identity; sets of anchors are left to `Certificate` and `Bundle`.
    Chain(fn(&Chain, &Context) -> Verdict),
    /// The address of a server, by its configuration.
    Site(fn(&Site, &Context) -> Verdict),
    /// The connection.
    Accepted(fn(&Accepted, &Context) -> Verdict),
    /// Every HTTP exchange.
    Http(fn(&HttpExchange, &Context) -> Verdict),
    /// Every bearer token.
    Token(fn(&Token, &Context) -> Verdict),
    /// The call that was made.
    Call(fn(&Call, &Context) -> Verdict),
    /// Every connection of ours to a server: a call's, an inspection's.
    Dialled(fn(&Dialled, &Context) -> Verdict),
    /// The endpoint that was inspected.
    Probe(fn(&Probe, &Context) -> Verdict),
    /// Every file.
    File(fn(&FileFacts, &Context) -> Verdict),
    /// Every chain from files, with its key.
    Bundle(fn(&Bundle, &Context) -> Verdict),
    /// The case as a whole: what only shows when several of its parts are seen together.
    Case(fn(&Case, &Context) -> Verdict),
    /// The case as a whole and what all other rules have found in it: asked last.
    After(fn(&Case, &[Finding], &Context) -> Verdict),
}

/// A rule's answer about one subject: hit, pass and not-applicable are three answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does not apply here, and why.
    NotApplicable(&'static str),
    /// Looked at, and fine.
    Pass,
    /// At fault.
    Hit(Vec<Hit>),
}

impl Verdict {
    /// One hit.
    pub fn hit(hit: Hit) -> Self {
        Self::Hit(vec![hit])
    }

    /// The hits, or `Pass` when there are none.
    pub fn from_hits(hits: Vec<Hit>) -> Self {
        if hits.is_empty() {
            Self::Pass
        } else {
            Self::Hit(hits)
        }
    }
}

/// One label and value that support a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Evidence {
    /// What it is.
    pub label: String,
    /// What was seen.
    pub value: String,
}

/// What a line of a remedy does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CommandKind {
    /// Fixes it: run as it is, the finding is gone, from the file itself or from the new file that
    /// the command writes.
    Fix,
    /// A step towards the fix that needs something else: a file, a name, the CA's answer.
    Step,
    /// Only looks; changes nothing.
    Check,
    /// Not for a shell: a line for a configuration file.
    Setting,
}

/// A line of a remedy, ready to paste. Reads as its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct Command {
    /// What it does.
    pub kind: CommandKind,
    /// The command or the configuration line.
    pub line: String,
}

impl Command {
    /// What to print before the line: a command that only looks says so.
    pub fn lead(&self) -> &'static str {
        match self.kind {
            CommandKind::Fix | CommandKind::Step | CommandKind::Setting => "",
            CommandKind::Check => "check: ",
        }
    }
}

impl std::ops::Deref for Command {
    type Target = str;

    fn deref(&self) -> &str {
        &self.line
    }
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Remedy {
    /// In one or two sentences.
    pub text: String,
    /// Commands and configuration lines, in the order in which they are used.
    pub commands: Vec<Command>,
}

/// One fault found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What was found and what was expected; lower case, one line, without a final full stop.
    pub message: String,
    /// What it is about.
    pub subject: String,
    /// Where it was seen.
    pub place: Place,
    /// What supports it.
    pub evidence: Vec<Evidence>,
    /// What to do.
    pub remedy: Remedy,
    /// A severity other than the rule's own, where the facts ask for one.
    pub severity: Option<Severity>,
    /// A certainty other than the rule's own.
    pub certainty: Option<Certainty>,
    /// A side to act other than the rule's own: a rule about chains serves both ends.
    pub act: Option<Act>,
    /// The outlook on a sender that it says in full.
    pub readiness: Option<ReadinessId>,
}

impl Hit {
    /// A hit with a message about `subject`, seen at `place`, and the remedy.
    pub fn new(
        message: impl Into<String>,
        subject: impl Into<String>,
        place: Place,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            message: message.into(),
            subject: subject.into(),
            place,
            evidence: Vec::new(),
            remedy: Remedy {
                text: remedy.into(),
                commands: Vec::new(),
            },
            severity: None,
            certainty: None,
            act: None,
            readiness: None,
        }
    }

    /// Adds a piece of evidence.
    #[must_use]
    pub fn evidence(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.evidence.push(Evidence {
            label: label.into(),
            value: value.into(),
        });
        self
    }

    /// Adds a command that fixes it when it is run as it is.
    #[must_use]
    pub fn fix(self, line: impl Into<String>) -> Self {
        self.command(CommandKind::Fix, line)
    }

    /// Adds a command that is a step of the fix.
    #[must_use]
    pub fn step(self, line: impl Into<String>) -> Self {
        self.command(CommandKind::Step, line)
    }

    /// Adds a command that only looks.
    #[must_use]
    pub fn check(self, line: impl Into<String>) -> Self {
        self.command(CommandKind::Check, line)
    }

    /// Adds a line for a configuration file.
    #[must_use]
    pub fn setting(self, line: impl Into<String>) -> Self {
        self.command(CommandKind::Setting, line)
    }

    /// Adds a line of this kind.
    #[must_use]
    pub fn command(mut self, kind: CommandKind, line: impl Into<String>) -> Self {
        self.remedy.commands.push(Command {
            kind,
            line: line.into(),
        });
        self
    }

    /// Overrides the rule's severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Overrides the rule's certainty.
    #[must_use]
    pub fn certainty(mut self, certainty: Certainty) -> Self {
        self.certainty = Some(certainty);
        self
    }

    /// It is this outlook.
    #[must_use]
    pub fn readiness(mut self, id: ReadinessId) -> Self {
        self.readiness = Some(id);
        self
    }

    /// Overrides the rule's side to act.
    #[must_use]
    pub fn act(mut self, act: Act) -> Self {
        self.act = Some(act);
        self
    }
}

/// A rule. Written once, in its own file, by [`rule!`](crate::rule!).
#[derive(Debug)]
pub struct Rule {
    /// `MT` and three digits, never reused.
    pub code: &'static str,
    /// Kebab-case, names the fault.
    pub name: &'static str,
    /// How bad it usually is.
    pub severity: Severity,
    /// How sure the check can be.
    pub certainty: Certainty,
    /// Who has to act.
    pub act: Act,
    /// The version of this program that first had it.
    pub since: &'static str,
    /// Where the requirement stands.
    pub cites: &'static [Citation],
    /// The fault ids it finds (`faults.json`'s vocabulary).
    pub faults: &'static [&'static str],
    /// What others show when it is at work.
    pub symptoms: &'static [Symptom],
    /// The reference page: the rule's doc comment, Markdown.
    pub doc: &'static str,
    /// The check.
    pub check: Check,
    /// A case that must hit.
    #[cfg(test)]
    pub fires_on: fn() -> (crate::facts::Case, Context),
    /// A case that must not.
    #[cfg(test)]
    pub silent_on: fn() -> (crate::facts::Case, Context),
}

impl PartialEq for Rule {
    /// A code stands for one rule.
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

/// What a finding is about: the subject that the engine asked its rule about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// The case as a whole.
    Case,
    /// The server configuration.
    Site,
    /// The connection: a client's to us, ours to a server.
    Connection,
    /// The chain at this place of [`Case::chains`].
    Chain(usize),
    /// A certificate: the place of its chain in [`Case::chains`], its place in the chain.
    Link(usize, usize),
    /// The file at this place of [`Case::files`](Case#structfield.files).
    File(usize),
    /// The HTTP exchange at this place.
    Exchange(usize),
    /// A bearer token: of the requests in their order, then the one that was given by itself.
    Token(usize),
}

impl About {
    /// The chain that it is about, by its place in [`Case::chains`].
    pub fn chain(self) -> Option<usize> {
        match self {
            Self::Chain(chain) | Self::Link(chain, _) => Some(chain),
            _ => None,
        }
    }
}

/// A hit with its rule.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that hit.
    pub rule: &'static Rule,
    /// What it was asked about.
    pub about: About,
    /// Its severity here.
    pub severity: Severity,
    /// How sure it is here.
    pub certainty: Certainty,
    /// Who has to act here.
    pub act: Act,
    /// What it found.
    pub hit: Hit,
}

impl Finding {
    /// A finding of `rule`; what the hit leaves open is the rule's own.
    pub fn new(rule: &'static Rule, about: About, hit: Hit) -> Self {
        Self {
            rule,
            about,
            severity: hit.severity.unwrap_or(rule.severity),
            certainty: hit.certainty.unwrap_or(rule.certainty),
            act: hit.act.unwrap_or(rule.act),
            hit,
        }
    }
}

/// A finding that is known and not told as one.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// Why it is known.
    pub reason: String,
    /// The last day on which that holds; `None` = no end.
    pub until: Option<jiff::civil::Date>,
}
