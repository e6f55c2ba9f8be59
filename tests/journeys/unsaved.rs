//! Unsaved input is not lost without a question: every form asks before it is left, and opening its plan keeps it.

use crate::stage::{DEVICES, STAGING, Stage};

const ASKED: &str = "Unsaved changes; press again to discard";

/// Leaves the form: it asks, is kept by continuing, asks again, and is left.
async fn is_kept(mut stage: Stage, form: &str, typed: &str) {
    stage.sees(&[form, typed]);
    stage.press("esc").await;
    stage.sees(&[form, typed, "press again to discard"]);
    // Whoever goes on is asked anew.
    stage.type_text("z").await;
    stage.press("esc").await;
    stage.sees(&[form, &format!("{typed}z"), "press again to discard"]);
    stage.press("esc").await;
    stage.sees_no(form);
}

/// Leaves the form at once, because nothing was filled in.
async fn goes_at_once(stage: &mut Stage, form: &str) {
    stage.sees(&[form]);
    stage.press("esc").await;
    stage.sees_no(form);
    stage.sees_no("press again");
}

#[tokio::test]
async fn a_new_client() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("n").await;
    goes_at_once(&mut stage, "New app client in").await;
    // To look at the other preset is to fill nothing in.
    stage.press("n right").await;
    goes_at_once(&mut stage, "New app client in").await;
    stage.press("n right tab").await;
    stage.type_text("half-done").await;
    stage.press("tab down down space enter").await;
    stage.sees(&["+ Create app client half-done"]);
    stage.press("esc shift-tab").await;
    is_kept(stage, "New app client in", "half-done").await;
}

#[tokio::test]
async fn a_changed_client() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("e").await;
    goes_at_once(&mut stage, "Edit app client").await;
    stage.press("e").await;
    stage.type_text("-2").await;
    stage.press("enter").await;
    assert!(stage.confirms(), "{}", stage.screen());
    stage.press("esc").await;
    stage.sees(&["price-poller-2"]);
    is_kept(stage, "Edit app client", "price-poller-2").await;
}

#[tokio::test]
async fn a_new_server_and_a_changed_one() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("3 n").await;
    goes_at_once(&mut stage, "New resource server").await;
    stage.press("n").await;
    stage.type_text("returns").await;
    stage.press("enter").await;
    stage.sees(&["Create resource server returns"]);
    stage.press("esc").await;
    is_kept(stage, "New resource server", "returns").await;

    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("3 e").await;
    stage.type_text(" of the shop").await;
    stage.press("enter").await;
    stage.sees(&["~ Change resource server"]);
    stage.press("esc").await;
    is_kept(stage, "Edit resource server", " of the shop").await;
}

#[tokio::test]
async fn a_new_domain_and_a_changed_one() {
    let mut stage = Stage::open().await;
    stage.pool(DEVICES).await;
    stage.press("4 n").await;
    stage.type_text("devices-iot").await;
    stage.press("enter").await;
    stage.sees(&["+ Create domain devices-iot"]);
    stage.press("esc").await;
    is_kept(stage, "New domain of", "devices-iot").await;

    let mut stage = Stage::open().await;
    stage.pool("acme-platform-prod").await;
    stage.press("4 down e tab").await;
    stage.type_text("1").await;
    stage.press("enter").await;
    stage.sees(&["~ Change domain auth.acme.example"]);
    stage.press("esc").await;
    is_kept(stage, "Edit domain", "2b7d1c4e8a901").await;
}

#[tokio::test]
async fn the_questions_of_a_preset() {
    let mut stage = Stage::open().await;
    stage.press("m e").await;
    goes_at_once(&mut stage, "TEAM's own scripts look for").await;
    stage.press("e shift-tab").await;
    // Typing replaces what the preset proposes.
    stage.type_text("machine_auth2").await;
    stage.press("enter").await;
    stage.sees(&["+ Create app client machine_auth2"]);
    stage.press("esc").await;
    is_kept(stage, "TEAM's own scripts look for", "machine_auth2").await;
}

#[tokio::test]
async fn the_name_of_a_file() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("E w").await;
    goes_at_once(&mut stage, "File ").await;
    stage.sees(&["Terraform"]);
    stage.press("w").await;
    stage.type_text("price-poller.tf.bak").await;
    is_kept(stage, "File ", "price-poller.tf.bak").await;
}

#[tokio::test]
async fn what_a_rotation_asks_for() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("R 1 enter").await;
    stage.press("3").await;
    stage.sees(&["If it exists"]);
    goes_at_once(&mut stage, "If it exists").await;
    stage.press("3").await;
    stage.type_text("/tmp/somewhere").await;
    is_kept(stage, "If it exists", "/tmp/somewhere").await;
}

#[tokio::test]
async fn what_is_to_be_sent() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t tab tab").await;
    goes_at_once(&mut stage, "No token yet").await;
    stage.press("t tab tab").await;
    stage.type_text("orders/read").await;
    stage.press("esc").await;
    stage.sees(&["Not sent; press again to discard"]);
    // What was sent is no loss.
    stage.press("enter").await;
    stage.sees(&["HTTP "]);
    goes_at_once(&mut stage, "HTTP ").await;
}

#[tokio::test]
async fn the_call_of_an_api_and_a_token_that_is_typed() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t enter a").await;
    goes_at_once(&mut stage, "No response yet").await;
    stage.press("a").await;
    stage.type_text("?of=today").await;
    stage.press("esc").await;
    stage.sees(&["No response yet", "Not sent; press again to discard"]);
    stage.press("esc").await;
    stage.sees_no("No response yet");
    stage.press("p").await;
    goes_at_once(&mut stage, "Inspect a token").await;
    stage.press("p e y J").await;
    stage.press("esc").await;
    stage.sees(&["Inspect a token", "press again to discard"]);
    stage.press("esc").await;
    stage.sees_no("Inspect a token");
}

#[tokio::test]
async fn quitting_the_program_asks_as_well() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("e").await;
    stage.type_text("-2").await;
    // Also where a popup stands over the form.
    stage.press("enter ctrl-c").await;
    stage.sees(&[ASKED, "Apply this plan?"]);
    assert_eq!(stage.turn(), cognitui::runtime::LoopControl::Go);
    stage.press("ctrl-c").await;
    assert_eq!(stage.turn(), cognitui::runtime::LoopControl::Quit);
}

#[tokio::test]
async fn a_letter_in_a_field_that_takes_none_leads_nowhere() {
    let mut stage = Stage::open().await;
    stage.pool("acme-platform-prod").await;
    stage.press("4 down e right").await;
    for letter in ["q", "p", "H"] {
        stage.press(letter).await;
        stage.sees(&[
            "Edit domain",
            "This field takes no text: space and arrows choose, tab for the next field",
        ]);
    }
    stage.press("esc").await;
    stage.sees(&["Edit domain", ASKED]);
    stage.press("esc").await;
    stage.sees_no("Edit domain");
    // Put back as it was, there is nothing to lose.
    stage.press("e right right esc").await;
    stage.sees_no("Edit domain");
}
