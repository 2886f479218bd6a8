//! Cases of files for the rules' own tests. Facts by hand, no parser.

use std::sync::Arc;

use crate::{
    context::Context,
    facts::{
        Case, Curve, Excerpt, FileFacts, FileRole, Format, Item, ItemKind, Key, KeyAlgorithm,
        KeyFormat, ListFacts, ListScope, ListSigner, PrivateKey, Quirk, Remark, Request,
        RequestKey, RequestSignature,
    },
    rules::fixture,
};

/// A file under construction.
pub(crate) struct FileFixture(FileFacts);

/// A file that holds the good server's leaf.
pub(crate) fn chain() -> FileFixture {
    FileFixture(FileFacts {
        path: "fullchain.pem".into(),
        meant_as: FileRole::Chain,
        bytes: 1200,
        mode: Some(0o644),
        format: Format::Pem,
        items: vec![item(
            "CERTIFICATE",
            ItemKind::Certificate(Arc::new(fixture::root())),
        )],
        remarks: Vec::new(),
        excerpts: vec![Excerpt {
            line: 1,
            text: "-----BEGIN CERTIFICATE-----".into(),
        }],
        neighbours: None,
        readings: None,
    })
}

/// A file that holds a private key, readable by its owner alone.
pub(crate) fn key() -> FileFixture {
    FileFixture(FileFacts {
        path: "key.pem".into(),
        meant_as: FileRole::Key,
        mode: Some(0o600),
        items: vec![item("PRIVATE KEY", ItemKind::PrivateKey(private()))],
        ..chain().0
    })
}

/// A file with a revocation list that is good for another twenty days, then changed.
pub(crate) fn list(change: impl FnOnce(&mut ListFacts)) -> FileFixture {
    let day = jiff::SignedDuration::from_hours(24);
    let mut list = ListFacts {
        issuer: "CN = a CA".into(),
        issuer_canonical: Vec::new(),
        this_update: fixture::now() - day * 10,
        next_update: Some(fixture::now() + day * 20),
        revoked: 0,
        scope: ListScope::Complete,
        unknown_critical: Vec::new(),
        signer: ListSigner::NotAsked,
        looked_into: true,
    };
    change(&mut list);
    let kind = ItemKind::RevocationList {
        list: Box::new(list),
        der: Vec::new(),
    };
    FileFixture(FileFacts {
        path: "list.pem".into(),
        meant_as: FileRole::Crl,
        items: vec![item("X509 CRL", kind)],
        ..chain().0
    })
}

/// A file with a request for a certificate for hook.example, then changed.
pub(crate) fn request(change: impl FnOnce(&mut Request)) -> FileFixture {
    let mut asked = fixture::certificate_of("hook.example", "hook.example");
    asked.sans = vec!["DNS:hook.example".into()];
    asked.eku = None;
    asked.key = Key {
        algorithm: KeyAlgorithm::Ec,
        curve: Some(Curve::P256),
        bits: 256,
    };
    let mut request = Request {
        asked: Arc::new(asked),
        signature: RequestSignature::Holds,
        key: RequestKey::NotGiven,
        der: Vec::new(),
    };
    change(&mut request);
    let kind = ItemKind::Request(Box::new(request));
    FileFixture(FileFacts {
        path: "request.pem".into(),
        meant_as: FileRole::Anything,
        items: vec![item("CERTIFICATE REQUEST", kind)],
        ..chain().0
    })
}

/// A good private key.
pub(crate) fn private() -> PrivateKey {
    PrivateKey {
        format: KeyFormat::Pkcs8,
        key: Some(Key {
            algorithm: KeyAlgorithm::Rsa,
            curve: None,
            bits: 2048,
        }),
        problem: None,
        encryption: None,
        passphrase: None,
        spki: Some(vec![0x30]),
    }
}

/// An item of twenty lines.
pub(crate) fn item(label: &str, kind: ItemKind) -> Item {
    Item {
        kind,
        label: label.into(),
        first_line: 1,
        last_line: 20,
        problem: None,
    }
}

impl FileFixture {
    pub(crate) fn change(mut self, change: impl FnOnce(&mut FileFacts)) -> Self {
        change(&mut self.0);
        self
    }

    pub(crate) fn quirk(self, quirk: Quirk) -> Self {
        self.change(|file| {
            file.remarks.push(Remark {
                quirk,
                first_line: 1,
                last_line: 2,
                seen: "what was seen".into(),
            });
        })
    }

    /// Without items, as another format.
    pub(crate) fn format(self, format: Format) -> Self {
        self.change(|file| {
            file.format = format;
            file.items.clear();
        })
    }

    pub(crate) fn items(self, items: Vec<Item>) -> Self {
        self.change(|file| file.items = items)
    }

    pub(crate) fn meant_as(self, meant_as: FileRole) -> Self {
        self.change(|file| file.meant_as = meant_as)
    }

    pub(crate) fn done(self) -> (Case, Context) {
        let path = self.0.path.clone();
        let case = Case {
            files: vec![self.0],
            ..Case::new(path, fixture::now(), crate::facts::Deployment::default())
        };
        (case, Context::at(fixture::now()))
    }
}
