//! Tokens from anywhere: pasted, checked, and shown on the right screens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cognitui::sandbox::Options;
use serde_json::{Value, json};

use crate::stage::{STAGING, STAGING_ID, Stage, edit_client, sandbox};

/// Opens a token of a client; returns the token's text, too.
pub async fn with_token(client: &str) -> (Stage, String) {
    let mut stage = Stage::open().await;
    stage.client(STAGING, client).await;
    stage.press("t enter y 1").await;
    let token = stage.clipboard();
    (stage, token)
}

/// Returns a token like this one with other claims or another header, and the old signature.
pub fn altered(token: &str, part: usize, change: &Value) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let bytes = URL_SAFE_NO_PAD.decode(&parts[part]).unwrap();
    let mut object: Value = serde_json::from_slice(&bytes).unwrap();
    for (name, value) in change.as_object().unwrap() {
        object[name] = value.clone();
    }
    parts[part] = URL_SAFE_NO_PAD.encode(object.to_string());
    parts.join(".")
}

#[tokio::test]
async fn a_pasted_token_opens_wherever_one_is_and_leads_to_its_client() {
    let (mut stage, token) = with_token("orders-worker").await;
    stage.press("esc esc esc esc esc").await;
    stage.sees(&["User pools"]);
    stage
        .paste(&format!("Authorization: Bearer {token}\n"))
        .await;
    stage.sees(&[
        "Pasted token",
        "✓ valid: carries orders/",
        "in this account",
        "user pool ✓ acme-platform-staging (eu-west-1_",
        "app client ✓ orders-worker",
        "✓ a machine's access token",
        "`Bearer` in front of it",
        "valid: RS256",
    ]);
    stage.sees_no(&token);
    stage.press("enter").await;
    stage.sees(&["AccessTokenValidity", "orders-worker"]);
}

