use super::*;
use crate::facts::KeyFormat;
use crate::pki::Authority;

fn server() -> (String, String) {
    let authority = Authority::new("2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
    let server = authority.server(&["hook.example"]).unwrap();
    let chain = server
        .chain
        .iter()
        .map(|der| pem::encode("CERTIFICATE", der))
        .collect();
    (chain, pem::encode("PRIVATE KEY", &server.key_pkcs8))
}

fn read_one(bytes: &[u8]) -> FileFacts {
    let mut files = read("f.pem", FileRole::Chain, None, bytes);
    assert_eq!(files.len(), 1);
    files.remove(0)
}

fn quirks(file: &FileFacts) -> Vec<Quirk> {
    file.remarks.iter().map(|remark| remark.quirk).collect()
}

/// How many certificates can be read.
fn readable(file: &FileFacts) -> usize {
    file.certificates()
        .filter(|(_, certificate)| certificate.unreadable.is_none())
        .count()
}

#[test]
fn a_clean_file_has_no_remark() {
    let (chain, key) = server();
    let file = read_one(chain.as_bytes());
    assert_eq!(
        (file.format, quirks(&file), readable(&file)),
        (Format::Pem, vec![], 2)
    );
    assert_eq!(file.excerpts.len(), 4, "the markers");
    let key = read("k.pem", FileRole::Key, None, key.as_bytes()).remove(0);
    let (_, found) = key.private_keys().next().unwrap();
    assert_eq!(found.format, KeyFormat::Pkcs8);
    assert!(found.problem.is_none() && found.spki.is_some());
    assert!(
        key.excerpts
            .iter()
            .all(|excerpt| excerpt.text.starts_with("-----"))
    );
}

#[test]
fn every_quirk_is_told_and_reading_goes_on() {
    let (chain, key) = server();
    let lines: Vec<&str> = chain.lines().collect();
    let without = |drop: usize| {
        let kept: Vec<&str> = lines
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != drop)
            .map(|(_, line)| *line)
            .collect();
        kept.join("\n") + "\n"
    };
    let last_end = lines.len() - 1;
    let cases: Vec<(String, Quirk, usize)> = vec![
        (format!("\u{feff}{chain}"), Quirk::ByteOrderMark, 2),
        (chain.replace('\n', "\r\n"), Quirk::CarriageReturns, 2),
        (chain.replace('\n', "\r"), Quirk::LoneReturns, 2),
        (format!("subject=CN = x\n{chain}"), Quirk::TextAround, 2),
        (
            chain.replacen("-----BEGIN", "----BEGIN", 1),
            Quirk::MalformedMarker,
            2,
        ),
        (
            chain.replacen("CERTIFICATE-----", "CERTIFICATE----", 1),
            Quirk::MalformedMarker,
            2,
        ),
        (
            chain.replacen(
                "-----BEGIN CERTIFICATE-----",
                "-----begin certificate-----",
                1,
            ),
            Quirk::MalformedMarker,
            2,
        ),
        (
            chain.replacen("-----BEGIN", "—–--BEGIN", 1),
            Quirk::MalformedMarker,
            2,
        ),
        (
            chain.replacen(
                "-----END CERTIFICATE-----\n",
                "-----END CERTIFICATE-----",
                1,
            ),
            Quirk::EscapedLineBreaks,
            2,
        ),
        (without(last_end), Quirk::MissingEnd, 1),
        (without(0), Quirk::StrayEnd, 1),
        (
            chain.replacen("-----END CERTIFICATE", "-----END X", 1),
            Quirk::LabelsDiffer,
            1,
        ),
        (chain.replacen("\nMII", "\n*II", 1), Quirk::NotBase64, 1),
        (without(3), Quirk::TruncatedBase64, 2),
        (chain.replace('\n', "\\n"), Quirk::EscapedLineBreaks, 2),
        (chain.replace("\n", " "), Quirk::EscapedLineBreaks, 2),
        (chain.trim_end().to_owned(), Quirk::NoFinalLineBreak, 2),
        (
            chain.replace("CERTIFICATE", "X509 CERTIFICATE"),
            Quirk::OldLabel,
            2,
        ),
        (
            chain.replacen("-----\n", "-----\nX: y\n\n", 1),
            Quirk::Headers,
            2,
        ),
        (chain.replacen("\n", "\n \n", 1), Quirk::WhiteSpace, 2),
        (format!("{chain}{key}"), Quirk::KeyAmongCertificates, 2),
    ];
    for (text, quirk, certificates) in cases {
        let file = read_one(text.as_bytes());
        // A dropped base64 line leaves whole groups: then the DER is what is wrong.
        if quirk != Quirk::TruncatedBase64 {
            assert!(
                quirks(&file).contains(&quirk),
                "{quirk:?}: {:?}\n{text}",
                file.remarks
            );
            assert_eq!(readable(&file), certificates, "{quirk:?}");
        } else {
            assert_eq!(readable(&file), 1);
        }
    }
    let cut = chain.replacen("=\n-----END", "\n-----END", 1);
    if cut != chain {
        assert!(quirks(&read_one(cut.as_bytes())).contains(&Quirk::TruncatedBase64));
    }
    let glued = read_one(chain.replacen("-----END", "A-----END", 1).as_bytes());
    assert!(!glued.remarks.is_empty());
}

