//! One line of text input: editing by keys and pastes, and drawing with the cursor.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::style::Style;
use tui_input::{Input, InputRequest};

use super::text::{Cut, clean, columns, put, skip_columns, width};
use crate::ui::frame::Canvas;

/// The longest text, in characters: enough for any token, and a limit for a file pasted by mistake.
const LIMIT: usize = 16_384;

/// Handles an input event; `false` if it is not for a text field: `Enter`, `Tab`, `Esc`, the vertical arrows, and combinations
/// that edit nothing.
pub fn edit(input: &mut Input, event: &Event) -> bool {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => match request(key) {
            Some(InputRequest::InsertChar(_)) if input.value().chars().count() >= LIMIT => true,
            Some(request) => {
                input.handle(request);
                if matches!(request, InputRequest::InsertChar(_)) {
                    keep_one_scheme(input);
                }
                true
            }
            None => false,
        },
        Event::Paste(text) => {
            paste(input, text);
            keep_one_scheme(input);
            true
        }
        _ => false,
    }
}

/// A field of a URL begins with `https://`. A whole URL that is put in behind it replaces it, be it pasted or sent letter by letter by a
/// terminal that knows no pastes.
fn keep_one_scheme(input: &mut Input) {
    let value = input.value();
    let Some(rest) = without_scheme(value) else {
        return;
    };
    // A paste may bring white space.
    let url = rest.trim_start();
    if without_scheme(url).is_some() {
        let gone = value.chars().count() - url.chars().count();
        let cursor = input.cursor().saturating_sub(gone);
        *input = Input::new(url.to_owned()).with_cursor(cursor);
    }
}

fn without_scheme(text: &str) -> Option<&str> {
    ["https://", "http://"].into_iter().find_map(|scheme| {
        let (start, rest) = text.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

/// Whether the event types or deletes, rather than to move.
pub fn changes(event: &Event) -> bool {
    let moves = |request| {
        matches!(
            request,
            InputRequest::GoToPrevChar
                | InputRequest::GoToNextChar
                | InputRequest::GoToStart
                | InputRequest::GoToEnd
                | InputRequest::GoToPrevWord
                | InputRequest::GoToNextWord
        )
    };
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            request(key).is_some_and(|request| !moves(request))
        }
        Event::Paste(_) => true,
        _ => false,
    }
}

/// Returns whether the event inserts text, instead of moving the cursor or deleting.
pub fn inserts(event: &Event) -> bool {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            matches!(request(key), Some(InputRequest::InsertChar(_)))
        }
        Event::Paste(_) => true,
        _ => false,
    }
}

fn request(key: &KeyEvent) -> Option<InputRequest> {
    let command = key.modifiers.difference(KeyModifiers::SHIFT);
    let request = match (key.code, command) {
        // A terminal that reports all modifiers may send Shift with a small letter.
        (KeyCode::Char(c), KeyModifiers::NONE) if key.modifiers.contains(KeyModifiers::SHIFT) => {
            InputRequest::InsertChar(c.to_uppercase().next().unwrap_or(c))
        }
        (KeyCode::Char(c), KeyModifiers::NONE) if !c.is_control() => InputRequest::InsertChar(c),
        (KeyCode::Backspace, KeyModifiers::NONE) | (KeyCode::Char('h'), KeyModifiers::CONTROL) => {
            InputRequest::DeletePrevChar
        }
        (KeyCode::Delete, KeyModifiers::NONE) => InputRequest::DeleteNextChar,
        (KeyCode::Left, KeyModifiers::NONE) | (KeyCode::Char('b'), KeyModifiers::CONTROL) => {
            InputRequest::GoToPrevChar
        }
        (KeyCode::Right, KeyModifiers::NONE) | (KeyCode::Char('f'), KeyModifiers::CONTROL) => {
            InputRequest::GoToNextChar
        }
        (KeyCode::Home, _) | (KeyCode::Char('a'), KeyModifiers::CONTROL) => InputRequest::GoToStart,
        (KeyCode::End, _) | (KeyCode::Char('e'), KeyModifiers::CONTROL) => InputRequest::GoToEnd,
        (KeyCode::Left, KeyModifiers::CONTROL | KeyModifiers::ALT)
        | (KeyCode::Char('b'), KeyModifiers::ALT) => InputRequest::GoToPrevWord,
        (KeyCode::Right, KeyModifiers::CONTROL | KeyModifiers::ALT)
        | (KeyCode::Char('f'), KeyModifiers::ALT) => InputRequest::GoToNextWord,
        (KeyCode::Char('w'), KeyModifiers::CONTROL)
        | (KeyCode::Backspace, KeyModifiers::ALT | KeyModifiers::CONTROL) => {
            InputRequest::DeletePrevWord
        }
        (KeyCode::Char('u'), KeyModifiers::CONTROL) => InputRequest::DeleteFromStart,
        (KeyCode::Char('k'), KeyModifiers::CONTROL) => InputRequest::DeleteTillEnd,
        _ => return None,
    };
    Some(request)
}

/// Inserts pasted text without line ends and other control characters: a pasted line must never act as a key.
fn paste(input: &mut Input, text: &str) {
    let value = input.value();
    let room = LIMIT.saturating_sub(value.chars().count());
    let pasted: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(room)
        .collect();
    let mut edited: String = value.chars().take(input.cursor()).collect();
    edited.push_str(&pasted);
    edited.extend(value.chars().skip(input.cursor()));
    let cursor = input.cursor() + pasted.chars().count();
    *input = Input::new(edited).with_cursor(cursor);
}

