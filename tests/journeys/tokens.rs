//! The tokens of a session, opened again: each keeps its request and response.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cognitui::app::message::{Message, PastedToken, Route, TaskEvent, TokenId};
use cognitui::domain::oauth::token_finder;
use cognitui::domain::time::Timestamp;
use cognitui::sandbox::Options;
use serde_json::json;

use crate::desk::Desk;
use crate::stage::{STAGING, STAGING_ID, Stage, edit_client, sandbox};

const NOW: i64 = 1_795_270_000;

#[tokio::test]
async fn each_token_keeps_the_exchange_that_it_came_from() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "storefront").await;
    let secret = stage.secret(STAGING_ID, "storefront");
    // Two in a row: the first with both scopes in the header's way, the second with one of them in the body's.
    stage.press("t enter").await;
    stage.press("space tab right enter").await;
    stage.sees(&["2 issued this session", "HTTP 200"]);
    stage.press("v").await;
    stage.sees(&["client_secret=••••••••", "scope=orders%2Fwrite"]);
    stage.press("esc H").await;
    stage.sees(&["2 issued (free here)"]);
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
            "HTTP exchange of the issued token",
            "POST http://127.0.0.1",
            form,
            "HTTP 200 ·",
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
    stage.press("esc esc esc enter t").await;
    stage.sees(&["issued before"]);
    stage.press("v").await;
    stage.sees(&["POST http", "scope=orders%2Fread", "HTTP 200 ·"]);

    // Of one that was pasted nobody knows how it came.
    stage.press("v shift-tab").await;
    stage.paste(&token).await;
    stage.sees(&["Pasted token"]);
    stage.press("v").await;
    stage.sees(&["Pasted token: its request is unknown"]);
}

#[tokio::test]
async fn what_was_granted_without_being_asked_for_stands_out() {
    // Whoever issues allows the client more than the console knows of.
    let other = sandbox(Options::default()).await;
    edit_client(&other, STAGING_ID, "price-poller", |client| {
        let scopes = json!(["orders/read", "orders/write"]);
        client
            .settings
            .insert("AllowedOAuthScopes".to_owned(), scopes);
    });
    let mut stage = Stage::with_tokens_of(&other).await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t space").await;
    stage.sees(&["No scope checked: requests all scopes"]);
    let secret = other.state().pools[STAGING_ID].clients.clone();
    let secret = secret.iter().find(|client| client.name == "price-poller");
    let secret = secret.unwrap().secrets[0].value.clone();
    stage.press("tab tab tab tab right tab").await;
    stage.paste(&secret).await;
    stage.press("enter").await;
    stage.sees(&[
        "Scopes: 1 requested (all) · 2 granted",
        "granted ✓ orders/read",
        "extra ! orders/write",
        "granted without request",
    ]);
}

