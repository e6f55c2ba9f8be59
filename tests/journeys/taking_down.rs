//! Taking down a set-up: its own resources are deleted after its name is typed, what others use stays unless requested.

use serde_json::json;

use crate::setting_up::plain;
use crate::stage::{Stage, TEAM, TEAM_ID};

#[tokio::test]
async fn what_is_set_up_is_taken_down_once_its_name_is_typed() {
    let mut stage = plain().await;
    stage.press("enter x esc").await;
    stage.press("m").await;
    stage.preset("plain").await;
    stage.press("shift-tab").await;
    stage.answer("acme-m2m").await;
    stage.press("enter").await;
    stage.sees(&["everything exists already"]);
    stage.press("T").await;
    stage.sees(&[
        "- Delete app client m2m-client",
        "- Delete domain acme-m2m",
        "- Delete user pool m2m",
        "Name",
    ]);
    // What asks for the name and its field stand together.
    let screen = stage.screen();
    let line = |words: &str| {
        screen
            .lines()
            .position(|line| line.contains(words))
            .unwrap()
    };
    let asks = line("enter delete");
    assert_eq!(line("Name"), asks + 1, "{screen}");
    stage.press("enter").await;
    stage.sees(&["Type m2m to confirm"]);
    assert_eq!(stage.calls("DeleteUserPoolClient"), 0);
    // Between the name and the steps.
    stage.press("tab y").await;
    stage.sees(&["delete-user-pool-client"]);
    stage.press("tab").await;
    stage.type_text("m2m").await;
    stage.sees(&["Confirmed"]);
    stage.press("enter").await;
    stage.sees(&["✓ Applied"]);
    assert!(stage.sandbox.state().pools.is_empty());
    stage.press("r").await;
    stage.sees(&["nothing of it exists"]);
}

/// Opens the take-down of TEAM's set-up, whose scope another client has, too.
async fn shared() -> Stage {
    let mut stage = Stage::open().await;
    stage.press("m enter enter x enter esc").await;
    stage.sandbox.edit(|state| {
        let pool = state.pools.get_mut(TEAM_ID).unwrap();
        let mut other = pool.clients.last().unwrap().clone();
        assert_eq!(other.name, "machine_auth");
        "1h57kf5cpq17m0eml12example".clone_into(&mut other.id);
        "nightly-audit".clone_into(&mut other.name);
        pool.clients.push(other);
    });
    let mut stage = stage.restarted().await;
    stage.press("m enter T").await;
    stage.sees(&[
        "- Delete app client machine_auth",
        "= Resource server api is kept: its scopes are used by nightly-audit (api/admin)",
        "on a kept resource removes it too; others may use it",
    ]);
    stage
}

#[tokio::test]
async fn a_scope_that_another_client_holds_stays() {
    let mut stage = shared().await;
    stage.type_text("machine_auth").await;
    stage.press("enter").await;
    stage.sees(&["✓ Applied"]);
    let pool = stage.sandbox_pool(TEAM_ID);
    assert!(
        pool.clients
            .iter()
            .all(|client| client.name != "machine_auth")
    );
    assert_eq!(pool.servers[0].identifier, "api");
    stage.press("r").await;
    stage.sees(&["only shared resources are left"]);
}

#[tokio::test]
async fn asked_for_it_goes_and_who_loses_it_is_named() {
    let mut stage = shared().await;
    // On the client there is nothing to ask for.
    stage.press("ctrl-d").await;
    stage.sees(&["Only for kept resources of a take-down"]);
    stage.press("down").await;
    assert!(stage.cursor().contains("is kept"), "{}", stage.cursor());
    stage.press("ctrl-d").await;
    stage.sees(&[
        "- Delete resource server api",
        "tokens silently lose the scopes",
        "nightly-audit (api/admin)",
        "keep",
    ]);
    // And back.
    stage.press("ctrl-d").await;
    stage.sees(&["= Resource server api is kept"]);
    stage.press("ctrl-d").await;
    stage.type_text("machine_auth").await;
    stage.press("enter").await;
    stage.sees(&["✓ Applied"]);
    assert_eq!(stage.sandbox_pool(TEAM_ID).servers.len(), 0);
}

#[tokio::test]
async fn a_pool_that_is_protected_stays_until_it_is_asked_for() {
    let mut stage = plain().await;
    stage.press("enter x esc").await;
    let id = stage.pool_named("m2m").unwrap().id;
    stage.sandbox.edit(|state| {
        let pool = state.pools.get_mut(&id).unwrap();
        let protected = json!("ACTIVE");
        pool.settings
            .insert("DeletionProtection".to_owned(), protected);
    });
    stage.press("m").await;
    stage.preset("plain").await;
    stage.press("shift-tab").await;
    stage.answer("acme-m2m").await;
    stage.press("enter T").await;
    stage.sees(&[
        "- Delete domain acme-m2m",
        "= User pool m2m is kept: it has deletion protection",
        "Type m2m-client to confirm",
    ]);
    stage.press("tab G ctrl-d").await;
    stage.sees(&[
        "~ Switch deletion protection of user pool m2m off",
        "- Delete user pool m2m",
        "Type m2m to confirm",
    ]);
    stage.press("tab").await;
    stage.type_text("m2m").await;
    stage.press("enter").await;
    stage.sees(&["✓ Applied"]);
    assert!(stage.pool_named("m2m").is_none());
}

#[tokio::test]
async fn what_could_not_be_read_may_hold_the_scopes_and_they_stay() {
    let mut stage = shared().await;
    stage.press("esc esc").await;
    stage.fault("DescribeUserPoolClient:access-denied");
    let mut stage = stage.restarted().await;
    stage.pool(TEAM).await;
    stage.press("m enter T").await;
    // The set-up's own client may not be read either: the plan can't be made.
    stage.sees(&["cognito-idp:DescribeUserPoolClient"]);
    assert_eq!(stage.calls("DeleteResourceServer"), 0);
}

#[tokio::test]
async fn a_client_that_could_not_be_read_again_may_hold_the_scopes() {
    let mut stage = shared().await;
    stage.press("esc esc").await;
    stage.pool(TEAM).await;
    stage.press("2").await;
    stage.fault("DescribeUserPoolClient:500");
    stage.press("r").await;
    stage.sandbox.faults().clear();
    stage.press("m enter T").await;
    stage.sees(&["app clients could not be read", "is kept"]);
}

#[tokio::test]
async fn a_plan_is_not_made_of_what_could_not_be_read_again() {
    let mut stage = shared().await;
    stage.fault("ListUserPoolClients:500");
    stage.press("tab r").await;
    stage.sees(&[
        "✗ ListUserPoolClients",
        "Refresh failed, the data may be outdated",
    ]);
    stage.sees_no("loading the current state");
    stage.press("enter").await;
    assert_eq!(stage.calls("DeleteUserPoolClient"), 0);
    stage.sandbox.faults().clear();
    stage.press("r").await;
    stage.sees(&["- Delete app client machine_auth"]);
}
