//! A secret that Cognito does not show: rotated, and distinguished from another one where that is possible.

use cognitui::sandbox::Options;

use crate::stage::{PROD, PROD_ID, Stage, sandbox};

const NAME: &str = "checkout";
/// Shown before the older secret is deleted.
const LAST_STEP: &[&str] = &[
    "may never show a secret of this client",
    "deliver the new value",
];

fn live(stage: &Stage) -> Vec<String> {
    let secrets = stage.sandbox_client(PROD_ID, NAME).secrets;
    secrets.into_iter().map(|secret| secret.value).collect()
}

/// Starts a Cognito that never shows a secret again after the original one is deleted.
async fn open() -> Stage {
    let options = Options {
        assumptions: "original-secret-lost".parse().unwrap(),
        ..Options::default()
    };
    let mut stage = Stage::on(sandbox(options).await, 140, 50).await;
    stage.client(PROD, NAME).await;
    stage
}

/// Completes a rotation from the client's page and back to it; returns the new secret.
async fn rotated(stage: &mut Stage) -> String {
    stage.press("R 1 enter 1 6 7").await;
    let new = stage.clipboard();
    stage.sees(&["Both secrets work"]);
    stage.sees(LAST_STEP);
    stage.press("8").await;
    stage.sees(&["Type the client's name"]);
    stage.sees(LAST_STEP);
    stage.type_text(NAME).await;
    stage.press("enter").await;
    stage.sees(&["The new secret works"]);
    assert_eq!(live(stage), std::slice::from_ref(&new));
    new
}

#[tokio::test]
async fn a_client_whose_original_secret_is_lost_is_rotated_twice() {
    let mut stage = open().await;
    let first = rotated(&mut stage).await;
    stage.sees(&["The old secret is rejected"]);
    stage.press("enter").await;
    stage.sees(&["Cognito does not show it"]);
    stage.sees_no("public client");
    stage.press("x").await;
    stage.sees(&["Cognito does not return this secret"]);
    // What Cognito does not show is not known here, and not claimed.
    let second = rotated(&mut stage).await;
    assert_ne!(first, second);
    stage.sees(&["The old secret's value is unknown"]);
    stage.sees_no("The old secret is rejected");
    stage.press("enter").await;
    stage.sees(&["Cognito does not show it"]);
    stage.sees_no("public client");
}

#[tokio::test]
async fn of_two_secrets_that_are_not_shown_none_is_taken_for_the_newer() {
    let mut stage = open().await;
    let old = rotated(&mut stage).await;
    stage.press("enter R 1 enter 1").await;
    let new = stage.clipboard();
    // Another console knows neither value.
    let mut stage = stage.restarted().await;
    stage.client(PROD, NAME).await;
    stage.press("R").await;
    stage.sees(&["value unknown"]);
    for value in [&new, &old] {
        stage.press("1").await;
        stage.paste(value).await;
        stage.press("enter").await;
        stage.sees(&[
            "Not accepted",
            "Cognito shows neither",
            "cognitui rotate --finish takes both values",
            "value unknown",
        ]);
        stage.sees_no(value);
    }
    // Nor is one that is not shown moved.
    stage.press("3").await;
    stage.sees(&["Cannot move it to AWS Secrets Manager", "does not show it"]);
    assert_eq!(live(&stage), [old, new]);
    assert_eq!(stage.calls("DeleteUserPoolClientSecret"), 1);
}
