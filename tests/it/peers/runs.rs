//! How a run ends: counts, expectations, time, signals.

use crate::support::{Pki, peer, run};

#[test]
fn count_ends_the_run() {
    let Some(mut curl) = peer("curl") else { return };
    let pki = Pki::new();
    let listen = pki.listen(&["--count", "1"]);
    run(
        curl.args([
            "-sS",
            "--cacert",
            &pki.path("server-ca.pem"),
            &listen.url("/"),
        ]),
        30,
    )
    .ok();
    let report = listen.wait();
    assert_eq!(report.connection()["http"]["method"], "GET");
    assert_eq!(report.summary()["cases"], 1);
}
