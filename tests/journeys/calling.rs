//! API calls with a token: what is prefilled, which host gets the token, and which does not.

use std::time::Duration;

use cognitui::app::message::{Effect, Message, Query, QueryResult, Route, TaskEvent, TokenId};
use cognitui::domain::oauth::api_call::{ApiAnswer, ApiCall, GraphApi};
use cognitui::domain::time::Timestamp;
use cognitui::sandbox::Options;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use serde_json::json;

use crate::desk::Desk;
use crate::front::{Answer, Call, Front, answered, json as in_json};
use crate::screen::dangerous;
use crate::stage::{STAGING, Stage, sandbox};

const NOW: i64 = 1_795_270_000;

/// Answers as an AppSync with these APIs, each at its own address.
fn appsync(call: &Call, own: &str, names: &[&str]) -> Answer {
    match call.path.as_str() {
        "/v1/apis" => {
            let apis = names.iter().map(|name| {
                json!({"name": name, "uris": {"GRAPHQL": format!("{own}/{name}/graphql"), "REALTIME": "wss://x"}})
            });
            let apis: Vec<_> = apis.collect();
            in_json(200, json!({ "graphqlApis": apis }).to_string())
        }
        path if path.ends_with("/graphql") => in_json(200, r#"{"data":{"__typename":"Query"}}"#),
        _ => Answer::Cognito,
    }
}

/// Opens a token of a client of a host with Cognito and AppSync.
async fn beside(names: &'static [&'static str]) -> (Front, Stage) {
    let cognito = sandbox(Options::default()).await;
    let front = Front::of(cognito.url(), move |call, own| appsync(call, own, names)).await;
    let mut stage = Stage::behind(cognito, &front.url).await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t enter y 1").await;
    (front, stage)
}