/// Opens a token that was pasted at `NOW` and is valid for 1,000 seconds.
fn pasted() -> Desk {
    let claims = json!({
        "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc", "token_use": "access", "client_id": "4k2",
        "iat": NOW, "auth_time": NOW, "exp": NOW + 1_000, "scope": "orders/read",
    });
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    let (header, claims) = (r#"{"alg":"RS256","kid":"k"}"#, claims.to_string());
    let token = format!("{}.{}.c2ln", part(header), part(&claims));
    let (_, reading) = token_finder::read(&token).unwrap();
    let mut desk = Desk::on(Route::Pools, NOW);
    let id = TokenId(0);
    desk.tell(
        TaskEvent::PasteParsed(Ok(vec![PastedToken { id, reading }])),
        NOW,
    );
    desk
}

#[test]
fn the_gauge_counts_down_and_times_are_told_both_ways() {
    let mut desk = pasted();
    let bar = |screen: &str| screen.matches('█').count();
    let at = |desk: &mut Desk, now: i64| {
        desk.app.update(Message::Tick, Timestamp::from_seconds(now));
        desk.screen()
    };
    let full = at(&mut desk, NOW);
    assert!(full.contains("16:40 left (2026-11-"), "{full}");
    assert!(full.contains(" UTC · in 16:40"), "{full}");
    assert!(full.contains(" UTC · just now"), "{full}");
    let half = at(&mut desk, NOW + 500);
    assert!(half.contains("08:20 left"), "{half}");
    assert!(
        half.contains(" UTC · in 08:20") && half.contains(" UTC · 8 min ago"),
        "{half}"
    );
    let (all, left) = (bar(&full), bar(&half));
    assert!(
        all > 10 && left.abs_diff(all / 2) <= 1,
        "{all} and then {left}"
    );
    let over = at(&mut desk, NOW + 1_060);
    assert!(over.contains("✗ expired 1 min ago (2026-11-"), "{over}");
    assert_eq!(bar(&over), 0, "{over}");
    assert!(over.contains("It expired 1 min ago, at 2026-11-"), "{over}");
}

#[test]
fn beside_each_claim_stands_what_it_is_for() {
    let screen = pasted().screen();
    for (claim, meaning) in [
        ("token_use", "for APIs, not for sign-in"),
        ("client_id", "the app client the token was issued to"),
        ("scope", "what the token may do"),
        ("iss", "the user pool"),
        ("exp", "APIs refuse the token from then on"),
        ("iat", "issued at"),
        ("alg", "signature algorithm"),
        ("kid", "id of the signing key"),
    ] {
        let told = screen
            .lines()
            .skip_while(|line| !line.contains(&format!("│ {claim} ")));
        // On its own line, or on the one below where there is no room.
        let told: Vec<&str> = told.take(3).collect();
        assert!(told.join(" ").contains(meaning), "{claim}: {screen}");
    }
}

#[tokio::test]
async fn after_an_answer_the_keys_read_it_and_type_nothing() {
    let mut stage = Stage::sized(80, 24).await;
    stage.client(STAGING, "storefront").await;
    // The scope is typed by hand, so that the focus was in a text field.
    stage.press("t tab tab").await;
    stage.type_text("orders/read").await;
    stage.press("enter").await;
    stage.sees(&["HTTP 200", "signature"]);
    assert!(stage.bottom().contains("tab request"), "{}", stage.bottom());
    // Letters scroll the claims and none of them lands in the form.
    stage.press("j j j").await;
    stage.sees_no("signature valid");
    stage.press("g").await;
    stage.sees(&["signature"]);
    stage.press("G").await;
    stage.sees(&["request id"]);
    stage.press("tab").await;
    stage.sees(&["orders/read"]);
    stage.sees_no("orders/readj");
    // Past the last field comes the answer again, and the form says so.
    assert!(stage.bottom().contains("tab next"), "{}", stage.bottom());
    stage.press("tab tab tab").await;
    assert!(stage.bottom().contains("tab request"), "{}", stage.bottom());
}

#[tokio::test]
async fn leaving_the_exchange_leads_back_to_the_answer() {
    let mut stage = Stage::sized(80, 24).await;
    stage.client(STAGING, "billing-export").await;
    stage.press("t enter v").await;
    stage.sees(&["POST http://127.0.0.1"]);
    assert!(
        stage.bottom().contains("esc response"),
        "{}",
        stage.bottom()
    );
    stage.press("esc").await;
    stage.sees(&["✗ invalid_grant", "› token"]);
    assert!(stage.bottom().contains("D doctor"), "{}", stage.bottom());
    stage.press("esc").await;
    stage.sees_no("› token");
}

#[tokio::test]
async fn an_answer_from_before_the_mending_says_so() {
    let mut stage = Stage::sized(80, 24).await;
    stage.client(STAGING, "billing-export").await;
    stage.press("t enter").await;
    stage.sees(&["✗ invalid_grant"]);
    stage.sees_no("has changed since");
    stage.press("D f enter enter").await;
    while !stage.has("› token") || stage.has("› doctor") {
        stage.press("esc").await;
    }
    stage.sees(&[
        "The client has changed since this response: enter to retry",
        "✗ invalid_grant",
    ]);
    stage.press("enter").await;
    stage.sees_no("has changed since");
}
