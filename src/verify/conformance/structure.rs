//! Version, serial number, moments, algorithms, extensions as such.

use std::collections::HashSet;

use jiff::{SignedDuration, tz::TimeZone};

use super::{Exam, oid};
use crate::{
    facts::{Part, Requirement as R, Sign, TimeForm},
    profiles::calendar::calendar,
};

/// RFC 5280 section 4.1.2.2.
const SERIAL_OCTETS: usize = 20;
/// 2050-01-01T00:00:00Z in seconds since 1970.
const YEAR_2050: i64 = 2_524_608_000;

pub(super) fn check(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let form = &certificate.form;
    match form.serial_sign {
        Sign::Positive => {}
        Sign::Zero => {
            let why = "its serial number is 0, expected a positive one";
            // Six roots of the public web have it (Go Daddy G2, Starfield G2, HARICA 2015): nobody
            // asks an anchor for its number.
            if exam.part == Part::Root {
                exam.advise(R::SerialNotZero, why);
            } else {
                exam.refuse(R::SerialNotZero, None, why);
            }
        }
        Sign::Negative => {
            let why = format!(
                "its serial number {} is negative, expected a positive one",
                certificate.serial
            );
            exam.refuse(R::SerialPositive, None, why);
        }
    }
    if form.serial_octets > SERIAL_OCTETS {
        let why = format!(
            "its serial number has {} octets, expected at most {SERIAL_OCTETS}",
            form.serial_octets
        );
        exam.refuse(R::SerialLength, None, why);
    }
    if certificate.version != 3 {
        let why = format!("X.509 version {}, expected version 3", certificate.version);
        if exam.part == Part::Root {
            exam.advise(R::VersionThree, why);
        } else {
            exam.refuse(R::VersionThree, None, why);
        }
        if !form.extensions.is_empty() {
            let why = format!(
                "X.509 version {} with extensions, which need version 3",
                certificate.version
            );
            exam.refuse(R::VersionThree, 93, why);
        }
    }
    if !form.algorithms_agree {
        exam.refuse(
            R::AlgorithmsAgree,
            7,
            "the signature algorithm inside its signed part differs from the one outside",
        );
    }
    moments(exam);
    if form.issuer_empty {
        exam.refuse(R::Names, 83, "its issuer name is empty");
    }
    if form.subject_empty && !exam.is_leaf() {
        exam.refuse(
            R::Names,
            84,
            "its subject name is empty, and it is a CA certificate",
        );
    } else if form.subject_empty && form.names.is_none() && !exam.serves() {
        // A server's leaf without names breaks another requirement.
        exam.refuse(
            R::Names,
            84,
            "it has neither a subject name nor a subjectAltName",
        );
    }
    extensions(exam);
}

fn moments(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let form = &certificate.form;
    // RFC 5280 section 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on.
    let moments = [
        ("notBefore", &form.not_before, certificate.not_before, 13),
        ("notAfter", &form.not_after, certificate.not_after, 14),
    ];
    for (name, written, moment, error) in moments {
        let late = moment.as_second() >= YEAR_2050;
        let why = match written {
            TimeForm::Utc if !late => continue,
            TimeForm::Generalized if late => continue,
            TimeForm::Utc => continue,
            TimeForm::Generalized => {
                let why = format!(
                    "its {name} {moment} is a GeneralizedTime, expected UTCTime before 2050"
                );
                // A root of the public web has it (Certum Trusted Network CA 2), and every stack
                // reads it.
                if exam.part == Part::Root {
                    exam.advise(R::TimeForm, why);
                } else {
                    exam.refuse(R::TimeForm, None, why);
                }
                continue;
            }
            TimeForm::Odd(text) => {
                format!("its {name} is `{text}`, expected whole seconds and Z")
            }
        };
        exam.refuse(R::TimeForm, error, why);
    }
    if certificate.not_before > certificate.not_after {
        let why = format!(
            "notBefore {} is after notAfter {}",
            certificate.not_before, certificate.not_after
        );
        exam.refuse(R::ValidityPositive, None, why);
    } else if exam.is_leaf() && exam.serves() {
        length(exam);
    }
}

