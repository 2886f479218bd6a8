//! OpenSSL is the judge: what each recipe claims is what `s_server` reports when that client calls
//! it.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
};

use super::*;

fn now() -> jiff::Timestamp {
    // OpenSSL judges by the clock, so these certificates have to be made by it too.
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    jiff::Timestamp::from_second(i64::try_from(since.as_secs()).unwrap()).unwrap()
}

/// The numbers are those of OpenSSL 3: other versions and LibreSSL have other ones, so they are no
/// judges here.
fn openssl() -> Option<Command> {
    let there = Command::new("openssl")
        .arg("version")
        .output()
        .is_ok_and(|output| output.stdout.starts_with(b"OpenSSL 3."));
    if !there {
        crate::parse::skipped("no OpenSSL 3 here");
    }
    there.then(|| Command::new("openssl"))
}

/// Ends the process with the test, whatever way the test ends.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn write(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The error numbers that an OpenSSL server prints for this client.
fn reported(authority: &Authority, recipe: &Recipe) -> BTreeSet<u32> {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let server = authority.server(&["localhost", "127.0.0.1"]).unwrap();
    let mut listening = Command::new("openssl");
    listening.args([
        "s_server",
        "-accept",
        "127.0.0.1:0",
        "-naccept",
        "1",
        "-verify",
        "9",
        "-auth_level",
        "2",
    ]);
    listening.args([
        "-CAfile",
        &write(at, "anchor.pem", &authority.anchor_pem_for(recipe)),
    ]);
    listening.args(["-cert", &write(at, "server.pem", &server.chain_pem())]);
    listening.args(["-key", &write(at, "server.key", &server.key_pem())]);
    let mut listening = Ends(
        listening
            // An open pipe: at the end of its input s_server hangs up.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut stdout = BufReader::new(listening.0.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("ACCEPT ") {
        line.clear();
        assert_ne!(
            stdout.read_line(&mut line).unwrap(),
            0,
            "s_server did not start"
        );
    }
    let address = line.trim_start_matches("ACCEPT ").trim();

    let mut calling = Command::new("openssl");
    // The client's own scruples about SHA-1 are not what is asked for.
    calling.args([
        "s_client",
        "-connect",
        address,
        "-cipher",
        "DEFAULT@SECLEVEL=0",
    ]);
    if let Some(client) = authority.client(recipe).unwrap() {
        let leaf = Identity {
            chain: client.chain[..1].to_vec(),
            key_pkcs8: Vec::new(),
        };
        let above = Identity {
            chain: client.chain[1..].to_vec(),
            key_pkcs8: Vec::new(),
        };
        calling.args(["-cert", &write(at, "leaf.pem", &leaf.chain_pem())]);
        calling.args(["-key", &write(at, "leaf.key", &client.key_pem())]);
        if !above.chain.is_empty() {
            calling.args(["-cert_chain", &write(at, "above.pem", &above.chain_pem())]);
        }
    }
    let called = calling.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&called.stdout);
    assert!(
        said.contains("CONNECTED"),
        "{}: {}",
        recipe.fault,
        String::from_utf8_lossy(&called.stderr)
    );

    let mut printed = String::new();
    stdout.read_to_string(&mut printed).unwrap();
    listening
        .0
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut printed)
        .unwrap();
    assert_eq!(
        printed.contains("-----BEGIN CERTIFICATE-----"),
        recipe.fault != "client-cert-not-sent",
        "{}: {printed}",
        recipe.fault
    );
    println!("{}: {printed}", recipe.fault);
    printed
        .split("verify error:num=")
        .skip(1)
        .map(|rest| rest.split(':').next().unwrap().parse().unwrap())
        .collect()
}

