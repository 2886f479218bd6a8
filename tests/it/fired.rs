//! Every rule about a certificate or a chain has fired on bytes: a certificate in DER that the
//! program read from a file, not facts put together by hand. A rule that waits for a field which
//! the parser never fills is found here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Mutex,
    thread,
};

use mtls::rules;
use serde_json::Value;

use crate::{
    stacks::{
        self,
        chain::{Chain, Role},
        corpus::Corpus,
        der::{bit_string, element, integer, null, oid, sequence},
        forge::{DAY, dns, name},
        judged, variations,
    },
    support::{Finished, Forge, peer, run},
};

/// Rules about one certificate: a rule's name, the variation of [`stacks`] and the role it fires
/// on, what `lint` is asked besides.
const CERTIFICATE: &str = "\
certificate-version-one: version-1-leaf.server
unreadable-certificate: days-no-time.server
authority-key-identifier-missing: ids-leaf-no-aki.server
authority-key-identifier-empty: ids-leaf-aki-empty.server
root-key-identifiers-differ: ids-root-aki-of-other.server
subject-key-identifier-missing: ids-leaf-no-ski.client
extension-not-critical: basic-issuing-plain.server
extension-wrongly-critical: ids-leaf-aki-critical.server
extension-criticality-unusual: ku-leaf-plain.server
path-length-without-authority: basic-leaf-length.server
authority-key-usage-missing: ku-issuing-none.server
key-usage-empty: ku-leaf-no-bit.server
leaf-signs-certificates: basic-leaf-true.server
cert-sign-without-authority: ku-leaf-cert-sign.server
key-usage-unfit-for-key: ku-leaf-encipherment.server
key-usage-unfit-for-purpose: ku-leaf-non-repudiation.server
extended-key-usage-missing: eku-leaf-none.server
server-usages-mixed: eku-leaf-and-ocsp.server
any-extended-key-usage: eku-leaf-any.server
root-with-extended-key-usage: eku-root-server.server
serial-number-not-positive: serial-negative.server
serial-number-too-long: serial-21-octets.server
validity-badly-encoded: days-generalized.server
validity-negative: days-inverted.server
name-empty: dn-authority-without.server
extension-twice: ext-san-twice.server
extension-unreadable: names-san-no-sequence.server
name-constraints-in-leaf: nc-in-the-leaf.server
ca-excludes-hosts: nc-dns-excluded-all.server
alternative-names-empty: names-empty-san.server
alternative-names-not-critical: names-no-subject-plain-san.server
alternative-names-critical: names-critical-san.server
alternative-name-kind: names-principal-beside.server
internal-name: sent-nothing.server
common-name-not-listed: names-cn-elsewhere.server
several-common-names: dn-two-in-one-set.server
wildcard-misplaced: names-wildcard-inside.server
dns-name-malformed: names-dot-in-san.server
dns-name-underscore: names-underscore.server
rsa-modulus-uneven: key-rsa2047-leaf.server
curve-unusual: key-p224-leaf.server
key-type-unknown: key-unknown-leaf.server
signature-algorithm-uncommon: hash-pss.server
validity-too-long: days-ten-years.server
";

/// The same of rules about a chain.
const CHAIN: &str = "\
certificate-expired: days-leaf-over.server
certificate-not-yet-valid: days-leaf-not-yet.server
missing-intermediate: sent-nothing.server
weak-key: key-rsa1024-leaf.server
weak-signature-algorithm: hash-sha1-leaf.server
unknown-critical-extension: ext-unknown-critical-leaf.server
intermediate-not-a-ca: basic-issuing-false.server
path-length-exceeded: length-issuing-violated.server
name-constraint-violated: nc-dns-broken.server
certificate-signature-broken: key-forged-leaf.server
root-sent-along: sent-root-too.server
expires-soon: days-last-second.server
outlived-by-leaf: days-beyond-the-issuer.server
chain-out-of-order: sent-out-of-order.server
certificate-twice: sent-leaf-twice.server
stranger-in-chain: sent-stranger-too.server
multiple-leaf-certificates: beside-basic-false-written.server
host-not-covered: names-other-host.server
common-name-only: names-cn-only.server
purpose-wrong: eku-leaf-code.server
ca-used-as-leaf: basic-leaf-true.server
issuer-unknown: anchor-other.server
self-signed-leaf: self-no-anchor.server
custom-ca-key-usage: ku-leaf-encipherment.server --profile dialogflow-cx
custom-ca-upload-needed: plain.server --profile dialogflow-cx
chain-not-trusted: crl-forged.client
signature-not-checked: key-ed448.server
verifiers-disagree: names-cn-only.server
";

