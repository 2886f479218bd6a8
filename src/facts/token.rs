//! What a bearer token is, says, and has wrong.

use serde::Serialize;
use serde_json::Value;

/// What kind of credential the Authorization header carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    /// A JSON Web Token (RFC 7519).
    Jwt,
    /// A bearer token that is not a JWT, such as an OAuth access token.
    Opaque,
    /// `Basic` credentials.
    Basic,
    /// Any other scheme.
    Other,
}

/// What the Authorization header says, without what would let a reader use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
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
    /// Whether signature and claims were checked and all held: decoding alone proves nothing about who made the token.
    pub verified: bool,
    /// What a check found; `None` when none was asked for.
    pub check: Option<TokenCheck>,
}

/// What checking a token found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct TokenCheck {
    /// What is wrong with it; empty for a valid one.
    pub problems: Vec<TokenProblem>,
    /// What was checked and holds, in words.
    pub checked: Vec<String>,
    /// What was not asked for, so that it was not checked, in words.
    pub unchecked: Vec<String>,
    /// The project number in the email of a project's service agent.
    pub project_number: Option<String>,
    /// The id of the key that the signature holds for.
    pub signed_by: Option<String>,
    /// The decoded header, escaped where it is printed.
    #[serde(skip)]
    pub header: Option<Value>,
    /// The decoded claims.
    #[serde(skip)]
    pub claims: Option<Value>,
}

/// One thing wrong with a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct TokenProblem {
    /// In one word.
    pub problem: TokenFault,
    /// What was seen and what was wanted.
    pub message: String,
}

/// What can be wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TokenFault {
    /// It is neither a JWT nor anything else known.
    Malformed,
    /// It is an OAuth access token, which only its issuer can read.
    OpaqueAccessToken,
    /// It says that it has no signature.
    AlgorithmNone,
    /// It is signed in a way that is not allowed here.
    AlgorithmNotAllowed,
    /// It says that it must not be taken by who does not know an extension of its form.
    CriticalExtension,
    /// No key of the set has its key id.
    UnknownKey,
    /// The signature does not hold.
    BadSignature,
    /// There was no key to check it with.
    SignatureNotChecked,
    /// Its time is over.
    Expired,
    /// It never ends, or says when in a way that is no time.
    NoExpiry,
    /// Its time has not begun.
    NotYetValid,
    /// Another issuer.
    WrongIssuer,
    /// Made for somebody else.
    WrongAudience,
    /// Another project's service agent, or none.
    WrongProject,
    /// It is somebody's, and nobody said whose it has to be.
    SenderNotNamed,
    /// The issuer does not vouch for the email.
    EmailNotVerified,
}
