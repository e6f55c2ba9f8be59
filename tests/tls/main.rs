//! Who is trusted on the network, and whom a secret is sent to: servers that speak TLS, with certificates of authorities made for
//! the test.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking, and so may its helpers"
)]

mod authority;
mod aws;
mod given;
mod limits;
mod pinned;
mod server;
mod trust;