#[test]
fn what_is_no_pem_is_told() {
    let (chain, _) = server();
    let blocks = pem::scan(chain.as_bytes());
    let der = blocks[0].der.clone().unwrap();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(chain.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let base64 = STANDARD.encode(&chain);
    let cases: Vec<(Vec<u8>, Format, usize)> = vec![
        (Vec::new(), Format::Empty, 0),
        (b" \n".to_vec(), Format::Empty, 0),
        (der.clone(), Format::Der, 1),
        (
            [der.clone(), blocks[1].der.clone().unwrap()].concat(),
            Format::Der,
            2,
        ),
        (utf16, Format::Utf16, 2),
        (b"<!DOCTYPE html><html>404</html>".to_vec(), Format::Html, 0),
        (br#"{"error":"not found"}"#.to_vec(), Format::Json, 0),
        (b"just words\n".to_vec(), Format::Text, 0),
        (base64.into_bytes(), Format::Text, 0),
        (vec![0, 1, 2, 3, 255, 254, 0, 9], Format::Binary, 0),
        (
            [&[0xfe, 0xed, 0xfe, 0xed][..], &[0; 40]].concat(),
            Format::JavaKeystore,
            0,
        ),
    ];
    for (bytes, format, certificates) in cases {
        let file = read_one(&bytes);
        assert_eq!((file.format, readable(&file)), (format, certificates));
    }
    let tail = read_one(&[der.as_slice(), b"xyz"].concat());
    assert_eq!(quirks(&tail), [Quirk::TrailingBytes]);
}

/// What openssl makes of a key and a certificate, and what it is here.
#[test]
fn containers_that_openssl_makes_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| -> bool {
        let output = std::process::Command::new("openssl")
            .args(line.split_whitespace())
            .current_dir(folder.path())
            .output();
        match output {
            Ok(output) => {
                assert!(
                    output.status.success(),
                    "{line}: {}",
                    String::from_utf8_lossy(&output.stderr)
                );
                true
            }
            Err(_) => false,
        }
    };
    if !run("req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -subj /CN=x -days 9") {
        crate::parse::skipped("no openssl command here");
        return;
    }
    for line in [
        "pkcs12 -export -inkey k.pem -in c.pem -passout pass:x -out f.p12",
        "crl2pkcs7 -nocrl -certfile c.pem -out f.p7b",
        "crl2pkcs7 -nocrl -certfile c.pem -outform DER -out f.p7",
        "x509 -in c.pem -trustout -out t.pem",
        "req -new -key k.pem -subj /CN=x -out r.pem",
        "req -new -key k.pem -subj /CN=x -outform DER -out r.der",
        "pkey -in k.pem -pubout -out p.pem",
        "pkey -in k.pem -pubout -outform DER -out p.der",
        "rsa -in k.pem -RSAPublicKey_out -out rp.pem",
        "pkcs8 -topk8 -in k.pem -passout pass:x -out e.pem",
        "pkcs8 -topk8 -in k.pem -passout pass:x -outform DER -out e.der",
        "rsa -in k.pem -aes128 -passout pass:x -traditional -out l.pem",
        "rsa -in k.pem -traditional -out p1.pem",
        "rsa -in k.pem -traditional -outform DER -out p1.der",
        "ecparam -name prime256v1 -genkey -out ec.pem",
        "dsaparam -out dsa.pem 1024",
    ] {
        assert!(run(line));
    }
    let of = |name: &str| {
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        read(name, FileRole::Anything, None, &bytes).remove(0)
    };
    let kinds = |name: &str| -> Vec<&'static str> {
        of(name)
            .items
            .iter()
            .map(|item| match &item.kind {
                ItemKind::TrustedCertificate(..) => "trusted",
                ItemKind::PrivateKey(key) => match key.format {
                    KeyFormat::Pkcs8 => "pkcs8",
                    KeyFormat::Pkcs1 => "pkcs1",
                    KeyFormat::Sec1 => "sec1",
                    KeyFormat::EncryptedPkcs8 => "encrypted",
                    KeyFormat::LegacyEncrypted => "legacy",
                    KeyFormat::OpenSsh | KeyFormat::Other => "other",
                },
                kind => item::in_words(kind),
            })
            .collect()
    };
    assert_eq!(of("f.p12").format, Format::Pkcs12);
    assert_eq!(kinds("f.p7b"), ["a PKCS #7 bag", "a certificate"]);
    assert_eq!(kinds("f.p7"), ["a PKCS #7 bag", "a certificate"]);
    assert_eq!(kinds("t.pem"), ["trusted"]);
    for name in ["r.pem", "r.der"] {
        assert_eq!(kinds(name), ["a certificate request"]);
    }
    for name in ["p.pem", "p.der", "rp.pem"] {
        assert_eq!(kinds(name), ["a public key"], "{name}");
    }
    for name in ["e.pem", "e.der"] {
        assert_eq!(kinds(name), ["encrypted"]);
    }
    assert_eq!(kinds("l.pem"), ["legacy"]);
    for name in ["p1.pem", "p1.der"] {
        assert_eq!(kinds(name), ["pkcs1"]);
    }
    assert_eq!(kinds("ec.pem"), ["parameters", "sec1"]);
    assert_eq!(kinds("k.pem"), ["pkcs8"]);
    let mislabelled = std::fs::read_to_string(folder.path().join("r.pem"))
        .unwrap()
        .replace("CERTIFICATE REQUEST", "CERTIFICATE");
    let file = read_one(mislabelled.as_bytes());
    assert!(
        file.items[0]
            .problem
            .as_ref()
            .unwrap()
            .contains("a certificate request")
    );
}

