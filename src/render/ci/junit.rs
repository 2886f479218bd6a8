//! JUnit's XML, as build servers read it: a suite for each target or deployment, a case for each
//! rule.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::{
    engine::Judged,
    finding::{Finding, Severity},
    parse::escape,
    report::{self, FailOn, Run, Sink, Summary},
};

/// The sink.
pub struct Junit<W> {
    out: W,
    fail_on: FailOn,
    report: Report,
}

impl<W: Write> Junit<W> {
    /// A sink that writes to `out` when the run is over; a finding that `fail_on` fails is a
    /// failure, a milder one is told beside a pass.
    pub fn new(out: W, fail_on: FailOn) -> Self {
        Self {
            out,
            fail_on,
            report: Report::new(env!("CARGO_PKG_NAME")),
        }
    }
}

impl<W: Write> Sink for Junit<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        let title = escape::text(&judged.case.title);
        let mut suite = TestSuite::new(title.clone());
        let mut hit: Vec<&str> = judged.findings.iter().map(|one| one.rule.code).collect();
        hit.dedup();
        for code in hit {
            let findings: Vec<&Finding> = judged
                .findings
                .iter()
                .filter(|one| one.rule.code == code)
                .collect();
            suite.add_test_case(self.found(&title, &findings));
        }
        let case = |code: &str, name: &str, status| {
            let mut case = TestCase::new(format!("{code} {name}"), status);
            case.set_classname(title.clone());
            case
        };
        // The verdict may be worse than every finding: then its readers have to fail as well.
        if let Some(why) = report::open(judged).filter(|_| self.fail_on != FailOn::Never) {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(escape::text(why));
            status.set_type("unknown");
            let mut verdict = TestCase::new("verdict", status);
            verdict.set_classname(title.clone());
            suite.add_test_case(verdict);
        }
        for rule in &judged.passed {
            suite.add_test_case(case(rule.code, rule.name, TestCaseStatus::success()));
        }
        for (rule, why) in &judged.skipped {
            let mut status = TestCaseStatus::skipped();
            status.set_message(*why);
            suite.add_test_case(case(rule.code, rule.name, status));
        }
        self.report.add_test_suite(suite);
        Ok(())
    }

    fn finish(&mut self, _: &Run) -> io::Result<()> {
        let text = self
            .report
            .to_string()
            .map_err(|error| io::Error::other(error.to_string()))?;
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

impl<W> Junit<W> {
    /// One rule's findings in a case.
    fn found(&self, title: &str, findings: &[&Finding]) -> TestCase {
        let own: Vec<Finding> = findings.iter().map(|&finding| finding.clone()).collect();
        let text = own.iter().map(described).collect::<Vec<_>>().join("\n");
        let failed = self.fail_on.fails(&Summary::of(&own));
        let status = if failed {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let worst = own.first();
            status
                .set_message(worst.map_or_else(String::new, |one| escape::text(&one.hit.message)));
            status.set_type(worst.map_or("error", |one| word(one.severity)));
            status.set_description(text.clone());
            status
        } else {
            TestCaseStatus::success()
        };
        let name = own.first().map_or_else(String::new, |one| {
            format!("{} {}", one.rule.code, one.rule.name)
        });
        let mut case = TestCase::new(name, status);
        case.set_classname(title);
        if !failed {
            case.set_system_out(text);
        }
        case
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn described(finding: &Finding) -> String {
    let mut lines = vec![format!(
        "{}: {}",
        word(finding.severity),
        escape::text(&finding.hit.message)
    )];
    for evidence in &finding.hit.evidence {
        lines.push(format!(
            "  {}: {}",
            evidence.label,
            escape::text(&evidence.value)
        ));
    }
    lines.push(format!("do: {}", escape::text(&finding.hit.remedy.text)));
    for command in &finding.hit.remedy.commands {
        lines.push(format!("  {}{}", command.lead(), escape::text(command)));
    }
    lines.join("\n")
}
