//! A revealed secret is hidden again: on leaving, on looking away, after 30 seconds. And it is nowhere else.

use cognitui::app::message::{Effect, Message, Query, QueryResult, Route, TaskEvent};
use cognitui::cognito::{Gateway, Target};
use cognitui::domain::client::AppClient;
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::time::Timestamp;
use crossterm::event::{Event, KeyCode};

use crate::desk::{Desk, timeout};
use crate::stage::{STAGING, STAGING_ID, Stage};

const NAME: &str = "price-poller";

/// Opens a client's page with its secret revealed; returns the secret, too.
async fn revealed() -> (Stage, String) {
    let mut stage = Stage::open().await;
    let secret = stage.secret(STAGING_ID, NAME);
    stage.client(STAGING, NAME).await;
    stage.sees_no(&secret);
    stage.press("x").await;
    stage.sees(&[&secret]);
    (stage, secret)
}

#[tokio::test]
async fn the_same_key_hides_it() {
    let (mut stage, secret) = revealed().await;
    stage.press("x").await;
    stage.sees_no(&secret);
    stage.sees(&["••••••••••••"]);
}

#[tokio::test]
async fn leaving_hides_it() {
    let (mut stage, secret) = revealed().await;
    stage.press("esc").await;
    stage.sees_no(&secret);
    stage.press("enter").await;
    stage.sees_no(&secret);
}

#[tokio::test]
async fn going_on_hides_it() {
    for key in ["t", "y", "?"] {
        let (mut stage, secret) = revealed().await;
        stage.press(key).await;
        stage.sees_no(&secret);
        stage.press("esc").await;
        stage.sees_no(&secret);
    }
}

#[tokio::test]
async fn looking_away_hides_it() {
    let (mut stage, secret) = revealed().await;
    stage.event(Event::FocusLost);
    stage.sees_no(&secret);
    stage.event(Event::FocusGained);
    stage.sees_no(&secret);
}

#[tokio::test]
async fn suspending_hides_it() {
    let (mut stage, secret) = revealed().await;
    stage.press("ctrl-z").await;
    stage.sees_no(&secret);
}

#[tokio::test]
async fn a_secret_that_comes_after_one_has_looked_away_stays_covered() {
    let mut stage = Stage::open().await;
    let secret = stage.secret(STAGING_ID, NAME);
    stage.client(STAGING, NAME).await;
    stage.tap("x");
    stage.event(Event::FocusLost);
    stage.settle().await;
    stage.sees_no(&secret);

    stage.tap("x esc enter");
    stage.settle().await;
    stage.sees(&["AccessTokenValidity"]);
    stage.sees_no(&secret);
}

/// Presses `keys` while the secret is loading, and then lets it arrive.
async fn on_its_way(stage: &mut Stage, keys: &str) {
    let asked = stage.calls("DescribeUserPoolClient");
    stage.fault("DescribeUserPoolClient:latency=50ms");
    stage.tap(keys);
    stage.settle().await;
    // However often it was asked for meanwhile, it was read once.
    assert_eq!(stage.calls("DescribeUserPoolClient"), asked + 1, "{keys}");
    stage.sandbox.faults().clear();
}

#[tokio::test]
async fn a_secret_that_was_taken_back_while_it_was_on_its_way_stays_hidden() {
    for (keys, shown) in [("x", true), ("x x", false), ("x x x", true)] {
        let mut stage = Stage::open().await;
        let client = stage.sandbox_client(STAGING_ID, NAME);
        let secret = &client.secrets[0].value;
        stage.client(STAGING, NAME).await;
        on_its_way(&mut stage, keys).await;
        assert_eq!(stage.has(secret), shown, "{keys}\n{}", stage.screen());
        // Nothing is left over: the next press does what it says.
        stage.press("x").await;
        assert_eq!(
            stage.has(secret),
            !shown,
            "{keys} and x\n{}",
            stage.screen()
        );
    }
}

#[tokio::test]
async fn from_the_list_x_and_x_again_reveals_nothing() {
    let mut stage = Stage::open().await;
    let secret = stage.secret(STAGING_ID, NAME);
    stage.pool(STAGING).await;
    stage.press("/").await;
    stage.type_text(NAME).await;
    stage.press("enter").await;
    stage.fault("DescribeUserPoolClient:latency=50ms");
    stage.tap("x x");
    stage.settle().await;
    stage.sees(&["AccessTokenValidity"]);
    stage.sees_no(&secret);
}

#[tokio::test]
async fn a_late_answer_about_one_client_is_not_shown_because_another_was_asked_for() {
    let mut stage = Stage::open().await;
    let of = |stage: &Stage, name| stage.secret(STAGING_ID, name);
    let (first, second) = (of(&stage, NAME), of(&stage, "storefront"));
    assert_ne!(NAME, "storefront");
    stage.client(STAGING, NAME).await;
    stage.fault("DescribeUserPoolClient:latency=50ms");
    stage.tap("x esc");
    stage.press("/").await;
    stage.press("ctrl-u").await;
    stage.type_text("storefront").await;
    stage.press("enter enter x").await;
    stage.settle().await;
    stage.sees(&[&second]);
    stage.sees_no(&first);
    stage.press("esc").await;
    stage.sees_no(&first);
}

#[tokio::test]
async fn from_the_list_x_opens_the_client_and_reveals() {
    let mut stage = Stage::open().await;
    let secret = stage.secret(STAGING_ID, NAME);
    stage.pool(STAGING).await;
    stage.press("/").await;
    stage.type_text(NAME).await;
    stage.press("enter x").await;
    stage.sees(&[&secret]);
}

