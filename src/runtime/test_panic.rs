//! Panics on demand, in debug builds only: what a panic leaves on the terminal and in its report can only be tested on a real
//! terminal.

use crossterm::event::{Event, KeyCode};

/// The environment variable that names the character whose key panics.
const VARIABLE: &str = "COGNITUI_PANIC_AT";

/// Panics if `event` is the key that the environment names.
pub(super) fn panic_if_asked(event: &Event) {
    let Some(KeyCode::Char(key)) = event.as_key_press_event().map(|press| press.code) else {
        return;
    };
    let asked = std::env::var(VARIABLE).is_ok_and(|asked| asked == key.to_string());
    assert!(!asked, "asked for by {VARIABLE}");
}
