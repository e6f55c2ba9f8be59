//! The embedded Cognito, over raw HTTP: what it answers, how it refuses, what it remembers. `oauth` asks its domains, `tls` has servers
//! that speak TLS.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod api;
mod appsync;
mod assumed;
mod client_rules;
mod clients;
mod dcr;
mod domains;
mod envelope;
mod fidelity;
mod guard;
mod managed;
mod mfa;
mod model;
mod oauth;
mod paging;
mod pools;
mod quotas;
mod secrets;
mod secrets_manager;
mod servers;
mod state_file;
mod tls;
