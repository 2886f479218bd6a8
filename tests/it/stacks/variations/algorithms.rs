//! Keys, signatures and key identifiers.

use super::variations;
use crate::stacks::{
    der::{implicit, octets, oid, sequence},
    forge::{AKI, Extension, SKI, aki, aki_issuer, name, ski},
    keys::{Digest, Key, Kind},
};

/// A key that nobody in the chain has.
const STRANGER: Key = Key {
    holder: "stranger",
    kind: Kind::P256,
};

variations! {
    "hash-sha1-root", BOTH, |c| c.rsa().root().digest = Digest::Sha1;
    "hash-sha1-issuing", BOTH, |c| c.rsa().issuing().digest = Digest::Sha1;
    "hash-sha1-leaf", BOTH, |c| c.rsa().leaf.digest = Digest::Sha1;
    "hash-sha1-leaf-ecdsa", BOTH, |c| c.leaf.digest = Digest::Sha1;
    "hash-md5-root", BOTH, |c| c.rsa().root().digest = Digest::Md5;
    "hash-md5-leaf", BOTH, |c| c.rsa().leaf.digest = Digest::Md5;
    "hash-sha224-leaf", BOTH, |c| c.rsa().leaf.digest = Digest::Sha224;
    "hash-sha384-leaf", BOTH, |c| c.rsa().leaf.digest = Digest::Sha384;
    "hash-sha512-by-p256", BOTH, |c| c.leaf.digest = Digest::Sha512;
    "hash-sha256-by-p384", BOTH, |c| {
        c.keys([Kind::P384; 3]).each().for_each(|plan| plan.digest = Digest::Sha256);
    };
    "hash-pss", BOTH, |c| c.rsa().each().for_each(|plan| plan.digest = Digest::Pss);
    "key-rsa1024-leaf", BOTH, |c| c.keys([Kind::Rsa(2048), Kind::Rsa(2048), Kind::Rsa(1024)]);
    "key-rsa1024-issuing", BOTH, |c| c.keys([Kind::Rsa(2048), Kind::Rsa(1024), Kind::Rsa(2048)]);
    "key-rsa1024-root", BOTH, |c| c.keys([Kind::Rsa(1024), Kind::Rsa(2048), Kind::Rsa(2048)]);
    "key-rsa1536-leaf", BOTH, |c| c.keys([Kind::Rsa(2048), Kind::Rsa(2048), Kind::Rsa(1536)]);
    "key-rsa2047-leaf", BOTH, |c| c.keys([Kind::Rsa(2048), Kind::Rsa(2048), Kind::Rsa(2047)]);
    "key-rsa3072", BOTH, |c| c.keys([Kind::Rsa(3072), Kind::Rsa(3072), Kind::Rsa(2048)]);
    "key-rsa-exponent-3", BOTH, |c| c.keys([Kind::Rsa(2048), Kind::Rsa(2048), Kind::RsaOfThree]);
    "key-p384", BOTH, |c| c.keys([Kind::P384; 3]);
    "key-p384-above-p256", BOTH, |c| c.keys([Kind::P384, Kind::P384, Kind::P256]);
    "key-p521", BOTH, |c| c.keys([Kind::P521; 3]);
    "key-p521-leaf", BOTH, |c| c.keys([Kind::P256, Kind::P256, Kind::P521]);
    "key-p224-leaf", BOTH, |c| c.keys([Kind::P256, Kind::P256, Kind::P224]);
    "key-ed25519", BOTH, |c| c.keys([Kind::Ed25519; 3]);
    "key-ed25519-leaf", BOTH, |c| c.keys([Kind::P256, Kind::P256, Kind::Ed25519]);
    "key-ed448", BOTH, |c| c.keys([Kind::Ed448; 3]);
    "key-brainpool", BOTH, |c| c.keys([Kind::Brainpool256; 3]);
    "key-secp256k1", BOTH, |c| c.keys([Kind::Secp256k1; 3]);
    "key-unknown-leaf", BOTH, |c| {
        let what = sequence(&[oid("1.3.6.1.4.1.61616.5")]);
        c.leaf.public = Some(sequence(&[what, crate::stacks::der::bit_string(&[7; 32])]));
    };
    "key-forged-leaf", BOTH, |c| c.leaf.signer = STRANGER;
    "key-forged-issuing", BOTH, |c| c.issuing().signer = STRANGER;
    "key-forged-p384", BOTH, |c| {
        c.keys([Kind::P384; 3]).leaf.signer = Key { kind: Kind::P384, ..STRANGER };
    };
    "ids-none", BOTH, |c| c.each().for_each(|plan| {
        plan.without(AKI).without(SKI);
    });
    "ids-leaf-no-aki", BOTH, |c| c.leaf.without(AKI);
    "ids-leaf-no-ski", BOTH, |c| c.leaf.without(SKI);
    "ids-leaf-aki-of-other", BOTH, |c| c.leaf.put(aki(&STRANGER.id()));
    "ids-leaf-aki-empty", BOTH, |c| c.leaf.put(Extension::new(AKI, sequence(&[])));
    "ids-leaf-aki-other-serial", BOTH, |c| {
        let above = implicit(0, &c.issuing().key.id());
        let value = [above, aki_issuer(&name(&[("CN", "Nobody")]), 99)].concat();
        c.leaf.put(Extension::new(AKI, sequence(&[value])));
    };
    "ids-leaf-aki-serial-only", BOTH, |c| {
        let value = aki_issuer(&c.root().subject.clone(), 0x2002);
        c.leaf.put(Extension::new(AKI, sequence(&[value])));
    };
    "ids-straight-aki-of-other", BOTH, |c| c.straight().leaf.put(aki(&STRANGER.id()));
    "ids-straight-aki-other-serial", BOTH, |c| {
        let above = implicit(0, &c.straight().root().key.id());
        let value = [above, aki_issuer(&name(&[("CN", "Nobody")]), 99)].concat();
        c.leaf.put(Extension::new(AKI, sequence(&[value])));
    };
    "ids-issuing-aki-other-serial", BOTH, |c| {
        let above = implicit(0, &c.root().key.id());
        let value = [above, aki_issuer(&name(&[("CN", "Nobody")]), 99)].concat();
        c.issuing().put(Extension::new(AKI, sequence(&[value])));
    };
    "ids-between-aki-of-other", BOTH, |c| {
        let root = c.root().clone();
        let mut upper = c.between("Upper", &root);
        upper.put(ski(&[0x5b; 20]));
        c.issuing().under(&upper);
        c.sent.push(upper);
    };
    "ids-leaf-aki-critical", BOTH, |c| c.leaf.extension(AKI).critical = true;
    "ids-issuing-no-aki", BOTH, |c| c.issuing().without(AKI);
    "ids-issuing-no-ski", BOTH, |c| c.issuing().without(SKI);
    "ids-issuing-aki-of-other", BOTH, |c| c.issuing().put(aki(&STRANGER.id()));
    "ids-issuing-ski-critical", BOTH, |c| c.issuing().extension(SKI).critical = true;
    "ids-issuing-ski-by-other-method", BOTH, |c| {
        c.issuing().put(ski(&[0x5a; 32]));
        c.leaf.put(aki(&[0x5a; 32]));
    };
    "ids-root-no-ski", BOTH, |c| c.root().without(SKI);
    "ids-root-aki", BOTH, |c| {
        let own = c.root().key.id();
        c.root().put(aki(&own));
    };
    "ids-root-aki-of-other", BOTH, |c| c.root().put(aki(&STRANGER.id()));
    "ids-leaf-ski-is-no-octets", BOTH, |c| c.leaf.put(Extension::new(SKI, octets(&[])[..1].to_vec()));
}
