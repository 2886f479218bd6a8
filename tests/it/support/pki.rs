//! A throwaway PKI as files, laid out as `mtls pki` writes it.

use std::ops::Deref;

use super::{Folder, Listen, now};
use mtls::pki::{Authority, Identity, Recipe, recipes};

/// Files of one [`Authority`]; they go with it.
pub(crate) struct Pki {
    folder: Folder,
    pub(crate) authority: Authority,
}

impl Deref for Pki {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.folder
    }
}

impl Pki {
    /// `server/{fullchain.pem,key.pem}`, `client-ca.pem`, `server-ca.pem` and, for every recipe
    /// that sends a certificate,
    /// `clients/<fault>/{fullchain.pem,key.pem,leaf.pem,above.pem,anchor.pem}`.
    pub(crate) fn new() -> Self {
        let authority = Authority::new(now()).unwrap();
        let pki = Self {
            folder: Folder::new(),
            authority,
        };
        let server = pki.authority.server(&["localhost", "127.0.0.1"]).unwrap();
        pki.write_identity("server", &server);
        pki.write("client-ca.pem", pki.authority.client_anchor_pem());
        pki.write("server-ca.pem", pki.authority.server_anchor_pem());
        for recipe in recipes() {
            pki.write_client(recipe);
        }
        pki
    }

    fn write_client(&self, recipe: &Recipe) {
        let folder = format!("clients/{}", recipe.fault);
        self.write(
            format!("{folder}/anchor.pem"),
            self.authority.anchor_pem_for(recipe),
        );
        if let Some(client) = self.authority.client(recipe).unwrap() {
            self.write_identity(&folder, &client);
        }
    }

    /// An identity's files. `openssl s_client` wants the leaf and what is above it apart;
    /// `above.pem` may be empty.
    pub(crate) fn write_identity(&self, folder: &str, identity: &Identity) {
        let part = |chain: &[Vec<u8>]| Identity {
            chain: chain.to_vec(),
            key_pkcs8: Vec::new(),
        };
        self.write(format!("{folder}/fullchain.pem"), identity.chain_pem());
        self.write(format!("{folder}/key.pem"), identity.key_pem());
        self.write(
            format!("{folder}/leaf.pem"),
            part(&identity.chain[..1]).chain_pem(),
        );
        self.write(
            format!("{folder}/above.pem"),
            part(&identity.chain[1..]).chain_pem(),
        );
    }

    /// The path of a client's file; `fault` is a recipe's id.
    pub(crate) fn client(&self, fault: &str, file: &str) -> String {
        self.path(&format!("clients/{fault}/{file}"))
    }

    /// `mtls listen` with this server certificate, judging clients by the simulated sender's root,
    /// with these flags more.
    #[track_caller]
    pub(crate) fn listen(&self, flags: &[&str]) -> Listen {
        self.listen_judging_by(&self.path("client-ca.pem"), flags)
    }

    /// The same with another file of anchors.
    #[track_caller]
    pub(crate) fn listen_judging_by(&self, anchors: &str, flags: &[&str]) -> Listen {
        let mut all = vec![
            "--cert".to_owned(),
            self.path("server/fullchain.pem"),
            "--key".to_owned(),
            self.path("server/key.pem"),
            "--client-ca".to_owned(),
            anchors.to_owned(),
        ];
        all.extend(flags.iter().map(|&flag| flag.to_owned()));
        Listen::start(all)
    }
}
