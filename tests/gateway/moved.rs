//! A secret that is moved into or out of Secrets Manager, or rotated there, is read back: HTTP status 200 proves nothing.

use cognitui::cognito::{ErrorKind, PlanOutcome};
use cognitui::domain::ids::ClientId;
use cognitui::domain::plan::{move_secret, rotate_managed};
use serde_json::{Value, json};

use crate::read_backs::{POOL, in_answer, pool, target};
use crate::stub::{Answer, Stub};

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:cognito-idp!4k2-AbCdEf";

/// Returns a client, its secret in Secrets Manager or not.
fn client(managed: bool, date: f64) -> Value {
    let (field, value) = if managed {
        ("ClientSecretArn", ARN)
    } else {
        ("ClientSecret", "no secret at all")
    };
    json!({
        "UserPoolId": POOL, "ClientId": "4k2", "ClientName": "machine_auth", "LastModifiedDate": date,
        field: value,
    })
}

/// Moves a client's secret, with this response to the write, and this description after it.
async fn moved(managed: bool, answer: Value, after: Value) -> PlanOutcome {
    let stub = Stub::start(move |call, before| match call.operation.as_str() {
        "UpdateUserPoolClient" => {
            assert_eq!(
                call.json()["PublishSecretsInAWSSecretsManager"],
                json!(managed)
            );
            in_answer("UserPoolClient", &answer)
        }
        // It has read, read and written by then.
        _ if before < 3 => in_answer("UserPoolClient", &client(!managed, 1.0)),
        _ => in_answer("UserPoolClient", &after),
    })
    .await;
    let gateway = stub.gateway().await;
    let seen = gateway.client(&pool(), &ClientId::new("4k2")).await;
    let plan = move_secret(target(), &seen.unwrap(), managed, Some(1));
    gateway.execute(&plan, |_| ()).await
}

#[tokio::test]
async fn a_secret_is_moved_once_its_client_is_described_so() {
    for managed in [true, false] {
        let there = client(managed, 2.0);
        let done = moved(managed, there.clone(), there).await;
        assert_eq!((done.failed, done.unconfirmed), (None, vec![]));
        assert_eq!(done.completed, 1);
    }
}

#[tokio::test]
async fn a_move_that_is_answered_and_changes_nothing_fails() {
    for managed in [true, false] {
        let there = client(!managed, 2.0);
        let done = moved(managed, there.clone(), there).await;
        let error = done.failed.unwrap();
        assert!(matches!(error.kind, ErrorKind::NotTaken(_)), "{error:?}");
        assert!(
            error.detail.contains("PublishSecretsInAWSSecretsManager"),
            "{error:?}"
        );
        assert_eq!(done.completed, 0);
    }
}

#[tokio::test]
async fn a_move_that_is_not_seen_is_not_confirmed_and_one_that_is_undone_says_so() {
    for managed in [true, false] {
        let answer = client(managed, 2.0);
        let done = moved(managed, answer.clone(), client(!managed, 1.0)).await;
        assert_eq!(done.failed, None);
        assert_eq!(done.unconfirmed[0].1.kind, ErrorKind::Unconfirmed);
        let done = moved(managed, answer, client(!managed, 3.0)).await;
        let error = done.failed.unwrap();
        assert!(matches!(error.kind, ErrorKind::Overwritten(_)), "{error:?}");
    }
    // Described without either, its secret may be anywhere: that is no proof that it went in.
    let mut neither = client(true, 2.0);
    neither.as_object_mut().unwrap().remove("ClientSecretArn");
    let done = moved(true, neither.clone(), neither).await;
    assert_eq!(done.failed, None);
    assert_eq!(done.unconfirmed[0].1.kind, ErrorKind::Unconfirmed);
}

fn secret(rotated: impl Into<Option<f64>>, version: &str) -> Answer {
    let rotated: Option<f64> = rotated.into();
    let secret = json!({
        "ARN": ARN, "Name": "it", "RotationEnabled": true, "LastRotatedDate": rotated,
        "VersionIdsToStages": {version: ["AWSCURRENT"]},
    });
    (200, secret.to_string())
}

