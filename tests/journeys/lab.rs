//! The token screens: possible requests, tokens from anywhere, the session's history, and API calls with a token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cognitui::app::message::{PastedToken, Route, TaskEvent, TokenId};
use cognitui::domain::oauth::token_finder;
use cognitui::sandbox::Options;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::pasted::{altered, with_token};
use crate::screen;
use crate::stage::{STAGING, STAGING_ID, Stage, edit_client, sandbox};

#[tokio::test]
async fn scopes_say_what_they_are_and_a_wrong_one_can_be_asked_for() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t").await;
    stage.sees(&["[x] orders/read", "[ ] orders/write", "not allowed"]);
    stage.press("tab tab").await;
    stage.type_text("orders/nonsense").await;
    stage.press("enter").await;
    // The one that is defined is granted, the other left out.
    stage.sees(&["2 requested", "1 granted", "missing ✗ orders/nonsense"]);
    stage
        .press("shift-tab shift-tab shift-tab down down down space enter")
        .await;
    stage.sees(&[
        "✗ invalid_grant",
        "A requested scope exists, but the client may not have it",
        "Not among the client's scopes: orders/write",
    ]);
}

#[tokio::test]
async fn get_client_token_says_why_it_is_not_for_this_client() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t tab right right").await;
    stage.sees(&["(•) GetClientToken", "needs ALLOW_CLIENT_TOKEN_AUTH"]);
    stage.press("enter").await;
    assert_eq!(stage.calls("GetClientToken"), 0);
    edit_client(&stage.sandbox, STAGING_ID, "price-poller", |client| {
        let flows = json!(["ALLOW_CLIENT_TOKEN_AUTH"]);
        client
            .settings
            .insert("ExplicitAuthFlows".to_owned(), flows);
    });
    stage.press("r enter").await;
    stage.sees(&["HTTP 200", "granted ✓ orders/read"]);
    assert_eq!(stage.calls("GetClientToken"), 1);
}

#[tokio::test]
async fn another_secret_is_tried_and_never_shown() {
    let mut stage = Stage::open().await;
    let secret = "an0ther0secret0of0forty0characters0abcde";
    stage.client(STAGING, "price-poller").await;
    stage.press("t tab tab tab tab right").await;
    stage.sees(&["(•) other", "Paste the other secret first"]);
    stage.press("tab").await;
    stage.paste(secret).await;
    stage.sees_no(secret);
    stage.press("enter").await;
    stage.sees(&["✗ invalid_client · invalid_client_secret"]);
    stage.sees_no(secret);
    // It works as soon as the client has it.
    edit_client(&stage.sandbox, STAGING_ID, "price-poller", |client| {
        client.secrets[0].value = secret.to_owned();
    });
    stage.press("enter").await;
    stage.sees(&["HTTP 200", "1 granted"]);
    stage.sees_no(secret);
}

#[tokio::test]
async fn a_good_token_is_offered_again_before_a_new_one_is_bought() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t").await;
    stage.sees(&["free here, about $0.00225 on AWS"]);
    stage.press("enter").await;
    stage.sees(&["1 issued this session"]);
    // As soon as its screen opens.
    stage.press("esc t").await;
    stage.sees(&[
        "Valid for another",
        "again requests a new token",
        "issued before",
        "granted ✓ orders/read",
    ]);
    assert_eq!(stage.calls("token"), 1);
    stage.press("enter").await;
    stage.sees(&["HTTP 200", "2 issued this session"]);
    assert_eq!(stage.calls("token"), 2);
    // Other scopes are another token.
    stage.press("space enter").await;
    assert_eq!(stage.calls("token"), 3);
}

