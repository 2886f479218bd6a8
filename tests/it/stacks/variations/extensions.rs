//! Extensions: critical ones, unknown ones, doubled ones; policies.

use super::variations;
use crate::stacks::{
    chain::{Chain, HOST},
    der::{element, implicit, integer, null, oid, sequence, tagged},
    forge::{CRL_POINTS, EKU, Extension, POLICIES, dns, policies, san},
};

const UNKNOWN: &str = "1.3.6.1.4.1.61616.1";
const POLICY: &str = "1.3.6.1.4.1.61616.2";
const OTHER_POLICY: &str = "1.3.6.1.4.1.61616.3";
const POLICY_MAPPINGS: &str = "2.5.29.33";
const POLICY_CONSTRAINTS: &str = "2.5.29.36";
const INHIBIT_ANY: &str = "2.5.29.54";
const AUTHORITY_ACCESS: &str = "1.3.6.1.5.5.7.1.1";

fn unknown() -> Extension {
    Extension::new(UNKNOWN, element(12, b"what is it"))
}

/// policyConstraints that ask for a policy from here on, critical.
fn explicit() -> Extension {
    Extension::new(POLICY_CONSTRAINTS, sequence(&[implicit(0, &[0])])).critical()
}

pub(super) fn access() -> Extension {
    let at = implicit(6, b"http://127.0.0.1:9/authority.cer");
    let value = sequence(&[sequence(&[oid("1.3.6.1.5.5.7.48.2"), at])]);
    Extension::new(AUTHORITY_ACCESS, value)
}

pub(super) fn points() -> Extension {
    let at = implicit(6, b"http://127.0.0.1:9/list.crl");
    let value = sequence(&[sequence(&[tagged(0, &tagged(0, &at))])]);
    Extension::new(CRL_POINTS, value)
}

/// privateKeyUsagePeriod, over by the end of 2025.
fn period() -> Extension {
    let from = implicit(0, b"20250101000000Z");
    let to = implicit(1, b"20251231000000Z");
    Extension::new("2.5.29.16", sequence(&[from, to]))
}

fn leaf(chain: &mut Chain, extension: Extension) {
    chain.leaf.put(extension);
}

variations! {
    "ext-unknown-critical-leaf", BOTH, |c| leaf(c, unknown().critical());
    "ext-unknown-critical-issuing", BOTH, |c| c.issuing().put(unknown().critical());
    "ext-unknown-critical-root", BOTH, |c| c.root().put(unknown().critical());
    "ext-unknown", BOTH, |c| leaf(c, unknown());
    "ext-unknown-twice", BOTH, |c| {
        c.leaf.add(unknown());
        c.leaf.add(unknown());
    };
    "ext-san-twice", BOTH, |c| c.leaf.add(san(&[dns(HOST)]));
    "ext-eku-twice", BOTH, |c| {
        let again = c.leaf.extension(EKU).clone();
        c.leaf.add(again);
    };
    "ext-access", BOTH, |c| leaf(c, access());
    "ext-access-critical", BOTH, |c| leaf(c, access().critical());
    "ext-crl-points", BOTH, |c| leaf(c, points());
    "ext-crl-points-critical", BOTH, |c| leaf(c, points().critical());
    "ext-status-request", BOTH, |c| {
        leaf(c, Extension::new("1.3.6.1.5.5.7.1.24", sequence(&[integer(5)])));
    };
    "ext-poison", BOTH, |c| {
        leaf(c, Extension::new("1.3.6.1.4.1.11129.2.4.3", null()).critical());
    };
    "ext-comment", BOTH, |c| {
        leaf(c, Extension::new("2.16.840.1.113730.1.13", element(22, b"made by hand")));
    };
    "ext-key-period-over", BOTH, |c| c.issuing().put(period());
    "ext-key-period-critical", BOTH, |c| leaf(c, period().critical());
    "ext-issuer-names-critical", BOTH, |c| {
        let value = sequence(&[dns("authority.example").der()]);
        c.issuing().put(Extension::new("2.5.29.18", value).critical());
    };
    "policy", BOTH, |c| leaf(c, policies(&[POLICY]));
    "policy-critical", BOTH, |c| leaf(c, policies(&[POLICY]).critical());
    "policy-twice", BOTH, |c| leaf(c, policies(&[POLICY, POLICY]));
    "policy-asked-for-not-there", BOTH, |c| c.issuing().put(explicit());
    "policy-asked-for-there", BOTH, |c| {
        c.issuing().put(explicit());
        c.issuing().put(policies(&[POLICY]));
        leaf(c, policies(&[POLICY]));
    };
    "policy-asked-for-other", BOTH, |c| {
        c.issuing().put(explicit());
        c.issuing().put(policies(&[POLICY]));
        leaf(c, policies(&[OTHER_POLICY]));
    };
    "policy-asked-for-by-root", BOTH, |c| c.root().put(explicit());
    "policy-any-inhibited", BOTH, |c| {
        c.issuing().put(Extension::new(INHIBIT_ANY, integer(0)).critical());
    };
    "policy-mapped", BOTH, |c| {
        let pair = sequence(&[oid(POLICY), oid(OTHER_POLICY)]);
        c.issuing().put(policies(&[POLICY]));
        c.issuing().put(Extension::new(POLICY_MAPPINGS, sequence(&[pair])).critical());
    };
    "policy-is-no-sequence", BOTH, |c| leaf(c, Extension::new(POLICIES, oid(POLICY)));
}
