//! Read-only and production sessions.

use std::sync::Arc;

use cognitui::app::session::Session;
use cognitui::domain::preset::PresetCatalog;
use cognitui::ui::theme::Theme;
use ratatui::style::{Color, Modifier};

use crate::stage::{DEVICES, PROD, PROD_ID, STAGING, STAGING_ID, Stage, TEAM};

/// The pool of the sample with a managed secret.
const MANAGED: &str = "notifications-prod";
/// What is typed where the profile has no name.
const WORD: &str = "production";

fn read_only() -> Session {
    Session {
        read_only: Some("the configuration has read_only = true".to_owned()),
        ..Session::default()
    }
}

pub fn production() -> Session {
    Session {
        production: true,
        ..ordinary()
    }
}

pub fn ordinary() -> Session {
    Session {
        presets: Arc::new(PresetCatalog::new(&[])),
        ..Session::default()
    }
}

#[tokio::test]
async fn read_only_refuses_every_key_that_writes_with_the_reason() {
    let mut stage = Stage::guarded(read_only(), Theme::colour()).await;
    stage.sees(&["READ-ONLY"]);
    stage.press("ctrl-d").await;
    stage.sees(&["Read-only: the configuration has read_only = true"]);
    stage.pool(STAGING).await;
    stage.sees_no("create client");
    for tab in ["1", "2", "3", "4"] {
        for key in ["n", "e", "ctrl-d"] {
            stage.press(tab).await;
            stage.press(key).await;
            stage.sees(&["Read-only"]);
        }
    }
    stage.press("2 enter e").await;
    stage.sees(&["Read-only"]);
    stage.press("R").await;
    stage.sees(&["Read-only"]);
    // Looking, and asking for tokens, is no writing.
    stage.press("x").await;
    stage.sees(&["hides in"]);
    stage.press("y 9").await;
    stage.type_text("a-secret").await;
    stage.press("enter").await;
    stage.sees(&["AWS Secrets Manager", "Read-only"]);
    stage.press("esc esc t").await;
    stage.sees(&["Request"]);
    assert_eq!(writes(&stage), 0);
}

#[tokio::test]
async fn production_has_a_red_frame_and_says_so() {
    let mut stage = Stage::guarded(production(), Theme::colour().alarmed()).await;
    stage.sees(&["PROD"]);
    assert_eq!(stage.buffer()[(0, 1)].fg, Color::Red);
    stage.pool(STAGING).await;
    stage.press("n").await;
    assert_eq!(stage.buffer()[(0, 1)].fg, Color::Red);
}

#[tokio::test]
async fn without_colour_production_is_a_word_and_a_heavier_frame() {
    let mut stage = Stage::guarded(production(), Theme::monochrome().alarmed()).await;
    stage.sees(&["PROD"]);
    let corner = &stage.buffer()[(0, 1)];
    assert_eq!(corner.fg, Color::Reset);
    assert!(corner.modifier.contains(Modifier::BOLD));
}

/// Returns how many calls changed something.
fn writes(stage: &Stage) -> usize {
    let writes = ["Create", "Update", "Delete", "Add", "Put", "Rotate"];
    let calls = stage.sandbox.calls();
    let is_write = |call: &&String| writes.iter().any(|write| call.starts_with(write));
    calls.iter().filter(is_write).count()
}

/// Opens a console on a list with one pool, in this session.
async fn at(pool: &str, session: Session) -> Stage {
    let mut stage = Stage::guarded(session, Theme::colour()).await;
    stage.press("/").await;
    stage.type_text(pool).await;
    stage.press("enter").await;
    stage
}

