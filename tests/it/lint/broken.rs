//! Chains and keys that break at a peer: each is called by its name, and nothing else is made of
//! it.

use crate::lint::{
    certificates,
    run::{self, Case},
};

const KEYS_AND_ORDER: &[Case] = &[
    Case {
        name: "the key of another certificate",
        flags: "--cert good.pem --key deep.key --cacert root.crt",
        wants: "error MT140 deep.key#1",
        trust: "trusted",
    },
    Case {
        name: "the intermediate's key",
        flags: "--cert good.pem --key inter.key --cacert root.crt",
        wants: "error MT140 inter.key#1",
        trust: "trusted",
    },
    Case {
        name: "reversed",
        flags: "--cert reversed.pem --key leaf.key --cacert root.crt",
        wants: "error MT268 reversed.pem#1",
        trust: "trusted",
    },
    Case {
        name: "the root first",
        flags: "--cert root_first.pem --key leaf.key --cacert root.crt",
        wants: "error MT268 root_first.pem#1",
        trust: "trusted",
    },
    Case {
        name: "intermediates swapped",
        flags: "--cert swapped.pem --key deep.key --cacert root.crt",
        wants: "warning MT268 swapped.pem#2",
        trust: "trusted",
    },
    Case {
        name: "the leaf without its intermediate",
        flags: "--cert alone.pem --key leaf.key --cacert root.crt",
        wants: "error MT203 alone.pem#1",
        trust: "untrusted MT203",
    },
    Case {
        name: "a gap between leaf and intermediate",
        flags: "--cert gap.pem --cacert root.crt",
        wants: "error MT203 gap.pem#1\nwarning MT270 gap.pem#2",
        trust: "untrusted MT203",
    },
    Case {
        name: "an unknown authority",
        flags: "--cert good.pem --cacert other_root.crt",
        wants: "error MT276 good.pem#2",
        trust: "untrusted MT276",
    },
    Case {
        name: "a self-signed leaf",
        flags: "--cert self.pem --cacert root.crt",
        wants: "error MT277 self.pem#1",
        trust: "untrusted MT277",
    },
    Case {
        name: "a stranger in the chain",
        flags: "--cert with_stranger.pem --cacert root.crt",
        wants: "warning MT270 with_stranger.pem#3",
        trust: "trusted",
    },
    Case {
        name: "the old leaf still in the file",
        flags: "--cert with_leaf.pem --cacert root.crt",
        wants: "warning MT271 with_leaf.pem#3",
        trust: "trusted",
    },
];

const DATES: &[Case] = &[
    Case {
        name: "an expired leaf",
        flags: "--cert expired.pem --cacert root.crt",
        wants: "error MT201 expired.pem#1",
        trust: "untrusted MT201",
    },
    Case {
        name: "a leaf that expires later",
        flags: "--cert good.pem --cacert root.crt --at-time +120d",
        wants: "error MT201 good.pem#1",
        trust: "untrusted MT201",
    },
    Case {
        name: "an expired intermediate",
        flags: "--cert under_dying.pem --cacert root.crt --at-time +40d",
        wants: "error MT201 under_dying.pem#2",
        trust: "untrusted MT201",
    },
    Case {
        name: "an expired root",
        flags: "--cert under_by_dying_root.pem --cacert dying_root.crt --at-time +65d",
        wants: "error MT201 under_by_dying_root.pem#1 ~ depth 2\nwarning MT445 under_by_dying_root.pem#1",
        trust: "disputed MT201",
    },
    Case {
        name: "not yet valid",
        flags: "--cert not_yet.pem --cacert root.crt",
        wants: "error MT202 not_yet.pem#1",
        trust: "untrusted MT202",
    },
    Case {
        name: "ends within 20 days",
        flags: "--cert good.pem --cacert root.crt --at-time +75d",
        wants: "warning MT266 good.pem#1",
        trust: "trusted",
    },
    Case {
        name: "ends within 3 days",
        flags: "--cert good.pem --cacert root.crt --at-time +88d",
        wants: "error MT266 good.pem#1",
        trust: "trusted",
    },
    Case {
        name: "an intermediate that ends before the leaf",
        flags: "--cert under_dying.pem --cacert root.crt",
        wants: "warning MT267 under_dying.pem#2",
        trust: "trusted",
    },
];

