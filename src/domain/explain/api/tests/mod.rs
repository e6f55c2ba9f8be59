mod answers;

use std::time::Duration;

use serde_json::{Value, json};

use self::answers::{ANSWERS, HTML, WWW};
use super::ApiVerdict as V;
use super::*;
use crate::domain::oauth::api_call::Scheme;

const NOW: i64 = 1_795_270_000;
const ROUTE: &str = "https://api.example.com/orders";

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

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> ApiAnswer {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    ApiAnswer {
        status,
        headers: headers.iter().map(owned).collect(),
        body: body.to_owned(),
        cut: false,
        took: Duration::ZERO,
    }
}

fn call(url: &str, scheme: Scheme) -> ApiCall {
    ApiCall {
        url: url.to_owned(),
        scheme,
        ..ApiCall::default()
    }
}

#[test]
fn each_answer_has_its_verdict_and_the_evidence_for_it() {
    assert!(ANSWERS.len() >= 40);
    for (place, status, headers, body, verdict) in ANSWERS {
        let url = if *place == answers::APPSYNC {
            answers::APPSYNC
        } else {
            ROUTE
        };
        let (answer, call) = (answer(*status, headers, body), call(url, Scheme::Bearer));
        let (jwt, now) = (jwt(&json!({})), Timestamp::from_seconds(NOW));
        let found = ApiVerdict::of(&answer, &call, &jwt, now);
        assert_eq!(found, Some(*verdict), "{place}: {status} {body}");
        let told = explain_api(&answer, &call, &jwt, now).unwrap();
        assert!(
            !told.meaning.is_empty() && !told.causes.is_empty(),
            "{place}: {body}"
        );
        // What is called likely has its evidence, and it comes first.
        let likely: Vec<bool> = told.causes.iter().map(|cause| cause.likely).collect();
        assert!(likely.is_sorted_by(|one, other| one >= other), "{told:?}");
        for cause in &told.causes {
            assert!(!cause.likely || cause.evidence.is_some(), "{cause:?}");
        }
        // No answer but AppSync's to a single field proves that the token was taken.
        let praised = ["knows the token", "accepts the token", "takes the token"];
        let praised = praised.iter().any(|word| told.meaning.contains(word));
        assert_eq!(praised, *verdict == V::FieldRule, "{}", told.meaning);
    }
}

#[test]
fn the_form_that_was_not_sent_is_named() {
    let now = Timestamp::from_seconds(NOW);
    let unread = r#"{"errors":[{"errorType":"UnauthorizedException","message":"Unable to parse JWT token."}]}"#;
    for (sent, headers, body, wanted) in [
        (Scheme::Bearer, &[][..], unread, "raw"),
        (Scheme::Bare, &[], unread, "Bearer"),
        (
            Scheme::Bare,
            &[(WWW, "Bearer realm=\"orders\"")],
            "",
            "Bearer",
        ),
        (
            Scheme::Bare,
            &[],
            r#"{"detail":"Not authenticated"}"#,
            "Bearer",
        ),
    ] {
        let call = call(ROUTE, sent);
        let told = explain_api(&answer(401, headers, body), &call, &jwt(&json!({})), now).unwrap();
        let first = &told.causes[0];
        assert!(first.likely, "{first:?}");
        assert!(
            first.fix.contains(&format!("Set Header to {wanted}")),
            "{first:?}"
        );
    }
}

