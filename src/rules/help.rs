//! What several rules need: which certificates a chain's problems point at, and words for sides,
//! places and spans of time.

use jiff::{SignedDuration, Timestamp};

pub(super) use super::commands::{
    anchors_file, argument, asked_host, fixed, host_port, is_plain_host, key_argument, make_key,
    on_disk, public_half_of, public_key_of, repair, request_again, request_for, shell, show,
};

use crate::{
    facts::{Accepted, Certificate, Chain, FetchedIssuer, Part, Place, Problem, Side, TrustStatus},
    finding::{Act, Hit, Severity, Verdict},
    parse::ids::is_grease,
};

/// `client` or `server`.
pub(super) fn word(side: Side) -> &'static str {
    match side {
        Side::Client => "client",
        Side::Server => "server",
    }
}

/// The side that owns a chain has to fix it.
pub(super) fn owner(side: Side) -> Act {
    match side {
        Side::Client => Act::Client,
        Side::Server => Act::Server,
    }
}

/// The place of a chain's certificate.
pub(super) fn place(chain: &Chain, index: usize) -> Place {
    chain.place(index)
}

/// The chain in words: `the server's chain`. Its file is where the finding is placed.
pub(super) fn the_chain(chain: &Chain) -> String {
    format!("the {}'s chain", word(chain.role))
}

/// What holds the certificates of a chain: `the file contains`, or `the server sent`.
pub(super) fn holds(chain: &Chain) -> String {
    match path(chain) {
        Some(_) => "the file contains".to_owned(),
        None => format!("the {} sent", word(chain.role)),
    }
}

/// The lines of a chain's leaf, in a file.
fn lines(chain: &Chain) -> Option<&Place> {
    let link = chain.links.get(chain.leaf).or(chain.links.first())?;
    link.lines.as_ref()
}

/// The file that a chain is in.
pub(super) fn path(chain: &Chain) -> Option<&str> {
    match lines(chain) {
        Some(Place::File { path, .. }) => Some(path),
        _ => None,
    }
}

/// Whether it is another's chain, seen on the wire: there is nothing to renew or reorder before it
/// is deployed.
pub(super) fn of_a_caller(chain: &Chain) -> bool {
    chain.role == Side::Client && !chain.in_file()
}

/// Whether path validation had anchors to judge against.
pub(super) fn judged(chain: &Chain) -> bool {
    chain
        .trust
        .as_ref()
        .is_some_and(|trust| trust.status != TrustStatus::Unknown || trust.unanswered())
}

/// Whether a certificate's issuer is most likely a root: it is called one, and nothing says where
/// to fetch it, which a certificate below an intermediate mostly does.
pub(super) fn below_a_root(certificate: &Certificate) -> bool {
    certificate.form.issuer_urls.is_empty() && issuer_is_called_root(certificate)
}

/// Whether a certificate's issuer has "root" for a word of its name.
pub(super) fn issuer_is_called_root(certificate: &Certificate) -> bool {
    let says_root = |name: &String| {
        name.split(|character: char| !character.is_ascii_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case("root"))
    };
    let name = certificate.form.issuer_common_name.as_ref();
    name.is_some_and(says_root)
}

/// The place of a chain as a whole.
pub(super) fn whole(chain: &Chain) -> Place {
    match lines(chain) {
        Some(place) => place.clone(),
        None => Place::wire(chain.role, "Certificate"),
    }
}

/// `leaf`, `intermediate` or `root`.
pub(super) fn kind(chain: &Chain, index: usize) -> &'static str {
    match chain.part(index) {
        Part::Leaf => "leaf",
        Part::Intermediate => "intermediate",
        Part::Root => "root",
    }
}

/// A certificate that a rule holds something against.
pub(super) struct Suspect<'a> {
    chain: &'a Chain,
    /// Its index and itself, when the peer sent it.
    pub(super) sent: Option<(usize, &'a Certificate)>,
    /// What path validation said, when it said anything.
    pub(super) problem: Option<&'a Problem>,
    /// What the rule's own look at the certificate said; else the problem's reason.
    pub(super) why: String,
}

