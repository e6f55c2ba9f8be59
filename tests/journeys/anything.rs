//! Whatever AWS, a token endpoint or an API returns, no control byte of it reaches the terminal: checked in the bytes that the
//! terminal receives, on all screens.

use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use cognitui::cognito::Target;
use cognitui::sandbox::Options;
use proptest::prelude::*;
use ratatui::backend::Backend;
use ratatui::buffer::{Buffer, CellWidth as _};
use ratatui_crossterm::CrosstermBackend;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::garbage::smear;
use crate::screen::dangerous;
use crate::stage::{STAGING, STAGING_ID, Stage, edit_client, sandbox};
use crate::tour;

/// Letters of all kinds, control characters of both sets, whole escape sequences, marks that reorder or hide.
const ANYTHING: &str = "(\\PC{1,4}|[\u{0}-\u{1f}\u{7f}-\u{9f}]|\u{1b}\\[[0-9;?]{0,4}[A-Za-z]|\u{1b}\\][0-9]{1,2};\\PC{0,6}\u{7}|[\u{200b}-\u{202e}\u{2066}-\u{2069}]|[a-z][\u{ad}\u{200d}\u{feff}\u{e0020}-\u{e007f}]){1,24}";

/// The screens that the tour does not visit, each with the keys from the previous one and words on it. The walk starts where the
/// tour ends: at machine_auth, which it created.
const MORE: &[(&str, &str, &str)] = &[
    (
        "a change of the client",
        "e",
        "Edit app client machine_auth",
    ),
    ("the client as code", "esc E", "resource \"aws_cognito"),
    ("its deletion", "esc ctrl-d", "machine_auth › delete"),
    (
        "a place to hand it over to",
        "esc y 7",
        "Credentials to a new file",
    ),
    ("why it did not arrive", "/ enter", "Not delivered"),
    (
        "a rotation under way",
        "esc R 1 enter",
        "known here, masked",
    ),
    ("the new secret", "x", "hides in"),
    ("a command for it", "4", "Gets JSON on stdin"),
    ("the tokens of the session", "esc esc H", "checkout"),
    ("one of them", "enter", "Issued token"),
    ("an API to call", "a", "sends the token"),
    ("what it answers", "enter", "The API asks for"),
    ("a box for a token", "esc esc esc p", "Inspect a token"),
    ("the presets", "esc esc m", "Set up M2M access in"),
    ("the questions of one", "e", "› set up › team"),
    ("what it would do", "enter", "Nothing to do"),
    ("its taking down", "T", "Take down"),
    ("what it led to", "esc enter enter", "Ready to use"),
    ("the pool as code", "esc E", "resource \"aws_cognito"),
    (
        "a resource server's change",
        "esc 3 e",
        "Edit resource server billing",
    ),
    (
        "what goes with it",
        "esc ctrl-d",
        "Delete resource server billing",
    ),
    (
        "a domain's deletion",
        "esc 4 ctrl-d",
        "Delete domain acme-platform-prod",
    ),
    ("a new domain", "esc n", "New domain of"),
];

/// Returns the bytes that a terminal receives for a screen.
fn sent(buffer: &Buffer) -> String {
    let mut bytes = Vec::new();
    let mut backend = CrosstermBackend::new(&mut bytes);
    let cells = Buffer::empty(buffer.area);
    backend.draw(cells.diff(buffer).into_iter()).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Returns the control characters in the bytes for a screen, in order.
fn controls(buffer: &Buffer) -> Vec<char> {
    sent(buffer).chars().filter(|c| c.is_control()).collect()
}

/// Checks that a screen sends the same control sequences as the same screen with plain letters.
fn harmless(stage: &mut Stage, what: &str, text: &str) {
    let screen = stage.screen();
    assert!(
        dangerous(&screen).is_empty(),
        "{text:?} on {what}:\n{screen}"
    );
    let buffer = stage.buffer();
    let mut plain = buffer.clone();
    for cell in &mut plain.content {
        if cell.symbol() != " " {
            // As wide, for where the next one goes depends on it.
            let width = usize::from(cell.symbol().cell_width());
            cell.set_symbol(&"x".repeat(width));
        }
    }
    assert_eq!(
        controls(buffer),
        controls(&plain),
        "{text:?} on {what}:\n{screen}"
    );
}

async fn everywhere(stage: &mut Stage, text: &str) {
    stage.tour(|stage, what| harmless(stage, what, text)).await;
    for (what, keys, _) in MORE {
        stage.press(keys).await;
        harmless(stage, what, text);
    }
}

#[tokio::test]
async fn the_walk_comes_to_the_screens_beyond_the_tour() {
    let mut stage = tour::start(140, 50).await;
    stage.tour(|_, _| {}).await;
    for (what, keys, sign) in MORE {
        stage.press(keys).await;
        assert!(stage.has(sign), "{what}: no {sign:?}:\n{}", stage.screen());
    }
}

#[tokio::test]
async fn an_order_on_a_screen_would_be_seen() {
    let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 4, 1));
    buffer[(1, 0)].set_symbol("a");
    let plain = controls(&buffer);
    buffer[(1, 0)].set_symbol("a\u{1b}[2J");
    assert_ne!(controls(&buffer), plain);
}

/// Starts a server that always returns the same response.
async fn answering(status: u16, body: String) -> (String, JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = move || {
        let body = body.clone();
        async move { (StatusCode::from_u16(status).unwrap(), body).into_response() }
    };
    let server = tokio::spawn(async move {
        let _ = axum::serve(listener, Router::new().fallback(answer)).await;
    });
    (url, server)
}

