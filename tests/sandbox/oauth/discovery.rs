//! JWKS and discovery, and tokens that a third-party library verifies with them.

use std::collections::BTreeSet;

use cognitui::sandbox::Options;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use crate::oauth::server::{DEVICES, PROD, Server, answer};

#[tokio::test]
async fn a_token_verifies_with_the_key_its_kid_names_and_says_what_awss_say() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    let token = server.token(&who, Some("orders/read orders/write")).await;
    let (status, body) = answer(server.get(&format!("/{}/.well-known/jwks.json", who.pool))).await;
    assert_eq!(status, 200);
    assert_eq!(body["keys"].as_array().unwrap().len(), 2);
    for key in body["keys"].as_array().unwrap() {
        assert_eq!(key["kid"].as_str().unwrap().len(), 44);
        assert_eq!(
            (&key["alg"], &key["kty"], &key["use"], &key["e"]),
            (
                &json!("RS256"),
                &json!("RSA"),
                &json!("sig"),
                &json!("AQAB")
            )
        );
    }
    let keys: JwkSet = serde_json::from_value(body).unwrap();
    let header = decode_header(&token).unwrap();
    assert_eq!((header.alg, header.typ), (Algorithm::RS256, None));
    let kid = header.kid.unwrap();
    let mut rules = Validation::new(Algorithm::RS256);
    let issuer = format!("https://cognito-idp.eu-west-1.amazonaws.com/{}", who.pool);
    rules.set_issuer(&[&issuer]);
    for key in &keys.keys {
        let verified = decode::<Value>(&token, &DecodingKey::from_jwk(key).unwrap(), &rules);
        assert_eq!(verified.is_ok(), key.common.key_id.as_ref() == Some(&kid));
    }
    let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
    let claims = decode::<Value>(&token, &key, &rules).unwrap().claims;
    let names: BTreeSet<&str> = claims
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "auth_time",
        "client_id",
        "exp",
        "iat",
        "iss",
        "jti",
        "scope",
        "sub",
        "token_use",
        "version",
    ];
    assert_eq!(names, expected.into());
    assert_eq!(claims["sub"], who.id);
    assert_eq!(claims["client_id"], who.id);
    assert_eq!(claims["token_use"], "access");
    assert_eq!(claims["scope"], "orders/read orders/write");
    assert_eq!(claims["version"], 2);
    assert_eq!(claims["auth_time"], claims["iat"]);
}

#[tokio::test]
async fn keys_are_made_once_even_by_many_at_once() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    let path = format!("/{}/.well-known/jwks.json", who.pool);
    let (one, two, token) = tokio::join!(
        answer(server.get(&path)),
        answer(server.get(&path)),
        server.token(&who, None)
    );
    assert_eq!(one, two);
    assert_eq!(one, answer(server.get(&path)).await);
    let kid = decode_header(&token).unwrap().kid.unwrap();
    assert_eq!(one.1["keys"][1]["kid"], kid);
    assert_eq!(server.state().pools[&who.pool].keys.len(), 2);
}

#[tokio::test]
async fn keys_outlive_the_server_where_it_keeps_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        state_file: Some(folder.path().join("state.json")),
        ..Options::default()
    };
    let server = Server::with(options.clone()).await;
    let path = format!("/{}/.well-known/jwks.json", server.pool(PROD).id);
    let before = answer(server.get(&path)).await;
    server.sandbox.stop().await.unwrap();
    let again = Server::with(options).await;
    assert_eq!(answer(again.get(&path)).await, before);
}

#[tokio::test]
async fn discovery_advertises_the_custom_domain_or_the_prefix_or_no_token_endpoint() {
    let server = Server::start().await;
    for (pool, endpoint) in [
        (PROD, json!("https://auth.acme.example/oauth2/token")),
        (
            "acme-platform-staging",
            json!("https://acme-platform-staging.auth.eu-west-1.amazoncognito.com/oauth2/token"),
        ),
        (DEVICES, Value::Null),
    ] {
        let id = server.pool(pool).id;
        let (_, body) =
            answer(server.get(&format!("/{id}/.well-known/openid-configuration"))).await;
        let issuer = format!("https://cognito-idp.eu-west-1.amazonaws.com/{id}");
        assert_eq!(body["jwks_uri"], format!("{issuer}/.well-known/jwks.json"));
        assert_eq!(body["issuer"], issuer);
        assert_eq!(body["token_endpoint"], endpoint, "{pool}");
    }
}

#[tokio::test]
async fn an_updated_issuer_is_in_discovery_and_tokens_alike() {
    let server = Server::start().await;
    let who = server.credentials("employee-sso", "badge-printer");
    let issuer = format!(
        "https://issuer-cognito-idp.eu-west-1.amazonaws.com/{}",
        who.pool
    );
    let (_, body) =
        answer(server.get(&format!("/{}/.well-known/openid-configuration", who.pool))).await;
    assert_eq!(body["issuer"], issuer);
    let token = server.token(&who, None).await;
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(&token)
        .unwrap()
        .claims;
    assert_eq!(claims["iss"], issuer);
}

#[tokio::test]
async fn an_unknown_pool_has_neither_keys_nor_discovery() {
    let server = Server::start().await;
    for document in ["jwks.json", "openid-configuration"] {
        let (status, body) =
            answer(server.get(&format!("/eu-west-1_Nobody/.well-known/{document}"))).await;
        assert_eq!(status, 404);
        assert_eq!(
            body["message"],
            "User pool eu-west-1_Nobody does not exist."
        );
    }
}
