//! Good files: chains of every kind, and the folders that other programs leave behind.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
};

use mtls::pki::{Authority, recipe};

use crate::{
    lint::certificates::{CA, HOOK, ROOT, SERVER},
    support::{Forge, now},
};

/// Writes all of them.
pub(crate) fn make(pki: &Forge) {
    chains(pki);
    certbot(pki);
    mounted(pki);
    simulated(pki);
}

fn chains(pki: &Forge) {
    let rsa = "RSA -pkeyopt rsa_keygen_bits:2048";
    for (name, kind) in [
        ("rsa", rsa),
        ("rsa_root", rsa),
        ("rsa_ca", rsa),
        ("under_rsa_ca", rsa),
        ("p384", "EC -pkeyopt ec_paramgen_curve:P-384"),
        ("ed25519", "ED25519"),
    ] {
        pki.key(name, kind);
    }
    pki.make(
        "rsa_root",
        "/O=Acme/CN=Acme RSA Root",
        "rsa_root",
        ROOT,
        "-days 3650",
    );
    pki.make(
        "rsa_ca",
        "/O=Acme/CN=Acme RSA CA",
        "rsa_root",
        CA,
        "-days 1825",
    );
    let rsa_usage = SERVER.replace("digitalSignature", "digitalSignature,keyEncipherment");
    let named = |names: &str| SERVER.replace("DNS:hook.example.com", names);
    for (name, issuer, extensions) in [
        ("rsa", "inter", rsa_usage.clone()),
        ("under_rsa_ca", "rsa_ca", rsa_usage),
        ("p384", "inter", SERVER.to_owned()),
        ("ed25519", "inter", SERVER.to_owned()),
        (
            "names",
            "inter",
            named("DNS:hook.example.com,DNS:*.example.com,DNS:example.net"),
        ),
        (
            "both_addresses",
            "inter",
            named("DNS:hook.example.com,IP:192.0.2.1,IP:2001:db8::1"),
        ),
        ("by_root", "root", SERVER.to_owned()),
        ("deep_leaf", "inter", SERVER.to_owned()),
        ("within", "only_dns", named("DNS:hook.example.org")),
    ] {
        let subject = if name == "within" {
            "/CN=hook.example.org"
        } else {
            HOOK
        };
        pki.make(name, subject, issuer, &extensions, "");
    }
    // The same key and name as the root, issued by an older one.
    fs::copy(pki.root().join("root.key"), pki.root().join("cross.key")).unwrap();
    pki.make(
        "cross",
        "/O=Acme/CN=Acme Root",
        "other_root",
        CA,
        "-days 1825",
    );
    for (file, names) in [
        ("rsa_all.pem", &["under_rsa_ca", "rsa_ca"][..]),
        ("whole.pem", &["leaf", "inter", "root"]),
        ("cross.pem", &["leaf", "inter", "cross"]),
        ("within.pem", &["within", "only_dns"]),
        ("under_path0.pem", &["under_path0", "path0"]),
    ] {
        pki.bundle(file, names);
    }
    for leaf in [
        "rsa",
        "p384",
        "ed25519",
        "names",
        "both_addresses",
        "deep_leaf",
    ] {
        pki.bundle(&format!("{leaf}.pem"), &[leaf, "inter"]);
    }
    pki.run("pkey -in rsa.key -traditional -out rsa_pkcs1.key");
    pki.run("pkey -in leaf.key -traditional -out leaf_sec1.key");

    let path = |name: &str| pki.root().join(name);
    let read = |name: &str| fs::read_to_string(path(name)).unwrap();
    let good = read("good.pem");
    fs::write(path("crlf.pem"), good.replace('\n', "\r\n")).unwrap();
    fs::write(
        path("text.pem"),
        good.replace("-----BEGIN", "the next one\n-----BEGIN"),
    )
    .unwrap();
    fs::write(path("combined.pem"), read("leaf.key") + &good).unwrap();
    let private = fs::Permissions::from_mode(0o600);
    for name in ["combined.pem", "rsa_pkcs1.key", "leaf_sec1.key"] {
        fs::set_permissions(path(name), private.clone()).unwrap();
    }
}

/// `live/hook` with links into `archive/hook`, as certbot lays them out.
fn certbot(pki: &Forge) {
    let archive = pki.root().join("certbot/archive/hook");
    let live = pki.root().join("certbot/live/hook");
    fs::create_dir_all(&archive).unwrap();
    fs::create_dir_all(&live).unwrap();
    for (name, from) in [
        ("cert", "leaf.crt"),
        ("chain", "inter.crt"),
        ("fullchain", "good.pem"),
        ("privkey", "leaf.key"),
    ] {
        fs::copy(pki.root().join(from), archive.join(format!("{name}1.pem"))).unwrap();
        let link = live.join(format!("{name}.pem"));
        symlink(format!("../../archive/hook/{name}1.pem"), link).unwrap();
    }
    fs::write(
        live.join("README"),
        "This directory contains your keys and certificates.\n",
    )
    .unwrap();
}

/// A secret as kubelet mounts it: the entries are links through `..data`, so that all change at
/// once.
fn mounted(pki: &Forge) {
    let folder = pki.root().join("mounted");
    let version = folder.join("..2026_11_24_00_00_00.1");
    fs::create_dir_all(&version).unwrap();
    symlink("..2026_11_24_00_00_00.1", folder.join("..data")).unwrap();
    for (name, from) in [
        ("tls.crt", "good.pem"),
        ("tls.key", "leaf.key"),
        ("ca.crt", "root.crt"),
    ] {
        fs::copy(pki.root().join(from), version.join(name)).unwrap();
        symlink(format!("..data/{name}"), folder.join(name)).unwrap();
    }
}

/// What this program's own PKI issues.
fn simulated(pki: &Forge) {
    let folder = pki.root().join("simulated");
    let authority = Authority::new(now()).unwrap();
    let valid = recipe("valid").unwrap();
    let client = authority.client(valid).unwrap().unwrap();
    let server = authority.server(&["localhost", "127.0.0.1"]).unwrap();
    for (name, identity) in [("server", server), ("clients/valid", client)] {
        let own = folder.join(name);
        fs::create_dir_all(&own).unwrap();
        fs::write(own.join("fullchain.pem"), identity.chain_pem()).unwrap();
        fs::write(own.join("key.pem"), identity.key_pem()).unwrap();
        fs::set_permissions(own.join("key.pem"), fs::Permissions::from_mode(0o600)).unwrap();
    }
    fs::write(folder.join("server-ca.pem"), authority.server_anchor_pem()).unwrap();
    fs::write(
        folder.join("clients/valid/anchor.pem"),
        authority.anchor_pem_for(valid),
    )
    .unwrap();
}
