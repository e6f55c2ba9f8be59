//! The one form: fields one below the other, a place for what is wrong beneath each, and a focus that stays in view.

mod compare;
mod draw;
mod field;
mod rows;

use crossterm::event::Event;
use secrecy::SecretString;
use tui_input::Input;

pub use field::{Field, Item};

use self::field::FieldKind;
use crate::input::Action;
use crate::ui::text_input::{changes, edit};

/// The fields, and which of them has the focus. Fields are known by their keys; a key that the form does not have is
/// empty to ask and ignored to set.
#[derive(Clone, Debug)]
pub struct Form {
    fields: Vec<Field>,
    focus: usize,
    offset: usize,
    /// How many lines a page holds, as it was drawn last.
    page: usize,
    /// The keys go elsewhere for now: no field looks as if they came here.
    resting: bool,
}

impl Form {
    /// A form of these fields, the focus on the first that takes it.
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

    /// Lets a terminal event edit the text field that has the focus. `false` where the event is not for it; then the key
    /// may stand for an action.
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

    /// Does what an action asks of the form. `false` where it is not the form's: opening, sending and closing are the
    /// screen's.
    pub fn act(&mut self, action: Action) -> bool {
        self.visit();
        let taken = self.handle_action(action);
        self.visit();
        taken
    }

    /// The user is in the field that has the focus.
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

    /// One line down or up: through the items of a list first, then on to the next field.
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

    /// Where the user is in a field of several lines that has the focus, and how many there are.
    fn lines_mut(&mut self) -> Option<(&mut usize, usize)> {
        match &mut self.fields.get_mut(self.focus)?.kind {
            FieldKind::Checks { items, at } => Some((at, items.len())),
            FieldKind::Rows(rows) => Some(rows.lines_mut()),
            _ => None,
        }
    }

    /// Whether no field comes after the one that has the focus (before it, of [`Action::PrevField`]), so that going on leads around.
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

    /// Draws no focus while the keys go elsewhere.
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

    /// The key of the field that has the focus.
    #[must_use]
    pub fn focused(&self) -> Option<&str> {
        self.fields
            .get(self.focus)
            .filter(|field| field.takes_focus())
            .map(|field| &*field.key)
    }

    /// Moves the focus to a field that takes it.
    pub fn focus(&mut self, key: &str) {
        let at = self
            .fields
            .iter()
            .position(|field| field.key == key && field.takes_focus());
        self.focus = at.unwrap_or(self.focus);
    }

    /// Whether a text field has the focus, so that letters are text and no actions.
    #[must_use]
    pub fn is_typing(&self) -> bool {
        self.fields.get(self.focus).is_some_and(|field| {
            !field.hidden && matches!(field.kind, FieldKind::Text { .. } | FieldKind::Rows(_))
        })
    }

    /// The text of a text field; empty for a masked one.
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

    /// The text of a masked field.
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

    /// The rows of a list of texts, trimmed, without the empty ones.
    #[must_use]
    pub fn entries(&self, key: &str) -> Vec<String> {
        match self.field(key).map(|field| &field.kind) {
            Some(FieldKind::Rows(rows)) => rows.values(),
            _ => Vec::new(),
        }
    }

    /// The ids of the checked items.
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

    /// The id of the chosen item.
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

    /// Replaces the items of a list or a choice, as when they have just arrived. The user's place among them stays; who has not
    /// been there begins with the first.
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

    /// Says what is wrong with a field; an empty text: nothing.
    pub fn set_error(&mut self, key: &str, error: impl Into<String>) {
        if let Some(field) = self.field_mut(key) {
            field.error = error.into();
        }
    }

    /// Replaces the remark beneath a field.
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

    /// Shows or hides a field. What it holds stays.
    pub fn set_visible(&mut self, key: &str, visible: bool) {
        if let Some(field) = self.field_mut(key) {
            field.hidden = !visible;
        }
        self.settle_focus();
    }

    /// The key of the first visible field that something is wrong with.
    #[must_use]
    pub fn first_error(&self) -> Option<&str> {
        self.fields
            .iter()
            .find(|field| !field.hidden && !field.error.is_empty())
            .map(|field| &*field.key)
    }

    /// A field's label.
    #[must_use]
    pub fn label(&self, key: &str) -> &str {
        self.field(key).map_or("", |field| &field.label)
    }

    /// What is wrong with a field; empty where nothing is.
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
