use std::time::Duration;

use serde_json::{Value, json};

use super::ApiVerdict as V;
use super::*;
use crate::domain::oauth::api_call::Scheme;

const NOW: i64 = 1_795_270_000;
const ROUTE: &str = "https://api.example.com/orders";
const APPSYNC: &str = "https://x.appsync-api.eu-west-1.amazonaws.com/graphql";

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

type Row = (
    &'static str,
    u16,
    &'static [(&'static str, &'static str)],
    &'static str,
    V,
);

const ERROR: &str = "x-amzn-errortype";
const WWW: &str = "www-authenticate";
const HTML: &str = "<html><body>Forbidden</body></html>";

/// Answers to a call with a good token, sent as Bearer: where from, and what each proves first.
const ANSWERS: &[Row] = &[
    // API Gateway, REST.
    (
        "REST",
        403,
        &[(ERROR, "MissingAuthenticationTokenException")],
        r#"{"message":"Missing Authentication Token"}"#,
        V::NoRoute,
    ),
    (
        "REST",
        403,
        &[(ERROR, "IncompleteSignatureException")],
        r#"{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'x='."}"#,
        V::NoRoute,
    ),
    (
        "REST",
        403,
        &[],
        r#"{"message":"Authorization header requires 'Credential' parameter."}"#,
        V::NoRoute,
    ),
    (
        "REST",
        401,
        &[(ERROR, "UnauthorizedException")],
        r#"{"message":"Unauthorized"}"#,
        V::Unauthorized,
    ),
    (
        "REST",
        401,
        &[(ERROR, "UnauthorizedException")],
        r#"{"message":"The incoming token has expired"}"#,
        V::ClockDiffers,
    ),
    (
        "REST",
        403,
        &[(ERROR, "ForbiddenException")],
        r#"{"message":"Forbidden"}"#,
        V::GatewayForbids,
    ),
    (
        "REST",
        429,
        &[(ERROR, "TooManyRequestsException")],
        r#"{"message":"Too Many Requests"}"#,
        V::Throttled,
    ),
    (
        "resource policy",
        403,
        &[(ERROR, "AccessDeniedException")],
        r#"{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-1:1:x/prod/GET/orders"}"#,
        V::PolicyDenies,
    ),
    // Lambda authorizers.
    (
        "authorizer",
        403,
        &[(ERROR, "AccessDeniedException")],
        r#"{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}"#,
        V::AuthorizerDenies,
    ),
    (
        "authorizer",
        403,
        &[],
        r#"{"Message":"User is not authorized to access this resource"}"#,
        V::AuthorizerDenies,
    ),
    (
        "authorizer",
        500,
        &[(ERROR, "AuthorizerConfigurationException")],
        r#"{"message":null}"#,
        V::AuthorizerFailed,
    ),
    (
        "authorizer",
        500,
        &[(ERROR, "AuthorizerFailureException")],
        r#"{"message":"Internal Server Error"}"#,
        V::AuthorizerFailed,
    ),
    // API Gateway, HTTP.
    (
        "HTTP",
        401,
        &[(
            WWW,
            r#"Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience""#,
        )],
        r#"{"message":"Unauthorized"}"#,
        V::Audience,
    ),
    (
        "HTTP",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token" error_description="the token does not have a valid issuer""#,
        )],
        "",
        V::Issuer,
    ),
    (
        "HTTP",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token" error_description="signing method RS512 is invalid""#,
        )],
        "",
        V::Signature,
    ),
    (
        "HTTP",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token" error_description="the token has expired""#,
        )],
        "",
        V::ClockDiffers,
    ),
    (
        "HTTP",
        403,
        &[(
            WWW,
            r#"Bearer scope="orders/write" error="insufficient_scope" error_description="x""#,
        )],
        r#"{"message":"Forbidden"}"#,
        V::Scope,
    ),
    (
        "HTTP",
        403,
        &[("apigw-requestid", "x")],
        r#"{"message":"Forbidden"}"#,
        V::Forbidden,
    ),
    (
        "HTTP",
        404,
        &[("apigw-requestid", "x")],
        r#"{"message":"Not Found"}"#,
        V::NoRoute,
    ),
    // AppSync.
    (
        APPSYNC,
        401,
        &[(ERROR, "UnauthorizedException")],
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"Unable to parse JWT token."}]}"#,
        V::HeaderForm(Scheme::Bare),
    ),
    (
        APPSYNC,
        401,
        &[],
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"Token has expired."}]}"#,
        V::ClockDiffers,
    ),
    (
        APPSYNC,
        401,
        &[],
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"Valid authorization header not provided."}]}"#,
        V::NoTokenSeen,
    ),
    (
        APPSYNC,
        401,
        &[],
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized to make this call."}]}"#,
        V::SchemaRule,
    ),
    (
        APPSYNC,
        200,
        &[],
        r#"{"data":null,"errors":[{"errorType":"Unauthorized","message":"Not Authorized to access getRequests on type Query"}]}"#,
        V::FieldRule,
    ),
    // Cognito itself.
    (
        "cognito-idp",
        400,
        &[],
        r#"{"code":"BadRequest","message":"The server did not understand the operation that was requested.","type":"client"}"#,
        V::CognitoHost,
    ),
    (
        "GetUser",
        400,
        &[(ERROR, "NotAuthorizedException:")],
        r#"{"__type":"NotAuthorizedException","message":"Access Token does not have required scopes"}"#,
        V::Scope,
    ),
    (
        "userInfo",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token", error_description="Access token does not contain openid scope""#,
        )],
        "",
        V::PersonsClaim,
    ),
    // Gateways and frameworks.
    (
        "Spring",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token", error_description="The aud claim is not valid", error_uri="https://x""#,
        )],
        "",
        V::Audience,
    ),
    (
        "Spring",
        403,
        &[(
            WWW,
            r#"Bearer error="insufficient_scope", error_description="The request requires higher privileges than provided by the access token.""#,
        )],
        "",
        V::Scope,
    ),
    (
        "Spring",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token", error_description="An error occurred while attempting to decode the Jwt: Signed JWT rejected: Another algorithm expected, or no matching key(s) found""#,
        )],
        "",
        V::Signature,
    ),
    (
        "ASP.NET",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token", error_description="The audience 'empty' is invalid""#,
        )],
        "",
        V::Audience,
    ),
    (
        "ASP.NET",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token", error_description="Something new""#,
        )],
        "",
        V::Named,
    ),
    (
        "express-jwt",
        401,
        &[],
        r#"{"message":"jwt audience invalid. expected: orders"}"#,
        V::Audience,
    ),
    (
        "express-jwt",
        401,
        &[],
        "UnauthorizedError: jwt malformed",
        V::HeaderForm(Scheme::Bare),
    ),
    (
        "PyJWT",
        401,
        &[],
        r#"{"detail":"Token is missing the \"aud\" claim"}"#,
        V::Audience,
    ),
    (
        "FastAPI",
        401,
        &[(WWW, "Bearer")],
        r#"{"detail":"Could not validate credentials"}"#,
        V::Unauthorized,
    ),
    (
        "fastapi-cognito",
        401,
        &[],
        r#"{"detail":[{"loc":["username"],"msg":"missing claim: username"}]}"#,
        V::PersonsClaim,
    ),
    (
        "Envoy",
        403,
        &[],
        "Audiences in Jwt are not allowed",
        V::Audience,
    ),
    ("Envoy", 401, &[], "Jwt is missing", V::NoTokenSeen),
    (
        "Kong",
        401,
        &[],
        r#"{"message":"No credentials found for given 'iss'"}"#,
        V::Issuer,
    ),
    (
        "aws-jwt-verify",
        401,
        &[],
        r#"{"error":"Token use not allowed: access. Expected: id"}"#,
        V::PersonsClaim,
    ),
    // Before the API.
    (
        "CloudFront",
        403,
        &[("server", "CloudFront"), ("content-type", "text/html")],
        HTML,
        V::Blocked,
    ),
    (
        "load balancer",
        403,
        &[("server", "awselb/2.0")],
        HTML,
        V::Blocked,
    ),
    (
        "S3",
        403,
        &[("server", "AmazonS3")],
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
        V::Blocked,
    ),
    (
        "WAF",
        202,
        &[("x-amzn-waf-action", "challenge")],
        "",
        V::Challenged,
    ),
    (
        "WAF",
        405,
        &[("x-amzn-waf-action", "captcha")],
        HTML,
        V::Challenged,
    ),
    (
        "nginx",
        401,
        &[(WWW, "Basic realm=\"x\"")],
        HTML,
        V::Password,
    ),
    (
        "sign-in",
        302,
        &[("location", "https://login.example.com")],
        "",
        V::Redirected,
    ),
    ("nobody", 403, &[], "", V::Forbidden),
    ("nobody", 401, &[], "", V::Unauthorized),
];

#[test]
fn each_answer_has_its_verdict_and_the_evidence_for_it() {
    assert!(ANSWERS.len() >= 40);
    for (place, status, headers, body, verdict) in ANSWERS {
        let url = if *place == APPSYNC { APPSYNC } else { ROUTE };
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
