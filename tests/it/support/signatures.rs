//! Every way to sign a certificate: chains signed with each, good and forged, made with the openssl
//! command.

use std::{ops::Deref, thread};

use super::{Folder, Forge};

/// What is known of a chain that is signed so, besides its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    /// Good ones are trusted, forged ones are not.
    Well,
    /// The signature can be checked and a good one holds, but verifiers differ about the algorithm,
    /// or are not known to take it: SHA-224, RSA-PSS keys, salts of other lengths than the
    /// digest's.
    Oddly,
    /// The signature can be checked, but a strict verifier does not take a good one either: SHA-1,
    /// a curve that the web PKI does not have.
    Weakly,
    /// The signature cannot be checked by this program: nothing is known of either.
    Unchecked,
}

/// A signer's key and how it signs.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// For files and messages: `p384-sha512`.
    pub(crate) name: String,
    /// The key's name, which the files of its authority have.
    pub(crate) key: &'static str,
    /// What `openssl x509 -req` is told.
    options: String,
    /// What becomes of it.
    pub(crate) signed: Signed,
    /// The same by OpenSSL's letter, which `listen` goes by: secp256k1 is no matter to it.
    pub(crate) signed_for_openssl: Signed,
    /// What the findings on one that cannot be checked have to name.
    pub(crate) algorithm: &'static str,
}

/// The keys, as `openssl genpkey` takes them, and the options that their own certificate needs.
const KEYS: &[(&str, &str, &str)] = &[
    ("p256", "EC -pkeyopt ec_paramgen_curve:P-256", "-sha256"),
    ("p384", "EC -pkeyopt ec_paramgen_curve:P-384", "-sha384"),
    ("p521", "EC -pkeyopt ec_paramgen_curve:P-521", "-sha512"),
    ("k256", "EC -pkeyopt ec_paramgen_curve:secp256k1", "-sha256"),
    (
        "brainpool",
        "EC -pkeyopt ec_paramgen_curve:brainpoolP256r1",
        "-sha256",
    ),
    ("rsa", "RSA -pkeyopt rsa_keygen_bits:2048", "-sha256"),
    ("pss", "RSA-PSS -pkeyopt rsa_keygen_bits:2048", "-sha256"),
    (
        "pss256",
        "RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32",
        "-sha256",
    ),
    (
        "pss384",
        "RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha384 -pkeyopt rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:48",
        "-sha384",
    ),
    (
        "pss512",
        "RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha512 -pkeyopt rsa_pss_keygen_mgf1_md:sha512 -pkeyopt rsa_pss_keygen_saltlen:64",
        "-sha512",
    ),
    ("ed25519", "ED25519", ""),
    ("ed448", "ED448", ""),
    ("dsa", "DSA", "-sha256"),
];

const HASHES: [&str; 5] = ["sha1", "sha224", "sha256", "sha384", "sha512"];

/// Every key with every hash it goes with, RSA with both paddings and salts of several lengths.
pub(crate) fn ways() -> Vec<Way> {
    use Signed::{Oddly, Unchecked, Weakly, Well};
    let mut ways = Vec::new();
    let mut way =
        |key: &'static str, how: &str, options: String, signed: (Signed, Signed), algorithm| {
            ways.push(Way {
                name: format!("{key}-{how}"),
                key,
                options,
                signed: signed.0,
                signed_for_openssl: signed.1,
                algorithm,
            });
        };
    for hash in HASHES {
        let by_hash = |otherwise: Signed| if hash == "sha1" { Weakly } else { otherwise };
        let well = if hash == "sha224" { Oddly } else { Well };
        let both = (by_hash(well), by_hash(Well));
        let oddly = (by_hash(Oddly), by_hash(Well));
        for key in ["p256", "p384", "p521", "rsa"] {
            way(key, hash, format!("-{hash}"), both, "");
        }
        way(
            "k256",
            hash,
            format!("-{hash}"),
            (Weakly, by_hash(Well)),
            "",
        );
        let pss = |salt: &str, mask: &str| {
            format!(
                "-{hash} -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:{salt} -sigopt rsa_mgf1_md:{mask}"
            )
        };
        for salt in ["digest", "0", "20", "max"] {
            let known = if salt == "digest" { both } else { oddly };
            way(
                "rsa",
                &format!("pss-{hash}-{salt}"),
                pss(salt, hash),
                known,
                "",
            );
        }
        way("pss", hash, pss("digest", hash), oddly, "");
        way("pss", &format!("{hash}-max"), pss("max", hash), oddly, "");
        let brainpool = (Unchecked, Unchecked);
        way(
            "brainpool",
            hash,
            format!("-{hash}"),
            brainpool,
            "brainpoolP256r1",
        );
    }
    for (mask, salt) in [("sha1", "digest"), ("sha512", "17")] {
        let options = format!(
            "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:{salt} -sigopt rsa_mgf1_md:{mask}"
        );
        way(
            "rsa",
            &format!("pss-sha256-mgf-{mask}"),
            options,
            (Oddly, Well),
            "",
        );
    }
    for (key, hash) in [
        ("pss256", "sha256"),
        ("pss384", "sha384"),
        ("pss512", "sha512"),
    ] {
        let options =
            format!("-{hash} -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest");
        way(key, hash, options, (Oddly, Well), "");
    }
    way("ed25519", "plain", String::new(), (Well, Well), "");
    way(
        "ed448",
        "plain",
        String::new(),
        (Unchecked, Unchecked),
        "ED448",
    );
    way(
        "dsa",
        "sha256",
        "-sha256".to_owned(),
        (Unchecked, Unchecked),
        "dsa_with_SHA256",
    );
    ways
}