/// A rule about what was fetched: `fetch::` has its bytes, and the servers that it takes.
const FETCHED: &str = "certificate-revoked";

/// What is made of the good chain of a server.
type Change = fn(&mut Chain);

/// Rules that no variation is for, and a change that is.
const CHANGED: &[(&str, Change)] = &[
    ("client-auth-in-server-certificate", issued_late),
    ("alternative-name-twice", |c| {
        named(c, &["hook.stack-cases.example"; 2]);
    }),
    ("wildcard-over-public-suffix", |c| named(c, &["*.co.uk"])),
    ("top-level-domain-unknown", no_such_domain),
    // openssl makes none with an even exponent.
    ("rsa-exponent-weak", |c| {
        rsa(c, &[[0, 0xc5].as_slice(), &[0xc5; 255]].concat(), 2);
    }),
    ("rsa-primes-close", primes_close),
    ("curve-spelled-out", |c| {
        keyed(
            c,
            "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
        );
    }),
    ("dsa-key", dsa),
    ("signature-bits-unused", |c| c.leaf.unused_bits = 1),
    ("encoding-unusual", other_order),
];

/// The leaf has these names.
fn named(chain: &mut Chain, names: &[&'static str]) {
    let names: Vec<_> = names.iter().map(|name| dns(name)).collect();
    chain.names(&names);
}

/// Issued after the day from which the root programs want one purpose a certificate.
fn issued_late(chain: &mut Chain) {
    chain.moment += 200 * DAY;
    let moment = chain.moment;
    chain.leaf.valid(moment - DAY, moment + 60 * DAY);
}

/// A name below no top-level domain, and an anchor that says nothing of whose affair that is.
fn no_such_domain(chain: &mut Chain) {
    named(chain, &["hook.nosuchdomain"]);
    let other = chain.other_root("other root", name(&[("CN", "Other Root")]));
    chain.anchors = vec![other];
}

/// A subject that begins with what ends it, and an anchor that says nothing of whose affair that is.
fn other_order(chain: &mut Chain) {
    chain.leaf.subject = name(&[("CN", "hook"), ("O", "Stack Cases")]);
    let other = chain.other_root("other root", name(&[("CN", "Other Root")]));
    chain.anchors = vec![other];
}

/// The leaf has the public key of one that openssl made so.
fn keyed(chain: &mut Chain, algorithm: &str) {
    public(chain, &format!("-algorithm {algorithm}"), &Forge::new());
}

fn dsa(chain: &mut Chain) {
    let forge = Forge::new();
    forge.run("genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -pkeyopt dsa_paramgen_q_bits:160 -out dsa.param");
    public(chain, "-paramfile dsa.param", &forge);
}

fn public(chain: &mut Chain, how: &str, forge: &Forge) {
    forge.run(&format!("genpkey {how} -out leaf.key"));
    forge.run("pkey -in leaf.key -pubout -outform DER -out leaf.der");
    chain.leaf.public = Some(fs::read(forge.root().join("leaf.der")).unwrap());
}

/// An RSA modulus of two factors that are 2 apart: (2^1024 - 3)(2^1024 - 1), which is
/// 2^2048 - 2^1026 + 3.
fn primes_close(chain: &mut Chain) {
    let mut modulus = vec![0];
    modulus.extend([0xff; 127]);
    modulus.push(0xfc);
    modulus.extend([0; 127]);
    modulus.push(3);
    rsa(chain, &modulus, 65_537);
}

/// The leaf has an RSA key of this modulus, which is a positive number, and this exponent.
fn rsa(chain: &mut Chain, modulus: &[u8], exponent: u64) {
    let key = sequence(&[element(2, modulus), integer(exponent.into())]);
    let what = sequence(&[oid("1.2.840.113549.1.1.1"), null()]);
    chain.leaf.public = Some(sequence(&[what, bit_string(&key)]));
}

/// The rules that have a file in this room of `src/rules`, by their names.
fn room(room: &str) -> Vec<&'static str> {
    let folder = format!("{}/src/rules/{room}", env!("CARGO_MANIFEST_DIR"));
    let files: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| Some(path.file_stem()?.to_str()?.replace('_', "-")))
        .collect();
    let all = rules::ALL.iter().map(|rule| rule.name);
    let mut own: Vec<_> = all
        .filter(|name| files.iter().any(|file| file == name))
        .collect();
    own.sort_unstable();
    own
}

