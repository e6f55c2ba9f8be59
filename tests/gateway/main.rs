//! The gateway over HTTP: the bytes that it sends, and its handling of responses that no healthy Cognito sends.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking, and so may its helpers"
)]

mod api;
mod calls;
mod creation;
mod credentials;
mod doctor;
mod domains;
mod elsewhere;
mod failures;
mod fixes;
mod future;
mod graph;
mod limits;
mod logins;
mod moved;
mod peers;
mod plans;
mod pools;
mod read_backs;
mod renewals;
mod rotation;
mod rows;
mod sandbox;
mod secrets;
mod servers;
mod signing;
mod silence;
mod sso_sessions;
mod storing;
mod stub;
mod throttling;
mod tokens;
mod truth;
mod two_writers;
mod updates;