#[tokio::test]
async fn no_two_keys_take_a_pools_protection_away() {
    for session in [ordinary(), production()] {
        for (way, keys) in [("the list of pools", "e"), ("the overview", "enter 1 e")] {
            let guarded = session.production;
            let mut stage = at(PROD, session.clone()).await;
            stage.press(keys).await;
            stage.sees(&["DeletionProtection ACTIVE -> INACTIVE", "Name"]);
            stage.press("enter").await;
            stage.sees(&["Type acme-platform-prod to confirm"]);
            stage.type_text("acme-platform-staging").await;
            stage.press("enter").await;
            assert_eq!(writes(&stage), 0, "{way}");
            stage.press("ctrl-u").await;
            stage.type_text(PROD).await;
            stage.press("enter").await;
            if guarded {
                assert_eq!(writes(&stage), 0, "{way}");
                stage.type_text(WORD).await;
                stage.press("enter").await;
            }
            stage.sees(&["Done: Switch deletion protection"]);
            let pool = stage.sandbox_pool(PROD_ID);
            assert_eq!(pool.settings["DeletionProtection"], "INACTIVE", "{way}");
        }
    }
}

#[tokio::test]
async fn protection_is_switched_on_without_a_name() {
    let mut stage = at(STAGING, ordinary()).await;
    stage.press("e enter").await;
    stage.sees(&["Done: Switch deletion protection"]);
    let pool = stage.sandbox_pool(STAGING_ID);
    assert_eq!(pool.settings["DeletionProtection"], "ACTIVE");
}

/// A way to write something.
pub struct Way {
    pub pool: &'static str,
    /// The app client on whose page the keys are pressed; empty for the pool's page.
    pub client: &'static str,
    /// The keys up to the one that writes without a guard.
    pub keys: &'static str,
    /// The text to type then with any profile.
    pub name: &'static str,
    /// The resulting call.
    pub call: &'static str,
}

pub const WAYS: [Way; 18] = [
    way(STAGING, "", "1 e enter", "", "UpdateUserPool"),
    way(TEAM, "", "n enter enter", "", "CreateUserPoolClient"),
    way(
        STAGING,
        "warehouse-sync",
        "e x enter enter",
        "",
        "UpdateUserPoolClient",
    ),
    way(
        STAGING,
        "warehouse-sync",
        "ctrl-d",
        "warehouse-sync",
        "DeleteUserPoolClient",
    ),
    way(STAGING, "", "3 n x enter enter", "", "CreateResourceServer"),
    way(STAGING, "", "3 e x enter enter", "", "UpdateResourceServer"),
    way(
        STAGING,
        "",
        "3 ctrl-d enter",
        "billing",
        "DeleteResourceServer",
    ),
    way(
        DEVICES,
        "",
        "4 n x y z z y 1 2 enter enter",
        "",
        "CreateUserPoolDomain",
    ),
    way(
        PROD,
        "",
        "4 ctrl-d enter",
        "acme-platform-prod",
        "DeleteUserPoolDomain",
    ),
    way(
        PROD,
        "",
        "1 ctrl-d enter",
        "acme-platform-prod",
        "DeleteUserPool",
    ),
    way(
        STAGING,
        "billing-export",
        "D f enter",
        "",
        "UpdateUserPoolClient",
    ),
    way(TEAM, "", "m enter enter", "", "CreateUserPoolClient"),
    way(
        STAGING,
        "storefront",
        "R 1 enter",
        "",
        "AddUserPoolClientSecret",
    ),
    way(
        STAGING,
        "warehouse-sync",
        "R 9",
        "warehouse-sync",
        "DeleteUserPoolClientSecret",
    ),
    way(
        STAGING,
        "storefront",
        "R 2",
        "my_own_secret_0123456789ABC",
        "AddUserPoolClientSecret",
    ),
    // Into AWS Secrets Manager, a rotation there, and out.
    way(PROD, "checkout", "R 3 enter", "", "UpdateUserPoolClient"),
    way(MANAGED, "push-gateway", "R 1 enter", "", "RotateSecret"),
    way(
        MANAGED,
        "push-gateway",
        "R 2 enter",
        "push-gateway",
        "UpdateUserPoolClient",
    ),
];