/// The response to a rotation into `v2`.
fn accepted() -> Answer {
    let answer = json!({"ARN": ARN, "Name": "it", "VersionId": "v2"});
    (200, answer.to_string())
}

/// Rotates a managed secret on request, with this description after it.
async fn rotated(after: Answer) -> PlanOutcome {
    rotated_from(secret(1_780_000_000.0, "v1"), accepted(), after).await
}

/// The same: how it is described before, and the response to the rotation.
async fn rotated_from(before: Answer, response: Answer, after: Answer) -> PlanOutcome {
    let stub = Stub::start(move |call, calls| match call.operation.as_str() {
        "RotateSecret" => response.clone(),
        "DescribeUserPoolClient" => in_answer("UserPoolClient", &client(true, 1.0)),
        _ if calls < 3 => before.clone(),
        _ => after.clone(),
    })
    .await;
    let gateway = stub.gateway().await;
    let seen = gateway.client(&pool(), &ClientId::new("4k2")).await;
    let secret = gateway.managed_secret(ARN).await.unwrap();
    let plan = rotate_managed(target(), &seen.unwrap(), &secret);
    let done = gateway.execute(&plan, |_| ()).await;
    assert!(stub.calls().len() < 12, "it is asked for ever");
    done
}

#[tokio::test]
async fn a_rotation_that_is_answered_is_done_once_the_secret_is_described_as_rotated() {
    let done = rotated(secret(1_790_000_000.0, "v2")).await;
    assert_eq!((done.failed, done.unconfirmed), (None, vec![]));
    let done = rotated(secret(1_780_000_000.0, "v1")).await;
    assert_eq!(done.failed, None);
    assert_eq!(done.unconfirmed[0].1.kind, ErrorKind::Unconfirmed);
    let denied = r#"{"__type":"AccessDeniedException","message":"no"}"#.to_owned();
    let done = rotated((400, denied)).await;
    assert_eq!(done.failed, None);
    assert_eq!(done.unconfirmed[0].1.operation, "DescribeSecret");
    // What is gone was not rotated.
    let gone = r#"{"__type":"ResourceNotFoundException","message":"no"}"#.to_owned();
    let done = rotated((400, gone)).await;
    assert!(done.failed.is_some(), "{done:?}");
}

#[tokio::test]
async fn a_rotation_is_done_by_its_version_or_a_later_date_and_by_no_missing_date() {
    let (first, later) = (1_780_000_000.0, 1_790_000_000.0);
    let unversioned = || (200, json!({"ARN": ARN, "Name": "it"}).to_string());
    for (before, response, after, done) in [
        // The date says nothing, the version does.
        (secret(None, "v1"), accepted(), secret(None, "v2"), true),
        (secret(first, "v1"), accepted(), secret(None, "v2"), true),
        (
            secret(first, "v1"),
            unversioned(),
            secret(later, "v2"),
            true,
        ),
        // A date that is missing, before or after, proves nothing.
        (secret(first, "v1"), accepted(), secret(None, "v1"), false),
        (secret(None, "v1"), accepted(), secret(later, "v1"), false),
        (
            secret(None, "v1"),
            unversioned(),
            secret(later, "v2"),
            false,
        ),
        // Nor does an earlier one.
        (secret(later, "v1"), accepted(), secret(first, "v1"), false),
    ] {
        let words = format!("{before:?} {response:?} {after:?}");
        let outcome = rotated_from(before, response, after).await;
        assert_eq!(outcome.failed, None, "{words}");
        let kinds: Vec<ErrorKind> = outcome
            .unconfirmed
            .into_iter()
            .map(|(_, error)| error.kind)
            .collect();
        let expected = if done {
            vec![]
        } else {
            vec![ErrorKind::Unconfirmed]
        };
        assert_eq!(kinds, expected, "{words}");
    }
}

#[tokio::test]
async fn a_rotation_whose_response_is_lost_is_not_called_undone() {
    let there = secret(1_780_000_000.0, "v1");
    let outcome = rotated_from(there.clone(), (200, "cut off".to_owned()), there).await;
    let error = outcome.failed.unwrap();
    assert!(!error.hint.contains("nothing was written"), "{error:?}");
    assert!(error.hint.contains("may still take effect"), "{error:?}");
}