const NAMES_AND_PURPOSE: &[Case] = &[
    Case {
        name: "the wrong host",
        flags: "--cert good.pem --cacert root.crt --host other.example.com",
        wants: "error MT272 good.pem#1",
        trust: "untrusted MT272",
    },
    Case {
        name: "the wrong address",
        flags: "--cert by_address.pem --cacert root.crt --host 192.0.2.2",
        wants: "error MT272 by_address.pem#1",
        trust: "untrusted MT272",
    },
    Case {
        name: "a name in the common name only",
        flags: "--cert cn_only.pem --cacert root.crt --host hook.example.com",
        wants: "warning MT273 cn_only.pem#1\nwarning MT445 cn_only.pem#1",
        trust: "disputed MT272 MT273",
    },
    Case {
        name: "a client's certificate on a server",
        flags: "--cert client.pem --role server --cacert root.crt",
        wants: "error MT274 client.pem#1",
        trust: "untrusted MT274",
    },
    Case {
        name: "a server's certificate for a client",
        flags: "--cert good.pem --role client --cacert root.crt",
        wants: "error MT404 good.pem#1",
        trust: "untrusted MT404",
    },
    Case {
        name: "key usage without signing",
        flags: "--cert no_signature.pem --cacert root.crt",
        wants: "warning MT274 no_signature.pem#1\nwarning MT445 no_signature.pem#1",
        trust: "disputed MT274",
    },
    Case {
        name: "an authority as the leaf",
        flags: "--cert ca_leaf.pem --cacert root.crt",
        wants: "error MT275 ca_leaf.pem#1\nerror MT274 ca_leaf.pem#1\nwarning MT445 ca_leaf.pem#1",
        trust: "",
    },
    Case {
        name: "a DNS name outside its constraints",
        flags: "--cert under_only_dns.pem --cacert root.crt",
        wants: "error MT210 under_only_dns.pem#1",
        trust: "untrusted MT210",
    },
    Case {
        name: "an address outside its constraints",
        flags: "--cert under_only_ip.pem --cacert root.crt",
        wants: "error MT210 under_only_ip.pem#1",
        trust: "untrusted MT210",
    },
];

const STRUCTURE: &[Case] = &[
    Case {
        name: "a path longer than allowed",
        flags: "--cert under_below_path0.pem --cacert root.crt",
        wants: "error MT209 under_below_path0.pem#3",
        trust: "untrusted MT209",
    },
    Case {
        name: "an intermediate that is no authority",
        flags: "--cert under_not_ca.pem --cacert root.crt",
        wants: "error MT208 under_not_ca.pem#2",
        trust: "untrusted MT208",
    },
    Case {
        name: "RSA with 1024 bits",
        flags: "--cert rsa1024.pem --cacert root.crt",
        wants: "error MT204 rsa1024.pem#1\nwarning MT445 rsa1024.pem#1",
        trust: "disputed MT204",
    },
    Case {
        name: "an Ed25519 key, which Envoy does not take",
        flags: "--cert ed25519.pem --key ed25519.key --cacert root.crt",
        wants: "warning MT445 ed25519.pem#1",
        trust: "disputed MT259",
    },
    Case {
        name: "no revocation list for the CA, which Envoy wants",
        flags: "--cert deep_leaf.pem --cacert root.crt --crlfile clear.crl",
        wants: "warning MT445 deep_leaf.pem#1",
        trust: "disputed MT410",
    },
    Case {
        name: "SHA-1 on the leaf",
        flags: "--cert sha1.pem --cacert root.crt",
        wants: "error MT205 sha1.pem#1\nwarning MT445 sha1.pem#1",
        trust: "disputed MT205",
    },
    Case {
        name: "SHA-1 on the intermediate",
        flags: "--cert under_ca_sha1.pem --cacert root.crt",
        wants: "error MT205 under_ca_sha1.pem#2\nwarning MT445 under_ca_sha1.pem#1",
        trust: "disputed MT205",
    },
    Case {
        name: "version 1",
        flags: "--cert v1.pem --cacert root.crt",
        wants: "warning MT206 v1.pem#1\nwarning MT273 v1.pem#1\nwarning MT445 v1.pem#1",
        trust: "disputed MT206 MT273",
    },
    Case {
        name: "an unknown critical extension",
        flags: "--cert critical.pem --cacert root.crt",
        wants: "error MT207 critical.pem#1",
        trust: "untrusted MT207",
    },
    Case {
        name: "a broken signature",
        flags: "--cert tampered.pem --cacert root.crt",
        wants: "error MT211 tampered.pem#1",
        trust: "untrusted MT211",
    },
    Case {
        name: "revoked",
        flags: "--cert good.pem --cacert root.crt --crlfile revoked.crl",
        wants: "error MT410 good.pem#1 ~ revoked",
        trust: "untrusted MT410",
    },
    Case {
        name: "no revocation list of the issuer",
        flags: "--cert good.pem --cacert root.crt --crlfile else.crl",
        wants: "error MT410 good.pem#1 ~ none of the 1 revocation lists is from its issuer\nwarning MT130 else.crl#1",
        trust: "untrusted MT410",
    },
    Case {
        name: "a stale revocation list",
        flags: "--cert good.pem --cacert root.crt --crlfile clear.crl --at-time +20d",
        wants: "error MT129 clear.crl#1\nerror MT445 good.pem#1",
        trust: "disputed MT410",
    },
];

