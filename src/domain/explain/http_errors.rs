//! Explains responses that are no OAuth error, or not about the client.

use super::{Cause, Finding, RefusalContext};
use crate::domain::oauth::endpoints;
use crate::domain::oauth::token::ClientAuth;

const TOKEN_PATH: &str = "/oauth2/token";

impl RefusalContext<'_> {
    /// What is wrong with the URL that was asked: the host of the API in place of the domain's, or a path that is no token endpoint.
    pub(super) fn wrong_url(&self) -> Option<Finding> {
        if self.request.auth == ClientAuth::Api {
            return None;
        }
        let url = self.asked();
        let (_, rest) = url.split_once("://")?;
        let (host, path) = match rest.split_once('/') {
            Some((host, path)) => (host, format!("/{path}")),
            None => (rest, String::new()),
        };
        let own = self.pool.and_then(endpoints::token_endpoint);
        let fix = own.map_or_else(
            || {
                "Use https://<domain>/oauth2/token, the domain as the pool's page shows it."
                    .to_owned()
            },
            |own| format!("Use {own}."),
        );
        let is_api = host.starts_with("cognito-idp.") || host.starts_with("cognito-idp-fips.");
        if is_api || self.error.body.contains("did not understand the operation") {
            return Some((
                format!("{url} is the Cognito API, which gives no tokens at {TOKEN_PATH}."),
                vec![Cause::proven(
                    "The request went to the API's host, not to the pool's domain.",
                    format!("The request went to {host}."),
                    fix,
                )],
            ));
        }
        (!path.ends_with(TOKEN_PATH)).then(|| {
            (
                format!("{url} is not a token endpoint."),
                vec![Cause::proven(
                    format!("The URL does not end in {TOKEN_PATH}."),
                    if path.trim_matches('/').is_empty() {
                        "It has no path.".to_owned()
                    } else {
                        format!("Its path is {path}.")
                    },
                    fix,
                )],
            )
        })
    }

    /// The URL that was asked, without its query: that may hold a secret.
    pub(super) fn asked(&self) -> &str {
        let url = self.request.endpoint.split(['?', '#']).next();
        url.unwrap_or_default()
    }

    /// Cognito reads a POST's parameters in the query, too; every log on the way reads them as well.
    pub(super) fn query_in_url(&self) -> Option<Cause> {
        let (_, query) = self.request.endpoint.split_once('?')?;
        let names: Vec<&str> = query
            .split('&')
            .map(|pair| pair.split('=').next().unwrap_or_default())
            .collect();
        let oauth = ["grant_type", "client_id", "client_secret", "scope"];
        names.iter().any(|name| oauth.contains(name)).then(|| Cause {
            evidence: Some(format!("The URL has {}.", names.join(", "))),
            ..Cause::possible(
                "Parameters are in the URL: Cognito takes them, but one in the form may differ, and logs keep URLs.",
                "Send the parameters in the body alone; replace a secret that was in a URL.",
            )
        })
    }

    pub(super) fn no_oauth_error(&self, status: u16) -> Finding {
        let host = self.asked();
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
