//! HTTP requests and answers, secrets already taken out.

use serde::Serialize;

/// One header field; secret values are redacted before they get here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    /// Its name, lower case.
    pub name: String,
    /// Its value, or what stands for it; bytes that are not UTF-8 are replaced.
    pub value: String,
}

/// Which webhook request a body is (schemas: googleapis `webhook.proto` of each API version, 2026-08-22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// Dialogflow ES, `google.cloud.dialogflow.v2` or `v2beta1`.
    Es,
    /// Dialogflow CX standard webhook, `google.cloud.dialogflow.cx.v3`.
    Cx,
    /// Something else.
    Other,
}

/// What kind of credential the Authorization header carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    /// A JSON Web Token (RFC 7519); its claims are decoded, its signature is *not* checked here.
    Jwt,
    /// A bearer token that is not a JWT, such as an OAuth access token.
    Opaque,
    /// `Basic` credentials.
    Basic,
    /// Any other scheme.
    Other,
}

/// What the Authorization header says, without what would let a reader use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Token {
    /// The kind of credential.
    pub kind: TokenKind,
    /// `alg` of a JWT's header.
    pub algorithm: Option<String>,
    /// `kid` of a JWT's header.
    pub key_id: Option<String>,
    /// `iss`.
    pub issuer: Option<String>,
    /// `aud`: one entry or several.
    pub audience: Vec<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// `email`.
    pub email: Option<String>,
    /// `iat`, RFC 3339.
    pub issued_at: Option<String>,
    /// `exp`, RFC 3339.
    pub expires_at: Option<String>,
    /// Always false: decoding proves nothing about who made the token.
    pub verified: bool,
}

/// What we answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// Length of the body, in bytes.
    pub body_bytes: usize,
    /// Why this and not the default answer; empty for the default.
    pub why: String,
}

/// One request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HttpExchange {
    /// The method.
    pub method: String,
    /// Path and query as sent.
    pub path: String,
    /// `HTTP/1.0`, `HTTP/1.1` or `HTTP/2`.
    pub version: String,
    /// The header fields, in order.
    pub headers: Vec<Header>,
    /// The body, decoded from its content coding, as text; bytes that are not UTF-8 are replaced.
    pub body: String,
    /// Length of the body as it came, in bytes.
    pub body_bytes: usize,
    /// The content coding that was undone (`gzip`), if any.
    pub decoded: Option<String>,
    /// Whether the body is JSON; `None` when there was no body.
    pub json_ok: Option<bool>,
    /// Where the JSON breaks off, in words.
    pub json_problem: Option<String>,
    /// Which webhook request it is.
    pub kind: RequestKind,
    /// A limit that the request ran into, in words with its value.
    pub limit: Option<String>,
    /// The credential it carried.
    pub token: Option<Token>,
    /// What we answered; `None` when the connection ended first.
    pub answer: Option<HttpAnswer>,
}
