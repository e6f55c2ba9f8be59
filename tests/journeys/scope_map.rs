//! The scope map: its cells, how it loads, its navigation; who can use a scope, and what a client can call.

use cognitui::sandbox::Options;
use serde_json::Value;

use crate::stage::{PARTNERS, PROD, STAGING, STAGING_ID, Stage, sandbox};

#[tokio::test]
async fn the_map_says_of_every_client_and_scope_what_is_allowed() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("S").await;
    stage.sees(&[
        "Scope map of acme-platform-staging",
        "11 clients",
        "CLIENT",
        "SCOPES",
        "CLIENTS",
        "● active",
        "○ inactive",
    ]);
    let there = stage.sandbox_pool(STAGING_ID);
    let screen = stage.screen();
    // Every sign in the matrix is what the sandbox says.
    let count = |sign: char| {
        let rows = screen.lines().filter(|line| !line.contains("○ inactive"));
        rows.map(|line| line.matches(sign).count()).sum::<usize>()
    };
    let defined: Vec<String> = there
        .servers
        .iter()
        .flat_map(|server| {
            let of = |scope: &cognitui::sandbox::state::Scope| {
                format!("{}/{}", server.identifier, scope.scope_name)
            };
            server.scopes.iter().map(of).collect::<Vec<_>>()
        })
        .collect();
    let (mut active, mut inactive) = (0, 0);
    for client in &there.clients {
        let scopes = client.settings.get("AllowedOAuthScopes");
        for scope in scopes.and_then(Value::as_array).into_iter().flatten() {
            let scope = scope.as_str().unwrap();
            if defined.iter().any(|name| name == scope) {
                active += 1;
            } else if scope.contains('/') {
                inactive += 1;
            }
        }
    }
    assert!(active > 0 && inactive > 0);
    assert_eq!((count('●'), count('○')), (active, inactive), "{screen}");
}

#[tokio::test]
async fn from_a_cell_to_the_client_and_from_a_head_to_who_uses_the_scope() {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("S").await;
    stage.sees(&["allowed for"]);
    let name = stage.cursor().split_whitespace().nth(2).unwrap().to_owned();
    stage.press("enter").await;
    stage.sees(&["AccessTokenValidity", &name]);
    stage.press("esc k").await;
    stage.sees(&["clients have it", "access"]);
    stage.press("enter").await;
    stage.sees(&[
        "Who can use billing/export",
        "clients have it",
        "APP CLIENT",
    ]);
    stage.press("enter").await;
    stage.sees(&["AccessTokenValidity"]);
    stage.press("esc esc g left").await;
    stage.sees(&[" allowed"]);
    stage.press("u").await;
    stage.sees(&["What checkout can call", "● active"]);
    stage.press("enter").await;
    stage.sees(&["Who can use"]);
}

#[tokio::test]
async fn clients_and_scopes_are_filtered_each_by_its_own_words() {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("S /").await;
    stage.type_text("checkout").await;
    stage.sees(&["1 of 10 clients", "filter scopes"]);
    stage.press("tab").await;
    stage.type_text("orders read").await;
    stage.sees(&["1 of 10 clients", "orders/read"]);
    stage.press("enter").await;
    // Both hold after the field is left.
    let rows = stage
        .screen()
        .lines()
        .filter(|line| line.contains('['))
        .count();
    assert_eq!(rows, 1, "{}", stage.screen());
    stage.press("esc").await;
    stage.sees(&["10 clients"]);
    stage.sees_no("of 10 clients");
}

