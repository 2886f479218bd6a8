//! SIGHUP: the files of the certificate, its key and the client authorities are read again, as
//! servers do it after a rotation.
//!
//! Connections that are open keep what they began with; those that come next get the new. New files
//! that cannot be used change nothing. Must not: take half of what is new, or end a run that nobody
//! wants to end.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Result, bail};
use tokio::sync::watch;

use super::args::Args;
use crate::{
    cli::common,
    facts::Certificate,
    failure,
    jobs::{anchors, files},
    net::plan::Plan,
    profiles::Profile,
};

/// What is read again.
pub(super) struct Reload {
    cert: Option<PathBuf>,
    cert_chain: Option<PathBuf>,
    key: Option<PathBuf>,
    client_ca: Option<PathBuf>,
    crlfile: Vec<PathBuf>,
    password: Option<String>,
    named: Vec<&'static Profile>,
}

impl Reload {
    pub(super) fn new(args: &Args, named: &[&'static Profile], password: Option<String>) -> Self {
        Self {
            cert: args.files.cert.clone(),
            cert_chain: args.files.cert_chain.clone(),
            key: args.files.key.clone(),
            client_ca: args.files.client_ca.clone(),
            crlfile: args.files.crlfile.clone(),
            password,
            named: named.to_vec(),
        }
    }

    /// Reads the files again at each SIGHUP; resolves when one means the end of the run: where no
    /// file was given, and where the terminal is gone, and with it whoever started the run.
    #[cfg(unix)]
    pub(super) async fn at_hangup(self, plans: watch::Sender<Arc<Plan>>) {
        use std::io::IsTerminal as _;
        use tokio::signal::unix::{SignalKind, signal};
        let on_terminal = || std::io::stdin().is_terminal() || std::io::stderr().is_terminal();
        let began_on_terminal = on_terminal();
        let Ok(mut hangup) = signal(SignalKind::hangup()) else {
            return std::future::pending().await;
        };
        while hangup.recv().await.is_some() {
            if self.given().next().is_none() || (began_on_terminal && !on_terminal()) {
                return;
            }
            let plan = plans.borrow().clone();
            match self.renew(&plan) {
                Ok((plan, news)) => {
                    plans.send_replace(Arc::new(plan));
                    common::complain(&format!("mtls: SIGHUP: {news}"));
                }
                Err(error) => common::complain(&format!(
                    "mtls: SIGHUP: nothing changed, the certificates in use stay: {}",
                    failure::words(&error)
                )),
            }
        }
        std::future::pending().await
    }

    #[cfg(not(unix))]
    pub(super) async fn at_hangup(self, _plans: watch::Sender<Arc<Plan>>) {
        std::future::pending().await
    }

    fn given(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.cert, &self.cert_chain, &self.key, &self.client_ca]
            .into_iter()
            .flatten()
            .chain(&self.crlfile)
    }

    /// The plan with what the files hold now, and what that is in words.
    fn renew(&self, plan: &Plan) -> Result<(Plan, String)> {
        for path in self.given() {
            // A pipe was emptied when it was read first, and would be waited for now.
            if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
                bail!(
                    "{}: not a regular file, so it cannot be read again",
                    path.display()
                );
            }
        }
        let mut renewed = plan.clone();
        let mut news = Vec::new();
        if let Some(cert) = &self.cert {
            let server = files::identity(
                cert,
                self.cert_chain.as_deref(),
                self.key.as_deref(),
                self.password.as_deref(),
            )?;
            let same = server.chain.first().map(|leaf| sha256(leaf))
                == plan.server.chain.first().map(|leaf| sha256(leaf));
            news.push(match server.chain.first() {
                Some(leaf) if !same => format!(
                    "new connections get {} (serial {}, until {})",
                    leaf.label(),
                    leaf.serial,
                    leaf.not_after
                ),
                _ => format!("{} holds the certificate that is in use", cert.display()),
            });
            renewed.server = server;
        }
        if let Some(client_ca) = &self.client_ca {
            let judges = anchors::gather(Some(client_ca), &self.named, false)?;
            news.push(format!(
                "clients are verified against {} certificates from {}",
                judges.anchors.certificates().len(),
                judges.origin
            ));
            renewed.anchors = judges.anchors;
            renewed.ca_names = judges.ca_names;
        }
        if !self.crlfile.is_empty() {
            let lists = files::revocation_lists(&self.crlfile)?;
            let due = lists.iter().filter_map(|list| list.next_update).min();
            let due = due.map_or_else(String::new, |due| format!(", the first is due {due}"));
            news.push(format!(
                "clients are looked up in {} revocation lists{due}",
                lists.len()
            ));
            renewed.lists = lists.into();
        }
        Ok((renewed, news.join("; ")))
    }
}

fn sha256(certificate: &Certificate) -> &str {
    &certificate.sha256
}
