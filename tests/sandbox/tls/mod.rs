//! Who is trusted on the network, and whom a secret is sent to: servers that speak TLS, with certificates of authorities made for
//! the test.

mod authority;
mod aws;
mod given;
mod limits;
mod pinned;
mod server;
mod trust;
