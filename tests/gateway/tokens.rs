//! The HTTP form of a token request, and what it must never do.

use std::collections::BTreeMap;
use std::sync::Arc;

use cognitui::cognito::{ErrorKind, Gateway, Target};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::oauth::exchange::{Exchange, MASK};
use cognitui::domain::oauth::token::{ClientAuth, TokenRequest, Verification};
use cognitui::domain::scope::ScopeName;
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
        metadata: BTreeMap::new(),
    }
}

/// Returns the only request that issuing a token sends.
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
        (
            reply.exchange.status,
            reply.outcome.unwrap_err().code.as_deref()
        ),
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

/// Returns the exchange of a request with the secret, and the received request.
async fn exchange(auth: ClientAuth, answer: (u16, String)) -> (Exchange, Call) {
    let stub = Stub::start(move |_, _| answer.clone()).await;
    let request = request(&format!("{}/oauth2/token", stub.url), auth, &["api/admin"]);
    let secret = SecretString::from(SECRET);
    let reply = stub.gateway().await.issue(&request, &secret).await.unwrap();
    (reply.exchange, stub.calls()[0].clone())
}

const SECRET: &str = "0123456789abcdefghij+lmnopqrstuv";
const JWT: &str = "eyJraWQiOiJrIiwiYWxnIjoiUlMyNTYifQ.eyJzY29wZSI6ImFwaS9hZG1pbiJ9.c2ln";

#[tokio::test]
async fn the_exchange_is_what_went_over_the_wire_but_for_secret_and_token() {
    for auth in [ClientAuth::Basic, ClientAuth::Body, ClientAuth::Api] {
        let issued = if auth == ClientAuth::Api {
            json!({"ClientAuthenticationResult": {"AccessToken": JWT, "ExpiresIn": 60}})
        } else {
            json!({"access_token": JWT, "expires_in": 60})
        }
        .to_string();
        let (told, call) = exchange(auth, (200, issued.clone())).await;

        let told_names: BTreeMap<&str, &str> = told
            .request_headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(told_names.len(), told.request_headers.len());
        let mut arrived: BTreeMap<&str, &str> = call
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
            .collect();
        let masked = format!("Basic {MASK}");
        if auth == ClientAuth::Basic {
            assert!(arrived.insert("authorization", &masked).is_some());
        }
        assert_eq!(told_names, arrived, "{auth:?}");

        let body = call
            .body
            .replace("0123456789abcdefghij%2Blmnopqrstuv", MASK)
            .replace(SECRET, MASK);
        assert_eq!(told.request_body, body, "{auth:?}");
        assert_eq!(told.response_body, issued.replace(JWT, MASK));
        assert!(told.url.ends_with(&call.path), "{}", told.url);
        assert_eq!((told.method, told.status), ("POST", 200));
        let length = issued.len().to_string();
        let has_length =
            |(name, value): &(String, String)| name == "content-length" && *value == length;
        assert!(told.response_headers.iter().any(has_length));

        let all = format!("{told:?}");
        for leak in ["0123456789abcdefghij", "NGsyOjAx", "c2ln"] {
            assert!(!all.contains(leak), "{auth:?}: {leak} in {all}");
        }
    }
}

#[tokio::test]
async fn a_refusal_that_sends_the_secret_back_is_masked_everywhere() {
    let echo = format!(
        r#"{{"error":"invalid_request","error_description":"not {SECRET}","you_sent":"{SECRET}"}}"#
    );
    let stub = Stub::start(move |_, _| (400, echo.clone())).await;
    let request = request(&format!("{}/t", stub.url), ClientAuth::Body, &[]);
    let secret = SecretString::from(SECRET);
    let reply = stub.gateway().await.issue(&request, &secret).await.unwrap();
    assert!(reply.exchange.response_body.contains(MASK));
    assert!(!format!("{reply:?}").contains("abcdefghij"), "{reply:?}");
}

