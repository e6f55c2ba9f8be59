//! The doctor: its findings, the way to the client, its text while it reads and after a denial.

use cognitui::sandbox::Options;

use crate::stage::{PARTNERS, PROD, STAGING, STAGING_ID, Stage, edit_client, sandbox};

#[tokio::test]
async fn from_a_pool_to_a_finding_to_its_client_and_on_to_what_is_wrong_with_it() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("1 D").await;
    stage.sees(&[
        "Doctor: acme-platform-staging",
        "11 of 11 clients loaded",
        "✗ error",
        "Rule oauth-off",
        "AllowedOAuthFlowsUserPoolClient false",
        "Change",
    ]);
    assert!(
        stage.cursor().contains("billing-export"),
        "{}",
        stage.cursor()
    );
    stage.press("y 1").await;
    stage.sees(&["Copied the finding"]);
    let copied = stage.clipboard();
    assert!(
        copied.starts_with("error: ") && copied.contains("(oauth-off)\n"),
        "{copied}"
    );
    stage.press("enter").await;
    stage.sees(&["off: token requests fail"]);
    stage.press("D").await;
    stage.sees(&["Doctor: billing-export", "1 error", "Rule oauth-off"]);
    stage.sees_no("Duplicate client name");
    // Its keys are those of the client here, too; the same key once more widens it.
    stage.press("enter").await;
    stage.sees(&["off: token requests fail"]);
    stage.press("esc D").await;
    stage.sees(&["Doctor: acme-platform-staging"]);
    stage.press("esc esc").await;
    stage.sees(&["off: token requests fail"]);
    stage.press("esc").await;
    stage.sees(&["11 of 11 clients loaded"]);
}

#[tokio::test]
async fn the_worst_comes_first_and_a_fixed_finding_is_gone_after_a_refresh() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("1 D").await;
    stage.sees(&["SEVERITY ↑"]);
    let screen = stage.screen();
    let place = |word: &str| {
        let line = screen.lines().position(|line| line.contains(word));
        line.unwrap_or_else(|| panic!("no {word}:\n{screen}"))
    };
    assert!(place("✗ error") < place("! warning"), "{screen}");
    assert!(place("! warning") < place("  hint"), "{screen}");
    edit_client(&stage.sandbox, STAGING_ID, "billing-export", |client| {
        client
            .settings
            .insert("AllowedOAuthFlowsUserPoolClient".to_owned(), true.into());
    });
    stage.press("r").await;
    stage.sees_no("OAuth is switched off");
}

#[tokio::test]
async fn a_healthy_client_has_no_findings() {
    let mut stage = Stage::open().await;
    stage.client(PROD, "carrier-webhook").await;
    stage.press("D").await;
    stage.sees(&["Doctor: carrier-webhook", "✓ No findings"]);
    stage.press("enter").await;
    stage.sees(&["No findings"]);
}

#[tokio::test]
async fn it_says_how_far_it_has_read_and_reads_on_when_one_comes_back() {
    let mut stage = Stage::open().await;
    stage.press("/").await;
    stage.type_text(PARTNERS).await;
    stage.press("enter").await;
    stage.press("enter 1 D").await;
    // Nothing is read that was not in sight, and nothing is claimed of it.
    stage.sees(&["app clients not read: A reads them"]);
    stage.sees_no("✓ No findings");
    stage.tap("A");
    let some = |screen: &str| {
        screen.contains("of 300 clients loaded")
            && !screen.contains(" 0 of 300")
            && !screen.contains("300 of 300")
    };
    stage.hear_until("a part of the clients", some).await;
    stage.tap("esc D");
    stage.settle().await;
    stage.sees(&["300 of 300 clients loaded"]);
    let calls = stage.calls("DescribeUserPoolClient");
    assert!(calls < 330, "{calls} describes for 300 clients");
}

#[tokio::test]
async fn what_may_not_be_read_is_skipped_and_named() {
    let sandbox = sandbox(Options::default()).await;
    let faults = "DescribeUserPoolClient:access-denied,ListResourceServers:access-denied";
    sandbox.faults().set(faults.parse().unwrap());
    let mut stage = Stage::on(sandbox, 140, 50).await;
    stage.pool(PROD).await;
    stage.press("1 D").await;
    stage.sees(&[
        "No findings in the data that was read",
        "0 of 10 clients loaded",
        "Skipped (not readable): resource servers, settings of 10 app clients",
    ]);
}

#[tokio::test]
async fn a_finding_about_the_pool_is_about_no_client() {
    let mut stage = Stage::sized(80, 24).await;
    stage.pool(STAGING).await;
    stage.press("1 D /").await;
    stage.type_text("deletion-unprotected").await;
    stage.press("enter").await;
    stage.sees(&["/ deletion-unprotected"]);
    assert!(
        !stage.bottom().contains("open client"),
        "{}",
        stage.bottom()
    );
    stage.press("R").await;
    stage.sees(&[
        "This finding is about the user pool",
        "DeletionProtection INACTIVE",
    ]);
}

#[tokio::test]
async fn from_a_refused_token_to_its_cause_and_back() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "billing-export").await;
    stage.press("t enter").await;
    stage.sees(&["invalid_grant"]);
    stage.press("D").await;
    stage.sees(&["Doctor: billing-export", "Rule oauth-off", "esc back"]);
    stage.press("esc").await;
    stage.sees(&["invalid_grant"]);
}

