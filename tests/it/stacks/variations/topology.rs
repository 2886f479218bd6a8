//! What is sent, what is trusted, how long the path is; who signs himself; when.

use super::variations;
use crate::stacks::{
    chain::{Chain, HOST, root_name},
    der::{element, time},
    forge::{
        AKI, BASIC, CERT_SIGN, DAY, DIGITAL_SIGNATURE, EKU, KEY_USAGE, Plan, SKI, basic, dns, eku,
        key_usage, long_time, name, san, ski,
    },
};

/// So many authorities between root and leaf.
fn long(chain: &mut Chain, count: usize) {
    const HOLDERS: [&str; 12] = [
        "Step 1", "Step 2", "Step 3", "Step 4", "Step 5", "Step 6", "Step 7", "Step 8", "Step 9",
        "Step 10", "Step 11", "Step 12",
    ];
    let mut above = chain.anchors[0].clone();
    let mut path = Vec::new();
    for holder in &HOLDERS[..count] {
        above = chain.between(holder, &above);
        path.push(above.clone());
    }
    chain.leaf.under(&above);
    chain.sent = path.into_iter().rev().collect();
}

/// The root of the chain, certified by an older root whose days are these; the older root's own.
fn crossed(chain: &mut Chain, cross: (i64, i64), old: (i64, i64)) -> (Plan, Plan) {
    let now = chain.moment;
    let mut older = chain.other_root("older root", name(&[("CN", "Stack Cases Old Root")]));
    older.valid(now + old.0 * DAY, now + old.1 * DAY);
    let mut link = chain.root().clone();
    link.put(crate::stacks::forge::aki(&older.key.id()));
    link.under(&older);
    link.serial = crate::stacks::der::integer(0x4004);
    link.valid(now + cross.0 * DAY, now + cross.1 * DAY);
    (link, older)
}

fn days(plan: &mut Plan, moment: i64, from: i64, to: i64) {
    plan.valid(moment + from * DAY, moment + to * DAY);
}

fn issuing_days(chain: &mut Chain, from: i64, to: i64) {
    let now = chain.moment;
    days(chain.issuing(), now, from, to);
}

fn root_days(chain: &mut Chain, from: i64, to: i64) {
    let now = chain.moment;
    days(chain.root(), now, from, to);
}

fn leaf_days(chain: &mut Chain, from: i64, to: i64) {
    let now = chain.moment;
    days(&mut chain.leaf, now, from, to);
}

