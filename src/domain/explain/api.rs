//! Explains why an API rejects a token, from its response and the token's claims.

use serde_json::Value;

use super::{Cause, Explanation};
use crate::domain::oauth::api_call::ApiAnswer;
use crate::domain::oauth::jwt::Jwt;
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;

/// The meaning of a response to a call with a token; `None` if it is not about the token.
#[must_use]
pub fn explain_api(answer: &ApiAnswer, jwt: &Jwt, now: Timestamp) -> Option<Explanation> {
    let case = ApiCase {
        answer,
        challenge: Challenge::of(answer.header("www-authenticate").unwrap_or_default()),
        jwt,
        now,
    };
    let (meaning, mut causes) = match answer.status {
        300..=399 => case.redirect(),
        401 => case.unauthorized(),
        403 => case.forbidden(),
        _ if case.is_graphql_refusal() => case.unauthorized(),
        _ => return None,
    };
    causes.sort_by_key(|cause| !cause.likely);
    Some(Explanation { meaning, causes })
}

struct ApiCase<'a> {
    answer: &'a ApiAnswer,
    challenge: Challenge,
    jwt: &'a Jwt,
    now: Timestamp,
}

type Finding = (String, Vec<Cause>);

impl ApiCase<'_> {
    fn redirect(&self) -> Finding {
        let to = self.answer.header("location").unwrap_or("nowhere");
        (
            format!(
                "The API redirects to {to}. Not followed: the token is sent only to the host that you chose."
            ),
            vec![Cause::possible(
                "Wrong URL: a missing path or trailing slash, or a sign-in page.",
                "Call the redirect URL if you trust it with the token.",
            )],
        )
    }

    fn unauthorized(&self) -> Finding {
        let mut causes = self.of_the_token();
        causes.extend(self.of_the_challenge());
        if self.is_graphql_refusal() {
            causes.push(Cause::possible(
                "AppSync finds no user and no group: an M2M token has neither.",
                "Authorize by the scope claim, as AWS TEAM does with @auth(groupClaim: \"scope\", groups: [\"api/admin\"]).",
            ));
        } else if self.challenge.is_empty() {
            causes.push(Cause::possible(
                "The REST API method lists no OAuth scopes: its Cognito authorizer then expects an id token, which M2M clients do not get.",
                "List one of the token's scopes on the method, and deploy the API again.",
            ));
            causes.push(Cause::possible(
                format!(
                    "The token has none of the method's scopes. It has {}.",
                    self.held()
                ),
                "Compare the method's OAuth scopes with the token's.",
            ));
            causes.push(Cause::possible(
                format!("The API trusts another pool than {}.", self.issuer()),
                "Compare the authorizer's user pool with the token's issuer.",
            ));
        }
        ("The API rejects this token (401).".to_owned(), causes)
    }

    fn forbidden(&self) -> Finding {
        let mut causes = self.of_the_token();
        causes.extend(self.of_the_challenge());
        if causes.iter().all(|cause| !cause.likely) {
            causes.push(Cause::possible(
                format!(
                    "The token lacks a scope that this route asks for. It has {}.",
                    self.held()
                ),
                "Ask for a token with the scope that the route lists.",
            ));
            causes.push(Cause::possible(
                "The call was blocked before the API: a resource policy, a web ACL or a wrong path.",
                "Compare the path and stage with the API's, and read its access log.",
            ));
        }
        (
            "The API accepts the token, but denies this call (403).".to_owned(),
            causes,
        )
    }

    /// What is wrong with the token, independent of the API.
    fn of_the_token(&self) -> Vec<Cause> {
        let mut causes = Vec::new();
        if let Some(at) = self.jwt.expires().filter(|at| *at <= self.now) {
            causes.push(Cause::proven(
                "The token has expired.",
                format!("Its exp is {}.", at.utc()),
                "Get a new one.",
            ));
        }
        if let Some(at) = self.jwt.claim_time("nbf").filter(|at| *at > self.now) {
            causes.push(Cause::proven(
                "The token is not yet valid.",
                format!("Its nbf is {}.", at.utc()),
                "Wait until then, or check the clocks.",
            ));
        }
        match self.jwt.claim_str("token_use") {
            Some("access") => {}
            other => causes.push(Cause::proven(
                "It is not an access token.",
                format!("Its token_use is {}.", other.unwrap_or("missing")),
                "Call APIs with the access token.",
            )),
        }
        causes
    }

    /// What the API reports as wrong.
    fn of_the_challenge(&self) -> Vec<Cause> {
        let Challenge {
            error,
            description,
            scope,
        } = &self.challenge;
        let said = format!("www-authenticate says: {description}.");
        let reason = description.to_ascii_lowercase();
        let mut causes = Vec::new();
        if error == "insufficient_scope" || !self.missing().is_empty() {
            let asked = if scope.is_empty() {
                "one that it does not name".to_owned()
            } else {
                scope.clone()
            };
            causes.push(Cause::proven(
                "The token lacks the scope that the API asks for.",
                format!("The API asks for {asked}; the token has {}.", self.held()),
                "Ask for a token with that scope; where the client may not have it, add it to its AllowedOAuthScopes first.",
            ));
        }
        if reason.contains("audience") {
            let client = self.jwt.claim_str("client_id").unwrap_or("missing");
            causes.push(Cause::proven(
                "The authorizer does not know the app client.",
                format!("{said} The token has no aud, so that client_id counts: {client}."),
                "Add the client id to the authorizer's Audience.",
            ));
        } else if reason.contains("issuer") {
            causes.push(Cause::proven(
                "The authorizer trusts another issuer.",
                format!("{said} The token's issuer is {}.", self.issuer()),
                "Compare the authorizer's issuer with the token's exactly.",
            ));
        } else if reason.contains("signature")
            || reason.contains("signing method")
            || reason.contains("malformed")
        {
            causes.push(Cause::proven(
                "The authorizer could not verify the signature.",
                said,
                "Check the signature on the token's screen. API Gateway caches a pool's keys for up to two hours.",
            ));
        } else if error == "invalid_token" && !description.is_empty() && !reason.contains("expired")
        {
            causes.push(Cause::proven(
                "The API names the missing part.",
                said,
                "Compare it with the claims.",
            ));
        }
        causes
    }

    /// The scopes that the API asks for and the token does not have, where one of them would do.
    fn missing(&self) -> Vec<ScopeName> {
        let held = self.jwt.scopes();
        let asked: Vec<ScopeName> = self
            .challenge
            .scope
            .split_whitespace()
            .map(ScopeName::new)
            .collect();
        if asked.iter().any(|scope| held.contains(scope)) {
            Vec::new()
        } else {
            asked
        }
    }

    fn held(&self) -> String {
        let scopes = self.jwt.scopes();
        if scopes.is_empty() {
            return "none".to_owned();
        }
        let names: Vec<&str> = scopes.iter().map(ScopeName::as_str).collect();
        names.join(", ")
    }

    fn issuer(&self) -> &str {
        self.jwt.claim_str("iss").unwrap_or("missing")
    }

    /// GraphQL answers with a list of errors, whatever its status.
    fn is_graphql_refusal(&self) -> bool {
        let Ok(body) = serde_json::from_str::<Value>(&self.answer.body) else {
            return false;
        };
        let errors = body.get("errors").and_then(Value::as_array);
        errors.into_iter().flatten().any(|error| {
            let kind = error.get("errorType").and_then(Value::as_str);
            kind.is_some_and(|kind| kind.starts_with("Unauthorized"))
        })
    }
}