/// Draws the text in one row of `area`, scrolled to the cursor. If `focused`, shows the terminal's cursor; if `masked`, draws
/// each character as a dot.
pub fn draw_input(
    frame: &mut Canvas,
    area: Rect,
    style: Style,
    input: &Input,
    masked: bool,
    focused: bool,
) {
    let area = area.intersection(frame.area());
    let area = Rect {
        height: area.height.min(1),
        ..area
    };
    if area.is_empty() {
        return;
    }
    let shown = |part: String| {
        if masked {
            "•".repeat(part.chars().count())
        } else {
            clean(&part).into_owned()
        }
    };
    let before = shown(input.value().chars().take(input.cursor()).collect());
    let after = shown(input.value().chars().skip(input.cursor()).collect());
    let cursor = width(&before);
    let room = usize::from(area.width);
    let scroll = if focused {
        (cursor + 1).saturating_sub(room)
    } else {
        0
    };
    let whole = format!("{before}{after}");
    frame.buffer_mut().set_style(area, style);
    // While typing, the text runs off the edge; otherwise an ellipsis shows that there is more.
    let visible = skip_columns(&whole, scroll);
    let at = (area.x, area.y);
    if focused {
        frame
            .buffer_mut()
            .set_stringn(at.0, at.1, visible, room, style);
        let x = area
            .x
            .saturating_add(columns(cursor.saturating_sub(scroll)));
        frame.set_cursor_position((x.min(area.right() - 1), area.y));
    } else {
        put(frame.buffer_mut(), at, visible, area.width, Cut::End, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::text;

    fn press(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    fn typed(value: &str, event: &Event) -> (bool, String) {
        let mut input = Input::new(value.to_owned());
        let taken = edit(&mut input, event);
        (taken, input.value().to_owned())
    }

    #[test]
    fn letters_are_typed_and_commands_are_left_to_the_screen() {
        let none = KeyModifiers::NONE;
        assert_eq!(
            typed("a", &press(KeyCode::Char('q'), none)),
            (true, "aq".into())
        );
        assert_eq!(
            typed("a", &press(KeyCode::Char('q'), KeyModifiers::SHIFT)),
            (true, "aQ".into())
        );
        assert_eq!(
            typed("ab c", &press(KeyCode::Char('w'), KeyModifiers::CONTROL)),
            (true, "ab ".into())
        );
        assert_eq!(
            typed("ab", &press(KeyCode::Char('h'), KeyModifiers::CONTROL)),
            (true, "a".into())
        );
        for code in [
            KeyCode::Enter,
            KeyCode::Tab,
            KeyCode::Esc,
            KeyCode::Up,
            KeyCode::Down,
        ] {
            assert_eq!(typed("a", &press(code, none)), (false, "a".into()));
        }
        assert!(!typed("a", &press(KeyCode::Char('c'), KeyModifiers::CONTROL)).0);
    }

    #[test]
    fn a_url_replaces_the_scheme_that_the_field_begins_with() {
        let pasted = |value: &str, text: &str| {
            let mut input = Input::new(value.to_owned());
            edit(&mut input, &Event::Paste(text.to_owned()));
            assert_eq!(input.cursor(), input.value().chars().count());
            input.value().to_owned()
        };
        for (value, text, expected) in [
            ("https://", "https://a.example/x", "https://a.example/x"),
            ("https://", " http://127.0.0.1:80/", "http://127.0.0.1:80/"),
            ("https://", "HTTPS://A.example", "HTTPS://A.example"),
            ("https://", "a.example", "https://a.example"),
            ("", "https://a.example", "https://a.example"),
            ("https://a/?to=", "https://b", "https://a/?to=https://b"),
        ] {
            assert_eq!(pasted(value, text), expected, "{value} {text}");
        }
        // A terminal without pastes sends letters.
        let mut input = Input::new("https://".to_owned());
        for letter in "https://a.example".chars() {
            edit(
                &mut input,
                &press(KeyCode::Char(letter), KeyModifiers::NONE),
            );
        }
        assert_eq!(input.value(), "https://a.example");
    }

    #[test]
    fn a_paste_is_text_and_never_a_key() {
        let mut input = Input::new("ad".into()).with_cursor(1);
        edit(&mut input, &Event::Paste("b\r\n\x1b[A\tc".into()));
        assert_eq!((input.value(), input.cursor()), ("ab[Acd", 5));
        edit(&mut input, &Event::Paste("x".repeat(LIMIT + 1)));
        assert_eq!(input.value().chars().count(), LIMIT);
    }

    #[test]
    fn the_cursor_is_always_seen() {
        let draw = |value: &str, masked, focused| {
            let input = Input::new(value.to_owned());
            text(5, 1, |frame| {
                draw_input(frame, frame.area(), Style::new(), &input, masked, focused);
            })
        };
        assert_eq!(draw("abcdefgh", false, true), "efgh ");
        assert_eq!(draw("abcdefgh", false, false), "abcd…");
        assert_eq!(draw("abc", true, true), "•••  ");
        // Each letter takes two columns; the second is blank in the test's text.
        assert_eq!(draw("顧客顧", false, true), "客 顧  ");
    }
}