#[tokio::test]
async fn the_graph_api_of_aws_team_is_found_and_asked_what_it_answers_to_anybody() {
    let (front, mut stage) = beside(&["orders", "team-main-06dbb7fc"]).await;
    let token = stage.clipboard();
    // Nobody asks for it before it is of use.
    assert!(front.calls("/v1/apis").is_empty());
    stage.press("a").await;
    stage.sees(&[
        "(•) team-main-06dbb7fc",
        "( ) other",
        "/team-main-06dbb7fc/graphql",
        "‹ POST ›",
        r#"{"query":"{ __typename }"}"#,
    ]);
    stage.press("enter").await;
    stage.sees(&["HTTP 200", "\"__typename\": \"Query\""]);
    let calls = front.calls("/team-main-06dbb7fc/graphql");
    let [call] = calls.as_slice() else {
        panic!("{calls:?}");
    };
    assert_eq!(call.method, "POST");
    assert_eq!(call.bearer(), Some(token.as_str()));
    assert_eq!(call.body, r#"{"query":"{ __typename }"}"#);
    // Of no other request the token was a part.
    assert_eq!(front.calls("/v1/apis").len(), 1);
    assert_ne!(front.calls("/v1/apis")[0].bearer(), Some(token.as_str()));
    // Another URL is remembered in its place, and the first is a key away.
    stage.press("ctrl-u").await;
    stage.type_text(&format!("{}/api/orders", front.url)).await;
    stage.sees(&["( ) team-main-06dbb7fc", "(•) other"]);
    stage.press("enter esc a").await;
    stage.sees(&["/api/orders", "(•) other"]);
    stage.press("shift-tab left").await;
    stage.sees(&["(•) team-main-06dbb7fc", "/team-main-06dbb7fc/gr…"]);
    assert_eq!(front.calls("/v1/apis").len(), 1, "it is known by now");
}

#[tokio::test]
async fn of_several_one_is_chosen() {
    let (front, mut stage) = beside(&["team-main-a", "orders", "team-main-b"]).await;
    stage.press("a").await;
    stage.sees(&[
        "( ) team-main-a",
        "( ) team-main-b",
        "(•) other",
        "/api/orders",
    ]);
    stage.press("shift-tab left").await;
    stage.sees(&[
        "(•) team-main-b",
        &format!("{}/team-main-b/graphql", front.url),
        "‹ POST ›",
    ]);
    stage.press("left enter").await;
    assert_eq!(front.calls("/team-main-a/graphql").len(), 1);
    assert_eq!(front.calls("/team-main-b/graphql").len(), 0);
}

#[tokio::test]
async fn without_an_appsync_the_form_says_nothing_of_one() {
    let mut stage = Stage::open().await;
    // What an emulator without AppSync answers is no answer of AppSync's.
    stage.fault("ListGraphqlApis:html");
    stage.client(STAGING, "price-poller").await;
    stage.press("t enter a").await;
    stage.sees(&["/api/orders", "‹ GET ›"]);
    for words in ["team-main", "( ) other", "AppSync"] {
        stage.sees_no(words);
    }
    let screen = stage.screen();
    let label = screen.lines().any(|line| line.starts_with("│ API"));
    assert!(!label, "{screen}");
}

#[tokio::test]
async fn nobody_waits_for_the_look_up() {
    let cognito = sandbox(Options::default()).await;
    let front = Front::of(cognito.url(), |call, _| match call.path.as_str() {
        "/v1/apis" => Answer::Never,
        _ => Answer::Cognito,
    })
    .await;
    let mut stage = Stage::behind(cognito, &front.url).await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t enter").await;
    stage.tap("a enter");
    let answered = |screen: &str| screen.contains("HTTP 200") && screen.contains("ord-10021");
    stage.hear_until("the answer of the API", answered).await;
    assert_eq!(front.calls("/v1/apis").len(), 1);
    // Whoever leaves does not want to know any more.
    stage.press("esc").await;
    stage.sees(&["Request"]);
}

#[tokio::test]
async fn what_was_typed_before_the_answer_stays() {
    let mut desk = Desk::on(Route::ApiCall(TokenId(0)), NOW);
    let found = QueryResult::GraphApis(vec![GraphApi {
        name: "team-main-x".to_owned(),
        pool: None,
        url: "https://x.appsync-api.eu-west-1.amazonaws.com/graphql".to_owned(),
    }]);
    let asked = desk
        .app
        .start()
        .into_iter()
        .find_map(|effect| match effect {
            Effect::Fetch(Query::GraphApis, run) => Some(run),
            _ => None,
        });
    let press = |letter| {
        let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
        Message::Input(Event::Key(key))
    };
    for letter in "my.example".chars() {
        desk.app.update(press(letter), Timestamp::from_seconds(NOW));
    }
    let fact = TaskEvent::Loaded {
        query: Query::GraphApis,
        run: asked.unwrap(),
        data: found,
        last: true,
    };
    desk.tell(fact, NOW);
    let screen = desk.screen();
    assert!(screen.contains("https://my.example"), "{screen}");
    assert!(
        screen.contains("( ) team-main-x") && screen.contains("(•) other"),
        "{screen}"
    );
}

#[tokio::test]
async fn a_redirect_is_shown_and_not_followed() {
    let elsewhere = Front::of(String::new(), |_, _| in_json(200, "{}")).await;
    let away = format!("{}/steal", elsewhere.url);
    let location = away.clone();
    let cognito = sandbox(Options::default()).await;
    let front = Front::of(cognito.url(), move |call, own| match call.path.as_str() {
        "/moved/graphql" => answered(302, ("location", location.clone()), ""),
        _ => appsync(call, own, &["moved-team-main"]),
    })
    .await;
    let mut stage = Stage::behind(cognito, &front.url).await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t enter a ctrl-u").await;
    stage
        .type_text(&format!("{}/moved/graphql", front.url))
        .await;
    stage.press("enter").await;
    stage.sees(&[
        "HTTP 302",
        &format!("The API redirects to {away}. Not followed"),
        "the token is sent only to the host",
    ]);
    assert_eq!(front.calls("/moved/graphql").len(), 1);
    assert!(
        elsewhere.calls("/steal").is_empty(),
        "the token was carried off"
    );
}

#[tokio::test]
async fn what_an_api_answers_gives_the_terminal_no_orders() {
    const EVIL: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}\u{9b}31m\u{200b}";
    let cognito = sandbox(Options::default()).await;
    let front = Front::of(cognito.url(), |call, own| match call.path.as_str() {
        "/v1/apis" => {
            let uris = json!({"GRAPHQL": format!("{own}/graphql?{EVIL}")});
            let api = json!({"name": format!("team-main{EVIL}"), "uris": uris});
            in_json(200, json!({"graphqlApis": [api]}).to_string())
        }
        "/api/orders" => {
            let challenge =
                "Bearer error=\"invalid_token\" error_description=\"\u{9b}31m the audience\"";
            let body = json!({"x\u{1b}[1m": EVIL}).to_string() + EVIL;
            answered(401, ("www-authenticate", challenge.to_owned()), body)
        }
        _ => Answer::Cognito,
    })
    .await;
    let mut stage = Stage::behind(cognito, &front.url).await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t enter a").await;
    stage.sees(&["(•) team-main"]);
    let screen = stage.screen();
    assert!(dangerous(&screen).is_empty(), "{screen}");
    stage.press("ctrl-u").await;
    stage.type_text(&format!("{}/api/orders", front.url)).await;
    stage.press("enter").await;
    stage.sees(&["HTTP 401", "The authorizer does not know the app client"]);
    let screen = stage.screen();
    assert!(dangerous(&screen).is_empty(), "{screen}");
}

#[test]
fn a_late_answer_is_not_taken_for_the_next_calls() {
    let mut desk = Desk::on(Route::ApiCall(TokenId(0)), NOW);
    let at = Timestamp::from_seconds(NOW);
    for letter in "later.example".chars() {
        let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
        desk.app.update(Message::Input(Event::Key(key)), at);
    }
    let enter = Message::Input(Event::Key(KeyCode::Enter.into()));
    let mut sent = desk.app.update(enter, at).into_iter();
    let later = sent.find_map(|effect| match effect {
        Effect::Start(_, effect) => match *effect {
            Effect::CallApi(_, call) => Some(call),
            _ => None,
        },
        _ => None,
    });
    let later = later.unwrap();
    // One that was made with the same token before the screen was left and opened again.
    let earlier = ApiCall {
        url: "https://earlier.example".to_owned(),
        ..later.clone()
    };
    let answered = |call: &ApiCall, body: &str| TaskEvent::ApiCalled {
        token: TokenId(0),
        call: call.clone(),
        outcome: Ok(ApiAnswer {
            status: 200,
            headers: Vec::new(),
            body: body.to_owned(),
            cut: false,
            took: Duration::ZERO,
        }),
    };
    desk.tell(answered(&earlier, "from the earlier one"), NOW);
    let screen = desk.screen();
    assert!(
        screen.contains("calling") && !screen.contains("earlier one"),
        "{screen}"
    );
    desk.tell(answered(&later, "from the later one"), NOW);
    let screen = desk.screen();
    assert!(screen.contains("from the later one"), "{screen}");
}
