//! `mtls lint` as its users run it: broken files are called what they are, good files raise no
//! alarm.
//!
//! The files are made with the openssl command and with `mtls::pki`. Without openssl there is
//! nothing to do, unless `MTLS_REQUIRE_PEERS=1`.

mod broken;
mod broken_files;
mod certificates;
mod clean;
mod encrypted_keys;
mod files;
mod hostile_keys;
mod large_list;
mod layouts;
mod lists;
mod lonely;
mod measured;
mod odd_files;
mod private_cas;
mod private_shapes;
mod readers;
mod readiness;
mod real_chains;
mod remedies;
mod requests;
mod run;
mod signatures;
mod wild;
mod wild_pems;