#[tokio::test]
async fn no_screen_shows_a_secret_or_a_token_unasked() {
    let mut stage = Stage::open().await;
    stage
        .sandbox
        .edit(|state| state.pools.retain(|id, _| id == STAGING_ID));
    stage.press("r").await;
    let secrets: Vec<_> = stage
        .sandbox_pool(STAGING_ID)
        .clients
        .into_iter()
        .flat_map(|client| client.secrets)
        .map(|secret| secret.value)
        .collect();
    stage
        .tour(|stage, what| {
            let shown = secrets.iter().any(|secret| stage.has(secret));
            assert_eq!(shown, what == "its secret", "{what}\n{}", stage.screen());
            assert!(!stage.screen().contains("eyJ"), "a token on {what}");
        })
        .await;
}

#[tokio::test]
async fn every_copy_of_credentials_quotes_the_value_and_names_the_client() {
    let mut stage = Stage::open().await;
    let client = stage.sandbox_client(STAGING_ID, NAME);
    let secret = &client.secrets[0].value;
    stage.client(STAGING, NAME).await;
    for (key, holds, start) in [
        ("1", true, secret.as_str()),
        ("2", false, &client.id),
        ("3", false, "https://acme-platform-staging.auth."),
        ("4", true, "export TOKEN_ENDPOINT='http"),
        ("5", false, "printf "),
        ("6", true, "{"),
    ] {
        stage.press("y").await;
        stage.press(key).await;
        let copied = stage.clipboard();
        assert!(copied.starts_with(start), "{key}: {copied}");
        assert_eq!(copied.contains(secret.as_str()), holds, "{key}: {copied}");
        stage.sees(&["Copied"]);
        stage.sees_no(secret);
    }
}

#[tokio::test]
async fn a_copy_that_fails_says_why() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, NAME).await;
    stage.fault("DescribeUserPoolClient:access-denied");
    stage.press("y enter").await;
    stage.sees(&["Cannot copy the secret of price-poller", "access denied"]);
    stage.press("x").await;
    stage.sees(&["DescribeUserPoolClient: access denied"]);
}

/// Returns a client as the sandbox describes it.
async fn described() -> AppClient {
    let sandbox = crate::stage::sandbox(cognitui::sandbox::Options::default()).await;
    let target = Target::sandbox(&sandbox.url(), "eu-west-1");
    let gateway = Gateway::connect(target, std::sync::Arc::new(|_| {}))
        .await
        .unwrap();
    let pool = &sandbox.state().pools[STAGING_ID];
    let id = ClientId::new(&pool.clients[0].id);
    gateway.client(&PoolId::new(STAGING_ID), &id).await.unwrap()
}

#[tokio::test]
async fn after_30_seconds_it_is_covered_and_nothing_moves_any_more() {
    let client = described().await;
    let route = Route::Client(client.pool.clone(), client.id.clone());
    let mut desk = Desk::on(route, 1_000);
    let mut effects = desk.app.start();
    while let Some(effect) = effects.pop() {
        let Effect::Fetch(query, run) = effect else {
            continue;
        };
        let fact = if matches!(query, Query::Client(..)) {
            let data = QueryResult::Client(client.clone());
            TaskEvent::Loaded {
                query,
                run,
                data,
                last: true,
            }
        } else {
            TaskEvent::Failed {
                query,
                run,
                error: timeout(),
            }
        };
        effects.extend(desk.tell(fact, 1_000));
    }
    assert_eq!(desk.app.next_tick(Timestamp::from_seconds(1_000)), None);
    let reveal = desk.app.update(
        Message::Input(Event::Key(KeyCode::Char('x').into())),
        Timestamp::from_seconds(1_000),
    );
    let [Effect::Start(id, started)] = reveal.as_slice() else {
        panic!("{reveal:?}");
    };
    let wanted = Effect::Reveal(client.pool.clone(), client.id.clone());
    assert_eq!(**started, wanted);
    let revealed = TaskEvent::Revealed {
        pool: client.pool.clone(),
        client: client.id.clone(),
        outcome: Ok("the0secret0itself".to_owned().into()),
    };
    desk.answer(*id, revealed, 1_000);
    assert!(
        desk.screen().contains("the0secret0itself"),
        "{}",
        desk.screen()
    );
    desk.app
        .update(Message::Tick, Timestamp::from_seconds(1_029));
    assert!(
        desk.screen().contains("the0secret0itself"),
        "{}",
        desk.screen()
    );
    desk.app
        .update(Message::Tick, Timestamp::from_seconds(1_030));
    assert!(
        !desk.screen().contains("the0secret0itself"),
        "{}",
        desk.screen()
    );
    assert!(desk.screen().contains("••••••••••••"));
    assert_eq!(desk.app.next_tick(Timestamp::from_seconds(1_040)), None);
}

#[tokio::test]
async fn nothing_moves_when_a_secret_is_revealed() {
    let mut stage = Stage::sized(100, 40).await;
    stage.client("acme-platform-prod", "checkout").await;
    let masked = stage.screen();
    stage.press("x").await;
    stage.sees(&["secret hides in"]);
    let shown = stage.screen();
    let rows = masked.lines().zip(shown.lines());
    let moved: Vec<_> = rows.filter(|(was, is)| was != is).collect();
    // The value itself, the countdown in the border, and the key that hides it.
    assert_eq!(moved.len(), 3, "{moved:#?}");
}
