//! MT913.

use crate::{
    context::Context,
    facts::{Dialled, EndingKind, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A connection that mtls could not make or examine: an internal error, or a limit of
    /// the machine it runs on (no more files can be opened).
    ///
    /// ## Why it matters
    ///
    /// Nothing was learned about the server. In a run over many targets the others are not
    /// affected.
    ///
    /// ## How to fix it
    ///
    /// Lower `--jobs` or raise the limit of open files if the message says so; otherwise please
    /// report it with the message.
    ///
    /// ```text
    /// ulimit -n 4096
    /// ```
    ///
    /// ## References
    ///
    /// - getrlimit(2), RLIMIT_NOFILE, 2023-02
    pub static RULE = MT913 {
        name: "inspection-failed",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("getrlimit(2), RLIMIT_NOFILE", "2023-02")],
        faults: [],
        symptoms: [],
        check: Dialled(check),
        fires_on: || ProbeFixture::good().probe(|probe| probe.dialled.tls.ending.kind = EndingKind::Internal).done(),
        silent_on: || ProbeFixture::good().done(),
    }
}

fn check(dialled: &Dialled, _: &Context) -> Verdict {
    if dialled.tls.ending.kind != EndingKind::Internal {
        return Verdict::Pass;
    }
    Verdict::hit(Hit::new(
        format!(
            "mtls failed, and learned nothing about the server: {}",
            dialled.tls.ending.detail
        ),
        dialled.url.clone(),
        Place::wire(Side::Client, "ClientHello"),
        "try it alone; if it fails again, please report it with this message",
    ))
}