#[test]
fn the_apis_words_and_the_claims_are_put_together() {
    let verdict = |status, body: &str, change: &Value| {
        let now = Timestamp::from_seconds(NOW);
        ApiVerdict::of(
            &answer(status, &[], body),
            &call(ROUTE, Scheme::Bearer),
            &jwt(change),
            now,
        )
    };
    let old = json!({"exp": NOW - 1});
    assert_eq!(verdict(401, "", &old), Some(V::Expired));
    assert_eq!(verdict(401, "Token has expired.", &old), Some(V::Expired));
    assert_eq!(
        verdict(401, "", &json!({"token_use": "id"})),
        Some(V::NotAccessToken)
    );
    assert_eq!(
        verdict(401, "", &json!({"nbf": NOW + 9})),
        Some(V::NotYetValid)
    );
    // Nobody looked at the token: what is wrong with it is not why.
    let nobody = r#"{"message":"Missing Authentication Token"}"#;
    assert_eq!(verdict(403, nobody, &old), Some(V::NoRoute));
    let now = Timestamp::from_seconds(NOW);
    let told = explain_api(
        &answer(403, &[], nobody),
        &call(ROUTE, Scheme::Bearer),
        &jwt(&old),
        now,
    )
    .unwrap();
    assert!(
        told.causes
            .iter()
            .all(|cause| !cause.text.contains("expired"))
    );
}