#[test]
fn keys_and_order() {
    if let Some(folder) = certificates::folder() {
        run::all(KEYS_AND_ORDER, folder);
    }
}

#[test]
fn dates() {
    if let Some(folder) = certificates::folder() {
        run::all(DATES, folder);
    }
}

#[test]
fn names_and_purpose() {
    if let Some(folder) = certificates::folder() {
        run::all(NAMES_AND_PURPOSE, folder);
    }
}

#[test]
fn structure() {
    if let Some(folder) = certificates::folder() {
        run::all(STRUCTURE, folder);
    }
}

const MORE_OF_THE_LEAF: &[Case] = &[
    Case {
        name: "a wildcard for two labels",
        flags: "--cert wildcard.pem --cacert root.crt --host a.b.example.com",
        wants: "error MT272 wildcard.pem#1",
        trust: "untrusted MT272",
    },
    Case {
        name: "a wildcard for the bare domain",
        flags: "--cert wildcard.pem --cacert root.crt --host example.com",
        wants: "error MT272 wildcard.pem#1",
        trust: "untrusted MT272",
    },
    Case {
        name: "an address written as a DNS name",
        flags: "--cert address_as_name.pem --cacert root.crt --host 192.0.2.1",
        wants: "error MT272 address_as_name.pem#1",
        trust: "untrusted MT272",
    },
    Case {
        name: "a usage of any kind",
        flags: "--cert any_usage.pem --cacert root.crt",
        wants: "error MT274 any_usage.pem#1\nwarning MT230 any_usage.pem#1\nwarning MT445 any_usage.pem#1",
        trust: "",
    },
    Case {
        name: "a self-signed authority as the leaf",
        flags: "--cert self_ca.crt --key self_ca.key",
        wants: "warning MT275 self_ca.crt#1\nwarning MT277 self_ca.crt#1",
        trust: "",
    },
    Case {
        name: "a self-signed client",
        flags: "--cert self.pem --role client --cacert root.crt",
        wants: "error MT402 self.pem#1\nerror MT404 self.pem#1",
        trust: "untrusted MT404 MT402",
    },
    Case {
        name: "an expired client",
        flags: "--cert client.pem --role client --cacert root.crt --at-time +120d",
        wants: "error MT201 client.pem#1",
        trust: "untrusted MT201",
    },
    Case {
        name: "a client of an unknown authority",
        flags: "--cert client.pem --role client --cacert other_root.crt",
        wants: "error MT403 client.pem#2",
        trust: "untrusted MT403",
    },
];

const MORE_OF_ITS_ISSUERS: &[Case] = &[
    Case {
        name: "an intermediate for clients only",
        flags: "--cert under_clients_only.pem --cacert root.crt",
        wants: "error MT274 under_clients_only.pem#2\nwarning MT445 under_clients_only.pem#1",
        trust: "disputed MT274",
    },
    Case {
        name: "an intermediate for lists only",
        flags: "--cert under_lists_only.pem --cacert root.crt",
        wants: "error MT208 under_lists_only.pem#2\nwarning MT445 under_lists_only.pem#1",
        trust: "disputed MT208 MT274",
    },
    Case {
        name: "a name that is excluded",
        flags: "--cert under_not_com.pem --cacert root.crt",
        wants: "error MT210 under_not_com.pem#1",
        trust: "untrusted MT210",
    },
    Case {
        name: "a weak root",
        flags: "--cert under_weak_root.crt --cacert weak_root.crt",
        wants: "error MT204 under_weak_root.crt#1\nwarning MT445 under_weak_root.crt#1",
        trust: "disputed MT204",
    },
    Case {
        name: "a path longer than asked for",
        flags: "--cert deep.pem --max-depth 1 --cacert root.crt",
        wants: "error MT410 deep.pem#1",
        trust: "untrusted MT410",
    },
];

#[test]
fn more_of_the_leaf() {
    if let Some(folder) = certificates::folder() {
        run::all(MORE_OF_THE_LEAF, folder);
    }
}

#[test]
fn more_of_its_issuers() {
    if let Some(folder) = certificates::folder() {
        run::all(MORE_OF_ITS_ISSUERS, folder);
    }
}
