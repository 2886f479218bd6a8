//! A case: everything collected about one thing looked at.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::{
    Call, Certificate, ChainView, Evidence, FileFacts, FileRole, Handshake, HttpExchange,
    Inspected, Key, KeyProblem, Place, Side, Site, Then, Token, TrustFacts, Violation, Visit, When,
    WouldAccept,
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

/// Everything collected about one connection, or about the files of one deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What to call it, for example `#1 203.0.113.7:40112`.
    pub title: String,
    /// When it began.
    pub started: Timestamp,
    /// The connection, when there is one.
    pub handshake: Option<Handshake>,
    /// The HTTP requests it carried, in order.
    pub http: Vec<HttpExchange>,
    /// How many it carried besides, which were answered and not kept.
    pub http_not_kept: u64,
    /// The token that was checked by itself.
    pub token: Option<Box<Token>>,
    /// The call that was made, when it is one of ours.
    pub call: Option<Box<Call>>,
    /// The files that were read.
    pub files: Vec<FileFacts>,
    /// What they hold, put together.
    pub bundles: Vec<Bundle>,
    /// The address of a server whose configuration names these files.
    pub site: Option<Box<Site>>,
    /// What `inspect` found out besides.
    pub inspected: Option<Box<Inspected>>,
    /// What becomes of the clients that were named.
    pub would: Vec<WouldAccept>,
    /// How it was judged when it was recorded, where it is read from a recorded case.
    pub then: Option<Box<Then>>,
    /// What a connection can be judged again by, where it is recorded.
    pub evidence: Option<Box<Evidence>>,
}

impl Case {
    /// A case of which nothing is known yet.
    pub fn new(title: impl Into<String>, started: Timestamp) -> Self {
        Self {
            title: title.into(),
            started,
            handshake: None,
            http: Vec::new(),
            http_not_kept: 0,
            token: None,
            call: None,
            files: Vec::new(),
            bundles: Vec::new(),
            site: None,
            inspected: None,
            would: Vec::new(),
            evidence: None,
            then: None,
        }
    }

    /// Our connections to a server.
    pub fn visits(&self) -> impl Iterator<Item = &Visit> {
        let probe = self
            .inspected
            .iter()
            .filter_map(|inspected| inspected.probe.as_ref());
        self.call
            .iter()
            .map(|call| &call.visit)
            .chain(probe.map(|probe| &probe.visit))
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

    /// Every chain of the case: of its connections first, of its files last.
    pub fn chains(&self) -> impl Iterator<Item = &Chain> {
        self.handshake
            .iter()
            .flat_map(|handshake| [&handshake.client_chain, &handshake.server_chain])
            .flatten()
            .chain(
                self.visits()
                    .filter_map(|visit| visit.server_chain.as_ref()),
            )
            .chain(self.bundles.iter().map(|bundle| &bundle.chain))
    }
}
