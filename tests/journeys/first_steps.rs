//! Difficulties of a first use of the console, in a terminal of the usual default size or a very small one.

use crate::stage::{DEVICES, STAGING, Stage};

#[tokio::test]
async fn what_was_made_is_under_the_cursor() {
    let mut stage = Stage::sized(80, 24).await;
    stage.pool(STAGING).await;
    stage.press("n right tab").await;
    stage.type_text("zz-last").await;
    stage.press("tab space enter enter").await;
    stage.sees(&["Created zz-last"]);
    stage.press("esc").await;
    assert!(stage.cursor().contains("zz-last"), "{}", stage.cursor());
}

#[tokio::test]
async fn in_a_very_small_terminal_a_token_is_seen_to_have_come() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "storefront").await;
    stage.press("t").await;
    stage.resize(20, 5);
    stage.press("enter").await;
    stage.sees(&["Token", "✓ valid"]);
    stage.press("tab").await;
    stage.sees(&["Request"]);
}

#[tokio::test]
async fn in_a_very_small_terminal_a_plan_says_its_first_step() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "invoice-sync").await;
    stage.press("e").await;
    stage.type_text("-2").await;
    stage.resize(20, 5);
    stage.press("enter").await;
    stage.sees(&["Apply 1 step", "Change"]);
}

#[tokio::test]
async fn where_the_older_secret_may_be_retired_it_says_what_comes_before() {
    let mut stage = Stage::sized(80, 24).await;
    stage.client(STAGING, "storefront").await;
    stage.press("R 1 enter 1 6 7").await;
    stage.sees(&[
        "Both secrets work. Cognito can't show which secret is in use.",
        "deliver the new value to every consumer first, and keep it.",
        "8 ",
    ]);
}

#[tokio::test]
async fn the_question_before_quitting_is_read_to_its_end() {
    let mut stage = Stage::sized(80, 24).await;
    stage.client(STAGING, "storefront").await;
    stage.press("R 1 enter ctrl-c").await;
    stage.sees(&["leaving loses it: press again to leave"]);
}

#[tokio::test]
async fn the_form_for_a_domain_takes_the_name_at_once_and_says_that_it_is_missing() {
    let mut stage = Stage::sized(80, 24).await;
    stage.pool(DEVICES).await;
    stage.press("4 n enter").await;
    stage.sees(&["Domain is required"]);
    stage.type_text("quip").await;
    stage.sees(&["New domain of", "https://quip."]);
}

#[tokio::test]
async fn scopes_stand_flat_over_the_map_where_they_have_room() {
    let mut stage = Stage::sized(100, 30).await;
    stage.pool(STAGING).await;
    stage.press("S").await;
    stage.sees(&["invoices.read"]);
}

#[tokio::test]
async fn the_text_about_a_preset_scrolls() {
    let mut stage = Stage::sized(80, 24).await;
    stage.pool(STAGING).await;
    stage.press("m").await;
    assert!(stage.bottom().contains("J K scroll"), "{}", stage.bottom());
    let before = stage.screen();
    stage.press("J J J").await;
    assert_ne!(stage.screen(), before);
}
