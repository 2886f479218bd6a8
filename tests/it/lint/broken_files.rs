//! Files that a TLS library cannot read, or reads otherwise than their owner thinks.

use crate::lint::{
    certificates,
    run::{self, Case},
};

const OTHER_FORMATS: &[Case] = &[
    Case {
        name: "an empty file",
        flags: "--cert empty.pem --key leaf.key",
        wants: "error MT101 empty.pem:1",
        trust: "",
    },
    Case {
        name: "DER",
        flags: "--cert chain.der",
        wants: "error MT102 chain.der:1\nwarning MT203 chain.der:1",
        trust: "",
    },
    Case {
        name: "PKCS #12",
        flags: "--cert chain.p12",
        wants: "error MT103 chain.p12:1",
        trust: "",
    },
    Case {
        name: "PKCS #7",
        flags: "--cert chain.p7b",
        wants: "error MT104 chain.p7b#1",
        trust: "",
    },
    Case {
        name: "a request",
        flags: "--cert request.pem",
        wants: "error MT106 request.pem#1",
        trust: "",
    },
    Case {
        name: "a public key for the private one",
        flags: "--cert good.pem --key public.pem",
        wants: "error MT107 public.pem#1",
        trust: "",
    },
    Case {
        name: "key and certificate swapped",
        flags: "--cert leaf.key --key good.pem",
        wants: "error MT108 leaf.key#1\nerror MT108 good.pem#1",
        trust: "",
    },
    Case {
        name: "OpenSSL's own certificate format",
        flags: "--cert trusted.pem --cacert root.crt",
        wants: "warning MT109 trusted.pem#1",
        trust: "trusted",
    },
    Case {
        name: "a Java keystore",
        flags: "--cert keystore.jks",
        wants: "error MT105 keystore.jks:1",
        trust: "",
    },
    Case {
        name: "a page from a web server",
        flags: "--cert page.pem",
        wants: "error MT117 page.pem:1",
        trust: "",
    },
    Case {
        name: "base64 of the PEM file",
        flags: "--cert base64.pem",
        wants: "error MT117 base64.pem:1",
        trust: "",
    },
];

const BROKEN_PEM: &[Case] = &[
    Case {
        name: "no END line",
        flags: "--cert no_end.pem",
        wants: "error MT110 no_end.pem#1",
        trust: "",
    },
    Case {
        name: "a line of base64 lost",
        flags: "--cert truncated.pem",
        wants: "error MT212 truncated.pem#1",
        trust: "",
    },
    Case {
        name: "the end of a line lost",
        flags: "--cert short_line.pem",
        wants: "error MT110 short_line.pem#1",
        trust: "",
    },
    Case {
        name: "files glued together without a line break",
        flags: "--cert glued.pem",
        wants: "error MT116 glued.pem#2",
        trust: "",
    },
    Case {
        name: "an old label",
        flags: "--cert old_label.pem --cacert root.crt",
        wants: "warning MT127 old_label.pem#1",
        trust: "",
    },
    Case {
        name: "labels that differ",
        flags: "--cert other_label.pem",
        wants: "error MT110 other_label.pem#1",
        trust: "",
    },
    Case {
        name: "bytes after the certificate",
        flags: "--cert trailing.pem --cacert root.crt",
        wants: "error MT124 trailing.pem#1",
        trust: "",
    },
    Case {
        name: "a character that is no base64",
        flags: "--cert not_base64.pem",
        wants: "error MT110 not_base64.pem#1",
        trust: "",
    },
    Case {
        name: "the end of the file lost",
        flags: "--cert cut.pem",
        wants: "error MT110 cut.pem#2\nwarning MT203 cut.pem#1",
        trust: "",
    },
    Case {
        name: "four dashes",
        flags: "--cert dashes.pem",
        wants: "error MT111 dashes.pem#1",
        trust: "",
    },
    Case {
        name: "a byte order mark",
        flags: "--cert bom.pem --cacert root.crt",
        wants: "warning MT112 bom.pem#1",
        trust: "trusted",
    },
    Case {
        name: "UTF-16",
        flags: "--cert utf16.pem",
        wants: "error MT113 utf16.pem:1",
        trust: "",
    },
    Case {
        name: "line breaks written out",
        flags: "--cert one_line.pem --cacert root.crt",
        wants: "error MT116 one_line.pem#1",
        trust: "",
    },
];