#[tokio::test]
async fn the_preview_of_a_client_counts_its_findings() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("/").await;
    stage.type_text("billing-export").await;
    stage.sees(&["Doctor", "1 error"]);
}

#[tokio::test]
async fn a_finding_is_fixed_by_the_plan_that_it_opens() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("1 D").await;
    stage.sees(&["f to fix"]);
    let before = stage.sandbox_client(STAGING_ID, "billing-export").settings;
    assert_ne!(before["AllowedOAuthFlowsUserPoolClient"], true);
    stage.press("f").await;
    stage.sees(&["Apply this plan?", "billing-export"]);
    // Nothing is written before it is confirmed.
    assert_eq!(stage.calls("UpdateUserPoolClient"), 0);
    stage.press("enter").await;
    let mut after = stage.sandbox_client(STAGING_ID, "billing-export").settings;
    assert_eq!(after["AllowedOAuthFlowsUserPoolClient"], true);
    after.insert("AllowedOAuthFlowsUserPoolClient".to_owned(), false.into());
    for key in [
        "AllowedOAuthScopes",
        "AllowedOAuthFlows",
        "ExplicitAuthFlows",
        "AccessTokenValidity",
    ] {
        assert_eq!(after.get(key), before.get(key), "{key} must stay as it was");
    }
    if stage.confirms() {
        stage.press("esc").await;
    }
    stage.sees(&["Doctor: acme-platform-staging"]);
    stage.sees_no("OAuth is switched off");
}

#[tokio::test]
async fn the_whole_of_a_finding_can_be_read_in_a_small_terminal() {
    let mut stage = Stage::sized(80, 18).await;
    stage.pool(STAGING).await;
    stage.press("1 D").await;
    stage.sees(&["J K scroll", "Evidence ✗"]);
    stage.sees_no("oauth-off");
    let cursor = stage.cursor();
    stage.press(&"J ".repeat(12)).await;
    stage.sees(&["oauth-off"]);
    stage.sees_no("Evidence ✗");
    assert_eq!(stage.cursor(), cursor);
    // Another finding is read from its beginning.
    stage.press("j").await;
    stage.sees(&["J K scroll", "Evidence ✗"]);
}

/// Two app clients of the staging pool with OAuth off.
async fn with_two_off() -> Stage {
    let stage = Stage::open().await;
    for name in ["billing-export", "storefront"] {
        edit_client(&stage.sandbox, STAGING_ID, name, |client| {
            client
                .settings
                .insert("AllowedOAuthFlowsUserPoolClient".to_owned(), false.into());
        });
    }
    stage
}

#[tokio::test]
async fn one_cause_is_told_once_and_leads_to_each_that_has_it() {
    let mut stage = with_two_off().await;
    stage.pool(STAGING).await;
    stage.press("1 D").await;
    stage.sees(&["2 app clients", "billing-export (", "storefront ("]);
    assert_eq!(stage.screen().matches("OAuth is switched off").count(), 2);
    // A key of a client needs one.
    stage.press("t").await;
    stage.sees(&["2 app clients: enter lists them"]);
    stage.press("y 1").await;
    let copied = stage.clipboard();
    for name in ["- billing-export (", "- storefront ("] {
        assert!(copied.contains(name), "{copied}");
    }
    stage.press("enter").await;
    let mut listed = Vec::new();
    for _ in 0..2 {
        stage.press("j").await;
        let cursor = stage.cursor();
        let names = ["billing-export", "storefront"].into_iter();
        listed.extend(names.filter(|name| cursor.contains(name)));
    }
    listed.sort_unstable();
    assert_eq!(
        listed,
        ["billing-export", "storefront"],
        "{}",
        stage.screen()
    );
    stage.press("enter").await;
    stage.sees(&["off: token requests fail"]);
    stage.press("esc k k").await;
    assert!(
        stage.cursor().contains("2 app clients"),
        "{}",
        stage.screen()
    );
    stage.press("enter").await;
    assert_eq!(stage.screen().matches("OAuth is switched off").count(), 2);
    // A filter finds each of them.
    stage.press("/").await;
    stage.type_text("billing-export").await;
    stage.press("enter").await;
    assert!(stage.cursor().contains("billing-export"));
}

#[tokio::test]
async fn all_that_one_cause_breaks_is_fixed_by_one_plan() {
    let mut stage = with_two_off().await;
    stage.pool(STAGING).await;
    stage.press("1 D f").await;
    stage.sees(&["Apply this plan?", "billing-export", "storefront"]);
    assert_eq!(stage.calls("UpdateUserPoolClient"), 0);
    stage.press("enter").await;
    for name in ["billing-export", "storefront"] {
        let after = stage.sandbox_client(STAGING_ID, name).settings;
        assert_eq!(after["AllowedOAuthFlowsUserPoolClient"], true, "{name}");
    }
    assert_eq!(stage.calls("UpdateUserPoolClient"), 2);
    if stage.confirms() {
        stage.press("esc").await;
    }
    stage.sees(&["Doctor: acme-platform-staging"]);
    stage.sees_no("OAuth is switched off");
}
