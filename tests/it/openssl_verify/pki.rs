//! Certificates made with the openssl command.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use mtls::facts::Certificate;
use mtls::parse::{cert, pem};

/// What a key is when nobody says otherwise.
const P256: &str = "EC -pkeyopt ec_paramgen_curve:P-256";

/// A throwaway public key infrastructure made with the openssl command.
pub(crate) struct Pki {
    directory: tempfile::TempDir,
}

impl Pki {
    pub(crate) fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(self.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    pub(crate) fn run(&self, arguments: &str) {
        self.openssl(&arguments.split_whitespace().collect::<Vec<_>>());
    }

    pub(crate) fn key(&self, name: &str, kind: &str) {
        if !self.path().join(format!("{name}.key")).exists() {
            self.run(&format!("genpkey -algorithm {kind} -out {name}.key"));
        }
    }

    /// Makes `name.crt` by `issuer` (itself when it is the same), with extensions (none: X.509 v1) and more options.
    pub(crate) fn make(
        &self,
        name: &str,
        subject: &str,
        issuer: &str,
        extensions: &str,
        options: &str,
    ) {
        self.key(name, P256);
        self.openssl(&[
            "req",
            "-new",
            "-key",
            &format!("{name}.key"),
            "-subj",
            subject,
            "-multivalue-rdn",
            "-utf8",
            "-out",
            "csr",
        ]);
        let mut arguments = format!("x509 -req -in csr -days 90 -out {name}.crt {options}");
        if !extensions.is_empty() {
            std::fs::write(self.path().join("ext"), extensions).unwrap();
            arguments += " -extfile ext";
        }
        if issuer == name {
            write!(arguments, " -signkey {name}.key").unwrap();
        } else {
            write!(
                arguments,
                " -CA {issuer}.crt -CAkey {issuer}.key -CAcreateserial"
            )
            .unwrap();
        }
        self.run(&arguments);
    }

    /// As `make`, with dates (`20200101000000Z`).
    pub(crate) fn dated(
        &self,
        name: &str,
        subject: &str,
        issuer: &str,
        extensions: &str,
        from: &str,
        to: &str,
    ) {
        self.key(name, P256);
        self.openssl(&[
            "req",
            "-new",
            "-key",
            &format!("{name}.key"),
            "-subj",
            subject,
            "-out",
            "csr",
        ]);
        std::fs::write(self.path().join("index"), "").unwrap();
        let configuration = format!(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nrand_serial=yes\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n\
             unique_subject=no\n[p]\ncommonName=supplied\n[v]\n{extensions}"
        );
        std::fs::write(self.path().join("ca.cnf"), configuration).unwrap();
        let by = if issuer == name {
            "-selfsign".to_owned()
        } else {
            format!("-cert {issuer}.crt")
        };
        self.run(&format!(
            "ca -batch -config ca.cnf {by} -keyfile {issuer}.key -in csr -out {name}.crt -startdate {from} -enddate {to} -extensions v -notext"
        ));
    }

    pub(crate) fn certificate(&self, name: &str) -> Certificate {
        let text = std::fs::read(self.path().join(format!("{name}.crt"))).unwrap();
        cert::certificate(pem::scan(&text)[0].der.as_ref().unwrap())
    }

    /// Writes these certificates one after the other.
    pub(crate) fn bundle(&self, file: &str, names: &[&str]) -> PathBuf {
        let path = self.path().join(file);
        let texts: Vec<String> = names
            .iter()
            .map(|name| std::fs::read_to_string(self.path().join(format!("{name}.crt"))).unwrap())
            .collect();
        std::fs::write(&path, texts.concat()).unwrap();
        path
    }
}
