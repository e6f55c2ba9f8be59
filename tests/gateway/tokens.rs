//! What a token request is on the wire, and what it never does.

use std::sync::Arc;

use cognitui::cognito::{ErrorKind, Gateway, Target};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::scope::ScopeName;
use cognitui::domain::token::{ClientAuth, TokenRequest};
use secrecy::SecretString;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::stub::{Call, Stub, target};

fn request(endpoint: &str, auth: ClientAuth, scopes: &[&str]) -> TokenRequest {
    TokenRequest {
        pool: PoolId::new("eu-west-1_A"),
        client: ClientId::new("4k2"),
        endpoint: endpoint.to_owned(),
        scopes: scopes.iter().map(|scope| ScopeName::new(*scope)).collect(),
        auth,
    }
}

/// The one request that issuing a token sends.
async fn sent(auth: ClientAuth, scopes: &[&str]) -> Call {
    let stub = Stub::start(|_, _| (400, r#"{"error":"invalid_client"}"#.to_owned())).await;
    let request = request(&format!("{}/oauth2/token", stub.url), auth, scopes);
    let reply = stub
        .gateway()
        .await
        .issue(&request, &SecretString::from("s+cret"))
        .await
        .unwrap();
    assert_eq!(
        (reply.status, reply.outcome.unwrap_err().code.as_deref()),
        (400, Some("invalid_client"))
    );
    let calls = stub.calls();
    assert_eq!(
        calls.len(),
        1,
        "a token costs money: nothing is tried twice"
    );
    calls[0].clone()
}

#[tokio::test]
async fn basic_puts_the_secret_in_the_header_alone() {
    let call = sent(ClientAuth::Basic, &["api/admin", "api/read"]).await;
    // base64 of `4k2:s+cret`
    assert_eq!(call.headers["authorization"], "Basic NGsyOnMrY3JldA==");
    assert_eq!(
        call.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(call.path, "/oauth2/token");
    assert_eq!(
        call.body,
        "grant_type=client_credentials&scope=api%2Fadmin%20api%2Fread&client_id=4k2"
    );
}

#[tokio::test]
async fn body_puts_the_secret_in_the_form_alone() {
    let call = sent(ClientAuth::Body, &[]).await;
    assert!(!call.headers.contains_key("authorization"));
    assert_eq!(
        call.body,
        "grant_type=client_credentials&client_id=4k2&client_secret=s%2Bcret"
    );
}

#[tokio::test]
async fn get_client_token_is_not_signed() {
    let call = sent(ClientAuth::Api, &["api/admin"]).await;
    assert_eq!(
        (call.operation.as_str(), call.path.as_str()),
        ("GetClientToken", "/")
    );
    assert!(!call.headers.contains_key("authorization"));
    assert_eq!(
        call.json(),
        json!({"ClientId": "4k2", "Secret": "s+cret", "Scopes": ["api/admin"]})
    );
}

/// Serves `reply` once to whoever connects, as raw bytes.
async fn raw(reply: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/oauth2/token", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(reply).await;
    });
    url
}

async fn gateway() -> Gateway {
    Gateway::connect(target("http://127.0.0.1:1"), Arc::new(|_| {}))
        .await
        .unwrap()
}

async fn issue(
    endpoint: &str,
) -> Result<cognitui::domain::token::TokenReply, cognitui::cognito::Error> {
    gateway()
        .await
        .issue(
            &request(endpoint, ClientAuth::Body, &[]),
            &SecretString::from("secret"),
        )
        .await
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_never_followed() {
    let endpoint = raw(b"HTTP/1.1 307 Temporary Redirect\r\nlocation: https://evil.example/\r\ncontent-length: 0\r\n\r\n").await;
    let reply = issue(&endpoint).await.unwrap();
    assert_eq!((reply.status, reply.outcome.unwrap_err().code), (307, None));
}

#[tokio::test]
async fn a_cut_answer_is_malformed() {
    let error =
        issue(&raw(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"access_token\":\"ey").await)
            .await
            .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let stub = Stub::start(|_, _| (200, " ".repeat(1024 * 1024 + 1))).await;
    let error = issue(&stub.url).await.unwrap_err();
    assert_eq!(
        (error.kind, error.detail.as_str()),
        (ErrorKind::Malformed, "the answer is larger than 1 MiB")
    );
}

#[tokio::test]
async fn plain_http_leaves_this_machine_never() {
    for url in [
        "http://auth.example.com/oauth2/token",
        "http://127.0.0.1.example.com/",
        "ftp://127.0.0.1/",
        "nonsense",
    ] {
        assert_eq!(
            issue(url).await.unwrap_err().kind,
            ErrorKind::Invalid,
            "{url}"
        );
    }
}

#[tokio::test]
async fn an_unknown_domain_is_told_as_one() {
    let url = "https://team.auth.eu-west-1.invalid/oauth2/token";
    let error = issue(url).await.unwrap_err();
    assert_eq!(
        (error.kind, error.resource.as_deref()),
        (ErrorKind::UnknownHost, Some(url))
    );
}

#[tokio::test]
async fn the_token_endpoint_is_the_one_given_then_the_endpoints_then_the_pools() {
    let stub = Stub::start(|_, _| {
        (
            200,
            r#"{"UserPool":{"Id":"eu-west-1_A","Domain":"team"}}"#.to_owned(),
        )
    })
    .await;
    let pool = stub
        .gateway()
        .await
        .pool(&PoolId::new("eu-west-1_A"))
        .await
        .unwrap();
    let of = async |target: Target| {
        Gateway::connect(target, Arc::new(|_| {}))
            .await
            .unwrap()
            .token_endpoint(&pool)
            .unwrap()
    };
    let local = target("http://127.0.0.1:9229/");
    let given = Target {
        token_endpoint: Some("https://given/token".to_owned()),
        ..local.clone()
    };
    let aws = Target {
        endpoint_url: None,
        ..local.clone()
    };
    assert_eq!(of(given).await, "https://given/token");
    assert_eq!(of(local).await, "http://127.0.0.1:9229/oauth2/token");
    assert_eq!(
        of(aws).await,
        "https://team.auth.eu-west-1.amazoncognito.com/oauth2/token"
    );
}
