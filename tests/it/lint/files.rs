//! Files that hold something else than they should, or hold it badly; and good ones that look odd.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::support::Forge;

/// Writes all of them.
pub(crate) fn make(pki: &Forge) {
    let folder = pki.root();
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    let good = read("good.pem");

    write("empty.pem", b"");
    pki.run("x509 -in leaf.crt -outform DER -out chain.der");
    pki.run("pkcs12 -export -inkey leaf.key -in good.pem -passout pass:simulated -out chain.p12");
    pki.run("crl2pkcs7 -nocrl -certfile good.pem -out chain.p7b");
    pki.run("req -new -key leaf.key -subj /CN=hook.example.com -out request.pem");
    pki.run("pkey -in leaf.key -pubout -out public.pem");
    pki.run("x509 -in leaf.crt -trustout -addtrust serverAuth -out trusted_leaf.pem");
    let inter = read("inter.crt");
    write(
        "trusted.pem",
        (read("trusted_leaf.pem") + &inter).as_bytes(),
    );
    pki.run("pkcs8 -topk8 -in leaf.key -passout pass:simulated -out encrypted.key");
    pki.run("ec -aes256 -in leaf.key -passout pass:simulated -out legacy.key");
    let key = read("leaf.key");
    write("cut.key", &key.as_bytes()[..key.len() - 60]);
    write("two.key", (read("leaf.key") + &read("deep.key")).as_bytes());
    write("open.key", read("leaf.key").as_bytes());
    for (name, mode) in [
        ("open.key", 0o644),
        ("encrypted.key", 0o600),
        ("legacy.key", 0o600),
        ("cut.key", 0o600),
        ("two.key", 0o600),
    ] {
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    let lines: Vec<&str> = good.lines().collect();
    let first_end = lines
        .iter()
        .position(|line| line.starts_with("-----END"))
        .unwrap();
    let without = |skipped: usize| -> String {
        let kept = lines
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != skipped);
        kept.map(|(_, line)| format!("{line}\n")).collect()
    };
    write("no_end.pem", without(first_end).as_bytes());
    write("truncated.pem", without(first_end - 2).as_bytes());
    write(
        "short_line.pem",
        good.replacen(lines[3], &lines[3][..61], 1).as_bytes(),
    );
    write(
        "not_base64.pem",
        good.replacen(&lines[3][..3], "a*b", 1).as_bytes(),
    );
    write(
        "keystore.jks",
        &[
            &[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 0][..],
            &[0x5a; 20],
        ]
        .concat(),
    );
    write(
        "glued.pem",
        good.replacen(
            "-----END CERTIFICATE-----\n",
            "-----END CERTIFICATE-----",
            1,
        )
        .as_bytes(),
    );
    write(
        "old_label.pem",
        good.replace(" CERTIFICATE-", " X509 CERTIFICATE-")
            .as_bytes(),
    );
    write(
        "other_label.pem",
        good.replacen("END CERTIFICATE", "END TRUSTED CERTIFICATE", 1)
            .as_bytes(),
    );
    let mut trailing = fs::read(folder.join("chain.der")).unwrap();
    trailing.extend([0; 3]);
    write(
        "trailing.pem",
        (mtls::parse::pem::encode("CERTIFICATE", &trailing) + &inter).as_bytes(),
    );
    fs::create_dir(folder.join("mismatched")).unwrap();
    for (name, from) in [
        ("mismatched/fullchain.pem", "good.pem"),
        ("mismatched/privkey.pem", "deep.key"),
    ] {
        fs::copy(folder.join(from), folder.join(name)).unwrap();
    }
    fs::create_dir(folder.join("mismatched_secret")).unwrap();
    for (name, from) in [
        ("mismatched_secret/tls.crt", "good.pem"),
        ("mismatched_secret/tls.key", "deep.key"),
    ] {
        fs::copy(folder.join(from), folder.join(name)).unwrap();
    }
    let cut = good.len() - 200;
    write("cut.pem", &good.as_bytes()[..cut]);
    write(
        "dashes.pem",
        good.replacen("-----BEGIN", "----BEGIN", 1).as_bytes(),
    );
    write("bom.pem", format!("\u{feff}{good}").as_bytes());
    let utf16: Vec<u8> = format!("\u{feff}{good}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    write("utf16.pem", &utf16);
    write("one_line.pem", good.replace('\n', "\\n").as_bytes());
    write("page.pem", b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Sign in first</body></html>\n");
    write("base64.pem", STANDARD.encode(&good).as_bytes());
    write(
        "with_leaf_ca.pem",
        (read("root.crt") + &read("leaf.crt")).as_bytes(),
    );
    write(
        "secret_mismatch.json",
        secret(&good, &read("deep.key")).as_bytes(),
    );
    write("secret.json", secret(&good, &read("leaf.key")).as_bytes());

    roots(folder);
}

/// A secret as `kubectl get secret -o json` prints it.
fn secret(chain: &str, key: &str) -> String {
    serde_json::json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "hook-tls", "namespace": "default"},
        "type": "kubernetes.io/tls",
        "data": {"tls.crt": STANDARD.encode(chain), "tls.key": STANDARD.encode(key)},
    })
    .to_string()
}

/// The roots that a webhook's client-CA file holds.
fn roots(folder: &Path) {
    let pem = |name: &str| {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/profiles/anchors/{name}.der"));
        mtls::parse::pem::encode("CERTIFICATE", &fs::read(path).unwrap())
    };
    let google = [
        "gts-root-r1",
        "gts-root-r2",
        "gts-root-r3",
        "gts-root-r4",
        "globalsign-ecc-r4",
    ]
    .map(pem)
    .concat();
    let later = pem("ssl-com-root-rsa");
    fs::write(folder.join("google.pem"), &google).unwrap();
    fs::write(folder.join("both.pem"), google + &later).unwrap();
    fs::write(folder.join("ssl_com.pem"), later).unwrap();
}
