//! A certificate that is sent and on no path, with something about it that some verifiers cannot
//! read.
//!
//! A verifier that reads everything that is sent before it looks for a path refuses all of it.

use super::variations;
use crate::stacks::{
    chain::Chain,
    der::{bit_string, element, integer, oid, sequence},
    forge::{
        AKI, BASIC, EKU, Extension, Name, PRINTABLE, Plan, SERVER_AUTH, aki, basic, dns, name,
        name_constraints, name_of, policies, san,
    },
    keys::Kind,
};

/// Sends a stranger too, after this change.
fn stranger(chain: &mut Chain, change: impl Fn(&mut Plan)) {
    let mut plan = chain.other_root("stranger", name(&[("CN", "Stranger")]));
    change(&mut plan);
    chain.sent.push(plan);
}

fn unknown() -> Extension {
    Extension::new("1.3.6.1.4.1.61616.1", element(12, b"what is it"))
}

variations! {
    "beside-serial-negative", BOTH, |c| stranger(c, |plan| plan.serial = integer(-7));
    "beside-serial-padded", BOTH, |c| stranger(c, |plan| plan.serial = element(2, &[0, 0, 0x30]));
    "beside-length-huge", BOTH, |c| stranger(c, |plan| plan.put(basic(true, Some(1 << 40))));
    "beside-length-negative", BOTH, |c| stranger(c, |plan| plan.put(basic(true, Some(-1))));
    "beside-basic-false-written", BOTH, |c| stranger(c, |plan| {
        let value = sequence(&[crate::stacks::der::boolean(false)]);
        plan.put(Extension::new(BASIC, value).critical());
    });
    "beside-nc-mask", BOTH, |c| stranger(c, |plan| {
        let holes = Name::Ip(vec![192, 0, 2, 0, 255, 0, 255, 0]);
        plan.put(name_constraints(&[holes], &[]));
    });
    "beside-nc-empty", BOTH, |c| stranger(c, |plan| plan.put(name_constraints(&[], &[])));
    "beside-nc-registered", BOTH, |c| stranger(c, |plan| {
        plan.put(name_constraints(&[Name::Registered("1.3.6.1.4.1.61616")], &[]));
    });
    "beside-version-4", BOTH, |c| stranger(c, |plan| plan.version = 3);
    "beside-version-1-extended", BOTH, |c| stranger(c, |plan| plan.version = 0);
    "beside-extension-twice", BOTH, |c| stranger(c, |plan| plan.add(basic(true, None)));
    "beside-unknown-twice", BOTH, |c| stranger(c, |plan| {
        plan.add(unknown());
        plan.add(unknown());
    });
    "beside-unknown-critical", BOTH, |c| stranger(c, |plan| plan.add(unknown().critical()));
    "beside-latin-1", BOTH, |c| stranger(c, |plan| plan.put(san(&[dns("m\u{fc}nchen.example")])));
    "beside-address-of-5-octets", BOTH, |c| stranger(c, |plan| {
        plan.put(san(&[Name::Ip(vec![192, 0, 2, 33, 1])]));
    });
    "beside-empty-san", BOTH, |c| stranger(c, |plan| plan.put(san(&[])));
    "beside-printable-odd", BOTH, |c| stranger(c, |plan| {
        plan.subject = name_of(PRINTABLE, &[("CN", "ops@stranger")]);
        plan.issuer.clone_from(&plan.subject);
    });
    "beside-no-name", BOTH, |c| stranger(c, |plan| {
        plan.subject = name(&[]);
        plan.issuer.clone_from(&plan.subject);
    });
    "beside-policy-twice", BOTH, |c| stranger(c, |plan| {
        plan.put(policies(&["1.3.6.1.4.1.61616.2", "1.3.6.1.4.1.61616.2"]));
    });
    "beside-aki-critical", BOTH, |c| stranger(c, |plan| plan.put(aki(&[7; 20]).critical()));
    "beside-aki-is-no-sequence", BOTH, |c| stranger(c, |plan| {
        plan.put(Extension::new(AKI, integer(1)));
    });
    "beside-eku-is-no-sequence", BOTH, |c| stranger(c, |plan| {
        plan.put(Extension::new(EKU, oid(SERVER_AUTH)));
    });
    "beside-brainpool", BOTH, |c| stranger(c, |plan| plan.key.kind = Kind::Brainpool256);
    "beside-key-unknown", BOTH, |c| stranger(c, |plan| {
        let what = sequence(&[oid("1.3.6.1.4.1.61616.5")]);
        plan.public = Some(sequence(&[what, bit_string(&[7; 32])]));
    });
    "beside-days-generalized", BOTH, |c| {
        let from = c.moment - 100_000;
        stranger(c, |plan| plan.not_before = crate::stacks::forge::long_time(from));
    };
    "beside-days-no-seconds", BOTH, |c| stranger(c, |plan| {
        plan.not_before = element(23, b"2501010000Z");
    });
    "beside-days-with-offset", BOTH, |c| stranger(c, |plan| {
        plan.not_before = element(23, b"250101000000+0000");
    });
    "beside-days-no-time", BOTH, |c| stranger(c, |plan| {
        plan.not_after = element(23, b"991331000000Z");
    });
}