const fn way(
    pool: &'static str,
    client: &'static str,
    keys: &'static str,
    name: &'static str,
    call: &'static str,
) -> Way {
    Way {
        pool,
        client,
        keys,
        name,
        call,
    }
}

impl Way {
    /// Opens a console and presses all keys but the last.
    pub async fn go(&self, session: Session) -> Stage {
        let mut stage = Stage::guarded(session, Theme::colour()).await;
        if self.client.is_empty() {
            stage.pool(self.pool).await;
        } else {
            stage.client(self.pool, self.client).await;
        }
        stage.press(self.keys).await;
        stage
    }
}

#[tokio::test]
async fn on_production_every_write_takes_the_profiles_name() {
    for way in WAYS {
        let mut stage = way.go(production()).await;
        stage.type_text(way.name).await;
        // As often as may be: more than pressing is asked for.
        stage.press("enter enter enter").await;
        let keys = way.keys;
        let seen = stage.screen();
        stage.sees(&["Type production to confirm"]);
        assert_eq!(writes(&stage), 0, "{keys}:\n{seen}");
        stage.type_text("productio").await;
        stage.press("enter").await;
        assert_eq!(writes(&stage), 0, "{keys}:\n{}", stage.screen());
        stage.type_text("n").await;
        stage.press("enter").await;
        assert!(
            stage.calls(way.call) > 0,
            "{keys}: no {}:\n{}",
            way.call,
            stage.screen()
        );
    }
}

#[tokio::test]
async fn elsewhere_a_write_takes_no_more_than_it_did() {
    for way in WAYS {
        let mut stage = way.go(ordinary()).await;
        stage.sees_no("Type production to confirm");
        if !way.name.is_empty() {
            stage.type_text(way.name).await;
            stage.press("enter").await;
        }
        let keys = way.keys;
        assert!(
            stage.calls(way.call) > 0,
            "{keys}: no {}:\n{}",
            way.call,
            stage.screen()
        );
    }
}

#[tokio::test]
async fn a_secret_goes_to_secrets_manager_from_production_only_with_the_profiles_name() {
    let mut stage = Stage::guarded(production(), Theme::colour()).await;
    stage.client(STAGING, "storefront").await;
    stage.press("y 9").await;
    stage.type_text("a-place").await;
    stage.press("enter").await;
    stage.sees(&["Type production to confirm"]);
    stage.press("enter enter").await;
    assert_eq!(stage.calls("CreateSecret"), 0);
    stage.type_text(WORD).await;
    stage.press("enter").await;
    assert!(stage.sandbox.state().stored.contains_key("a-place"));
    // A file is no place of AWS's.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("storefront.json");
    let mut stage = Stage::guarded(production(), Theme::colour()).await;
    stage.client(STAGING, "storefront").await;
    stage.press("y 7").await;
    stage.paste(&path.display().to_string()).await;
    stage.press("enter").await;
    assert!(path.exists(), "{}", stage.screen());
}

#[tokio::test]
async fn on_production_another_try_is_asked_for_as_the_first_was() {
    // A change, a deletion, and a set-up, which plans anew.
    for at in [2, 3, 11] {
        let way = &WAYS[at];
        let mut stage = way.go(production()).await;
        stage.fault(&format!("{}:access-denied*1", way.call));
        let agree = [way.name, WORD];
        for typed in agree.iter().filter(|typed| !typed.is_empty()) {
            stage.type_text(typed).await;
            stage.press("enter").await;
        }
        stage.sees(&["access denied"]);
        stage.press("enter enter enter").await;
        stage.sees(&["to confirm"]);
        assert_eq!(stage.calls(way.call), 0, "{}", stage.screen());
        if !way.name.is_empty() {
            stage.type_text(way.name).await;
            stage.press("enter").await;
            assert_eq!(stage.calls(way.call), 0, "{}", stage.screen());
        }
        stage.type_text(WORD).await;
        stage.press("enter").await;
        assert!(stage.calls(way.call) > 0, "{}", stage.screen());
    }
}
