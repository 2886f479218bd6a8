//! Bodies, whatever their type says: fields by name in forms, multipart, XML, YAML and JSON, and
//! by shape everywhere.
//!
//! Must not: parse. A body that is cut, or of a type that is not the one it names, is searched all
//! the same.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

use super::{
    Kind, Mark, is_redacted, is_suspicious, json_name,
    names::{is_secret, is_secret_parameter},
    parameter, plain, replace, text_by,
};

/// Forms within the values of forms that are followed, and JSON within those.
const NESTED: usize = 3;
/// Elements of XML under the name of a credential that are never closed, before the rest is left to
/// the other patterns: a search to the end for each of many would take too long.
const NEVER_CLOSED: usize = 100;

pub(super) fn body_by<'a>(mark: &dyn Mark, body: &'a str) -> Cow<'a, str> {
    within(mark, body, NESTED)
}

fn within<'a>(mark: &dyn Mark, body: &'a str, depth: usize) -> Cow<'a, str> {
    if !is_suspicious(body) {
        return Cow::Borrowed(body);
    }
    let mut seen = Cow::Borrowed(body);
    replace(&mut seen, &PART, |found| {
        let hidden = is_secret_parameter(&found[2]) && !is_redacted(&found[3]);
        hidden.then(|| {
            let stands = mark.mark(Kind::Field, &found[2], &found[3]);
            format!("{}{stands}", &found[1])
        })
    });
    elements(mark, &mut seen);
    if body.trim_start().starts_with('<') {
        replace(&mut seen, &ATTRIBUTE, |found| {
            let hidden = is_secret(&found[2]) && !is_redacted(&found[4]);
            hidden.then(|| {
                let stands = mark.mark(Kind::Field, &found[2], &found[4]);
                let quote = &found[3];
                format!("{}{}={quote}{stands}{quote}", &found[1], &found[2])
            })
        });
    }
    let has_value = |name: &&str| body.contains(*name);
    if ["\"value\"", "\"content\"", "\"data\""]
        .iter()
        .any(has_value)
    {
        replace(&mut seen, &NAMED_FIRST, |found| pair(mark, found, (2, 4)));
        replace(&mut seen, &NAMED_LAST, |found| pair(mark, found, (4, 2)));
    }
    if !body.contains(char::is_whitespace) && !body.starts_with(['{', '[', '<']) {
        replace(&mut seen, &FORM_FIELD, |found| {
            let secret = is_secret_parameter(&plain(&found[2]));
            parameter(mark, Kind::Field, found, secret).or_else(|| unpacked(mark, found, depth))
        });
    }
    let mut seen = match seen {
        Cow::Borrowed(body) => text_by(mark, body),
        Cow::Owned(seen) => Cow::Owned(text_by(mark, &seen).into_owned()),
    };
    // After `text_by`, which keeps the scheme of a header field.
    replace(&mut seen, &LINE, |found| {
        let hidden = is_secret(&found[2]) && !is_redacted(&found[4]);
        hidden.then(|| {
            let stands = mark.mark(Kind::Field, &found[2], &found[4]);
            format!("{}{}{}{stands}", &found[1], &found[2], &found[3])
        })
    });
    replace(&mut seen, &BARE_NAME, |found| {
        let hidden = is_secret(&found[1]) && !is_redacted(&found[3]);
        hidden.then(|| {
            let quote = &found[3][..1];
            let stands = mark.mark(Kind::Field, &found[1], found[3].trim_matches(['"', '\'']));
            format!("{}{}{quote}{stands}{quote}", &found[1], &found[2])
        })
    });
    seen
}

