//! A copied secret is cleared from the desktop's clipboard automatically, and goes through the terminal only after a question.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cognitui::app::message::{Effect, Message, RequestId, Route, TaskEvent};
use cognitui::delivery::clipboard::{Clipboard, ClipboardHandle};
use cognitui::domain::time::Timestamp;
use secrecy::SecretString;

use crate::desk::Desk;
use crate::stage::{STAGING, STAGING_ID, Stage};

const NAME: &str = "price-poller";

/// A desktop's clipboard; clones are the same one.
#[derive(Clone, Default)]
struct Board {
    holds: Arc<Mutex<String>>,
    /// The display is gone.
    gone: bool,
    /// Another program holds it open, and it cannot be read.
    held_open: Arc<AtomicBool>,
}

impl Board {
    fn holds(&self) -> String {
        self.holds.lock().unwrap().clone()
    }

    fn set(&self, text: &str) {
        text.clone_into(&mut self.holds.lock().unwrap());
    }

    fn desktop(&self) -> ClipboardHandle {
        ClipboardHandle::of(Box::new(self.clone()))
    }
}

impl Clipboard for Board {
    fn put(&mut self, text: &str) -> Result<(), String> {
        if self.gone {
            return Err("no display".to_owned());
        }
        self.set(text);
        Ok(())
    }

    fn text(&mut self) -> Result<Option<SecretString>, String> {
        if self.held_open.load(Ordering::SeqCst) {
            return Err("it is occupied".to_owned());
        }
        Ok(Some(self.holds().into()))
    }

    fn clear(&mut self) -> Result<(), String> {
        self.set("");
        Ok(())
    }
}

/// Opens a client's page on a desktop; returns the client's secret, too.
async fn on_desktop(board: &Board, clears_after: Option<Duration>) -> (Stage, String) {
    let desktop = board.desktop();
    let mut stage = Stage::copying(|tasks| {
        let tasks = tasks.with_desktop(desktop);
        tasks.clearing_after(clears_after)
    })
    .await;
    stage.client(STAGING, NAME).await;
    let secret = stage.secret(STAGING_ID, NAME);
    (stage, secret)
}

const LONG: Option<Duration> = Some(Duration::from_secs(45));

#[tokio::test]
async fn a_copied_secret_says_when_it_is_cleared_and_other_text_does_not() {
    let board = Board::default();
    let (mut stage, secret) = on_desktop(&board, LONG).await;
    stage.press("y 2").await;
    stage.sees(&["Copied the id of price-poller to the clipboard"]);
    stage.sees_no("clipboard clears");
    stage.press("y 1").await;
    stage.sees(&["Copied the secret of price-poller to the clipboard"]);
    stage.sees(&["clipboard clears in 4"]);
    assert_eq!(board.holds(), secret);
    // The notice goes with the next key, the countdown stays.
    stage.press("down").await;
    stage.sees_no("Copied");
    stage.sees(&["clipboard clears in 4"]);
    // Something else in its place ends it.
    stage.press("y 2").await;
    stage.sees_no("clipboard clears");
}

#[tokio::test]
async fn when_its_time_is_over_it_is_cleared() {
    let board = Board::default();
    let (mut stage, _) = on_desktop(&board, Some(Duration::ZERO)).await;
    stage.press("y 1").await;
    assert_eq!(board.holds(), "");
    stage.press("t enter").await;
    stage.press("y 1").await;
    assert_eq!(board.holds(), "", "a token is a secret, too");
}

#[tokio::test]
async fn a_clipboard_that_cannot_be_read_is_told_of_and_cleared_on_quitting() {
    let board = Board::default();
    let (mut stage, secret) = on_desktop(&board, Some(Duration::ZERO)).await;
    board.held_open.store(true, Ordering::SeqCst);
    stage.press("y 1").await;
    stage.sees(&["Cannot clear the clipboard: it is occupied", "on quit"]);
    stage.run("ctrl-c").await;
    assert_eq!(stage.uncleared(), Some("it is occupied"));
    assert_eq!(board.holds(), secret);
    board.held_open.store(false, Ordering::SeqCst);
    stage.run("ctrl-c").await;
    assert_eq!(stage.uncleared(), None);
    assert_eq!(board.holds(), "");
}

#[tokio::test]
async fn of_two_copies_the_one_that_was_asked_for_last_stays() {
    let board = Board::default();
    let (mut stage, _) = on_desktop(&board, LONG).await;
    stage.fault("DescribeUserPoolClient:latency=300ms*1");
    stage.tap("y 1");
    stage.tap("y 2");
    stage.settle().await;
    let id = stage.sandbox_client(STAGING_ID, NAME).id;
    assert_eq!(board.holds(), id);
    stage.sees(&["Copied the id of price-poller to the clipboard"]);
    stage.sees_no("clipboard clears");
}