#[tokio::test]
async fn the_box_takes_a_token_and_says_where_one_was_cut() {
    let (mut stage, token) = with_token("orders-worker").await;
    stage.press("p").await;
    stage.sees(&["Inspect a token"]);
    stage.paste(token.split_at(200).0).await;
    stage.sees(&[
        "this is no JWT: a token has three parts joined by dots; this text has 2",
        "It ends after 200 characters",
    ]);
    stage.paste("hello").await;
    stage.sees(&["there is no token in it"]);
    stage.paste(r#"{"message":"Unauthorized"}"#).await;
    stage.sees(&[
        "an API's answer",
        "Unauthorized",
        "The API rejects this token.",
        "lists no OAuth scopes",
    ]);
    stage
        .paste(&format!(
            "{{\"access_token\":\"{token}\",\"expires_in\":3600}}"
        ))
        .await;
    stage.sees(&["Pasted token", "the field access_token was taken"]);
    stage.press("p").await;
    let (start, end) = token.split_at(300);
    stage
        .paste(&format!("\u{201c}{start}\n{end}\u{201d}"))
        .await;
    stage.sees(&[
        "Pasted token",
        "typographic quotes around it",
        "a line break after its character 300",
    ]);
    // The box and the token before gave way: one step leads back.
    stage.press("esc").await;
    stage.sees(&["Request"]);
}

#[tokio::test]
async fn each_fault_of_a_pasted_token_is_named() {
    let (mut stage, token) = with_token("orders-worker").await;
    let (head, _) = token.rsplit_once('.').unwrap();
    let faults = [
        (
            altered(&token, 0, &json!({"alg": "none"})),
            "alg: none, not signed",
        ),
        (
            altered(&token, 0, &json!({"alg": "HS256"})),
            "signed with a shared secret",
        ),
        (
            altered(&token, 0, &json!({"kid": "unheard-of"})),
            "key unheard-of is not among the pool's keys",
        ),
        (
            altered(&token, 1, &json!({"iss": "https://login.example.com/"})),
            "not Cognito",
        ),
        (
            altered(&token, 1, &json!({"exp": 1_000_000_000})),
            "expired",
        ),
        (
            altered(&token, 1, &json!({"nbf": 4_000_000_000_u64})),
            "not yet valid",
        ),
        (
            altered(&token, 1, &json!({"token_use": "id"})),
            "an id token, not an access token",
        ),
        (
            altered(
                &token,
                1,
                &json!({"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Abc"}),
            ),
            "of another Region",
        ),
        (
            altered(
                &token,
                1,
                &json!({"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Nobody0"}),
            ),
            "no user pool eu-west-1_Nobody0 (its keys are not found)",
        ),
        (
            altered(&token, 1, &json!({"client_id": "gone"})),
            "its app client is gone",
        ),
        (
            altered(&token, 1, &json!({"scope": "orders/write"})),
            "did not make this signature",
        ),
        (format!("{head}.c2hvcnQ"), "cut off in its signature"),
        // Whatever a forger calls the key.
        (
            altered(&token, 0, &json!({"kid": "issuer"})),
            "invalid signature",
        ),
        (
            altered(&token, 0, &json!({"crit": ["exp"]})),
            "critical extension not understood",
        ),
        (
            altered(&token, 1, &json!({"exp": "never"})),
            "exp is not a number",
        ),
        (
            altered(
                &token,
                1,
                &json!({"iss": "https://cognito-idp.s3.amazonaws.com/s3_x"}),
            ),
            "not Cognito",
        ),
        (
            altered(
                &token,
                1,
                &json!({"sub": "u", "username": "alice", "scope": "aws.cognito.signin.user.admin"}),
            ),
            "a person's token (InitiateAuth); it never has custom scopes",
        ),
    ];
    for (text, fault) in faults {
        stage.paste(&text).await;
        stage.sees(&["Pasted token", fault]);
        stage.sees_no("✓ valid");
    }
}

#[tokio::test]
async fn a_replicas_token_is_not_verified_and_no_fault() {
    let (mut stage, token) = with_token("orders-worker").await;
    let iss = format!("https://cognito-idp.us-east-1.amazonaws.com/{STAGING_ID}");
    let asked = stage.calls("jwks");
    stage
        .paste(&altered(&token, 1, &json!({ "iss": iss })))
        .await;
    stage.sees(&[
        "! unverified:",
        "it may be a replica; not verified",
        "not known here",
    ]);
    stage.sees_no("✗");
    assert_eq!(stage.calls("jwks"), asked);
}

#[tokio::test]
async fn the_claims_of_a_persons_token_are_explained_as_a_persons() {
    let (mut stage, token) = with_token("orders-worker").await;
    let person = json!({"sub": "u", "username": "alice", "scope": "aws.cognito.signin.user.admin"});
    stage.paste(&altered(&token, 1, &person)).await;
    stage.sees(&["the person's id in the user pool"]);
    stage.sees_no("as no user is involved");
    stage.press("G").await;
    stage.sees(&["when the person signed in"]);
}

#[tokio::test]
async fn a_key_that_was_rotated_in_mid_session_is_read_once() {
    let (mut stage, before) = with_token("orders-worker").await;
    stage.sees(&["valid: RS256"]);
    assert_eq!(stage.calls("jwks"), 1);
    stage.sandbox.edit(|state| {
        state.pools.get_mut(STAGING_ID).unwrap().keys.clear();
    });
    stage.press("enter enter").await;
    stage.sees(&["HTTP 200", "valid: RS256"]);
    assert_eq!(stage.calls("jwks"), 2);
    // The token of before is signed by a key that the pool has no longer: the keys are read once more, not again and again.
    stage.paste(&before).await;
    stage.sees(&["is not among the pool's keys"]);
    assert_eq!(stage.calls("jwks"), 3);
}

#[tokio::test]
async fn a_token_that_is_signed_by_another_key_does_not_stand() {
    let other = sandbox(Options::default()).await;
    let mut stage = Stage::with_tokens_of(&other).await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t enter").await;
    stage.sees(&["invalid: key", "is not among the pool's keys"]);
    // The foreign key under the pool's own key id.
    let kid = stage.sandbox_pool(STAGING_ID).keys[1].kid.clone();
    other.edit(|state| {
        state.pools.get_mut(STAGING_ID).unwrap().keys[1].kid = kid.clone();
    });
    stage.press("enter").await;
    stage.sees(&["invalid: key", "of the pool did not make this signature"]);
}

/// The line of the pasted token's pane that is read first.
fn first_line(stage: &mut Stage) -> String {
    let screen = stage.screen();
    let mut lines = screen
        .lines()
        .skip_while(|line| !line.contains("Pasted token"));
    lines.nth(1).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn u1_the_first_line_says_what_is_missing_and_its_key_defines_it_again() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut stage = Stage::sized(width, height).await;
        stage.client(STAGING, "invoice-sync").await;
        stage.press("t enter y 1").await;
        let token = stage.clipboard();
        stage.paste(&token).await;
        let first = first_line(&mut stage);
        assert!(first.contains("Missing billing/refunds.write"), "{first}");
        stage.press("f").await;
        stage.sees(&["refunds.write"]);
        stage.press("enter").await;
        let pool = stage.sandbox_pool(STAGING_ID);
        let billing = pool
            .servers
            .iter()
            .find(|server| server.identifier == "billing");
        let scopes = &billing.unwrap().scopes;
        assert!(
            scopes
                .iter()
                .any(|scope| scope.scope_name == "refunds.write"),
            "{scopes:?}"
        );
        // The old token still lacks it, and what to do about that is another thing.
        stage.paste(&token).await;
        let first = first_line(&mut stage);
        assert!(
            first.contains("Missing billing/refunds.write: invoice-sync has it"),
            "{first}"
        );
    }
}

