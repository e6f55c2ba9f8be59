//! The loop itself, with keys that are there before the answers are.

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

#[tokio::test]
async fn a_change_under_way_is_written_before_the_program_ends() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter").await;
    stage.fault("CreateUserPoolClient:latency=50ms");
    stage.run("enter ctrl-c ctrl-c").await;
    let clients = stage.sandbox_pool(TEAM_ID).clients;
    assert!(clients.iter().any(|client| client.name == "machine_auth"));
    let told = [
        "waiting for CreateResourceServer …",
        "done: Create app client machine_auth",
    ];
    assert_eq!(stage.told, told);
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
