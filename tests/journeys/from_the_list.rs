//! Actions on a user pool without opening it: the keys act on the selected one.

use crate::stage::{DEVICES, DEVICES_ID, PARTNERS, STAGING, STAGING_ID, Stage};

/// Opens the list of pools, the cursor on this one.
async fn on(pool: &str, width: u16, height: u16) -> Stage {
    let mut stage = Stage::sized(width, height).await;
    stage.press("/").await;
    stage.type_text(pool).await;
    stage.press("enter").await;
    stage
}

#[tokio::test]
async fn the_keys_of_a_pool_work_on_the_one_under_the_cursor() {
    for (key, words) in [
        ("D", "Doctor: "),
        ("S", "Scope map of"),
        ("E", "CloudFormation"),
        ("e", "Apply this plan?"),
        ("y", "Pool id"),
        ("ctrl-d", "Delete user pool"),
    ] {
        let mut stage = on(STAGING, 80, 24).await;
        stage.press(key).await;
        stage.sees(&[words]);
        stage.press("esc").await;
        stage.sees(&["User pools", STAGING]);
    }
}

#[tokio::test]
async fn the_footer_of_the_list_tells_of_them_where_there_is_room() {
    let mut stage = Stage::sized(200, 40).await;
    for hint in ["D doctor", "S scope map", "E export", "e protection"] {
        assert!(stage.bottom().contains(hint), "{}", stage.bottom());
    }
}

#[tokio::test]
async fn protection_is_switched_once_the_pool_is_read() {
    let mut stage = on(STAGING, 80, 24).await;
    stage.tap("e");
    assert!(
        stage.bottom().contains("The plan opens when"),
        "{}",
        stage.bottom()
    );
    stage.settle().await;
    stage.sees(&["Apply this plan?", STAGING_ID, "DeletionProtection"]);

    let mut denied = on(STAGING, 80, 24).await;
    denied.fault("DescribeUserPool:access-denied");
    denied.press("e").await;
    denied.sees(&["access denied", "User pools"]);
    assert!(!denied.confirms(), "{}", denied.screen());
}

#[tokio::test]
async fn a_set_up_begins_with_the_pool_under_the_cursor() {
    let mut stage = on(DEVICES, 120, 40).await;
    stage.press("m").await;
    stage.preset("no-domain").await;
    stage.press("enter").await;
    stage.sees(&[DEVICES_ID, "+ Create app client m2m-client"]);
    stage.sees_no("Choose one.");
    // The way to the client leads through its pool, as nobody was in it.
    stage.press("enter enter esc").await;
    stage.sees(&[DEVICES, "App clients"]);
}

#[tokio::test]
async fn a_filter_finds_no_letters_strewn_over_ids() {
    let mut stage = Stage::open().await;
    stage.pool(PARTNERS).await;
    stage.press("/").await;
    stage.type_text("xqz").await;
    stage.sees(&["0 of 300"]);
}

#[tokio::test]
async fn a_key_of_another_screen_says_why_and_where() {
    let mut stage = Stage::sized(140, 40).await;
    for (key, words) in [
        (
            "t",
            "tokens belong to app clients · enter opens the pool, t on one of its app clients",
        ),
        (
            "n",
            "resources are created in a user pool · enter opens the pool, n creates an app client",
        ),
        (
            "x",
            "secrets belong to app clients · enter opens the pool, x on one of its app clients",
        ),
        (
            "R",
            "secrets belong to app clients · enter opens the pool, R on one of its app clients",
        ),
    ] {
        stage.press(key).await;
        stage.sees(&[words]);
    }
}

#[tokio::test]
async fn the_copy_menu_has_what_is_selected() {
    let mut stage = on("acme-platform-prod", 120, 40).await;
    stage.press("enter 3 y").await;
    stage.sees(&["Resource server identifier", "Pool id"]);
    stage.sees_no("1 Scope");
    stage.press("esc down y 1").await;
    stage.sees(&["Copied the scope's full name"]);
    assert!(stage.clipboard().contains('/'), "{}", stage.clipboard());
    stage.press("y 2").await;
    assert!(!stage.clipboard().contains('/'), "{}", stage.clipboard());

    stage.press("4 down y 1").await;
    assert_eq!(stage.clipboard(), "auth.acme.example");
    stage.press("y").await;
    stage.sees(&["Certificate ARN", "DNS record target"]);
    stage.press("2").await;
    assert!(
        stage.clipboard().ends_with(".cloudfront.net"),
        "{}",
        stage.clipboard()
    );
    stage.press("y 3").await;
    assert!(
        stage.clipboard().starts_with("arn:aws:acm:"),
        "{}",
        stage.clipboard()
    );
}

#[tokio::test]
async fn both_token_endpoints_are_copied_under_the_screens_labels() {
    let mut stage = on(STAGING, 120, 40).await;
    stage.press("y 2").await;
    stage.sees(&["Copied the pool's Token endpoint"]);
    let own = "https://acme-platform-staging.auth.eu-west-1.amazoncognito.com/oauth2/token";
    assert_eq!(stage.clipboard(), own);
    stage.press("y 3").await;
    stage.sees(&["Copied the pool's Endpoint used"]);
    assert_eq!(
        stage.clipboard(),
        format!("{}/oauth2/token", stage.sandbox.url())
    );
}