#[tokio::test]
async fn u1_a_scope_that_was_taken_off_the_client_is_put_back_with_one_key() {
    let (mut stage, before) = with_token("storefront").await;
    edit_client(&stage.sandbox, STAGING_ID, "storefront", |client| {
        let left = json!(["orders/read"]);
        client
            .settings
            .insert("AllowedOAuthScopes".to_owned(), left);
    });
    stage.press("esc esc esc").await;
    stage.paste(&before).await;
    stage.press("r").await;
    let first = first_line(&mut stage);
    assert!(
        first.contains("Missing orders/write from new tokens"),
        "{first}"
    );
    stage.sees(&["storefront no longer has it", "f adds it"]);
    stage.press("f enter").await;
    let client = stage.sandbox_client(STAGING_ID, "storefront");
    let mut scopes: Vec<String> =
        serde_json::from_value(client.settings["AllowedOAuthScopes"].clone()).unwrap();
    scopes.sort();
    assert_eq!(scopes, ["orders/read", "orders/write"]);
}

#[tokio::test]
async fn of_several_tokens_each_can_be_chosen() {
    let (mut stage, one) = with_token("orders-worker").await;
    stage.press("esc esc esc").await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t enter y 1").await;
    let two = stage.clipboard();
    assert_ne!(one, two);
    stage
        .paste(&format!("first:\n{one}\nsecond:\n{two}\n"))
        .await;
    stage.sees(&["2 tokens pasted; choose one", "pasted"]);
    stage.press("enter").await;
    stage.sees(&["Pasted token", "app client ✓ price-poller"]);
    stage.press("esc down enter").await;
    stage.sees(&["Pasted token", "app client ✓ orders-worker"]);
}

#[tokio::test]
async fn what_belongs_to_a_token_leads_to_what_it_is_about() {
    let mut stage = Stage::open().await;
    let client = stage.sandbox_client(STAGING_ID, "orders-worker");
    let described = json!({"UserPoolClient": {
        "UserPoolId": STAGING_ID, "ClientId": client.id, "ClientName": "orders-worker", "ClientSecret": "s3cr3ts3cr3ts3cr3ts3cr3t",
    }});
    stage.paste(&described.to_string()).await;
    stage.sees(&["AccessTokenValidity", "orders-worker"]);
    stage.sees_no("s3cr3t");
    let request = format!(
        "curl -d 'grant_type=client_credentials&client_id={}' https://acme.auth.eu-west-1.amazoncognito.com/oauth2/token",
        client.id
    );
    stage.press("esc").await;
    stage.pool(STAGING).await;
    stage.paste(&request).await;
    stage.sees(&["orders-worker › token", "Request"]);
    let (mut stage, token) = with_token("invoice-sync").await;
    let claims = token.split('.').nth(1).unwrap();
    let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    stage.paste(&claims).await;
    stage.sees(&["Missing billing/refunds.write", "decoded claims have none"]);
    stage.press("y").await;
    stage.sees(&["there is no token"]);
}
