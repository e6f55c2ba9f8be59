//! An HTTP exchange as it went over the wire, fit to be shown.

use std::time::Duration;

/// Replaces a secret.
pub const MASK: &str = "••••••••";

/// A request and its answer, with [`MASK`] for the client secret and the access token. Names of headers are in small letters. All of
/// the answer is untrusted text: clean it before it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// `POST`.
    pub method: &'static str,
    pub url: String,
    pub request_headers: Vec<(String, String)>,
    /// A form, or JSON where the operation is `GetClientToken`.
    pub request_body: String,
    /// HTTP status.
    pub status: u16,
    pub response_headers: Vec<(String, String)>,
    /// At most 2,000 characters. Withheld where it may hold a token that can't be separated from the rest.
    pub response_body: String,
    /// From the first byte sent to the last byte read.
    pub took: Duration,
    /// `x-amz-cognito-request-id` or `x-amzn-requestid`.
    pub request_id: Option<String>,
}
