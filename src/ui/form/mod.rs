//! Form state and key handling: fields below each other, each with a line for its error, and a focus that stays visible.

mod compare;
mod draw;
mod field;
mod popup;
mod rows;

use crossterm::event::Event;
use secrecy::SecretString;
use tui_input::Input;

pub use field::{Field, Item};

use self::field::FieldKind;
use crate::input::Action;
use crate::ui::text_input::{changes, edit};

/// Fields, and which of them has the focus. A field has a key; for an unknown key, getters return an empty value and setters do
/// nothing.
#[derive(Clone, Debug)]
pub struct Form {
    fields: Vec<Field>,
    focus: usize,
    offset: usize,
    /// Lines per page, as drawn last.
    page: usize,
    /// The keys go to another widget: no field is drawn as focused.
    resting: bool,
}

impl Form {
    /// Creates a form of these fields; the first one that takes focus has it.
    #[must_use]
    pub fn new(fields: Vec<Field>) -> Self {
        let focus = fields.iter().position(Field::takes_focus).unwrap_or(0);
        Self {
            fields,
            focus,
            offset: 0,
            page: 0,
            resting: false,
        }
    }

    /// Handles an input event of the focused text field; `false` if the event is not for it and its key may be an action.
    pub fn edit(&mut self, event: &Event) -> bool {
        match self.fields.get_mut(self.focus) {
            Some(Field {
                hidden: false,
                suggested,
                kind: FieldKind::Text { input, .. },
                ..
            }) => {
                if *suggested && changes(event) {
                    *input = Input::default();
                }
                let taken = edit(input, event);
                *suggested = *suggested && !taken;
                taken
            }
            Some(Field {
                hidden: false,
                kind: FieldKind::Rows(rows),
                ..
            }) => rows.edit(event),
            _ => false,
        }
    }

    /// Handles an action of the form; `false` if it is not the form's. The screen opens, sends and closes the form.
    pub fn act(&mut self, action: Action) -> bool {
        self.visit();
        let taken = self.handle_action(action);
        self.visit();
        taken
    }

