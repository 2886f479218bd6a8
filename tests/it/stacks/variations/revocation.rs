//! Revocation lists: of the leaf's issuer and of the root, good, old, forged, partial.

use super::variations;
use crate::stacks::{
    chain::Chain,
    der::{implicit, null, sequence},
    forge::{CERT_SIGN, DAY, Extension, Revocations, key_usage},
};

const NUMBER: &str = "2.5.29.20";
const POINT: &str = "2.5.29.28";

/// Both lists, with nothing in them.
fn both(chain: &mut Chain) -> &mut Revocations {
    let lists = vec![
        chain.list_of(&chain.sent[0]),
        chain.list_of(&chain.anchors[0]),
    ];
    chain.revocations = lists;
    &mut chain.revocations[0]
}

/// Both, the leaf revoked.
fn revoked(chain: &mut Chain) -> &mut Revocations {
    let serial = chain.leaf.serial.clone();
    let list = both(chain);
    list.revoked.push(serial);
    list
}

/// issuingDistributionPoint with this flag, critical.
fn part(number: u8) -> Extension {
    Extension::new(POINT, sequence(&[implicit(number, &[0xff])])).critical()
}

variations! {
    "crl-good", BOTH, |c| both(c);
    "crl-leaf-revoked", BOTH, |c| revoked(c);
    "crl-issuing-revoked", BOTH, |c| {
        both(c);
        let serial = c.sent[0].serial.clone();
        c.revocations[1].revoked.push(serial);
    };
    "crl-of-issuing-alone", BOTH, |c| {
        both(c);
        c.revocations.pop();
    };
    "crl-of-root-alone", BOTH, |c| {
        both(c);
        c.revocations.remove(0);
    };
    "crl-old", BOTH, |c| {
        let now = c.moment;
        let list = both(c);
        (list.this_update, list.next_update) = (now - 9 * DAY, Some(now - DAY));
    };
    "crl-old-revoked", BOTH, |c| {
        let now = c.moment;
        let list = revoked(c);
        (list.this_update, list.next_update) = (now - 9 * DAY, Some(now - DAY));
    };
    "crl-not-yet", BOTH, |c| {
        let now = c.moment;
        both(c).this_update = now + DAY;
    };
    "crl-no-next", BOTH, |c| both(c).next_update = None;
    "crl-no-number", BOTH, |c| both(c).extensions.retain(|found| found.oid != NUMBER);
    "crl-forged", BOTH, |c| both(c).signer.holder = "stranger";
    "crl-users-only", BOTH, |c| both(c).extensions.push(part(1));
    "crl-authorities-only", BOTH, |c| both(c).extensions.push(part(2));
    "crl-unknown-critical", BOTH, |c| {
        let unknown = Extension::new("1.3.6.1.4.1.61616.6", null()).critical();
        both(c).extensions.push(unknown);
    };
    "crl-issuer-may-not", BOTH, |c| {
        c.issuing().put(key_usage(&[CERT_SIGN]));
        both(c);
    };
}
