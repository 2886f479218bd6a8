//! What a path may name beside a plain file, and what a file may hold beside plain blocks.

use serde_json::Value;

use crate::support::{Forge, clean, feed, mtls, peer, run, skipped};

/// Prints how much memory a command's process held at the most, in KiB.
const MEASURE: &str = "import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";

/// A CA, and a client below it.
fn client(forge: &Forge) {
    forge.run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -days 90 -subj /CN=Settings -addext keyUsage=critical,keyCertSign");
    forge.run("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout client.key -out client.csr -subj /CN=client");
    forge.write("client.ext", "extendedKeyUsage=clientAuth\n");
    forge.run("x509 -req -in client.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile client.ext -out client.crt");
}

#[test]
fn trust_settings_decide_what_they_decide_for_openssl() {
    if peer("openssl").is_none() {
        return;
    }
    let forge = Forge::new();
    client(&forge);
    for settings in [
        "-trustout",
        "-trustout -addtrust clientAuth",
        "-trustout -addtrust serverAuth",
        "-trustout -addreject clientAuth",
        "-trustout -addreject serverAuth",
        "-trustout -addtrust clientAuth -addreject clientAuth",
        "-trustout -addtrust anyExtendedKeyUsage",
    ] {
        forge.run(&format!("x509 -in ca.crt {settings} -out trusted.crt"));
        let (trusted, client) = (forge.path("trusted.crt"), forge.path("client.crt"));
        let mut verify = clean("openssl");
        verify.args([
            "verify",
            "-purpose",
            "sslclient",
            "-CAfile",
            &trusted,
            &client,
        ]);
        let accepts = run(&mut verify, 60).code == Some(0);
        let finished = run(
            mtls()
                .args(["lint", "--format", "json", "--client-ca", &trusted])
                .args(["--would-accept", &client]),
            60,
        );
        let report: Value = serde_json::from_str(&finished.stdout).unwrap();
        let outcome = &report["cases"][0]["would_accept"][0]["outcome"];
        assert_eq!(*outcome == "accepted", accepts, "{settings}: {outcome}");
        let mut findings = report["findings"].as_array().unwrap().iter();
        let error = findings.any(|one| one["code"] == "MT109" && one["severity"] == "error");
        assert_eq!(error, !accepts, "{settings}: {report}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_where_the_shell_gives_it_and_nowhere_else() {
    if peer("openssl").is_none() {
        return;
    }
    let forge = Forge::new();
    client(&forge);
    let pipe = forge.path("pipe");
    run(clean("mkfifo").arg(&pipe), 10).ok();
    let refused = run(mtls().args(["lint", &pipe]), 10);
    assert!(
        refused.stderr.contains("a named pipe, not a regular file"),
        "{}",
        refused.said()
    );
    let refused = run(mtls().args(["lint", "/dev/zero"]), 10);
    assert!(
        refused.stderr.contains("a device, not a regular file"),
        "{}",
        refused.said()
    );
    let ca = std::fs::read(forge.path("ca.crt")).unwrap();
    let read = feed(mtls().args(["lint", "--client-ca", "/dev/fd/0"]), &ca, 10);
    assert_eq!(read.code, Some(0), "{}", read.said());
}

#[test]
fn standard_input_is_not_wanted_twice() {
    let finished = feed(
        mtls().args(["lint", "-", "--pass", "stdin"]),
        b"secret\n",
        10,
    );
    assert!(
        finished.stderr.contains("needed twice"),
        "{}",
        finished.said()
    );
}

#[test]
fn a_store_that_needs_no_password_is_opened_without_one() {
    if peer("openssl").is_none() {
        return;
    }
    let forge = Forge::new();
    client(&forge);
    let export = "pkcs12 -export -in client.crt -inkey client.key -passout pass: -out";
    forge.run(&format!(
        "{export} none.p12 -keypbe NONE -certpbe NONE -nomac"
    ));
    forge.run(&format!(
        "{} shut.p12",
        export.replace("pass:", "pass:word")
    ));
    let code = |name: &str| run(mtls().args(["lint", &forge.path(name)]), 60).code;
    if cfg!(feature = "pkcs12") {
        assert_eq!(code("none.p12"), Some(0));
    }
    assert_ne!(code("shut.p12"), Some(0));
}

#[test]
fn nothing_but_markers_takes_a_bounded_part_of_memory() {
    if !cfg!(target_os = "linux") {
        skipped("memory is counted in KiB on Linux");
        return;
    }
    if peer("python3").is_none() {
        return;
    }
    let forge = Forge::new();
    let marker = "-----BEGIN CERTIFICATE-----\n";
    forge.write("begins.pem", marker.repeat(180_000));
    forge.write("ends.pem", marker.replace("BEGIN", "END").repeat(180_000));
    let text = marker.replace('\n', "\\n").repeat(100_000);
    forge.write("begins.json", format!("{{\"a\":\"{text}\"}}"));
    for name in ["begins.pem", "ends.pem", "begins.json"] {
        let code = run(mtls().args(["lint", &forge.path(name)]), 60).code;
        assert!(matches!(code, Some(1 | 2)), "{name}: {code:?}");
        let mut measured = clean("python3");
        measured.args(["-c", MEASURE, env!("CARGO_BIN_EXE_mtls"), "lint"]);
        let said = run(measured.arg(forge.path(name)), 120).ok().stdout;
        let most: u64 = said.trim().parse().unwrap();
        assert!(most < 100 * 1024, "{name}: {most} KiB");
    }
}
