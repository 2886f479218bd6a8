//! Client certificates that the certificate library cannot make: made with the openssl command.

use std::fs;

use tempfile::TempDir;

use super::{clean, run};

/// A root, an intermediate and clients below it, as files: `root.pem`, `above.pem` (the intermediate) and, for each of
/// [`OpensslPki::CLIENTS`], `<name>.pem` and `<name>.key`.
pub(crate) struct OpensslPki {
    folder: TempDir,
}

/// Extensions of the sections named in the commands below.
const CONFIG: &str = "\
[req]
distinguished_name = dn
prompt = no
[dn]
CN = simulated
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:sender.simulated.test
";

impl OpensslPki {
    /// A client's name, its key as `openssl genpkey` takes it, and the digest its certificate is signed with.
    pub(crate) const CLIENTS: &[(&str, &[&str], &str)] = &[
        (
            "client-sha1-signed",
            &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            "sha1",
        ),
        (
            "client-rsa1024",
            &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
            "sha256",
        ),
        (
            "rsa2048",
            &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            "sha256",
        ),
        (
            "rsa-pss",
            &["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
            "sha256",
        ),
        (
            "p384",
            &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
            "sha256",
        ),
        (
            "p521",
            &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
            "sha256",
        ),
        ("ed25519", &["-algorithm", "ED25519"], "sha256"),
        ("ed448", &["-algorithm", "ED448"], "sha256"),
    ];

    /// Makes all of them; ask [`super::peer`] for openssl first.
    pub(crate) fn new() -> Self {
        let pki = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::write(pki.path("config"), CONFIG).unwrap();
        let rsa: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
        pki.key("root", rsa);
        pki.key("above", rsa);
        pki.openssl(&[
            "req",
            "-x509",
            "-config",
            "config",
            "-extensions",
            "root",
            "-new",
            "-key",
            "root.key",
            "-subj",
            "/O=simulated by mtls/CN=simulated openssl root",
            "-days",
            "90",
            "-out",
            "root.pem",
        ]);
        pki.issue("above", "intermediate", "root", "sha256");
        for (name, key, digest) in Self::CLIENTS {
            pki.key(name, key);
            pki.issue(name, "leaf", "above", digest);
        }
        pki
    }

    /// The path of a file there.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn key(&self, name: &str, algorithm: &[&str]) {
        let out = format!("{name}.key");
        self.openssl(&[&["genpkey", "-out", &out], algorithm].concat());
    }

    fn issue(&self, name: &str, extensions: &str, issuer: &str, digest: &str) {
        let file = |name: &str, end: &str| format!("{name}.{end}");
        let subject = format!("/O=simulated by mtls/CN=simulated {name}");
        let (key, csr, pem) = (file(name, "key"), file(name, "csr"), file(name, "pem"));
        self.openssl(&[
            "req", "-config", "config", "-new", "-key", &key, "-subj", &subject, "-out", &csr,
        ]);
        let (issuer_pem, issuer_key, digest) = (
            file(issuer, "pem"),
            file(issuer, "key"),
            format!("-{digest}"),
        );
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            &csr,
            "-CA",
            &issuer_pem,
            "-CAkey",
            &issuer_key,
            "-CAcreateserial",
            &digest,
            "-extfile",
            "config",
            "-extensions",
            extensions,
            "-days",
            "60",
            "-out",
            &pem,
        ]);
    }

    fn openssl(&self, arguments: &[&str]) {
        run(
            clean("openssl")
                .current_dir(self.folder.path())
                .args(arguments),
            60,
        )
        .ok();
    }
}
