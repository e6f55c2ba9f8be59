//! The AWS SDK as this program uses it: connection, credentials, retries, errors and JSON bodies.

pub(super) mod ca_bundle;
pub(super) mod call_log;
pub(super) mod connect;
pub(super) mod convert;
pub(super) mod error_hints;
pub(super) mod errors;
pub(super) mod hosts;
pub(super) mod http_client;
pub(super) mod json_body;
pub(super) mod login;
pub(super) mod pages;
pub(super) mod response_shape;
pub(super) mod retry;
pub(super) mod sign_in;
pub(super) mod throttle;
