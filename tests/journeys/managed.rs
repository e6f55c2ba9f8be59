//! A secret that AWS Secrets Manager holds, from finding it to moving it out and back in; and the messages after failures.

use cognitui::cognito::Target;
use cognitui::sandbox::Options;
use cognitui::sandbox::state::ClientType;
use serde_json::json;

use crate::front::{Answer, Call, Front, json as answer};
use crate::stage::{PROD, PROD_ID, Stage, edit_client, sandbox};

/// The sample's client whose secret Secrets Manager holds.
const POOL: &str = "notifications-prod";
const POOL_ID: &str = "eu-west-1_N0t1fyPr0";
const NAME: &str = "push-gateway";
/// A client of PROD with one secret, which Cognito shows.
const SHOWN: &str = "checkout";

/// Returns the value that consumers use.
fn secret(stage: &Stage) -> String {
    let client = stage.sandbox_client(POOL_ID, NAME);
    client.secrets.last().unwrap().value.clone()
}

fn is_managed(stage: &Stage) -> bool {
    stage.sandbox_client(POOL_ID, NAME).managed.is_some()
}

/// Delivers the credentials to a new file, from the client's page; returns the file's content.
async fn handed_over(stage: &mut Stage, key: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("push.json");
    stage.press("y").await;
    stage.sees(&["JSON to a new file"]);
    stage.press(key).await;
    stage.paste(&path.display().to_string()).await;
    stage.press("enter").await;
    stage.sees(&["Delivered to the file"]);
    std::fs::read_to_string(&path).unwrap()
}

#[tokio::test]
async fn it_is_found_tested_handed_over_rotated_moved_out_and_in() {
    let mut stage = Stage::open().await;
    stage.client(POOL, NAME).await;
    stage.sees(&[
        "in AWS Secrets Manager",
        "arn:aws:secretsmanager:",
        "every 7 days",
    ]);
    stage.sees_no("public client");
    // A token is issued with the value that Secrets Manager has.
    stage.press("t enter").await;
    stage.sees(&["HTTP 200"]);
    stage.press("esc esc").await;

    // Its value is revealed, and what is copied will stop working.
    let first = secret(&stage);
    stage.press("x").await;
    stage.sees(&[&first]);
    stage.press("x y enter").await;
    assert_eq!(stage.clipboard(), first);
    stage.sees(&["a copy stops working"]);
    // Whoever gets it as JSON learns where the next value will be.
    stage.press("y").await;
    stage.sees(&["7 JSON"]);
    stage.press("7").await;
    let copied: serde_json::Value = serde_json::from_str(&stage.clipboard()).unwrap();
    assert_eq!(copied["client_secret"], first.as_str());
    let arn = copied["client_secret_arn"].as_str().unwrap();
    assert!(arn.starts_with("arn:aws:secretsmanager:"), "{arn}");
    assert!(handed_over(&mut stage, "8").await.contains(&first));
    stage.sees(&["a copy stops working"]);

    stage.press("R enter").await;
    stage.sees(&["Rotate the managed secret", "Programs with a copy fail"]);
    stage.press("enter").await;
    let second = secret(&stage);
    assert_ne!(second, first);
    stage.sees(&["Last rotated", "just now"]);

    // Out: the name is typed, for the secret in Secrets Manager is deleted for good.
    stage.press("2").await;
    stage.sees(&["without a recovery window"]);
    stage.press("enter").await;
    assert!(is_managed(&stage));
    stage.type_text(NAME).await;
    stage.press("enter").await;
    assert!(!is_managed(&stage));
    stage.press("esc").await;
    stage.sees_no("in AWS Secrets Manager");
    stage.press("x").await;
    stage.sees(&[&second]);
    stage.press("x").await;
    assert!(handed_over(&mut stage, "7").await.contains(&second));

    // And in: the older of the two secrets goes, so that the name is typed again.
    stage.press("R 3").await;
    stage.sees(&[
        "into AWS Secrets Manager",
        "deletes the older of the two secrets",
    ]);
    stage.type_text(NAME).await;
    stage.press("enter").await;
    assert!(is_managed(&stage));
    stage.sees(&["Rotate now", "every 7 days"]);
    let third = secret(&stage);
    assert_ne!(third, second, "it is rotated at once");
    stage.press("esc").await;
    assert!(handed_over(&mut stage, "8").await.contains(&third));
    stage.press("t enter").await;
    stage.sees(&["HTTP 200"]);
}