    /// Marks the focused field as visited.
    fn visit(&mut self) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.visited = true;
        }
    }

    fn handle_action(&mut self, action: Action) -> bool {
        match action {
            Action::NextField => self.step(true, true),
            Action::PrevField => self.step(false, true),
            Action::Down => self.step_line(true),
            Action::Up => self.step_line(false),
            Action::PageDown | Action::PageUp => {
                for _ in 0..self.page.max(1) {
                    self.step_line(action == Action::PageDown);
                }
            }
            Action::Right => return self.choose(true),
            Action::Left => return self.choose(false),
            Action::Toggle => return self.toggle(),
            _ => return false,
        }
        true
    }

    /// Moves one line down or up: through the items of a list, then to the next field.
    fn step_line(&mut self, down: bool) {
        if let Some((at, len)) = self.lines_mut() {
            let next = if down {
                at.checked_add(1)
            } else {
                at.checked_sub(1)
            };
            if let Some(next) = next.filter(|&next| next < len) {
                *at = next;
                return;
            }
        }
        let before = self.focus;
        self.step(down, false);
        if self.focus == before {
            return;
        }
        if let Some((at, len)) = self.lines_mut() {
            *at = if down { 0 } else { len.saturating_sub(1) };
        }
    }

    /// Returns the current line of a focused field with several lines, and the number of its lines.
    fn lines_mut(&mut self) -> Option<(&mut usize, usize)> {
        match &mut self.fields.get_mut(self.focus)?.kind {
            FieldKind::Checks { items, at } => Some((at, items.len())),
            FieldKind::Rows(rows) => Some(rows.lines_mut()),
            _ => None,
        }
    }

    /// Returns whether the next field ([`Action::NextField`] or [`Action::PrevField`]) would wrap around.
    #[must_use]
    pub fn ends_with(&self, action: Action) -> bool {
        let on_the_way = if action == Action::PrevField {
            self.fields.get(..self.focus)
        } else {
            self.fields.get(self.focus + 1..)
        };
        !on_the_way
            .unwrap_or_default()
            .iter()
            .any(Field::takes_focus)
    }

    /// Sets whether the keys go to another widget; then no focus is drawn.
    pub fn set_resting(&mut self, resting: bool) {
        self.resting = resting;
    }

    fn step(&mut self, forward: bool, around: bool) {
        let takes = |index: &usize| self.fields.get(*index).is_some_and(Field::takes_focus);
        let (before, after) = (0..self.focus, self.focus + 1..self.fields.len());
        let next = if forward {
            after
                .clone()
                .find(takes)
                .or_else(|| before.clone().find(takes).filter(|_| around))
        } else {
            before
                .rev()
                .find(takes)
                .or_else(|| after.rev().find(takes).filter(|_| around))
        };
        self.focus = next.unwrap_or(self.focus);
    }

    fn choose(&mut self, next: bool) -> bool {
        match self.fields.get_mut(self.focus).map(|field| &mut field.kind) {
            Some(FieldKind::Radio { items, chosen } | FieldKind::Choice { items, chosen })
                if !items.is_empty() =>
            {
                let by = if next { 1 } else { items.len() - 1 };
                *chosen = (*chosen + by) % items.len();
                true
            }
            _ => false,
        }
    }

    fn toggle(&mut self) -> bool {
        if let Some(Field {
            kind: FieldKind::Checks { items, at },
            ..
        }) = self.fields.get_mut(self.focus)
            && let Some(item) = items.get_mut(*at)
        {
            item.checked = !item.checked;
            return true;
        }
        self.choose(true)
    }

    fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    fn field_mut(&mut self, key: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|field| field.key == key)
    }

    /// Returns the key of the focused field.
    #[must_use]
    pub fn focused(&self) -> Option<&str> {
        self.fields
            .get(self.focus)
            .filter(|field| field.takes_focus())
            .map(|field| &*field.key)
    }

    /// Focuses a field, if it takes the focus.
    pub fn focus(&mut self, key: &str) {
        let at = self
            .fields
            .iter()
            .position(|field| field.key == key && field.takes_focus());
        self.focus = at.unwrap_or(self.focus);
    }

    /// Returns whether a text field has the focus; then letters are text, not actions.
    #[must_use]
    pub fn is_typing(&self) -> bool {
        self.fields.get(self.focus).is_some_and(|field| {
            !field.hidden && matches!(field.kind, FieldKind::Text { .. } | FieldKind::Rows(_))
        })
    }

    /// Returns the text of a text field; empty for a masked one.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        match self.field(key).map(|field| &field.kind) {
            Some(FieldKind::Text {
                input,
                masked: false,
            }) => input.value(),
            _ => "",
        }
    }

    /// Returns the text of a masked field.
    #[must_use]
    pub fn secret(&self, key: &str) -> SecretString {
        match self.field(key).map(|field| &field.kind) {
            Some(FieldKind::Text {
                input,
                masked: true,
            }) => input.value().into(),
            _ => SecretString::default(),
        }
    }

    /// Returns the rows of a list of texts, trimmed, without empty ones.
    #[must_use]
    pub fn entries(&self, key: &str) -> Vec<String> {
        match self.field(key).map(|field| &field.kind) {
            Some(FieldKind::Rows(rows)) => rows.values(),
            _ => Vec::new(),
        }
    }

    /// Returns the ids of the checked items.
    #[must_use]
    pub fn checked(&self, key: &str) -> Vec<&str> {
        match self.field(key).map(|field| &field.kind) {
            Some(FieldKind::Checks { items, .. }) => items
                .iter()
                .filter(|item| item.checked)
                .map(|item| item.id.as_str())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the id of the chosen item.
    #[must_use]
    pub fn chosen(&self, key: &str) -> Option<&str> {
        match self.field(key).map(|field| &field.kind) {
            Some(FieldKind::Radio { items, chosen } | FieldKind::Choice { items, chosen }) => {
                items.get(*chosen).map(|item| item.id.as_str())
            }
            _ => None,
        }
    }

    /// Sets the text of a text field or a note.
    pub fn set_text(&mut self, key: &str, text: impl Into<String>) {
        match self.field_mut(key).map(|field| &mut field.kind) {
            Some(FieldKind::Text { input, .. }) => *input = Input::new(text.into()),
            Some(FieldKind::Note(note)) => *note = text.into(),
            _ => {}
        }
    }

    /// Replaces the items of a list or a choice, as when they arrive late. The cursor stays on its item; in a field that the user
    /// has not visited, it moves to the first.
    pub fn set_items(&mut self, key: &str, new: Vec<Item>) {
        if let Some(field) = self.field_mut(key) {
            match &mut field.kind {
                FieldKind::Checks { items, at } => {
                    let id = items.get(*at).filter(|_| field.visited);
                    *at = id
                        .and_then(|id| new.iter().position(|item| item.id == id.id))
                        .unwrap_or(0);
                    *items = new;
                }
                FieldKind::Radio { items, chosen } | FieldKind::Choice { items, chosen } => {
                    *chosen = field::first_checked(&new);
                    *items = new;
                }
                _ => {}
            }
        }
        self.settle_focus();
    }

    /// Sets the error of a field; an empty text removes it.
    pub fn set_error(&mut self, key: &str, error: impl Into<String>) {
        if let Some(field) = self.field_mut(key) {
            field.error = error.into();
        }
    }

    /// Replaces the hint below a field.
    pub fn set_hint(&mut self, key: &str, hint: impl Into<String>) {
        if let Some(field) = self.field_mut(key) {
            field.hint = hint.into();
        }
    }

    /// Sets the text of a list without items.
    pub fn set_empty(&mut self, key: &str, words: impl Into<String>) {
        if let Some(field) = self.field_mut(key) {
            field.empty = words.into();
        }
    }

    /// Shows or hides a field. Its value stays.
    pub fn set_visible(&mut self, key: &str, visible: bool) {
        if let Some(field) = self.field_mut(key) {
            field.hidden = !visible;
        }
        self.settle_focus();
    }

    /// Returns the key of the first visible field with an error.
    #[must_use]
    pub fn first_error(&self) -> Option<&str> {
        self.fields
            .iter()
            .find(|field| !field.hidden && !field.error.is_empty())
            .map(|field| &*field.key)
    }

    /// Returns a field's label.
    #[must_use]
    pub fn label(&self, key: &str) -> &str {
        self.field(key).map_or("", |field| &field.label)
    }

    /// Returns the error of a field; empty if it has none.
    #[must_use]
    pub fn error(&self, key: &str) -> &str {
        self.field(key).map_or("", |field| &field.error)
    }

    fn settle_focus(&mut self) {
        if self.focused().is_none() {
            self.step(true, true);
        }
    }
}

#[cfg(test)]
mod tests;
