//! Every certificate and file of the cases, made once for each run.

use std::{fs, path::Path, sync::OnceLock};

use jiff::SignedDuration;

use crate::{
    lint::{files, layouts},
    support::{Forge, now, peer},
};

/// Extensions of a root.
pub(crate) const ROOT: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";
/// Extensions of an intermediate.
pub(crate) const CA: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
                      subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
/// What every leaf has.
const LEAF: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
                    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
/// A good server's leaf.
pub(crate) const SERVER: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
                          subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
                          extendedKeyUsage=serverAuth\nsubjectAltName=DNS:hook.example.com\n";
/// The subject of every leaf that needs no other.
pub(crate) const HOOK: &str = "/CN=hook.example.com";

/// The folder with all of them; `None`, said on stderr, where openssl is not installed.
pub(crate) fn folder() -> Option<&'static Path> {
    static MADE: OnceLock<Option<Forge>> = OnceLock::new();
    MADE.get_or_init(|| {
        peer("openssl")?;
        let pki = Forge::new();
        authorities(&pki);
        leafs(&pki);
        below_their_own(&pki);
        lists(&pki);
        bundles(&pki);
        files::make(&pki);
        layouts::make(&pki);
        Some(pki)
    })
    .as_ref()
    .map(|pki| pki.root())
}

fn authorities(pki: &Forge) {
    for (name, subject, options) in [
        ("root", "/O=Acme/CN=Acme Root", "-days 3650"),
        ("other_root", "/O=Else/CN=Else Root", "-days 3650"),
        ("dying_root", "/O=Acme/CN=Acme Old Root", "-days 60"),
    ] {
        pki.make(name, subject, name, ROOT, options);
    }
    pki.make(
        "inter",
        "/O=Acme/CN=Acme Issuing CA",
        "root",
        CA,
        "-days 1825",
    );
    pki.make(
        "inter2",
        "/O=Acme/CN=Acme Web CA",
        "inter",
        CA,
        "-days 1000",
    );
}

/// Leafs below the good intermediate, each with its fault.
fn leafs(pki: &Forge) {
    let named = |san: &str| SERVER.replace("DNS:hook.example.com", san);
    let unnamed = SERVER.replace("subjectAltName=DNS:hook.example.com\n", "");
    pki.make("deep", HOOK, "inter2", SERVER, "");
    pki.make("stranger", HOOK, "other_root", SERVER, "");
    // What `openssl req -x509` makes when nobody tells it otherwise.
    let by_default = "subjectKeyIdentifier=hash\nbasicConstraints=critical,CA:TRUE\nsubjectAltName=DNS:hook.example.com\n";
    pki.make("self_ca", HOOK, "self_ca", by_default, "");
    let own = SERVER.replace("authorityKeyIdentifier=keyid\n", "");
    pki.make("self", HOOK, "self", &own, "");
    pki.key("rsa1024", "RSA -pkeyopt rsa_keygen_bits:1024");
    for (name, subject, extensions, options) in [
        ("leaf", HOOK, SERVER.to_owned(), ""),
        (
            "other_leaf",
            "/CN=www.example.com",
            named("DNS:www.example.com"),
            "",
        ),
        ("cn_only", HOOK, unnamed.clone(), ""),
        ("by_address", "/CN=192.0.2.1", named("IP:192.0.2.1"), ""),
        (
            "client",
            "/CN=client",
            format!("{LEAF}extendedKeyUsage=clientAuth\nsubjectAltName=DNS:sender.example.com\n"),
            "",
        ),
        (
            "no_signature",
            HOOK,
            SERVER.replace("digitalSignature", "keyAgreement"),
            "",
        ),
        (
            "ca_leaf",
            HOOK,
            format!("{CA}subjectAltName=DNS:hook.example.com\nextendedKeyUsage=serverAuth\n"),
            "",
        ),
        ("rsa1024", HOOK, SERVER.to_owned(), ""),
        ("sha1", HOOK, SERVER.to_owned(), "-sha1"),
        ("v1", HOOK, String::new(), ""),
        (
            "critical",
            HOOK,
            format!("{SERVER}1.2.3.4=critical,ASN1:NULL\n"),
            "",
        ),
        (
            "wildcard",
            "/CN=*.example.com",
            named("DNS:*.example.com"),
            "",
        ),
        (
            "address_as_name",
            "/CN=192.0.2.1",
            named("DNS:192.0.2.1"),
            "",
        ),
        (
            "any_usage",
            HOOK,
            SERVER.replace("serverAuth", "anyExtendedKeyUsage"),
            "",
        ),
        (
            "underscore",
            HOOK,
            named("DNS:hook.example.com,DNS:my_hook.example.com"),
            "",
        ),
        (
            "no_usage",
            HOOK,
            SERVER.replace("extendedKeyUsage=serverAuth\n", ""),
            "",
        ),
    ] {
        pki.make(name, subject, "inter", &extensions, options);
    }
    let (past, ended) = ("20240101000000Z", "20240401000000Z");
    pki.dated("expired", HOOK, "inter", SERVER, past, ended);
    let from_now = |days: i64| {
        (now() + SignedDuration::from_hours(24 * days))
            .strftime("%Y%m%d%H%M%SZ")
            .to_string()
    };
    pki.dated(
        "not_yet",
        HOOK,
        "inter",
        SERVER,
        &from_now(30),
        &from_now(70),
    );

    // One octet of the signature is changed.
    fs::copy(pki.root().join("leaf.key"), pki.root().join("tampered.key")).unwrap();
    pki.run("x509 -in leaf.crt -outform DER -out leaf.der");
    let mut der = fs::read(pki.root().join("leaf.der")).unwrap();
    let last = der.len() - 1;
    der[last] ^= 1;
    fs::write(pki.root().join("tampered.der"), der).unwrap();
    pki.run("x509 -inform DER -in tampered.der -out tampered.crt");
}

