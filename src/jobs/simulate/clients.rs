//! Who calls: the client certificates of a run.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::{CallRequest, Callers};
use crate::{
    facts::{
        Certificate, ClientKind, Expected, FileRole, Purpose, Stack, StackAnswer, StackVerdict,
    },
    failure,
    jobs::{files, profile},
    net::identity::ClientIdentity,
    outlook::readiness,
    parse::cert,
    pki::{self, Authority, Recipe},
    profiles::{Presented, Profile},
    verify::{
        Anchors, rfc5280,
        stacks::{Choice, StatusBy},
    },
};

/// A client to be.
#[derive(Clone, Debug)]
pub struct Client {
    /// `own`, `valid` or a fault's id.
    pub name: String,
    /// Where it comes from.
    pub(super) kind: ClientKind,
    /// What an enforcing webhook does with it.
    pub(super) expected: Expected,
    /// Which stacks differ, where they do and none was named.
    pub(super) differs: Option<String>,
    /// The stack whose answer is expected, where one was named and they differ.
    pub(super) expected_by: Option<Stack>,
    /// What it presents.
    pub(crate) identity: Option<ClientIdentity>,
}

/// The clients that a request asks for, in order, and what there is to say about them.
pub(super) fn clients(request: &CallRequest) -> Result<(Vec<Client>, Vec<String>)> {
    let now = request.now;
    let matrix = request.callers == Callers::Matrix;
    let (mut clients, mut notices) = (Vec::new(), Vec::new());
    if let Some(cert) = &request.cert {
        let identity = files::identity(
            cert,
            None,
            request.key.as_deref(),
            request.password.as_deref(),
        )?;
        if matrix || request.client.is_none() {
            clients.push(Client {
                name: "own".to_owned(),
                kind: ClientKind::Own,
                expected: Expected::Accept,
                differs: None,
                expected_by: None,
                identity: Some(identity.as_client()),
            });
        }
        if request.client.is_none() && !matrix {
            return Ok((clients, notices));
        }
    }
    let source = Source::new(request.pki.as_deref(), now, request.stack.as_ref())?;
    if request.callers == Callers::Readiness {
        let profile = request.profile()?;
        for (identity, (name, shape)) in profile.identity.iter().zip(profile::shapes(profile)) {
            clients.push(Client {
                name: name.clone(),
                kind: ClientKind::Sender(identity.name.clone()),
                expected: Expected::Accept,
                // A certificate that goes may be refused or not.
                differs: identity.until.map(|until| format!("last day {until}")),
                expected_by: None,
                identity: source.shaped(&name, &shape, profile)?,
            });
        }
        if clients.is_empty() {
            bail!(
                "--readiness: no certificate of {} is known; `mtls profiles show {}` says why",
                profile.title,
                profile.name
            );
        }
    } else if let (Some(profile), None, false) = (
        request.profile.filter(|_| request.format.is_some()),
        &request.client,
        matrix,
    ) {
        clients.extend(as_sender(profile, &source, now)?);
    } else if matrix {
        // With one's own certificate at hand, a good one of a stranger says nothing more.
        for recipe in pki::recipes()
            .iter()
            .filter(|recipe| request.cert.is_none() || recipe.fault != "valid")
        {
            match source.client(recipe) {
                Ok(client) => clients.push(client),
                Err(error) => notices.push(format!(
                    "{} is left out: {}",
                    recipe.fault,
                    failure::words(&error)
                )),
            }
        }
        if clients.is_empty() {
            bail!("there is no client certificate to try");
        }
    } else {
        let name = request.client.as_deref().unwrap_or("valid");
        clients.push(source.client(known(name)?)?);
    }
    let fresh = matches!(source.from, From::Fresh(_));
    let wanted_in = clients
        .iter()
        .any(|client| client.expected == Expected::Accept && client.kind != ClientKind::Own);
    if fresh && wanted_in {
        notices.push(
            "throwaway client certificates from an ad-hoc CA: a server that enforces mTLS rejects every one. \
             To rehearse acceptance: mtls pki ./pki, let the webhook trust pki/client-ca.pem, then add --pki ./pki"
                .to_owned(),
        );
    }
    Ok((clients, notices))
}

