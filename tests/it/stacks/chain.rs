//! The good chain, and what a variation may change of it.
//!
//! For: one chain by the book, root, issuing authority, leaf, for either role.
//! Must not: sign; know any variation.

use crate::stacks::{
    der::integer,
    forge::{
        BASIC, CERT_SIGN, CLIENT_AUTH, CRL_SIGN, DAY, DIGITAL_SIGNATURE, EKU, Extension,
        KEY_ENCIPHERMENT, KEY_USAGE, Name, Plan, Revocations, SERVER_AUTH, aki, basic, dns, eku,
        key_usage, name, san, ski,
    },
    keys::{Digest, Key, Kind},
};

/// The host that is asked for, unless a variation asks for another.
pub(crate) const HOST: &str = "hook.stack-cases.example";

/// Whose certificate the leaf is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Server,
    Client,
}

impl Role {
    pub(crate) const BOTH: [Self; 2] = [Self::Server, Self::Client];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
        }
    }

    /// Its purpose.
    pub(crate) fn purpose(self) -> &'static str {
        match self {
            Self::Server => SERVER_AUTH,
            Self::Client => CLIENT_AUTH,
        }
    }
}

/// A chain to be, and the question about it.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) role: Role,
    /// The name or address that a server is asked for by.
    pub(crate) host: String,
    /// When it is judged.
    pub(crate) moment: i64,
    pub(crate) leaf: Plan,
    /// What is sent behind the leaf.
    pub(crate) sent: Vec<Plan>,
    pub(crate) anchors: Vec<Plan>,
    /// Empty: nobody asks for any.
    pub(crate) revocations: Vec<Revocations>,
}

impl Chain {
    /// By the book, and valid at `moment`.
    pub(crate) fn good(role: Role, moment: i64) -> Self {
        let key = |holder| Key {
            holder,
            kind: Kind::P256,
        };
        let authority = [CERT_SIGN, CRL_SIGN];
        let root = Plan {
            version: 2,
            serial: integer(0x1001),
            digest: Digest::Sha256,
            issuer: root_name(),
            not_before: Vec::new(),
            not_after: Vec::new(),
            subject: root_name(),
            key: key("root"),
            signer: key("root"),
            public: None,
            unused_bits: 0,
            extensions: Some(vec![
                basic(true, None),
                key_usage(&authority),
                ski(&key("root").id()),
            ]),
        };
        let issuing = Plan {
            serial: integer(0x2002),
            subject: issuing_name(),
            key: key("issuing"),
            unused_bits: 0,
            extensions: Some(vec![
                basic(true, Some(0)),
                key_usage(&authority),
                ski(&key("issuing").id()),
                aki(&key("root").id()),
            ]),
            ..root.clone()
        };
        let subject = match role {
            Role::Server => name(&[("CN", HOST)]),
            Role::Client => name(&[("CN", "sender")]),
        };
        let named = match role {
            Role::Server => HOST,
            Role::Client => "sender.stack-cases.example",
        };
        let leaf = Plan {
            serial: integer(0x3003),
            subject,
            issuer: issuing_name(),
            key: key("leaf"),
            signer: key("issuing"),
            unused_bits: 0,
            extensions: Some(vec![
                basic(false, None),
                key_usage(&[DIGITAL_SIGNATURE]),
                eku(&[SERVER_AUTH, CLIENT_AUTH]),
                san(&[dns(named)]),
                ski(&key("leaf").id()),
                aki(&key("issuing").id()),
            ]),
            ..root.clone()
        };
        let mut chain = Self {
            role,
            host: HOST.to_owned(),
            moment,
            leaf,
            sent: vec![issuing],
            anchors: vec![root],
            revocations: Vec::new(),
        };
        chain.root().valid(moment - 500 * DAY, moment + 3000 * DAY);
        chain
            .issuing()
            .valid(moment - 400 * DAY, moment + 1500 * DAY);
        chain.leaf.valid(moment - 20 * DAY, moment + 70 * DAY);
        chain
    }

    /// Nothing is changed.
    pub(crate) fn as_it_is(&mut self) -> &mut Self {
        self
    }

    pub(crate) fn issuing(&mut self) -> &mut Plan {
        &mut self.sent[0]
    }

    pub(crate) fn root(&mut self) -> &mut Plan {
        &mut self.anchors[0]
    }

