//! Servers that never come to an end: they are left, and the user is told why.

use std::time::{Duration, Instant};

use cognitui::cognito::ErrorKind;
use tokio::net::TcpListener;

use crate::authority::Authority;
use crate::server::{Server, http};
use crate::trust::{gateway, token};

#[tokio::test]
async fn nobody_is_waited_for_without_end() {
    // The one takes the connection and never speaks TLS, the other never answers.
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mute_url = format!("https://localhost:{}", mute.local_addr().unwrap().port());
    let authority = Authority::new();
    let slow = Server::start(authority.acceptor("localhost"), "").await;
    let slow_url = slow.url();
    let timed = async |url: &str| {
        let start = Instant::now();
        let gateway = gateway(url, Some(authority.bundle())).await;
        let error = token(&gateway, url).await.unwrap_err();
        (error, start.elapsed())
    };
    let ((connecting, after), (reading, later)) = tokio::join!(timed(&mute_url), timed(&slow_url));
    for (error, after, limit) in [(connecting, after, 5), (reading, later, 10)] {
        assert_eq!(error.kind, ErrorKind::Timeout, "{error:?}");
        let told = format!("{error} {} {}", error.detail, error.hint);
        assert!(told.contains("timed out"), "{told}");
        let limit = Duration::from_secs(limit);
        assert!(after >= limit && after < 2 * limit, "{after:?}: {error:?}");
    }
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