const KEYS: &[Case] = &[
    Case {
        name: "an encrypted key",
        flags: "--cert good.pem --key encrypted.key --cacert root.crt",
        wants: "error MT118 encrypted.key#1",
        trust: "trusted",
    },
    Case {
        name: "an encrypted key of the old kind",
        flags: "--cert good.pem --key legacy.key --cacert root.crt",
        wants: "error MT119 legacy.key#1",
        trust: "trusted",
    },
    Case {
        name: "the key in a file of its own kind, cut short",
        flags: "--cert good.pem --key cut.key --cacert root.crt",
        wants: "error MT120 cut.key#1",
        trust: "trusted",
    },
    Case {
        name: "two keys in one file",
        flags: "--cert good.pem --key two.key --cacert root.crt",
        wants: "warning MT123 two.key#2",
        trust: "trusted",
    },
    Case {
        name: "no key at all",
        flags: "--cert good.pem --key page.pem --cacert root.crt",
        wants: "error MT117 page.pem:1",
        trust: "trusted",
    },
    Case {
        name: "a key of another kind",
        flags: "--cert good.pem --key rsa.key --cacert root.crt",
        wants: "error MT140 rsa.key#1",
        trust: "trusted",
    },
    Case {
        name: "a folder with another key",
        flags: "mismatched --cacert root.crt",
        wants: "error MT140 mismatched/privkey.pem#1",
        trust: "trusted",
    },
    Case {
        name: "a mounted secret with another key",
        flags: "mismatched_secret --cacert root.crt",
        wants: "error MT140 mismatched_secret/tls.key#1",
        trust: "trusted",
    },
    Case {
        name: "a key that others may read",
        flags: "--cert good.pem --key open.key --cacert root.crt",
        wants: "warning MT121 open.key#1",
        trust: "trusted",
    },
];

const ANCHORS: &[Case] = &[
    Case {
        name: "only roots that are about to be of no use",
        flags: "--client-ca google.pem --profile dialogflow --at-time 2026-11-25",
        wants: "error MT417 google.pem#1 ~ works today; last day 2026-12-01, refused from 2026-12-02",
        trust: "",
    },
    Case {
        name: "only roots of no use",
        flags: "--client-ca google.pem --profile dialogflow --at-time 2026-12-02",
        wants: "error MT417 google.pem#1",
        trust: "",
    },
    Case {
        name: "only roots of no use, and nobody says for whom",
        flags: "--client-ca google.pem --at-time 2026-12-02",
        wants: "error MT418 google.pem#1",
        trust: "",
    },
    Case {
        name: "only roots of little use, and nobody says for whom",
        flags: "--client-ca google.pem --at-time 2026-11-25",
        wants: "warning MT418 google.pem#1",
        trust: "",
    },
    Case {
        name: "a leaf among the anchors",
        flags: "--client-ca with_leaf_ca.pem",
        wants: "warning MT411 with_leaf_ca.pem#2",
        trust: "",
    },
    Case {
        name: "an expired root",
        flags: "--client-ca dying_root.crt --at-time +65d",
        wants: "error MT413 dying_root.crt#1",
        trust: "",
    },
    Case {
        name: "a root that ends soon",
        flags: "--client-ca dying_root.crt --at-time +50d",
        wants: "warning MT414 dying_root.crt#1",
        trust: "",
    },
    Case {
        name: "a weak root",
        flags: "--client-ca weak_root.crt",
        wants: "error MT416 weak_root.crt#1",
        trust: "",
    },
    Case {
        name: "an intermediate for the root",
        flags: "--client-ca inter.crt",
        wants: "warning MT412 inter.crt#1",
        trust: "",
    },
];

#[test]
fn other_formats() {
    if let Some(folder) = certificates::folder() {
        run::all(OTHER_FORMATS, folder);
    }
}

#[test]
fn broken_pem() {
    if let Some(folder) = certificates::folder() {
        run::all(BROKEN_PEM, folder);
    }
}

#[test]
fn keys() {
    if let Some(folder) = certificates::folder() {
        run::all(KEYS, folder);
    }
}

#[test]
fn anchors() {
    if let Some(folder) = certificates::folder() {
        run::all(ANCHORS, folder);
    }
}

#[test]
fn a_secret_with_another_key() {
    let Some(folder) = certificates::folder() else {
        return;
    };
    let case = Case {
        name: "a secret whose key is another's, on standard input",
        flags: "- --cacert root.crt",
        wants: "error MT140 -#tls.key:1",
        trust: "trusted",
    };
    let secret = std::fs::read(folder.join("secret_mismatch.json")).unwrap();
    run::check(&case, folder, &secret, &[]).unwrap();
}
