//! Answers that are no OAuth error, or none that says anything of the client.

use super::{Cause, Finding, RefusalContext};

impl RefusalContext<'_> {
    pub(super) fn no_oauth_error(&self, status: u16) -> Finding {
        let host = &self.request.endpoint;
        match status {
            429 => throttled(),
            403 => (
                "Something in front of the token endpoint blocked the request.".to_owned(),
                vec![Cause::possible(
                    "A web ACL (AWS WAF) guards the user pool.",
                    "Look up the request in the web ACL's log, and allow it there.",
                )],
            ),
            404 | 405 => (
                format!("{host} is no token endpoint."),
                vec![Cause::possible(
                    "The URL is not <domain>/oauth2/token: the API's host (cognito-idp) has no such path.",
                    "Take the endpoint from the pool's domain.",
                )],
            ),
            500.. => (
                format!("{host} failed with status {status}."),
                vec![
                    Cause::possible(
                        "A passing fault on the other side.",
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
                    "{host} answered with status {status} and no OAuth error: it may not be Cognito that answered."
                ),
                vec![Cause::possible(
                    "A proxy, a web page or another service stands at this address.",
                    "Read its answer, and compare the address with the pool's domain.",
                )],
            ),
        }
    }
}

pub(super) fn throttled() -> Finding {
    (
        "Too many token requests.".to_owned(),
        vec![Cause::possible(
            "The domain's rate (300 a second for one client or address) or the account's ClientAuthentication rate (150) is used up.",
            "Wait a moment. Programs should keep a token for about three quarters of its life.",
        )],
    )
}

pub(super) fn other(code: &str) -> Finding {
    (
        format!("{code} is not an error that Cognito documents for tokens."),
        vec![Cause::possible(
            "Something other than Cognito may have answered.",
            "Read its answer.",
        )],
    )
}
