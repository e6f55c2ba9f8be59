//! The map from keys to actions: the defaults, overridden by the user's keys.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crossterm::event::KeyEvent;

use super::{Action, Group, Key, KeyError};

/// The actions of each key. A key may have two, one in a form and one elsewhere; the screen takes the one that it has.
#[derive(Clone, Debug)]
pub struct KeyMap {
    /// In the table's order. A scan of so few is faster than building a hash map before the first frame.
    bindings: Vec<Binding>,
}

#[derive(Clone, Debug)]
struct Binding {
    key: Key,
    action: Action,
    label: Cow<'static, str>,
}

impl KeyMap {
    /// Applies the configuration's `[keys]` to the action table. An entry such as `copy = ["y", "ctrl-y"]` replaces all keys of
    /// that action; an empty list unbinds it.
    ///
    /// # Errors
    /// An unknown action, an invalid key, or one key for two actions that can be active at the same time: only an action of
    /// [`Group::Form`] may share its key with one of another group.
    pub fn with_overrides(overrides: &BTreeMap<String, Vec<String>>) -> Result<Self, KeyMapError> {
        if let Some(name) = overrides.keys().find(|name| Action::named(name).is_none()) {
            return Err(KeyMapError::UnknownAction(name.clone()));
        }
        let mut map = Self {
            bindings: Vec::with_capacity(2 * Action::ALL.len()),
        };
        for &action in Action::ALL {
            // Names are only built when needed.
            let own = if overrides.is_empty() {
                None
            } else {
                overrides.get(&action.name())
            };
            if let Some(own) = own {
                for text in own {
                    let key = parse(text, action)?;
                    map.bind(key, key.to_string().into(), action)?;
                }
            } else {
                for text in action.keys() {
                    // The table spells keys as they are shown.
                    map.bind(parse(text, action)?, (*text).into(), action)?;
                }
            }
        }
        Ok(map)
    }

    fn bind(
        &mut self,
        key: Key,
        label: Cow<'static, str>,
        action: Action,
    ) -> Result<(), KeyMapError> {
        if self.asked_by(key).any(|other| other == action) {
            return Ok(());
        }
        if let Some(other) = self.asked_by(key).find(|&other| conflict(other, action)) {
            return Err(KeyMapError::Conflict {
                key: key.to_string(),
                one: other.name(),
                other: action.name(),
            });
        }
        self.bindings.push(Binding { key, action, label });
        Ok(())
    }

    fn asked_by(&self, key: Key) -> impl Iterator<Item = Action> {
        let of_key = self.bindings.iter().filter(move |bound| bound.key == key);
        of_key.map(|bound| bound.action)
    }

    /// Returns the actions of the key, in the table's order; none for an unbound key or a release.
    pub fn resolve(&self, event: &KeyEvent) -> impl Iterator<Item = Action> {
        Key::of(event)
            .into_iter()
            .flat_map(|key| self.asked_by(key))
    }

    /// The place of the key among the keys of this action, counted from 0.
    #[must_use]
    pub fn nth(&self, event: &KeyEvent, action: Action) -> usize {
        let key = Key::of(event);
        let mut keys = self.bindings.iter().filter(|bound| bound.action == action);
        keys.position(|bound| Some(bound.key) == key).unwrap_or(0)
    }

    /// Returns whether the key has this action.
    #[must_use]
    pub fn asks(&self, event: &KeyEvent, action: Action) -> bool {
        self.resolve(event).any(|asked| asked == action)
    }

    /// Returns the key to show for an action, such as `ctrl-c`, `enter` or `pgdn`; empty if it has none.
    #[must_use]
    pub fn label(&self, action: Action) -> &str {
        self.labels(action).next().unwrap_or("")
    }

    /// Its first key that a text field does not take.
    pub fn label_in_text(&self, action: Action) -> Option<&str> {
        self.labels(action).find(|label| !types(label))
    }

    /// All keys of an action in one text; of more than three, the first and the last.
    #[must_use]
    pub fn all_labels(&self, action: Action) -> String {
        let labels: Vec<&str> = self.labels(action).collect();
        match labels.as_slice() {
            [first, .., last] if labels.len() > 3 => format!("{first}…{last}"),
            _ => labels.join(" "),
        }
    }

    /// All keys of an action.
    pub fn labels(&self, action: Action) -> impl Iterator<Item = &str> {
        let of_action = self
            .bindings
            .iter()
            .filter(move |bound| bound.action == action);
        of_action.map(|bound| bound.label.as_ref())
    }
}

/// Returns whether a text field takes the key.
#[must_use]
pub fn types(label: &str) -> bool {
    label.chars().count() == 1 || label == "space"
}

impl Default for KeyMap {
    /// Creates the map of the action table alone.
    fn default() -> Self {
        // A test proves that the table is valid. If it were not, the program would start without keys.
        Self::with_overrides(&BTreeMap::new()).unwrap_or(Self {
            bindings: Vec::new(),
        })
    }
}

