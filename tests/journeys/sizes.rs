//! All screens at all sizes: nothing breaks, and a resize redraws at once.

use crate::guarded::{WAYS, Way, ordinary, production};
use crate::stage::{STAGING, STAGING_ID, Stage};
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

/// Removes countdowns and spinners, which change from frame to frame.
fn without_clocks(screen: &str) -> String {
    let lines = screen.lines().filter(|line| {
        !["left (", "hides in", "· in ", "just now", " s ago"]
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
        "n create client",
        "? help",
    ]);
    stage.press("n").await;
    stage.sees(&["machine_auth", "Creates the resource server api first"]);
    stage.press("enter").await;
    stage.sees(&["Create app client machine_auth", "Identifier api"]);
    stage.press("enter").await;
    stage.sees(&["Created machine_auth", "Client id", "Secret"]);
    stage.press("t enter").await;
    stage.sees(&["signature", "✓ valid", "1 granted"]);
}

#[tokio::test]
async fn what_is_typed_into_a_filter_is_seen_at_20_columns_and_5_rows() {
    let mut stage = Stage::sized(20, 5).await;
    stage.press("/").await;
    stage.type_text("customers").await;
    stage.sees(&["/ customers"]);
    stage.press("enter").await;
    assert!(stage.cursor().contains("customers"), "{}", stage.screen());
    stage.press("enter").await;
    stage.press("/").await;
    // More than there is room for: its end is where one types.
    stage.type_text("storefront-of-tomorrow").await;
    stage.sees(&["tomorrow"]);
    stage.press("esc S /").await;
    stage.type_text("st").await;
    stage.sees(&["/ st"]);
}

#[tokio::test]
async fn the_preview_of_a_pool_scrolls_where_it_is_longer_than_its_place() {
    let mut stage = Stage::sized(120, 12).await;
    stage.press("/").await;
    stage.type_text("acme-platform-prod").await;
    stage.press("enter").await;
    stage.sees(&["J K scroll", "Feature plan"]);
    stage.sees_no("used by this session");
    stage.press("J J J J J J J J J J J J").await;
    stage.sees(&["used by this session"]);
    assert!(stage.cursor().contains("acme-platform-prod"));
    stage.press("K K K K K K K K K K K K").await;
    stage.sees_no("used by this session");
    // Where there is room for all of it, or no preview, there is nothing to scroll.
    for (width, height) in [(120, 40), (80, 12)] {
        stage.resize(width, height);
        stage.press("j").await;
        stage.sees_no("J K scroll");
    }
}

#[tokio::test]
async fn at_120_columns_a_grant_is_whole_beside_a_name_of_20() {
    let mut stage = Stage::sized(120, 40).await;
    stage.sandbox.edit(|state| {
        let pool = state.pools.get_mut(STAGING_ID).unwrap();
        pool.clients[0].name = "twenty-letters-long-".to_owned();
    });
    stage.pool(STAGING).await;
    stage.sees(&["twenty-letters-long- "]);
    stage.sees_no("client_cred…");
    let screen = stage.screen();
    let rows = screen
        .lines()
        .filter(|line| line.contains("client_credentials"));
    assert!(rows.count() > 3, "{screen}");
    stage.sees_no("client_credential…");
    stage.sees(&["1 undefined!"]);
}

/// Returns the text of the front dialog, or of the whole screen if there is none, and the bottom line.
fn front(screen: &str) -> (Vec<String>, String) {
    let lines: Vec<Vec<char>> = screen.lines().map(|line| line.chars().collect()).collect();
    let corner = |line: &Vec<char>| line.iter().skip(1).position(|c| *c == '┌');
    let top = lines.iter().rposition(|line| corner(line).is_some());
    let cut = top.and_then(|top| {
        let left = corner(&lines[top])? + 1;
        let right = lines[top].iter().skip(left).position(|c| *c == '┐')? + left;
        let ends = |line: &&Vec<char>| line.get(left) != Some(&'└');
        let inside = lines.iter().skip(top + 1).take_while(ends);
        let inside = inside.map(|line| line[left + 1..right].iter().collect());
        Some(inside.collect())
    });
    let mut all: Vec<String> = screen.lines().map(str::to_owned).collect();
    let bottom = all.pop().unwrap_or_default();
    (cut.unwrap_or(all), bottom)
}

/// Returns the words of a dialog in a small terminal that the same dialog in a large one does not have.
fn cut_words(small: &[String], large: &str) -> Vec<String> {
    let whole: Vec<&str> = large.split_whitespace().collect();
    let words = small.iter().flat_map(|line| line.split_whitespace());
    // A scrollbar is next to them.
    let words = words.map(|word| word.trim_matches(['│', '┃']));
    let letters = words.filter(|word| word.chars().any(char::is_alphabetic));
    let cut = letters.filter(|word| {
        let of_long = |long: &&str| long.len() > 30 && long.contains(word);
        !word.contains('…') && !whole.contains(word) && !whole.iter().any(of_long)
    });
    cut.map(str::to_owned).collect()
}

#[tokio::test]
async fn in_small_terminals_no_dialog_cuts_a_word_or_hides_the_way_on_and_back() {
    for way in &WAYS {
        for session in [ordinary(), production()] {
            // The last key writes: on production it opens the question, elsewhere the one before it does.
            let keys = if session.production || !way.name.is_empty() {
                way.keys
            } else {
                way.keys.rsplit_once(' ').map_or("", |(keys, _)| keys)
            };
            let mut stage = Way { keys, ..*way }.go(session).await;
            stage.resize(200, 70);
            let large = stage.screen();
            for (width, height) in [(80, 24), (80, 16)] {
                stage.resize(width, height);
                let screen = stage.screen();
                let (dialog, bottom) = front(&screen);
                let cut = cut_words(&dialog, &large);
                assert!(cut.is_empty(), "{}: {cut:?} in:\n{screen}", way.keys);
                let seen = format!("{}\n{bottom}", dialog.join("\n"));
                for key in ["enter ", "esc "] {
                    assert!(seen.contains(key), "{}: no {key}in:\n{screen}", way.keys);
                }
            }
        }
    }
}
