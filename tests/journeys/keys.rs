//! Keys on all screens, their notices where they do nothing, and the help.

use cognitui::app::message::{AccessQuestion, CopyMenu, Route};
use cognitui::app::screen::View;
use cognitui::app::session::Session;
use cognitui::app::store::Store;
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::input::{Action, KeyMap};
use cognitui::runtime::{LoopControl, now};
use cognitui::screens;
use cognitui::ui::theme::Theme;

use crate::stage::{STAGING, STAGING_ID, Stage};

/// What a screen says it can do.
fn actions(route: &Route) -> Vec<Action> {
    let view = View {
        store: &Store::default(),
        session: &Session::default(),
        keys: &KeyMap::default(),
        theme: &Theme::colour(),
        now: now(),
        spinner: 0,
    };
    screens::open(route, &view).actions(&view)
}

/// Returns the screens that have a help, each with the keys that lead to it from the list of pools, the cursor on STAGING.
fn places() -> Vec<(Route, &'static str)> {
    let (pool, client) = (PoolId::new(STAGING_ID), ClientId::new("any"));
    vec![
        (Route::Pools, ""),
        (Route::Pool(pool.clone()), "enter"),
        (Route::Client(pool.clone(), client.clone()), "enter enter"),
        (Route::Copy(CopyMenu::Pool(pool.clone())), "y"),
        (Route::Token(pool.clone(), client.clone()), "enter t"),
        (Route::Doctor(pool.clone(), None), "enter 1 D"),
        (
            Route::Doctor(pool.clone(), Some(client.clone())),
            "enter enter D",
        ),
        (Route::ScopeMap(pool.clone()), "enter S"),
        (
            Route::Access(pool.clone(), AccessQuestion::OfClient(client)),
            "enter u",
        ),
        (Route::NewClient(pool), "enter n"),
        (Route::TokenHistory, "H"),
    ]
}

/// Opens the list of pools, filtered to STAGING.
async fn on_staging() -> Stage {
    let mut stage = Stage::sized(140, 60).await;
    stage.press("/").await;
    stage.type_text(STAGING).await;
    stage.press("enter").await;
    stage
}

const EVERYWHERE: [Action; 9] = [
    Action::Paste,
    Action::History,
    Action::Back,
    Action::Help,
    Action::Quit,
    Action::ForceQuit,
    Action::Privacy,
    Action::SaveScreen,
    Action::Suspend,
];

#[tokio::test]
async fn the_help_lists_the_screens_own_actions_and_no_others() {
    for (route, keys) in places() {
        let mut stage = on_staging().await;
        stage.press(keys).await;
        stage.press("?").await;
        stage.sees(&["Keys on this screen"]);
        let own = actions(&route);
        for action in Action::ALL {
            let listed = stage.has(action.help());
            let expected = own.contains(action) || EVERYWHERE.contains(action);
            assert_eq!(
                listed,
                expected,
                "{action:?} on {route:?}\n{}",
                stage.screen()
            );
        }
        stage.press("?").await;
        stage.sees_no("Keys on this screen");
    }
}

#[tokio::test]
async fn a_key_that_does_nothing_here_says_so() {
    for (route, keys) in places() {
        let mut stage = on_staging().await;
        stage.press(keys).await;
        let before = stage.screen();
        let own = actions(&route);
        for action in Action::ALL {
            let key = action.keys()[0];
            let works = Action::ALL
                .iter()
                .filter(|other| other.keys().contains(&key))
                .any(|action| own.contains(action) || EVERYWHERE.contains(action));
            if works || *action == Action::Refresh {
                continue;
            }
            stage.press(key).await;
            assert!(
                stage.has("does nothing here: ") || stage.has("This field takes no text"),
                "{action:?} on {route:?}: {}",
                stage.bottom()
            );
            assert_eq!(
                body(&stage.screen()),
                body(&before),
                "{action:?} on {route:?}"
            );
        }
    }
}

/// Returns the screen without its bottom line.
fn body(screen: &str) -> String {
    screen.rsplit_once('\n').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_key_that_means_nothing_anywhere_says_so() {
    let mut stage = Stage::open().await;
    stage.press("z").await;
    stage.sees(&["z does nothing · ? for help"]);
    stage.press("j").await;
    stage.sees_no("z does nothing");
}

#[tokio::test]
async fn q_goes_back_and_quits_at_the_root() {
    let mut stage = on_staging().await;
    stage.press("enter enter t").await;
    for words in ["AccessTokenValidity", "App clients", "User pools"] {
        stage.press("q").await;
        assert_eq!(stage.turn(), LoopControl::Go);
        stage.sees(&[words]);
    }
    stage.press("q").await;
    assert_eq!(stage.turn(), LoopControl::Quit);
}

#[tokio::test]
async fn esc_goes_back_and_says_so_at_the_root() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("esc").await;
    // The filter that led to the pool is still there, and goes first.
    stage.sees(&["User pools", &format!("/ {STAGING}")]);
    stage.press("esc").await;
    stage.sees(&["ci-runners"]);
    stage.press("esc").await;
    assert_eq!(stage.turn(), LoopControl::Go);
    stage.sees(&["This is the first screen · q quits"]);
}

