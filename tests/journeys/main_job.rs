//! The main job: create machine_auth in the TEAM pool, copy its secret, issue a token, read its claims.

use serde_json::json;

use crate::stage::{STAGING, Stage, TEAM, TEAM_ID};

async fn with_machine_auth() -> Stage {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter enter").await;
    stage
}

#[tokio::test]
async fn from_the_pool_to_a_created_client_in_six_presses() {
    let mut stage = Stage::open().await;
    stage.pool("team06dbb7fc").await;
    stage.sees(&[TEAM, "team06db_app_client", "App clients 2"]);
    stage.presses();
    stage.press("n").await;
    stage.sees(&[
        "machine_auth (AWS TEAM)",
        "Creates the resource server api first",
    ]);
    stage.press("enter").await;
    stage.sees(&[
        "Apply this plan?",
        "Identifier api",
        "Scope admin · Provides Admin access to machine authentication flows",
        "AllowedOAuthFlowsUserPoolClient true",
        "AllowedOAuthScopes api/admin",
    ]);
    assert_eq!(
        stage.calls("CreateResourceServer"),
        0,
        "it was only planned"
    );
    stage.press("enter").await;
    stage.sees(&["Created machine_auth", "api/admin", "client_credentials"]);
    assert!(stage.presses() <= 6);
    assert_eq!(
        stage.sandbox_client(TEAM_ID, "machine_auth").secrets.len(),
        1
    );
}

#[tokio::test]
async fn what_is_made_is_field_for_field_what_teams_scripts_make() {
    let stage = with_machine_auth().await;
    let pool = stage.sandbox_pool(TEAM_ID);
    let server = pool.servers.iter().find(|s| s.identifier == "api").unwrap();
    assert_eq!(server.name, "api");
    let scopes: Vec<_> = server
        .scopes
        .iter()
        .map(|s| (s.scope_name.as_str(), s.scope_description.as_str()))
        .collect();
    assert_eq!(
        scopes,
        [(
            "admin",
            "Provides Admin access to machine authentication flows"
        )]
    );

    let client = stage.sandbox_client(TEAM_ID, "machine_auth");
    let fields = [
        ("ExplicitAuthFlows", json!(["ALLOW_REFRESH_TOKEN_AUTH"])),
        ("SupportedIdentityProviders", json!(["COGNITO"])),
        ("CallbackURLs", json!(["https://localhost"])),
        ("AllowedOAuthFlows", json!(["client_credentials"])),
        ("AllowedOAuthScopes", json!(["api/admin"])),
        ("AllowedOAuthFlowsUserPoolClient", json!(true)),
    ];
    for (field, value) in fields {
        assert_eq!(client.settings.get(field), Some(&value), "{field}");
    }
    // The script does not set it, and Cognito's default is one hour.
    assert!(!client.settings.contains_key("AccessTokenValidity"));
}

#[tokio::test]
async fn what_teams_second_script_prints_is_there_to_copy() {
    let mut stage = with_machine_auth().await;
    let client = stage.sandbox_client(TEAM_ID, "machine_auth");
    stage.press("y").await;
    let place = |stage: &mut Stage, words: &str| {
        let screen = stage.screen();
        let line = screen.lines().find(|line| line.contains(words)).unwrap();
        let (before, _) = line.split_once(words).unwrap();
        before.split_whitespace().last().unwrap().to_owned()
    };
    let json = place(&mut stage, "JSON");
    stage.press(&json).await;
    let text = stage.clipboard();
    let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(parsed["client_id"], json!(client.id), "{text}");
    assert_eq!(parsed["client_secret"], json!(client.secrets[0].value));
    assert_eq!(
        parsed["token_endpoint"],
        json!(format!("{}/oauth2/token", stage.sandbox.url()))
    );
}

#[tokio::test]
async fn the_preset_again_makes_nothing_and_says_so() {
    let mut stage = with_machine_auth().await;
    let before = stage.sandbox_pool(TEAM_ID).clients.len();
    stage.press("esc n").await;
    stage.sees(&["The client machine_auth exists"]);
    stage.press("enter").await;
    stage.sees(&["Exists already; nothing to create", "machine_auth"]);
    assert_eq!(stage.calls("CreateUserPoolClient"), 1);
    assert_eq!(stage.calls("CreateResourceServer"), 1);
    assert_eq!(stage.sandbox_pool(TEAM_ID).clients.len(), before);
}

#[tokio::test]
async fn a_server_that_lacks_the_scope_gets_it_and_keeps_its_own() {
    let mut stage = Stage::open().await;
    stage.sandbox.edit(|state| {
        let server = serde_json::from_value(json!({
            "identifier": "api", "name": "Ours",
            "scopes": [{ "ScopeName": "audit", "ScopeDescription": "Read the trail" }]
        }));
        let pool = state.pools.get_mut(TEAM_ID).unwrap();
        pool.servers.push(server.unwrap());
    });
    stage.pool(TEAM).await;
    stage.press("n").await;
    stage.sees(&["Adds the scope to the resource server api"]);
    stage.press("enter enter").await;
    let server = &stage.sandbox_pool(TEAM_ID).servers[0];
    let names: Vec<_> = server
        .scopes
        .iter()
        .map(|s| s.scope_name.as_str())
        .collect();
    assert_eq!(names, ["audit", "admin"]);
    assert_eq!(server.name, "Ours");
}

#[tokio::test]
async fn the_secret_is_revealed_and_copied_but_never_shown_by_copying() {
    let mut stage = with_machine_auth().await;
    let secret = stage.secret(TEAM_ID, "machine_auth");
    stage.sees(&["••••••••••••"]);
    stage.press("y").await;
    stage.sees(&["Client secret", "the secret"]);
    stage.sees_no(&secret);
    stage.press("enter").await;
    stage.sees(&["Copied the secret of machine_auth"]);
    stage.sees_no(&secret);
    assert_eq!(stage.clipboard(), secret);
    stage.press("x").await;
    stage.sees(&[&secret, "hides in"]);
}

#[tokio::test]
async fn a_token_is_issued_verified_and_read() {
    let mut stage = with_machine_auth().await;
    let client = stage.sandbox_client(TEAM_ID, "machine_auth");
    stage.press("t").await;
    stage.sees(&["[x] api/admin", "about $0.00225"]);
    stage.press("enter").await;
    stage.sees(&[
        "HTTP 200",
        "1 requested",
        "1 granted",
        "token_use access",
        " left (",
    ]);
    let screen = stage.screen();
    let signature = screen.lines().find(|line| line.contains("ignature"));
    assert!(signature.is_some_and(|line| line.contains('✓')), "{screen}");
    stage.sees(&[&client.id]);

    stage.press("y 1").await;
    let token = stage.clipboard();
    assert_eq!(token.split('.').count(), 3, "{token}");
    stage.sees_no(&token);
    stage.press("y 2").await;
    assert_eq!(stage.clipboard(), format!("Authorization: Bearer {token}"));
    stage.press("y 3").await;
    let curl = stage.clipboard();
    assert!(curl.contains("| curl ") && curl.contains(&token), "{curl}");
}

#[tokio::test]
async fn a_copied_token_opens_the_protected_api() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "orders-worker").await;
    stage.press("t enter y 1").await;
    let token = stage.clipboard();
    let url = format!("{}/api/orders", stage.sandbox.url());
    let answer = reqwest::Client::new()
        .get(url)
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
}
