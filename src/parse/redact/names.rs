//! Names under which credentials stand: of header fields, parameters, fields of a body.

/// Parts of a name, written without punctuation, that make its value a credential.
const TELLING: &[&str] = &[
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "apikey",
    "authorization",
    "jwt",
    "credential",
    "privatekey",
    "authkey",
    "accesskey",
    "functionskey",
    "subscriptionkey",
    "hmac",
    "signature",
    "assertion",
    "oidc",
    "cookie",
    "sessionid",
    "sessionkey",
    "bearer",
    "samlresponse",
];
/// Whole names.
const WHOLE: &[&str] = &[
    "pass", "pw", "auth", "xauth", "sid", "otp", "pin", "pat", "xpat",
];
/// Ends of names of what is said about a credential.
const ABOUT: &[&str] = &[
    "type",
    "uri",
    "url",
    "endpoint",
    "count",
    "expiresin",
    "expiry",
    "expiration",
    "alg",
    "algorithm",
    "algorithms",
    "method",
    "methods",
    "length",
    "policy",
    "limit",
    "tokens",
    "usage",
    "supported",
];
/// Names that are short enough to mean anything but in a URL or a form.
const PARAMETERS: &[&str] = &["key", "sig", "code"];
/// What stands before an address and a colon, where it is no user.
const BEFORE_ADDRESSES: &[&str] = &[
    "mailto",
    "email",
    "emailaddress",
    "rfc822name",
    "sip",
    "sips",
    "acct",
    "xmpp",
    "user",
    "group",
    "serviceaccount",
    "principal",
    "member",
    "upn",
    "from",
    "to",
    "cc",
];

/// Letters and digits alone, lower case: `X-Api_Key` and `xApiKey` are one name.
fn compact(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// A field of a body, or a parameter wherever it stands.
pub(super) fn is_secret(name: &str) -> bool {
    let name = compact(name);
    WHOLE.contains(&name.as_str())
        || TELLING.iter().any(|part| name.contains(part))
            && !ABOUT.iter().any(|end| name.ends_with(end))
}

/// A header field.
pub(super) fn is_secret_header(name: &str) -> bool {
    is_secret(name) || compact(name).contains("session")
}

/// A header field whose value begins with a scheme.
pub(super) fn is_authorization(name: &str) -> bool {
    compact(name).ends_with("authorization")
}

/// A parameter of a URL or a field of a form.
pub(super) fn is_secret_parameter(name: &str) -> bool {
    is_secret(name) || PARAMETERS.contains(&compact(name).as_str())
}

/// Whether what follows this and a colon is an address, not a password.
pub(super) fn stands_before_addresses(name: &str) -> bool {
    BEFORE_ADDRESSES.contains(&compact(name).as_str())
}
