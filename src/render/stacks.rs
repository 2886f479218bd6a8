//! The table of verifiers as a page for people: `docs/stacks.md`.
//!
//! For: `generate stacks` and the test that keeps the page current. Must not: judge.

use std::fmt::Write as _;

use crate::{
    facts::{Side, Stack, StackReason},
    report,
    verify::{
        stacks::table::{self, Row, TABLE},
        x509_error,
    },
};

/// The page, up to the part that `tests/openssl_verify` writes.
pub fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    page.push_str(
        "\n| stack | stands for | versions measured | decides `status` |\n|---|---|---|---|\n",
    );
    for stack in Stack::ALL {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            stack.name(),
            stack.stands_for().join(", "),
            table::measured(stack).join(", "),
            if stack.is_mainstream() {
                "yes"
            } else {
                "no: reported beside it"
            }
        );
    }
    page.push_str(LEGEND);
    let mut section = "";
    for row in &TABLE.rows {
        if row.section != section {
            section = row.section;
            let names: Vec<&str> = Stack::ALL.into_iter().map(Stack::name).collect();
            let _ = write!(
                page,
                "\n## {section}\n\n| feature | {} | rule |\n|---|{}---|\n",
                names.join(" | "),
                "---|".repeat(names.len())
            );
        }
        let cells: Vec<String> = Stack::ALL
            .into_iter()
            .map(|stack| row.cell(stack))
            .collect();
        let _ = writeln!(
            page,
            "| {} | {} | {} |",
            row.says,
            cells.join(" | "),
            rule(row)
        );
    }
    page
}

/// The rule that explains the feature.
fn rule(row: &Row) -> &'static str {
    let reason = StackReason {
        feature: Some(row.feature),
        place: crate::facts::PathPlace::Leaf,
        subject: String::new(),
        error: row.error.map(x509_error),
        requirement: row.requirement,
        why: String::new(),
    };
    report::stack_reason(&reason, Side::Server).unwrap_or_default()
}

const INTRODUCTION: &str = "# Who accepts a chain

Verifiers differ. `mtls lint`, `inspect` and `simulate` say of each chain which of them accept it, which reject it, and why:
`trust[].status` is `trusted` when every mainstream verifier accepts the chain, `untrusted` when every one rejects it, `disputed` when
they differ, and `unknown` when it could not be checked. `--stack NAME[@VERSION]` lets one program decide (`--stack nginx`,
`--stack go@1.19`, `--stack python@3.13`), `--strict` RFC 5280 and the web PKI's rules.

Where each answer comes from: `rustls` itself verifies the chain (mtls contains webpki). `openssl` is emulated callback by callback, which
`tests/openssl_verify` compares with the installed one; `openssl-strict` and `boringssl` build their path the same way. `go`, `java` and
`pyca` try every possible path. The table below lists what each stack rejects on a path: one feature at a time,
measured on 2026-11-29 by running the verifiers. Where a feature was not measured with a stack, its answer is `not-known`.

The tables are generated: `mtls generate stacks`; `src/verify/stacks/table/` is the data.
";

const LEGEND: &str = "
A cell says where in the chain the feature makes the stack reject it: **L**eaf, **I**ntermediate, **A**nchor, **B**eside (sent, but not on the path); `s` or `c`: only as a server's or
client's certificate; `>1.19`, `<4.0`: only versions after or before that one, as far as they were measured; `?`: not measured;
empty: accepted. `--stack nginx` includes nginx's own defaults too: `ssl_verify_depth 1`, and a list for every CA where lists are given.
";