/// The clients that a sender calls as, one after the other: as the certificate that it presents now,
/// behind a call without any where it makes one first.
fn as_sender(
    profile: &'static Profile,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Vec<Client>> {
    let today = readiness::day(now);
    let mut clients = Vec::new();
    if profile.presented == Presented::AfterABareProbe {
        clients.push(source.client(known("none")?)?);
    }
    let used: Vec<_> = profile
        .identity
        .iter()
        .zip(profile::shapes(profile))
        .filter(|(identity, _)| identity.used_on(today))
        .collect();
    let kept = used.iter().find(|(identity, _)| identity.lasting(today));
    match kept.or(used.first()) {
        Some((identity, (name, shape))) => clients.push(Client {
            name: name.clone(),
            kind: ClientKind::Sender(identity.name.clone()),
            expected: Expected::Accept,
            differs: None,
            expected_by: None,
            identity: source.shaped(name, shape, profile)?,
        }),
        // What it presents on that day is not known; any good certificate stands in for it.
        None => clients.push(source.client(known("valid")?)?),
    }
    Ok(clients)
}

/// The one client of this name.
pub(crate) fn client(name: &str, folder: Option<&Path>, now: Timestamp) -> Result<Client> {
    Source::new(folder, now, None)?.client(known(name)?)
}

fn known(name: &str) -> Result<&'static Recipe> {
    pki::recipe(name).with_context(|| {
        let known: Vec<&str> = pki::recipes()
            .iter()
            .map(|recipe| recipe.fault.strip_prefix("client-").unwrap_or(recipe.fault))
            .collect();
        format!(
            "no client is called `{name}`; known: none, {}",
            known.join(", ")
        )
    })
}

/// Where clients come from, and who is to judge them.
struct Source<'a> {
    from: From<'a>,
    now: Timestamp,
    stack: Option<&'a Choice>,
}

enum From<'a> {
    Folder(&'a Path),
    Fresh(Box<Authority>),
}

impl<'a> Source<'a> {
    fn new(folder: Option<&'a Path>, now: Timestamp, stack: Option<&'a Choice>) -> Result<Self> {
        let from = match folder {
            Some(folder) => From::Folder(folder),
            None => From::Fresh(Box::new(
                Authority::new(now).context("cannot make the throwaway certificates")?,
            )),
        };
        Ok(Self { from, now, stack })
    }

    fn client(&self, recipe: &Recipe) -> Result<Client> {
        let mut client = Client {
            name: recipe.fault.to_owned(),
            kind: ClientKind::Recipe,
            expected: if recipe.accepted {
                Expected::Accept
            } else {
                Expected::Reject
            },
            differs: recipe.differs.map(str::to_owned),
            expected_by: None,
            identity: self.identity(recipe)?,
        };
        if recipe.differs.is_some()
            && let Some(identity) = &client.identity
        {
            let verdicts = self.verdicts(recipe, identity)?;
            let counts = |verdict: &StackVerdict| verdict.decides || verdict.stack.is_mainstream();
            // A list that was or was not given is nothing that a verifier decides.
            let by_stack = verdicts
                .iter()
                .any(|verdict| counts(verdict) && verdict.answer == StackAnswer::Refuses);
            let named = verdicts.iter().find(|verdict| verdict.decides);
            match named.filter(|_| self.stack.is_some() && by_stack) {
                Some(verdict) if verdict.answer != StackAnswer::NotKnown => {
                    client.expected = match verdict.answer {
                        StackAnswer::Accepts => Expected::Accept,
                        _ => Expected::Reject,
                    };
                    client.expected_by = Some(verdict.stack);
                    client.differs = None;
                }
                _ if by_stack => client.differs = Some(differ(&verdicts)),
                _ => {}
            }
        }
        Ok(client)
    }

