//! A panic on demand, in debug builds alone: what it leaves behind, on the terminal and in its report, can only be tested on a
//! real one.

use crossterm::event::{Event, KeyCode};

/// Names the character at whose key the console panics.
const VARIABLE: &str = "COGNITUI_PANIC_AT";

/// Panics if `event` is the key that the environment names.
pub(super) fn panic_if_asked(event: &Event) {
    let Some(KeyCode::Char(key)) = event.as_key_press_event().map(|press| press.code) else {
        return;
    };
    let asked = std::env::var(VARIABLE).is_ok_and(|asked| asked == key.to_string());
    assert!(!asked, "asked for by {VARIABLE}");
}
