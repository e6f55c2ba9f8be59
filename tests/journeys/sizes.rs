//! Every screen in every size: nothing breaks, and a resize redraws at once.

use crate::stage::{STAGING, Stage};
use crate::tour;

const SIZES: [(u16, u16); 9] = [
    (80, 24),
    (120, 40),
    (300, 100),
    (20, 5),
    (1, 1),
    (2, 300),
    (300, 2),
    (40, 3),
    (119, 24),
];

#[tokio::test]
async fn the_whole_tour_in_every_size() {
    for (width, height) in SIZES {
        let mut stage = tour::start(width, height).await;
        stage.tour(|_, _| ()).await;
        assert_eq!(
            stage.calls("CreateUserPoolClient"),
            1,
            "not made in {width}x{height}:\n{}",
            stage.screen()
        );
    }
}

#[tokio::test]
async fn every_screen_takes_every_size_and_comes_back_unharmed() {
    let mut stage = tour::start(140, 50).await;
    stage
        .tour(|stage, what| {
            stage.resize(140, 50);
            let before = without_clocks(&stage.screen());
            for (width, height) in SIZES {
                stage.resize(width, height);
                let buffer = stage.buffer().area;
                assert_eq!((buffer.width, buffer.height), (width, height), "{what}");
            }
            stage.resize(140, 50);
            assert_eq!(without_clocks(&stage.screen()), before, "{what}");
        })
        .await;
}

/// Countdowns and spinners move from frame to frame.
fn without_clocks(screen: &str) -> String {
    let lines = screen.lines().filter(|line| {
        !["left, until", "hides in", "· in ", "just now", " s ago"]
            .iter()
            .any(|clock| line.contains(clock))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_resize_keeps_the_row_under_the_cursor_in_sight() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("G").await;
    let name = |stage: &mut Stage| stage.cursor().split_whitespace().nth(2).unwrap().to_owned();
    let before = name(&mut stage);
    for (width, height) in [(80, 8), (200, 60), (80, 10)] {
        stage.resize(width, height);
        assert_eq!(name(&mut stage), before, "{}", stage.screen());
    }
}

#[tokio::test]
async fn at_80_columns_the_main_job_has_all_it_needs() {
    let mut stage = Stage::sized(80, 24).await;
    stage.pool("team06").await;
    stage.sees(&[
        "team06db_app_client",
        "enter open",
        "n new client",
        "? help",
    ]);
    stage.press("n").await;
    stage.sees(&["machine_auth", "has no resource server api yet"]);
    stage.press("enter").await;
    stage.sees(&["Create app client machine_auth", "Identifier api"]);
    stage.press("enter").await;
    stage.sees(&["Created machine_auth", "Client id", "Secret"]);
    stage.press("t enter").await;
    stage.sees(&["signature", "✓ valid", "1 granted"]);
}
