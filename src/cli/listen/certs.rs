//! `--save-certs`: the certificates that clients presented, as files.
//!
//! For: `listen`. Must not: keep a connection waiting; call a chain trusted because it was saved; fill
//! a disk for a client that makes up certificates.

use std::{
    collections::HashSet,
    path::PathBuf,
    sync::mpsc::{self, SyncSender},
    thread::JoinHandle,
};

use anyhow::{Context as _, Result};

use super::record::private_folder;
use crate::{
    cli::{common, files::create_new},
    engine::Judged,
    facts::{Chain, TrustStatus, common_name},
    failure,
    parse::{escape, pem},
};

/// Chains that are saved of a run.
const MOST: usize = 1_000;
/// Chains that may wait to be written.
const WAITING: usize = 64;

/// What was saved, and the way to the disk.
pub(super) struct SavedCerts {
    seen: HashSet<String>,
    queue: SyncSender<(PathBuf, String)>,
    writer: JoinHandle<()>,
    folder: PathBuf,
}

impl SavedCerts {
    /// Makes the folder.
    pub(super) fn open(folder: Option<&PathBuf>) -> Result<Option<Self>> {
        let Some(folder) = folder else {
            return Ok(None);
        };
        private_folder(folder, "--save-certs")?;
        let (queue, items) = mpsc::sync_channel::<(PathBuf, String)>(WAITING);
        let writer = std::thread::Builder::new()
            .name("save-certs".to_owned())
            .spawn(move || {
                let mut told = false;
                for (path, text) in items {
                    // An earlier run may have it already.
                    if path.exists() {
                        continue;
                    }
                    if let Err(error) = create_new(&path, text.as_bytes(), false)
                        && !told
                    {
                        told = true;
                        let why = failure::words(&error);
                        common::complain(&format!("mtls: --save-certs: {why}"));
                    }
                }
            })
            .context("cannot start a thread")?;
        Ok(Some(Self {
            seen: HashSet::new(),
            queue,
            writer,
            folder: folder.clone(),
        }))
    }

    /// Saves the chain of a connection, unless it was saved before.
    pub(super) fn save(&mut self, judged: &Judged) {
        let handshake = judged.case.accepted();
        let Some(chain) = handshake.and_then(|one| one.tls.client_chain.as_ref()) else {
            return;
        };
        let Some(leaf) = chain.certificate(0) else {
            return;
        };
        let all: Vec<&str> = chain
            .certificates()
            .map(|one| one.sha256.as_str())
            .collect();
        if self.seen.len() >= MOST || !self.seen.insert(all.join(" ")) {
            return;
        }
        if self.seen.len() == MOST {
            common::complain(&format!(
                "mtls: --save-certs: {MOST} chains are saved, the most of a run"
            ));
        }
        // The same leaf may come with other certificates behind it.
        let digest = crate::parse::cert::sha256(all.join(" ").as_bytes());
        let name = common_name(&leaf.subject).unwrap_or("client");
        let name: String = name
            .chars()
            .take(40)
            .map(|letter| {
                if letter.is_ascii_alphanumeric() || letter == '-' {
                    letter
                } else {
                    '_'
                }
            })
            .collect();
        let path = self.folder.join(format!("{name}-{}.pem", &digest[..12]));
        // A disk that is too slow for this loses one; the next connection does not bring it again.
        if self.queue.try_send((path, text(chain, judged))).is_err() {
            self.seen.remove(&all.join(" "));
        }
    }

    /// Waits for the disk.
    pub(super) fn finish(self) {
        drop(self.queue);
        let _ = self.writer.join();
    }
}

/// The chain as PEM, and above it what is known of it.
fn text(chain: &Chain, judged: &Judged) -> String {
    let peer = judged.case.accepted().map_or("", |one| &one.peer);
    let status = match chain.trust.as_ref().map(|trust| trust.status) {
        Some(TrustStatus::Trusted) => "it verified against the client CAs of that run",
        Some(TrustStatus::Untrusted) => "it did not verify against the client CAs of that run",
        _ => "whether it verifies is not known",
    };
    let mut text = format!(
        "# presented by {} at {}; {status}\n",
        escape::text(peer),
        judged.case.started
    );
    for certificate in chain.certificates() {
        text += &format!(
            "# subject: {}\n# issuer: {}\n# sha256: {}\n{}",
            escape::text(&certificate.subject),
            escape::text(&certificate.issuer),
            certificate.sha256,
            pem::encode("CERTIFICATE", &certificate.der)
        );
    }
    text
}
