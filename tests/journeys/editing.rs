//! Edits: the form has the loaded values, shows old -> new before the write, and changes nothing else.

use cognitui::sandbox::state::ResourceServer;
use serde_json::json;

use crate::stage::{DEVICES, PROD, PROD_ID, STAGING, STAGING_ID, Stage, edit_client};

/// Opens the form for a client of the pool of mistakes, the focus on its name.
async fn form_of(client: &str) -> Stage {
    let mut stage = Stage::open().await;
    stage.client(STAGING, client).await;
    stage.press("e").await;
    stage.sees(&["Edit app client", client, "Callback URLs"]);
    stage
}

#[tokio::test]
async fn a_clients_name_and_lifetime_are_changed_and_nothing_else() {
    let mut stage = form_of("price-poller").await;
    let before = stage.sandbox_client(STAGING_ID, "price-poller");
    stage.type_text("-2").await;
    // OAuth, grants, scopes, then the access token.
    stage.press("tab tab tab tab ctrl-u").await;
    stage.type_text("15 min").await;
    stage.press("enter").await;
    stage.sees(&[
        "Apply this plan?",
        "~ Change app client price-poller",
        "ClientName price-poller -> price-poller-2",
        "AccessTokenValidity 5 minutes -> 15 minutes",
    ]);
    stage.sees_no("AllowedOAuthScopes");
    assert_eq!(stage.calls("UpdateUserPoolClient"), 0);
    stage.press("enter").await;
    stage.sees(&[
        "Done: Change app client price-poller",
        "price-poller-2",
        "15 min",
    ]);
    let after = stage.sandbox_client(STAGING_ID, "price-poller-2");
    assert_eq!(after.settings["AccessTokenValidity"], json!(15));
    assert_eq!(
        after.list("AllowedOAuthScopes"),
        before.list("AllowedOAuthScopes")
    );
    assert_eq!(
        after.settings["ExplicitAuthFlows"],
        before.settings["ExplicitAuthFlows"]
    );
    assert_eq!(after.secrets[0].value, before.secrets[0].value);
}

#[tokio::test]
async fn oauth_is_switched_on_for_the_client_that_lacked_it() {
    let mut stage = form_of("billing-export").await;
    stage.press("tab left").await;
    stage.sees(&["(•) on"]);
    stage.press("enter").await;
    stage.sees(&["AllowedOAuthFlowsUserPoolClient false -> true"]);
    stage.press("enter t enter").await;
    stage.sees(&["HTTP 200"]);
}

#[tokio::test]
async fn illegal_combinations_are_refused_with_the_reason() {
    for (keys, reason) in [
        (
            "tab tab down space",
            "client_credentials cannot be combined with code or implicit",
        ),
        (
            "tab tab tab down down space",
            "OAuth is on, so at least one scope is required",
        ),
        ("ctrl-u", "The name is empty"),
        (
            "tab tab tab tab ctrl-u 2 space d",
            "The access token lifetime is 5 minutes to 24 hours",
        ),
    ] {
        let mut stage = form_of("price-poller").await;
        stage.press(keys).await;
        stage.sees(&[reason]);
        stage.press("enter").await;
        stage.sees(&[reason, "Edit app client"]);
        assert!(!stage.confirms(), "{}", stage.screen());
    }
}

/// AWS says that GetClientToken needs its flow alone, not that it refuses additional flows: Cognito decides.
#[tokio::test]
async fn a_mixed_flow_is_warned_of_and_left_to_cognito() {
    let mut stage = form_of("price-poller").await;
    let keys = "tab tab tab tab tab tab tab down down down down down down down down space";
    stage.press(keys).await;
    let warning = "GetClientToken needs ALLOW_CLIENT_TOKEN_AUTH and nothing else";
    stage.sees(&[warning]);
    stage.press("enter").await;
    assert!(stage.confirms(), "{}", stage.screen());
    stage.sees(&["! GetClientToken needs"]);
}

#[tokio::test]
async fn a_scope_that_is_gone_is_said_and_left_out() {
    let mut stage = form_of("invoice-sync").await;
    stage.sees(&["billing/refunds.write", "undefined, will be removed"]);
    stage.type_text("-2").await;
    stage.press("enter").await;
    stage.sees(&["AllowedOAuthScopes - billing/refunds.write"]);
    stage.press("enter").await;
    stage.sees(&["Done"]);
    let after = stage.sandbox_client(STAGING_ID, "invoice-sync-2");
    assert_eq!(after.list("AllowedOAuthScopes"), ["billing/invoices.read"]);
}

