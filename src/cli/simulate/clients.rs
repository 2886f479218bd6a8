//! Who calls: the client certificates of a run.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::args::Args;
use crate::{
    cli::{common, files, profile},
    facts::Expected,
    net::identity::ClientIdentity,
    pki::{self, Authority, Recipe},
};

/// A client to be.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Client {
    /// `own`, `valid` or a fault's id.
    pub(in crate::cli) name: String,
    /// What an enforcing webhook does with it.
    pub(super) expected: Expected,
    /// Which stacks differ, where they do.
    pub(super) differs: Option<String>,
    /// What it presents.
    pub(in crate::cli) identity: Option<ClientIdentity>,
}

/// The clients that the flags ask for, in order.
pub(super) fn clients(args: &Args, now: Timestamp) -> Result<Vec<Client>> {
    let mut clients = Vec::new();
    if let Some(cert) = &args.cert {
        let identity = files::identity(cert, None, args.key.as_deref())?;
        if args.matrix || args.client.is_none() {
            clients.push(Client {
                name: "own".to_owned(),
                expected: Expected::Accept,
                differs: None,
                identity: Some(identity.as_client()),
            });
        }
        if args.client.is_none() && !args.matrix {
            return Ok(clients);
        }
    }
    let source = Source::new(args.pki.as_deref(), now)?;
    if args.readiness {
        let profile = profile::named(args.profile())?;
        for (identity, (name, common_name)) in profile.identity.iter().zip(profile::shapes(profile))
        {
            clients.push(Client {
                name: name.clone(),
                expected: Expected::Accept,
                // A certificate that goes may be refused or not.
                differs: identity
                    .until
                    .map(|until| format!("the sender presents it until {until} only")),
                identity: source.shaped(&name, &common_name)?,
            });
        }
        if clients.is_empty() {
            bail!(
                "--readiness: no certificate of {} is known; `mtls profiles show {}` says why",
                profile.title,
                profile.name
            );
        }
    } else if args.matrix {
        // With one's own certificate at hand, a good one of a stranger says nothing more.
        for recipe in pki::recipes()
            .iter()
            .filter(|recipe| args.cert.is_none() || recipe.fault != "valid")
        {
            match source.client(recipe) {
                Ok(client) => clients.push(client),
                Err(error) => {
                    common::complain(&format!("mtls: {} is left out: {error:#}", recipe.fault))
                }
            }
        }
        if clients.is_empty() {
            bail!("there is no client certificate to try");
        }
    } else {
        let name = args.client.as_deref().unwrap_or("valid");
        clients.push(source.client(known(name)?)?);
    }
    let fresh = matches!(source, Source::Fresh(_));
    let wanted_in = clients
        .iter()
        .any(|client| client.expected == Expected::Accept && client.name != "own");
    if fresh && wanted_in {
        common::complain(
            "mtls: these client certificates were made on the spot, by a CA that no webhook knows: one that enforces refuses them all. \
             To rehearse acceptance: mtls pki ./pki, let the webhook trust pki/client-ca.pem, then add --pki ./pki",
        );
    }
    Ok(clients)
}

/// The one client of this name.
pub(in crate::cli) fn client(name: &str, folder: Option<&Path>, now: Timestamp) -> Result<Client> {
    Source::new(folder, now)?.client(known(name)?)
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

enum Source<'a> {
    Folder(&'a Path),
    Fresh(Box<Authority>),
}

impl<'a> Source<'a> {
    fn new(folder: Option<&'a Path>, now: Timestamp) -> Result<Self> {
        Ok(match folder {
            Some(folder) => Self::Folder(folder),
            None => Self::Fresh(Box::new(
                Authority::new(now).context("cannot make the throwaway certificates")?,
            )),
        })
    }

    fn client(&self, recipe: &Recipe) -> Result<Client> {
        Ok(Client {
            name: recipe.fault.to_owned(),
            expected: if recipe.accepted {
                Expected::Accept
            } else {
                Expected::Reject
            },
            differs: recipe.differs.map(str::to_owned),
            identity: self.identity(recipe)?,
        })
    }

    fn shaped(&self, name: &str, common_name: &str) -> Result<Option<ClientIdentity>> {
        match self {
            Self::Fresh(authority) => authority
                .shaped(common_name)?
                .map(|made| {
                    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.key_pkcs8));
                    ClientIdentity::new(made.chain, &key)
                })
                .transpose()
                .map_err(Into::into),
            Self::Folder(folder) => {
                let at = folder.join("clients").join(name);
                let chain = files::certificates(&at.join("fullchain.pem")).with_context(|| {
                    format!("{}: no such client in it; write the folder anew with `mtls pki DIR --profile …`", folder.display())
                })?;
                let key = files::private_key(&at.join("key.pem"))?;
                Ok(Some(ClientIdentity::new(chain, &key)?))
            }
        }
    }

    fn identity(&self, recipe: &Recipe) -> Result<Option<ClientIdentity>> {
        match self {
            Self::Fresh(authority) => {
                let Some(made) = authority.client(recipe)? else {
                    return Ok(None);
                };
                let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.key_pkcs8));
                Ok(Some(ClientIdentity::new(made.chain, &key)?))
            }
            Self::Folder(folder) => {
                // The one client without files.
                if recipe.fault == "client-cert-not-sent" {
                    return Ok(None);
                }
                let at = folder.join("clients").join(recipe.fault);
                let chain = files::certificates(&at.join("fullchain.pem"))?;
                let key = files::private_key(&at.join("key.pem"))?;
                Ok(Some(ClientIdentity::new(chain, &key)?))
            }
        }
    }
}
