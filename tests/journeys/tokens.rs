//! The tokens of a session, looked at again: each keeps what was asked for and how it came.

use crate::stage::{STAGING, STAGING_ID, Stage};

#[tokio::test]
async fn each_token_keeps_the_exchange_that_it_came_from() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "storefront").await;
    let secret = stage.sandbox_client(STAGING_ID, "storefront").secrets[0]
        .value
        .clone();
    // Two in a row: the first with both scopes in the header's way, the second with one of them in the body's.
    stage.press("t enter").await;
    stage.press("space tab right enter").await;
    stage.sees(&["2 issued in this session", "HTTP 200"]);
    stage.press("v").await;
    stage.sees(&["client_secret=••••••••", "scope=orders%2Fwrite"]);
    stage.press("esc H").await;
    stage.sees(&["2 issued, free here"]);
    // The newest is on top.
    for (keys, form, other) in [
        ("enter v", "client_secret=••••••••", "Basic ••••••••"),
        (
            "esc down enter v",
            "authorization Basic ••••••••",
            "client_secret=",
        ),
    ] {
        stage.press(keys).await;
        stage.sees(&[
            "Exchange of a token issued here",
            "POST http://127.0.0.1",
            form,
            "HTTP 200 after",
            "x-amz-cognito-request-id",
            "\"access_token\":\"••••••••\"",
        ]);
        stage.sees_no(other);
        stage.sees_no(&secret);
    }
    stage.press("y").await;
    let curl = stage.clipboard();
    assert!(
        curl.contains("\"$CLIENT_SECRET\"") && curl.contains("scope=orders/read orders/write"),
        "{curl}"
    );
    assert!(!curl.contains(&secret), "{curl}");
    stage.press("v y 1").await;
    let token = stage.clipboard();
    assert_eq!(token.split('.').count(), 3, "{token}");
    stage.sees_no(&token);

    // The one that is offered again comes with how it came the first time.
    stage.press("esc esc esc enter t enter").await;
    stage.sees(&["issued before"]);
    stage.press("v").await;
    stage.sees(&["Exchange", "scope=orders%2Fread", "HTTP 200 after"]);

    // Of one that was pasted nobody knows how it came.
    stage.press("v shift-tab").await;
    stage.paste(&token).await;
    stage.sees(&["Token, pasted"]);
    stage.press("v").await;
    stage.sees(&["It was pasted: how it was asked for is not known here"]);
}
