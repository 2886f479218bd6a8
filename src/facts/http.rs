//! HTTP requests and answers, secrets already taken out.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

use super::{Again, AnsweredBy, Forward, RecordedExchange, Token};

/// One header field; secret values are redacted before they get here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Header {
    /// Its name, lower case.
    pub name: String,
    /// Its value, or what stands for it; bytes that are not UTF-8 are replaced.
    pub value: String,
}

/// Which webhook request a body is (schemas: googleapis `webhook.proto` of each API version, 2026-08-22).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// Dialogflow ES, `google.cloud.dialogflow.v2` or `v2beta1`.
    Es,
    /// Dialogflow CX standard webhook, `google.cloud.dialogflow.cx.v3`.
    Cx,
    /// Something else.
    #[default]
    Other,
}

/// What we answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// Length of the body, in bytes.
    pub body_bytes: usize,
    /// Why this and not the default answer; empty for the default.
    pub why: String,
    /// Who made it.
    pub by: AnsweredBy,
}

/// How a request was left before it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Left {
    /// The client closed the connection.
    Closed,
    /// The client reset the connection.
    Reset,
    /// The client cancelled this request and kept the connection (HTTP/2 RST_STREAM).
    StreamReset,
    /// It was not the client: the connection was ended here.
    Interrupted,
}

/// A request whose answer nobody took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Abandoned {
    /// When it was left, in milliseconds after its header section was there.
    pub after_ms: u64,
    /// How.
    pub how: Left,
    /// Whether its answer had begun.
    pub within: bool,
}

impl Abandoned {
    /// What happened, in words: `the client closed the connection 512 ms after its request, before the
    /// answer`.
    pub fn words(&self) -> String {
        let what = match self.how {
            Left::Closed => "the client closed the connection",
            Left::Reset => "the client reset the connection",
            Left::StreamReset => "the client cancelled the request (HTTP/2 RST_STREAM)",
            Left::Interrupted => "the connection was ended here",
        };
        let when = match self.within {
            true => "within",
            false => "before",
        };
        format!(
            "{what} {} ms after its request, {when} the answer",
            self.after_ms
        )
    }

    /// Whether it was the client who left.
    pub fn by_client(&self) -> bool {
        self.how != Left::Interrupted
    }
}

/// A body of which only this is kept (`--max-kept`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct BodyOmitted {
    /// Its length, decoded from its content coding, in bytes.
    pub bytes: usize,
    /// SHA-256 of these bytes, in hexadecimal.
    pub sha256: String,
    /// Why it is not kept, in words with the bound.
    pub why: String,
}

/// One request and its answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
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
    /// Empty where `body_omitted` says why. Shared, since every sink may keep the case.
    pub body: Arc<str>,
    /// What stands for a body that was not kept.
    pub body_omitted: Option<BodyOmitted>,
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
    /// The session's parameters that the body carries, values as JSON; `None` for a body that is no webhook request.
    pub parameters: Option<BTreeMap<String, String>>,
    /// A limit that the request ran into, in words with its value.
    pub limit: Option<String>,
    /// The credential it carried.
    pub token: Option<Token>,
    /// What we answered; `None` when the connection ended first.
    pub answer: Option<HttpAnswer>,
    /// That the answer was not waited for; its body may then be missing too.
    pub abandoned: Option<Abandoned>,
    /// The leg to the application behind, where there is one (`--forward-to`).
    pub forward: Option<Forward>,
    /// Request and answer as they came, where they are recorded (`--record`).
    #[serde(skip)]
    pub recorded: Option<Box<RecordedExchange>>,
    /// The request as it was passed on, where the live page may send it again.
    #[serde(skip)]
    pub again: Option<Arc<Again>>,
}

impl HttpExchange {
    /// Whether its Content-Type names another kind of body than JSON.
    pub fn says_other_than_json(&self) -> bool {
        let mut fields = self.headers.iter();
        let named = fields.find(|field| field.name.eq_ignore_ascii_case("content-type"));
        named.is_some_and(|field| {
            let kind = field.value.split(';').next().unwrap_or_default();
            let subtype = kind.rsplit(['/', '+']).next().unwrap_or_default().trim();
            !subtype.is_empty() && !subtype.eq_ignore_ascii_case("json")
        })
    }

    /// Notes that nobody took its answer, or not all of it.
    pub fn not_taken(&mut self, abandoned: Abandoned) {
        if !abandoned.within {
            self.answer = None;
            if let Some(recorded) = &mut self.recorded {
                recorded.answer = None;
            }
        }
        self.abandoned = Some(abandoned);
    }
}
