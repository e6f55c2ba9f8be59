//! Leaving asks first if something would be lost, and only the same key for the same reason confirms it.

use cognitui::runtime::LoopControl;

use crate::stage::{STAGING, Stage, TEAM};

/// Opens the rotation of a client with one secret.
async fn rotation() -> Stage {
    let mut stage = Stage::open().await;
    stage.client("acme-platform-prod", "checkout").await;
    stage.press("R").await;
    stage
}

/// Checks that the last key has asked, and has left nothing.
fn asks(stage: &mut Stage, words: &str) {
    assert_eq!(stage.turn(), LoopControl::Go);
    let bottom = stage.bottom();
    assert!(
        bottom.contains(words) && bottom.contains("press again to leave"),
        "{bottom}"
    );
}

#[tokio::test]
async fn a_secret_that_arrived_meanwhile_is_asked_about_anew() {
    let mut stage = rotation().await;
    stage.tap("1 enter ctrl-c");
    asks(&mut stage, "Still writing a change");
    stage.settle().await;
    stage.sees(&["Only this console has the new secret"]);
    stage.tap("ctrl-c");
    asks(&mut stage, "leaving loses it");
    stage.tap("ctrl-c");
    assert_eq!(stage.turn(), LoopControl::Quit);
}

#[tokio::test]
async fn another_key_takes_the_question_back() {
    let mut stage = rotation().await;
    stage.press("1 enter").await;
    for other in ["j", "?", "esc"] {
        stage.tap("ctrl-c");
        asks(&mut stage, "leaving loses it");
        stage.press(other).await;
    }
    stage.tap("ctrl-c");
    asks(&mut stage, "leaving loses it");
    stage.paste("anything").await;
    stage.tap("ctrl-c");
    asks(&mut stage, "leaving loses it");
    // A terminal that only has another size has answered nothing.
    stage.resize(100, 40);
    stage.tap("ctrl-c");
    assert_eq!(stage.turn(), LoopControl::Quit);
}

#[tokio::test]
async fn being_asked_about_a_screen_answers_nothing_about_the_console() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter").await;
    stage.tap("enter esc");
    asks(&mut stage, "Still writing");
    stage.tap("ctrl-c");
    asks(&mut stage, "Still writing a change");
    stage.tap("ctrl-c");
    assert_eq!(stage.turn(), LoopControl::Quit);
}

#[tokio::test]
async fn a_file_is_written_before_the_console_goes() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("E w").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("exported");
    stage.press("ctrl-u").await;
    stage.paste(&path.display().to_string()).await;
    stage.tap("enter ctrl-c");
    asks(&mut stage, "Still writing a file");
    stage.run("ctrl-c").await;
    assert!(std::fs::read_to_string(&path).unwrap().ends_with('\n'));
}