variations! {
    "sent-nothing", BOTH, |c| c.sent.clear();
    "sent-root-too", BOTH, |c| c.sent.push(c.anchors[0].clone());
    "sent-stranger-too", BOTH, |c| {
        let stranger = c.other_root("stranger", name(&[("CN", "Stranger")]));
        c.sent.push(stranger);
    };
    "sent-leaf-twice", BOTH, |c| c.sent.insert(0, c.leaf.clone());
    "sent-out-of-order", BOTH, |c| {
        long(c, 3);
        c.sent.reverse();
    };
    "anchor-other", BOTH, |c| {
        let other = c.other_root("other root", name(&[("CN", "Other Root")]));
        c.anchors = vec![other];
    };
    "anchor-other-key", BOTH, |c| {
        let other = c.other_root("other root", root_name());
        c.anchors = vec![other];
    };
    "anchor-is-issuing", BOTH, |c| c.anchors = std::mem::take(&mut c.sent);
    "anchor-is-issuing-sent", BOTH, |c| c.anchors = c.sent.clone();
    "anchor-is-leaf", BOTH, |c| c.anchors = vec![c.leaf.clone()];
    "anchor-thrice", BOTH, |c| c.anchors = vec![c.anchors[0].clone(); 3];
    "anchor-over", BOTH, |c| root_days(c, -500, -1);
    "anchor-not-yet", BOTH, |c| root_days(c, 1, 3000);
    "twins-roots", BOTH, |c| {
        let twin = c.other_root("twin root", root_name());
        c.anchors.insert(0, twin);
    };
    "twins-roots-no-ids", BOTH, |c| {
        let twin = c.other_root("twin root", root_name());
        c.anchors.insert(0, twin);
        c.each().for_each(|plan| {
            plan.without(SKI).without(AKI);
        });
    };
    "twins-root-renewed", BOTH, |c| {
        let now = c.moment;
        let mut old = c.anchors[0].clone();
        days(&mut old, now, -900, -2);
        c.anchors.insert(0, old);
    };
    "twins-issuing-renewed", BOTH, |c| {
        let now = c.moment;
        let mut old = c.sent[0].clone();
        days(&mut old, now, -900, -2);
        c.sent.insert(0, old);
    };
    "crossed-over-both-trusted", BOTH, |c| {
        let (link, older) = crossed(c, (-900, -2), (-1500, -1));
        c.sent.push(link);
        c.anchors.insert(0, older);
    };
    "crossed-over-new-trusted", BOTH, |c| {
        let (link, _) = crossed(c, (-900, -2), (-1500, -1));
        c.sent.push(link);
    };
    "crossed-over-old-trusted", BOTH, |c| {
        let (link, older) = crossed(c, (-900, -2), (-1500, -1));
        c.sent.push(link);
        c.anchors = vec![older];
    };
    "crossed-outlives-both-trusted", BOTH, |c| {
        let (link, older) = crossed(c, (-300, 300), (-1500, -1));
        c.sent.push(link);
        c.anchors.insert(0, older);
    };
    "crossed-outlives-old-trusted", BOTH, |c| {
        let (link, older) = crossed(c, (-300, 300), (-1500, -1));
        c.sent.push(link);
        c.anchors = vec![older];
    };
    "crossed-good-old-trusted", BOTH, |c| {
        let (link, older) = crossed(c, (-300, 300), (-1500, 1500));
        c.sent.push(link);
        c.anchors = vec![older];
    };
    "long-5", BOTH, |c| long(c, 5);
    "long-7", BOTH, |c| long(c, 7);
    "long-9", BOTH, |c| long(c, 9);
    "long-12", BOTH, |c| long(c, 12);
    "self-issued-between", BOTH, |c| {
        let above = c.issuing().clone();
        let mut below = c.between("rolled over", &above);
        below.subject.clone_from(&above.subject);
        c.leaf.under(&below);
        c.sent.insert(0, below);
    };
    "leaf-under-leaf", BOTH, |c| {
        let mut above = c.leaf.clone();
        above.key.holder = "upper leaf";
        above.subject = name(&[("CN", "upper leaf")]);
        above.put(ski(&above.key.id()));
        c.leaf.under(&above);
        c.sent.insert(0, above);
    };
    "self-authority-no-san", BOTH, |c| {
        let id = c.leaf.key.id();
        c.self_signed(Some(vec![basic(true, None), ski(&id), crate::stacks::forge::aki(&id)]));
    };
    "self-authority", BOTH, |c| {
        let id = c.leaf.key.id();
        c.self_signed(Some(vec![basic(true, None), ski(&id), san(&[dns(HOST)])]));
    };
    "self-authority-full", BOTH, |c| {
        let (id, role) = (c.leaf.key.id(), c.role.purpose());
        let usage = key_usage(&[DIGITAL_SIGNATURE, CERT_SIGN]);
        let names = san(&[dns(HOST)]);
        c.self_signed(Some(vec![basic(true, None), usage, eku(&[role]), names, ski(&id)]));
    };
    "self-no-authority", BOTH, |c| {
        let extensions = c.leaf.without(AKI).extensions.clone();
        c.self_signed(extensions);
    };
    "self-no-basic", BOTH, |c| {
        let left = c.leaf.without(AKI).without(BASIC).without(EKU).without(KEY_USAGE);
        let extensions = left.extensions.clone();
        c.self_signed(extensions);
    };
    "self-version-1", BOTH, |c| {
        c.leaf.version = 0;
        c.self_signed(None);
    };
    "self-no-anchor", BOTH, |c| {
        let root = c.anchors[0].clone();
        let extensions = c.leaf.without(AKI).extensions.clone();
        c.self_signed(extensions).anchors = vec![root];
    };
    "days-leaf-over", BOTH, |c| leaf_days(c, -60, -1);
    "days-leaf-not-yet", BOTH, |c| leaf_days(c, 1, 60);
    "days-issuing-over", BOTH, |c| issuing_days(c, -400, -1);
    "days-issuing-not-yet", BOTH, |c| issuing_days(c, 1, 400);
    "days-inverted", BOTH, |c| leaf_days(c, 60, -60);
    "days-ten-years", BOTH, |c| leaf_days(c, -300, 3650);
    "days-900", BOTH, |c| leaf_days(c, -300, 600);
    "days-beyond-the-issuer", BOTH, |c| leaf_days(c, -20, 2900);
    "days-last-second", BOTH, |c| c.leaf.not_after = time(c.moment);
    "days-second-after", BOTH, |c| c.leaf.not_after = time(c.moment - 1);
    "days-first-second", BOTH, |c| c.leaf.not_before = time(c.moment);
    "days-no-end", BOTH, |c| c.leaf.not_after = element(24, b"99991231235959Z");
    "days-generalized", BOTH, |c| {
        c.leaf.not_before = long_time(c.moment - 20 * DAY);
        c.leaf.not_after = long_time(c.moment + 70 * DAY);
    };
    "days-no-seconds", BOTH, |c| c.leaf.not_before = element(23, b"2501010000Z");
    "days-with-offset", BOTH, |c| c.leaf.not_before = element(23, b"250101000000+0000");
    "days-no-time", BOTH, |c| c.leaf.not_after = element(23, b"991331000000Z");
}
