//! The first screen without a connection to Cognito: a sentence says what is missing and what to do.

use cognitui::cognito::Target;
use cognitui::sandbox::{Options, Sandbox};

use crate::stage::Stage;

/// Runs the test of this file again, in its own environment.
fn elsewhere(name: &str, vars: &[(&str, &str)]) -> bool {
    crate::elsewhere::elsewhere(&format!("connection::{name}"), vars, "")
}

#[tokio::test]
async fn no_credentials() {
    if elsewhere("no_credentials", &[("AWS_REGION", "eu-west-1")]) {
        return;
    }
    let mut stage = Stage::elsewhere(Target::default()).await;
    stage.sees(&["no AWS credentials", "AWS_PROFILE", "r to retry"]);
    stage.press("r").await;
    stage.sees(&["no AWS credentials"]);
}

#[tokio::test]
async fn no_region() {
    if elsewhere("no_region", &[]) {
        return;
    }
    let mut stage = Stage::elsewhere(Target::default()).await;
    stage.sees(&["no Region is set", "--region"]);
}

#[tokio::test]
async fn a_region_with_nothing_in_it() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let target = Target::sandbox(&sandbox.url(), "eu-west-1");
    let mut stage = Stage::elsewhere(target).await;
    stage.sees(&["No user pools in this account and Region", "--region NAME"]);
}

#[tokio::test]
async fn a_region_that_does_not_exist() {
    let target = Target::sandbox("https://cognito-idp.eu-west-9.invalid", "eu-west-9");
    let mut stage = Stage::elsewhere(target).await;
    stage.sees(&["ListUserPools", "cognito-idp.eu-west-9.invalid"]);
    let screen = stage.screen();
    assert!(
        screen.contains("does not resolve") || screen.contains("no connection"),
        "{screen}"
    );
}

#[tokio::test]
async fn a_dead_endpoint_and_its_return() {
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let target = Target::sandbox(&format!("http://{address}"), "eu-west-1");
    let mut stage = Stage::elsewhere(target).await;
    stage.sees(&[
        "ListUserPools: no connection",
        &address.to_string(),
        "r to retry",
    ]);
    let back = crate::stage::sandbox(Options {
        port: address.port(),
        ..Options::default()
    })
    .await;
    stage.press("r").await;
    stage.sees(&["acme-platform-prod", "User pools"]);
    drop(back);
}

#[tokio::test]
async fn an_expired_session_says_how_to_get_another() {
    let mut stage = Stage::open().await;
    stage.fault("expired");
    stage.press("r").await;
    // What was read stays in sight; the bottom line tells of the failure.
    stage.sees(&["acme-platform-prod", "credentials have expired"]);
    stage.sandbox.faults().clear();
    stage.press("r").await;
    stage.sees_no("credentials have expired");
}
