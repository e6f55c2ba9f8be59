//! The OAuth side of the embedded Cognito over HTTP, on the sample account.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "the helpers of a test fail like the test"
)]

mod assumed;
mod client_token;
mod discovery;
mod faults;
mod hosts;
mod orders;
mod register;
mod sample;
mod server;
mod token;
