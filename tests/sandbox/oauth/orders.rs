//! The protected API: who has access, and the errors of the others.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use cognitui::sandbox::state::SigningKey;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::oauth::server::{Credentials, PROD, Server, answer, header, send};

/// Returns a token of the right form, with any faults in it, signed with a key of the pool.
fn forge(header: &Value, claims: &Value, key: &SigningKey) -> String {
    let pair = KeyPair::from_pkcs8(&BASE64_STANDARD.decode(&key.pkcs8).unwrap()).unwrap();
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let input = format!("{}.{}", part(header), part(claims));
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        input.as_bytes(),
        &mut signature,
    )
    .unwrap();
    format!("{input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

async fn get_orders(server: &Server, token: &str) -> (u16, Value, String) {
    let response = send(
        server
            .get("/api/orders")
            .header("authorization", format!("Bearer {token}")),
    )
    .await;
    let challenge = header(&response, "www-authenticate").to_owned();
    let status = response.status().as_u16();
    let body = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    (status, body, challenge)
}

#[tokio::test]
async fn each_method_needs_its_own_scope() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    let (read, write) = (
        server.token(&who, Some("orders/read")).await,
        server.token(&who, Some("orders/write")).await,
    );
    let bearer = |token: &str| format!("Bearer {token}");
    let (status, body) = answer(
        server
            .get("/api/orders")
            .header("authorization", bearer(&read)),
    )
    .await;
    assert_eq!(status, 200);
    assert!(!body["orders"].as_array().unwrap().is_empty());
    let (status, body) = answer(
        server
            .post("/api/orders")
            .header("authorization", bearer(&write)),
    )
    .await;
    assert_eq!(status, 201);
    assert!(body["orderId"].is_string());
    for (request, token, scope) in [
        (server.get("/api/orders"), &write, "orders/read"),
        (server.post("/api/orders"), &read, "orders/write"),
    ] {
        let response = send(request.header("authorization", bearer(token))).await;
        assert_eq!(response.status(), 403);
        let challenge = header(&response, "www-authenticate");
        assert!(
            challenge.contains(r#"error="insufficient_scope""#) && challenge.contains(scope),
            "{challenge}"
        );
        assert_eq!(response.text().await.unwrap(), r#"{"message":"Forbidden"}"#);
    }
}

#[tokio::test]
async fn no_token_is_unauthorized_without_a_reason() {
    let server = Server::start().await;
    for authorization in [None, Some("Basic aWQ6c2VjcmV0"), Some("Bearer ")] {
        let mut request = server.get("/api/orders");
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        let response = send(request).await;
        assert_eq!(response.status(), 401);
        assert_eq!(header(&response, "www-authenticate"), "Bearer");
        assert_eq!(
            response.text().await.unwrap(),
            r#"{"message":"Unauthorized"}"#
        );
    }
}

#[tokio::test]
async fn each_thing_wrong_with_a_token_is_named() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    let good = server.token(&who, None).await;
    let pool = server.pool(PROD);
    let head = json!({ "kid": pool.keys[1].kid, "alg": "RS256" });
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(&good)
        .unwrap()
        .claims;
    let with = |name: &str, value: Value| {
        let mut changed = claims.clone();
        changed[name] = value;
        forge(&head, &changed, &pool.keys[1])
    };
    assert_eq!(
        get_orders(&server, &with("version", json!(2))).await.0,
        200,
        "the forge itself is good"
    );
    let issuer = |id: &str| json!(format!("https://cognito-idp.eu-west-1.amazonaws.com/{id}"));
    let devices = server.pool("iot-device-gateway").id;
    let elsewhere = json!(format!("https://evil.example/{}", pool.id));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let flipped = format!(
        "{signed}.{}{}",
        if signature.starts_with('A') { "B" } else { "A" },
        &signature[1..]
    );
    for (token, why) in [
        ("not-a-token".to_owned(), "malformed"),
        (flipped, "invalid signature"),
        (forge(&head, &claims, &pool.keys[0]), "invalid signature"),
        (
            forge(
                &json!({ "kid": pool.keys[0].kid, "alg": "RS256" }),
                &claims,
                &pool.keys[1],
            ),
            "invalid signature",
        ),
        (
            forge(
                &json!({ "kid": pool.keys[0].kid, "alg": "RS256" }),
                &claims,
                &pool.keys[0],
            ),
            "invalid signature",
        ),
        (
            forge(
                &json!({ "kid": pool.keys[1].kid, "alg": "HS256" }),
                &claims,
                &pool.keys[1],
            ),
            "signing method",
        ),
        (
            forge(
                &json!({ "kid": pool.keys[1].kid, "alg": "none" }),
                &claims,
                &pool.keys[1],
            ),
            "signing method",
        ),
        (with("iss", elsewhere), "valid issuer"),
        (with("iss", issuer("eu-west-1_Nobody")), "valid issuer"),
        (with("iss", issuer(&devices)), "valid issuer"),
        (with("exp", json!(1_000_000_000)), "expired"),
        (
            with("exp", Value::String("tomorrow".to_owned())),
            "malformed",
        ),
        (with("token_use", json!("id")), "access token"),
        (with("client_id", json!("nobody")), "valid audience"),
    ] {
        let (status, body, challenge) = get_orders(&server, &token).await;
        assert_eq!(
            (status, body),
            (401, json!({ "message": "Unauthorized" })),
            "{why}"
        );
        let start = r#"Bearer scope="" error="invalid_token" error_description=""#;
        assert!(
            challenge.starts_with(start) && challenge.contains(why),
            "{why}: {challenge}"
        );
    }
}

#[tokio::test]
async fn the_audience_ends_with_the_client() {
    let server = Server::start().await;
    let who: Credentials = server.credentials(PROD, "storefront");
    let token = server.token(&who, None).await;
    assert_eq!(get_orders(&server, &token).await.0, 200);
    server.sandbox.edit(|state| {
        let clients = &mut state.pools.get_mut(&who.pool).unwrap().clients;
        clients.retain(|client| client.id != who.id);
    });
    let (status, _, challenge) = get_orders(&server, &token).await;
    assert_eq!(status, 401);
    assert_eq!(
        challenge,
        r#"Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience""#
    );
}

#[tokio::test]
async fn there_are_two_routes_and_no_others() {
    let server = Server::start().await;
    let url = format!("{}/api/orders", server.sandbox.url());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for request in [
        http.put(&url),
        http.delete(&url),
        server.get("/api/orders/"),
        server.get("/api/orders/ord-10021"),
        server.get("/api/invoices"),
    ] {
        let (status, body) = answer(request).await;
        assert_eq!(
            (status, body),
            (StatusCode::NOT_FOUND, json!({"message": "Not Found"}))
        );
    }
}
