//! A request for a certificate (RFC 2986): what it asks for, and what was found out about it.

use std::sync::Arc;

use super::Certificate;

/// A certificate signing request. It proves nothing of what a CA makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The certificate as it would be if a CA took over all that is asked for. Its serial number,
    /// dates, issuer and digest are made up, and are for nobody to see.
    pub asked: Arc<Certificate>,
    /// Whether it was made with the private key of the public key that it asks for.
    pub signature: RequestSignature,
    /// Whether the private key at hand is that key.
    pub key: RequestKey,
    /// The request itself, DER.
    pub der: Vec<u8>,
}

/// What became of a request's own signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RequestSignature {
    /// It was not looked at.
    #[default]
    NotAsked,
    /// It holds.
    Holds,
    /// It does not, and why.
    Broken(String),
    /// It is of a kind that this program does not compute with.
    NotChecked(String),
}

/// What the private keys at hand have to do with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RequestKey {
    /// None was named, and none beside it fits.
    #[default]
    NotGiven,
    /// This file has its key.
    Fits(String),
    /// The file that was named as its key has another one.
    Differs(String),
    /// The key in this file could not be compared, and why.
    NotCompared {
        /// The file.
        path: String,
        /// Why not.
        why: String,
    },
}