impl Suspect<'_> {
    /// For example `the client's leaf`.
    pub(super) fn which(&self) -> String {
        let side = word(self.chain.role);
        match (self.sent, self.problem) {
            (Some((index, _)), _) => format!("the {side}'s {}", kind(self.chain, index)),
            (None, Some(problem)) => {
                format!(
                    "the certificate at depth {} above the {side}'s chain",
                    problem.depth
                )
            }
            (None, None) => format!("a certificate of the {side}"),
        }
    }

    /// Its subject, or what stands for it.
    pub(super) fn subject(&self) -> String {
        match (self.sent, self.problem) {
            (Some((_, certificate)), _) => certificate.label(),
            (None, Some(problem)) => problem.subject.clone(),
            (None, None) => String::new(),
        }
    }

    /// A hit about it. Where a full path validation was content all the same, it is a warning: some
    /// verifier will not be.
    pub(super) fn hit(&self, message: impl Into<String>, remedy: impl Into<String>) -> Hit {
        let index = self.sent.map(|(index, _)| index);
        let place = match index {
            Some(index) => place(self.chain, index),
            None => whole(self.chain),
        };
        let mut hit = Hit::new(message, self.subject(), place, remedy).act(owner(self.chain.role));
        if let Some(problem) = self.problem {
            hit = hit.evidence(
                "openssl",
                format!(
                    "error {} at depth {}: {}",
                    problem.error.num, problem.depth, problem.error.text
                ),
            );
        } else if trusted(self.chain) {
            hit = hit.severity(Severity::Warning);
        }
        if let Some((_, certificate)) = self.sent {
            hit = hit.evidence("sha256", certificate.sha256.clone());
        }
        hit
    }
}

/// The certificates of a chain that `look` holds something against or that a problem of these
/// numbers is about, one suspect each.
pub(super) fn suspects<'a>(
    chain: &'a Chain,
    numbers: &[u32],
    look: impl Fn(usize, &Certificate) -> Option<String>,
) -> Vec<Suspect<'a>> {
    // Looked up once a problem: a hostile file may hold thousands of certificates.
    let problems: Vec<(&Problem, Option<usize>)> = problems(chain, numbers)
        .map(|problem| (problem, sent_index(chain, problem)))
        .collect();
    let mut suspects: Vec<Suspect<'a>> = Vec::new();
    for (index, certificate) in chain.certificates().enumerate() {
        let problem = problems
            .iter()
            .find(|(_, sent)| *sent == Some(index))
            .map(|(problem, _)| *problem);
        // The fields of a certificate that could not be read are empty: there is nothing to look
        // at.
        let seen = match certificate.unreadable {
            None => look(index, certificate),
            Some(_) => None,
        };
        if let Some(why) = seen.or_else(|| problem.map(|problem| problem.why.clone())) {
            suspects.push(Suspect {
                chain,
                sent: Some((index, certificate)),
                problem,
                why,
            });
        }
    }
    for (problem, sent) in problems {
        let known = suspects
            .iter()
            .filter_map(|suspect| suspect.problem)
            .any(|other| other.depth == problem.depth);
        if !known && sent.is_none() {
            suspects.push(Suspect {
                chain,
                sent: None,
                problem: Some(problem),
                why: problem.why.clone(),
            });
        }
    }
    suspects
}

/// A verdict with one hit a suspect.
pub(super) fn verdict(suspects: &[Suspect<'_>], hit: impl Fn(&Suspect<'_>) -> Hit) -> Verdict {
    Verdict::from_hits(suspects.iter().map(hit).collect())
}

/// The problems of these numbers.
pub(super) fn problems<'a>(chain: &'a Chain, numbers: &[u32]) -> impl Iterator<Item = &'a Problem> {
    chain
        .trust
        .iter()
        .flat_map(|trust| &trust.problems)
        .filter(|problem| numbers.contains(&problem.error.num))
}

/// The index at which the peer sent the certificate that a problem is about.
pub(super) fn sent_index(chain: &Chain, problem: &Problem) -> Option<usize> {
    let trust = chain.trust.as_ref()?;
    match trust.path.get(problem.depth) {
        Some(sha256) => chain
            .certificates()
            .position(|certificate| &certificate.sha256 == sha256),
        None => chain
            .certificates()
            .position(|certificate| certificate.subject == problem.subject),
    }
}

/// Whether path validation was content.
pub(super) fn trusted(chain: &Chain) -> bool {
    chain
        .trust
        .as_ref()
        .is_some_and(|trust| trust.status == TrustStatus::Trusted)
}

