//! The token screen without a token, or with fewer scopes than requested: the original error, and its explanation.

use cognitui::sandbox::Options;
use serde_json::json;

use crate::stage::{DEVICES, STAGING, STAGING_ID, Stage, edit_client, sandbox};

/// Issues a token with a client and all checked scopes.
async fn issue(pool: &str, client: &str) -> Stage {
    let mut stage = Stage::open().await;
    stage.client(pool, client).await;
    stage.press("t enter").await;
    stage
}

#[tokio::test]
async fn oauth_off_names_the_flag() {
    let mut stage = issue(STAGING, "billing-export").await;
    stage.sees(&[
        "✗ invalid_grant",
        "HTTP 400 {\"error\":\"invalid_grant\"}",
        "OAuth is switched off for this client",
        "AllowedOAuthFlowsUserPoolClient is false",
    ]);
}

#[tokio::test]
async fn a_public_client_has_nothing_to_prove_itself_with() {
    let mut stage = issue(STAGING, "batch-client-credentials").await;
    stage.sees(&[
        "✗ invalid_client",
        "The client is public: it has no secret.",
        "Make a new client with a secret",
    ]);
}

#[tokio::test]
async fn a_client_for_sign_in_may_not_use_client_credentials() {
    let mut stage = issue("analytics-embed", "web").await;
    stage.sees(&[
        "✗ invalid_grant",
        "The client may not use client_credentials.",
        "Its flows: code.",
    ]);
}

#[tokio::test]
async fn a_deleted_scope_is_missing_and_why() {
    let mut stage = issue(STAGING, "invoice-sync").await;
    stage.sees(&[
        "2 requested",
        "1 granted",
        "granted ✓ billing/invoices.read",
        "missing ✗ billing/refunds.write",
        "its resource server no longer defines it",
    ]);
}

#[tokio::test]
async fn only_deleted_scopes_are_an_invalid_scope() {
    let mut stage = Stage::open().await;
    edit_client(&stage.sandbox, STAGING_ID, "price-poller", |client| {
        let gone = json!(["orders/gone"]);
        client
            .settings
            .insert("AllowedOAuthScopes".to_owned(), gone);
    });
    stage.client(STAGING, "price-poller").await;
    stage.press("t").await;
    stage.sees(&["[x] orders/gone", "inactive"]);
    stage.press("enter").await;
    stage.sees(&[
        "✗ invalid_scope",
        "No resource server defines orders/gone.",
        "it was deleted, and has been inactive since",
    ]);
}

#[tokio::test]
async fn openid_is_not_for_machines() {
    let mut stage = Stage::open().await;
    edit_client(&stage.sandbox, STAGING_ID, "price-poller", |client| {
        let mixed = json!(["orders/read", "openid"]);
        client
            .settings
            .insert("AllowedOAuthScopes".to_owned(), mixed);
    });
    stage.client(STAGING, "price-poller").await;
    stage.press("t").await;
    stage.sees(&["[x] orders/read", "[ ] openid", "for sign-in"]);
    stage.press("down space enter").await;
    stage.sees(&[
        "✗ invalid_scope",
        "client_credentials gives scopes of resource servers only.",
        "Without a resource server: openid.",
    ]);
}

#[tokio::test]
async fn a_pool_without_a_domain_has_no_token_endpoint() {
    let mut stage = issue(DEVICES, "telemetry-reader").await;
    stage.sees(&["No domain, so no token endpoint", "GetClientToken"]);
    assert_eq!(stage.calls("token"), 0);
}

#[tokio::test]
async fn a_wrong_secret_is_told_from_an_unknown_client() {
    let other = sandbox(Options::default()).await;
    edit_client(&other, STAGING_ID, "price-poller", |client| {
        client.secrets[0].value = "another0secret0altogether0".to_owned();
    });
    let mut stage = Stage::with_tokens_of(&other).await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t enter").await;
    stage.sees(&[
        "✗ invalid_client · invalid_client_secret",
        "the client id is known",
        "Copy the secret again",
    ]);
    // With the credentials in the body Cognito says the same.
    stage.press("tab tab right enter").await;
    stage.sees(&["(•) POST body", "✗ invalid_client · invalid_client_secret"]);

    other.edit(|state| {
        let pool = state.pools.get_mut(STAGING_ID).unwrap();
        pool.clients.clear();
    });
    stage.press("enter").await;
    stage.sees(&[
        "✗ invalid_client",
        "The client id is unknown to this domain",
    ]);
    stage.sees_no("invalid_client_secret");
}

#[tokio::test]
async fn a_scope_taken_off_the_client_meanwhile_is_an_invalid_grant() {
    let other = sandbox(Options::default()).await;
    edit_client(&other, STAGING_ID, "support-console", |client| {
        let one = json!(["orders/read"]);
        client.settings.insert("AllowedOAuthScopes".to_owned(), one);
    });
    let mut stage = Stage::with_tokens_of(&other).await;
    stage.client(STAGING, "support-console").await;
    stage.press("t enter").await;
    stage.sees(&["✗ invalid_grant", "not one of the requested scopes"]);
}

#[tokio::test]
async fn a_client_deleted_meanwhile_is_named() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t").await;
    let id = stage.sandbox_client(STAGING_ID, "price-poller").id;
    stage.sandbox.edit(|state| {
        let pool = state.pools.get_mut(STAGING_ID).unwrap();
        pool.clients.retain(|client| client.name != "price-poller");
    });
    stage.press("enter").await;
    stage.sees(&["DescribeUserPoolClient: not found", &id]);
}

#[tokio::test]
async fn no_scope_checked_asks_for_all_of_the_clients() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "storefront").await;
    stage.press("t space down space").await;
    stage.sees(&[
        "[ ] orders/read",
        "[ ] orders/write",
        "requests all scopes of the client",
    ]);
    stage.press("enter").await;
    stage.sees(&["2 requested (all)", "2 granted"]);
}

#[tokio::test]
async fn one_scope_of_two_is_asked_for_alone() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "storefront").await;
    stage.press("t space enter").await;
    stage.sees(&[
        "[ ] orders/read",
        "[x] orders/write",
        "1 requested",
        "1 granted",
        "granted ✓ orders/write",
    ]);
}
