//! Snapshots of the screens, to review after each change. Changing parts are replaced.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::stage::{STAGING, Stage};
use crate::tour;

/// What changes from run to run, and its replacement.
static MOVING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"\d{4}-\d\d-\d\d", "yyyy-mm-dd"),
        (r"\d\d:\d\d:\d\d UTC", "hh:mm:ss UTC"),
        (r"\d\d:\d\d UTC", "hh:mm UTC"),
        (r"▕\S+ \d\d:\d\d left", "▕gauge▏ mm:ss left"),
        (r"in \d\d:\d\d", "in mm:ss"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:ppppp"),
        (r"─+ HTTP 200 · \d+ ms", " HTTP 200 · n ms"),
        (r"─+ HTTP 400 · \d+ ms", " HTTP 400 · n ms"),
        (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "uuid"),
        (r"[A-Za-z0-9+/]{43}=", "kid"),
        (r"key \S+…\S+ from", "key kid from"),
        (r"--\d{10}", "--epoch"),
    ]
    .into_iter()
    .map(|(pattern, with)| (Regex::new(pattern).unwrap(), with))
    .collect()
});

pub fn levelled(stage: &mut Stage) -> String {
    MOVING
        .iter()
        .fold(stage.screen(), |screen, (pattern, with)| {
            let in_as_many_columns = |found: &Captures| {
                let width = found[0].chars().count();
                if found[0].starts_with('─') {
                    format!("{with:─>width$}")
                } else {
                    format!("{with:width$}")
                }
            };
            pattern
                .replace_all(&screen, in_as_many_columns)
                .into_owned()
        })
}

/// Takes snapshots of these screens of the tour.
async fn keep(width: u16, height: u16, wanted: &[&str]) {
    let mut stage = tour::start(width, height).await;
    let mut kept = 0;
    stage
        .tour(|stage, what| {
            if wanted.contains(&what) {
                let name = format!("{width}x{height} {what}")
                    .replace(' ', "_")
                    .replace('\'', "");
                insta::assert_snapshot!(name, levelled(stage));
                kept += 1;
            }
        })
        .await;
    assert_eq!(kept, wanted.len());
}

#[tokio::test]
async fn the_tour_at_120_columns() {
    let wanted = [
        "the app clients",
        "the overview",
        "the resource servers",
        "the domains",
        "an app client",
        "its copy menu",
        "a token",
        "the preset's form",
        "the plan",
    ];
    keep(120, 40, &wanted).await;
}

#[tokio::test]
async fn the_tour_at_80_columns() {
    let wanted = [
        "the app clients",
        "the doctor on the pool",
        "an app client",
        "the rotation",
        "a token",
        "the free form",
        "the plan",
    ];
    keep(80, 24, &wanted).await;
}

#[tokio::test]
async fn the_pools_and_the_pool_of_mistakes() {
    let mut stage = Stage::sized(120, 30).await;
    insta::assert_snapshot!("120x30_the_user_pools", levelled(&mut stage));
    stage.pool(STAGING).await;
    insta::assert_snapshot!("120x30_the_mistakes", levelled(&mut stage));
    stage.press("1 D").await;
    insta::assert_snapshot!("120x30_the_doctor", levelled(&mut stage));
    stage.press("esc ?").await;
    insta::assert_snapshot!("120x30_the_help", levelled(&mut stage));
    stage.press("? /").await;
    stage.type_text("billing").await;
    stage.press("enter t enter").await;
    insta::assert_snapshot!("120x30_a_refusal", levelled(&mut stage));
}

#[tokio::test]
async fn changing_and_deleting() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut stage = Stage::sized(width, height).await;
        let keep = |stage: &mut Stage, what: &str| {
            insta::assert_snapshot!(format!("{width}x{height}_{what}"), levelled(stage));
        };
        stage.client(STAGING, "invoice-sync").await;
        stage.press("e").await;
        stage.type_text("-2").await;
        keep(&mut stage, "the_clients_form");
        stage.press("enter").await;
        keep(&mut stage, "the_clients_changes");
        stage.press("esc esc esc ctrl-d").await;
        keep(&mut stage, "a_clients_deletion");
        stage.press("esc esc 3 e tab down ctrl-u").await;
        keep(&mut stage, "the_servers_form");
        stage.press("tab right enter").await;
        keep(&mut stage, "the_pruning");
        stage.press("esc esc esc ctrl-d").await;
        keep(&mut stage, "a_servers_deletion");
        stage.press("esc n").await;
        stage.type_text("returns").await;
        keep(&mut stage, "a_new_server");
        stage.press("esc esc 4 n").await;
        keep(&mut stage, "a_new_domain");
        stage.press("esc ctrl-d").await;
        keep(&mut stage, "a_domains_deletion");
        stage.press("esc 1 ctrl-d enter").await;
        keep(&mut stage, "a_pools_deletion");
    }
}

#[tokio::test]
async fn exporting() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut stage = Stage::sized(width, height).await;
        stage.client(STAGING, "invoice-sync").await;
        stage.press("E").await;
        insta::assert_snapshot!(format!("{width}x{height}_an_export"), levelled(&mut stage));
        stage.press("4 w").await;
        insta::assert_snapshot!(format!("{width}x{height}_a_file"), levelled(&mut stage));
    }
}

#[tokio::test]
async fn the_scope_map_in_three_sizes() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut stage = Stage::sized(width, height).await;
        stage.pool(STAGING).await;
        stage.press("S").await;
        insta::assert_snapshot!(
            format!("{width}x{height}_the_scope_map"),
            levelled(&mut stage)
        );
        stage.press("up right u").await;
        insta::assert_snapshot!(
            format!("{width}x{height}_who_uses_a_scope"),
            levelled(&mut stage)
        );
    }
}

#[tokio::test]
async fn a_map_wider_and_longer_than_the_screen() {
    let mut stage = Stage::sized(80, 24).await;
    stage.pool("partner-api-prod").await;
    stage
        .press("S A G right right right right right right right right right")
        .await;
    insta::assert_snapshot!("80x24_a_large_map", levelled(&mut stage));
}