    /// Root, issuing authority and leaf.
    pub(crate) fn each(&mut self) -> impl Iterator<Item = &mut Plan> {
        self.anchors
            .iter_mut()
            .chain(&mut self.sent)
            .chain(std::iter::once(&mut self.leaf))
    }

    /// Puts the leaf straight under the root.
    pub(crate) fn straight(&mut self) -> &mut Self {
        self.sent.clear();
        self.leaf.under(&self.anchors[0]);
        self
    }

    /// Gives root, issuing authority and leaf keys of these kinds, each signing as that kind is
    /// used to.
    pub(crate) fn keys(&mut self, kinds: [Kind; 3]) -> &mut Self {
        let [root, issuing, leaf] = kinds;
        rekey(&mut self.anchors[0], root);
        rekey(&mut self.sent[0], issuing);
        rekey(&mut self.leaf, leaf);
        let root = self.anchors[0].clone();
        self.anchors[0].signer = root.key;
        self.sent[0].under(&root);
        self.leaf.under(&self.sent[0]);
        for plan in self.each() {
            plan.digest = usual(plan.signer.kind);
        }
        if leaf == Kind::Rsa(2048) {
            let bits = [DIGITAL_SIGNATURE, KEY_ENCIPHERMENT];
            self.leaf.put(key_usage(&bits));
        }
        self
    }

    /// RSA 2048 throughout.
    pub(crate) fn rsa(&mut self) -> &mut Self {
        self.keys([Kind::Rsa(2048); 3])
    }

    /// The names in the leaf's subjectAltName; of a client they are the same.
    pub(crate) fn names(&mut self, names: &[Name]) -> &mut Self {
        self.leaf.put(san(names));
        self
    }

    /// A certificate that signs itself, of the leaf's key and name with these extensions, as the
    /// only anchor.
    pub(crate) fn self_signed(&mut self, extensions: Option<Vec<Extension>>) -> &mut Self {
        self.leaf.issuer.clone_from(&self.leaf.subject);
        self.leaf.signer = self.leaf.key;
        self.leaf.extensions = extensions;
        self.sent.clear();
        self.anchors = vec![self.leaf.clone()];
        self
    }

    /// Another authority of this holder and name, signed by itself.
    pub(crate) fn other_root(&mut self, holder: &'static str, subject: Vec<u8>) -> Plan {
        let mut other = self.anchors[0].clone();
        other.key.holder = holder;
        other.signer = other.key;
        other.issuer.clone_from(&subject);
        other.subject = subject;
        if other.extensions.is_some() {
            other.put(ski(&other.key.id()));
        }
        other
    }

    /// An authority between: of this holder, under `above`, without a limit of its path.
    pub(crate) fn between(&mut self, holder: &'static str, above: &Plan) -> Plan {
        let mut plan = self.sent[0].clone();
        plan.key.holder = holder;
        plan.subject = name(&[("O", "Stack Cases"), ("CN", holder)]);
        plan.put(ski(&plan.key.id()));
        plan.put(basic(true, None));
        plan.under(above);
        plan
    }

    /// A list of this authority, of today, with nothing revoked.
    pub(crate) fn list_of(&self, authority: &Plan) -> Revocations {
        Revocations {
            issuer: authority.subject.clone(),
            signer: authority.key,
            this_update: self.moment - 2 * DAY,
            next_update: Some(self.moment + 5 * DAY),
            revoked: Vec::new(),
            extensions: vec![
                aki(&authority.key.id()),
                Extension::new("2.5.29.20", integer(7)),
            ],
        }
    }

    /// The leaf without an extended key usage and with the usual rest, for shapes that say their
    /// own.
    pub(crate) fn bare(&mut self) -> &mut Self {
        self.leaf.without(EKU).without(KEY_USAGE).without(BASIC);
        self
    }
}

fn rekey(plan: &mut Plan, kind: Kind) {
    plan.key.kind = kind;
    plan.put(ski(&plan.key.id()));
}

fn usual(kind: Kind) -> Digest {
    match kind {
        Kind::P384 => Digest::Sha384,
        Kind::P521 => Digest::Sha512,
        _ => Digest::Sha256,
    }
}

pub(crate) fn root_name() -> Vec<u8> {
    name(&[("O", "Stack Cases"), ("CN", "Stack Cases Root")])
}

pub(crate) fn issuing_name() -> Vec<u8> {
    name(&[("O", "Stack Cases"), ("CN", "Stack Cases Issuing")])
}
