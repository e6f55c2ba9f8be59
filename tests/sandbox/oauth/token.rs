//! The token endpoint: who gets a token, with which scopes, and the errors of the others.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use cognitui::sandbox::Options;
use serde_json::{Value, json};

use crate::oauth::server::{DEVICES, PROD, STAGING, Server, answer, header, send};

fn granted_scopes(token: &str) -> String {
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(token)
        .unwrap()
        .claims;
    claims["scope"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_granted_request_has_exactly_three_members_in_order_and_the_right_headers() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    let response = send(server.ask(&who, Some("orders/read"))).await;
    assert_eq!(response.status(), 200);
    assert_eq!(
        header(&response, "content-type"),
        "application/json;charset=UTF-8"
    );
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert_eq!(header(&response, "x-amz-cognito-request-id").len(), 36);
    let text = response.text().await.unwrap();
    assert!(text.starts_with(r#"{"access_token":"eyJ"#), "{text}");
    assert!(
        text.ends_with(r#"","expires_in":3600,"token_type":"Bearer"}"#),
        "{text}"
    );
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(body.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn both_ways_of_client_authentication_and_both_live_secrets_work() {
    let server = Server::start().await;
    let who = server.credentials(STAGING, "warehouse-sync");
    assert_eq!(who.secrets.len(), 2);
    for secret in [0, 1] {
        let basic = server
            .form("grant_type=client_credentials")
            .header("authorization", who.basic(secret));
        let post = server.form(format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            who.id, who.secrets[secret]
        ));
        for request in [basic, post] {
            let (status, body) = answer(request).await;
            assert_eq!(status, 200, "{body}");
        }
    }
    server.edit(&who, |client| {
        client.secrets.remove(0);
    });
    let (status, body) = answer(server.ask(&who, None)).await;
    assert_eq!(
        (status.as_u16(), body),
        (
            400,
            json!({"error": "invalid_client", "error_description": "invalid_client_secret"})
        )
    );
}

/// Requested x allowed x defined, on a client that may have orders/read and a scope that is no longer defined.
#[tokio::test]
async fn scopes_are_granted_ignored_or_refused() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "fraud-screening");
    server.edit(&who, |client| {
        let listed = json!([
            "orders/read",
            "orders/gone",
            "https://inventory.acme.example/v1/stock.read"
        ]);
        client
            .settings
            .insert("AllowedOAuthScopes".to_owned(), listed);
    });
    let url = "https://inventory.acme.example/v1/stock.read";
    let all = format!("orders/read {url}");
    for (requested, expected) in [
        (None, Ok(all.as_str())),
        (Some("orders/read"), Ok("orders/read")),
        (Some(url), Ok(url)),
        (Some("orders/read orders/gone"), Ok("orders/read")),
        (Some("orders/read orders/never"), Ok("orders/read")),
        (Some("orders/write"), Err("invalid_grant")),
        (Some("orders/read orders/write"), Err("invalid_grant")),
        (Some("orders/gone"), Err("invalid_scope")),
        (Some("orders/never"), Err("invalid_scope")),
        (Some("Orders API/read"), Err("invalid_scope")),
        (Some("ORDERS/read"), Err("invalid_scope")),
        (Some("openid"), Err("invalid_scope")),
        (Some("orders/read email"), Err("invalid_scope")),
        (Some(""), Err("invalid_scope")),
    ] {
        let (status, body) = answer(server.ask(&who, requested)).await;
        match expected {
            Ok(scopes) => {
                assert_eq!(status, 200, "{requested:?}: {body}");
                assert_eq!(
                    granted_scopes(body["access_token"].as_str().unwrap()),
                    scopes,
                    "{requested:?}"
                );
            }
            Err(error) => {
                assert_eq!(status, 400, "{requested:?}");
                assert_eq!(body, json!({ "error": error }), "{requested:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_deleted_scope_comes_back_to_life_when_it_is_added_again() {
    let server = Server::start().await;
    let who = server.credentials(STAGING, "invoice-sync");
    assert_eq!(
        granted_scopes(&server.token(&who, None).await),
        "billing/invoices.read"
    );
    server.sandbox.edit(|state| {
        let servers = &mut state.pools.get_mut(&who.pool).unwrap().servers;
        let billing = servers
            .iter_mut()
            .find(|s| s.identifier == "billing")
            .unwrap();
        let mut revived = billing.scopes[0].clone();
        revived.scope_name = "refunds.write".to_owned();
        billing.scopes.push(revived);
    });
    assert_eq!(
        granted_scopes(&server.token(&who, None).await),
        "billing/invoices.read billing/refunds.write"
    );
}

/// Returns the error of a form with these headers and this body.
async fn told(server: &Server, authorization: Option<&str>, body: String) -> (u16, Value) {
    let mut request = server.form(body);
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    let (status, body) = answer(request).await;
    (status.as_u16(), body)
}

#[tokio::test]
async fn a_client_that_is_not_known_by_its_secret_is_invalid() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    let public = server.credentials(STAGING, "batch-client-credentials");
    let grant = "grant_type=client_credentials";
    let (id, secret) = (&who.id, &who.secrets[0]);
    let once = who.basic(0).replace("Basic ", "");
    let twice = format!("Basic {}", BASE64_STANDARD.encode(once));
    let client = json!({ "error": "invalid_client" });
    let wrong = json!({ "error": "invalid_client", "error_description": "invalid_client_secret" });
    for (authorization, body, expected) in [
        (None, format!("{grant}&client_id={id}"), &wrong),
        (
            None,
            format!("{grant}&client_id={id}&client_secret=x"),
            &wrong,
        ),
        (
            None,
            format!("{grant}&client_id={id}&client_secret={}", &secret[..51]),
            &wrong,
        ),
        (
            None,
            format!("{grant}&client_id=nobody&client_secret=x"),
            &client,
        ),
        (None, format!("{grant}&client_id={}", public.id), &client),
        (Some(twice.as_str()), grant.to_owned(), &client),
        (Some("Basic ***"), grant.to_owned(), &client),
    ] {
        let answer = told(&server, authorization, body.clone()).await;
        assert_eq!(answer, (400, expected.clone()), "{authorization:?} {body}");
    }
}

#[tokio::test]
async fn a_malformed_request_is_invalid_and_another_grant_type_unsupported() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    let basic = who.basic(0);
    let grant = "grant_type=client_credentials";
    for (authorization, body, error) in [
        (None, grant.to_owned(), "invalid_request"),
        (
            Some(basic.as_str()),
            "scope=orders%2Fread".to_owned(),
            "invalid_request",
        ),
        (
            Some(&basic),
            format!("{grant}&scope=%zz"),
            "invalid_request",
        ),
        (Some(&basic), format!("{grant}&{grant}"), "invalid_request"),
        (
            Some(&basic),
            format!("{grant}&aws_client_metadata=%5B%5D"),
            "invalid_request",
        ),
        (
            Some(&basic),
            format!("{grant}&aws_client_metadata=x"),
            "invalid_request",
        ),
        (
            Some(&basic),
            "grant_type=password".to_owned(),
            "unsupported_grant_type",
        ),
    ] {
        let answer = told(&server, authorization, body.clone()).await;
        assert_eq!(
            answer,
            (400, json!({ "error": error })),
            "{authorization:?} {body}"
        );
    }
    let json_body = server
        .post("/oauth2/token")
        .header("content-type", "application/json")
        .header("authorization", &basic)
        .body("{}");
    assert_eq!(
        answer(json_body).await.1,
        json!({ "error": "invalid_request" })
    );
    let metadata = format!("{grant}&aws_client_metadata=%7B%22tenant%22%3A%22a%22%7D");
    assert_eq!(told(&server, Some(&basic), metadata).await.0, 200);
}

#[tokio::test]
async fn a_client_whose_oauth_flag_is_off_gets_no_token() {
    let server = Server::start().await;
    let off = server.credentials(STAGING, "billing-export");
    let (status, body) = answer(server.ask(&off, None)).await;
    assert_eq!(
        (status.as_u16(), body),
        (400, json!({ "error": "invalid_grant" }))
    );
}

#[tokio::test]
async fn a_client_without_the_flow_gets_no_token() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    server.edit(&who, |client| {
        client
            .settings
            .insert("AllowedOAuthFlows".to_owned(), json!(["code"]));
    });
    let (status, body) = answer(server.ask(&who, None)).await;
    assert_eq!(
        (status.as_u16(), body),
        (400, json!({ "error": "invalid_grant" }))
    );
}

#[tokio::test]
async fn lifetimes_follow_the_client() {
    let server = Server::start().await;
    for (client, seconds) in [
        ("price-poller", 300),
        ("nightly-report", 86_400),
        ("storefront", 3600),
    ] {
        let who = server.credentials(STAGING, client);
        let (_, body) = answer(server.ask(&who, None)).await;
        assert_eq!(body["expires_in"], seconds, "{client}");
        let token = body["access_token"].as_str().unwrap();
        let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(token)
            .unwrap()
            .claims;
        let claim = |name: &str| claims[name].as_i64().unwrap();
        assert_eq!(claim("exp") - claim("iat"), seconds, "{client}");
    }
}

#[tokio::test]
async fn only_post_is_allowed() {
    let server = Server::start().await;
    let response = send(server.get("/oauth2/token")).await;
    assert_eq!(response.status(), 405);
    assert_eq!(header(&response, "allow"), "POST");
}

#[tokio::test]
async fn a_pool_without_a_domain_has_no_token_endpoint() {
    let server = Server::start().await;
    let who = server.credentials(DEVICES, "device-provisioner");
    let response = send(server.ask(&who, None)).await;
    assert_eq!(response.status(), 404);
    assert!(header(&response, "content-type").starts_with("text/html"));
}

#[tokio::test]
async fn token_requests_past_the_rate_of_client_authentication_are_throttled() {
    let server = Server::with(Options {
        enforce_rates: true,
        ..Options::default()
    })
    .await;
    let who = server.credentials(PROD, "storefront");
    // The rate is 150 a second; the refused ones count as well, and cost no signature.
    let ask = || server.ask(&who, Some("openid"));
    let mut throttled = None;
    for _ in 0..2000 {
        let response = send(ask()).await;
        if response.status() == 429 {
            throttled = Some(response.text().await.unwrap());
            break;
        }
    }
    assert_eq!(throttled.as_deref(), Some("Rate exceeded"));
}

#[tokio::test]
async fn parameters_in_the_query_string_count() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    let path = "/oauth2/token?grant_type=client_credentials&scope=orders%2Fread";
    let bare = server.post(path).header("authorization", who.basic(0));
    let (status, body) = answer(bare).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        granted_scopes(body["access_token"].as_str().unwrap()),
        "orders/read"
    );
}

#[tokio::test]
async fn the_system_scope_is_in_the_token_of_the_client_that_holds_it() {
    let server = Server::start().await;
    let who = server.credentials("notifications-prod", "agent-registrar");
    for scope in [None, Some("aws.cognito/dcr/register")] {
        assert_eq!(
            granted_scopes(&server.token(&who, scope).await),
            "aws.cognito/dcr/register"
        );
    }
}

#[tokio::test]
async fn an_exchange_of_tokens_is_refused_and_not_ignored() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    let exchange = || {
        server
            .form("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=t")
            .header("authorization", who.basic(0))
    };
    let derived = || {
        let input = json!({
            "ClientId": who.id, "ClientSecret": who.secrets[0], "SubjectToken": "t", "SubjectTokenType": "ACCESS_TOKEN",
        });
        server.unsigned("GetDerivedToken", &input)
    };
    let (status, body) = answer(exchange()).await;
    assert_eq!(status, 400);
    assert_eq!(body, json!({"error": "unauthorized_client"}));
    assert_eq!(
        answer(derived()).await.1["__type"],
        "NotAuthorizedException"
    );
    server.edit(&who, |client| {
        let flows = json!(["ALLOW_TOKEN_EXCHANGE_IMPERSONATION"]);
        client
            .settings
            .insert("ExplicitAuthFlows".to_owned(), flows);
    });
    let (status, body) = answer(exchange()).await;
    assert_eq!(
        (status.as_u16(), &body["error"]),
        (400, &json!("unsupported_grant_type"))
    );
    let (status, body) = answer(derived()).await;
    assert_eq!(
        (status.as_u16(), &body["__type"]),
        (400, &json!("OperationNotEnabledException"))
    );
}
