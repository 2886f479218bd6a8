//! Keys and signatures: by the crypto library where it makes them, by the openssl command where it
//! refuses to.
//!
//! For: signing what `forge` plans.
//! Must not: know what is signed.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::{KeyPair as RsaPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING,
        ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair,
        KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
        RsaEncoding, RsaKeyPair,
    },
};

use crate::{
    stacks::der::{bit_string, integer, null, oid, pem, sequence, tagged},
    support::{clean, feed, run},
};

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    P224,
    P256,
    P384,
    P521,
    Secp256k1,
    Brainpool256,
    Ed25519,
    Ed448,
    /// So many bits.
    Rsa(u16),
    /// 2048 bits, the exponent 3.
    RsaOfThree,
}

/// A key by its holder: the same holder and kind have the same key throughout a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) holder: &'static str,
    pub(crate) kind: Kind,
}

impl Key {
    /// An identifier for it. Any 20 octets do: nobody can tell how they were made.
    pub(crate) fn id(self) -> Vec<u8> {
        let name = format!("{self:?}");
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, name.as_bytes());
        digest.as_ref()[..20].to_vec()
    }
}

/// The digest of a signature, and its padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    /// RSASSA-PSS with SHA-256.
    Pss,
}

impl Digest {
    /// Its name for the openssl command.
    fn name(self) -> &'static str {
        match self {
            Self::Md5 => "-md5",
            Self::Sha1 => "-sha1",
            Self::Sha224 => "-sha224",
            Self::Sha256 | Self::Pss => "-sha256",
            Self::Sha384 => "-sha384",
            Self::Sha512 => "-sha512",
        }
    }
}

struct Secret {
    pkcs8: Vec<u8>,
    public: Vec<u8>,
}

/// All keys of a run.
pub(crate) struct Keys {
    folder: tempfile::TempDir,
    made: Mutex<HashMap<Key, Arc<Secret>>>,
}

impl Keys {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            made: Mutex::default(),
        }
    }

    /// The SubjectPublicKeyInfo.
    pub(crate) fn public(&self, key: Key) -> Vec<u8> {
        self.secret(key).public.clone()
    }

    /// The private key as a PKCS#8 PEM file.
    pub(crate) fn file(&self, key: Key) -> PathBuf {
        let name: String = key
            .id()
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect();
        let path = self.folder.path().join(name + ".pem");
        if !path.exists() {
            fs::write(&path, pem("PRIVATE KEY", &self.secret(key).pkcs8)).unwrap();
        }
        path
    }

    fn secret(&self, key: Key) -> Arc<Secret> {
        let mut made = self.made.lock().unwrap();
        Arc::clone(made.entry(key).or_insert_with(|| {
            Arc::new(match key.kind {
                Kind::P256 => elliptic(&ECDSA_P256_SHA256_ASN1_SIGNING, "1.2.840.10045.3.1.7"),
                Kind::P384 => elliptic(&ECDSA_P384_SHA384_ASN1_SIGNING, "1.3.132.0.34"),
                Kind::P521 => elliptic(&ECDSA_P521_SHA512_ASN1_SIGNING, "1.3.132.0.35"),
                Kind::Ed25519 => ed25519(),
                Kind::Rsa(2048) => rsa(KeySize::Rsa2048),
                Kind::Rsa(3072) => rsa(KeySize::Rsa3072),
                other => self.by_openssl(other),
            })
        }))
    }

    fn by_openssl(&self, kind: Kind) -> Secret {
        let curve = |name: &str| vec!["EC".to_owned(), format!("ec_paramgen_curve:{name}")];
        let made = match kind {
            Kind::P224 => curve("P-224"),
            Kind::Secp256k1 => curve("secp256k1"),
            Kind::Brainpool256 => curve("brainpoolP256r1"),
            Kind::Ed448 => vec!["ED448".to_owned()],
            Kind::Rsa(bits) => vec!["RSA".to_owned(), format!("rsa_keygen_bits:{bits}")],
            Kind::RsaOfThree => ["RSA", "rsa_keygen_bits:2048", "rsa_keygen_pubexp:3"]
                .map(str::to_owned)
                .to_vec(),
            other => panic!("{other:?} is made by the library"),
        };
        let at = self.folder.path();
        let mut command = clean("openssl");
        command
            .current_dir(at)
            .args(["genpkey", "-out", "made.pem"])
            .args(["-algorithm", &made[0]]);
        for option in &made[1..] {
            command.args(["-pkeyopt", option]);
        }
        run(&mut command, 60).ok();
        // In DER it would write RSA keys in their own old form.
        let private = "pkcs8 -topk8 -nocrypt -in made.pem -outform DER -out made.der";
        openssl(at, private, &[]);
        let public = "pkey -in made.pem -pubout -outform DER -out public.der";
        openssl(at, public, &[]);
        Secret {
            pkcs8: fs::read(at.join("made.der")).unwrap(),
            public: fs::read(at.join("public.der")).unwrap(),
        }
    }

    /// Signs.
    pub(crate) fn sign(&self, key: Key, digest: Digest, message: &[u8]) -> Vec<u8> {
        let secret = self.secret(key);
        let random = SystemRandom::new();
        let ecdsa = |algorithm: &'static EcdsaSigningAlgorithm| {
            let pair = EcdsaKeyPair::from_pkcs8(algorithm, &secret.pkcs8).unwrap();
            pair.sign(&random, message).unwrap().as_ref().to_vec()
        };
        let rsa = |padding: &'static dyn RsaEncoding| {
            let pair = RsaKeyPair::from_pkcs8(&secret.pkcs8).unwrap();
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(padding, &random, message, &mut signature)
                .unwrap();
            signature
        };
        match (key.kind, digest) {
            (Kind::P256, Digest::Sha256) => ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING),
            (Kind::P384, Digest::Sha384) => ecdsa(&ECDSA_P384_SHA384_ASN1_SIGNING),
            (Kind::P521, Digest::Sha512) => ecdsa(&ECDSA_P521_SHA512_ASN1_SIGNING),
            (Kind::Ed25519, _) => {
                let pair = Ed25519KeyPair::from_pkcs8(&secret.pkcs8).unwrap();
                pair.sign(message).as_ref().to_vec()
            }
            (Kind::Rsa(2048 | 3072), Digest::Sha256) => rsa(&RSA_PKCS1_SHA256),
            (Kind::Rsa(2048 | 3072), Digest::Sha384) => rsa(&RSA_PKCS1_SHA384),
            (Kind::Rsa(2048 | 3072), Digest::Sha512) => rsa(&RSA_PKCS1_SHA512),
            (Kind::Rsa(2048 | 3072), Digest::Pss) => rsa(&RSA_PSS_SHA256),
            (kind, digest) => self.sign_by_openssl(key, kind, digest, message),
        }
    }

    fn sign_by_openssl(&self, key: Key, kind: Kind, digest: Digest, message: &[u8]) -> Vec<u8> {
        let at = self.folder.path();
        let file = self.file(key);
        let file = file.to_str().unwrap();
        if kind == Kind::Ed448 {
            // It wants to know the length beforehand, so that its input has to be a file.
            fs::write(at.join("message"), message).unwrap();
            let line = format!("pkeyutl -sign -rawin -in message -out signature -inkey {file}");
            openssl(at, &line, &[]);
        } else {
            let line = format!("dgst {} -sign {file} -out signature", digest.name());
            openssl(at, &line, message);
        }
        fs::read(at.join("signature")).unwrap()
    }
}

