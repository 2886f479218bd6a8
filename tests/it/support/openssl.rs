//! Client certificates that the certificate library cannot make.

use super::Forge;

/// A client's name, its key as `openssl genpkey` takes it, and the digest its certificate is signed
/// with.
const CLIENTS: &[(&str, &str, &str)] = &[
    ("client-sha1-signed", RSA, "sha1"),
    (
        "client-rsa1024",
        "RSA -pkeyopt rsa_keygen_bits:1024",
        "sha256",
    ),
    ("rsa2048", RSA, "sha256"),
    ("rsa-pss", "RSA-PSS -pkeyopt rsa_keygen_bits:2048", "sha256"),
    ("p384", "EC -pkeyopt ec_paramgen_curve:P-384", "sha256"),
    ("p521", "EC -pkeyopt ec_paramgen_curve:P-521", "sha256"),
    ("ed25519", "ED25519", "sha256"),
    ("ed448", "ED448", "sha256"),
];

const RSA: &str = "RSA -pkeyopt rsa_keygen_bits:2048";
const ROOT: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";
const INTERMEDIATE: &str = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n\
                            subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const LEAF: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n\
                    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nsubjectAltName=DNS:sender.simulated.test\n";

/// A root, an intermediate (`above`) and each of [`CLIENTS`] below it; ask [`super::peer`] for
/// openssl first.
pub(crate) fn openssl_clients() -> Forge {
    let forge = Forge::new();
    let make = |name: &str, issuer: &str, extensions: &str, options: &str| {
        let subject = match name {
            "root" => "/O=simulated by mtls/CN=simulated openssl root".to_owned(),
            name => format!("/O=simulated by mtls/CN=simulated {name}"),
        };
        forge.make(name, &subject, issuer, extensions, options);
    };
    forge.key("root", RSA);
    forge.key("above", RSA);
    make("root", "root", ROOT, "-sha256");
    make("above", "root", INTERMEDIATE, "-days 60 -sha256");
    for (name, key, digest) in CLIENTS {
        forge.key(name, key);
        make(name, "above", LEAF, &format!("-days 60 -{digest}"));
    }
    forge
}