/// A name and its value as two members of an object, `{"name": "token", "value": "…"}`: the groups
/// of the name and the value.
fn pair(mark: &dyn Mark, found: &Captures<'_>, (name, value): (usize, usize)) -> Option<String> {
    let secret = found[value].trim_matches('"');
    let name = json_name(&found[name]);
    let hidden = is_secret(&name) && !is_redacted(secret);
    hidden.then(|| {
        let stands = format!("\"{}\"", mark.mark(Kind::Field, &name, secret));
        let part = |group: usize| match group == value {
            true => stands.as_str(),
            false => &found[group],
        };
        [part(1), part(2), part(3), part(4)].concat()
    })
}

/// A form's field that is no credential and holds JSON, XML or a form with one.
fn unpacked(mark: &dyn Mark, found: &Captures<'_>, depth: usize) -> Option<String> {
    let value = &found[3];
    if depth == 0 || !value.contains(['%', '+']) {
        return None;
    }
    let decoded = plain(&value.replace('+', " "));
    let seen = within(mark, &decoded, depth - 1);
    (seen != decoded).then(|| format!("{}{}={}", &found[1], &found[2], packed(&seen)))
}

/// As a value in a form; placeholders stay as they are, so that they are found and filled.
fn packed(text: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<<") {
        match after.split_once(">>") {
            Some((name, behind)) if super::is_placeholder(&format!("<<{name}>>")) => {
                out.push_str(&encoded(before));
                out.push_str(&format!("<<{name}>>"));
                rest = behind;
            }
            _ => {
                out.push_str(&encoded(before));
                out.push_str(&encoded("<<"));
                rest = after;
            }
        }
    }
    out.push_str(&encoded(rest));
    out
}

/// What stands between the tags of an element under the name of a credential, elements included.
fn elements(mark: &dyn Mark, seen: &mut Cow<'_, str>) {
    let Some(pattern) = OPEN_TAG.as_ref() else {
        return;
    };
    let (mut out, mut from, mut unclosed) = (String::new(), 0, 0);
    for found in pattern.captures_iter(seen) {
        let Some(tag) = found.get(0) else { continue };
        if tag.start() < from || tag.as_str().ends_with("/>") || !is_secret(&found[1]) {
            continue;
        }
        let rest = &seen[tag.end()..];
        let closed = match unclosed {
            NEVER_CLOSED.. => None,
            _ => rest.find(&format!("</{}", &found[1])),
        };
        unclosed += usize::from(closed.is_none());
        // The body may be cut: then it is the text up to the next tag, or all there is.
        let length = closed.unwrap_or_else(|| rest.find('<').unwrap_or(rest.len()));
        let inner = &seen[tag.end()..tag.end() + length];
        // Behind `<<name>` comes the second half of a placeholder.
        if inner.trim().is_empty() || is_redacted(inner) || inner.starts_with('>') {
            continue;
        }
        out.push_str(&seen[from..tag.end()]);
        out.push_str(&mark.mark(Kind::Field, &found[1], inner));
        from = tag.end() + length;
    }
    if from > 0 {
        out.push_str(&seen[from..]);
        *seen = Cow::Owned(out);
    }
}

