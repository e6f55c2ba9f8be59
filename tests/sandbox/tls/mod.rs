//! Trust on the network, and the hosts that get a secret: servers that use TLS, with certificates of authorities created for the
//! test.

mod authority;
mod aws;
mod given;
mod limits;
mod pinned;
mod server;
mod trust;