/// One line of the tables.
struct Row {
    rule: &'static str,
    variation: &'static str,
    role: &'static str,
    flags: Vec<&'static str>,
}

fn rows(table: &'static str) -> impl Iterator<Item = Row> {
    table.lines().map(|line| {
        let (rule, rest) = line.split_once(": ").unwrap();
        let mut words = rest.split(' ');
        let (variation, role) = words.next().unwrap().split_once('.').unwrap();
        Row {
            rule,
            variation,
            role,
            flags: words.collect(),
        }
    })
}

#[test]
fn every_rule_of_a_certificate_or_a_chain_has_a_case() {
    let names = |table| rows(table).map(|row| row.rule);
    let changed = CHANGED.iter().map(|(rule, _)| *rule);
    let mut listed: Vec<&str> = names(CERTIFICATE).chain(changed).collect();
    listed.sort_unstable();
    assert_eq!(listed, room("certificate"));
    let mut listed: Vec<&str> = names(CHAIN).chain([FETCHED]).collect();
    listed.sort_unstable();
    assert_eq!(listed, room("chain"));
}

#[test]
fn every_rule_of_a_certificate_or_a_chain_fires_on_bytes() {
    if peer("openssl").is_none() {
        return;
    }
    // A chain for each rule, under its name.
    let (mut chains, mut flags) = (Vec::new(), BTreeMap::new());
    for row in rows(CERTIFICATE).chain(rows(CHAIN)) {
        let role = Role::BOTH.into_iter().find(|one| one.word() == row.role);
        let chain = variations::all()
            .find(|one| one.name == row.variation)
            .and_then(|one| one.of(role.unwrap(), stacks::MOMENT));
        let chain = chain.unwrap_or_else(|| panic!("{} is not a variation", row.variation));
        chains.push((row.rule.to_owned(), chain));
        flags.insert(row.rule, row.flags);
    }
    for (rule, change) in CHANGED {
        let mut chain = Chain::good(Role::Server, stacks::MOMENT);
        change(&mut chain);
        chains.push(((*rule).to_owned(), chain));
    }
    let corpus = Corpus::of(chains.into_iter());
    let silent = Mutex::new(Vec::new());
    let list = &corpus.cases.list;
    thread::scope(|scope| {
        for half in list.chunks(list.len().div_ceil(2)) {
            let (corpus, flags, silent) = (&corpus, &flags, &silent);
            scope.spawn(move || {
                for case in half {
                    let rule = case.variation.as_str();
                    let code = rules::ALL.iter().find(|one| one.name == rule).unwrap().code;
                    let mut lint = judged::command(&corpus.cases, case, &stacks::PARTS);
                    lint.args(flags.get(rule).into_iter().flatten());
                    let found = codes(&run(&mut lint, 60));
                    if !found.iter().any(|one| one == code) {
                        let line = format!("{code} {rule}: found {found:?}");
                        silent.lock().unwrap().push(line);
                    }
                }
            });
        }
    });
    let silent = silent.into_inner().unwrap();
    assert!(silent.is_empty(), "no finding of:\n{}", silent.join("\n"));
}

/// The codes of all findings, notes too.
fn codes(lint: &Finished) -> BTreeSet<String> {
    let report: Value = serde_json::from_str(&lint.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", lint.said()));
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect()
}
