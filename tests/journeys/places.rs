//! An app client's page shows its pool, account and Region from wherever it is opened, and its keys work.

use crate::stage::{STAGING_ID, Stage};

const POOL: &str = "acme-platform-staging";
const CLIENT: &str = "storefront";

/// The ways to the page of a client, as keys from the list of pools with the cursor on its pool. `T` pastes a token of the
/// client.
const WAYS: [(&str, &str); 8] = [
    ("its row", "enter / s t o r e f enter enter"),
    (
        "a token that was issued",
        "enter / s t o r e f enter t enter H enter enter",
    ),
    ("a token that was pasted", "T enter"),
    ("a token of before", "T esc H enter enter"),
    ("the scope map", "S enter"),
    ("who uses a scope", "enter 3 G u enter"),
    ("what it can call", "enter enter u enter enter"),
    ("a finding", "D / s t o r e f enter enter"),
];

/// The keys of the page, each with its result.
const KEYS: [(&str, &str); 9] = [
    ("x", "hides in"),
    ("R", "Rotate storefront"),
    ("e", "Edit app client storefront"),
    ("ctrl-d", "Delete app client "),
    ("t", "Request"),
    ("y", "Client secret"),
    ("D", "Doctor: storefront"),
    ("E", "CloudFormation"),
    ("u", "What storefront can call"),
];

/// Opens the list of pools, the cursor on the client's pool, which has no other client.
async fn start(width: u16, height: u16) -> Stage {
    let sandbox = crate::stage::sandbox(cognitui::sandbox::Options::default()).await;
    sandbox.edit(|state| {
        let pool = state.pools.get_mut(STAGING_ID).unwrap();
        pool.clients.retain(|client| client.name == CLIENT);
    });
    let mut stage = Stage::on(sandbox, width, height).await;
    stage.press("/").await;
    stage.type_text(POOL).await;
    stage.press("enter").await;
    stage
}

/// Returns a token of the client, as from another program.
async fn token(stage: &Stage) -> String {
    let client = stage.sandbox_client(STAGING_ID, CLIENT);
    let reply = reqwest::Client::new()
        .post(format!("{}/oauth2/token", stage.sandbox.url()))
        .basic_auth(client.id, Some(client.secrets[0].value.clone()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=client_credentials")
        .send()
        .await
        .unwrap();
    let reply = reply.text().await.unwrap();
    let reply: serde_json::Value = serde_json::from_str(&reply).unwrap();
    reply["access_token"].as_str().unwrap().to_owned()
}

async fn walk(stage: &mut Stage, keys: &str) {
    for key in keys.split_whitespace() {
        if key == "T" {
            let token = token(stage).await;
            stage.paste(&token).await;
        } else {
            stage.press(key).await;
        }
    }
}

#[tokio::test]
async fn the_page_says_where_it_is_however_one_has_come_there() {
    for (way, keys) in WAYS {
        for (width, height) in [(80, 24), (140, 50)] {
            let mut stage = start(width, height).await;
            walk(&mut stage, keys).await;
            let screen = stage.screen();
            assert!(stage.has("Client id"), "{way}:\n{screen}");
            let place = screen.lines().nth(2).unwrap();
            for word in [POOL, "account 123456789012", "eu-west-1"] {
                assert!(
                    place.contains(word),
                    "{way}: no {word} in {place:?}:\n{screen}"
                );
            }
            // It stays while the rest scrolls.
            stage.press("G").await;
            let screen = stage.screen();
            assert_eq!(screen.lines().nth(2).unwrap(), place, "{way}:\n{screen}");
            if width > 80 {
                let top = screen.lines().next().unwrap();
                assert!(top.contains(POOL) && top.contains(CLIENT), "{way}: {top}");
                assert_eq!(top.matches(POOL).count(), 1, "{way}: {top}");
            }
        }
    }
}

#[tokio::test]
async fn its_keys_work_however_one_has_come_there() {
    for (way, keys) in WAYS {
        let mut stage = start(140, 50).await;
        walk(&mut stage, keys).await;
        for (key, sign) in KEYS {
            stage.press(key).await;
            assert!(stage.has(sign), "{key} after {way}:\n{}", stage.screen());
            // Shown, a secret is hidden by its own key.
            stage.press(if key == "x" { "x" } else { "esc" }).await;
            assert!(
                stage.has("AccessTokenValidity"),
                "{key} after {way}:\n{}",
                stage.screen()
            );
        }
    }
}

#[tokio::test]
async fn where_the_account_is_not_known_the_page_says_so() {
    let stage = start(80, 24).await;
    stage.fault("GetCallerIdentity:access-denied");
    let mut stage = stage.restarted().await;
    stage.pool(POOL).await;
    stage.press("enter").await;
    stage.sees(&["Client id", "account unknown", "eu-west-1"]);
}

#[tokio::test]
async fn a_name_that_is_too_long_gives_way_to_account_and_region() {
    let sandbox = crate::stage::sandbox(cognitui::sandbox::Options::default()).await;
    let name = format!("begin-{}-end", "x".repeat(100));
    sandbox.edit(|state| state.pools.get_mut(STAGING_ID).unwrap().name = name.clone());
    let mut stage = Stage::on(sandbox, 80, 24).await;
    stage.pool("begin-").await;
    stage.press("enter").await;
    stage.sees(&["in begin-", "-end", "account 123456789012 · eu-west-1"]);
}