fn parse(text: &str, action: Action) -> Result<Key, KeyMapError> {
    Key::parse(text).map_err(|error| KeyMapError::BadKey {
        action: action.name(),
        error,
    })
}

fn conflict(one: Action, other: Action) -> bool {
    let in_form = |action: Action| action.group() == Group::Form;
    let everywhere = |action: Action| action.group() == Group::Program;
    in_form(one) == in_form(other) || everywhere(one) || everywhere(other)
}

/// Why the configuration's `[keys]` are invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyMapError {
    /// No action has that name.
    #[error("unknown action {0:?}; see the help (?) or the README")]
    UnknownAction(String),
    /// An invalid key.
    #[error("{action}: {error}")]
    BadKey {
        /// The action's name.
        action: String,
        /// Why the key is invalid.
        error: KeyError,
    },
    /// One key for two actions.
    #[error("{key} is bound to both {one} and {other}; change one of them")]
    Conflict {
        /// The key.
        key: String,
        /// One action's name.
        one: String,
        /// The other action's name.
        other: String,
    },
}

impl KeyMapError {
    /// Returns the names of the actions concerned.
    #[must_use]
    pub fn actions(&self) -> Vec<&str> {
        match self {
            Self::UnknownAction(name) => vec![name],
            Self::BadKey { action, .. } => vec![action],
            Self::Conflict { one, other, .. } => vec![one, other],
        }
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEventKind, KeyModifiers};

    use super::*;

    fn overrides(entries: &[(&str, &[&str])]) -> Result<KeyMap, KeyMapError> {
        let entries = entries
            .iter()
            .map(|(name, keys)| {
                (
                    (*name).to_owned(),
                    keys.iter().map(|key| (*key).to_owned()).collect(),
                )
            })
            .collect();
        KeyMap::with_overrides(&entries)
    }

    fn asked(keys: &KeyMap, code: KeyCode) -> Vec<Action> {
        keys.resolve(&KeyEvent::new(code, KeyModifiers::NONE))
            .collect()
    }

    #[test]
    fn the_table_has_no_conflict() {
        assert_eq!(overrides(&[]).err(), None);
        for &action in Action::ALL {
            assert_eq!(KeyMap::default().label(action), action.keys()[0]);
            for text in action.keys() {
                assert_eq!(
                    Key::parse(text).map(|key| key.to_string()),
                    Ok((*text).to_owned())
                );
            }
        }
    }

    #[test]
    fn a_shared_key_gives_each_screen_its_own_action() {
        let keys = KeyMap::default();
        assert_eq!(
            asked(&keys, KeyCode::Tab),
            [Action::NextTab, Action::NextField]
        );
        assert_eq!(asked(&keys, KeyCode::Char('ß')), []);
        let release =
            KeyEvent::new_with_kind(KeyCode::Tab, KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(keys.resolve(&release).next(), None);
    }

    #[test]
    fn the_place_of_a_key_among_the_keys_of_its_action_is_its_number() {
        let digit = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
        let keys = KeyMap::default();
        assert_eq!(asked(&keys, KeyCode::Char('3')), [Action::Tab]);
        assert_eq!(keys.nth(&digit('3'), Action::Tab), 2);
        assert_eq!(keys.all_labels(Action::Tab), "1…9");
        let own = overrides(&[("tab", &["z", "3"])]).expect("valid");
        assert_eq!(own.nth(&digit('3'), Action::Tab), 1);
        assert_eq!(own.all_labels(Action::Tab), "z 3");
    }

    #[test]
    fn own_keys_replace_the_defaults() {
        let keys = overrides(&[("copy", &["c", "ctrl-y"]), ("reveal", &[])]).expect("valid");
        assert_eq!(
            keys.labels(Action::Copy).collect::<Vec<_>>(),
            ["c", "ctrl-y"]
        );
        assert_eq!(asked(&keys, KeyCode::Char('c')), [Action::Copy]);
        assert_eq!(asked(&keys, KeyCode::Char('y')), []);
        assert_eq!(keys.label(Action::Reveal), "");
        let swapped = overrides(&[("copy", &["x"]), ("reveal", &["y"])]);
        assert_eq!(
            swapped.map(|keys| keys.label(Action::Copy).to_owned()),
            Ok("x".to_owned())
        );
    }

    #[test]
    fn mistakes_are_named() {
        let message = |entries| overrides(entries).expect_err("refused").to_string();
        assert!(message(&[("cpy", &["y"])]).contains("unknown action \"cpy\""));
        assert!(message(&[("copy", &["ctrl-"])]).contains("copy: invalid key \"ctrl-\""));
        assert!(message(&[("copy", &["r"])]).contains("r is bound to both refresh and copy"));
        assert!(message(&[("toggle", &["q"])]).contains("q is bound to both toggle and quit"));
    }
}