/// A secret that Cognito shows is moved in with one confirmation: nothing is deleted.
#[tokio::test]
async fn one_secret_goes_in_by_the_rotations_menu() {
    let mut stage = Stage::open().await;
    stage.client(PROD, SHOWN).await;
    stage.press("R 3").await;
    stage.sees(&["Programs with a copy of its value fail"]);
    stage.sees_no("Type checkout to confirm");
    stage.press("enter").await;
    assert!(stage.sandbox_client(PROD_ID, SHOWN).managed.is_some());
    stage.sees(&["Rotate now", "every 7 days"]);
}

#[tokio::test]
async fn a_rotation_that_is_asked_for_and_never_ends_is_not_called_done() {
    let mut stage = Stage::open().await;
    stage.client(POOL, NAME).await;
    let before = secret(&stage);
    stage.fault("ManagedRotation:500");
    stage.press("R 1 enter").await;
    assert_eq!(secret(&stage), before);
    stage.sees(&["Written, not confirmed", "Rotate the managed secret"]);
    stage.sees_no("Done");
    stage.sees(&["3 d ago"]);
    // Secrets Manager tries again by itself, and takes no other request until then.
    stage.press("1 enter").await;
    stage.sees(&["previous rotation isn't complete"]);
    stage.sees_no("Done");
    assert_eq!(secret(&stage), before);
}

#[tokio::test]
async fn a_client_that_registered_itself_is_offered_no_managed_secret() {
    let sandbox = sandbox(Options::default()).await;
    edit_client(&sandbox, PROD_ID, SHOWN, |client| {
        client.client_type = ClientType::Dcr;
        client.secrets[0].created -= 400.0 * 86_400.0;
    });
    // As AWS does.
    let id = {
        let state = sandbox.state();
        let mut clients = state.pools[PROD_ID].clients.iter();
        clients
            .find(|client| client.name == SHOWN)
            .unwrap()
            .id
            .clone()
    };
    let target = "AWSCognitoIdentityProviderService.UpdateUserPoolClient";
    let body =
        json!({"UserPoolId": PROD_ID, "ClientId": id, "PublishSecretsInAWSSecretsManager": true});
    let refused = reqwest::Client::new()
        .post(sandbox.url())
        .header("x-amz-target", target)
        .header("content-type", "application/x-amz-json-1.1")
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261128/eu-west-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0",
        )
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 400);
    let words = refused.text().await.unwrap();
    assert!(words.contains("dynamic client registration"), "{words}");

    let mut stage = Stage::on(sandbox, 140, 50).await;
    stage.client(PROD, SHOWN).await;
    stage.sees(&["DCR"]);
    stage.press("R").await;
    stage.sees(&["Dynamically registered", "no secret operations"]);
    stage.sees_no("AWS Secrets Manager");
    // How old its secret is can't be read: nothing is found, nothing is offered.
    stage.press("D").await;
    stage.sees_no("Move the secret into");
    stage.sees_no("Rule secret-old");
    assert!(stage.sandbox_client(PROD_ID, SHOWN).managed.is_none());
}

/// The responses of emulators that have a Cognito and no Secrets Manager: each a different one.
const EMULATORS: [(u16, &str); 3] = [
    (
        400,
        r#"{"__type":"UnknownOperationException","message":"No."}"#,
    ),
    (404, "Not found"),
    (
        501,
        r#"{"__type":"NotImplemented","message":"secretsmanager"}"#,
    ),
];

