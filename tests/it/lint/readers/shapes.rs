//! Forms that PEM files come in.

use mtls::facts::Quirk;

/// How a file is written: what it is called, the quirk that `lint` finds, and the file made of two
/// good blocks.
pub(super) type Shape = (&'static str, Quirk, fn(&str, &str) -> Vec<u8>);

fn text(text: impl Into<String>) -> Vec<u8> {
    text.into().into_bytes()
}

/// Base64 in lines of this length.
fn folded(block: &str, length: usize) -> String {
    let lines: Vec<&str> = block.lines().collect();
    let body = lines[1..lines.len() - 1].concat();
    let body: Vec<&str> = (0..body.len())
        .step_by(length)
        .map(|at| &body[at..(at + length).min(body.len())])
        .collect();
    format!(
        "{}\n{}\n{}\n",
        lines[0],
        body.join("\n"),
        lines[lines.len() - 1]
    )
}

/// The block with `more` bytes behind its DER value.
fn longer(block: &str, more: &[u8]) -> String {
    let found = mtls::parse::pem::scan(block.as_bytes());
    let Some(found) = found.first() else {
        return String::new();
    };
    let der = found.der.as_deref().unwrap();
    mtls::parse::pem::encode(&found.label, &[der, more].concat())
}

/// The odd block is the first one: what a reader skips or stops at is missing, or all is.
pub(super) const SHAPES: &[Shape] = &[
    ("bom", Quirk::ByteOrderMark, |a, b| {
        text(format!("\u{feff}{a}{b}"))
    }),
    ("crlf", Quirk::CarriageReturns, |a, b| {
        text((a.to_owned() + b).replace('\n', "\r\n"))
    }),
    ("cr", Quirk::LoneReturns, |a, b| {
        text((a.to_owned() + b).replace('\n', "\r"))
    }),
    ("cr-before-lf", Quirk::LoneReturns, |a, b| {
        text(a.replace('\n', "\r") + b)
    }),
    ("converted-twice", Quirk::DoubledReturns, |a, b| {
        text((a.to_owned() + b).replace('\n', "\r\r\n"))
    }),
    ("text", Quirk::TextAround, |a, b| {
        text(format!("subject=CN = a\n{a}{b}"))
    }),
    ("begin-indented", Quirk::IndentedMarker, |a, b| {
        text(format!("  {a}{b}"))
    }),
    ("begin-behind-tab", Quirk::IndentedMarker, |a, b| {
        text(format!("\t{a}{b}"))
    }),
    ("all-indented", Quirk::IndentedMarker, |a, b| {
        text(format!("    {}\n{b}", a.trim_end().replace('\n', "\n    ")))
    }),
    ("end-indented", Quirk::IndentedEnd, |a, b| {
        text(a.replace("-----END", " -----END") + b)
    }),
    ("long", Quirk::LongLines, |a, b| {
        text(folded(a, 100_000) + b)
    }),
    ("76", Quirk::LongLines, |a, b| text(folded(a, 76) + b)),
    ("trailing-blanks", Quirk::WhiteSpace, |a, b| {
        text(a.replace('\n', "  \n") + b)
    }),
    ("body-indented", Quirk::WhiteSpace, |a, b| {
        text(a.replace("\nM", "\n  M") + b)
    }),
    ("empty-first", Quirk::WhiteSpace, |a, b| {
        text(a.replacen('\n', "\n\n", 1) + b)
    }),
    ("empty-within", Quirk::EmptyLines, |a, b| {
        let second = a.match_indices('\n').nth(1).unwrap().0;
        text(format!("{}\n\n{}{b}", &a[..second], &a[second + 1..]))
    }),
    ("empty-last", Quirk::EmptyLines, |a, b| {
        text(a.replace("\n-----END", "\n\n-----END") + b)
    }),
    ("one-line", Quirk::EscapedLineBreaks, |a, b| {
        text(a.trim_end().replace('\n', "") + "\n" + b)
    }),
    ("blanks-for-breaks", Quirk::EscapedLineBreaks, |a, b| {
        text(a.trim_end().replace('\n', " ") + "\n" + b)
    }),
    ("written-out", Quirk::EscapedLineBreaks, |a, b| {
        text(a.trim_end().replace('\n', "\\n") + "\n" + b)
    }),
    ("no-final-break", Quirk::NoFinalLineBreak, |a, b| {
        text(format!("{a}{}", b.trim_end()))
    }),
    ("x509", Quirk::OldLabel, |a, b| {
        text(a.replace("CERTIFICATE", "X509 CERTIFICATE") + b)
    }),
    ("trusted", Quirk::TrustedLabel, |a, b| {
        // CertAux: a purpose that is trusted.
        let aux = [0x30, 0x0c, 0x30, 0x0a, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 2];
        text(longer(a, &aux).replace("CERTIFICATE", "TRUSTED CERTIFICATE") + b)
    }),
    ("headers", Quirk::Headers, |a, b| {
        text(a.replacen('\n', "\nComment: mine\n\n", 1) + b)
    }),
    ("behind", Quirk::TrailingBytes, |a, b| {
        text(longer(a, &[0, 0]) + b)
    }),
    ("four-hyphens", Quirk::MalformedMarker, |a, b| {
        text(format!("{}{b}", &a[1..]))
    }),
    ("lower-case", Quirk::MalformedMarker, |a, b| {
        text(a.replacen("BEGIN", "begin", 1) + b)
    }),
    ("two-blanks", Quirk::MalformedMarker, |a, b| {
        text(a.replacen("N C", "N  C", 1) + b)
    }),
    ("dashes", Quirk::MalformedMarker, |a, b| {
        text(a.replacen("-----B", "\u{2014}\u{2014}B", 1) + b)
    }),
    ("form-feeds", Quirk::ControlCharacters, |a, b| {
        text((a.to_owned() + b).replace('\n', "\u{c}\n"))
    }),
    ("vertical-tabs", Quirk::ControlCharacters, |a, b| {
        text((a.to_owned() + b).replace('\n', "\u{b}\n"))
    }),
    ("no-break-spaces", Quirk::ControlCharacters, |a, b| {
        text((a.to_owned() + b).replace("-----\n", "-----\u{a0}\n"))
    }),
    ("bom-each", Quirk::ByteOrderMark, |a, b| {
        text(format!("\u{feff}{a}\u{feff}{b}"))
    }),
    ("trusted-plain", Quirk::TrustedLabel, |a, b| {
        text(a.replace("CERTIFICATE", "TRUSTED CERTIFICATE") + b)
    }),
    ("second-trusted", Quirk::TrustedLabel, |a, b| {
        text(a.to_owned() + &b.replace("CERTIFICATE", "TRUSTED CERTIFICATE"))
    }),
    ("second-behind", Quirk::TrailingBytes, |a, b| {
        text(a.to_owned() + &longer(b, &[0, 0]))
    }),
    ("lower-label", Quirk::MalformedMarker, |a, b| {
        text(a.replace("CERTIFICATE", "certificate") + b)
    }),
    ("blank-in-label", Quirk::MalformedMarker, |a, b| {
        text(a.replace("CERTIFICATE", "CERTIFICATE ") + b)
    }),
    ("six-hyphens", Quirk::MalformedMarker, |a, b| {
        text(a.replace("-----\n", "------\n") + b)
    }),
    ("end-glued", Quirk::EscapedLineBreaks, |a, b| {
        text(a.replace("\n-----END", "-----END") + b)
    }),
    ("quoted", Quirk::MalformedMarker, |a, b| {
        text(a.replace("-----\n", "-----;\n") + b)
    }),
    ("zero", Quirk::MalformedMarker, |a, b| {
        text(format!("\0{a}{b}"))
    }),
    ("headers-unparted", Quirk::Headers, |a, b| {
        text(a.replacen('\n', "\nComment: mine\n", 1) + b)
    }),
    ("short-header", Quirk::Headers, |a, b| {
        text(a.replacen('\n', "\nX: y\n\n", 1) + b)
    }),
    ("commented-out", Quirk::TextAround, |a, b| {
        text(format!("#{}\n{a}{b}", a.trim_end().replace('\n', "\n#")))
    }),
    ("marker-in-a-comment", Quirk::TextAround, |a, b| {
        text(format!("# put -----BEGIN CERTIFICATE----- here\n{a}{b}"))
    }),
    ("end-twice", Quirk::Unread, |a, b| {
        let end = a.lines().last().unwrap();
        text(format!("{a}{end}\n{b}"))
    }),
    ("hyphens-alone", Quirk::Unread, |a, b| {
        text(format!("-----\n{a}{b}"))
    }),
    ("parameters", Quirk::Unread, |a, b| {
        let parameters =
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        text(format!("{parameters}{a}{b}"))
    }),
    ("tab-behind-begin", Quirk::WhiteSpace, |a, b| {
        text(a.replacen("-----\n", "-----\t\n", 1) + b)
    }),
    ("one-a-line", Quirk::TextAround, |a, b| {
        text("x\n".to_owned() + &folded(a, 1) + b)
    }),
    ("digit-behind", Quirk::Unread, |a, b| {
        text(format!("{a}0\n{b}"))
    }),
];

/// Forms of a key file, of one key in PKCS #8 and in its own old wrapping.
pub(super) fn of_keys(new: &str, old: &str) -> Vec<(String, Vec<u8>)> {
    let mut made: Vec<(String, Vec<u8>)> = SHAPES
        .iter()
        .map(|(name, _, make)| ((*name).to_owned(), make(new, "")))
        .collect();
    let labelled = |key: &str, label: &str| {
        let words = key.lines().next().unwrap_or_default();
        let own = words.trim_matches('-').trim_start_matches("BEGIN ");
        key.replace(own, label)
    };
    for label in [
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "DSA PRIVATE KEY",
        "ANY PRIVATE KEY",
    ] {
        let word = label.replace(' ', "-");
        made.push((format!("new-{word}"), text(labelled(new, label))));
        made.push((format!("old-{word}"), text(labelled(old, label))));
    }
    for (name, header) in [("ten", "Ab: 56789"), ("eleven", "Ab: 567890")] {
        let with = new.replacen('\n', &format!("\n{header}\n\n"), 1);
        made.push((format!("header-{name}"), text(with)));
    }
    made.push(("old-behind".to_owned(), text(longer(old, &[0, 0]))));
    let unknown = labelled(new, "ANY PRIVATE KEY");
    made.push(("any-first".to_owned(), text(unknown + new)));
    made
}