#[tokio::test]
async fn the_exchange_is_shown_masked_and_copied_as_curl() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    let client = stage.sandbox_client(STAGING_ID, "price-poller");
    let secret = client.secrets[0].value.clone();
    stage.press("t v").await;
    stage.sees(&["No HTTP exchange yet"]);
    stage.press("enter v").await;
    stage.sees(&[
        "HTTP exchange",
        "POST http://127.0.0.1",
        "authorization Basic ••••••••",
        "grant_type=client_credentials&",
        "scope=orders%2Fread",
        "HTTP 200 ·",
        "x-amz-cognito-request-id",
        "\"access_token\":\"••••••••\"",
    ]);
    stage.sees_no(&secret);
    stage.press("y").await;
    let curl = stage.clipboard();
    assert!(
        curl.contains("\"$CLIENT_SECRET\"") && curl.contains("'scope=orders/read'"),
        "{curl}"
    );
    assert!(!curl.contains(&secret), "{curl}");
    stage.press("v y 1").await;
    let token = stage.clipboard();
    assert_eq!(token.split('.').count(), 3, "{token}");
    stage.sees_no(&token);
}

#[tokio::test]
async fn the_copied_curl_commands_work_in_a_shell() {
    if std::process::Command::new("curl")
        .arg("--version")
        .output()
        .is_err()
    {
        panic!("this test needs curl");
    }
    let mut stage = Stage::open().await;
    edit_client(&stage.sandbox, STAGING_ID, "price-poller", |client| {
        let flows = json!(["ALLOW_CLIENT_TOKEN_AUTH"]);
        client
            .settings
            .insert("ExplicitAuthFlows".to_owned(), flows);
    });
    let secret = stage.secret(STAGING_ID, "price-poller");
    stage.client(STAGING, "price-poller").await;
    stage.press("t tab tab tab").await;
    stage.type_text("stage=100%s, who=it's \\me").await;
    stage.press("shift-tab shift-tab").await;
    for kind in ["basic", "body", "api"] {
        // The first answers, the second buys where a token is good already.
        stage.press("enter enter").await;
        if !stage.has("Exchange") {
            stage.press("v").await;
        }
        stage.press("y").await;
        let command = stage.clipboard();
        let ran = tokio::process::Command::new("sh")
            .arg("-c")
            .arg(&command)
            .env("CLIENT_SECRET", &secret)
            .output()
            .await
            .unwrap();
        let answer = String::from_utf8(ran.stdout).unwrap();
        let lower = answer.to_ascii_lowercase();
        assert!(lower.contains("eyj"), "{kind}: {command}\n{answer}");
        stage.press("right").await;
    }
}

#[tokio::test]
async fn claims_that_a_terminal_would_obey_are_written_out() {
    let (mut stage, token) = with_token("orders-worker").await;
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}";
    stage
        .paste(&altered(
            &token,
            1,
            &json!({"client_id": evil, "x\u{1b}[1m": evil}),
        ))
        .await;
    stage.sees(&["Pasted token"]);
    assert!(screen::dangerous(&stage.screen()).is_empty());
}

#[tokio::test]
async fn the_history_keeps_claims_and_tells_two_tokens_apart() {
    let (mut stage, first) = with_token("storefront").await;
    stage.press("space enter").await;
    stage.press("esc H").await;
    stage.sees(&[
        "Tokens of this session",
        "2 issued (free here)",
        "storefront",
        "scope ! - orders/read",
    ]);
    stage.sees_no(&first);
    stage.press("down space up").await;
    stage.sees(&["●"]);
    stage.press("enter").await;
    stage.sees(&["Issued token", "1 requested · 1 granted"]);
}

#[tokio::test]
async fn the_sample_api_lets_the_right_token_in_and_says_why_not() {
    let (mut stage, token) = with_token("price-poller").await;
    stage.press("a").await;
    stage.sees(&[
        "/api/orders",
        "sends the token (orders/read) to this host only",
    ]);
    stage.press("enter").await;
    stage.sees(&["HTTP 200", "\"orderId\": \"ord-10021\""]);
    // To make an order takes another scope.
    stage.press("tab right enter").await;
    stage.sees(&[
        "HTTP 403",
        "The token lacks the scope that the API asks for.",
        "The API asks for orders/write; the token has orders/read",
        "insufficient_scope",
    ]);
    stage.sees_no(&token);
    // The next call begins where this one ended.
    stage.press("esc a").await;
    stage.sees(&["‹ POST ›", "/api/orders"]);
}