/// A `www-authenticate: Bearer` header (RFC 6750, section 3).
#[derive(Debug, Default, PartialEq, Eq)]
struct Challenge {
    error: String,
    description: String,
    scope: String,
}

impl Challenge {
    fn of(header: &str) -> Self {
        let field = |name: &str| {
            let lower = header.to_ascii_lowercase();
            let mark = format!("{name}=\"");
            let at = lower
                .match_indices(&mark)
                .map(|(at, _)| at)
                // `error` is also the beginning of `error_description`, and the end of other names.
                .find(|at| {
                    !lower
                        .get(..*at)
                        .unwrap_or_default()
                        .ends_with(|c: char| c.is_alphanumeric() || c == '_')
                })?;
            let rest = header.get(at + mark.len()..)?;
            Some(rest.split('"').next().unwrap_or_default().trim().to_owned())
        };
        Self {
            error: field("error").unwrap_or_default(),
            description: field("error_description").unwrap_or_default(),
            scope: field("scope").unwrap_or_default(),
        }
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_795_270_000;

    fn jwt(change: &Value) -> Jwt {
        let mut claims = json!({
            "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A", "token_use": "access", "client_id": "4k2",
            "exp": NOW + 60, "scope": "orders/read",
        });
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        Jwt {
            header: serde_json::Map::new(),
            claims: claims.as_object().unwrap().clone(),
        }
    }

    /// The first cause, with its evidence.
    fn first(status: u16, challenge: &str, body: &str, change: &Value) -> String {
        let answer = ApiAnswer {
            status,
            headers: vec![("www-authenticate".to_owned(), challenge.to_owned())],
            body: body.to_owned(),
            cut: false,
            took: Duration::ZERO,
        };
        let explained = explain_api(&answer, &jwt(change), Timestamp::from_seconds(NOW)).unwrap();
        let cause = &explained.causes[0];
        format!(
            "{} {}",
            cause.text,
            cause.evidence.clone().unwrap_or_default()
        )
    }

    #[test]
    fn the_apis_words_and_the_claims_are_put_together() {
        let none = json!({});
        let audience = r#"Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience""#;
        assert!(first(401, audience, "", &none).contains("client_id counts: 4k2"));
        let scope =
            r#"Bearer scope="orders/write" error="insufficient_scope" error_description="x""#;
        assert_eq!(
            first(403, scope, "", &none),
            "The token lacks the scope that the API asks for. The API asks for orders/write; the token has orders/read."
        );
        let issuer = r#"Bearer error="invalid_token", error_description="the token does not have a valid issuer""#;
        assert!(first(401, issuer, "", &none).contains("issuer is https://cognito-idp.eu-west-1"));
        assert!(first(401, "", "", &json!({"exp": NOW - 1})).starts_with("The token has expired."));
        assert!(
            first(401, "", "", &json!({"token_use": "id"}))
                .starts_with("It is not an access token.")
        );
        assert!(first(401, "", "", &none).contains("lists no OAuth scopes"));
        assert!(
            first(403, "", "", &none)
                .contains("lacks a scope that this route asks for. It has orders/read")
        );
        let graphql = r#"{"errors":[{"errorType":"UnauthorizedException","message":"no"}]}"#;
        assert!(first(200, "", graphql, &none).contains("no user and no group"));
    }

    #[test]
    fn an_answer_that_is_not_about_the_token_is_left_alone() {
        for (status, body) in [(200, "{}"), (404, ""), (500, "x")] {
            let answer = ApiAnswer {
                status,
                headers: Vec::new(),
                body: body.to_owned(),
                cut: false,
                took: Duration::ZERO,
            };
            assert_eq!(
                explain_api(&answer, &jwt(&json!({})), Timestamp::from_seconds(NOW)),
                None
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_header_panics(header in "(\\PC|error|scope|=|\"){0,60}") {
            let _ = Challenge::of(&header);
        }
    }
}
