//! A case: everything collected about one thing looked at.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::{
    Accepted, Call, Certificate, ChainView, Connection, Dialled, Fetching, FileFacts, FileRole,
    HttpExchange, Inspected, Key, KeyProblem, Place, Probe, Revocation, Side, Site, Then, Token,
    TrustFacts, Violation, When, WouldAccept,
};

/// What a list of certificates is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChainUse {
    /// A chain that is, or will be, presented to prove who one is.
    #[default]
    Identity,
    /// Anchors that others are judged against.
    Anchors,
}

/// What a certificate is within its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The end entity.
    Leaf,
    /// An authority between leaf and root.
    Intermediate,
    /// A self-issued authority.
    Root,
}

/// A chain as it was presented or stands in a file, in its order.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Chain {
    /// The side it belongs to.
    pub role: Side,
    /// What it is for.
    pub holds: ChainUse,
    /// The certificates, in their order.
    #[serde(rename = "certificates")]
    #[schemars(with = "Vec<Certificate>")]
    pub links: Vec<Link>,
    /// Index of the leaf: 0 on the wire, found by structure in a file.
    pub leaf: usize,
    /// What path validation said; `None` when it was not asked (an empty chain, our own chain).
    pub trust: Option<TrustFacts>,
    /// The sender profile it matches, when it was compared.
    pub profile: Option<ProfileMatch>,
    /// It from several sides, where it was inspected.
    #[serde(skip)]
    pub view: Option<Box<ChainView>>,
    /// What was fetched for it (`--fetch`); `None` where nobody asked for that.
    #[serde(skip)]
    pub fetched: Option<Box<Fetching>>,
    /// Whether its certificates are revoked by lists at hand, the leaf first, where no trust anchor
    /// lets its path be judged; empty where there are no lists.
    #[serde(skip)]
    pub revocation: Vec<Revocation>,
    /// The file with its private key, when one was given: remedies name it.
    #[serde(skip)]
    pub key_path: Option<String>,
}

/// A certificate within a chain. Serialises as the certificate.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Link {
    /// The certificate: shared, since many connections present the same one.
    pub certificate: Arc<Certificate>,
    /// Its lines in a file; `None` for one from the wire.
    #[serde(skip)]
    pub lines: Option<Place>,
    /// What it does not keep of its profile; `None` where that was not looked at.
    #[serde(skip)]
    pub violations: Option<Vec<Violation>>,
}

impl Link {
    /// A certificate from the wire.
    pub fn new(certificate: impl Into<Arc<Certificate>>) -> Self {
        Self {
            certificate: certificate.into(),
            lines: None,
            violations: None,
        }
    }

    /// A certificate of a file.
    pub fn at(certificate: impl Into<Arc<Certificate>>, lines: Place) -> Self {
        Self {
            lines: Some(lines),
            ..Self::new(certificate)
        }
    }
}

/// The sender profile whose identity a chain proves, signatures checked up to one of the profile's anchors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ProfileMatch {
    /// The profile's name, for example `dialogflow`.
    pub profile: String,
    /// The identity within it: `current` or `legacy`.
    pub identity: String,
    /// The last day on which the sender still uses it, or the month; `None` when no end is known.
    pub until: Option<When>,
}

impl Chain {
    /// Whether its certificates are revoked, by what was fetched and by lists at hand.
    pub fn revocations(&self) -> impl Iterator<Item = &Revocation> {
        let fetched = self.fetched.iter().flat_map(|fetched| &fetched.revocation);
        fetched.chain(&self.revocation)
    }

    /// What the certificate at `index` is here.
    pub fn part(&self, index: usize) -> Part {
        let self_issued = self
            .certificate(index)
            .is_some_and(|certificate| certificate.self_issued);
        match self.holds {
            ChainUse::Identity if index == self.leaf => Part::Leaf,
            _ if self_issued => Part::Root,
            _ => Part::Intermediate,
        }
    }

    /// Where the certificate at `index` stands: its lines in the file, or its index on the wire.
    pub fn place(&self, index: usize) -> Place {
        match self.links.get(index).and_then(|link| link.lines.as_ref()) {
            Some(lines) => lines.clone(),
            None => Place::wire(self.role, format!("Certificate[{index}]")),
        }
    }

    /// Whether one of its certificates is in this file.
    pub fn is_in(&self, file: &str) -> bool {
        self.links
            .iter()
            .any(|link| matches!(&link.lines, Some(Place::File { path, .. }) if path == file))
    }