#[tokio::test]
async fn a_copy_under_way_comes_to_nothing_when_the_console_is_left() {
    let board = Board::default();
    let (mut stage, _) = on_desktop(&board, LONG).await;
    stage.fault("DescribeUserPoolClient:latency=300ms*1");
    stage.tap("y 1");
    stage.run("ctrl-c").await;
    // Whatever is under way all the same gets the time it takes.
    stage.settle().await;
    assert_eq!(board.holds(), "");
}

/// Returns the request to clear the clipboard.
fn clearing(effects: &[Effect]) -> Option<RequestId> {
    effects.iter().find_map(|effect| match effect {
        Effect::Start(id, effect) if **effect == Effect::ClearClipboard => Some(*id),
        _ => None,
    })
}

#[test]
fn the_countdown_moves_each_second_and_ends_in_clearing() {
    let mut desk = Desk::on(Route::Pools, 1_000);
    let held = TaskEvent::ClipboardHeld {
        clears_after: Some(Duration::from_secs(45)),
    };
    desk.tell(held, 1_000);
    for (at, shown) in [(1_000, "clears in 45 s"), (1_044, "clears in 1 s")] {
        let effects = desk.app.update(Message::Tick, Timestamp::from_seconds(at));
        assert_eq!(clearing(&effects), None);
        assert!(desk.screen().contains(shown), "{}", desk.screen());
    }
    assert!(desk.app.next_tick(Timestamp::from_seconds(1_044)).is_some());
    let effects = desk
        .app
        .update(Message::Tick, Timestamp::from_seconds(1_045));
    let id = clearing(&effects).unwrap();
    assert!(!desk.screen().contains("clears in"), "{}", desk.screen());
    desk.answer(id, TaskEvent::ClipboardCleared(Ok(true)), 1_045);
    assert!(desk.screen().contains("Clipboard cleared"));
    let again = desk
        .app
        .update(Message::Tick, Timestamp::from_seconds(1_046));
    assert_eq!(clearing(&again), None);
}

#[tokio::test]
async fn what_somebody_else_copied_meanwhile_is_left_alone() {
    let board = Board::default();
    let (mut stage, _) = on_desktop(&board, LONG).await;
    stage.press("y 1").await;
    board.set("a recipe");
    stage.run("ctrl-c").await;
    assert_eq!(board.holds(), "a recipe");
}

#[tokio::test]
async fn quitting_clears_it_unless_it_is_to_stay() {
    for (clears_after, stays) in [(LONG, false), (None, true)] {
        let board = Board::default();
        let (mut stage, secret) = on_desktop(&board, clears_after).await;
        stage.press("y 1").await;
        assert_eq!(board.holds(), secret);
        stage.run("ctrl-c").await;
        assert_eq!(board.holds() == secret, stays);
    }
}

#[tokio::test]
async fn a_secret_goes_through_the_terminal_only_when_asked_and_asks_once() {
    let mut stage = Stage::copying(|tasks| tasks).await;
    stage.client(STAGING, NAME).await;
    // What is no secret needs no asking.
    stage.press("y 2").await;
    assert_ne!(stage.clipboard(), "");
    let before = stage.asked_to_copy();
    let described = stage.calls("DescribeUserPoolClient");

    stage.press("y 1").await;
    stage.sees(&["Copy a secret through the terminal?", "clear it later"]);
    stage.press("esc").await;
    assert_eq!(stage.asked_to_copy(), before, "nothing was sent");
    assert_eq!(stage.calls("DescribeUserPoolClient"), described, "nor read");

    let secret = stage.secret(STAGING_ID, NAME);
    stage.press("y 1 enter").await;
    assert_eq!(stage.clipboard(), secret);
    stage.sees(&["OSC 52", "it stays there until you copy something else"]);
    stage.press("t enter y 1").await;
    stage.sees_no("Copy a secret through the terminal?");
    assert!(stage.clipboard().starts_with("eyJ"));
}

#[tokio::test]
async fn where_the_desktop_fails_the_terminal_is_asked_for_first_too() {
    let board = Board {
        gone: true,
        ..Board::default()
    };
    let (mut stage, secret) = on_desktop(&board, LONG).await;
    stage.press("y 1").await;
    stage.sees(&["Copy a secret through the terminal?"]);
    assert_eq!(stage.asked_to_copy(), "");
    stage.press("enter").await;
    assert_eq!(stage.clipboard(), secret);
    stage.sees_no("clipboard clears");
}