#[tokio::test]
async fn a_refused_token_is_explained_from_its_claims() {
    let (mut stage, token) = with_token("price-poller").await;
    stage
        .paste(&altered(&token, 1, &json!({"exp": 1_000_000_000})))
        .await;
    stage.press("a enter").await;
    stage.sees(&["HTTP 401", "The token has expired.", "2001-09-09"]);
}

#[tokio::test]
async fn a_url_that_ends_in_graphql_brings_its_query() {
    let (mut stage, _) = with_token("price-poller").await;
    stage.press("a ctrl-u").await;
    stage.type_text("http://example.com/graphql").await;
    stage.sees(&["‹ POST ›", r#"{"query":"{ __typename }"}"#]);
    stage.press("enter").await;
    stage.sees(&["only https is allowed (http only on loopback)"]);
}

#[tokio::test]
async fn a_refusal_carries_what_the_doctor_found() {
    let other = sandbox(Options::default()).await;
    edit_client(&other, STAGING_ID, "price-poller", |client| {
        client.secrets[0].value = "another0secret0altogether0".to_owned();
    });
    let mut stage = Stage::with_tokens_of(&other).await;
    stage.client(STAGING, "invoice-sync").await;
    stage.press("t space enter").await;
    stage.sees(&[
        "✗ invalid_scope",
        "it was deleted, and has been inactive since",
    ]);
}

/// Returns a token with these claims and no valid signature.
fn unsigned(claims: &Value) -> String {
    format!(
        "{}.{}.c2ln",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","kid":"k"}"#),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    )
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_a_token_claims_the_screen_gives_no_orders(
        name in "\\PC{0,12}|[\u{0}-\u{9f}]{1,8}",
        text in "(\\PC|[\u{0}-\u{9f}\u{200b}-\u{202e}\u{2066}-\u{2069}]){0,60}",
        number in proptest::num::f64::ANY,
    ) {
        let claims = json!({
            name.as_str(): text, "iss": text, "scope": text, "client_id": text, "token_use": text, "exp": number, "iat": number,
        });
        let (_, reading) = token_finder::read(&unsigned(&claims)).unwrap();
        let mut desk = Desk::on(Route::Pools, 1_795_270_000);
        let id = TokenId(0);
        desk.tell(TaskEvent::PasteParsed(Ok(vec![PastedToken { id, reading }])), 1_795_270_000);
        let screen = desk.screen();
        proptest::prop_assert!(screen.contains("Pasted token"));
        proptest::prop_assert!(screen::dangerous(&screen).is_empty(), "{screen}");
    }

    #[test]
    fn what_belongs_to_a_token_gives_no_orders(text in "(\\PC|[\u{0}-\u{9f}\u{200b}-\u{202e}\u{2066}-\u{2069}]){0,60}") {
        for pasted in [
            json!({"message": text}),
            json!({"error": text}),
            json!({"UserPoolClient": {"UserPoolId": text, "ClientId": text}}),
            json!({"iss": text, "sub": text, "exp": text, "token_use": text}),
        ] {
            for route in [Route::PasteToken, Route::Pools] {
                let mut desk = Desk::on(route, 1_795_270_000);
                let outcome = token_finder::read(&pasted.to_string());
                let outcome = outcome.map(|(_, reading)| vec![PastedToken { id: TokenId(0), reading }]);
                desk.tell(TaskEvent::PasteParsed(outcome), 1_795_270_000);
                let screen = desk.screen();
                proptest::prop_assert!(screen::dangerous(&screen).is_empty(), "{screen}");
            }
        }
    }

    #[test]
    fn any_bytes_can_be_pasted(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), token in proptest::bool::ANY) {
        let text = String::from_utf8_lossy(&bytes);
        let text = if token { format!("eyJhbGciOiJSUzI1NiJ9.{text}") } else { text.into_owned() };
        let mut desk = Desk::on(Route::PasteToken, 1_795_270_000);
        let outcome = token_finder::read(&text).map(|(_, reading)| vec![PastedToken { id: TokenId(0), reading }]);
        desk.tell(TaskEvent::PasteParsed(outcome), 1_795_270_000);
        let screen = desk.screen();
        proptest::prop_assert!(screen::dangerous(&screen).is_empty(), "{screen}");
    }
}