/// Authorities with every key, their twins (the same name and key identifier, another key), and
/// leaves below them. The leaf's own key is the same for all, on P-256.
pub(crate) struct SignedPki {
    forge: Forge,
    pub(crate) ways: Vec<Way>,
}

impl Deref for SignedPki {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.forge
    }
}

impl SignedPki {
    /// Makes them for a client's or a server's leaf of this name, as files: `anchors.pem` (without
    /// the twins), `leaf.key`, `<way>.pem`, `<way>.forged.pem`. Ask [`super::peer`] for openssl
    /// first.
    pub(crate) fn new(role: &str, common_name: &str) -> Self {
        let pki = Self {
            forge: Forge::new(),
            ways: ways(),
        };
        let usage = format!("extendedKeyUsage={role}Auth\n");
        pki.write(
            "leaf.ext",
            format!("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nsubjectAltName=DNS:{common_name}\n{usage}"),
        );
        pki.write("subject", format!("/CN={common_name}"));
        pki.forge
            .run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out leaf.key");
        pki.forge.run(&format!(
            "req -new -key leaf.key -subj /CN={common_name} -out leaf.csr"
        ));
        pki.forge.run("genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -pkeyopt dsa_paramgen_q_bits:160 -out dsa.param");
        thread::scope(|scope| {
            for half in KEYS.chunks(KEYS.len().div_ceil(2)) {
                scope.spawn(|| half.iter().for_each(|key| pki.authorities(*key)));
            }
        });
        thread::scope(|scope| {
            for half in pki.ways.chunks(pki.ways.len().div_ceil(2)) {
                scope.spawn(|| half.iter().for_each(|way| pki.leaves(way)));
            }
        });
        let mut anchors = String::new();
        for (key, ..) in KEYS {
            anchors += &pki.read(&format!("{key}.root.pem"));
        }
        pki.write("anchors.pem", anchors);
        pki
    }

    /// The leaf of this way, forged by the twin or not.
    pub(crate) fn leaf(&self, way: &Way, forged: bool) -> String {
        let forged = if forged { ".forged" } else { "" };
        self.path(&format!("{}{forged}.pem", way.name))
    }

    /// A certificate that the P-256 authority issued for this key, `<key>.root.key`, and its file;
    /// `<key>.twin.key` is another of its kind.
    pub(crate) fn holder(&self, key: &str) -> String {
        let subject = self.read("subject");
        self.forge.run(&format!(
            "req -new -key {key}.root.key -subj {subject} -out holder.{key}.csr"
        ));
        self.forge.run(&format!(
            "x509 -req -in holder.{key}.csr -CA p256.root.pem -CAkey p256.root.key -set_serial 0x2345678901 -days 30 -extfile leaf.ext -sha256 -out holder.{key}.pem"
        ));
        self.path(&format!("holder.{key}.pem"))
    }

    fn authorities(&self, (name, kind, options): (&str, &str, &str)) {
        for who in ["root", "twin"] {
            let kind = match kind {
                "DSA" => "-paramfile dsa.param".to_owned(),
                kind => format!("-algorithm {kind}"),
            };
            self.forge
                .run(&format!("genpkey {kind} -out {name}.{who}.key"));
            // The twin's key identifier is the root's as well.
            let id: String = name.bytes().map(|byte| format!("{byte:02X}")).collect();
            let config = format!(
                "[req]\ndistinguished_name=dn\n[dn]\n[root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier={id}\n"
            );
            self.write(format!("{name}.conf"), config);
            self.forge.run(&format!(
                "req -x509 -new -config {name}.conf -extensions root -key {name}.{who}.key {options} -days 90 -subj /CN=signing-{name} -out {name}.{who}.pem"
            ));
        }
    }

    fn leaves(&self, way: &Way) {
        for (who, out) in [("root", "pem"), ("twin", "forged.pem")] {
            let (name, key, options) = (&way.name, way.key, &way.options);
            self.forge.run(&format!(
                "x509 -req -in leaf.csr -CA {key}.{who}.pem -CAkey {key}.{who}.key -set_serial 0x1234567890 -days 30 -extfile leaf.ext {options} -out {name}.{out}"
            ));
        }
    }
}
