//! What a webhook's answer is, measured against the schema of the request's own API.

use serde::Serialize;

/// What an answer's body is at first sight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BodyShape {
    /// No byte.
    #[default]
    Empty,
    /// An HTML page, or a piece of one.
    Html,
    /// A JSON object.
    Json,
    /// JSON, but an array, a text, a number, true, false or null.
    OtherJson,
    /// Neither JSON nor HTML.
    Other,
}

/// In what way a part of an answer does not fit its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerProblemKind {
    /// The body is not JSON.
    NotJson,
    /// The body is JSON, but no object.
    NotAnObject,
    /// A value of another type than the field has.
    WrongType,
    /// An empty value of another type: `[]` for a text, `""` for a list.
    WrongTypedEmpty,
    /// Two members of a one-of are set.
    OneOf,
    /// An enum has no such value.
    UnknownEnum,
    /// A field is given in camelCase and in snake_case.
    DuplicateField,
    /// A number outside the type's range.
    OutOfRange,
    /// A text that does not have the form its type asks for.
    BadValue,
}

/// One part of an answer that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct AnswerProblem {
    /// Where, as a JSON pointer (RFC 6901); empty for the body itself.
    pub pointer: String,
    /// In what way.
    pub kind: AnswerProblemKind,
    /// What the schema has there.
    pub wanted: String,
    /// What was seen, cut and escaped.
    pub seen: String,
}

/// How an answer spells its field names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Spelling {
    /// No name shows it.
    #[default]
    Either,
    /// camelCase.
    Camel,
    /// snake_case.
    Snake,
    /// Both.
    Mixed,
}

/// An answer's body, measured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct AnswerFacts {
    /// What it is.
    pub shape: BodyShape,
    /// What does not fit the schema.
    pub problems: Vec<AnswerProblem>,
    /// JSON pointers of fields that the schema does not know; they are ignored by the sender.
    pub unknown_fields: Vec<String>,
    /// How many of its outermost fields the sender's API reads.
    pub read_fields: usize,
    /// Unknown fields with a name that is nearly that of a known one, beside that name.
    pub near_misses: Vec<NearMiss>,
    /// The API, in words, that does read an outermost field which the sender's does not.
    pub read_by: Option<String>,
    /// How field names are spelled; both ways are taken.
    pub spelling: Spelling,
    /// The first words that the sender's user gets to see, cut and escaped.
    pub says: Option<String>,
}

/// A field that the sender ignores, and what it was probably meant to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct NearMiss {
    /// Where it is: a JSON pointer.
    pub pointer: String,
    /// The field that the API reads there.
    pub meant: String,
}
