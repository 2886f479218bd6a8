//! Chains and keys that break at a peer: each is called by its name, and nothing else is made of it.

use crate::{
    certificates,
    run::{self, Case},
};

const KEYS_AND_ORDER: &[Case] = &[
    Case {
        name: "the key of another certificate",
        flags: "--cert good.pem --key deep.key --cacert root.crt",
        wants: "error MT140 deep.key:1",
        trust: "trusted",
    },
    Case {
        name: "the intermediate's key",
        flags: "--cert good.pem --key inter.key --cacert root.crt",
        wants: "error MT140 inter.key:1",
        trust: "trusted",
    },
    Case {
        name: "reversed",
        flags: "--cert reversed.pem --key leaf.key --cacert root.crt",
        wants: "error MT268 reversed.pem:1",
        trust: "trusted",
    },
    Case {
        name: "the root first",
        flags: "--cert root_first.pem --key leaf.key --cacert root.crt",
        wants: "error MT268 root_first.pem:1",
        trust: "trusted",
    },
    Case {
        name: "intermediates swapped",
        flags: "--cert swapped.pem --key deep.key --cacert root.crt",
        wants: "warning MT268 swapped.pem:13",
        trust: "trusted",
    },
    Case {
        name: "the leaf without its intermediate",
        flags: "--cert alone.pem --key leaf.key --cacert root.crt",
        wants: "error MT203 alone.pem:1",
        trust: "untrusted MT203",
    },
    Case {
        name: "a gap between leaf and intermediate",
        flags: "--cert gap.pem --cacert root.crt",
        wants: "error MT203 gap.pem:1",
        trust: "untrusted MT203",
    },
    Case {
        name: "an unknown authority",
        flags: "--cert good.pem --cacert other_root.crt",
        wants: "error MT276 good.pem:13",
        trust: "untrusted MT276",
    },
    Case {
        name: "a self-signed leaf",
        flags: "--cert self.pem --cacert root.crt",
        wants: "error MT277 self.pem:1",
        trust: "untrusted MT277",
    },
    Case {
        name: "a stranger in the chain",
        flags: "--cert with_stranger.pem --cacert root.crt",
        wants: "warning MT270 with_stranger.pem:27",
        trust: "trusted",
    },
];

#[test]
fn keys_and_order() {
    let Some(folder) = certificates::folder() else { return };
    run::all(KEYS_AND_ORDER, folder);
}
