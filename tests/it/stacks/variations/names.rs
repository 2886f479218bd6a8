//! Names of the leaf, names that are asked for, and distinguished names of authorities.

use super::variations;
use crate::stacks::{
    chain::{Chain, HOST},
    der::{element, implicit, sequence},
    forge::{Extension, Name, PRINTABLE, SAN, UTF8, dns, name, name_of, san},
};

fn ip(octets: [u8; 4]) -> Name {
    Name::Ip(octets.to_vec())
}

/// The leaf has this dNSName, and this is asked for.
fn asked(chain: &mut Chain, names: &[&str], host: &str) {
    let names: Vec<_> = names.iter().map(|name| dns(name)).collect();
    chain.names(&names);
    host.clone_into(&mut chain.host);
}

/// The issuing authority's name as it stands in its own certificate, and as the leaf writes it.
fn written(chain: &mut Chain, own: Vec<u8>, by_the_leaf: Vec<u8>) {
    chain.issuing().subject = own;
    chain.leaf.issuer = by_the_leaf;
}

fn issuing(string: u8, common: &str) -> Vec<u8> {
    name_of(string, &[("O", "Stack Cases"), ("CN", common)])
}

/// A subject of one relative name with two common names, in this order; DER wants the shorter
/// first.
fn two_in_one(common: [&str; 2]) -> Vec<u8> {
    // The attribute itself, without the sequence of sets and the set.
    let attribute = |common| name(&[("CN", common)])[4..].to_vec();
    sequence(&[element(0x31, &common.map(attribute).concat())])
}

const ZONE: &str = "stack-cases.example";

