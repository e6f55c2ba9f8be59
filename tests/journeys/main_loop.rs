//! The event loop, with keys that arrive before the answers.

use std::cell::Cell;

use crate::stage::{STAGING, Stage, TEAM, TEAM_ID};

#[tokio::test]
async fn q_ends_the_loop() {
    let mut stage = Stage::open().await;
    assert_eq!(stage.run("j j q").await, 0);
}

#[tokio::test]
async fn ctrl_z_gives_the_shell_the_terminal_and_comes_back() {
    let mut stage = Stage::open().await;
    assert_eq!(stage.run("ctrl-z j ctrl-z ctrl-c").await, 2);
    stage.sees(&["User pools"]);
}

/// Opens a console that creates a resource server and an app client, and leaves it at this moment.
async fn left(fault: &str, moment: impl Fn(&str) -> bool) -> Stage {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter").await;
    stage.fault(fault);
    stage.tap("enter");
    stage.hear_until("the moment to leave", moment).await;
    stage.run("ctrl-c ctrl-c").await;
    stage
}

fn made(stage: &Stage) -> (usize, bool) {
    let pool = stage.sandbox_pool(TEAM_ID);
    let mut clients = pool.clients.iter();
    let client = clients.any(|client| client.name == "machine_auth");
    (pool.servers.len(), client)
}

#[tokio::test]
async fn a_step_under_way_is_over_before_the_program_ends_and_no_other_is_started() {
    // The first thing that is heard is that the first step has begun.
    let heard = Cell::new(0);
    let begun = |_: &str| heard.replace(heard.get() + 1) > 0;
    let stage = left("CreateResourceServer:latency=50ms", begun).await;
    assert_eq!(made(&stage), (1, false));
    assert_eq!(stage.calls("CreateUserPoolClient"), 0);
    let told = [
        "waiting for CreateResourceServer … Ctrl-C stops waiting",
        "Done: Create resource server api with scope admin",
        "Not started: Create app client machine_auth",
    ];
    assert_eq!(stage.told, told);
}

#[tokio::test]
async fn the_last_step_under_way_is_waited_for() {
    let begun = |screen: &str| screen.contains("✓ Create resource server api");
    let stage = left("CreateUserPoolClient:latency=50ms", begun).await;
    assert_eq!(made(&stage), (1, true));
    let told = [
        "waiting for CreateUserPoolClient … Ctrl-C stops waiting",
        "done: Create app client machine_auth",
    ];
    assert_eq!(stage.told, told);
}

#[tokio::test]
async fn who_leaves_at_once_has_started_nothing() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter").await;
    stage.run("enter ctrl-c ctrl-c").await;
    assert_eq!(made(&stage), (0, false));
    let last = stage.told.last().unwrap();
    assert_eq!(
        last,
        "Not started: Create resource server api with scope admin; Create app client machine_auth"
    );
}

#[tokio::test]
async fn keys_faster_than_the_answers_are_not_lost() {
    let mut stage = Stage::open().await;
    stage.press("/").await;
    stage.type_text(STAGING).await;
    // Back out of the filter, two screens in, and out again: nine keys in one breath.
    stage.run("enter enter 3 4 1 2 q esc q").await;
    stage.sees(&["User pools"]);
}
