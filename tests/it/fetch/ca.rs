//! A CA as people run one with the openssl command: a root, an issuing CA, a leaf, with the addresses
//! of a web server in them.

use std::{fs, sync::Arc};

use super::web::{Reply, Web};
use crate::support::{Forge, peer};

const ROOT: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
                    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const ISSUING: &str = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n\
                       subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const LEAF: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
                    extendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
                    subjectAltName=DNS:localhost,IP:127.0.0.1\n";
const RESPONDER: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
                         subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

pub(crate) struct Ca {
    pub(crate) forge: Arc<Forge>,
    pub(crate) web: Web,
}

impl Ca {
    /// `root`, `issuing` and `leaf`; every certificate names `/NAME.der` of its issuer, and the leaf
    /// what `leaf` says besides, where `WEB` is the web server. `None` without openssl.
    #[track_caller]
    pub(crate) fn new(leaf: &str) -> Option<Self> {
        peer("openssl")?;
        let ca = Self {
            forge: Arc::new(Forge::new()),
            web: Web::new(),
        };
        ca.forge.make("root", "/CN=Fetch Root", "root", ROOT, "");
        ca.make("issuing", "Fetch Issuing CA", "root", ISSUING, "");
        ca.make("leaf", "localhost", "issuing", LEAF, leaf);
        for name in ["root", "issuing"] {
            ca.publish(name);
        }
        Some(ca)
    }

    /// `name.crt` by `issuer`, which it names, with these extensions and these lines more.
    fn make(&self, name: &str, common_name: &str, issuer: &str, extensions: &str, more: &str) {
        let more = more.replace("WEB", &self.web.url(""));
        // openssl takes a section once: responders stand beside the issuer.
        let (access, rest): (Vec<&str>, Vec<&str>) =
            more.lines().partition(|line| line.starts_with("OCSP;"));
        let issuers = self.web.url(&format!("/{issuer}.der"));
        let access = [vec![format!("caIssuers;URI:{issuers}")], owned(&access)].concat();
        let extensions = format!(
            "{extensions}authorityInfoAccess={}\n{}\n",
            access.join(","),
            rest.join("\n")
        );
        let subject = format!("/CN={common_name}");
        self.forge.make(name, &subject, issuer, &extensions, "");
    }

    /// Another leaf, with these lines.
    pub(crate) fn leaf(&self, name: &str, more: &str) {
        self.make(name, "localhost", "issuing", LEAF, more);
    }

    /// A certificate for a responder, with these lines.
    pub(crate) fn responder(&self, name: &str, issuer: &str, more: &str) {
        let extensions = format!("{RESPONDER}{more}");
        self.forge
            .make(name, &format!("/CN={name}"), issuer, &extensions, "");
    }

    /// Puts a certificate on the web, DER.
    pub(crate) fn publish(&self, name: &str) {
        self.forge
            .run(&format!("x509 -in {name}.crt -outform DER -out {name}.der"));
        self.web
            .bytes(&format!("/{name}.der"), self.read(&format!("{name}.der")));
    }

    pub(crate) fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.forge.root().join(file)).unwrap()
    }

    /// The path of a certificate's file.
    pub(crate) fn path(&self, name: &str) -> String {
        self.forge.path(&format!("{name}.crt"))
    }

    /// The leaf with its issuer, in a file.
    pub(crate) fn chain(&self) -> String {
        self.bundle("chain.pem", &["leaf", "issuing"])
    }

    pub(crate) fn bundle(&self, file: &str, names: &[&str]) -> String {
        let path = self.forge.bundle(file, names);
        path.to_str().unwrap().to_owned()
    }

    /// The database of `openssl ca` and `openssl ocsp`: what each of these is, as `V` or
    /// `R261101000000Z,keyCompromise`.
    pub(crate) fn index(&self, entries: &[(&str, &str)]) {
        let lines: String = entries
            .iter()
            .map(|(name, state)| {
                let serial = self.forge.certificate(name).serial;
                // openssl looks numbers up as whole octets.
                let zero = if serial.len() % 2 == 1 { "0" } else { "" };
                let (kind, revoked) = state.split_at(1);
                format!("{kind}\t300101000000Z\t{revoked}\t{zero}{serial}\tunknown\t/CN={name}\n")
            })
            .collect();
        self.forge.write("index.txt", lines);
        self.forge.write("index.txt.attr", "unique_subject = no\n");
    }

    /// Makes a revocation list by the index, DER, and says what is in it.
    pub(crate) fn list(&self, issuer: &str, options: &str, extensions: &str) -> Vec<u8> {
        self.forge.write("crlnumber", "01\n");
        self.forge.write(
            "crl.cnf",
            format!(
                "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\n\
                 crl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n{extensions}\n"
            ),
        );
        self.forge.run(&format!(
            "ca -gencrl -config crl.cnf -keyfile {issuer}.key -cert {issuer}.crt -out list.pem {options}"
        ));
        self.forge
            .run("crl -in list.pem -outform DER -out list.der");
        self.read("list.der")
    }

    /// An OCSP responder at `/ocsp` which is the openssl command: it signs as `signer`, with these
    /// options.
    pub(crate) fn responds(&self, signer: &str, options: &str) {
        let forge = self.forge.clone();
        let command = format!(
            "ocsp -index index.txt -CA issuing.crt -rsigner {signer}.crt -rkey {signer}.key \
             -reqin asked.der -respout answer.der {options}"
        );
        let make = move |body: &[u8]| {
            forge.write("asked.der", body);
            forge.run(&command);
            fs::read(forge.root().join("answer.der")).unwrap()
        };
        self.web.set("/ocsp", Reply::Made(Arc::new(make)));
    }

    /// Such an answer to a question that was asked elsewhere, about `name` and with these options.
    pub(crate) fn answer_for(&self, name: &str, question: &str, options: &str) -> Vec<u8> {
        self.forge.run(&format!(
            "ocsp -issuer issuing.crt -cert {name}.crt -reqout asked.der {question}"
        ));
        self.forge.run(&format!(
            "ocsp -index index.txt -CA issuing.crt -rsigner issuing.crt -rkey issuing.key \
             -reqin asked.der -respout answer.der {options}"
        ));
        self.read("answer.der")
    }
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}
