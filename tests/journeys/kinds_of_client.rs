//! The unusual clients of the sample, each on its page and on the token screen.

use crate::stage::{DEVICES, STAGING, STAGING_ID, Stage, edit_client};

#[tokio::test]
async fn two_secrets_are_counted_dated_and_warned_of() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("/").await;
    stage.type_text("warehouse-sync").await;
    stage.sees(&["2 · 200 d"]);
    stage.press("enter enter").await;
    stage.sees(&["Older secret", "200 d", "Newer secret", "12 d"]);
    stage.press("t enter").await;
    stage.sees(&["HTTP 200", "1 granted"]);
}

#[tokio::test]
async fn the_secret_that_is_copied_is_the_one_describe_returns() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "warehouse-sync").await;
    stage.press("y enter").await;
    let secrets = stage.sandbox_client(STAGING_ID, "warehouse-sync").secrets;
    assert_eq!(stage.clipboard(), secrets[0].value);
}

#[tokio::test]
async fn a_5_minute_token_counts_down_from_5_minutes() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.sees(&["5 min", "AccessTokenValidity"]);
    stage.press("t enter").await;
    let screen = stage.screen();
    assert!(
        screen.contains(" 04:5") || screen.contains(" 05:00"),
        "{screen}"
    );
    stage.sees(&["left ("]);
}

#[tokio::test]
async fn a_24_hour_token_counts_down_from_24_hours() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "nightly-report").await;
    stage.sees(&["AccessTokenValidity"]);
    stage.press("t enter").await;
    let screen = stage.screen();
    assert!(
        screen.contains("23:59:") || screen.contains("24:00:00"),
        "{screen}"
    );
}

#[tokio::test]
async fn get_client_token_needs_no_domain() {
    let mut stage = Stage::open().await;
    stage.client(DEVICES, "device-provisioner").await;
    stage.press("t enter").await;
    stage.sees(&["No domain", "use GetClientToken"]);
    stage.press("tab right right enter").await;
    stage.sees(&[
        "(•) GetClientToken",
        "HTTP 200",
        "1 granted",
        "devices/provision",
    ]);
    assert_eq!(
        (stage.calls("GetClientToken"), stage.calls("token")),
        (1, 0)
    );
}

#[tokio::test]
async fn a_public_client_has_no_secret_to_reveal_or_copy() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "batch-client-credentials").await;
    stage.sees(&["none: a public client"]);
    stage.press("x").await;
    stage.sees(&["Public client: no secret to reveal"]);
    stage.press("y").await;
    stage.sees(&["Client id"]);
    stage.sees_no("Client secret");
}

#[tokio::test]
async fn namesakes_are_told_apart_by_their_ids() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("/").await;
    stage.type_text("orders-worker").await;
    stage.sees(&["2 of 11"]);
    let ids: Vec<_> = stage
        .sandbox_pool(STAGING_ID)
        .clients
        .into_iter()
        .filter(|client| client.name == "orders-worker")
        .map(|client| client.id)
        .collect();
    stage.press("enter enter").await;
    let first = ids.iter().position(|id| stage.has(id));
    stage.press("esc j enter").await;
    let second = ids.iter().position(|id| stage.has(id));
    assert_ne!(first, second);
    assert!(first.is_some() && second.is_some());
}

#[tokio::test]
async fn sign_in_settings_are_shown_with_the_apis_names() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "support-console").await;
    stage.sees(&[
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ExplicitAuthFlows",
        "AllowedOAuthFlows",
        "EnableTokenRevocation",
        "LastModifiedDate",
    ]);
}

#[tokio::test]
async fn an_empty_list_says_what_cognito_does_with_it() {
    let mut stage = Stage::open().await;
    edit_client(&stage.sandbox, STAGING_ID, "support-console", |client| {
        for key in [
            "ExplicitAuthFlows",
            "AllowedOAuthFlowsUserPoolClient",
            "AllowedOAuthFlows",
            "AllowedOAuthScopes",
        ] {
            client.settings.remove(key);
        }
    });
    stage.client(STAGING, "support-console").await;
    stage.sees(&[
        "Flows none: Cognito allows SRP, custom auth and refresh tokens",
        "Grant none: every grant is refused",
        "Scopes none: there is no scope to request",
    ]);
}

#[tokio::test]
async fn a_client_that_asks_for_no_tokens_has_nothing_wrong_with_its_oauth() {
    let mut stage = Stage::open().await;
    edit_client(&stage.sandbox, STAGING_ID, "support-console", |client| {
        for key in [
            "AllowedOAuthFlowsUserPoolClient",
            "AllowedOAuthFlows",
            "AllowedOAuthScopes",
        ] {
            client.settings.remove(key);
        }
    });
    stage.pool(STAGING).await;
    stage.press("/").await;
    stage.type_text("support").await;
    stage.sees_no("OAuth off!");
    stage.press("enter enter").await;
    stage.sees(&["OAuth off", "AllowedOAuthFlowsUserPoolClient", "Grant none"]);
    stage.sees_no("invalid_grant");
    for wrong in ["✗ ", "! none"] {
        assert!(!stage.screen().contains(wrong), "{}", stage.screen());
    }
    // The doctor agrees.
    stage.press("D").await;
    stage.sees_no("OAuth is");
}

#[tokio::test]
async fn how_a_client_was_made_is_a_column_and_found_by_the_filter() {
    for (width, column, mark) in [(80, false, true), (100, true, true), (160, true, true)] {
        let mut stage = Stage::sized(width, 30).await;
        stage.pool("notifications-prod").await;
        assert_eq!(stage.has("TYPE"), column, "{width}: {}", stage.screen());
        assert_eq!(stage.has("yes · DCR"), mark, "{width}: {}", stage.screen());
        if column {
            stage.sees(&["REGULAR"]);
        }
        stage.press("/").await;
        stage.type_text("type:dcr").await;
        stage.sees(&["2 of 6", "mail-agent", "helpdesk-copilot"]);
        stage.sees_no("agent-registrar");
        stage.press("esc /").await;
        stage.type_text("type:regular").await;
        stage.sees(&["4 of 6", "agent-registrar"]);
    }
}
