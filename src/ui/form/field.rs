//! The fields of a form, each with its state.

use std::borrow::Cow;
use std::fmt;

use tui_input::Input;

use super::rows::ListInput;
use crate::ui::theme::Status;

/// One field: its label, value, hint and error.
#[derive(Clone)]
pub struct Field {
    pub(super) key: Cow<'static, str>,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) error: String,
    pub(super) hidden: bool,
    /// Whether it holds a default: the next key that types or deletes replaces all of it, as if it was selected.
    pub(super) suggested: bool,
    /// Whether the user has been in it.
    pub(super) visited: bool,
    /// The text of a list without items.
    pub(super) empty: String,
    pub(super) kind: FieldKind,
}

#[derive(Clone)]
pub(super) enum FieldKind {
    Text { input: Input, masked: bool },
    Checks { items: Vec<Item>, at: usize },
    Radio { items: Vec<Item>, chosen: usize },
    Choice { items: Vec<Item>, chosen: usize },
    Rows(ListInput),
    Note(String),
}

impl Field {
    fn new(key: impl Into<Cow<'static, str>>, label: impl Into<String>, kind: FieldKind) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            hint: String::new(),
            error: String::new(),
            hidden: false,
            suggested: false,
            visited: false,
            empty: "none".to_owned(),
            kind,
        }
    }

    /// One line of text. `key` is by what the form's owner knows the field.
    pub fn text(
        key: impl Into<Cow<'static, str>>,
        label: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let input = Input::new(value.into());
        Self::new(
            key,
            label,
            FieldKind::Text {
                input,
                masked: false,
            },
        )
    }

    /// One line of text that is shown as dots, and never in `Debug`.
    pub fn secret(key: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Self {
        let input = Input::default();
        Self::new(
            key,
            label,
            FieldKind::Text {
                input,
                masked: true,
            },
        )
    }

    /// A list of which any number may be checked.
    pub fn checks(
        key: impl Into<Cow<'static, str>>,
        label: impl Into<String>,
        items: Vec<Item>,
    ) -> Self {
        Self::new(key, label, FieldKind::Checks { items, at: 0 })
    }

    /// A few things of which one is chosen, all in sight: `(•) basic ( ) body`. The first checked one is chosen, or else
    /// the first.
    pub fn radio(
        key: impl Into<Cow<'static, str>>,
        label: impl Into<String>,
        items: Vec<Item>,
    ) -> Self {
        let chosen = first_checked(&items);
        Self::new(key, label, FieldKind::Radio { items, chosen })
    }

    /// Several things of which one is chosen, and only that one in sight: `‹ 1 h ›`. Chosen at first as in
    /// [`radio`](Self::radio).
    pub fn choice(
        key: impl Into<Cow<'static, str>>,
        label: impl Into<String>,
        items: Vec<Item>,
    ) -> Self {
        let chosen = first_checked(&items);
        Self::new(key, label, FieldKind::Choice { items, chosen })
    }

    /// Any number of lines of text, a row each. The empty row at the end takes the next one; a row that is emptied is gone.
    pub fn rows(
        key: impl Into<Cow<'static, str>>,
        label: impl Into<String>,
        values: Vec<String>,
    ) -> Self {
        Self::new(key, label, FieldKind::Rows(ListInput::new(values)))
    }

    /// Words between the fields, which take no focus.
    pub fn note(key: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self::new(key, "", FieldKind::Note(text.into()))
    }

    /// A dim hint below the field, in the place of its error.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: hint.into(),
            ..self
        }
    }

    /// Its text is a default: typing replaces it.
    #[must_use]
    pub fn suggested(self) -> Self {
        Self {
            suggested: true,
            ..self
        }
    }

    /// Hides the field until [`Form::set_visible`](super::Form::set_visible) shows it.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self {
            hidden: true,
            ..self
        }
    }

    pub(super) fn takes_focus(&self) -> bool {
        !self.hidden
            && match &self.kind {
                FieldKind::Text { .. } | FieldKind::Rows(_) => true,
                FieldKind::Checks { items, .. }
                | FieldKind::Radio { items, .. }
                | FieldKind::Choice { items, .. } => !items.is_empty(),
                FieldKind::Note(_) => false,
            }
    }
}

impl fmt::Debug for Field {
    /// Omits a masked text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = match &self.kind {
            FieldKind::Text { masked: true, .. } => "(masked)".to_owned(),
            FieldKind::Text { input, .. } => input.value().to_owned(),
            FieldKind::Checks { items, .. } => format!("{items:?}"),
            FieldKind::Radio { items, chosen } | FieldKind::Choice { items, chosen } => {
                format!("{:?}", items.get(*chosen))
            }
            FieldKind::Rows(rows) => format!("{:?}", rows.values()),
            FieldKind::Note(text) => text.clone(),
        };
        f.debug_struct("Field")
            .field("key", &self.key)
            .field("value", &value)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

pub(super) fn first_checked(items: &[Item]) -> usize {
    items.iter().position(|item| item.checked).unwrap_or(0)
}

/// One item to check or choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) note: String,
    pub(super) tone: Status,
    pub(super) checked: bool,
}

impl Item {
    /// Creates an unchecked item. `id` identifies it in its field.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            note: String::new(),
            tone: Status::Plain,
            checked: false,
        }
    }

    /// Sets whether the item is checked or chosen.
    #[must_use]
    pub fn checked(self, checked: bool) -> Self {
        Self { checked, ..self }
    }

    /// Adds a note behind the label, shown in lists with checkboxes.
    #[must_use]
    pub fn note(self, note: impl Into<String>, tone: Status) -> Self {
        Self {
            note: note.into(),
            tone,
            ..self
        }
    }
}
