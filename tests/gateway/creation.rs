//! The creation of a client: what is sent, and that it is sent once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cognitui::cognito::{ErrorKind, Gateway};
use cognitui::domain::ids::PoolId;
use cognitui::domain::new_client::machine_auth;
use tokio::net::TcpListener;

use crate::stub::{Answer, Stub, target};

const THROTTLED: &str = r#"{"__type":"TooManyRequestsException","message":"Rate exceeded"}"#;
const MADE: &str =
    r#"{"UserPoolClient":{"ClientId":"4k2","ClientName":"machine_auth","ClientSecret":"x"}}"#;

#[tokio::test]
async fn a_client_is_made_once_even_where_the_answer_is_lost() {
    for (status, body) in [
        (500, r#"{"__type":"InternalErrorException"}"#),
        (503, ""),
        (200, "cut off"),
    ] {
        let stub = Stub::start(move |_, _| answer(status, body)).await;
        let pool = PoolId::new("eu-west-1_A");
        let error = stub
            .gateway()
            .await
            .create_client(&pool, &machine_auth())
            .await
            .unwrap_err();
        assert_eq!(stub.calls().len(), 1, "{status} {body}");
        assert!(error.hint.contains("may have been created"), "{error:?}");
    }
}

#[tokio::test]
async fn a_client_is_made_once_even_where_the_connection_is_cut() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    let gateway = Gateway::connect(target(&endpoint), Arc::new(|_| {}))
        .await
        .unwrap();
    let error = gateway
        .create_client(&PoolId::new("eu-west-1_A"), &machine_auth())
        .await
        .unwrap_err();
    assert_eq!(
        (connections.load(Ordering::Relaxed), &error.kind),
        (1, &ErrorKind::Connect)
    );
    assert!(error.hint.contains("may have been created"), "{error:?}");
}

#[tokio::test]
async fn a_throttled_creation_has_made_nothing_and_is_tried_again() {
    let stub = Stub::start(|_, before| {
        if before == 0 {
            answer(400, THROTTLED)
        } else {
            answer(200, MADE)
        }
    })
    .await;
    let pool = PoolId::new("eu-west-1_A");
    let made = stub
        .gateway()
        .await
        .create_client(&pool, &machine_auth())
        .await
        .unwrap();
    assert_eq!((made.client.id.as_str(), stub.calls().len()), ("4k2", 2));
}

/// AWS TEAM's `api-machine-auth.sh`, field by field.
#[tokio::test]
async fn the_preset_sends_exactly_what_the_script_sends() {
    let stub = Stub::start(|_, _| answer(200, MADE)).await;
    stub.gateway()
        .await
        .create_client(&PoolId::new("eu-west-1_A"), &machine_auth())
        .await
        .unwrap();
    let expected = serde_json::json!({
        "UserPoolId": "eu-west-1_A",
        "ClientName": "machine_auth",
        "GenerateSecret": true,
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": ["https://localhost"],
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": ["api/admin"],
        "AllowedOAuthFlowsUserPoolClient": true,
    });
    assert_eq!(stub.calls()[0].json(), expected);
}

fn answer(status: u16, body: &str) -> Answer {
    (status, body.to_owned())
}
