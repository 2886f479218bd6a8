//! Name constraints, kept and broken, of each kind of name, in each place.

use super::variations;
use crate::stacks::{
    chain::{Chain, HOST},
    der::sequence,
    forge::{Extension, NAME_CONSTRAINTS, Name, SAN, dns, name, name_constraints},
};

const ZONE: &str = "stack-cases.example";

/// The issuing authority allows these only.
fn only(chain: &mut Chain, names: &[Name]) {
    chain.issuing().put(name_constraints(names, &[]));
}

/// The issuing authority forbids these.
fn but(chain: &mut Chain, names: &[Name]) {
    chain.issuing().put(name_constraints(&[], names));
}

/// The leaf has this name and the host.
fn beside(chain: &mut Chain, name: Name) {
    chain.names(&[name, dns(HOST)]);
}

/// 192.0.2.0/24.
fn network() -> Name {
    Name::Ip(vec![192, 0, 2, 0, 255, 255, 255, 0])
}

/// A network whose mask has holes.
fn holes() -> Name {
    Name::Ip(vec![192, 0, 2, 0, 255, 0, 255, 0])
}

fn organisation(of: &str) -> Name {
    Name::Directory(name(&[("O", of)]))
}

/// The leaf's subject has the organisation of the authorities.
fn of_the_house(chain: &mut Chain) {
    chain.leaf.subject = name(&[("O", "Stack Cases"), ("CN", HOST)]);
}

variations! {
    "nc-dns-kept", BOTH, |c| only(c, &[dns(ZONE)]);
    "nc-dns-kept-plain", BOTH, |c| {
        c.issuing().put(name_constraints(&[dns(ZONE)], &[]).plain());
    };
    "nc-dns-kept-dot", BOTH, |c| only(c, &[dns(".stack-cases.example")]);
    "nc-dns-broken", BOTH, |c| only(c, &[dns("corp.example")]);
    "nc-dns-broken-plain", BOTH, |c| {
        c.issuing().put(name_constraints(&[dns("corp.example")], &[]).plain());
    };
    "nc-dns-excluded", BOTH, |c| but(c, &[dns(ZONE)]);
    "nc-dns-excluded-other", BOTH, |c| but(c, &[dns("corp.example")]);
    "nc-dns-excluded-all", BOTH, |c| but(c, &[dns("")]);
    "nc-dns-star", BOTH, |c| only(c, &[dns("*.stack-cases.example")]);
    "nc-dns-kept-by-wildcard", BOTH, |c| {
        only(c, &[dns(ZONE)]);
        c.names(&[dns("*.stack-cases.example")]);
    };
    "nc-dns-excluded-one-of-wildcard", BOTH, |c| {
        but(c, &[dns("other.stack-cases.example")]);
        c.names(&[dns("*.stack-cases.example")]);
    };
    "nc-dns-root-kept", BOTH, |c| c.root().put(name_constraints(&[dns(ZONE)], &[]));
    "nc-dns-root-kept-plain", BOTH, |c| {
        c.root().put(name_constraints(&[dns(ZONE)], &[]).plain());
    };
    "nc-dns-root-broken", BOTH, |c| c.root().put(name_constraints(&[dns("corp.example")], &[]));
    "nc-dns-cn-outside", BOTH, |c| {
        only(c, &[dns(ZONE)]);
        c.leaf.subject = name(&[("CN", "hook.corp.example")]);
    };
    "nc-dns-no-san", BOTH, |c| {
        only(c, &[dns("corp.example")]);
        c.leaf.subject = name(&[("CN", HOST)]);
        c.leaf.without(SAN);
    };
    "nc-dns-no-san-inside", BOTH, |c| {
        only(c, &[dns(ZONE)]);
        c.leaf.subject = name(&[("CN", HOST)]);
        c.leaf.without(SAN);
    };
    "nc-dns-no-san-plain-cn", CLIENT, |c| {
        only(c, &[dns("corp.example")]);
        c.leaf.without(SAN);
    };
    "nc-ip-kept", BOTH, |c| {
        only(c, &[network()]);
        beside(c, Name::Ip(vec![192, 0, 2, 44]));
    };
    "nc-ip-broken", BOTH, |c| {
        only(c, &[network()]);
        beside(c, Name::Ip(vec![198, 51, 100, 44]));
    };
    "nc-ip-excluded-all", BOTH, |c| but(c, &[Name::Ip(vec![0; 8]), Name::Ip(vec![0; 32])]);
    "nc-ip-no-mask", BOTH, |c| {
        only(c, &[holes()]);
        beside(c, Name::Ip(vec![192, 0, 2, 44]));
    };
    "nc-ip-no-mask-unused", BOTH, |c| only(c, &[holes()]);
    "nc-ip-no-mask-root", BOTH, |c| c.root().put(name_constraints(&[holes()], &[]));
    "nc-mail-kept", BOTH, |c| {
        only(c, &[Name::Email("corp.example")]);
        beside(c, Name::Email("ops@corp.example"));
    };
    "nc-mail-broken", BOTH, |c| {
        only(c, &[Name::Email("corp.example")]);
        beside(c, Name::Email("ops@elsewhere.example"));
    };
    "nc-mail-unused", BOTH, |c| only(c, &[Name::Email("corp.example")]);
    "nc-mail-star-unused", BOTH, |c| but(c, &[Name::Email("*@corp.example")]);
    "nc-uri-kept", BOTH, |c| {
        only(c, &[Name::Uri("corp.example")]);
        beside(c, Name::Uri("https://corp.example/hook"));
    };
    "nc-uri-broken", BOTH, |c| {
        only(c, &[Name::Uri("corp.example")]);
        beside(c, Name::Uri("spiffe://elsewhere.example/hook"));
    };
    "nc-directory-kept", BOTH, |c| {
        only(c, &[organisation("Stack Cases")]);
        of_the_house(c);
    };
    "nc-directory-broken", BOTH, |c| {
        only(c, &[organisation("Somebody else")]);
        of_the_house(c);
    };
    "nc-directory-excluded", BOTH, |c| {
        but(c, &[organisation("Stack Cases")]);
        of_the_house(c);
    };
    "nc-principal-kept", BOTH, |c| {
        only(c, &[Name::Principal("corp.example")]);
        beside(c, Name::Principal("ops@corp.example"));
    };
    "nc-principal-excluded-unused", BOTH, |c| but(c, &[Name::Principal("corp.example")]);
    "nc-registered-unused", BOTH, |c| only(c, &[Name::Registered("1.3.6.1.4.1.61616")]);
    "nc-in-the-leaf", BOTH, |c| c.leaf.put(name_constraints(&[dns(ZONE)], &[]));
    "nc-empty", BOTH, |c| {
        c.issuing().put(Extension::new(NAME_CONSTRAINTS, sequence(&[])).critical());
    };
}