#[test]
fn an_answer_that_is_not_about_the_token_is_left_alone() {
    for (status, body) in [
        (200, "{}"),
        (200, HTML),
        (400, r#"{"message":"no such order"}"#),
        (404, ""),
        (404, HTML),
        (500, "x"),
    ] {
        let call = call(ROUTE, Scheme::Bearer);
        let now = Timestamp::from_seconds(NOW);
        assert_eq!(
            ApiVerdict::of(&answer(status, &[], body), &call, &jwt(&json!({})), now),
            None,
            "{status} {body}"
        );
    }
}

#[test]
fn a_long_answer_is_not_quoted_whole() {
    let body = format!("audience {}", "x".repeat(100_000));
    let call = call(ROUTE, Scheme::Bearer);
    let now = Timestamp::from_seconds(NOW);
    let told = explain_api(&answer(401, &[], &body), &call, &jwt(&json!({})), now).unwrap();
    let evidence = told.causes[0].evidence.as_ref().unwrap();
    assert!(evidence.len() < 400, "{}", evidence.len());
}

fn told(status: u16, headers: &[(&str, &str)], body: &str, change: &Value) -> (V, Explanation) {
    let (answer, call) = (answer(status, headers, body), call(ROUTE, Scheme::Bearer));
    let (jwt, now) = (jwt(change), Timestamp::from_seconds(NOW));
    let verdict = ApiVerdict::of(&answer, &call, &jwt, now).unwrap();
    (verdict, explain_api(&answer, &call, &jwt, now).unwrap())
}

/// aws-jwt-verify#98: the id token where the access token belongs, and a scope without its resource server.
#[test]
fn the_use_of_a_token_is_judged_by_the_token() {
    let wrong_use = r#"{"message":"Token use not allowed: id. Expected: access"}"#;
    let (verdict, told_id) = told(401, &[], wrong_use, &json!({"token_use": "id"}));
    assert_eq!(verdict, V::NotAccessToken);
    assert!(told_id.causes[0].likely, "{told_id:?}");
    // A person's token has what a machine's has not, and that is not said of it.
    let claim = r#"{"detail":"email claim is required"}"#;
    let (verdict, of_person) = told(401, &[], claim, &json!({"username": "ann"}));
    assert_eq!(verdict, V::PersonsClaim);
    let evidence = of_person.causes[0].evidence.clone().unwrap();
    assert!(evidence.contains("it has username"), "{evidence}");
}

#[test]
fn a_scope_that_the_api_spells_otherwise_is_laid_beside_the_tokens() {
    let read = r#"{"message":"Missing Scope. Expected: read"}"#;
    let challenge = |scope| format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
    let (colon, other) = (challenge("orders:read"), challenge("orders/write"));
    for (headers, body, spelling) in [
        (&[][..], read, true),
        (&[(WWW, colon.as_str())], "", true),
        (&[(WWW, other.as_str())], "", false),
    ] {
        let (verdict, told) = told(403, headers, body, &json!({}));
        assert_eq!(verdict, V::Scope, "{body}");
        let whole = told.causes[0].fix.contains("orders/read");
        assert_eq!(whole, spelling, "{told:?}");
    }
}

/// claude-code-with-bedrock#718, camunda#44650; a token for a resource (RFC 8707) has an audience.
#[test]
fn a_tokens_own_audience_is_told() {
    let body = r#"{"message":"Claim 'aud' value mismatch"}"#;
    let evidence = |change| {
        told(401, &[], body, &change).1.causes[0]
            .evidence
            .clone()
            .unwrap()
    };
    assert!(evidence(json!({})).contains("no aud, so that client_id counts: 4k2"));
    let own = evidence(json!({"aud": "https://api.example.com"}));
    assert!(
        own.contains("aud is https://api.example.com") && !own.contains("no aud"),
        "{own}"
    );
}

#[test]
fn what_is_not_about_the_token_blames_no_token() {
    for (status, body, expected) in [
        // amplify-js#2422: the API reads a signature.
        (
            403,
            r#"{"message":"The request signature we calculated does not match the signature you provided."}"#,
            V::AwsSignature,
        ),
        (
            403,
            r#"{"message":"The security token included in the request is invalid."}"#,
            V::AwsSignature,
        ),
        (
            403,
            r#"{"message":"Your subscription expired"}"#,
            V::Forbidden,
        ),
        (
            401,
            r#"{"message":"Invalid username or password"}"#,
            V::Unauthorized,
        ),
        (
            403,
            r#"{"message":"Ask by email for access"}"#,
            V::Forbidden,
        ),
    ] {
        assert_eq!(told(status, &[], body, &json!({})).0, expected, "{body}");
    }
    for body in [
        "The token expired at 1",
        "Signature has expired",
        "jwt expired",
        "Jwt is expired",
        "\"exp\" claim timestamp check failed",
    ] {
        assert_eq!(
            told(401, &[], body, &json!({})).0,
            V::ClockDiffers,
            "{body}"
        );
    }
}

/// An HTTP API is not a REST API, and has no methods with scopes (yulin#302).
#[test]
fn an_http_api_is_told_from_a_rest_api() {
    let rest = |headers: &[(&str, &str)]| {
        let (verdict, told) = told(401, headers, r#"{"message":"Unauthorized"}"#, &json!({}));
        assert_eq!(verdict, V::Unauthorized);
        told.causes.iter().any(|cause| cause.text.contains("REST"))
    };
    assert!(rest(&[("x-amz-apigw-id", "x")]));
    assert!(!rest(&[("apigw-requestid", "x"), (WWW, "Bearer")]));
}

/// CopilotKit#6920: AgentCore says the same of a header that is missing and of a path that is cut.
#[test]
fn a_401_without_a_token_may_be_a_path() {
    let body = r#"{"message":"Missing Authentication Token"}"#;
    let (verdict, told) = told(401, &[], body, &json!({}));
    assert_eq!(verdict, V::NoTokenSeen);
    assert!(
        told.causes.iter().any(|cause| cause.text.contains("path")),
        "{told:?}"
    );
}

/// An answer alone says nothing about a token that was not given.
#[test]
fn an_answer_that_stands_alone_is_explained_by_its_words() {
    for (place, status, headers, body, verdict) in ANSWERS {
        for status in [*status, 0] {
            let Some(told) = explain_answer(&answer(status, headers, body)) else {
                continue;
            };
            let all = format!("{told:?}");
            for word in [
                "counts: missing",
                "It has none",
                "Set Header",
                "by this clock",
                "(0)",
                "is 0",
            ] {
                assert!(!all.contains(word), "{place} {verdict:?}: {word}: {all}");
            }
        }
    }
    let expired = explain_answer(&answer(
        0,
        &[],
        r#"{"message":"The incoming token has expired"}"#,
    ));
    assert!(expired.unwrap().causes[0].likely);
}
