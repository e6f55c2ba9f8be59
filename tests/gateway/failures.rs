//! Every failure names the operation, the resource and the way out.

use std::sync::Arc;

use cognitui::cognito::{Error, ErrorKind, Gateway};
use cognitui::domain::ids::{ClientId, PoolId};
use tokio::net::TcpListener;

use crate::stub::{Stub, target};

/// Describes a client with this response, and returns the error.
async fn describe(status: u16, body: &str) -> Error {
    let body = body.to_owned();
    let stub = Stub::start(move |_, _| (status, body.clone())).await;
    client(&stub.gateway().await).await
}

async fn client(gateway: &Gateway) -> Error {
    let error = gateway
        .client(&PoolId::new("eu-west-1_A"), &ClientId::new("4k2"))
        .await
        .unwrap_err();
    assert_eq!(error.operation, "DescribeUserPoolClient");
    error
}

fn aws(kind: &str, message: &str) -> String {
    serde_json::json!({"__type": kind, "message": message}).to_string()
}

#[tokio::test]
async fn a_denied_call_names_the_iam_action() {
    let message = "User: arn:aws:iam::1:user/x is not authorized to perform: cognito-idp:DescribeUserPoolClient on resource: y";
    let error = describe(400, &aws("AccessDeniedException", message)).await;
    let action = "cognito-idp:DescribeUserPoolClient".to_owned();
    assert_eq!(error.kind, ErrorKind::AccessDenied { action });
    assert_eq!(
        error.hint,
        "Ask for the IAM permission cognito-idp:DescribeUserPoolClient."
    );
    assert_eq!(
        error.to_string(),
        "DescribeUserPoolClient: access denied · eu-west-1_A/4k2"
    );
    assert_eq!(error.detail, message);

    let unnamed = describe(400, &aws("AccessDeniedException", "no")).await;
    assert_eq!(unnamed.kind, error.kind);
}

#[tokio::test]
async fn each_aws_error_has_its_kind() {
    for (name, message, kind) in [
        (
            "ResourceNotFoundException",
            "User pool client 4k2 does not exist.",
            ErrorKind::NotFound,
        ),
        ("LimitExceededException", "", ErrorKind::LimitExceeded),
        ("ConcurrentModificationException", "", ErrorKind::Changed),
        (
            "InvalidParameterException",
            "api already exists in user pool x.",
            ErrorKind::Conflict,
        ),
        (
            "InvalidParameterException",
            "1 validation error detected",
            ErrorKind::Invalid,
        ),
        (
            "UnrecognizedClientException",
            "The security token is invalid",
            ErrorKind::RejectedCredentials,
        ),
        (
            "ExpiredTokenException",
            "The security token is expired",
            ErrorKind::ExpiredCredentials { sign_in: None },
        ),
    ] {
        let error = describe(400, &aws(name, message)).await;
        assert_eq!(error.kind, kind, "{name}");
        assert!(!error.hint.is_empty() && !error.detail.is_empty(), "{name}");
    }
}

#[tokio::test]
async fn a_fault_of_the_service_is_told_as_one() {
    assert_eq!(
        describe(500, &aws("InternalErrorException", "")).await.kind,
        ErrorKind::Service
    );
    assert_eq!(describe(503, "<html>").await.kind, ErrorKind::Service);
}

#[tokio::test]
async fn an_answer_that_is_none_is_malformed() {
    for body in [
        "<html>a proxy</html>",
        "{\"UserPoolClient\": {\"Clie",
        "{}",
        "[]",
        "",
    ] {
        assert_eq!(
            describe(200, body).await.kind,
            ErrorKind::Malformed,
            "{body:?}"
        );
    }
    assert_eq!(describe(404, "<html>").await.kind, ErrorKind::Malformed);
}

async fn at(endpoint: &str) -> Error {
    client(
        &Gateway::connect(target(endpoint), Arc::new(|_| {}))
            .await
            .unwrap(),
    )
    .await
}

#[tokio::test]
async fn a_dead_endpoint_is_named() {
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let error = at(&endpoint).await;
    assert_eq!(error.kind, ErrorKind::Connect, "{error:?}");
    assert_eq!(
        error.hint,
        format!("Check that a server listens at {endpoint}.")
    );
}

#[tokio::test]
async fn an_unknown_host_is_told_from_a_dead_one() {
    let error = at("https://cognito.invalid").await;
    assert_eq!(error.kind, ErrorKind::UnknownHost, "{error:?}");
    assert!(error.hint.contains("cognito.invalid"));
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_a_tls_error() {
    let stub = Stub::start(|_, _| (200, String::new())).await;
    let error = at(&stub.url.replace("http:", "https:")).await;
    assert_eq!(error.kind, ErrorKind::Tls, "{error:?}");
}

#[tokio::test]
async fn a_connection_that_is_cut_is_no_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let error = at(&endpoint).await;
    assert_eq!(error.kind, ErrorKind::Connect, "{error:?}");
}

#[tokio::test]
async fn a_domain_that_does_not_exist_is_no_domain() {
    let stub = Stub::start(|call, _| {
        let pool = r#"{"UserPool":{"Id":"eu-west-1_A","Domain":"gone","CustomDomain":"auth.example.com"}}"#;
        let custom = r#"{"DomainDescription":{"Domain":"auth.example.com","CloudFrontDistribution":"d1.cloudfront.net"}}"#;
        let body = match call.operation.as_str() {
            "DescribeUserPool" => pool,
            _ if call.body.contains("gone") => r#"{"DomainDescription":{}}"#,
            _ => custom,
        };
        (200, body.to_owned())
    })
    .await;
    let gateway = stub.gateway().await;
    let pool = gateway.pool(&PoolId::new("eu-west-1_A")).await.unwrap();
    let domains = gateway.domains(&pool).await.unwrap();
    assert_eq!(domains.len(), 1);
    assert!(domains[0].custom);
    assert_eq!(domains[0].cloudfront.as_deref(), Some("d1.cloudfront.net"));
}
