//! Extended key usage, key usage, basic constraints, path lengths, versions, serial numbers.

use super::variations;
use crate::stacks::{
    chain::{Chain, Role},
    der::{boolean, element, integer, named_bits, octets, oid, sequence},
    forge::{
        AKI, ANY_PURPOSE, BASIC, CERT_SIGN, CLIENT_AUTH, CODE_SIGNING, CRL_SIGN, DIGITAL_SIGNATURE,
        EKU, EMAIL, Extension, KEY_AGREEMENT, KEY_ENCIPHERMENT, KEY_USAGE, NON_REPUDIATION,
        OCSP_SIGNING, SERVER_AUTH, SKI, basic, eku, key_usage,
    },
    keys::Kind,
};

const MICROSOFT_SGC: &str = "1.3.6.1.4.1.311.10.3.3";
const NETSCAPE_SGC: &str = "2.16.840.1.113730.4.1";
const NETSCAPE_TYPE: &str = "2.16.840.1.113730.1.1";

/// nsCertType of these bits in the leaf: 0 a client, 1 a server.
fn netscape(chain: &mut Chain, bits: &[u8]) {
    let extension = Extension::new(NETSCAPE_TYPE, named_bits(bits));
    chain.leaf.without(EKU).put(extension);
}

variations! {
    "eku-leaf-none", BOTH, |c| c.leaf.without(EKU);
    "eku-leaf-any", BOTH, |c| c.leaf.put(eku(&[ANY_PURPOSE]));
    "eku-leaf-any-and-code", BOTH, |c| c.leaf.put(eku(&[ANY_PURPOSE, CODE_SIGNING]));
    "eku-leaf-unknown", BOTH, |c| c.leaf.put(eku(&["1.3.6.1.4.1.61616.4"]));
    "eku-leaf-code", BOTH, |c| c.leaf.put(eku(&[CODE_SIGNING]));
    "eku-leaf-critical", BOTH, |c| c.leaf.extension(EKU).critical = true;
    "eku-leaf-server", BOTH, |c| c.leaf.put(eku(&[SERVER_AUTH]));
    "eku-leaf-client", BOTH, |c| c.leaf.put(eku(&[CLIENT_AUTH]));
    "eku-leaf-and-ocsp", BOTH, |c| c.leaf.put(eku(&[OCSP_SIGNING, SERVER_AUTH, CLIENT_AUTH]));
    "eku-leaf-sgc", BOTH, |c| c.leaf.put(eku(&[MICROSOFT_SGC, NETSCAPE_SGC]));
    "eku-leaf-empty", BOTH, |c| c.leaf.put(eku(&[]));
    "eku-issuing-server", BOTH, |c| c.issuing().put(eku(&[SERVER_AUTH]));
    "eku-issuing-client", BOTH, |c| c.issuing().put(eku(&[CLIENT_AUTH]));
    "eku-issuing-both", BOTH, |c| c.issuing().put(eku(&[SERVER_AUTH, CLIENT_AUTH]));
    "eku-issuing-both-critical", BOTH, |c| c.issuing().put(eku(&[SERVER_AUTH, CLIENT_AUTH]).critical());
    "eku-issuing-any", BOTH, |c| c.issuing().put(eku(&[ANY_PURPOSE]));
    "eku-issuing-email", BOTH, |c| c.issuing().put(eku(&[EMAIL]));
    "eku-issuing-sgc", BOTH, |c| c.issuing().put(eku(&[MICROSOFT_SGC, NETSCAPE_SGC]));
    "eku-root-server", BOTH, |c| c.root().put(eku(&[SERVER_AUTH]));
    "eku-root-client", BOTH, |c| c.root().put(eku(&[CLIENT_AUTH]));
    "eku-root-both", BOTH, |c| c.root().put(eku(&[SERVER_AUTH, CLIENT_AUTH]));
    "eku-root-any", BOTH, |c| c.root().put(eku(&[ANY_PURPOSE]));
    "eku-root-email", BOTH, |c| c.root().put(eku(&[EMAIL]));
    "nstype-server", BOTH, |c| netscape(c, &[1]);
    "nstype-client", BOTH, |c| netscape(c, &[0]);
    "nstype-critical", BOTH, |c| {
        netscape(c, &[0, 1]);
        c.leaf.extension(NETSCAPE_TYPE).critical = true;
    };
    "ku-leaf-none", BOTH, |c| c.leaf.without(KEY_USAGE);
    "ku-leaf-cert-sign", BOTH, |c| c.leaf.put(key_usage(&[CERT_SIGN, CRL_SIGN]));
    "ku-leaf-and-cert-sign", BOTH, |c| c.leaf.put(key_usage(&[DIGITAL_SIGNATURE, CERT_SIGN]));
    "ku-leaf-non-repudiation", BOTH, |c| c.leaf.put(key_usage(&[NON_REPUDIATION]));
    "ku-leaf-agreement", BOTH, |c| c.leaf.put(key_usage(&[KEY_AGREEMENT]));
    "ku-leaf-encipherment", BOTH, |c| c.leaf.put(key_usage(&[KEY_ENCIPHERMENT]));
    "ku-leaf-rsa-encipherment", BOTH, |c| {
        c.keys([Kind::P256, Kind::P256, Kind::Rsa(2048)]);
        c.leaf.put(key_usage(&[KEY_ENCIPHERMENT]));
    };
    "ku-leaf-plain", BOTH, |c| c.leaf.extension(KEY_USAGE).critical = false;
    "ku-leaf-no-bit", BOTH, |c| c.leaf.put(key_usage(&[]));
    "ku-issuing-none", BOTH, |c| {
        c.issuing().without(KEY_USAGE).put(basic(true, None));
    };
    "ku-issuing-none-with-length", BOTH, |c| c.issuing().without(KEY_USAGE);
    "ku-issuing-no-cert-sign", BOTH, |c| c.issuing().put(key_usage(&[DIGITAL_SIGNATURE, CRL_SIGN]));
    "ku-issuing-plain", BOTH, |c| c.issuing().extension(KEY_USAGE).critical = false;
    "ku-root-none", BOTH, |c| c.root().without(KEY_USAGE);
    "ku-root-no-cert-sign", BOTH, |c| c.root().put(key_usage(&[DIGITAL_SIGNATURE, CRL_SIGN]));
    "ku-root-plain", BOTH, |c| c.root().extension(KEY_USAGE).critical = false;
    "basic-issuing-none", BOTH, |c| c.issuing().without(BASIC);
    "basic-issuing-none-nor-usage", BOTH, |c| c.issuing().without(BASIC).without(KEY_USAGE);
    "basic-issuing-false", BOTH, |c| c.issuing().put(basic(false, None));
    "basic-issuing-plain", BOTH, |c| c.issuing().extension(BASIC).critical = false;
    "basic-root-none", BOTH, |c| c.straight().root().without(BASIC);
    "basic-root-none-nor-usage", BOTH, |c| c.straight().root().without(BASIC).without(KEY_USAGE);
    "basic-root-false", BOTH, |c| c.straight().root().put(basic(false, None));
    "basic-root-plain", BOTH, |c| c.root().extension(BASIC).critical = false;
    "basic-root-no-extension", BOTH, |c| c.straight().root().extensions = None;
    "basic-leaf-none", BOTH, |c| c.leaf.without(BASIC);
    "basic-leaf-true", BOTH, |c| {
        c.straight().leaf.put(basic(true, None));
        c.leaf.put(key_usage(&[DIGITAL_SIGNATURE, CERT_SIGN]));
    };
    "basic-leaf-true-no-usage", BOTH, |c| c.straight().leaf.without(KEY_USAGE).put(basic(true, None));
    "basic-leaf-false-written", BOTH, |c| {
        c.leaf.put(Extension::new(BASIC, sequence(&[boolean(false)])).critical());
    };
    "basic-leaf-length", BOTH, |c| c.leaf.put(basic(false, Some(0)));
    "length-issuing-violated", BOTH, |c| {
        let above = c.issuing().clone();
        let below = c.between("Second", &above);
        c.leaf.under(&below);
        c.sent.insert(0, below);
    };
    "length-root-violated", BOTH, |c| c.root().put(basic(true, Some(0)));
    "length-root-kept", BOTH, |c| c.straight().root().put(basic(true, Some(0)));
    "length-huge", BOTH, |c| c.issuing().put(basic(true, Some(1 << 40)));
    "length-negative", BOTH, |c| c.issuing().put(basic(true, Some(-1)));
    "length-negative-root", BOTH, |c| c.straight().root().put(basic(true, Some(-1)));
    "version-1-root", BOTH, |c| {
        c.root().version = 0;
        c.root().extensions = None;
    };
    "version-1-root-no-ids", BOTH, |c| {
        c.straight().leaf.without(AKI);
        c.root().version = 0;
        c.root().extensions = None;
    };
    "version-1-issuing", BOTH, |c| {
        c.issuing().version = 0;
        c.issuing().extensions = None;
    };
    "version-1-leaf", BOTH, |c| {
        c.straight().leaf.version = 0;
        c.leaf.extensions = None;
    };
    "version-2-leaf", BOTH, |c| {
        c.straight().leaf.version = 1;
        c.leaf.extensions = None;
    };
    "version-3-leaf-bare", BOTH, |c| c.straight().leaf.extensions = None;
    "version-3-leaf-empty-list", BOTH, |c| c.straight().leaf.extensions = Some(Vec::new());
    "version-1-leaf-extended", BOTH, |c| c.leaf.version = 0;
    "version-4-leaf", BOTH, |c| c.leaf.version = 3;
    "serial-negative", BOTH, |c| c.leaf.serial = integer(-4711);
    "serial-negative-root", BOTH, |c| c.root().serial = integer(-9);
    "serial-zero", BOTH, |c| c.leaf.serial = integer(0);
    "serial-zero-root", BOTH, |c| c.root().serial = integer(0);
    "serial-21-octets", BOTH, |c| c.leaf.serial = element(2, &[0x41; 21]);
    "serial-padded", BOTH, |c| c.leaf.serial = element(2, &[0, 0, 0x30]);
    "serial-padded-issuing", BOTH, |c| c.issuing().serial = element(2, &[0, 0, 0x30]);
    "serial-padded-root", BOTH, |c| c.root().serial = element(2, &[0, 0, 0x30]);
    "serial-same", BOTH, |c| c.each().for_each(|plan| plan.serial = integer(1));
    "eku-of-the-other-role", BOTH, |c| {
        let other = if c.role == Role::Server { Role::Client } else { Role::Server };
        c.leaf.put(eku(&[other.purpose()]));
    };
    "eku-is-no-sequence", BOTH, |c| c.leaf.put(Extension::new(EKU, oid(SERVER_AUTH)));
    "ski-is-empty", BOTH, |c| c.leaf.put(Extension::new(SKI, octets(&[])));
}
