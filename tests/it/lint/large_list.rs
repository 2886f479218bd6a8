//! A revocation list of a large authority: what reading it costs.

use std::fmt::Write as _;

use crate::support::{Forge, clean, peer, run, skipped};

/// Prints how much memory a command's process held at the most, in KiB.
const MEASURE: &str = "import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";

/// What any input may take, in KiB.
const MEMORY: u64 = 100 * 1024;

#[test]
fn nine_megabytes_of_serial_numbers_are_read_within_the_bound() {
    if !cfg!(target_os = "linux") {
        skipped("memory is counted in KiB on Linux");
        return;
    }
    if peer("openssl").is_none() || peer("python3").is_none() {
        return;
    }
    let forge = Forge::new();
    forge.write(
        "ca.cnf",
        "[ca]\ndefault_ca=list\n[list]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=30\n",
    );
    forge.write("index.txt.attr", "");
    let mut index = String::new();
    for serial in 0..190_000u64 {
        // Spread over all values, as an authority's are; none begins with a zero.
        let high = serial.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1 | 1 << 62;
        writeln!(
            index,
            "R\t300101000000Z\t260101000000Z\t{high:016X}{serial:016X}\tunknown\t/CN={serial}"
        )
        .unwrap();
    }
    forge.write("index.txt", index);
    forge.run("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 90 -subj /CN=Large -addext keyUsage=critical,keyCertSign,cRLSign");
    forge.run("ca -config ca.cnf -gencrl -keyfile ca.key -cert ca.crt -out large.crl");
    let path = |name: &str| forge.path(name);
    for words in [
        vec!["inspect".to_owned(), path("large.crl")],
        vec![
            "lint".to_owned(),
            "--client-ca".to_owned(),
            path("ca.crt"),
            "--crlfile".to_owned(),
            path("large.crl"),
            "--would-accept".to_owned(),
            path("ca.crt"),
        ],
        vec!["diff".to_owned(), path("large.crl"), path("large.crl")],
    ] {
        let mut measured = clean("python3");
        measured.args(["-c", MEASURE, env!("CARGO_BIN_EXE_mtls")]);
        let said = run(measured.args(&words), 120).ok().stdout;
        let most: u64 = said.trim().parse().unwrap();
        assert!(most > 20 * 1024, "{words:?}: {most} KiB: was it read?");
        assert!(most < MEMORY, "{words:?}: {most} KiB");
    }
}