#[tokio::test]
async fn where_no_secrets_manager_answers_that_is_said_with_what_to_do() {
    let what_to_do = "Use an endpoint with Secrets Manager";
    // Reading the value, using it, and what the rotation rests on, which is refused.
    let ways = ["x", "y enter", "t enter", "R 1"];
    for (at, keys) in ways.into_iter().enumerate() {
        let (status, body) = EMULATORS[at % EMULATORS.len()];
        let sandbox = sandbox(Options::default()).await;
        let front = Front::of(sandbox.url(), move |call: &Call, _: &str| {
            let target = call.headers.get("x-amz-target");
            let target = target.map_or("", |target| target.to_str().unwrap());
            if target.starts_with("secretsmanager.") {
                answer(status, body)
            } else {
                Answer::Cognito
            }
        })
        .await;
        let mut stage = Stage::behind(sandbox, &front.url).await;
        stage.client(POOL, NAME).await;
        stage.sees(&["Rotation", "unknown", what_to_do]);
        stage.sees_no("public client");
        stage.press(keys).await;
        let said = format!("no Secrets Manager at {}", front.url);
        stage.sees(&[&said, what_to_do]);
        assert!(!stage.confirms(), "{}", stage.screen());
    }
}

#[tokio::test]
async fn a_secret_that_somebody_moved_in_meanwhile_is_not_deleted_by_hand() {
    for (keys, choice) in [("R 1 enter 1 6 7", "8"), ("R 1 enter", "9")] {
        let options = Options {
            assumptions: "managed-secrets-by-hand".parse().unwrap(),
            ..Options::default()
        };
        let mut stage = Stage::on(sandbox(options).await, 140, 50).await;
        stage.client(PROD, SHOWN).await;
        stage.press(keys).await;
        stage.press(choice).await;
        stage.sees(&["Type the client's name"]);
        // Another console moves it in.
        let mut other = Stage::elsewhere(Target::sandbox(&stage.sandbox.url(), "eu-west-1")).await;
        other.client(PROD, SHOWN).await;
        other.press("R 3").await;
        other.type_text(SHOWN).await;
        other.press("enter").await;
        let live = stage.sandbox_client(PROD_ID, SHOWN).secrets.len();
        assert!(stage.sandbox_client(PROD_ID, SHOWN).managed.is_some());
        stage.type_text(SHOWN).await;
        stage.press("enter").await;
        stage.sees(&["AWS Secrets Manager holds its secret"]);
        assert_eq!(stage.calls("DeleteUserPoolClientSecret"), 0);
        let left = stage.sandbox_client(PROD_ID, SHOWN).secrets.len();
        assert_eq!(left, live);
    }
}

#[tokio::test]
async fn the_doctor_passes_no_check_of_a_managed_secret_that_cannot_be_read() {
    for fault in ["DescribeSecret:access-denied", "DescribeSecret:500"] {
        let mut stage = Stage::open().await;
        stage.fault(fault);
        stage.pool(POOL).await;
        stage.press("/").await;
        stage.type_text(NAME).await;
        stage.sees(&["no findings so far"]);
        stage.press("enter enter D").await;
        stage.sees(&[
            "rotation of 1 managed secret",
            "No findings in the data that was read",
        ]);
        stage.sees_no("checks passed");
        stage.press("esc esc 1 D").await;
        stage.sees(&["rotation of 1 managed secret"]);
        // A refresh reads it, and a later one fails.
        stage.fault("");
        stage.press("r").await;
        stage.sees_no("rotation of 1 managed secret");
        stage.fault(fault);
        stage.press("r").await;
        stage.sees(&["Outdated", "rotation of 1 managed secret"]);
    }
    // The page of a client asks again, too.
    let mut stage = Stage::open().await;
    stage.client(POOL, NAME).await;
    let before = stage.calls("DescribeSecret");
    stage.press("r").await;
    assert_eq!(stage.calls("DescribeSecret"), before + 1);
}

#[tokio::test]
async fn the_secrets_of_registered_clients_are_not_missing() {
    let mut stage = Stage::open().await;
    stage.pool(POOL).await;
    stage.press("1 D").await;
    stage.sees(&["6 of 6 clients loaded"]);
    stage.sees_no("secret dates");
}
