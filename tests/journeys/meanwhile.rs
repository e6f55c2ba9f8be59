//! Another writer works in the same pool, or the user continues during a write.

use cognitui::sandbox::state::Client;

use crate::stage::{PROD, PROD_ID, STAGING, STAGING_ID, Stage, TEAM, TEAM_ID, edit_client};

/// Creates an app client with this name, as another writer.
fn made_by_another(stage: &Stage, pool: &str, name: &str) {
    let like = stage.sandbox_pool(STAGING_ID).clients[0].clone();
    let id = format!("{name:0<26}").replace('_', "0");
    let name = name.to_owned();
    stage.sandbox.edit(|state| {
        let clients = &mut state.pools.get_mut(pool).unwrap().clients;
        clients.push(Client { id, name, ..like });
    });
}

fn named(stage: &Stage, pool: &str, name: &str) -> usize {
    let clients = stage.sandbox_pool(pool).clients;
    clients.iter().filter(|client| client.name == name).count()
}

#[tokio::test]
async fn a_client_that_another_made_since_the_list_was_read_is_not_made_twice() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    made_by_another(&stage, TEAM_ID, "machine_auth");
    stage.press("n").await;
    stage.sees(&["The client machine_auth exists"]);
    stage.press("enter enter").await;
    assert_eq!(named(&stage, TEAM_ID, "machine_auth"), 1);
}

#[tokio::test]
async fn a_client_that_another_made_while_the_plan_was_open_is_told_and_not_doubled() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter").await;
    made_by_another(&stage, TEAM_ID, "machine_auth");
    stage.press("enter").await;
    stage.sees(&[
        "CreateUserPoolClient: already exists",
        "an app client named machine_auth was created meanwhile",
        "esc goes back; plan again",
    ]);
    stage.press("esc").await;
    stage.sees(&["The client machine_auth exists"]);
    assert_eq!(named(&stage, TEAM_ID, "machine_auth"), 1);
}

#[tokio::test]
async fn a_set_up_plans_anew_where_another_made_the_client_while_its_plan_was_open() {
    let mut stage = Stage::open().await;
    stage.press("m enter").await;
    stage.sees(&["Create app client machine_auth"]);
    made_by_another(&stage, TEAM_ID, "machine_auth");
    stage.press("enter").await;
    stage.sees(&["an app client named machine_auth was created meanwhile"]);
    stage.press("enter").await;
    stage.sees(&["Change app client machine_auth"]);
    assert_eq!(named(&stage, TEAM_ID, "machine_auth"), 1);
}

#[tokio::test]
async fn a_second_client_of_a_name_is_made_where_that_was_known() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("n right tab").await;
    stage.type_text("price-poller").await;
    stage.press("tab down down space enter").await;
    assert!(stage.confirms(), "{}", stage.screen());
    stage.press("enter").await;
    stage.sees(&["Created price-poller"]);
    assert_eq!(named(&stage, STAGING_ID, "price-poller"), 2);
}

#[tokio::test]
async fn what_the_pool_has_already_is_said_to_be_unread_where_it_can_not_be_read_again() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.fault("ListUserPoolClients:access-denied");
    stage.press("n").await;
    stage.sees(&["Refresh failed, the data may be outdated: r to retry"]);
    stage.press("enter").await;
    assert!(!stage.confirms(), "{}", stage.screen());
    stage.fault("DescribeResourceServer:latency=1ms");
    stage.press("r").await;
    stage.sees(&["Creates the resource server"]);
}

#[tokio::test]
async fn what_goes_with_a_pool_is_read_when_its_delete_page_opens_and_again_before_it_goes() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("esc").await;
    made_by_another(&stage, TEAM_ID, "newcomer");
    stage.press("ctrl-d").await;
    stage.sees(&["Deletes app clients", "newcomer"]);
    stage.press("enter").await;
    made_by_another(&stage, TEAM_ID, "latecomer");
    stage.type_text(TEAM).await;
    stage.press("enter").await;
    stage.sees(&["changed by another program meanwhile", "latecomer"]);
    for operation in ["UpdateUserPool", "DeleteUserPoolDomain", "DeleteUserPool"] {
        assert_eq!(stage.calls(operation), 0, "{operation}");
    }
    stage.press("esc").await;
    stage.sees(&["newcomer", "latecomer"]);
    stage.press("enter").await;
    stage.type_text(TEAM).await;
    stage.press("enter").await;
    stage.sees(&["2 steps applied; last: Delete user pool"]);
}

