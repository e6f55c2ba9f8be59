//! Every fault, as a client sees it.

use std::time::{Duration, Instant};

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::oauth::server::{PROD, Server, answer, header, send};

async fn with(faults: &str) -> Server {
    let server = Server::start().await;
    server.suffer(faults);
    server
}

fn call(server: &Server, operation: &str) -> RequestBuilder {
    let id = server.pool(PROD).id;
    match operation {
        "ListUserPools" => server.call(operation, &json!({ "MaxResults": 60 })),
        _ => server.call(operation, &json!({ "UserPoolId": id })),
    }
}

#[tokio::test]
async fn refusals_have_the_names_texts_and_envelope_of_aws() {
    for (fault, status, name, message) in [
        ("throttle", 400, "TooManyRequestsException", "Rate exceeded"),
        ("500", 500, "InternalErrorException", "Something went wrong"),
        (
            "503",
            503,
            "ServiceUnavailableException",
            "Service is unavailable",
        ),
        (
            "expired",
            400,
            "ExpiredTokenException",
            "The security token included in the request is expired",
        ),
        (
            "unrecognized",
            400,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        ),
        (
            "access-denied",
            400,
            "AccessDeniedException",
            "User: arn:aws:sts::123456789012:assumed-role/ReadOnly/console is not authorized to perform: \
             cognito-idp:DescribeUserPool on resource: arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Pr0dAcm3X \
             because no identity-based policy allows the cognito-idp:DescribeUserPool action",
        ),
    ] {
        let server = with(fault).await;
        let response = send(call(&server, "DescribeUserPool")).await;
        assert_eq!(response.status(), status, "{fault}");
        assert_eq!(header(&response, "x-amzn-errortype"), format!("{name}:"));
        assert_eq!(header(&response, "x-amzn-errormessage"), message);
        assert_eq!(header(&response, "x-amzn-requestid").len(), 36);
        assert_eq!(
            header(&response, "content-type"),
            "application/x-amz-json-1.1"
        );
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!(body, json!({ "__type": name, "message": message }));
    }
}

#[tokio::test]
async fn sts_refuses_in_xml() {
    for (fault, status, code) in [
        ("expired", 403, "ExpiredToken"),
        ("unrecognized", 403, "InvalidClientTokenId"),
        ("access-denied", 403, "AccessDenied"),
        ("throttle", 400, "Throttling"),
        ("500", 500, "InternalFailure"),
        ("503", 503, "ServiceUnavailable"),
    ] {
        let server = with(&format!("GetCallerIdentity:{fault}")).await;
        let response = send(server.post("/").body("Action=GetCallerIdentity")).await;
        assert_eq!(response.status(), status, "{fault}");
        assert!(
            response
                .text()
                .await
                .unwrap()
                .contains(&format!("<Code>{code}</Code>"))
        );
    }
}

#[tokio::test]
async fn a_fault_meets_its_own_operation_only_and_as_often_as_asked() {
    let server = with("ListUserPools:throttle*2").await;
    assert_eq!(answer(call(&server, "DescribeUserPool")).await.0, 200);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(answer(call(&server, "ListUserPools")).await.0.as_u16());
    }
    assert_eq!(statuses, [400, 400, 200]);
}

#[tokio::test]
async fn each_oauth_route_can_fail_alone() {
    let server = with("token:throttle").await;
    let who = server.credentials(PROD, "storefront");
    let jwks = format!("/{}/.well-known/jwks.json", who.pool);
    let statuses = async || {
        [
            send(server.ask(&who, None)).await.status().as_u16(),
            send(server.get(&jwks)).await.status().as_u16(),
            send(server.get("/api/orders")).await.status().as_u16(),
        ]
    };
    assert_eq!(statuses().await, [429, 200, 401]);
    server.suffer("jwks:500");
    assert_eq!(statuses().await, [200, 500, 401]);
    server.suffer("api:503");
    assert_eq!(statuses().await, [200, 200, 503]);
    server.sandbox.faults().clear();
    assert_eq!(statuses().await, [200, 200, 401]);
}

#[tokio::test]
async fn a_failure_is_never_in_another_protocols_words() {
    let server = with("500*3,503*3,throttle*3").await;
    let who = server.credentials(PROD, "storefront");
    let jwks = format!("/{}/.well-known/jwks.json", who.pool);
    for (status, text, message) in [
        (500, "Internal Server Error", "Internal Server Error"),
        (503, "Service Unavailable", "Service Unavailable"),
        (429, "Rate exceeded", "Too Many Requests"),
    ] {
        for request in [server.ask(&who, None), server.get(&jwks)] {
            let response = send(request).await;
            assert_eq!(response.status(), status);
            assert_eq!(response.text().await.unwrap(), text);
        }
        let (code, body) = answer(server.get("/api/orders")).await;
        assert_eq!(code, status);
        assert_eq!(body, json!({"message": message}));
    }
}

#[tokio::test]
async fn a_cut_connection_gives_a_head_and_no_whole_body() {
    let server = with("cut").await;
    let who = server.credentials(PROD, "storefront");
    for request in [server.ask(&who, None), call(&server, "ListUserPools")] {
        let response = send(request).await;
        assert_eq!(response.status(), 200);
        let length = response.content_length();
        assert!(length.is_some_and(|length| length > 0));
        assert!(response.text().await.is_err(), "the body must not be whole");
    }
}

#[tokio::test]
async fn a_truncated_body_is_whole_as_http_and_half_as_json() {
    let server = with("truncate").await;
    let who = server.credentials(PROD, "storefront");
    let text = send(server.ask(&who, None)).await.text().await.unwrap();
    assert!(text.starts_with(r#"{"access_token":"#));
    assert!(serde_json::from_str::<Value>(&text).is_err());
}

#[tokio::test]
async fn a_proxys_page_is_no_json() {
    let server = with("html").await;
    let response = send(call(&server, "ListUserPools")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "text/html");
    assert!(
        response
            .text()
            .await
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );
}

#[tokio::test]
async fn latency_delays_and_then_answers() {
    let server = with("latency=30ms,latency=30ms").await;
    let start = Instant::now();
    assert_eq!(answer(call(&server, "ListUserPools")).await.0, 200);
    assert!(start.elapsed() >= Duration::from_millis(60));
}