fn openssl(at: &Path, line: &str, input: &[u8]) {
    let mut command = clean("openssl");
    command.current_dir(at).args(line.split(' '));
    feed(&mut command, input, 60).ok();
}

fn elliptic(algorithm: &'static EcdsaSigningAlgorithm, curve: &str) -> Secret {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref()).unwrap();
    let what = sequence(&[oid("1.2.840.10045.2.1"), oid(curve)]);
    Secret {
        public: sequence(&[what, bit_string(pair.public_key().as_ref())]),
        pkcs8: pkcs8.as_ref().to_vec(),
    }
}

fn ed25519() -> Secret {
    let pair = Ed25519KeyPair::generate().unwrap();
    let what = sequence(&[oid("1.3.101.112")]);
    Secret {
        public: sequence(&[what, bit_string(pair.public_key().as_ref())]),
        // Version 1, without the public key: OpenSSL 3.0 reads no other.
        pkcs8: pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
    }
}

fn rsa(size: KeySize) -> Secret {
    let pair = RsaPair::generate(size).unwrap();
    let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
    let public = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap();
    Secret {
        pkcs8: pkcs8.as_ref().to_vec(),
        public: public.as_ref().to_vec(),
    }
}

/// The AlgorithmIdentifier of a signature.
pub(crate) fn algorithm(kind: Kind, digest: Digest) -> Vec<u8> {
    let rsa = |number: u8| {
        let oid = oid(&format!("1.2.840.113549.1.1.{number}"));
        sequence(&[oid, null()])
    };
    let ecdsa = |end: &str| sequence(&[oid(&format!("1.2.840.10045.4.{end}"))]);
    match (kind, digest) {
        (Kind::Ed25519, _) => sequence(&[oid("1.3.101.112")]),
        (Kind::Ed448, _) => sequence(&[oid("1.3.101.113")]),
        (Kind::Rsa(_) | Kind::RsaOfThree, digest) => match digest {
            Digest::Md5 => rsa(4),
            Digest::Sha1 => rsa(5),
            Digest::Sha224 => rsa(14),
            Digest::Sha256 => rsa(11),
            Digest::Sha384 => rsa(12),
            Digest::Sha512 => rsa(13),
            Digest::Pss => pss(),
        },
        (_, Digest::Sha1) => ecdsa("1"),
        (_, Digest::Sha224) => ecdsa("3.1"),
        (_, Digest::Sha384) => ecdsa("3.3"),
        (_, Digest::Sha512) => ecdsa("3.4"),
        (_, Digest::Sha256 | Digest::Md5 | Digest::Pss) => ecdsa("3.2"),
    }
}

fn pss() -> Vec<u8> {
    let sha256 = sequence(&[oid("2.16.840.1.101.3.4.2.1"), null()]);
    let mask = sequence(&[oid("1.2.840.113549.1.1.8"), sha256.clone()]);
    let parameters = sequence(&[
        tagged(0, &sha256),
        tagged(1, &mask),
        tagged(2, &integer(32)),
    ]);
    sequence(&[oid("1.2.840.113549.1.1.10"), parameters])
}
