//! Servers that never finish: the program stops waiting, and the user is told why.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cognitui::cognito::{ErrorKind, Gateway, Target};
use tokio::net::TcpListener;

use crate::tls::authority::Authority;
use crate::tls::server::{Server, http};
use crate::tls::trust::{gateway, target, token};

#[tokio::test]
async fn nobody_is_waited_for_without_end() {
    // The one takes the connection and never speaks TLS, the other never answers.
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mute_url = format!("https://localhost:{}", mute.local_addr().unwrap().port());
    let authority = Authority::new();
    let slow = Server::start(authority.acceptor("localhost"), "").await;
    let slow_url = slow.url();
    let patience = Duration::from_secs(2);
    let timed = async |url: &str| {
        let target = Target {
            timeout: Some(patience),
            ..target(url, Some(authority.bundle()))
        };
        let gateway = Gateway::connect(target, Arc::new(|_| {})).await.unwrap();
        let start = Instant::now();
        let (token, pools) = tokio::join!(token(&gateway, url), gateway.pools(None));
        ([token.unwrap_err(), pools.unwrap_err()], start.elapsed())
    };
    let ((connecting, _), (reading, after)) = tokio::join!(timed(&mute_url), timed(&slow_url));
    for error in connecting.into_iter().chain(reading) {
        assert_eq!(error.kind, ErrorKind::Timeout, "{error:?}");
        assert!(error.hint.contains("--timeout"), "{error:?}");
    }
    assert!(after >= patience && after < 10 * patience, "{after:?}");
    drop(mute);
}

#[tokio::test]
async fn an_answer_beyond_a_mebibyte_is_none() {
    let authority = Authority::new();
    let answer = http("200 OK", &" ".repeat(1024 * 1024 + 1));
    let server = Server::start(authority.acceptor("localhost"), &answer).await;
    let gateway = gateway(&server.url(), Some(authority.bundle())).await;
    let error = token(&gateway, &server.url()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
    assert!(error.detail.contains("1 MiB"), "{error:?}");
}