#[test]
fn every_truncation_is_named() {
    let (chain, _) = server();
    for cut in 1..chain.len() {
        let file = read_one(&chain.as_bytes()[..cut]);
        let named = file.format != Format::Pem
            || !file.remarks.is_empty()
            || file.items.iter().any(|item| item.problem.is_some());
        // After the first END line the file is whole, only shorter.
        let whole = chain[..cut].ends_with("END CERTIFICATE-----\n");
        assert!(named || whole, "{cut} bytes look whole");
    }
    let der = pem::scan(chain.as_bytes())[0].der.clone().unwrap();
    for cut in 1..der.len() {
        assert_eq!(readable(&read_one(&der[..cut])), 0, "{cut}");
    }
}

#[test]
fn no_truncation_of_twenty_certificates_is_taken_for_whole() {
    let authority = Authority::new("2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
    let mut certificates: Vec<Vec<u8>> = crate::pki::recipes()
        .iter()
        .filter_map(|recipe| authority.client(recipe).unwrap())
        .map(|identity| identity.chain[0].clone())
        .collect();
    certificates.extend(
        authority
            .server(&["hook.example", "192.0.2.7"])
            .unwrap()
            .chain,
    );
    certificates.push(authority.client_anchor().to_vec());
    certificates.push(authority.server_anchor().to_vec());
    assert!(certificates.len() >= 20);
    for der in certificates {
        for cut in 1..der.len() {
            assert_eq!(
                readable(&read_one(&der[..cut])),
                0,
                "{cut} of {}",
                der.len()
            );
            let block = pem::encode("CERTIFICATE", &der[..cut]);
            assert_eq!(
                readable(&read_one(block.as_bytes())),
                0,
                "{cut} of {}",
                der.len()
            );
        }
    }
}

#[test]
fn much_of_it_takes_little_time() {
    let (chain, _) = server();
    let thousand = chain.repeat(500);
    let file = read_one(thousand.as_bytes());
    assert_eq!(readable(&file), 1000);
    let line = "A".repeat(64) + "\n";
    for text in [
        "-----BEGIN CERTIFICATE-----\n".repeat(300_000),
        format!(
            "-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n",
            line.repeat(150_000)
        ),
        "word \n".repeat(1_500_000),
        "-----BEGIN X-----\\n".repeat(300_000),
        "{".repeat(10_000_000),
    ] {
        read_one(text.as_bytes());
    }
}

proptest::proptest! {
    #[test]
    fn never_panics(bytes: Vec<u8>) {
        read("f", FileRole::Anything, None, &bytes);
    }

    #[test]
    fn never_panics_on_der(bytes: Vec<u8>) {
        let der = crate::parse::cert::der::encode(0x30, &[&bytes]);
        read("f", FileRole::Anything, None, &der);
    }

    #[test]
    fn never_panics_on_pem(text in "(-----BEGIN [A-Z]{0,3}-{0,6}|-----END [A-Z]{0,3}-{0,6}|[A-Za-z0-9+/=:]{0,9}|\r|\n|\\\\n){0,30}") {
        read("f", FileRole::Chain, None, text.as_bytes());
    }

    #[test]
    fn never_panics_on_mutations(place in 0usize..1500, byte: u8) {
        let (chain, key) = server();
        let mut bytes = (chain + &key).into_bytes();
        let place = place % bytes.len();
        bytes[place] = byte;
        read("f", FileRole::Chain, None, &bytes);
    }
}

#[test]
fn a_broken_document_says_where_it_breaks() {
    for (path, text, expected) in [
        ("a.yaml", "a: [b\nc: }\n", Some(("YAML", 2))),
        ("a.json", "{\"a\": 1,\n,}", Some(("JSON", 2))),
        // Whole, or not called so.
        ("a.yaml", "a: b\n", None),
        ("a.json", "{\"a\": 1}", None),
        ("a.txt", "a: [b\nc: }\n", None),
    ] {
        let files = read(path, FileRole::Chain, None, text.as_bytes());
        let found = files[0].items.first();
        let told = found.map(|item| {
            let problem = item.problem.as_deref().unwrap();
            (problem.split(' ').next().unwrap(), item.first_line)
        });
        assert_eq!(told, expected, "{path} {text}: {found:?}");
    }
}