#[tokio::test]
async fn it_fills_as_answers_come_the_rows_in_sight_first_and_goes_on_after_a_break() {
    let mut stage = Stage::open().await;
    stage.press("/").await;
    stage.type_text(PARTNERS).await;
    stage.press("enter").await;
    stage.press("enter S").await;
    stage.sees(&["app clients not read: A reads them"]);
    stage.tap("A");
    let some = |screen: &str| {
        screen.contains("of 300") && !screen.contains(" 0 of 300") && screen.contains('●')
    };
    stage
        .hear_until("a part of the map, with its progress", some)
        .await;
    // Below what is in sight nothing was read before the rest.
    let first = stage.cursor();
    assert!(!first.contains('…'), "{first}");
    stage.tap("esc S");
    stage.settle().await;
    stage.sees(&["300 clients", "● active"]);
    stage.sees_no("of 300");
    let calls = stage.calls("DescribeUserPoolClient");
    assert!(calls < 330, "{calls} describes for 300 clients");
}

#[tokio::test]
async fn what_may_not_be_read_is_said_and_not_shown_as_not_allowed() {
    let mut stage = Stage::open().await;
    stage.fault("DescribeUserPoolClient:access-denied");
    stage.pool(PROD).await;
    stage.press("S").await;
    stage.sees(&[
        "denied",
        "! 10 of 10 clients could not be read",
        "unknown for",
    ]);
    // Nobody can say that a scope is held by nobody.
    stage.sees_no("0!");
    stage.press("k u").await;
    stage.sees(&["! 10 of 10 clients could not be read"]);
}

#[tokio::test]
async fn a_scope_that_nobody_holds_and_a_client_that_holds_too_much_stand_out() {
    let sandbox = sandbox(Options::default()).await;
    sandbox.edit(|state| {
        let pool = state.pools.get_mut(STAGING_ID).unwrap();
        let mut unheld = pool.servers[0].scopes[0].clone();
        unheld.scope_name = "unheld".to_owned();
        pool.servers[0].scopes.push(unheld);
    });
    let mut stage = Stage::on(sandbox, 140, 50).await;
    stage.pool(STAGING).await;
    stage.press("S").await;
    let screen = stage.screen();
    let total = screen
        .lines()
        .find(|line| line.contains("CLIENTS"))
        .unwrap();
    assert!(total.contains("0!"), "{screen}");
    let there = stage.sandbox_pool(STAGING_ID);
    let holds_all = |client: &cognitui::sandbox::state::Client| {
        let held = client
            .settings
            .get("AllowedOAuthScopes")
            .and_then(Value::as_array);
        let held: Vec<&str> = held
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        there.servers.iter().any(|server| {
            let holds =
                |name: &str| held.contains(&format!("{}/{name}", server.identifier).as_str());
            server.scopes.len() > 1 && server.scopes.iter().all(|scope| holds(&scope.scope_name))
        })
    };
    for client in &there.clients {
        let marked = screen.lines().any(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.contains(&client.name.as_str())
                && words
                    .iter()
                    .any(|word| word.len() < 4 && word.ends_with('!'))
        });
        assert_eq!(marked, holds_all(client), "{}\n{screen}", client.name);
    }
}

#[tokio::test]
async fn the_map_is_copied_as_csv_and_as_json() {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("S y 1").await;
    stage.sees(&["Copied the scope map as CSV"]);
    let csv = stage.clipboard();
    assert!(
        csv.starts_with("client_id,name,allowed,inactive,billing/export,"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 12, "{csv}");
    stage.press("y 2").await;
    let json: Value = serde_json::from_str(&stage.clipboard()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 10);
    assert_eq!(
        json[0]["scopes"]["billing/export"]
            .as_str()
            .map(str::is_empty),
        Some(false)
    );
}

#[tokio::test]
async fn a_scope_on_the_servers_tab_tells_who_can_use_it() {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("3 u").await;
    stage.sees(&["Scopes of billing"]);
    stage.press("esc j u").await;
    stage.sees(&["Who can use billing/export"]);
    stage.press("esc 1 u").await;
    stage.sees(&["Select a scope (3) or an app client (2) first"]);
}

#[tokio::test]
async fn a_client_whose_oauth_is_off_can_call_nothing() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "billing-export").await;
    stage.press("u").await;
    stage.sees(&["What billing-export can call", "Nothing: OAuth is off"]);
}