#[tokio::test]
async fn metadata_goes_along_each_of_the_three_ways() {
    let sent = async |auth| {
        let stub = Stub::start(|_, _| (400, r#"{"error":"x"}"#.to_owned())).await;
        let mut request = request(&format!("{}/t", stub.url), auth, &[]);
        request.metadata = BTreeMap::from([
            ("env".to_owned(), "prod & test".to_owned()),
            ("a".to_owned(), "\"".to_owned()),
        ]);
        let secret = SecretString::from("s");
        stub.gateway().await.issue(&request, &secret).await.unwrap();
        stub.calls()[0].clone()
    };
    let expected = json!({"env": "prod & test", "a": "\""});
    for auth in [ClientAuth::Basic, ClientAuth::Body] {
        let body = sent(auth).await.body;
        let form: BTreeMap<_, _> = form_urlencoded::parse(body.as_bytes()).collect();
        let metadata: serde_json::Value =
            serde_json::from_str(&form["aws_client_metadata"]).unwrap();
        assert_eq!(metadata, expected);
    }
    assert_eq!(
        sent(ClientAuth::Api).await.json()["ClientMetadata"],
        expected
    );
}

/// Verifies a token of the pool with keys from `endpoint`.
async fn verify_at(endpoint: &str) -> Verification {
    let pool = r#"{"UserPool":{"Id":"eu-west-1_A"}}"#;
    let stub = Stub::start(|_, _| (200, pool.to_owned())).await;
    let read = stub.gateway().await.pool(&PoolId::new("eu-west-1_A")).await;
    // {"alg":"RS256","kid":"k"} and no claims
    let token = SecretString::from("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.c2ln");
    let gateway = Gateway::connect(target(endpoint), Arc::new(|_| {})).await;
    gateway.unwrap().verify(&token, &read.unwrap()).await
}

#[tokio::test]
async fn keys_are_not_taken_from_where_a_redirect_leads() {
    let elsewhere = Stub::start(|_, _| (200, r#"{"keys":[]}"#.to_owned())).await;
    let redirect = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: {}/keys\r\ncontent-length: 0\r\n\r\n",
        elsewhere.url
    );
    let endpoint = raw(redirect).await;
    let verdict = verify_at(endpoint.trim_end_matches("/oauth2/token")).await;
    assert!(
        matches!(&verdict, Verification::Unknown { reason } if reason.contains("HTTP status 307")),
        "{verdict:?}"
    );
    assert_eq!(elsewhere.calls().len(), 0);
}

#[tokio::test]
async fn keys_without_end_are_given_up() {
    let stub = Stub::start(|_, _| (200, " ".repeat(1024 * 1024 + 1))).await;
    let verdict = verify_at(&stub.url).await;
    assert!(
        matches!(&verdict, Verification::Unknown { reason } if reason.contains("larger than 1 MiB")),
        "{verdict:?}"
    );
}

/// Returns the TLS versions that a ClientHello offers in its `supported_versions` extension (RFC 8446, section 4.2.1).
fn offered(hello: &[u8]) -> Vec<[u8; 2]> {
    let at = hello
        .windows(5)
        .position(|w| w[..2] == [0, 43] && w[3] == w[4] + 1 && w[2] == 0)
        .unwrap();
    let length = usize::from(hello[at + 4]);
    let list = &hello[at + 5..at + 5 + length];
    list.chunks(2).map(|pair| [pair[0], pair[1]]).collect()
}

#[tokio::test]
async fn no_tls_older_than_1_2_is_offered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/oauth2/token", listener.local_addr().unwrap());
    let hello = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = vec![0; 4096];
        let length = stream.read(&mut hello).await.unwrap();
        hello.truncate(length);
        hello
    });
    assert!(issue(&url).await.is_err());
    let mut versions = offered(&hello.await.unwrap());
    versions.sort_unstable();
    assert_eq!(versions, [[3, 3], [3, 4]], "1.2 and 1.3");
}

/// Serves `reply` once to any connection, as raw bytes.
async fn raw(reply: impl Into<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/oauth2/token", listener.local_addr().unwrap());
    let reply = reply.into();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(&reply).await;
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
) -> Result<cognitui::domain::oauth::token::TokenAnswer, cognitui::cognito::Error> {
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
    assert_eq!(
        (reply.exchange.status, reply.outcome.unwrap_err().code),
        (307, None)
    );
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
        (ErrorKind::Malformed, "the response is larger than 1 MiB")
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

/// The text of an address says nothing about the failure there.
#[tokio::test]
async fn a_refused_connection_is_told_as_one_whatever_the_address_is_called() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    for path in ["tls-deadline", "certificate/timeout", "no%20such%20host"] {
        let error = issue(&format!("http://{address}/{path}"))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Connect, "{path}: {error:?}");
    }
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
    // Only there, and at either of a pool's own domains, may a secret go.
    let check = async |target: Target, url: &str| {
        let gateway = Gateway::connect(target, Arc::new(|_| {})).await.unwrap();
        gateway
            .check_endpoint(&pool, url)
            .map_err(|error| error.kind)
    };
    let own = "https://team.auth.eu-west-1.amazoncognito.com/oauth2/token";
    assert_eq!(check(aws.clone(), own).await, Ok(()));
    for foreign in [
        "https://other.auth.eu-west-1.amazoncognito.com/oauth2/token",
        "https://team.auth.eu-west-1.amazoncognito.com.evil.example/oauth2/token",
        "https://team.auth.eu-west-1.amazoncognito.com/elsewhere",
        "",
    ] {
        let refused = check(aws.clone(), foreign).await;
        assert_eq!(refused, Err(ErrorKind::Invalid), "{foreign}");
    }
    assert_eq!(check(given.clone(), "https://given/token").await, Ok(()));
    assert_eq!(check(given.clone(), own).await, Err(ErrorKind::Invalid));
    assert_eq!(of(given).await, "https://given/token");
    assert_eq!(of(local).await, "http://127.0.0.1:9229/oauth2/token");
    assert_eq!(
        of(aws).await,
        "https://team.auth.eu-west-1.amazoncognito.com/oauth2/token"
    );
}