#[tokio::test]
async fn ctrl_c_quits_from_anywhere_and_ctrl_z_suspends() {
    for (_, keys) in places() {
        let mut stage = on_staging().await;
        stage.press(keys).await;
        stage.press("ctrl-z").await;
        assert_eq!(stage.turn(), LoopControl::Suspend);
        stage.press("ctrl-c").await;
        assert_eq!(stage.turn(), LoopControl::Quit);
    }
    let mut typing = on_staging().await;
    typing.press("/ ctrl-c").await;
    assert_eq!(typing.turn(), LoopControl::Quit);
}

#[tokio::test]
async fn keys_that_are_letters_are_typed_into_a_filter() {
    let mut stage = Stage::open().await;
    stage.press("/").await;
    stage.type_text("q?rn1").await;
    stage.sees(&["/ q?rn1"]);
    assert_eq!(stage.turn(), LoopControl::Go);
}

#[tokio::test]
async fn a_filter_is_cleared_before_the_screen_is_left() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("/").await;
    stage.type_text("price").await;
    stage.press("enter").await;
    stage.sees(&["1 of 11"]);
    stage.press("esc").await;
    stage.sees(&["App clients 11", "storefront"]);
    stage.press("esc").await;
    stage.sees(&["User pools"]);
}

#[tokio::test]
async fn the_arrows_move_while_a_filter_is_typed() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("/").await;
    stage.type_text("orders-worker").await;
    let first = stage.cursor();
    stage.press("down").await;
    assert_ne!(stage.cursor(), first);
    stage.sees(&["2 of 11"]);
}

#[tokio::test]
async fn keys_that_move_stop_at_the_ends() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    let top = stage.cursor();
    stage.press("k up pgup g home").await;
    assert_eq!(stage.cursor(), top);
    stage.press("G").await;
    let end = stage.cursor();
    assert_ne!(end, top);
    stage.press("j down pgdn end").await;
    assert_eq!(stage.cursor(), end);
    stage.press("ctrl-b").await;
    assert_eq!(stage.cursor(), top);
}

#[tokio::test]
async fn a_paste_where_there_is_no_field_says_so() {
    let mut stage = Stage::open().await;
    stage.paste("qqq\x03").await;
    assert_eq!(stage.turn(), LoopControl::Go);
    stage.sees(&["No text field to paste into"]);
}

#[tokio::test]
async fn refused_keys_give_their_reason() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("1 enter").await;
    stage.sees(&["open needs an app client: 2 for app clients"]);
    stage.press("/").await;
    stage.sees(&["Nothing to filter or sort here"]);
    stage.press("2 enter t y").await;
    stage.sees(&["No token to copy yet"]);
}

#[tokio::test]
async fn the_footer_shows_only_keys_that_work_now() {
    let mut public = Stage::open().await;
    public.client(STAGING, "batch-client-credentials").await;
    assert!(!public.bottom().contains("reveal"), "{}", public.bottom());
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    assert!(stage.bottom().contains("x reveal"), "{}", stage.bottom());
    stage.press("x").await;
    assert!(stage.bottom().contains("x hide"), "{}", stage.bottom());
}

#[tokio::test]
async fn the_way_back_and_the_help_are_in_the_footer_however_narrow() {
    for (route, keys) in places() {
        let mut stage = Stage::sized(80, 24).await;
        stage.press("/").await;
        stage.type_text(STAGING).await;
        stage.press("enter").await;
        stage.press(keys).await;
        let bottom = stage.bottom();
        let back = if route == Route::Pools {
            "q quit"
        } else {
            "esc back"
        };
        assert!(
            bottom.contains(back) && bottom.trim_end().ends_with("? help"),
            "{route:?}: {bottom}"
        );
    }
}

#[tokio::test]
async fn the_help_says_why_a_key_does_nothing_now() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "batch-client-credentials").await;
    stage.press("?").await;
    stage.sees(&["not now: Public client: no secret to reveal"]);
    stage.press("? esc 3 ?").await;
    stage.sees(&["not now: token needs an app client: 2 for app clients"]);
    stage.press("? 2 ?").await;
    stage.sees_no("not now: token needs an app client");
}

#[tokio::test]
async fn the_footer_says_that_a_text_scrolls_only_where_it_does() {
    let mut low = Stage::sized(80, 24).await;
    low.pool(STAGING).await;
    low.press("?").await;
    assert!(low.bottom().contains("j k scroll"), "{}", low.bottom());
    let mut high = Stage::sized(80, 60).await;
    high.pool(STAGING).await;
    high.press("?").await;
    assert!(!high.bottom().contains("scroll"), "{}", high.bottom());
    assert!(high.bottom().contains("? close"), "{}", high.bottom());
}

#[tokio::test]
async fn a_paste_of_several_lines_into_one_says_so() {
    let mut stage = Stage::open().await;
    stage.press("/").await;
    stage.paste("acme-\nplatform\n").await;
    stage.sees(&["/ acme-platform", "! Pasted 2 lines as one line"]);
    stage.press("backspace").await;
    stage.sees_no("Pasted 2 lines");
    stage.paste("m\n").await;
    stage.sees(&["/ acme-platform"]);
    stage.sees_no("Pasted");
}

#[tokio::test]
async fn the_keys_that_scroll_are_told_also_while_text_is_typed() {
    let mut stage = Stage::sized(80, 24).await;
    stage.client(STAGING, "price-poller").await;
    // The focus is on the URL, and the answer is longer than its place.
    stage.press("t enter a enter").await;
    stage.sees(&["HTTP 200", "Body", "pgdn pgup scroll"]);
    stage.sees_no("content-length");
    stage.press(&"pgdn ".repeat(6)).await;
    stage.sees(&["content-length"]);
}
