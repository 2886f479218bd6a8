//! Every certificate and file of the cases, made once for each run.

use std::{path::Path, sync::OnceLock};

use crate::{pki::Pki, support::peer};

/// Extensions of a root.
const ROOT: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";
/// Extensions of an intermediate.
const CA: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
                  subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
/// What every leaf has.
const LEAF: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
                    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const SERVER: &str = "extendedKeyUsage=serverAuth\n";
const NAME: &str = "subjectAltName=DNS:hook.example.com\n";

/// The folder with all of them; `None`, said on stderr, where openssl is not installed.
pub fn folder() -> Option<&'static Path> {
    static MADE: OnceLock<Option<Pki>> = OnceLock::new();
    MADE.get_or_init(|| {
        peer("openssl")?;
        Some(made())
    })
    .as_ref()
    .map(Pki::path)
}

fn made() -> Pki {
    let pki = Pki::new();
    let leaf = format!("{LEAF}{SERVER}{NAME}");
    let subject = "/CN=hook.example.com";
    let make = |name: &str, issuer: &str, extensions: &str| {
        pki.make(name, subject, issuer, extensions, "");
    };
    pki.make("root", "/O=Acme/CN=Acme Root", "root", ROOT, "-days 3650");
    pki.make("other_root", "/O=Else/CN=Else Root", "other_root", ROOT, "-days 3650");
    pki.make("inter", "/O=Acme/CN=Acme Issuing CA", "root", CA, "-days 1825");
    pki.make("inter2", "/O=Acme/CN=Acme Web CA", "inter", CA, "-days 1000");
    make("leaf", "inter", &leaf);
    make("deep", "inter2", &leaf);
    make("stranger", "other_root", &leaf);
    make("self", "self", &format!("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nsubjectKeyIdentifier=hash\n{SERVER}{NAME}"));
    for (file, names) in [
        ("good.pem", &["leaf", "inter"][..]),
        ("alone.pem", &["leaf"]),
        ("reversed.pem", &["inter", "leaf"]),
        ("root_first.pem", &["root", "leaf", "inter"]),
        ("deep.pem", &["deep", "inter2", "inter"]),
        ("swapped.pem", &["deep", "inter", "inter2"]),
        ("gap.pem", &["deep", "inter"]),
        ("else.pem", &["stranger"]),
        ("twice.pem", &["leaf", "leaf", "inter"]),
        ("with_stranger.pem", &["leaf", "inter", "other_root"]),
        ("self.pem", &["self"]),
    ] {
        pki.bundle(file, names);
    }
    pki
}
