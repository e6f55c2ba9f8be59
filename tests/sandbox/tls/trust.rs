//! Certificates: which are accepted, in each of the three kinds of connections.

use std::collections::BTreeMap;
use std::sync::Arc;

use cognitui::cognito::{CaBundle, Credentials, Error, ErrorKind, Gateway, Target};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::oauth::api_call::{ApiCall, Scheme};
use cognitui::domain::oauth::token::{ClientAuth, TokenRequest};
use secrecy::SecretString;
use tokio::net::TcpListener;

use crate::tls::authority::Authority;
use crate::tls::server::{self, Server, http};

const SECRET: &str = "0123456789abcdefghijklmnopqrstuv";

/// Connects; Cognito and token endpoint are one server.
pub async fn gateway(url: &str, ca_bundle: Option<CaBundle>) -> Gateway {
    let target = target(url, ca_bundle);
    Gateway::connect(target, Arc::new(|_| {})).await.unwrap()
}

pub fn target(url: &str, ca_bundle: Option<CaBundle>) -> Target {
    Target {
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(url.to_owned()),
        ca_bundle,
        credentials: Some(Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: SecretString::from("an example, not a key"),
        }),
        ..Target::default()
    }
}

/// Requests a token; returns the status of the response.
pub async fn token(gateway: &Gateway, url: &str) -> Result<u16, Error> {
    let request = TokenRequest {
        pool: PoolId::new("eu-west-1_A"),
        client: ClientId::new("4k2"),
        endpoint: format!("{url}/oauth2/token"),
        scopes: Vec::new(),
        auth: ClientAuth::Body,
        metadata: BTreeMap::new(),
    };
    let reply = gateway.issue(&request, &SECRET.to_owned().into()).await?;
    Ok(reply.exchange.status)
}

/// Returns the results of an AWS operation, a token request and an API call on a server.
async fn three(url: &str, bundle: Option<CaBundle>) -> [Result<(), Error>; 3] {
    let gateway = gateway(url, bundle).await;
    let call = ApiCall {
        method: "GET".to_owned(),
        url: format!("{url}/orders"),
        scheme: Scheme::Bearer,
        body: String::new(),
    };
    let pool = PoolId::new("eu-west-1_A");
    [
        gateway.clients(&pool, None).await.map(drop),
        token(&gateway, url).await.map(drop),
        gateway
            .call_api(&call, &SECRET.to_owned().into())
            .await
            .map(drop),
    ]
}

/// Checks that all of them refuse to send anything there.
async fn refused(server: &Server, bundle: Option<CaBundle>, why: &str) {
    for outcome in three(&server.url(), bundle).await {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Tls, "{error:?}");
        assert!(error.detail.contains(why), "{error:?}");
        assert!(error.hint.contains("--ca-bundle"), "{error:?}");
    }
    assert_eq!(server.heard(), "");
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_once_it_is_named() {
    let authority = Authority::new();
    let answer = http("200 OK", "{\"UserPoolClients\":[]}");
    let server = Server::start(authority.acceptor("localhost"), &answer).await;
    refused(&server, None, "UnknownIssuer").await;
    refused(&server, Some(Authority::new().bundle()), "UnknownIssuer").await;
    for outcome in three(&server.url(), Some(authority.bundle())).await {
        outcome.unwrap();
    }
    let heard = server.heard();
    for word in ["ListUserPoolClients", SECRET, "GET /orders"] {
        assert!(heard.contains(word), "no {word} in {heard}");
    }
}

#[tokio::test]
async fn a_named_authority_changes_no_other_check() {
    let authority = Authority::new();
    let bundle = || Some(authority.bundle());
    let answer = http("200 OK", "{}");
    let elsewhere = Server::start(authority.acceptor("elsewhere.example"), &answer).await;
    refused(&elsewhere, bundle(), "not valid for name").await;
    let expired = Server::start(authority.acceptor_until("localhost", 2020), &answer).await;
    refused(&expired, bundle(), "expired").await;
}

/// A server that accepts no TLS newer than 1.1: its first message says so.
#[tokio::test]
async fn tls_1_1_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    let (sender, mut said) = tokio::sync::mpsc::unbounded_channel();
    let server = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let sender = sender.clone();
            tokio::spawn(async move {
                use tokio::io::{AsyncReadExt, AsyncWriteExt};
                let mut hello = [0; 4096];
                let _ = stream.read(&mut hello).await;
                // A handshake record with a ServerHello of TLS 1.1 that picks ECDHE with AES-128.
                let mut answer = vec![22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
                answer.extend([7; 32]);
                answer.extend([0, 0xc0, 0x2f, 0]);
                let _ = stream.write_all(&answer).await;
                let mut rest = Vec::new();
                let _ = stream.read_to_end(&mut rest).await;
                let _ = sender.send(rest);
            });
        }
    });
    for outcome in three(&url, None).await {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Tls, "{error:?}");
        let rest = said.recv().await.unwrap();
        // An alert, which says "protocol version", and nothing else.
        assert_eq!(
            (rest.first(), rest.last()),
            (Some(&21), Some(&70)),
            "{rest:?}"
        );
        assert_eq!(rest.len(), 7, "{rest:?}");
    }
    server.abort();
}

#[tokio::test]
async fn a_redirect_gets_no_secret() {
    let authority = Authority::new();
    let thief = Server::start(authority.acceptor("localhost"), &http("200 OK", "{}")).await;
    for status in [
        "301 Moved",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let answer = format!(
            "HTTP/1.1 {status}\r\nlocation: {}/oauth2/token\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            thief.url()
        );
        let server = Server::start(authority.acceptor("localhost"), &answer).await;
        let gateway = gateway(&server.url(), Some(authority.bundle())).await;
        let answered = token(&gateway, &server.url()).await.unwrap();
        assert_eq!(
            Some(answered.to_string().as_str()),
            status.split(' ').next()
        );
        assert!(server.heard().contains(SECRET));
        // AWS's own calls carry a signature, and what they change.
        gateway
            .clients(&PoolId::new("eu-west-1_A"), None)
            .await
            .unwrap_err();
    }
    assert_eq!(thief.heard(), "");
}

#[tokio::test]
async fn what_a_server_hears_is_a_whole_request() {
    let mut bytes: &[u8] = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
    let heard = server::request(&mut bytes).await.unwrap();
    assert!(heard.ends_with("abc"));
    let mut cut: &[u8] = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\na";
    assert_eq!(server::request(&mut cut).await, None);
}
