//! Meaning without colour, and the badge that distinguishes a demo.

use cognitui::ui::theme::Theme;
use ratatui::style::{Color, Modifier};

use crate::stage::{STAGING, Stage};
use crate::tour;

#[tokio::test]
async fn without_colour_there_is_none_and_the_selection_stands_out() {
    let mut stage = Stage::themed(Theme::for_no_color(Some("1"))).await;
    stage.pool(STAGING).await;
    stage.press("j").await;
    let screen = stage.screen();
    let row = screen.lines().position(|line| line.contains('▌')).unwrap();
    let row = u16::try_from(row).unwrap();
    let buffer = stage.buffer();
    for cell in buffer.content() {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{screen}");
    }
    let of_row = |y| buffer[(6, y)].modifier;
    assert!(of_row(row).contains(Modifier::REVERSED), "{screen}");
    assert!(!of_row(row + 1).contains(Modifier::REVERSED), "{screen}");
}

#[tokio::test]
async fn with_colour_the_selection_stands_out_as_well() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("j").await;
    let screen = stage.screen();
    let row = screen.lines().position(|line| line.contains('▌')).unwrap();
    let row = u16::try_from(row).unwrap();
    let buffer = stage.buffer();
    let of_row = |y| (buffer[(6, y)].style(), buffer[(2, y)].symbol().to_owned());
    assert_ne!(of_row(row), of_row(row + 1), "{screen}");
}

#[tokio::test]
async fn a_demo_says_so_on_every_screen() {
    let mut stage = tour::start(140, 50).await;
    stage
        .tour(|stage, what| {
            let screen = stage.screen();
            let top = screen.lines().next().unwrap();
            assert!(
                top.starts_with(" cognitui") && top.ends_with("DEMO"),
                "{what}: {top}"
            );
        })
        .await;
}

#[tokio::test]
async fn the_breadcrumb_names_the_way_here() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t").await;
    let screen = stage.screen();
    let top = screen.lines().next().unwrap();
    for word in ["pools", STAGING, "price-poller", "token"] {
        assert!(top.contains(word), "{top}");
    }
}
