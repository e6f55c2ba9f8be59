//! Two writers at the same time: no change is lost silently, and nothing unconfirmed is reported as done.

use std::time::Duration;

use cognitui::cognito::Target;
use cognitui::sandbox::state::{ResourceServer, Scope};
use serde_json::json;

use crate::stage::{PROD, PROD_ID, STAGING, STAGING_ID, Stage, edit_client};

/// Runs until Cognito received this many calls of the operation.
async fn until_called(stage: &Stage, operation: &str, times: usize) {
    let turn = async {
        while stage.calls(operation) < times {
            tokio::task::yield_now().await;
        }
    };
    let asked = tokio::time::timeout(Duration::from_mins(1), turn).await;
    assert!(asked.is_ok(), "{operation} was not called {times} times");
}

/// Opens the plan of a new name for a client, before its confirmation.
async fn about_to_rename(stage: &mut Stage) {
    stage.client(STAGING, "price-poller").await;
    stage.press("e").await;
    stage.type_text("-mine").await;
    stage.press("enter").await;
    stage.sees(&["ClientName price-poller -> price-poller-mine"]);
}

/// Applies a new name, which another writer who had read the client before overwrites at once.
async fn overwritten() -> Stage {
    let mut stage = Stage::open().await;
    about_to_rename(&mut stage).await;
    // It is read before it is written; when it is read back the answer comes late.
    stage.fault("DescribeUserPoolClient:latency=200ms/2");
    stage.tap("enter");
    until_called(&stage, "UpdateUserPoolClient", 1).await;
    edit_client(&stage.sandbox, STAGING_ID, "price-poller-mine", |client| {
        "price-poller".clone_into(&mut client.name);
        client.settings["AccessTokenValidity"] = json!(7);
        client.modified += 1.0;
    });
    stage.settle().await;
    stage.sandbox.faults().clear();
    stage
}

fn count(stage: &Stage, name: &str) -> usize {
    let clients = stage.sandbox_pool(STAGING_ID).clients;
    clients.iter().filter(|client| client.name == name).count()
}

#[tokio::test]
async fn who_was_overwritten_is_told_what_and_takes_it_back_on_top_of_what_is_there() {
    let mut stage = overwritten().await;
    stage.sees(&[
        "overwritten by another program",
        "ClientName is price-poller, not price-poller-mine",
    ]);
    stage.sees_no("Done");
    stage.press("enter").await;
    stage.sees(&[
        "Apply this plan?",
        "ClientName price-poller -> price-poller-mine",
    ]);
    assert_eq!(stage.calls("UpdateUserPoolClient"), 1, "it is shown first");
    stage.press("enter").await;
    stage.sees(&["Done: Change app client price-poller", "price-poller-mine"]);
    stage.sees_no("Edit app client");
    let after = stage.sandbox_client(STAGING_ID, "price-poller-mine");
    assert_eq!(
        after.settings["AccessTokenValidity"],
        json!(7),
        "theirs stays"
    );
}

#[tokio::test]
async fn the_form_of_who_was_overwritten_has_what_is_there_and_what_was_typed() {
    let mut stage = overwritten().await;
    stage.press("esc").await;
    stage.sees(&["Changed in AWS meanwhile", "price-poller-mine", "7 min"]);
    stage.press("enter enter").await;
    stage.sees(&["Done: Change app client"]);
    assert_eq!(count(&stage, "price-poller-mine"), 1);
}

#[tokio::test]
async fn who_walked_away_is_told_of_the_overwriting_too() {
    let mut stage = Stage::open().await;
    about_to_rename(&mut stage).await;
    stage.fault("DescribeUserPoolClient:latency=200ms/2");
    stage.tap("enter esc esc esc esc");
    until_called(&stage, "UpdateUserPoolClient", 1).await;
    edit_client(&stage.sandbox, STAGING_ID, "price-poller-mine", |client| {
        client.name = "price-poller".to_owned();
        client.modified += 1.0;
    });
    stage.settle().await;
    let bottom = stage.bottom();
    assert!(
        bottom.contains("Overwritten in AWS: Change app client"),
        "{bottom}"
    );
}

