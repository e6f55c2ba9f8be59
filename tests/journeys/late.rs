//! Late answers, also after the user has left the screen.

use cognitui::app::message::{Effect, Message, Query, QueryResult, Route, TaskEvent};
use cognitui::domain::ids::PoolId;
use cognitui::domain::pool::PoolSummary;
use cognitui::domain::time::Timestamp;
use cognitui::runtime::LoopControl;
use crossterm::event::{Event, KeyCode};

use crate::desk::Desk;
use crate::stage::{DEVICES, PARTNERS, STAGING, STAGING_ID, Stage, TEAM, TEAM_ID, edit_client};

#[tokio::test]
async fn the_answer_for_one_pool_never_shows_under_another() {
    let mut stage = Stage::open().await;
    stage.fault("ListUserPoolClients:latency=50ms*1");
    // By name the pools are in the order of their ids; the cursor walks from one to the next.
    stage.press("/").await;
    stage.type_text(STAGING).await;
    stage.press("enter").await;
    stage.tap("enter");
    stage
        .hear_until("the first answer about the pool", |screen| {
            screen.contains("Resource servers 2")
        })
        .await;
    stage.tap("esc esc / i o t enter enter");
    stage.settle().await;
    stage.sees(&[DEVICES, "device-provisioner", "App clients 2"]);
    stage.sees_no("price-poller");
}

#[tokio::test]
async fn leaving_a_screen_ends_what_only_it_needed() {
    let mut stage = Stage::open().await;
    stage.press("/").await;
    stage.type_text("partner").await;
    stage.press("enter").await;
    stage.tap("enter");
    stage
        .hear_until("all 300 names", |screen| screen.contains("App clients 300"))
        .await;
    stage.tap("esc");
    stage.settle().await;
    let described = stage.calls("DescribeUserPoolClient");
    assert!(
        described < 60,
        "{described} clients were described for nobody"
    );
    stage.sees(&["User pools"]);
}

#[tokio::test]
async fn a_question_is_taken_back_when_its_screen_is_left() {
    let mut stage = Stage::open().await;
    stage.press("/").await;
    stage.type_text(STAGING).await;
    stage.press("enter").await;
    stage.tap("enter esc");
    stage.press("r r r").await;
    assert_eq!(stage.calls("ListUserPoolClients"), 0);
}

#[test]
fn an_answer_to_an_earlier_question_is_dropped() {
    let mut desk = Desk::on(Route::Pools, 1_000);
    let run = |effects: Vec<Effect>| {
        effects
            .into_iter()
            .find_map(|effect| match effect {
                Effect::Fetch(Query::Pools, run) => Some(run),
                _ => None,
            })
            .unwrap()
    };
    let answer = |run, name: &str| TaskEvent::Loaded {
        query: Query::Pools,
        run,
        data: QueryResult::Pools(vec![PoolSummary {
            id: PoolId::new(format!("eu-west-1_{name}")),
            name: name.to_owned(),
            created: None,
            modified: None,
        }]),
        last: true,
    };
    let earlier = run(desk.app.start());
    let refresh = Message::Input(Event::Key(KeyCode::Char('r').into()));
    let later = run(desk.app.update(refresh, Timestamp::from_seconds(1_000)));
    desk.tell(answer(later, "newer"), 1_001);
    desk.tell(answer(earlier, "older"), 1_002);
    let screen = desk.screen();
    assert!(
        screen.contains("newer") && !screen.contains("older"),
        "{screen}"
    );
}

#[tokio::test]
async fn what_was_left_half_read_is_read_on_the_return() {
    let mut stage = Stage::open().await;
    stage.press("/").await;
    stage.type_text(STAGING).await;
    stage.press("enter").await;
    stage.tap("enter esc");
    stage.settle().await;
    stage.press("enter").await;
    stage.sees(&["price-poller", "5 min", "App clients 11"]);
}

#[tokio::test]
async fn a_list_that_was_left_half_read_is_whole_after_the_return() {
    let mut stage = Stage::open().await;
    stage.press("/").await;
    stage.type_text(PARTNERS).await;
    stage.press("enter").await;
    // The first page comes, the second does not.
    stage.fault("ListUserPoolClients:latency=600s/2");
    stage.tap("enter");
    stage
        .hear_until("the first page", |screen| screen.contains("pinecrest-sync"))
        .await;
    stage.sees_no("App clients 300");
    stage.tap("esc");
    stage.settle().await;
    stage.sandbox.faults().clear();
    stage.tap("enter");
    stage
        .hear_until("all 300 names", |screen| screen.contains("App clients 300"))
        .await;
}

#[tokio::test]
async fn a_refresh_that_was_left_is_made_up_for_on_the_return() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    edit_client(&stage.sandbox, STAGING_ID, "price-poller", |client| {
        client.name = "price-getter".to_owned();
    });
    stage.tap("r esc");
    stage.settle().await;
    stage.press("enter").await;
    stage.sees(&["price-getter", "App clients 11"]);
    stage.sees_no("price-poller");
}

#[tokio::test]
async fn a_change_is_reported_though_one_has_walked_away() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter").await;
    stage.fault("CreateUserPoolClient:latency=30ms");
    stage.tap("enter esc");
    stage.sees(&["Apply this plan?", "press again to leave"]);
    stage.tap("esc esc esc");
    stage.sees(&["User pools"]);
    stage.settle().await;
    stage.sees(&["Created machine_auth"]);
    assert_eq!(stage.sandbox_pool(TEAM_ID).clients.len(), 3);
}

#[tokio::test]
async fn a_change_that_fails_is_reported_though_one_has_walked_away() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter").await;
    stage.fault("CreateUserPoolClient:access-denied");
    stage.tap("enter esc esc");
    stage.settle().await;
    stage.sees(&["CreateUserPoolClient", "access denied"]);
    assert_eq!(stage.sandbox_pool(TEAM_ID).clients.len(), 2);
}

#[tokio::test]
async fn quitting_while_a_change_is_written_asks_once() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter").await;
    stage.tap("enter ctrl-c");
    assert_eq!(stage.turn(), LoopControl::Go);
    stage.sees(&["Still writing a change: wait for the result"]);
    stage.tap("ctrl-c");
    assert_eq!(stage.turn(), LoopControl::Quit);
}

#[tokio::test]
async fn a_second_press_writes_nothing_twice() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter").await;
    stage.tap("enter enter enter");
    stage.settle().await;
    assert_eq!(stage.calls("CreateResourceServer"), 1);
    assert_eq!(stage.calls("CreateUserPoolClient"), 1);
    assert_eq!(stage.sandbox_pool(TEAM_ID).clients.len(), 3);
}

#[tokio::test]
async fn a_second_press_issues_no_second_token() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t").await;
    stage.tap("enter enter");
    stage.sees(&["Still requesting a token"]);
    stage.settle().await;
    assert_eq!(stage.calls("token"), 1);
}

#[tokio::test]
async fn a_refresh_pressed_many_times_ends_in_one_list() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.tap("r r r r r");
    stage.settle().await;
    stage.sees(&["App clients 11", "price-poller", "5 min"]);
}

#[tokio::test]
async fn keys_pressed_before_the_first_answer_do_no_harm() {
    let mut stage = Stage::dark(cognitui::sandbox::Options::default(), 140, 50).await;
    stage.start();
    stage.sees(&["loading user pools"]);
    stage.tap("enter");
    stage.sees(&["Still loading user pools"]);
    stage.tap("j k G g o y x n t /");
    stage.settle().await;
    stage.sees(&["User pools", "ci-runners"]);
}
