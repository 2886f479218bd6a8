//! What the two cases of a rule (`fires_on`, `silent_on`) are made with: in scope there by itself.

pub(crate) use super::{
    chain::fixture as chain_fixture,
    client::fixture as sender_fixture,
    connection::fixture::{self as probe_fixture, ProbeFixture},
    file::fixture as file_fixture,
    fixture::{self, Fixture},
    site::fixture as site_fixture,
    webhook::fixture::CallFixture,
};
pub(crate) use crate::facts::*;
