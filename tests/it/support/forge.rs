//! Certificates made with the openssl command: what the certificate library cannot make, and what
//! it would not.
//!
//! For: `<name>.key` and `<name>.crt` in one folder, each issued by another of them.
//! Must not: say what a certificate is good for; ask [`super::peer`] for openssl first.

use std::{fmt::Write as _, fs, ops::Deref, path::PathBuf};

use mtls::{
    facts::Certificate,
    parse::{cert, pem},
};

use super::{Folder, clean, run};

/// What a key is when nobody says otherwise.
pub(crate) const P256: &str = "EC -pkeyopt ec_paramgen_curve:P-256";

/// A throwaway public key infrastructure made with the openssl command.
pub(crate) struct Forge(Folder);

impl Deref for Forge {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.0
    }
}

impl Forge {
    pub(crate) fn new() -> Self {
        Self(Folder::new())
    }

    fn openssl(&self, arguments: &[&str]) {
        run(
            clean("openssl").args(arguments).current_dir(self.root()),
            60,
        )
        .ok();
    }

    /// `openssl` with these words in the folder; it has to succeed.
    pub(crate) fn run(&self, arguments: &str) {
        self.openssl(&arguments.split_whitespace().collect::<Vec<_>>());
    }

    /// Makes `name.key` unless it is there.
    pub(crate) fn key(&self, name: &str, kind: &str) {
        if !self.root().join(format!("{name}.key")).exists() {
            self.run(&format!("genpkey -algorithm {kind} -out {name}.key"));
        }
    }

    /// A request of `name.key` for this subject, as the file `csr`.
    fn request(&self, name: &str, subject: &str) {
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
    }

    /// Makes `name.crt` by `issuer` (itself when it is the same), with extensions (none: X.509 v1)
    /// and more options.
    pub(crate) fn make(
        &self,
        name: &str,
        subject: &str,
        issuer: &str,
        extensions: &str,
        options: &str,
    ) {
        self.request(name, subject);
        let mut arguments = format!("x509 -req -in csr -days 90 -out {name}.crt {options}");
        if !extensions.is_empty() {
            self.write("ext", extensions);
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
        self.request(name, subject);
        self.write("index", "");
        self.write("ca.cnf", format!(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nrand_serial=yes\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n\
             unique_subject=no\n[p]\ncommonName=supplied\n[v]\n{extensions}"
        ));
        let by = if issuer == name {
            "-selfsign".to_owned()
        } else {
            format!("-cert {issuer}.crt")
        };
        self.run(&format!(
            "ca -batch -config ca.cnf {by} -keyfile {issuer}.key -in csr -out {name}.crt -startdate {from} -enddate {to} -extensions v -notext"
        ));
    }

    /// A certificate, as the program reads it.
    pub(crate) fn certificate(&self, name: &str) -> Certificate {
        let text = fs::read(self.root().join(format!("{name}.crt"))).unwrap();
        cert::certificate(pem::scan(&text)[0].der.as_ref().unwrap())
    }

    /// Writes these certificates one after the other.
    pub(crate) fn bundle(&self, file: &str, names: &[&str]) -> PathBuf {
        let texts: Vec<String> = names
            .iter()
            .map(|name| self.read(&format!("{name}.crt")))
            .collect();
        self.write(file, texts.concat()).into()
    }
}
