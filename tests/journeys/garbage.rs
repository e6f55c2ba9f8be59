//! Names from outside can be anything. No control sequence in them may reach the terminal, on any screen, and nothing breaks.

use cognitui::sandbox::state::State;
use cognitui::sandbox::{Options, Sandbox};
use serde_json::json;

use crate::screen::dangerous;
use crate::stage::{STAGING_ID, Stage, sandbox};

/// Returns escape sequences that clear the screen, rename the window or write to the clipboard; overrides that reorder;
/// characters of four bytes, of no width, of many code points; the longest possible names.
fn nasty() -> Vec<String> {
    vec![
        "\x1b[2J\x1b]0;pwned\x07\x1b]52;c;cHduZWQ=\x07red\x1b[31m".to_owned(),
        "evil\u{202e}gnp.exe\u{2066}x\u{2069}".to_owned(),
        "line\nbreak\r\ttab\u{b}\u{c}\u{0}\u{7f}\u{9b}2J".to_owned(),
        "👩‍👩‍👧‍👦 𝔘𝔫𝔦 🇪🇺 漢字テスト e\u{301}\u{302}\u{303}\u{304}\u{305}".to_owned(),
        "\u{200b}\u{200d}\u{feff}\u{e0041}\u{2028}\u{2029}\u{ad}".to_owned(),
        "W".repeat(128),
        "漢".repeat(128),
        "\u{301}".repeat(128),
        String::new(),
    ]
}

/// Puts `text` in every place of a pool that comes from outside.
pub fn smear(state: &mut State, text: &str) {
    let mut pool = state.pools.remove(STAGING_ID).unwrap();
    text.clone_into(&mut pool.name);
    pool.tags.insert(text.to_owned(), text.to_owned());
    for server in &mut pool.servers {
        text.clone_into(&mut server.name);
        server.identifier = format!("{text}{}", server.identifier);
        for scope in &mut server.scopes {
            scope.scope_name.push_str(text);
            text.clone_into(&mut scope.scope_description);
        }
    }
    pool.clients.truncate(3);
    for client in &mut pool.clients {
        text.clone_into(&mut client.name);
        let scopes = json!([format!("{text}/{text}"), "orders/read", text]);
        client
            .settings
            .insert("AllowedOAuthScopes".to_owned(), scopes);
        for field in [
            "CallbackURLs",
            "LogoutURLs",
            "ReadAttributes",
            "SupportedIdentityProviders",
        ] {
            client.settings.insert(field.to_owned(), json!([text]));
        }
        client
            .settings
            .insert("DefaultRedirectURI".to_owned(), json!(text));
        for secret in &mut client.secrets {
            secret.value.push_str(text);
        }
    }
    state.domains.retain(|_, domain| domain.pool == STAGING_ID);
    state.pools.clear();
    state.pools.insert(STAGING_ID.to_owned(), pool);
}

async fn smeared(text: &str) -> Sandbox {
    let sandbox = sandbox(Options::default()).await;
    sandbox.edit(|state| smear(state, text));
    sandbox
}

#[tokio::test]
async fn no_name_gives_the_terminal_an_order() {
    for text in nasty() {
        for (width, height) in [(140, 50), (80, 24), (20, 5)] {
            let mut stage = Stage::on(smeared(&text).await, width, height).await;
            stage
                .tour(|stage, what| {
                    let screen = stage.screen();
                    let found = dangerous(&screen);
                    assert!(
                        found.is_empty(),
                        "{text:?} brings {found:?} to {what}:\n{screen}"
                    );
                })
                .await;
        }
    }
}

#[tokio::test]
async fn what_is_made_visible_says_what_it_was() {
    let mut stage = Stage::on(smeared("a\u{202e}b\x1bc").await, 140, 50).await;
    stage.sees(&["a⟨U+202E⟩b␛c"]);
}

#[tokio::test]
async fn an_oauth_error_from_outside_is_as_harmless() {
    // The token endpoint's own words are outside words, too: here a page of a proxy.
    let mut stage = Stage::open().await;
    stage.client("acme-platform-staging", "price-poller").await;
    stage.fault("token:html");
    stage.press("t enter").await;
    let screen = stage.screen();
    assert!(dangerous(&screen).is_empty(), "{screen}");
    stage.sees(&["✗ unexpected response"]);
}

#[tokio::test]
async fn garbage_can_be_typed_and_pasted_into_every_field() {
    for text in nasty() {
        let mut stage = Stage::open().await;
        stage.press("/").await;
        stage.paste(&text).await;
        assert!(
            dangerous(&stage.screen()).is_empty(),
            "{text:?}\n{}",
            stage.screen()
        );
        stage.press("esc").await;
        stage.pool("acme-platform-staging").await;
        stage.press("n right tab").await;
        stage.paste(&text).await;
        stage.press("tab tab").await;
        stage.paste(&text).await;
        assert!(
            dangerous(&stage.screen()).is_empty(),
            "{text:?}\n{}",
            stage.screen()
        );
        stage.press("enter").await;
        assert_eq!(stage.calls("CreateUserPoolClient"), 0);
    }
}
