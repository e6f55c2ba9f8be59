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
