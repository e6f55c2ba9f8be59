//! One key with its modifiers, normalized across terminals.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key press in normal form. Terminals differ: Shift-Tab is `BackTab` or `Tab` with Shift, `G` and `?` have
/// Shift or not, and some send Ctrl-H for Backspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    /// Returns the key of a press or a repeat; `None` for a release.
    #[must_use]
    pub fn of(event: &KeyEvent) -> Option<Self> {
        (event.kind != KeyEventKind::Release).then(|| Self::normal(event.code, event.modifiers))
    }

    /// Reads a key as the configuration writes it: `y`, `G`, `ctrl-y`, `shift-tab`, `pgdn`, `f5`.
    ///
    /// # Errors
    /// [`KeyError`] if there is no such key, or more than one.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let error = || KeyError(text.to_owned());
        let mut letters = text.chars();
        if let (Some(c), None) = (letters.next(), letters.next()) {
            // A single character stays as it is: crokey reads G as g and knows ASCII letters only.
            return if c.is_control() {
                Err(error())
            } else {
                Ok(Self::normal(KeyCode::Char(c), KeyModifiers::NONE))
            };
        }
        let (modifiers, name) = match text.rfind('-') {
            Some(at) if !text.ends_with('-') => text.split_at_checked(at + 1).ok_or_else(error)?,
            _ => ("", text),
        };
        let name = match name.to_ascii_lowercase().as_str() {
            "pgdn" => "pagedown",
            "pgup" => "pageup",
            "escape" => "esc",
            "return" => "enter",
            _ => name,
        };
        let combination = crokey::parse(&format!("{modifiers}{name}")).map_err(|_| error())?;
        if !combination.is_ansi_compatible() {
            return Err(error());
        }
        Ok(Self::normal(
            *combination.codes.first(),
            combination.modifiers,
        ))
    }

    fn normal(code: KeyCode, modifiers: KeyModifiers) -> Self {
        let mut modifiers = modifiers;
        let code = match code {
            KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            KeyCode::Char('\r' | '\n') => KeyCode::Enter,
            KeyCode::Char('h') if modifiers == KeyModifiers::CONTROL => {
                modifiers = KeyModifiers::NONE;
                KeyCode::Backspace
            }
            KeyCode::Char(c) if modifiers.contains(KeyModifiers::SHIFT) => {
                KeyCode::Char(c.to_uppercase().next().unwrap_or(c))
            }
            code => code,
        };
        match code {
            KeyCode::BackTab => modifiers.remove(KeyModifiers::SHIFT),
            KeyCode::Char(c) if c.is_uppercase() => modifiers.insert(KeyModifiers::SHIFT),
            // Whether `?` needs Shift depends on the keyboard layout.
            KeyCode::Char(c) if c != ' ' => modifiers.remove(KeyModifiers::SHIFT),
            _ => {}
        }
        Self { code, modifiers }
    }
}

impl fmt::Display for Key {
    /// The key as the footer shows it and as [`Key::parse`] reads it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let capital = matches!(self.code, KeyCode::Char(c) if c.is_uppercase());
        for (modifier, name) in [
            (KeyModifiers::CONTROL, "ctrl-"),
            (KeyModifiers::ALT, "alt-"),
            (KeyModifiers::SUPER, "cmd-"),
        ] {
            if self.modifiers.contains(modifier) {
                f.write_str(name)?;
            }
        }
        let plain = self.modifiers.difference(KeyModifiers::SHIFT).is_empty();
        if self.modifiers.contains(KeyModifiers::SHIFT) && !(capital && plain) {
            f.write_str("shift-")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("space"),
            KeyCode::Char(c) if capital && !plain => write!(f, "{}", c.to_lowercase()),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "f{n}"),
            KeyCode::BackTab => f.write_str("shift-tab"),
            KeyCode::PageDown => f.write_str("pgdn"),
            KeyCode::PageUp => f.write_str("pgup"),
            KeyCode::Delete => f.write_str("del"),
            KeyCode::Insert => f.write_str("ins"),
            code => f.write_str(&format!("{code:?}").to_lowercase()),
        }
    }
}

/// An invalid key name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid key {0:?}; write keys as y, G, ctrl-y, shift-tab, pgdn or f5")]
pub struct KeyError(String);

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
        Key::of(&KeyEvent::new(code, modifiers))
    }

    #[test]
    fn terminals_that_disagree_mean_the_same_key() {
        let none = KeyModifiers::NONE;
        let shift = KeyModifiers::SHIFT;
        for (text, reports) in [
            (
                "shift-tab",
                [
                    (KeyCode::BackTab, none),
                    (KeyCode::BackTab, shift),
                    (KeyCode::Tab, shift),
                ],
            ),
            (
                "G",
                [
                    (KeyCode::Char('G'), none),
                    (KeyCode::Char('G'), shift),
                    (KeyCode::Char('g'), shift),
                ],
            ),
            (
                "?",
                [
                    (KeyCode::Char('?'), none),
                    (KeyCode::Char('?'), shift),
                    (KeyCode::Char('?'), none),
                ],
            ),
            (
                "backspace",
                [
                    (KeyCode::Backspace, none),
                    (KeyCode::Char('h'), KeyModifiers::CONTROL),
                    (KeyCode::Backspace, none),
                ],
            ),
        ] {
            for (code, modifiers) in reports {
                assert_eq!(
                    pressed(code, modifiers),
                    Key::parse(text).ok(),
                    "{text} {code:?} {modifiers:?}"
                );
            }
        }
        assert_ne!(
            pressed(KeyCode::Char('g'), none),
            pressed(KeyCode::Char('G'), none)
        );
    }

    #[test]
    fn a_release_is_no_key() {
        let release = KeyEvent::new_with_kind(
            KeyCode::Char('q'),
            KeyModifiers::NONE,
            KeyEventKind::Release,
        );
        assert_eq!(Key::of(&release), None);
        let repeat =
            KeyEvent::new_with_kind(KeyCode::Char('q'), KeyModifiers::NONE, KeyEventKind::Repeat);
        assert_eq!(Key::of(&repeat), Key::parse("q").ok());
    }

    #[test]
    fn what_is_shown_can_be_read_back() {
        for text in [
            "y",
            "G",
            "ctrl-y",
            "shift-tab",
            "pgdn",
            "pgup",
            "space",
            "esc",
            "enter",
            "f5",
            "?",
            "/",
            "-",
            "ctrl--",
            "alt-x",
            "ctrl-shift-y",
            "shift-up",
            "shift-space",
            "del",
            "home",
            "ü",
        ] {
            assert_eq!(Key::parse(text).expect(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_key_is_refused_by_name() {
        for text in ["", "ctrl", "hyper-y", "a-b", "pagedwn", "\u{1b}", "ctrl-"] {
            let error = Key::parse(text).expect_err(text).to_string();
            assert!(error.contains(&format!("{text:?}")), "{error}");
        }
    }
}