#[tokio::test]
async fn a_delete_page_says_that_it_reads_and_leads_nowhere_until_it_has() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("esc").await;
    stage.tap("ctrl-d");
    stage.sees(&["loading the current state"]);
    stage.sees_no("Deletes app clients");
    stage.tap("enter");
    stage.sees(&["Still loading what it affects"]);
    stage.settle().await;
    stage.press("esc").await;
    stage.fault("ListUserPoolClients:access-denied");
    stage.press("ctrl-d").await;
    stage.sees(&["Refresh failed, the data may be outdated"]);
    stage.press("enter").await;
    stage.sees_no("enter delete");
}

#[tokio::test]
async fn who_holds_what_goes_is_read_when_the_page_opens() {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("3 ctrl-d").await;
    stage.sees(&["data-lake-ingest"]);
    stage.sees_no("checkout");
    stage.press("esc").await;
    edit_client(&stage.sandbox, PROD_ID, "checkout", |client| {
        client.settings["AllowedOAuthScopes"] = serde_json::json!(["billing/invoices.read"]);
        client.modified += 1.0;
    });
    stage.press("ctrl-d").await;
    stage.sees(&["data-lake-ingest", "checkout"]);
}

#[tokio::test]
async fn a_form_that_is_being_written_is_not_written_twice() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter").await;
    stage.tap("enter esc esc");
    stage.sees(&["New app client in", "Writing: Create resource server api"]);
    stage.tap("enter");
    stage.sees(&["This form is being written: wait for the result"]);
    assert!(!stage.confirms(), "{}", stage.screen());
    stage.settle().await;
    stage.sees(&["New app client in", "Created machine_auth"]);
    stage.sees_no("secret: x");
    stage.press("enter").await;
    stage.sees(&["Exists already; nothing to create"]);
    assert_eq!(named(&stage, TEAM_ID, "machine_auth"), 1);
}

#[tokio::test]
async fn a_set_up_that_is_being_written_is_not_written_twice() {
    let mut stage = Stage::open().await;
    stage.press("m enter").await;
    stage.fault("CreateResourceServer:latency=1s");
    stage.tap("enter esc esc");
    stage.tap("enter");
    let there = |screen: &str| screen.contains("enter apply");
    stage.hear_until("the second plan", there).await;
    stage.tap("enter");
    stage.sees(&["This plan is already running"]);
    stage.settle().await;
    assert_eq!(named(&stage, TEAM_ID, "machine_auth"), 1);
}

#[tokio::test]
async fn a_write_that_ends_tears_nobody_out_of_what_was_begun_since() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter").await;
    stage.tap("enter esc esc right tab m i n e");
    stage.settle().await;
    stage.sees(&["New app client in", "mine", "Created machine_auth"]);
}

#[tokio::test]
async fn a_plan_that_was_outrun_is_shown_again_on_what_is_there_now() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("e").await;
    stage.type_text("2").await;
    stage.press("enter").await;
    edit_client(&stage.sandbox, STAGING_ID, "price-poller", |client| {
        client.settings["AccessTokenValidity"] = serde_json::json!(30);
        client.modified += 1.0;
    });
    stage.press("enter").await;
    stage.sees(&[
        "changed by another program",
        "enter plans again with the current state",
    ]);
    stage.sees_no("continues");
    stage.press("enter").await;
    stage.sees(&["ClientName price-poller -> price-poller2"]);
    stage.sees_no("AccessTokenValidity");
    assert_eq!(stage.calls("UpdateUserPoolClient"), 0);
    stage.press("enter").await;
    stage.sees(&["Done: Change app client"]);
    let after = stage.sandbox_client(STAGING_ID, "price-poller2");
    assert_eq!(after.settings["AccessTokenValidity"], serde_json::json!(30));
}

#[tokio::test]
async fn a_form_does_not_take_its_own_write_for_somebody_elses() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("e").await;
    stage.type_text("2").await;
    stage.press("enter").await;
    stage.tap("enter esc esc");
    stage.settle().await;
    stage.sees(&["price-poller2", "Done: Change app client"]);
    stage.sees_no("Changed in AWS meanwhile");
}

#[tokio::test]
async fn what_somebody_else_deleted_before_is_not_claimed() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("ctrl-d").await;
    stage.sandbox.edit(|state| {
        let clients = &mut state.pools.get_mut(STAGING_ID).unwrap().clients;
        clients.retain(|client| client.name != "price-poller");
    });
    stage.type_text("price-poller").await;
    stage.press("enter").await;
    stage.sees(&["Delete app client price-poller", "already deleted"]);
    stage.sees_no("Done");
}
