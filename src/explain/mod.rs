//! What a message of any stack means: who refused whom, every fault it can stand for, whose move it
//! is, and how to tell.
//!
//! For: `cli` (`mtls explain`). Must not: read files or clocks, or hold a sentence about a stack
//! that is not in the dictionary.
//!
//! Everything known is data: `dictionary/*.toml` has one file a stack, `faults.toml` what can be
//! wrong, `reasons.txt` the numbers of OpenSSL. Patterns are the words of a message that carry its
//! meaning, so that prefixes, times, hosts and wrappers do not matter; one automaton looks for all
//! of them at once. How likely a fault is behind a text was counted in real runs
//! (`tests/explain/counts.rs`).

mod answer;
mod causes;
mod codes;
mod connection;
pub mod dictionary;
pub mod evidence;
mod fault;
pub mod life;
pub mod log;
mod pattern;
mod query;
mod recognise;
mod root;
mod sender;

use serde::Serialize;

use crate::{
    facts::Side,
    finding::{Act, Rule},
};

pub use causes::{TWINS, Weights};
pub use dictionary::{Dictionary, dictionary};
pub use evidence::{Evidence, Scope};
pub use fault::{Area, Fault, Fix, fault, faults};
pub use log::Log;
pub use query::query;
pub use recognise::{Found, ToldBy};
pub use sender::{AnchorNote, IdentityNote, SenderNote, sender};

/// How much a text says about its cause. The order is that of telling power.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Deserialize,
    Serialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Specificity {
    /// It goes around another message and says only that something failed.
    Wrapper,
    /// An exit code.
    Code,
    /// An HTTP status.
    Status,
    /// How a connection ended.
    Ending,
    /// An alert: one side refused, in one word.
    Alert,
    /// It names the reason.
    Reason,
}

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A rule of this program.
    Rule,
    /// A TLS alert.
    Alert,
    /// A message of a stack.
    Message,
    /// A number: an exit code, a packed error code.
    Code,
    /// A fault, by its id.
    Fault,
}

/// Which side refused the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RefusedBy {
    /// The client refused the server.
    Client,
    /// The server refused the client.
    Server,
    /// A program refused its own files; the other side has no part in it.
    Local,
    /// The text does not say.
    Unknown,
}

/// How likely a fault is behind a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Likelihood {
    /// It can be.
    Possible,
    /// One of the first to look at.
    Likely,
    /// It is: the text stands for nothing else, or the facts prove it.
    Certain,
}

/// A fault that a text can stand for.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Cause {
    /// Its id.
    pub fault: &'static str,
    /// What it is, in words.
    pub title: &'static str,
    /// How likely it is.
    pub likelihood: Likelihood,
    /// Its share of the runs in which this text was printed, 0 to 1; null where none was counted or nobody knows who printed it.
    pub share: Option<f64>,
    /// Who has to act.
    pub side_to_act: Act,
    /// How to find out whether it is this one.
    pub how_to_tell: &'static str,
    /// The command in that, if there is one.
    pub check: Option<&'static str>,
    /// What to do.
    pub remedy: &'static str,
    /// The same without its command.
    #[serde(skip)]
    pub fix: &'static str,
    /// The command in that, if there is one.
    pub run: Option<&'static str>,
    /// What the side that need not act can do instead.
    pub otherwise: Option<&'static str>,
    /// The rules that find it.
    pub rules: Vec<&'static str>,
    /// What it weighs among the causes of its text, 0 to 1.
    #[serde(skip)]
    pub weight: f64,
}

impl Cause {
    /// What is known of a fault, as a cause of the given likelihood. `act` is the word of its text
    /// about who has to act.
    fn of(fault: &'static Fault, act: Option<Act>, likelihood: Likelihood) -> Self {
        let fix = fault.fixed_by(act);
        Self {
            fault: &fault.id,
            title: &fault.title,
            likelihood,
            share: None,
            side_to_act: fix.act,
            how_to_tell: &fault.tell,
            check: fault.check.as_deref(),
            remedy: match fix.act == fault.act {
                true => &fault.remedy,
                false => fix.text,
            },
            fix: fix.text,
            run: fix.run,
            otherwise: fix.otherwise,
            rules: fault.rules.clone(),
            weight: 1.0,
        }
    }
}

/// A cause that evidence rules out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RuledOut {
    /// Its id.
    pub fault: &'static str,
    /// The rule that looked and found nothing.
    pub rule: &'static str,
    /// Why it cannot be.
    pub why: String,
}