    /// Whether it is in a file.
    pub fn in_file(&self) -> bool {
        self.links.iter().any(|link| link.lines.is_some())
    }

    /// The certificates, in their order.
    pub fn certificates(
        &self,
    ) -> impl DoubleEndedIterator<Item = &Certificate> + ExactSizeIterator {
        self.links.iter().map(|link| &*link.certificate)
    }

    /// The certificate at `index`.
    pub fn certificate(&self, index: usize) -> Option<&Certificate> {
        self.links.get(index).map(|link| &*link.certificate)
    }

    /// The certificates of its verified path that were not presented, where it was inspected.
    pub fn added(&self) -> impl Iterator<Item = &Certificate> {
        let view = self.view.iter();
        view.flat_map(|view| view.added.iter().map(AsRef::as_ref))
    }

    /// The certificates to hand on: shared, not copied.
    pub fn shared(&self) -> Vec<Arc<Certificate>> {
        self.links
            .iter()
            .map(|link| Arc::clone(&link.certificate))
            .collect()
    }

    /// The certificate at `index`, to change it.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[cfg(test)]
    pub(crate) fn certificate_mut(&mut self, index: usize) -> &mut Certificate {
        Arc::make_mut(&mut self.links[index].certificate)
    }
}

/// The private key that goes with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleKey {
    /// Where it stands.
    pub place: Place,
    /// What kind of key it is, when that can be told.
    pub key: Option<Key>,
    /// Indices of the chain's certificates that have its public key.
    pub matches: Vec<usize>,
    /// Why no comparison was possible.
    pub problem: Option<KeyProblem>,
}

/// What is deployed together: a chain and its key, or a set of anchors.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// The certificates.
    pub chain: Chain,
    /// The private key; `None` when none was given.
    pub key: Option<BundleKey>,
}

/// What a case is about: one of these, and what `render` shows is decided by which.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// A connection that a client made to us.
    Accepted(Box<Accepted>),
    /// A call of ours.
    Call(Box<Call>),
    /// What `inspect` looked at: an endpoint, or files.
    Inspected(Box<Inspected>),
    /// Files, judged as what they are deployed for.
    Deployment(Box<Deployment>),
    /// A token that was checked by itself.
    Token(Box<Token>),
}

/// Files that are deployed, and the server that a configuration makes of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deployment {
    /// The address of a server whose configuration names the files.
    pub site: Option<Box<Site>>,
    /// What becomes of the clients that were named.
    pub would: Vec<WouldAccept>,
    /// How it was judged when it was recorded, where it is read from a recorded case.
    pub then: Option<Then>,
}

impl Deployment {
    /// Files, the server that a configuration makes of them, and the clients that were named.
    pub fn of(site: Option<Box<Site>>, would: Vec<WouldAccept>) -> Self {
        Self {
            site,
            would,
            then: None,
        }
    }
}

/// Everything collected about one subject, and the files that were read for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What to call it, for example `#1 203.0.113.7:40112`.
    pub title: String,
    /// When it began.
    pub started: Timestamp,
    /// What it is about.
    pub subject: Subject,
    /// The files that were read.
    pub files: Vec<FileFacts>,
    /// What they hold, put together.
    pub bundles: Vec<Bundle>,
}

impl From<Accepted> for Subject {
    fn from(accepted: Accepted) -> Self {
        Self::Accepted(Box::new(accepted))
    }
}

impl From<Call> for Subject {
    fn from(call: Call) -> Self {
        Self::Call(Box::new(call))
    }
}

impl From<Inspected> for Subject {
    fn from(inspected: Inspected) -> Self {
        Self::Inspected(Box::new(inspected))
    }
}

impl From<Deployment> for Subject {
    fn from(deployment: Deployment) -> Self {
        Self::Deployment(Box::new(deployment))
    }
}

impl From<Token> for Subject {
    fn from(token: Token) -> Self {
        Self::Token(Box::new(token))
    }
}

impl Case {
    /// A case without files.
    pub fn new(title: impl Into<String>, started: Timestamp, subject: impl Into<Subject>) -> Self {
        Self {
            title: title.into(),
            started,
            subject: subject.into(),
            files: Vec::new(),
            bundles: Vec::new(),
        }
    }

