//! Calling an API with a token, and what it answers.

use std::time::Duration;

use crate::domain::ids::PoolId;

/// How the token is put into the `Authorization` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// `Bearer`, a space, and the token (RFC 6750).
    #[default]
    Bearer,
    /// The token alone, as some AWS services are called.
    Bare,
}

/// One call of an API, all but the token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiCall {
    /// `GET`, `POST` and so on.
    pub method: String,
    pub url: String,
    /// Empty for none.
    pub body: String,
    pub scheme: Scheme,
}

impl ApiCall {
    /// The media type that the body is sent as.
    #[must_use]
    pub fn content_type(&self) -> Option<&'static str> {
        let body = self.body.trim_start();
        if body.is_empty() {
            None
        } else if body.starts_with(['{', '[']) {
            Some("application/json")
        } else {
            Some("text/plain; charset=utf-8")
        }
    }
}

/// A GraphQL API of AWS AppSync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphApi {
    pub name: String,
    /// Where it answers.
    pub url: String,
    /// The only user pool whose tokens it takes; `None` where it takes others too, or where that is not known.
    pub pool: Option<PoolId>,
}

/// What an API answered. All of it is untrusted text: clean it before it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiAnswer {
    /// HTTP status.
    pub status: u16,
    /// In the order of the wire, names in lower case.
    pub headers: Vec<(String, String)>,
    /// As text, the token masked where it was sent back. At most 1 MiB of it.
    pub body: String,
    /// Whether the body went on after that.
    pub cut: bool,
    /// From the first byte sent to the last byte read.
    pub took: Duration,
}

impl ApiAnswer {
    /// The first header of that name, which is in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known == name)?;
        Some(value)
    }
}

/// The URL of a GraphQL API, which is called with `POST` and a query.
#[must_use]
pub fn is_graphql(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.ends_with("/graphql")
}

/// The query that every GraphQL API answers to an authorized caller.
pub const GRAPHQL_PROBE: &str = r#"{"query":"{ __typename }"}"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_sent_as_what_it_is() {
        let of = |body: &str| {
            ApiCall {
                body: body.to_owned(),
                ..ApiCall::default()
            }
            .content_type()
        };
        assert_eq!(of(" "), None);
        assert_eq!(of(GRAPHQL_PROBE), Some("application/json"));
        assert_eq!(of("hello"), Some("text/plain; charset=utf-8"));
    }

    #[test]
    fn graphql_is_known_by_its_path() {
        assert!(is_graphql(
            "https://x.appsync-api.eu-west-1.amazonaws.com/graphql"
        ));
        assert!(is_graphql("https://x/graphql?a=b"));
        assert!(!is_graphql("https://x/orders?next=/graphql"));
    }
}