/// Authorities with a fault, and a good leaf below each, named `under_` and its issuer.
fn below_their_own(pki: &Forge) {
    pki.key("weak_root", "RSA -pkeyopt rsa_keygen_bits:1024");
    for (name, issuer, extensions, options) in [
        ("dying", "root", CA.to_owned(), "-days 30"),
        ("by_dying_root", "dying_root", CA.to_owned(), "-days 1825"),
        ("not_ca", "root", LEAF.to_owned(), ""),
        (
            "path0",
            "root",
            CA.replace("CA:TRUE", "CA:TRUE,pathlen:0"),
            "",
        ),
        ("below_path0", "path0", CA.to_owned(), ""),
        (
            "only_dns",
            "root",
            format!("{CA}nameConstraints=critical,permitted;DNS:example.org\n"),
            "",
        ),
        (
            "only_ip",
            "root",
            format!("{CA}nameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0\n"),
            "",
        ),
        ("ca_sha1", "root", CA.to_owned(), "-sha1 -days 1825"),
        (
            "clients_only",
            "root",
            format!("{CA}extendedKeyUsage=clientAuth\n"),
            "",
        ),
        (
            "lists_only",
            "root",
            CA.replace("keyCertSign,cRLSign", "cRLSign"),
            "",
        ),
        (
            "not_com",
            "root",
            format!("{CA}nameConstraints=critical,excluded;DNS:example.com\n"),
            "",
        ),
        ("weak_root", "weak_root", ROOT.to_owned(), "-days 1000"),
    ] {
        let options = if options.is_empty() {
            "-days 1825"
        } else {
            options
        };
        pki.make(
            name,
            &format!("/O=Acme/CN=Acme {name}"),
            issuer,
            &extensions,
            options,
        );
        let extensions = match name {
            "only_ip" => {
                SERVER.replace("DNS:hook.example.com", "DNS:hook.example.com,IP:192.0.2.1")
            }
            _ => SERVER.to_owned(),
        };
        pki.make(&format!("under_{name}"), HOOK, name, &extensions, "");
    }
}

/// `clear.crl` lists nothing, `revoked.crl` the leaf; both end in ten days.
fn lists(pki: &Forge) {
    let path = |name: &str| pki.root().join(name);
    let config = "[ca]\ndefault_ca=d\n[d]\ndatabase=revoked\ndefault_md=sha256\ncrlnumber=number\ncrl_extensions=e\n\
                  [e]\nauthorityKeyIdentifier=keyid\n";
    fs::write(path("crl.cnf"), config).unwrap();
    fs::write(path("revoked"), "").unwrap();
    fs::write(path("number"), "01\n").unwrap();
    let by = "-config crl.cnf -cert inter.crt -keyfile inter.key";
    pki.run(&format!("ca -gencrl {by} -crldays 10 -out clear.crl"));
    pki.run(&format!("ca {by} -revoke leaf.crt"));
    pki.run(&format!("ca -gencrl {by} -crldays 10 -out revoked.crl"));
    pki.run("ca -gencrl -config crl.cnf -cert other_root.crt -keyfile other_root.key -crldays 10 -out else.crl");
}

fn bundles(pki: &Forge) {
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
        ("with_root.pem", &["leaf", "inter", "other_root"]),
        ("with_stranger.pem", &["leaf", "inter", "by_dying_root"]),
        ("with_leaf.pem", &["leaf", "inter", "other_leaf"]),
        ("self.pem", &["self"]),
        (
            "under_below_path0.pem",
            &["under_below_path0", "below_path0", "path0"],
        ),
    ] {
        pki.bundle(file, names);
    }
    for leaf in [
        "other_leaf",
        "cn_only",
        "by_address",
        "client",
        "no_signature",
        "ca_leaf",
        "rsa1024",
        "sha1",
        "v1",
        "critical",
        "expired",
        "not_yet",
        "tampered",
        "wildcard",
        "address_as_name",
        "any_usage",
        "underscore",
        "no_usage",
    ] {
        pki.bundle(&format!("{leaf}.pem"), &[leaf, "inter"]);
    }
    for above in [
        "dying",
        "by_dying_root",
        "not_ca",
        "only_dns",
        "only_ip",
        "ca_sha1",
        "clients_only",
        "lists_only",
        "not_com",
    ] {
        let leaf = format!("under_{above}");
        pki.bundle(&format!("{leaf}.pem"), &[&leaf, above]);
    }
}