pattern!(PART = r#"(?i)(name="([^"\r\n]{1,64})"[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n)([^\r\n]*)"#);
pattern!(ATTRIBUTE = r#"(\s)([A-Za-z0-9_:.-]{1,64})=(["'])([^"'<>]+)["']"#);
pattern!(FORM_FIELD = r"(^|&)([^=&]{1,64})=([^&]+)");
pattern!(OPEN_TAG = r"<([A-Za-z0-9_:.-]{1,64})(?:\s[^<>]{0,400})?>");
pattern!(
    LINE = r#"(?m)^([ \t]*(?:-[ \t]+)?["']?)([A-Za-z0-9_.-]{1,64})(["']?[ \t]*:[ \t]+)([^\s{\[,"'][^\r\n]*)"#
);
pattern!(
    BARE_NAME = r#"(?-u:\b)([A-Za-z_][A-Za-z0-9_-]{0,63})([ \t]*:[ \t]*)("(?:[^"\\\r\n]|\\.)+"|'[^'\r\n]+')"#
);
pattern!(
    NAMED_FIRST = r#"("(?:name|key|id|field|header|parameter)"\s*:\s*)("(?:[^"\\]|\\.){1,64}")((?:\s*,\s*"[^"\\]{1,64}"\s*:\s*(?:"[^"\\]{0,200}"|[a-z0-9.]{1,20})){0,3}?\s*,\s*"(?:value|content|data)"\s*:\s*)("(?:[^"\\]|\\.)*"?|-?[0-9][0-9.eE+-]*)"#
);
pattern!(
    NAMED_LAST = r#"("(?:value|content|data)"\s*:\s*)("(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*)((?:\s*,\s*"[^"\\]{1,64}"\s*:\s*(?:"[^"\\]{0,200}"|[a-z0-9.]{1,20})){0,3}?\s*,\s*"(?:name|key|id|field|header|parameter)"\s*:\s*)("(?:[^"\\]|\\.){1,64}")"#
);

#[cfg(test)]
mod tests {
    use super::super::body;

    #[test]
    fn every_pattern_is_one() {
        for pattern in [
            &super::PART,
            &super::ATTRIBUTE,
            &super::FORM_FIELD,
            &super::OPEN_TAG,
            &super::LINE,
            &super::BARE_NAME,
            &super::NAMED_FIRST,
            &super::NAMED_LAST,
        ] {
            assert!(pattern.is_some());
        }
    }

    #[test]
    fn a_credential_inside_another_form_of_body_is_found() {
        for seen in [
            "payload=%7B%22token%22%3A%22hunter2%22%2C%22team%22%3A%7B%7D%7D",
            "a=1&payload=%7b%22x%22%3a+%7b%22client_secret%22%3a+%22hunter2%22%7d%7d&b=2",
            "inner=token%3Dhunter2%26b%3D1&a=b",
            r#"{"headers":[{"name":"X-Api-Key","value":"hunter2"}]}"#,
            r#"{"name":"token","type":"text","value":"hunter2"}"#,
            r#"{"value":"hunter2", "secure":true, "key":"password"}"#,
            r#"[{"id":"pin","value":40213}]"#,
            "<Secret><b>hunter2</b></Secret>",
            "<a><ns:Password v='1'><c>x</c>hunter2</ns:Password></a>",
            "user: me\npassword: hunter2\n",
            "env:\n  - DB_PASSWORD: hunter2 # x\n",
            "mutation { login(user: \"me\", password: \"hunter2\") { id } }",
            "{password: 'hunter2'}",
        ] {
            let shown = body(seen).into_owned();
            assert!(
                !shown.contains("hunter2") && !shown.contains("40213"),
                "{shown}"
            );
            assert_eq!(body(&shown), shown, "of {seen}");
        }
    }

    #[test]
    fn what_is_beside_a_credential_stays() {
        assert_eq!(
            body("payload=%7B%22token%22%3A%22hunter2%22%2C%22team%22%3A%22T+1%22%7D&a=%C3%A9"),
            "payload=%7B%22token%22%3A%22%5Bredacted%3A+token%5D%22%2C%22team%22%3A%22T+1%22%7D&a=%C3%A9"
        );
        for plain in [
            "payload=%7B%22team%22%3A%22token%22%7D",
            r#"{"name":"token","description":"what it is"}"#,
            "<a><token/><b>text</b></a>",
            "note: the password was changed",
            "a: 1\ntokens: 3\n",
        ] {
            assert_eq!(body(plain), plain);
        }
    }

    #[test]
    fn tags_that_are_never_closed_take_no_time_to_speak_of() {
        let started = std::time::Instant::now();
        for seen in [
            "<token>".repeat(100_000),
            "<password1><secret>".repeat(50_000) + "</token>",
            "a: token: ".repeat(100_000),
            r#""name":"token","#.repeat(60_000),
        ] {
            body(&seen);
        }
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