variations! {
    "plain", BOTH, |c| c.as_it_is();
    "plain-rsa", BOTH, |c| c.rsa();
    "plain-straight", BOTH, |c| c.straight();
    "names-other-host", SERVER, |c| c.host = format!("other.{ZONE}");
    "names-cn-only", BOTH, |c| c.leaf.without(SAN);
    "names-cn-is-address", SERVER, |c| {
        c.host = "192.0.2.33".to_owned();
        c.leaf.subject = name(&[("CN", "192.0.2.33")]);
        c.leaf.without(SAN)
    };
    "names-address-as-dns", SERVER, |c| asked(c, &["192.0.2.33"], "192.0.2.33");
    "names-address", SERVER, |c| {
        c.host = "192.0.2.33".to_owned();
        c.names(&[ip([192, 0, 2, 33])])
    };
    "names-address-6", SERVER, |c| {
        c.host = "2001:db8::33".to_owned();
        c.names(&[Name::Ip("2001:db8::33".parse::<std::net::Ipv6Addr>().unwrap().octets().to_vec())])
    };
    "names-address-of-5-octets", BOTH, |c| c.names(&[Name::Ip(vec![192, 0, 2, 33, 1]), dns(HOST)]);
    "names-underscore", SERVER, |c| asked(c, &["the_hook.stack-cases.example"], "the_hook.stack-cases.example");
    "names-wildcard", SERVER, |c| asked(c, &["*.stack-cases.example"], HOST);
    "names-wildcard-two-deep", SERVER, |c| asked(c, &["*.stack-cases.example"], "a.hook.stack-cases.example");
    "names-wildcard-for-its-zone", SERVER, |c| asked(c, &["*.stack-cases.example"], ZONE);
    "names-wildcard-partial", SERVER, |c| asked(c, &["ho*.stack-cases.example"], HOST);
    "names-wildcard-of-top-level", SERVER, |c| asked(c, &["*.example"], ZONE);
    "names-wildcard-alone", SERVER, |c| asked(c, &["*"], "localhost");
    "names-wildcard-inside", SERVER, |c| asked(c, &["hook.*.example"], HOST);
    "names-wildcard-in-cn", SERVER, |c| {
        c.leaf.subject = name(&[("CN", "*.stack-cases.example")]);
        c.leaf.without(SAN)
    };
    "names-wildcard-odd-beside", SERVER, |c| asked(c, &["*", HOST], HOST);
    "names-wildcard-over-idn", SERVER, |c| asked(c, &["*.stack-cases.example"], "xn--mnchen-3ya.stack-cases.example");
    "names-dot-asked", SERVER, |c| c.host = format!("{HOST}.");
    "names-dot-in-san", SERVER, |c| asked(c, &["hook.stack-cases.example."], HOST);
    "names-dot-first", SERVER, |c| asked(c, &[".stack-cases.example"], HOST);
    "names-idn", SERVER, |c| asked(c, &["xn--mnchen-3ya.example"], "xn--mnchen-3ya.example");
    "names-latin-1-beside", SERVER, |c| asked(c, &["m\u{fc}nchen.example", HOST], HOST);
    "names-upper-case", SERVER, |c| asked(c, &["HOOK.Stack-Cases.Example"], HOST);
    "names-single-label", SERVER, |c| asked(c, &["localhost"], "localhost");
    "names-nul", SERVER, |c| asked(c, &["hook.stack-cases.example\0.evil.example"], HOST);
    "names-cn-elsewhere", BOTH, |c| c.leaf.subject = name(&[("CN", "former.stack-cases.example")]);
    "names-cn-a-title", BOTH, |c| c.leaf.subject = name(&[("CN", "Gateway 7 (production)")]);
    "names-cn-right-san-wrong", SERVER, |c| asked(c, &["other.stack-cases.example"], HOST);
    "names-cn-beside-mail", SERVER, |c| c.names(&[Name::Email("ops@stack-cases.example")]);
    "names-cn-beside-address", SERVER, |c| c.names(&[ip([192, 0, 2, 33])]);
    "names-cn-empty", BOTH, |c| c.leaf.subject = name(&[("CN", "")]);
    "names-cn-too-long", BOTH, |c| c.leaf.subject = name(&[("CN", &"n".repeat(80))]);
    "names-no-subject", BOTH, |c| {
        c.leaf.subject = name(&[]);
        c.leaf.put(san(&[dns(HOST)]).critical());
    };
    "names-no-subject-plain-san", BOTH, |c| c.leaf.subject = name(&[]);
    "names-critical-san", BOTH, |c| c.leaf.extension(SAN).critical = true;
    "names-empty-san", BOTH, |c| c.names(&[]);
    "names-empty-dns-beside", BOTH, |c| c.names(&[dns(""), dns(HOST)]);
    "names-blank-beside", BOTH, |c| c.names(&[dns("the hook"), dns(HOST)]);
    "names-url-beside", BOTH, |c| c.names(&[dns("https://hook.stack-cases.example/"), dns(HOST)]);
    "names-principal-beside", BOTH, |c| c.names(&[Name::Principal("ops@corp.example"), dns(HOST)]);
    "names-spiffe-alone", BOTH, |c| {
        c.leaf.subject = name(&[]);
        c.leaf.put(san(&[Name::Uri("spiffe://stack-cases.example/ns/hook")]).critical());
    };
    "names-many", BOTH, |c| {
        let mut all: Vec<_> = (0..250).map(|n| dns(&format!("n{n}.{ZONE}"))).collect();
        all.push(dns(HOST));
        c.names(&all)
    };
    "names-san-no-sequence", BOTH, |c| c.leaf.put(Extension::new(SAN, implicit(2, HOST.as_bytes())));
    "dn-string-types", BOTH, |c| {
        written(c, issuing(UTF8, "Issuing"), issuing(PRINTABLE, "Issuing"));
    };
    "dn-case", BOTH, |c| written(c, issuing(UTF8, "Issuing"), issuing(UTF8, "ISSUING"));
    "dn-blanks", BOTH, |c| {
        written(c, issuing(UTF8, "The Issuing"), issuing(UTF8, "The  Issuing "));
    };
    "dn-teletex", BOTH, |c| written(c, issuing(20, "Issuing"), issuing(20, "Issuing"));
    "dn-bmp", BOTH, |c| written(c, issuing(30, "Issuing"), issuing(30, "Issuing"));
    "dn-order", BOTH, |c| {
        let turned = name(&[("CN", "Issuing"), ("O", "Stack Cases")]);
        written(c, issuing(UTF8, "Issuing"), turned);
    };
    "dn-authority-without", BOTH, |c| written(c, name(&[]), name(&[]));
    "dn-printable-odd", BOTH, |c| {
        let odd = issuing(PRINTABLE, "ops@issuing_authority");
        written(c, odd.clone(), odd);
    };
    "dn-country-of-three", BOTH, |c| c.leaf.subject = name(&[("C", "DEU"), ("CN", HOST)]);
    "dn-two-in-one-set", BOTH, |c| c.leaf.subject = two_in_one(["2nd", HOST]);
    "dn-two-in-one-set-unsorted", BOTH, |c| c.leaf.subject = two_in_one([HOST, "2nd"]);
}
