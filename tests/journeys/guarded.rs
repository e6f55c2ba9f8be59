//! Where nothing may be written, and where a mistake costs most.

use cognitui::app::screen::Session;
use cognitui::ui::theme::Theme;
use ratatui::style::{Color, Modifier};

use crate::stage::{STAGING, Stage};

fn read_only() -> Session {
    Session {
        read_only: Some("the configuration has read_only = true".to_owned()),
        ..Session::default()
    }
}

fn production() -> Session {
    Session {
        production: true,
        ..Session::default()
    }
}

#[tokio::test]
async fn read_only_refuses_every_key_that_writes_with_the_reason() {
    let mut stage = Stage::guarded(read_only(), Theme::colour()).await;
    stage.sees(&["READ-ONLY"]);
    stage.press("ctrl-d").await;
    stage.sees(&["Read-only, nothing is written: the configuration has read_only = true"]);
    stage.pool(STAGING).await;
    stage.sees_no("new client");
    for tab in ["1", "2", "3", "4"] {
        for key in ["n", "e", "ctrl-d"] {
            stage.press(tab).await;
            stage.press(key).await;
            stage.sees(&["Read-only, nothing is written"]);
        }
    }
    stage.press("2 enter e").await;
    stage.sees(&["Read-only, nothing is written"]);
    stage.press("R").await;
    stage.sees(&["Read-only, nothing is written"]);
    // Looking, and asking for tokens, is no writing.
    stage.press("x").await;
    stage.sees(&["hides in"]);
    stage.press("y 9").await;
    stage.type_text("a-secret").await;
    stage.press("enter").await;
    stage.sees(&["AWS Secrets Manager", "Read-only, nothing is written"]);
    stage.press("esc esc t").await;
    stage.sees(&["Request"]);
    let calls = stage.sandbox.calls();
    let writes = ["Create", "Update", "Delete"];
    assert!(
        calls
            .iter()
            .all(|call| writes.iter().all(|write| !call.starts_with(write)))
    );
}

#[tokio::test]
async fn production_has_a_red_frame_and_says_so() {
    let mut stage = Stage::guarded(production(), Theme::colour().alarmed()).await;
    stage.sees(&["PROD"]);
    assert_eq!(stage.buffer()[(0, 1)].fg, Color::Red);
    stage.pool(STAGING).await;
    stage.press("n").await;
    assert_eq!(stage.buffer()[(0, 1)].fg, Color::Red);
}

#[tokio::test]
async fn without_colour_production_is_a_word_and_a_heavier_frame() {
    let mut stage = Stage::guarded(production(), Theme::monochrome().alarmed()).await;
    stage.sees(&["PROD"]);
    let corner = &stage.buffer()[(0, 1)];
    assert_eq!(corner.fg, Color::Reset);
    assert!(corner.modifier.contains(Modifier::BOLD));
}