    /// The connection that a client made to us, where it is about one.
    pub fn accepted(&self) -> Option<&Accepted> {
        match &self.subject {
            Subject::Accepted(accepted) => Some(accepted),
            _ => None,
        }
    }

    /// That connection, to change it.
    pub fn accepted_mut(&mut self) -> Option<&mut Accepted> {
        match &mut self.subject {
            Subject::Accepted(accepted) => Some(accepted),
            _ => None,
        }
    }

    /// The call of ours, where it is about one.
    pub fn call(&self) -> Option<&Call> {
        match &self.subject {
            Subject::Call(call) => Some(call),
            _ => None,
        }
    }

    /// What `inspect` looked at, where it is about that.
    pub fn inspected(&self) -> Option<&Inspected> {
        match &self.subject {
            Subject::Inspected(inspected) => Some(inspected),
            _ => None,
        }
    }

    /// The endpoint that was inspected, where it is about one.
    pub fn probe(&self) -> Option<&Probe> {
        self.inspected().and_then(|one| one.probe.as_ref())
    }

    /// The files that are deployed, where it is about them.
    pub fn deployment(&self) -> Option<&Deployment> {
        match &self.subject {
            Subject::Deployment(deployment) => Some(deployment),
            _ => None,
        }
    }

    /// The address of a server, where it is about a configuration.
    pub fn site(&self) -> Option<&Site> {
        self.deployment().and_then(|one| one.site.as_deref())
    }

    /// What becomes of the clients that were named.
    pub fn would(&self) -> &[WouldAccept] {
        self.deployment().map_or(&[], |one| &one.would)
    }

    /// How it was judged when it was recorded, where it is read from a recorded case.
    pub fn then(&self) -> Option<&Then> {
        self.deployment().and_then(|one| one.then.as_ref())
    }

    /// The token that was checked by itself.
    pub fn token(&self) -> Option<&Token> {
        match &self.subject {
            Subject::Token(token) => Some(token),
            _ => None,
        }
    }

    /// The HTTP requests that a client's connection carried, in order.
    pub fn http(&self) -> &[HttpExchange] {
        self.accepted().map_or(&[], |one| &one.http)
    }

    /// Our connection to a server, where it is about one.
    pub fn dialled(&self) -> Option<&Dialled> {
        match &self.subject {
            Subject::Call(call) => Some(&call.dialled),
            Subject::Inspected(inspected) => inspected.probe.as_ref().map(|probe| &probe.dialled),
            _ => None,
        }
    }

    /// The connection, whoever made it.
    pub fn connection(&self) -> Option<&Connection> {
        let accepted = self.accepted().map(|one| &one.tls);
        accepted.or_else(|| self.dialled().map(|one| &one.tls))
    }

    /// The sets of anchors that client certificates are judged by, each with whether it was called so (`--client-ca`, a directive); a
    /// file given by its path alone may be meant for something else.
    pub fn client_cas(&self) -> impl Iterator<Item = (&Chain, bool)> {
        self.anchor_sets()
            .filter(|(chain, _)| chain.role == Side::Client)
    }

    /// Every set of trust anchors that is itself judged: client-CA files, and files of CA certificates given by their path, whatever
    /// they are for. Each with whether it was called a client-CA file.
    pub fn anchor_sets(&self) -> impl Iterator<Item = (&Chain, bool)> {
        self.bundles
            .iter()
            .map(|bundle| &bundle.chain)
            .filter(|chain| chain.holds == ChainUse::Anchors && !chain.links.is_empty())
            .filter_map(|chain| {
                let meant = match chain.place(0) {
                    Place::File { path, .. } => self
                        .files
                        .iter()
                        .find(|file| file.path == path)
                        .map(|file| file.meant_as),
                    _ => None,
                };
                match meant {
                    None | Some(FileRole::ClientCa) => Some((chain, true)),
                    Some(FileRole::Anything) => Some((chain, false)),
                    // `--cacert`: anchors to judge the chain by, which nobody deploys.
                    Some(_) => None,
                }
            })
    }

    /// The chain at this place of [`Case::chains`].
    pub fn chain(&self, place: usize) -> Option<&Chain> {
        self.chains().nth(place)
    }

    /// Every chain of the case: of its connection first, of its files last.
    pub fn chains(&self) -> impl Iterator<Item = &Chain> {
        let sent = self.connection().into_iter().flat_map(Connection::chains);
        sent.chain(self.bundles.iter().map(|bundle| &bundle.chain))
    }
}