#[test]
fn openssl_reports_what_each_recipe_says() {
    if openssl().is_none() {
        return;
    }
    let authority = Authority::new(now()).unwrap();
    let wrong: Vec<String> = recipes()
        .iter()
        .filter_map(|recipe| {
            let said = recipe.verify.iter().copied().collect::<BTreeSet<u32>>();
            let seen = reported(&authority, recipe);
            (said != seen).then(|| format!("{}: {said:?} expected, {seen:?} seen", recipe.fault))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn rsa_leaves_verify_too() {
    if openssl().is_none() {
        return;
    }
    let authority = Authority::new(now()).unwrap().leaf_keys(LeafKey::Rsa2048);
    assert!(reported(&authority, recipe("valid").unwrap()).is_empty());
}

#[test]
fn openssl_accepts_the_server_for_its_names() {
    let Some(mut verify) = openssl() else { return };
    let authority = Authority::new(now()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = authority
        .server(&["webhook.example", "127.0.0.1", "*.hooks.example"])
        .unwrap();
    let chain = write(folder.path(), "chain.pem", &server.chain_pem());
    verify.args([
        "verify",
        "-purpose",
        "sslserver",
        "-auth_level",
        "2",
        "-x509_strict",
    ]);
    verify.args([
        "-CAfile",
        &write(folder.path(), "anchor.pem", &authority.server_anchor_pem()),
    ]);
    verify.args([
        "-verify_hostname",
        "a.hooks.example",
        "-verify_ip",
        "127.0.0.1",
    ]);
    let done = verify
        .args(["-untrusted", &chain, &chain])
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[test]
fn recipes_are_found_by_every_name() {
    for recipe in recipes() {
        assert_eq!(super::recipe(recipe.fault).unwrap().fault, recipe.fault);
        assert!(recipe.verify.is_sorted(), "{}", recipe.fault);
    }
    let names: BTreeSet<&str> = recipes().iter().map(|recipe| recipe.fault).collect();
    assert_eq!(names.len(), recipes().len());
    for (short, fault) in [
        ("expired", "client-expired"),
        ("none", "client-cert-not-sent"),
        ("server-auth-only", "client-eku-serverauth-only"),
        ("self-signed", "client-self-signed"),
        ("valid", "valid"),
    ] {
        assert_eq!(recipe(short).unwrap().fault, fault);
    }
    assert!(recipe("").is_none());
    assert!(recipe("client-").is_none());
}

#[test]
fn every_subject_says_simulated() {
    let authority = Authority::new(now()).unwrap();
    let mut ders = vec![
        authority.client_anchor().to_vec(),
        authority.server_anchor().to_vec(),
    ];
    ders.extend(authority.server(&["localhost"]).unwrap().chain);
    for recipe in recipes() {
        ders.push(authority.anchor_for(recipe).to_vec());
        ders.extend(
            authority
                .client(recipe)
                .unwrap()
                .into_iter()
                .flat_map(|made| made.chain),
        );
    }
    for der in ders {
        let (rest, certificate) = x509_parser::parse_x509_certificate(&der).unwrap();
        assert!(rest.is_empty());
        let subject = certificate.subject().to_string();
        assert!(
            subject.contains("O=simulated by mtls, CN=simulated "),
            "{subject}"
        );
    }
}

#[test]
fn version_1_has_no_version_and_no_extensions() {
    let authority = Authority::new(now()).unwrap();
    let made = authority
        .client(recipe("x509-v1").unwrap())
        .unwrap()
        .unwrap();
    let (_, leaf) = x509_parser::parse_x509_certificate(&made.chain[0]).unwrap();
    assert_eq!(leaf.version(), x509_parser::x509::X509Version::V1);
    assert!(leaf.extensions().is_empty());
}

#[test]
fn keys_stay_out_of_debug_output() {
    let authority = Authority::new(now()).unwrap();
    let made = authority.server(&["localhost"]).unwrap();
    let shown = format!("{made:?} {authority:?}");
    assert!(shown.contains("[private]"));
    assert!(shown.len() < 200, "{shown}");
}

#[test]
fn impossible_names_and_times_are_errors() {
    let authority = Authority::new(now()).unwrap();
    assert!(matches!(authority.server(&[]), Err(PkiError::NoName)));
    for name in ["", "*.", "a b", "a..b", "bücher.example", "*.127.0.0.1"] {
        assert!(
            matches!(authority.server(&[name]), Err(PkiError::Name(_))),
            "{name}"
        );
    }
    for moment in [
        jiff::Timestamp::MIN,
        jiff::Timestamp::MAX,
        "1900-01-01T00:00:00Z".parse().unwrap(),
    ] {
        assert!(
            matches!(Authority::new(moment), Err(PkiError::Clock(_))),
            "{moment}"
        );
    }
    for moment in [
        "1950-01-01T00:00:00Z",
        "2049-12-31T23:59:59Z",
        "9900-12-31T23:59:59Z",
    ] {
        let authority = Authority::new(moment.parse().unwrap()).unwrap();
        for recipe in recipes() {
            authority.client(recipe).unwrap();
        }
    }
}

#[test]
fn pem_lines_are_64_characters() {
    let text = pem::encode("X", &[7; 96]);
    assert_eq!(
        text.lines().map(str::len).collect::<Vec<_>>(),
        [17, 64, 64, 15]
    );
    assert_eq!(pem::encode("X", &[]).lines().count(), 2);
}

/// webpki is the library behind rustls; what it makes of the faulty ones is `trust`'s business.
#[test]
fn webpki_accepts_the_good_ones() {
    use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
    use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

    let now = now();
    let seconds = std::time::Duration::from_secs(now.as_second().unsigned_abs());
    let authority = Authority::new(now).unwrap();
    let client = authority.client(recipe("valid").unwrap()).unwrap().unwrap();
    let server = authority.server(&["webhook.example", "::1"]).unwrap();
    for (made, anchor, usage) in [
        (&client, authority.client_anchor(), KeyUsage::client_auth()),
        (&server, authority.server_anchor(), KeyUsage::server_auth()),
    ] {
        let chain: Vec<CertificateDer<'_>> = made
            .chain
            .iter()
            .map(|der| CertificateDer::from(der.as_slice()))
            .collect();
        let anchor = CertificateDer::from(anchor);
        let anchor = anchor_from_trusted_cert(&anchor).unwrap();
        let leaf = EndEntityCert::try_from(&chain[0]).unwrap();
        leaf.verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            &[anchor],
            &chain[1..],
            UnixTime::since_unix_epoch(seconds),
            usage,
            None,
            None,
        )
        .unwrap();
        let key = PrivateKeyDer::try_from(made.key_pkcs8.clone()).unwrap();
        rustls::crypto::aws_lc_rs::sign::any_supported_type(&key).unwrap();
    }
    let leaf = CertificateDer::from(server.chain[0].as_slice());
    let leaf = EndEntityCert::try_from(&leaf).unwrap();
    for name in ["webhook.example", "::1"] {
        leaf.verify_is_valid_for_subject_name(&ServerName::try_from(name).unwrap())
            .unwrap();
    }
}