#[tokio::test]
async fn urls_are_lists_a_row_each() {
    let mut stage = form_of("batch-client-credentials").await;
    stage.press("tab tab tab tab tab tab tab tab").await;
    stage.press("down").await;
    stage.type_text("https://a.example.com/back").await;
    stage.press("down").await;
    stage.type_text("http://b.example.com").await;
    stage.sees(&["http://b.example.com has no TLS"]);
    stage.press("ctrl-u enter").await;
    stage.sees(&["CallbackURLs + https://a.example.com/back"]);
}

#[tokio::test]
async fn leaving_a_changed_form_asks_once() {
    let mut stage = form_of("price-poller").await;
    stage.press("esc").await;
    stage.sees_no("Edit app client");
    stage.press("e").await;
    stage.type_text("x").await;
    stage.press("esc").await;
    stage.sees(&["Edit app client", "Unsaved changes; press again to discard"]);
    stage.type_text("y").await;
    stage.press("esc").await;
    stage.sees(&["price-pollerxy", "press again to discard"]);
    stage.press("esc").await;
    stage.sees_no("Edit app client");
    assert_eq!(stage.calls("UpdateUserPoolClient"), 0);
}

#[tokio::test]
async fn an_unchanged_form_writes_nothing() {
    let mut stage = form_of("price-poller").await;
    stage.press("enter").await;
    stage.sees(&["No changes"]);
}

#[tokio::test]
async fn somebody_elses_change_is_said_and_what_was_typed_is_kept() {
    let mut stage = form_of("price-poller").await;
    stage.type_text("-mine").await;
    edit_client(&stage.sandbox, STAGING_ID, "price-poller", |client| {
        client.settings["AccessTokenValidity"] = json!(7);
        client.modified += 5.0;
    });
    stage.press("enter enter").await;
    stage.sees(&["changed by another program meanwhile"]);
    stage.press("esc").await;
    stage.sees(&["Changed in AWS meanwhile", "price-poller-mine", "7 min"]);
    stage.press("enter").await;
    stage.sees(&["ClientName price-poller -> price-poller-mine"]);
    stage.sees_no("AccessTokenValidity");
    stage.press("enter").await;
    stage.sees(&["Done"]);
    let after = stage.sandbox_client(STAGING_ID, "price-poller-mine");
    assert_eq!(after.settings["AccessTokenValidity"], json!(7));
}

#[tokio::test]
async fn a_failed_write_keeps_what_was_typed() {
    let mut stage = form_of("price-poller").await;
    stage.fault("UpdateUserPoolClient:access-denied");
    stage.type_text("-2").await;
    stage.press("enter enter").await;
    stage.sees(&["access denied"]);
    stage.press("esc").await;
    stage.sees(&["Edit app client", "price-poller-2"]);
}

/// Opens the resource servers of the production pool, the cursor on the last one's last scope.
async fn servers() -> Stage {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("3 G").await;
    stage
}

/// Returns the server that the tests change, as the sandbox has it.
fn orders(stage: &Stage) -> ResourceServer {
    let servers = stage.sandbox_pool(PROD_ID).servers;
    let orders = servers
        .into_iter()
        .find(|server| server.identifier == "orders");
    orders.unwrap()
}

#[tokio::test]
async fn a_scope_is_added_and_one_described_again() {
    let mut stage = servers().await;
    stage.press("e").await;
    stage.sees(&["Edit resource server orders", "read Read orders"]);
    stage.press("tab down").await;
    stage.type_text(" of all shops").await;
    stage.press("down down").await;
    stage.type_text("void").await;
    stage.sees(&["void needs a description"]);
    stage.type_text(" Void orders").await;
    stage.press("enter").await;
    stage.sees(&[
        "~ Change resource server orders",
        "Scope read Read orders -> Read orders of all shops",
        "Scope void · Void orders",
    ]);
    stage.press("enter").await;
    stage.sees(&["Done", "3 servers, 10 scopes"]);
    let server = orders(&stage);
    let names: Vec<&str> = server
        .scopes
        .iter()
        .map(|scope| scope.scope_name.as_str())
        .collect();
    assert_eq!(names, ["cancel", "read", "write", "void"]);
    assert_eq!(
        server.scopes[1].scope_description,
        "Read orders of all shops"
    );
}

