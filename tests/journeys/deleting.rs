//! Deleting: users of the resource, what stops working, typing its name.

use crate::stage::{PROD, PROD_ID, STAGING, STAGING_ID, Stage};

#[tokio::test]
async fn a_client_goes_after_its_name_was_typed() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("ctrl-d").await;
    stage.sees(&[
        "enter delete",
        "- Delete app client price-poller",
        "Cannot be undone",
        "Type price-poller to confirm",
    ]);
    stage.press("enter").await;
    stage.sees(&["Type price-poller to confirm"]);
    stage.type_text("price-polle").await;
    stage.press("enter").await;
    assert_eq!(stage.calls("DeleteUserPoolClient"), 0);
    stage.type_text("r").await;
    stage.sees(&["Confirmed"]);
    stage.press("enter").await;
    stage.sees(&["Done: Delete app client price-poller", "App clients"]);
    let clients = stage.sandbox_pool(STAGING_ID).clients;
    assert!(clients.iter().all(|client| client.name != "price-poller"));
    stage.sees_no("Client id");
}

#[tokio::test]
async fn letters_that_are_keys_elsewhere_are_only_typed() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("ctrl-d q j").await;
    stage.sees(&["enter delete", "qj"]);
    stage.press("esc").await;
    stage.sees_no("enter delete");
    assert_eq!(stage.calls("DeleteUserPoolClient"), 0);
}

#[tokio::test]
async fn a_resource_server_shows_its_holders_and_they_stay_unless_pruned() {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("3 ctrl-d").await;
    stage.sees(&[
        "Delete resource server billing",
        "billing/invoices.read",
        "App clients with them",
        "data-lake-ingest",
        "New tokens silently lose these scopes",
        "[ ] Remove them from these clients first",
    ]);
    stage.press("enter").await;
    stage.sees(&["- Delete resource server billing"]);
    stage.sees_no("Change app client");
    stage.press("esc space enter").await;
    stage.sees(&["~ Change app client data-lake-ingest"]);
    stage.type_text("billing").await;
    stage.press("enter").await;
    stage.sees(&[
        "steps applied; last: Delete resource server billing",
        "2 servers",
    ]);
    let client = stage.sandbox_client(PROD_ID, "data-lake-ingest");
    assert_eq!(client.list("AllowedOAuthScopes"), ["orders/read"]);
}

#[tokio::test]
async fn one_scope_goes_from_its_row() {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("3 G ctrl-d").await;
    stage.sees(&[
        "Delete scope orders/write",
        "App clients with it",
        "carrier-webhook",
    ]);
    stage.press("enter enter").await;
    stage.sees(&["Done", "3 servers, 8 scopes"]);
    // Not asked to prune, it leaves the clients alone.
    let client = stage.sandbox_client(PROD_ID, "carrier-webhook");
    assert_eq!(client.list("AllowedOAuthScopes"), ["orders/write"]);
}

#[tokio::test]
async fn holders_are_counted_while_they_are_read() {
    let mut stage = Stage::open().await;
    stage.fault("DescribeUserPoolClient:latency=50ms");
    stage.press("/").await;
    stage.type_text(PROD).await;
    stage.press("enter").await;
    stage.tap("enter 3");
    stage
        .hear_until("the resource servers", |screen| {
            screen.contains("3 servers")
        })
        .await;
    stage.tap("ctrl-d");
    stage
        .hear_until("the count", |screen| {
            screen.contains("checking app clients") && screen.contains("of 10")
        })
        .await;
    stage.tap("enter");
    assert!(
        stage.bottom().contains("Still loading what it affects"),
        "{}",
        stage.bottom()
    );
    stage.settle().await;
    stage.sees(&["[ ] Remove them from these clients first"]);
}

#[tokio::test]
async fn clients_that_may_not_be_read_are_said_to_be_unknown() {
    let mut stage = Stage::open().await;
    stage.fault("DescribeUserPoolClient:access-denied");
    stage.pool(PROD).await;
    stage.press("3 ctrl-d").await;
    stage.sees(&["The settings of 10 app clients could not be read: they may have them."]);
    stage.press("enter").await;
    stage.sees(&["enter delete", "could not be read"]);
}

#[tokio::test]
async fn a_domain_goes_and_says_that_tokens_stop() {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("4 down ctrl-d").await;
    stage.sees(&[
        "Delete domain auth.acme.example",
        "Its token endpoint and sign-in pages stop working immediately",
        "checkout",
    ]);
    stage.press("enter").await;
    stage.type_text("auth.acme.example").await;
    stage.press("enter").await;
    stage.sees(&["Done: Delete domain auth.acme.example"]);
    assert!(
        !stage
            .sandbox
            .state()
            .domains
            .contains_key("auth.acme.example")
    );
    assert!(
        stage
            .sandbox
            .state()
            .domains
            .contains_key("acme-platform-prod")
    );
}

#[tokio::test]
async fn a_pool_goes_with_its_protection_and_its_domains_as_steps_of_their_own() {
    let mut stage = Stage::open().await;
    stage.pool(PROD).await;
    stage.press("1 ctrl-d").await;
    stage.sees(&[
        "Delete user pool acme-platform-prod",
        "Deletion protection is on; the plan turns it off first.",
        "Deletes the domain auth.acme.example first",
    ]);
    stage.press("enter").await;
    stage.sees(&[
        "DeletionProtection ACTIVE -> INACTIVE",
        "- Delete domain acme-platform-prod",
        "- Delete user pool acme-platform-prod",
    ]);
    stage.type_text(PROD).await;
    stage.press("enter").await;
    stage.sees(&[
        "User pools",
        "4 steps applied; last: Delete user pool acme-platform-prod",
    ]);
    assert!(!stage.sandbox.state().pools.contains_key(PROD_ID));
}