    /// What each verifier does with a client's chain, by the anchor that goes with it.
    fn verdicts(&self, recipe: &Recipe, identity: &ClientIdentity) -> Result<Vec<StackVerdict>> {
        let anchors = match &self.from {
            From::Folder(folder) => {
                files::certificates(&folder.join("client-ca.pem"), FileRole::ClientCa)?
            }
            From::Fresh(authority) => {
                vec![Arc::new(cert::certificate(authority.anchor_for(recipe)))]
            }
        };
        let status_by = self
            .stack
            .map(|stack| StatusBy::Named(vec![stack.clone()]))
            .unwrap_or_default();
        let facts = rfc5280::judge(&rfc5280::Question {
            presented: &identity.certificates(),
            untrusted: &[],
            anchors: &Anchors::new(anchors),
            lists: &[],
            now: self.now,
            purpose: Purpose::ClientAuth,
            hosts: &[],
            max_depth: None,
            status_by: &status_by,
        });
        Ok(facts.stacks)
    }

    /// The client of this name, which looks like this certificate of the sender; one that looks
    /// like another sender's would rehearse that one's call.
    fn shaped(
        &self,
        name: &str,
        shape: &pki::Shape,
        profile: &Profile,
    ) -> Result<Option<ClientIdentity>> {
        match &self.from {
            From::Fresh(authority) => authority
                .shaped(shape)?
                .map(|made| {
                    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.key_pkcs8));
                    ClientIdentity::new(made.chain, &key)
                })
                .transpose()
                .map_err(Into::into),
            From::Folder(folder) => {
                let at = folder.join("clients").join(name);
                let chain = chain(&at).with_context(|| {
                    format!("{}: no such client in it; create the folder again with `mtls pki DIR --profile …`", folder.display())
                })?;
                let key = files::private_key(&at.join("key.pem"), None)?;
                let client = ClientIdentity::new(chain, &key)?;
                let leaf = client.certificates().into_iter().next();
                let named =
                    |leaf: &Arc<Certificate>| leaf.common_name() == Some(&shape.common_name);
                if let Some(leaf) = leaf.filter(|leaf| !named(leaf)) {
                    bail!(
                        "{}: it has \"{}\", expected CN = {}, which stands for {}; make a folder for that sender: mtls pki DIR --profile {}",
                        at.display(),
                        leaf.label(),
                        shape.common_name,
                        profile.title,
                        profile.name
                    );
                }
                Ok(Some(client))
            }
        }
    }

    fn identity(&self, recipe: &Recipe) -> Result<Option<ClientIdentity>> {
        match &self.from {
            From::Fresh(authority) => {
                let Some(made) = authority.client(recipe)? else {
                    return Ok(None);
                };
                let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.key_pkcs8));
                Ok(Some(ClientIdentity::new(made.chain, &key)?))
            }
            From::Folder(folder) => {
                // The one client without files.
                if recipe.fault == "client-cert-not-sent" {
                    return Ok(None);
                }
                let at = folder.join("clients").join(recipe.fault);
                let chain = chain(&at)?;
                let key = files::private_key(&at.join("key.pem"), None)?;
                Ok(Some(ClientIdentity::new(chain, &key)?))
            }
        }
    }
}

/// Who takes it and who does not: the mainstream ones.
fn differ(verdicts: &[StackVerdict]) -> String {
    let programs = |answer: StackAnswer| -> String {
        let named: Vec<String> = verdicts
            .iter()
            .filter(|verdict| verdict.stack.is_mainstream() && verdict.answer == answer)
            .map(|verdict| verdict.stack.stands_for().join(", "))
            .collect();
        named.join(", ")
    };
    format!(
        "accepted by {}; rejected by {}",
        programs(StackAnswer::Accepts),
        programs(StackAnswer::Refuses)
    )
}

/// The chain in the folder of a client, DER.
fn chain(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let chain = files::certificates(&folder.join("fullchain.pem"), FileRole::Chain)?;
    Ok(chain
        .into_iter()
        .map(|certificate| certificate.der.clone())
        .collect())
}
