//! What is not proven about the OAuth side of AWS is played both ways.

use cognitui::sandbox::Options;
use serde_json::{Value, json};

use crate::oauth::server::{Credentials, DEVICES, PROD, STAGING, Server, answer, send};

async fn assuming(words: &str) -> Server {
    Server::with(Options {
        assumptions: words.parse().unwrap(),
        ..Options::default()
    })
    .await
}

/// What a request for a scope gets: the token's scopes, or the error.
async fn asked(server: &Server, who: &Credentials, scope: &str) -> Result<String, String> {
    let (status, body) = answer(server.ask(who, Some(scope))).await;
    if status == 200 {
        let token = body["access_token"].as_str().unwrap();
        let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(token);
        let scope = claims.unwrap().claims["scope"].clone();
        return Ok(scope.as_str().unwrap_or_default().to_owned());
    }
    assert_eq!(status, 400);
    Err(body["error"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn inactive_scopes_alone_are_refused_or_ignored() {
    for (words, expected) in [
        ("inactive-scope-refused", Err("invalid_scope".to_owned())),
        ("inactive-scope-ignored", Ok(String::new())),
    ] {
        let server = assuming(words).await;
        let who = server.credentials(STAGING, "invoice-sync");
        let inactive = "billing/refunds.write";
        assert_eq!(asked(&server, &who, inactive).await, expected, "{words}");
        // What neither the client nor a server has is refused either way.
        let unknown = asked(&server, &who, "nobody/knows").await;
        assert_eq!(unknown, Err("invalid_scope".to_owned()), "{words}");
    }
}

#[tokio::test]
async fn the_scopes_of_others_are_refused_or_ignored() {
    for (words, expected) in [
        ("other-scope-refused", Err("invalid_grant".to_owned())),
        ("other-scope-ignored", Ok("orders/read".to_owned())),
    ] {
        let server = assuming(words).await;
        let who = server.credentials(PROD, "storefront");
        server.edit(&who, |client| {
            let scopes = json!(["orders/read"]);
            client
                .settings
                .insert("AllowedOAuthScopes".to_owned(), scopes);
        });
        let both = asked(&server, &who, "orders/read orders/write").await;
        assert_eq!(both, expected, "{words}");
    }
}

#[tokio::test]
async fn a_request_without_a_grant_type_is_invalid_or_unsupported() {
    for (words, expected) in [
        ("no-grant-type-invalid", "invalid_request"),
        ("no-grant-type-unsupported", "unsupported_grant_type"),
    ] {
        let server = assuming(words).await;
        let who = server.credentials(PROD, "storefront");
        for body in ["scope=orders%2Fread", "grant_type="] {
            let request = server.form(body).header("authorization", who.basic(0));
            let (status, body) = answer(request).await;
            assert_eq!((status.as_u16(), body), (400, json!({"error": expected})));
        }
    }
}

#[tokio::test]
async fn one_request_too_many_is_told_in_text_or_in_json() {
    for (words, in_json) in [("throttled-in-text", false), ("throttled-in-json", true)] {
        let server = assuming(words).await;
        let who = server.credentials(PROD, "storefront");
        server.suffer("token:throttle");
        let response = send(server.ask(&who, None)).await;
        assert_eq!(response.status(), 429);
        let text = response.text().await.unwrap();
        assert!(text.contains("Rate exceeded"), "{text}");
        let json = serde_json::from_str::<Value>(&text);
        assert_eq!(json.is_ok(), in_json, "{words}: {text}");
    }
}

#[tokio::test]
async fn a_get_of_the_token_endpoint_is_not_allowed_or_not_found() {
    for (words, status) in [("get-not-allowed", 405), ("get-not-found", 404)] {
        let server = assuming(words).await;
        let response = send(server.get("/oauth2/token")).await;
        assert_eq!(response.status(), status, "{words}");
    }
}

#[tokio::test]
async fn get_client_token_is_for_its_flow_or_for_any() {
    for (words, any) in [
        ("client-token-by-its-flow", false),
        ("client-token-by-any-flow", true),
    ] {
        let server = assuming(words).await;
        for (pool, client, has_flow) in [
            (DEVICES, "device-provisioner", true),
            (PROD, "storefront", false),
        ] {
            let who = server.credentials(pool, client);
            let input = json!({"ClientId": who.id, "Secret": who.secrets[0]});
            let (status, _) = answer(server.unsigned("GetClientToken", &input)).await;
            assert_eq!(status == 200, has_flow || any, "{words}: {client}");
        }
    }
}

#[tokio::test]
async fn a_token_without_the_scope_is_forbidden_or_unauthorized() {
    for (words, status) in [
        ("missing-scope-forbidden", 403),
        ("missing-scope-unauthorized", 401),
    ] {
        let server = assuming(words).await;
        let who = server.credentials(PROD, "storefront");
        let token = server.token(&who, Some("orders/read")).await;
        let call = server.post("/api/orders").bearer_auth(&token);
        assert_eq!(send(call).await.status(), status, "{words}");
        let allowed = server.get("/api/orders").bearer_auth(&token);
        assert_eq!(send(allowed).await.status(), 200, "{words}");
    }
}
