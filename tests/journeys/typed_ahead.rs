//! Keys that are pressed before their data is loaded.

use crate::stage::{STAGING, Stage, TEAM};

#[tokio::test]
async fn a_form_that_is_sent_before_the_pool_is_read_leads_to_its_plan() {
    let mut stage = Stage::open().await;
    stage.tap("/ t e a m enter enter n enter");
    let bottom = stage.bottom();
    assert!(
        bottom.contains("The plan opens when the current state is loaded"),
        "{bottom}"
    );
    stage.sees(&["loading the current state"]);
    stage.settle().await;
    stage.sees(&["Apply this plan?", "Create app client machine_auth", TEAM]);
    stage.sees_no("The plan opens when");
    assert_eq!(stage.calls("CreateUserPoolClient"), 0);
    stage.press("enter").await;
    stage.sees(&["Created machine_auth"]);
}

#[tokio::test]
async fn another_key_takes_back_a_form_that_was_sent_too_early() {
    let mut stage = Stage::open().await;
    stage.tap("/ t e a m enter enter n enter tab");
    stage.sees_no("The plan opens when");
    stage.settle().await;
    stage.sees(&["New app client in"]);
    assert!(!stage.confirms(), "{}", stage.screen());
    stage.press("enter").await;
    assert!(stage.confirms(), "{}", stage.screen());
}

#[tokio::test]
async fn a_form_that_was_sent_too_early_shows_what_could_not_be_read() {
    let mut stage = Stage::open().await;
    stage.fault("ListResourceServers:access-denied*1");
    stage.tap("/ t e a m enter enter n enter");
    stage.settle().await;
    stage.sees(&[
        "access denied",
        "The current state is unknown, so a client could be created twice",
    ]);
    stage.press("r").await;
    stage.sees(&["New app client in", "machine_auth (AWS TEAM)"]);
    stage.sees_no("is unknown");
    assert!(!stage.confirms(), "{}", stage.screen());
}

#[tokio::test]
async fn a_refusal_goes_with_its_reason() {
    // No preview reads the pool before.
    let mut stage = Stage::sized(80, 24).await;
    stage.press("/").await;
    stage.type_text(STAGING).await;
    stage.press("enter").await;
    stage.tap("enter D f");
    let bottom = stage.bottom();
    assert!(
        bottom.contains("No findings so far; still loading"),
        "{bottom}"
    );
    stage.settle().await;
    stage.sees(&["SEVERITY"]);
    stage.sees_no("No findings so far");
}
