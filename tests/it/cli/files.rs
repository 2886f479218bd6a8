//! A folder with good and bad files, made without any other program.

use std::{fs, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use mtls::pki::{Authority, Identity};

use crate::support::{Folder, now};

/// The folder and what is in it.
pub(crate) struct Files {
    folder: Folder,
    pub(crate) server: Identity,
}

impl Files {
    pub(crate) fn new() -> Self {
        let authority = Authority::new(now()).unwrap();
        let server = authority.server(&["localhost"]).unwrap();
        let other = authority.server(&["other.test"]).unwrap();
        let folder = Folder::new();
        let write = |name: &str, content: &[u8]| {
            folder.write(name, content);
        };
        write("fullchain.pem", server.chain_pem().as_bytes());
        write("key.pem", server.key_pem().as_bytes());
        write("other-key.pem", other.key_pem().as_bytes());
        // The usual order turned round: the key belongs to the second certificate.
        let turned = other.chain_pem() + &server.chain_pem();
        write("turned.pem", turned.as_bytes());
        write(
            "both.pem",
            (server.chain_pem() + &server.key_pem()).as_bytes(),
        );
        write(
            "two-keys.pem",
            (server.key_pem() + &other.key_pem()).as_bytes(),
        );
        write("client-ca.pem", authority.client_anchor_pem().as_bytes());

        write("empty.pem", b"");
        write("text.txt", b"hello\n");
        fs::create_dir(folder.root().join("folder")).unwrap();
        write("cert.der", &server.chain[0]);
        write("key.der", &server.key_pkcs8);
        // How every PKCS#12 file begins: a SEQUENCE whose first member is the version, 3 (RFC 7292
        // section 4).
        write(
            "both.p12",
            &[0x30, 0x82, 0x01, 0x00, 0x02, 0x01, 0x03, 0x30, 0x82],
        );
        write(
            "csr.pem",
            pem("CERTIFICATE REQUEST", &[0x30, 3, 2, 1, 0]).as_bytes(),
        );
        write(
            "trusted.pem",
            pem("TRUSTED CERTIFICATE", &server.chain[0]).as_bytes(),
        );
        write(
            "public.pem",
            pem("PUBLIC KEY", &[0x30, 3, 2, 1, 0]).as_bytes(),
        );
        write(
            "encrypted-key.pem",
            pem("ENCRYPTED PRIVATE KEY", &[0x30; 90]).as_bytes(),
        );
        let legacy = pem("EC PRIVATE KEY", &[7; 96]).replacen(
            "KEY-----\n",
            "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n",
            1,
        );
        write("legacy-key.pem", legacy.as_bytes());
        write(
            "cut.pem",
            pem("CERTIFICATE", &server.chain[0][..200]).as_bytes(),
        );
        let good = pem("CERTIFICATE", &server.chain[0]);
        write(
            "no-end.pem",
            good.rsplit_once("-----END").unwrap().0.as_bytes(),
        );
        write("bad-letter.pem", good.replacen("\nM", "\n!", 1).as_bytes());
        Self { folder, server }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.root()
    }
}

/// One PEM block.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}
