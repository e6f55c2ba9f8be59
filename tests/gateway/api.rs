//! API calls: what is sent, to whom, and what a response may do.

use cognitui::cognito::ErrorKind;
use cognitui::domain::oauth::api_call::{ApiCall, Scheme};
use secrecy::SecretString;

use crate::stub::Stub;

fn call(url: &str) -> ApiCall {
    ApiCall {
        method: "POST".to_owned(),
        url: url.to_owned(),
        body: "{\"a\":1}".to_owned(),
        scheme: Scheme::Bearer,
    }
}

#[tokio::test]
async fn the_token_goes_into_the_header_and_comes_back_masked() {
    let stub = Stub::start(|call, _| {
        let header = call.headers["authorization"].to_str().unwrap();
        (200, format!("you sent {header}"))
    })
    .await;
    let (gateway, token) = (stub.gateway().await, SecretString::from("the.jwt.text"));
    let answer = gateway.call_api(&call(&stub.url), &token).await.unwrap();
    assert_eq!(answer.body, "you sent Bearer (the token)");
    let bare = ApiCall {
        scheme: Scheme::Bare,
        ..call(&stub.url)
    };
    gateway.call_api(&bare, &token).await.unwrap();
    let calls = stub.calls();
    assert_eq!(calls[0].headers["authorization"], "Bearer the.jwt.text");
    assert_eq!(calls[1].headers["authorization"], "the.jwt.text");
    assert_eq!(calls[0].headers["content-type"], "application/json");
    assert_eq!(calls[0].body, "{\"a\":1}");
}

#[tokio::test]
async fn a_refusal_is_an_answer_and_tried_once() {
    let stub = Stub::start(|_, _| (503, "busy".to_owned())).await;
    let token = SecretString::from("t");
    let answer = stub
        .gateway()
        .await
        .call_api(&call(&stub.url), &token)
        .await
        .unwrap();
    assert_eq!((answer.status, stub.calls().len()), (503, 1));
}

#[tokio::test]
async fn a_body_without_end_is_cut_at_one_mebibyte() {
    const MIB: usize = 1024 * 1024;
    for (length, cut) in [(MIB, false), (MIB + 1, true)] {
        let stub = Stub::start(move |_, _| (200, "x".repeat(length))).await;
        let token = SecretString::from("t");
        let answer = stub
            .gateway()
            .await
            .call_api(&call(&stub.url), &token)
            .await
            .unwrap();
        assert_eq!((answer.body.len(), answer.cut), (MIB, cut));
    }
}

#[tokio::test]
async fn no_token_leaves_this_machine_without_tls() {
    let stub = Stub::start(|_, _| (200, String::new())).await;
    let gateway = stub.gateway().await;
    for url in [
        "http://api.example.com/",
        "ftp://127.0.0.1/",
        "nonsense",
        "",
    ] {
        let error = gateway
            .call_api(&call(url), &SecretString::from("t"))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid, "{url}");
    }
}