/// Starts an embedded Cognito that refuses one operation with this message.
async fn refusing(
    behind: String,
    operation: &'static str,
    body: String,
) -> (String, JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let http = reqwest::Client::new();
    let answer = move |request: axum::extract::Request| {
        let (http, behind, body) = (http.clone(), behind.clone(), body.clone());
        async move {
            let (parts, sent) = request.into_parts();
            let sent = axum::body::to_bytes(sent, usize::MAX).await.unwrap();
            let target = parts.headers.get("x-amz-target");
            if target.is_some_and(|target| target.as_bytes().ends_with(operation.as_bytes())) {
                return (StatusCode::BAD_REQUEST, body).into_response();
            }
            let passed = http
                .request(parts.method, format!("{behind}{}", parts.uri))
                .headers(parts.headers)
                .body(sent.to_vec());
            let answer = passed.send().await.unwrap();
            let status = answer.status();
            (status, answer.text().await.unwrap()).into_response()
        }
    };
    let server = tokio::spawn(async move {
        let _ = axum::serve(listener, Router::new().fallback(answer)).await;
    });
    (url, server)
}

fn in_runtime(work: impl Future<Output = ()>) {
    Runtime::new().unwrap().block_on(work);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn names_and_descriptions(text in ANYTHING, small in any::<bool>()) {
        in_runtime(async {
            let sandbox = sandbox(Options::default()).await;
            sandbox.edit(|state| smear(state, &text));
            let (width, height) = if small { (80, 24) } else { (140, 50) };
            let mut stage = Stage::on(sandbox, width, height).await;
            everywhere(&mut stage, &text).await;
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn errors_of_aws(text in ANYTHING, kind in ANYTHING, status in prop::sample::select(vec![400, 403, 404, 200])) {
        in_runtime(async {
            let named = ["AccessDeniedException", "InvalidParameterException", kind.as_str()];
            for name in named {
                let body = serde_json::json!({"__type": name, "message": text}).to_string();
                let (url, server) = answering(status, body).await;
                let mut stage = Stage::elsewhere(Target::sandbox(&url, "eu-west-1")).await;
                harmless(&mut stage, "the pools", &text);
                stage.press("m").await;
                harmless(&mut stage, "the presets", &text);
                server.abort();
            }
        });
    }

    #[test]
    fn refusals_of_one_operation(text in ANYTHING, kind in ANYTHING, operation in prop::sample::select(vec![
        "DescribeUserPool", "DescribeUserPoolClient", "ListUserPoolClients", "ListResourceServers", "DescribeUserPoolDomain",
        "ListUserPoolClientSecrets", "AddUserPoolClientSecret", "CreateResourceServer",
    ])) {
        in_runtime(async {
            let sandbox = sandbox(Options::default()).await;
            let body = serde_json::json!({"__type": kind, "message": text}).to_string();
            let (url, server) = refusing(sandbox.url(), operation, body).await;
            let mut stage = Stage::elsewhere(Target::sandbox(&url, "eu-west-1")).await;
            stage.pool(STAGING).await;
            for keys in ["1", "3", "4", "D", "esc S", "esc 2 enter", "x", "R", "1", "esc e", "esc t enter", "esc esc n enter", "enter"] {
                stage.press(keys).await;
                harmless(&mut stage, &format!("what {keys:?} leads to without {operation}"), &text);
            }
            server.abort();
        });
    }

    #[test]
    fn answers_of_a_token_endpoint(text in ANYTHING, status in prop::sample::select(vec![400, 401, 500, 200]), shape in 0..3) {
        in_runtime(async {
            let body = match shape {
                0 => text.clone(),
                1 => serde_json::json!({"error": text, "error_description": text}).to_string(),
                _ => serde_json::json!({"access_token": text, "token_type": text}).to_string(),
            };
            let (url, server) = answering(status, body).await;
            let mut stage = Stage::asking_at(&url).await;
            stage.client(STAGING, "price-poller").await;
            stage.press("t enter").await;
            harmless(&mut stage, "a refusal", &text);
            stage.press("v").await;
            harmless(&mut stage, "the exchange", &text);
            stage.press("esc D").await;
            harmless(&mut stage, "the doctor", &text);
            server.abort();
        });
    }

    #[test]
    fn answers_of_an_api(text in ANYTHING, status in 200_u16..600, json in any::<bool>()) {
        in_runtime(async {
            let body = if json { serde_json::json!({text.as_str(): [text]}).to_string() } else { text.clone() };
            let (url, server) = answering(status, body).await;
            let mut stage = Stage::open().await;
            stage.client(STAGING, "price-poller").await;
            stage.press("t enter a ctrl-u").await;
            stage.paste(&format!("{url}/orders")).await;
            stage.press("enter").await;
            stage.sees(&["HTTP"]);
            harmless(&mut stage, "the answer", &text);
            server.abort();
        });
    }

    #[test]
    fn claims_of_a_token(text in ANYTHING) {
        in_runtime(async {
            let sandbox = sandbox(Options::default()).await;
            // Everything that a token says of its client comes from here.
            sandbox.edit(|state| {
                for server in &mut state.pools.get_mut(STAGING_ID).unwrap().servers {
                    for scope in &mut server.scopes {
                        scope.scope_name = text.clone();
                    }
                }
            });
            edit_client(&sandbox, STAGING_ID, "price-poller", |client| {
                let scopes = serde_json::json!([format!("orders/{text}")]);
                client.settings.insert("AllowedOAuthScopes".to_owned(), scopes);
            });
            let mut stage = Stage::on(sandbox, 80, 24).await;
            stage.client(STAGING, "price-poller").await;
            for (what, keys) in [("the form", "t"), ("the token", "enter"), ("the exchange", "v"), ("history", "esc H")] {
                stage.press(keys).await;
                harmless(&mut stage, what, &text);
            }
        });
    }
}
