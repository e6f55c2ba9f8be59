//! Keys by their names.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key such as `ctrl-f`, `enter` or `x`.
pub fn key_event(name: &str) -> KeyEvent {
    let (modifiers, name) = match name.strip_prefix("ctrl-") {
        Some(name) => (KeyModifiers::CONTROL, name),
        None => (KeyModifiers::NONE, name),
    };
    let mut letters = name.chars();
    let code = match (name, letters.next(), letters.next()) {
        (_, Some(letter), None) => KeyCode::Char(letter),
        ("enter", ..) => KeyCode::Enter,
        ("esc", ..) => KeyCode::Esc,
        ("tab", ..) => KeyCode::Tab,
        ("shift-tab", ..) => KeyCode::BackTab,
        ("space", ..) => KeyCode::Char(' '),
        ("backspace", ..) => KeyCode::Backspace,
        ("up", ..) => KeyCode::Up,
        ("down", ..) => KeyCode::Down,
        ("left", ..) => KeyCode::Left,
        ("right", ..) => KeyCode::Right,
        ("home", ..) => KeyCode::Home,
        ("end", ..) => KeyCode::End,
        ("pgup", ..) => KeyCode::PageUp,
        ("pgdn", ..) => KeyCode::PageDown,
        _ => panic!("no key is called {name}"),
    };
    KeyEvent::new(code, modifiers)
}