/// One known text.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Match {
    /// The line it was found in, cut to a bearable length.
    pub text: String,
    /// What was recognised in it.
    pub id: String,
    /// Whose message it is.
    pub stack: String,
    /// The program whose own words stand beside it, where the message is of no program.
    pub program: Option<&'static str>,
    /// What kind of thing it is.
    pub kind: Kind,
    /// How much it says.
    pub telling: Specificity,
    /// What it means.
    pub meaning: String,
    /// The side that printed it, if that is known.
    pub printed_by: Option<Side>,
    /// How that is known.
    pub printed_because: Option<String>,
    /// Whether something beside the message tells that: words, another line, a page's being one.
    #[serde(skip)]
    pub printed_told: bool,
    /// Who was turned away, from the point of view of the side that printed it.
    pub turned_away: dictionary::Turned,
    /// The side that refused the other.
    pub refused_by: RefusedBy,
    /// What it can stand for, most likely first.
    pub causes: Vec<Cause>,
    /// What evidence ruled out.
    pub struck: Vec<RuledOut>,
    /// The one command that tells the causes apart, if there is more than one.
    pub tell_apart: Option<&'static str>,
    /// The first line of a log it was found in, from 1.
    pub line: Option<u64>,
    /// In how many lines.
    pub count: u64,
    /// Of a fault: what programs print for it, one text a program, the most frequent first.
    pub printed_as: Vec<Printed>,
    /// Where its meaning comes from, and when that was read.
    pub source: String,
}

/// What a program prints for a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Printed {
    /// The program.
    pub stack: String,
    /// Its text; `...` stands for what differs.
    pub text: String,
}

impl Match {
    /// Something known of which no fault is known.
    fn without_causes(
        kind: Kind,
        telling: Specificity,
        id: String,
        stack: &str,
        text: &str,
    ) -> Self {
        Self {
            text: answer::shown(text),
            id,
            stack: stack.to_owned(),
            program: None,
            kind,
            telling,
            meaning: String::new(),
            printed_by: None,
            printed_because: None,
            printed_told: false,
            turned_away: dictionary::Turned::Either,
            refused_by: RefusedBy::Unknown,
            causes: Vec::new(),
            struck: Vec::new(),
            tell_apart: None,
            line: None,
            count: 1,
            printed_as: Vec::new(),
            source: String::new(),
        }
    }
}

/// What is at the bottom of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RootCause {
    /// The fault's id.
    pub fault: &'static str,
    /// The text that tells it.
    pub text: String,
    /// Why this one.
    pub why: String,
}

/// What connections of a log had in common: how they failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Failure {
    /// The likeliest fault.
    pub fault: &'static str,
    /// What it is, in words.
    pub title: &'static str,
    /// Who has to act.
    pub side_to_act: Act,
    /// How many faults are likely behind its text.
    pub faults: usize,
    /// Connections that failed so.
    pub connections: u64,
    /// Different addresses that they came from, as far as the log names them.
    pub addresses: u64,
    /// The first line that tells it, from 1.
    pub line: u64,
    /// That line, cut to a bearable length.
    pub text: String,
    /// How much it says.
    pub telling: Specificity,
}

/// A text in lines of which nothing tells the connection: whether they are of those that were
/// counted is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Unnamed {
    /// The likeliest fault.
    pub fault: &'static str,
    /// What it is, in words.
    pub title: &'static str,
    /// Who has to act.
    pub side_to_act: Act,
    /// How many faults are likely behind its text.
    pub faults: usize,
    /// How much it says.
    pub telling: Specificity,
    /// The first of the lines, cut to a bearable length.
    pub text: String,
    /// How many lines there are.
    pub lines: u64,
    /// The first of them, from 1.
    pub line: u64,
}

impl Failure {
    /// What it is, in words, and whether its text tells that from other faults.
    pub fn words(&self) -> String {
        words(self.title, self.faults, self.telling)
    }
}

impl Unnamed {
    /// The same.
    pub fn words(&self) -> String {
        words(self.title, self.faults, self.telling)
    }
}

/// A fault in words, and whether a text tells it from others.
fn words(title: &str, faults: usize, telling: Specificity) -> String {
    match faults {
        2.. if telling < Specificity::Alert => {
            format!("the log gives no reason; perhaps {title}")
        }
        0 | 1 => title.to_owned(),
        2 => format!("{title}, or another likely fault"),
        several => format!("{title}, or one of {} other likely faults", several - 1),
    }
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Explanation {
    /// What was asked; `-` for a log.
    pub query: String,
    /// The rule that was asked for, by its code or name.
    #[serde(skip)]
    pub rule: Option<&'static Rule>,
    /// The fault that was asked for, by its id.
    #[serde(skip)]
    pub fault: Option<&'static Fault>,
    /// Whether anything in it is known.
    pub known: bool,
    /// What was found, the most telling first.
    pub matches: Vec<Match>,
    /// What is at the bottom of it.
    pub root_cause: Option<RootCause>,
    /// How the connections of a log failed, where it is of more than one; the most telling and most frequent first.
    pub failures: Vec<Failure>,
    /// Texts of such a log in lines that name no connection.
    pub unnamed: Vec<Unnamed>,
    /// Lines read.
    pub lines: u64,
    /// Lines of them in which something is known.
    pub known_lines: u64,
}

impl Explanation {
    /// Whether the leading text is about an authority of the client's that the server does not trust: what a sender's new certificate meets.
    pub fn is_about_client_anchors(&self) -> bool {
        self.matches.first().is_some_and(|first| {
            let mut leading = first.causes.iter().map(|cause| cause.fault);
            let (one, two) = (leading.next(), leading.next());
            let missing = Some("client-missing-intermediate");
            let unknown = Some("client-unknown-ca");
            first.refused_by == RefusedBy::Server
                && (one == unknown || (one == missing && two == unknown))
        })
    }
}
