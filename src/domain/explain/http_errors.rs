//! Explains responses that are no OAuth error, or not about the client.

use super::{Cause, Finding, RefusalContext};

impl RefusalContext<'_> {
    pub(super) fn no_oauth_error(&self, status: u16) -> Finding {
        let host = &self.request.endpoint;
        match status {
            429 => throttled(),
            403 => (
                "The request was blocked before the token endpoint.".to_owned(),
                vec![Cause::possible(
                    "A web ACL (AWS WAF) guards the user pool.",
                    "Find the request in the web ACL's log and allow it.",
                )],
            ),
            404 | 405 => (
                format!("{host} is not a token endpoint."),
                vec![Cause::possible(
                    "The URL is not <domain>/oauth2/token: the API's host (cognito-idp) has no such path.",
                    "Take the endpoint from the pool's domain.",
                )],
            ),
            500.. => (
                format!("{host} failed with status {status}."),
                vec![
                    Cause::possible(
                        "A temporary fault of the service.",
                        "Try again in a moment.",
                    ),
                    Cause::possible(
                        "A custom domain that is still being created or whose DNS record points elsewhere.",
                        "Look at the domain's status: creation takes up to an hour.",
                    ),
                ],
            ),
            _ => (
                format!(
                    "{host} responded with status {status} and no OAuth error: the response may not be from Cognito."
                ),
                vec![Cause::possible(
                    "A proxy, a web page or another service is at this address.",
                    "Read the response, and compare the address with the pool's domain.",
                )],
            ),
        }
    }
}

pub(super) fn throttled() -> Finding {
    (
        "Too many token requests.".to_owned(),
        vec![Cause::possible(
            "The domain's rate (300 per second for one client or address) or the account's ClientAuthentication rate (150) is exceeded.",
            "Wait a moment. Programs should cache a token for about three quarters of its lifetime.",
        )],
    )
}

pub(super) fn other(code: &str) -> Finding {
    (
        format!("{code} is not an error that Cognito documents for tokens."),
        vec![Cause::possible(
            "The response may not be from Cognito.",
            "Read the response.",
        )],
    )
}