#[tokio::test]
async fn a_scope_that_goes_shows_its_holders_and_prunes_them_if_asked() {
    let mut stage = servers().await;
    stage.press("e tab down down ctrl-u").await;
    stage.sees(&[
        "Removes orders/write. Clients with it:",
        "carrier-webhook",
        "(•) leave unchanged",
    ]);
    // Past the free row at the end of the scopes.
    stage.press("tab right").await;
    stage.sees(&["(•) remove from clients first"]);
    stage.press("enter").await;
    stage.sees(&[
        "~ Change app client checkout",
        "~ Change resource server orders",
        "AllowedOAuthScopes - orders/write",
    ]);
    stage.press("enter").await;
    stage.sees(&["steps applied"]);
    let checkout = stage.sandbox_client(PROD_ID, "checkout");
    assert_eq!(
        checkout.list("AllowedOAuthScopes"),
        ["https://inventory.acme.example/v1/stock.reserve"]
    );
    // It had no other scope, and Cognito allows OAuth only with one.
    let webhook = stage.sandbox_client(PROD_ID, "carrier-webhook");
    assert!(!webhook.flag("AllowedOAuthFlowsUserPoolClient"));
    assert_eq!(orders(&stage).scopes.len(), 2);
}

#[tokio::test]
async fn a_resource_server_is_made_with_its_scopes() {
    let mut stage = servers().await;
    stage.press("n").await;
    stage.type_text("orders").await;
    stage.sees(&["Exists already: choose another identifier"]);
    stage.press("ctrl-u").await;
    stage.type_text("returns").await;
    stage.press("tab tab").await;
    stage.type_text("open Open a return").await;
    stage.press("enter").await;
    stage.sees(&[
        "Create resource server returns with scope open",
        "Scope open · Open a return",
    ]);
    stage.press("enter").await;
    stage.sees(&["Done", "4 servers"]);
    let servers = stage.sandbox_pool(PROD_ID).servers;
    let made = servers
        .iter()
        .find(|server| server.identifier == "returns")
        .unwrap();
    assert_eq!((made.name.as_str(), made.scopes.len()), ("returns", 1));
}

#[tokio::test]
async fn a_prefix_domain_is_made() {
    let mut stage = Stage::open().await;
    stage.pool(DEVICES).await;
    stage.press("4 n").await;
    stage.type_text("my-aws").await;
    stage.sees(&["reserved word aws"]);
    stage.press("ctrl-u").await;
    stage.type_text("devices-iot").await;
    stage.sees(&["https://devices-iot.auth.eu-west-1.amazoncognito.com/oauth2/token"]);
    stage.press("enter enter").await;
    stage.sees(&["Done: Create domain devices-iot", "prefix domain"]);
    assert!(stage.sandbox.state().domains.contains_key("devices-iot"));
}

#[tokio::test]
async fn a_second_prefix_is_refused_and_a_certificate_of_another_region() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("4 n").await;
    // The prefix is there, so that the custom kind is chosen.
    stage.sees(&["(•) Custom"]);
    stage.type_text("auth.acme.example").await;
    stage.press("tab").await;
    stage
        .type_text("arn:aws:acm:eu-west-1:123456789012:certificate/1")
        .await;
    stage.sees(&["Cognito needs one in us-east-1"]);
    stage.press("shift-tab shift-tab left tab ctrl-u").await;
    stage.type_text("second").await;
    stage.press("enter").await;
    stage.sees(&["New domain of", "already"]);
    assert!(!stage.confirms(), "{}", stage.screen());
}

#[tokio::test]
async fn deletion_protection_is_switched_on() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("1 e").await;
    stage.sees(&["DeletionProtection INACTIVE -> ACTIVE"]);
    stage.press("enter").await;
    stage.sees(&["Done: Switch deletion protection"]);
    let pool = stage.sandbox_pool(STAGING_ID);
    assert_eq!(pool.settings["DeletionProtection"], json!("ACTIVE"));
}

#[tokio::test]
async fn a_list_is_entered_at_its_first_row_whatever_the_client_holds() {
    let mut stage = Stage::open().await;
    stage.client("acme-platform-prod", "checkout").await;
    stage.press("e tab tab tab").await;
    // What space would toggle is marked in colour, too.
    assert!(
        stage
            .cursor()
            .contains("Scopes         ▌ [ ] billing/export")
    );
    stage.press("space").await;
    stage.sees(&["[x] billing/export", "[x] orders/write"]);
}

#[tokio::test]
async fn a_form_longer_than_the_screen_goes_by_pages_and_tells_how_it_grows() {
    let mut stage = Stage::sized(80, 24).await;
    stage.client("acme-platform-prod", "checkout").await;
    stage.press("e").await;
    stage.sees_no("Logout URLs");
    // In a text field a question mark is text, and no way to the help.
    stage.press("ctrl-x").await;
    stage.sees(&["ctrl-x does nothing"]);
    stage.sees_no("for help");
    stage.press("pgdn pgdn pgdn pgdn").await;
    stage.sees(&["Logout URLs", "down adds a row"]);
    stage.press("pgup pgup pgup pgup").await;
    stage.sees(&["Name", "checkout"]);
    stage.sees_no("Logout URLs");
}