/// The issuer of a certificate, where it was fetched.
pub(super) fn fetched_above<'a>(
    chain: &'a Chain,
    certificate: &Certificate,
) -> Option<&'a FetchedIssuer> {
    chain.fetched.as_deref()?.issuer_of(certificate)
}

/// The same, where it is a root.
pub(super) fn is_below_a_fetched_root(chain: &Chain, certificate: &Certificate) -> bool {
    fetched_above(chain, certificate).is_some_and(|issuer| issuer.certificate.self_issued)
}

/// The hit about a missing intermediate that was fetched: where from, and the command that adds it
/// to the file.
pub(super) fn with_fetched(hit: Hit, chain: &Chain, issuer: &FetchedIssuer) -> Hit {
    let from = format!("{}, sha256 {}", issuer.url, issuer.certificate.sha256);
    let hit = hit.evidence("fetched from", from);
    let fetch = match chain.fetched.iter().any(|fetched| fetched.private) {
        true => "--fetch --fetch-private",
        false => "--fetch",
    };
    match path(chain).filter(|path| on_disk(path)) {
        Some(path) => hit.fix(format!(
            "mtls lint --cert {} {fetch} --fix --out {}",
            shell(path),
            fixed(path)
        )),
        None => hit.step(format!(
            "mtls lint --cert fullchain.pem {fetch} --fix --out complete.pem   # of the file that is sent"
        )),
    }
}

/// Whether the path ends at the leaf because its issuer is neither sent nor trusted, though the
/// leaf names another as its issuer.
pub(super) fn lacks_issuer_of_leaf(chain: &Chain) -> bool {
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return false;
    };
    !leaf.self_issued
        && !below_a_root(leaf)
        && !is_below_a_fetched_root(chain, leaf)
        && problems(chain, &[20, 21]).any(|problem| problem.depth == 0)
        && !chain
            .certificates()
            .any(|certificate| certificate.subject == leaf.issuer)
}

/// Whether the server's certificate had gone out when the connection ended.
pub(super) fn server_certificate_sent(handshake: &Accepted) -> bool {
    handshake.tls.negotiated.is_some()
        || handshake
            .tls
            .server_chain
            .as_ref()
            .is_some_and(|chain| !chain.links.is_empty())
}

/// How far apart two moments are, in the largest unit that fits: `3 days`.
pub(super) fn apart(a: Timestamp, b: Timestamp) -> String {
    span(a.duration_since(b))
}

/// A span of time in its one fitting unit, the sign left out.
pub(crate) fn span(duration: SignedDuration) -> String {
    let (count, unit) = match duration.abs().as_secs() {
        seconds @ 0..60 => (seconds, "second"),
        seconds @ 60..3_600 => (seconds / 60, "minute"),
        seconds @ 3_600..86_400 => (seconds / 3_600, "hour"),
        seconds => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// The number of a protocol version in words.
pub(super) fn version(number: u16) -> String {
    match number {
        0x0002 => "SSL 2.0".into(),
        0x0300 => "SSL 3.0".into(),
        0x0301 => "TLS 1.0".into(),
        0x0302 => "TLS 1.1".into(),
        0x0303 => "TLS 1.2".into(),
        0x0304 => "TLS 1.3".into(),
        other => format!("0x{other:04X}"),
    }
}

/// These numbers by name; at most eight, GREASE (RFC 8701) left out.
pub(super) fn list(values: &[u16], name: fn(u16) -> String) -> String {
    let values: Vec<u16> = values.iter().copied().filter(|&v| !is_grease(v)).collect();
    let mut words: Vec<String> = values.iter().take(8).map(|&value| name(value)).collect();
    if values.len() > words.len() {
        words.push(format!("{} more", values.len() - words.len()));
    }
    if words.is_empty() {
        "none".into()
    } else {
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::ids::group_name;

    #[test]
    fn spans_of_time_read_well() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let noon = at("2026-11-23T12:00:00Z");
        assert_eq!(apart(noon, at("2026-11-23T11:59:59Z")), "1 second");
        assert_eq!(apart(at("2026-11-23T10:00:00Z"), noon), "2 hours");
        assert_eq!(apart(noon, at("2026-11-20T11:00:00Z")), "3 days");
    }

    #[test]
    fn lists_leave_grease_out() {
        assert_eq!(list(&[0x6a6a], group_name), "none");
        assert_eq!(list(&[0x6a6a, 0x001d], group_name), "x25519");
    }
}