/// BR 6.3.2, by the schedule of the calendar: a day is 86,400 seconds.
fn length(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let issued = certificate
        .not_before
        .to_zoned_datetime(TimeZone::UTC)
        .date();
    let Some(step) = calendar().validity_on(issued) else {
        return;
    };
    let (days, source) = (step.days, &step.source);
    // The last second counts since ballot SC-31 (2020-09-01).
    let last = i64::from(days < 825);
    let lasts = certificate.not_after.duration_since(certificate.not_before)
        + SignedDuration::from_secs(last);
    if lasts > SignedDuration::from_hours(24 * days) {
        let seen =
            lasts.as_secs().div_euclid(86_400) + i64::from(lasts.as_secs().rem_euclid(86_400) > 0);
        let why = format!(
            "valid for {seen} days; issued on {}, it may be valid for at most {days} ({source})",
            certificate.not_before.strftime("%Y-%m-%d")
        );
        exam.advise(R::ValidityLength, why);
    }
}

fn extensions(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let all = &certificate.form.extensions;
    // A set, since a hostile list has tens of thousands of them.
    let mut seen = HashSet::with_capacity(all.len());
    for extension in all {
        if !seen.insert(extension.oid.as_str()) {
            let why = format!("extension {} occurs twice", extension.oid);
            exam.refuse(R::ExtensionsOnce, 41, why);
        }
        if let Some(problem) = &extension.problem {
            let why = format!("extension {} cannot be read: {problem}", extension.oid);
            exam.refuse(R::ExtensionsReadable, 41, why);
        }
    }
    let named = |oid: &str| all.iter().find(|extension| extension.oid == oid);
    let mut wanted: Vec<(&str, &str, u32)> = vec![
        (oid::NAME_CONSTRAINTS, "nameConstraints", 0),
        (oid::POLICY_CONSTRAINTS, "policyConstraints", 0),
        (oid::INHIBIT_ANY, "inhibitAnyPolicy", 0),
    ];
    if !exam.is_leaf() && certificate.is_ca {
        wanted.push((oid::BASIC_CONSTRAINTS, "basicConstraints", 89));
    }
    for (oid, name, error) in wanted {
        if named(oid).is_some_and(|extension| !extension.critical) {
            let why = format!("its {name} is not critical");
            exam.refuse(R::CriticalWhereAsked, (error > 0).then_some(error), why);
        }
    }
    let mut unwanted: Vec<(&str, &str, u32)> = vec![
        (oid::AUTHORITY_KEY_ID, "authorityKeyIdentifier", 90),
        (oid::SUBJECT_KEY_ID, "subjectKeyIdentifier", 91),
        (oid::AUTHORITY_INFO, "authorityInfoAccess", 34),
        (oid::SUBJECT_INFO, "subjectInfoAccess", 34),
        (oid::FRESHEST_CRL, "freshestCRL", 34),
    ];
    // RFC 5280 section 4.2.1.12 leaves it to the authority; the web's rules, which bind servers, do
    // not.
    if exam.is_leaf() && exam.serves() {
        unwanted.push((oid::EXTENDED_USAGE, "extKeyUsage", 0));
    }
    for (oid, name, error) in unwanted {
        if named(oid).is_some_and(|extension| extension.critical) {
            let why = format!("its {name} is critical");
            exam.refuse(R::NotCriticalWhereAsked, (error > 0).then_some(error), why);
        }
    }
    if named(oid::KEY_USAGE).is_some_and(|extension| !extension.critical) {
        exam.advise(R::CriticalityAdvice, "its keyUsage is not critical");
    }
    if named(oid::CRL_POINTS).is_some_and(|extension| extension.critical) {
        exam.advise(
            R::CriticalityAdvice,
            "its cRLDistributionPoints is critical, which Java, Envoy, NSS and Mbed TLS reject",
        );
    }
    if certificate.form.constrains_names && !certificate.is_ca {
        exam.refuse(
            R::NameConstraintsPlace,
            None,
            "it has nameConstraints, but is not a CA certificate",
        );
    }
}