/// Two real consoles on one Cognito, the second a moment behind the first.
#[tokio::test]
async fn of_two_consoles_one_is_told_that_its_change_is_lost() {
    let mut one = Stage::open().await;
    let mut other = Stage::elsewhere(Target::sandbox(&one.sandbox.url(), "eu-west-1")).await;
    for (stage, keys) in [(&mut one, "-one"), (&mut other, "-other")] {
        stage.client(STAGING, "price-poller").await;
        stage.press("e").await;
        stage.type_text(keys).await;
        stage.press("enter").await;
    }
    // Each write comes late, and the first reading back later still.
    let late = "UpdateUserPoolClient:latency=500ms,DescribeUserPoolClient:latency=1s/2";
    let first = one.calls("DescribeUserPoolClient");
    one.tap("enter");
    until_called(&one, "DescribeUserPoolClient", first + 1).await;
    one.fault(late);
    other.tap("enter");
    tokio::join!(one.settle(), other.settle());
    let told = [&mut one, &mut other].map(|stage| {
        let screen = stage.screen();
        (
            screen.contains("overwritten by another program"),
            screen.contains("Done: Change app client"),
        )
    });
    assert!(
        told == [(true, false), (false, true)] || told == [(false, true), (true, false)],
        "{told:?}"
    );
}

#[tokio::test]
async fn what_can_not_be_read_back_is_not_called_done() {
    let mut stage = Stage::open().await;
    about_to_rename(&mut stage).await;
    stage.fault("DescribeUserPoolClient:access-denied/2");
    stage.press("enter").await;
    stage.sees(&["not confirmed", "DescribeUserPoolClient", "access denied"]);
    stage.sees_no("Done");
    assert_eq!(count(&stage, "price-poller-mine"), 1);
}

fn add_scope(stage: &Stage, name: &str) {
    let scope = Scope {
        scope_name: name.to_owned(),
        scope_description: format!("{name} it"),
    };
    change_orders(stage, |server| server.scopes.push(scope));
}

fn change_orders(stage: &Stage, change: impl FnOnce(&mut ResourceServer)) {
    stage.sandbox.edit(|state| {
        let servers = &mut state.pools.get_mut(PROD_ID).unwrap().servers;
        let orders = servers
            .iter_mut()
            .find(|server| server.identifier == "orders");
        change(orders.unwrap());
    });
}

fn scopes(stage: &Stage) -> Vec<String> {
    let servers = stage.sandbox_pool(PROD_ID).servers;
    let orders = servers
        .iter()
        .find(|server| server.identifier == "orders")
        .unwrap();
    let names = orders.scopes.iter().map(|scope| scope.scope_name.clone());
    names.collect()
}

/// Opens the form of the server `orders` with one more scope filled in, and with another name if one is given.
async fn one_more_scope(name: &str) -> Stage {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("3 G e").await;
    stage.type_text(name).await;
    stage.press("tab down down down").await;
    stage.type_text("mine Of my own").await;
    stage
}

#[tokio::test]
async fn of_two_who_add_scopes_to_a_server_both_keep_theirs_and_the_second_is_told() {
    let mut stage = one_more_scope("").await;
    stage.press("enter").await;
    stage.sees(&["Scope mine · Of my own"]);
    add_scope(&stage, "theirs");
    stage.press("enter").await;
    stage.sees(&[
        "Done: Change resource server orders",
        "kept changes made meanwhile: Scope theirs",
    ]);
    assert_eq!(
        scopes(&stage),
        ["cancel", "read", "write", "theirs", "mine"]
    );
}

#[tokio::test]
async fn a_form_keeps_the_rows_that_somebody_else_added() {
    // A new name is no addition, so that the second has to look.
    let mut stage = one_more_scope(" new").await;
    stage.press("enter").await;
    add_scope(&stage, "theirs");
    stage.press("enter").await;
    stage.sees(&["changed by another program meanwhile"]);
    stage.press("esc").await;
    stage.sees(&[
        "Changed in AWS meanwhile",
        "mine Of my own",
        "theirs theirs it",
    ]);
    stage.press("enter").await;
    stage.sees(&["Scope mine · Of my own"]);
    stage.sees_no("Scope theirs");
    stage.press("enter").await;
    stage.sees(&["Done"]);
    let mut scopes = scopes(&stage);
    scopes.sort();
    assert_eq!(scopes, ["cancel", "mine", "read", "theirs", "write"]);
}

#[tokio::test]
async fn a_server_that_gained_a_scope_is_shown_with_it_before_it_goes() {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    // From its last scope to the server.
    stage.press("3 G k k k ctrl-d enter").await;
    add_scope(&stage, "theirs");
    stage.type_text("orders").await;
    stage.press("enter").await;
    stage.sees(&["changed by another program meanwhile"]);
    assert_eq!(stage.calls("DeleteResourceServer"), 0);
    stage.press("enter").await;
    assert_eq!(
        stage.calls("DeleteResourceServer"),
        0,
        "the name is typed again"
    );
    stage.type_text("orders").await;
    stage.press("enter").await;
    assert_eq!(stage.calls("DeleteResourceServer"), 1);
}
