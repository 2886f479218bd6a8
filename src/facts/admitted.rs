//! Whether a client whose certificate lies at hand is accepted.

use serde::Serialize;

use super::Admitted;

/// What becomes of a client that presents a chain that was named (`--would-accept`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct WouldAccept {
    /// The file with its chain, as the user wrote it.
    pub path: String,
    /// Its leaf.
    pub client: String,
    /// What decides: the client-CA file, or the configuration.
    pub by: String,
    /// What becomes of it.
    pub outcome: Admitted,
    /// Why.
    pub why: String,
}
