//! A walk over all screens.

use cognitui::sandbox::Options;

use crate::stage::{Stage, sandbox};

/// The screens in order, each with the keys that lead to it from the previous one. The walk begins on the list of pools, the
/// cursor on a pool with a client, and ends with machine_auth created in it.
pub const STOPS: &[(&str, &str)] = &[
    ("the user pools", ""),
    ("the pools' filter", "/ a"),
    ("a pool's copy menu", "esc y"),
    ("the app clients", "esc enter"),
    ("the clients' filter", "/"),
    ("the overview", "esc 1"),
    ("the resource servers", "3"),
    ("the domains", "4"),
    ("the doctor on the pool", "1 D"),
    ("the scope map", "esc S"),
    ("who uses a scope", "up u"),
    ("what a client can call", "esc esc 2 u"),
    ("an app client", "esc enter"),
    ("its secret", "x"),
    ("its copy menu", "y"),
    ("the doctor on the client", "esc D"),
    ("the rotation", "esc R"),
    ("the token form", "esc t"),
    ("a token", "enter"),
    ("the exchange", "v"),
    ("a call of an API", "v a"),
    ("an API's answer", "enter"),
    ("the tokens of the session", "esc H"),
    ("a token of before", "enter"),
    ("its exchange", "v"),
    ("the box for a token", "esc p"),
    ("the token's copy menu", "esc esc y"),
    ("the help", "esc ?"),
    ("the preset's form", "esc esc esc n"),
    ("the free form", "right tab"),
    ("the plan", "shift-tab left enter"),
    ("what was made", "enter"),
];

/// Opens the list of pools with one healthy pool: the start of the walk.
pub async fn start(width: u16, height: u16) -> Stage {
    let sandbox = sandbox(Options::default()).await;
    sandbox.edit(|state| state.pools.retain(|id, _| id == "eu-west-1_Pr0dAcm3X"));
    Stage::on(sandbox, width, height).await
}

impl Stage {
    /// Walks over all screens and passes each to `look`.
    pub async fn tour(&mut self, mut look: impl FnMut(&mut Self, &str)) {
        for (what, keys) in STOPS {
            self.press(keys).await;
            look(self, what);
        }
    }
}

#[tokio::test]
async fn the_tour_comes_to_every_screen() {
    let mut stage = start(140, 50).await;
    let signs = [
        "User pools",
        "/ a",
        "JWKS URL",
        "App clients 10",
        "/",
        "Token endpoints",
        "3 servers",
        "auth.acme.example",
        "10 of 10 clients loaded",
        "Scope map of",
        "Who can use billing/export",
        "What checkout can call",
        "AccessTokenValidity",
        "hides in",
        "Shell export lines",
        "Doctor: checkout",
        "Rotate checkout",
        "No token yet",
        "HTTP 200",
        "HTTP exchange",
        "No response yet",
        "HTTP 403",
        "Tokens of this session",
        "Issued token",
        "HTTP exchange of the issued token",
        "Inspect a token",
        "Authorization header",
        "Keys on this screen",
        "(•) machine_auth",
        "(•) Custom",
        "Apply this plan?",
        "Created machine_auth",
    ];
    let mut signs = signs.iter();
    stage
        .tour(|stage, what| {
            let sign = signs.next().unwrap();
            assert!(
                stage.has(sign),
                "{what}: {sign:?} is not there:\n{}",
                stage.screen()
            );
        })
        .await;
}
