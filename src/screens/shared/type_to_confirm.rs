//! What the user types to confirm: the name of what is deleted, and the name of a production profile.

use crossterm::event::Event;

use crate::app::session::Session;
use crate::input::Action;
use crate::ui::form::{Field, Form};

const NAME: &str = "name";
const PROFILE: &str = "profile";
/// The hint of a field with the right text.
const DONE: &str = "Confirmed";

/// The fields of a confirmation.
pub struct TypeToConfirm {
    form: Form,
    profile: Option<String>,
}

impl TypeToConfirm {
    /// Empty fields.
    pub fn new(session: &Session) -> Self {
        let name = Field::text(NAME, "Name", "").hidden();
        let mut typed = Self {
            form: Form::new(vec![name, field()]),
            profile: None,
        };
        typed.adapt(session);
        typed
    }

    /// Shows or hides the profile field: the account may become known late.
    pub fn adapt(&mut self, session: &Session) {
        self.profile = session.profile_to_type();
        clear_if_changed(&mut self.form, session);
    }

    /// Whether the user types anything; `name` is the name to type, if any.
    pub fn asks(&self, name: Option<&str>) -> bool {
        name.is_some() || self.profile.is_some()
    }

    /// What is missing, and in which field.
    pub fn missing(&self, name: Option<&str>) -> Option<(&'static str, String)> {
        let name = name.filter(|name| !is_same(self.form.text(NAME), name));
        let name = name.map(|name| (NAME, to_confirm(name)));
        name.or_else(|| Some((PROFILE, missing(&self.form, self.profile.as_deref())?)))
    }

    /// Moves to the next empty field. `false` if it has the focus.
    pub fn go_on(&mut self, name: Option<&str>) -> bool {
        match self.missing(name) {
            Some((key, _)) if self.form.focused() != Some(key) => {
                self.form.focus(key);
                true
            }
            _ => false,
        }
    }

    /// Whether [`Self::go_on`] would move.
    pub fn goes_on(&self, name: Option<&str>) -> bool {
        let missing = self.missing(name);
        missing.is_some_and(|(key, _)| self.form.focused() != Some(key))
    }

    /// Whether the last field has the focus.
    pub fn is_at_end(&self) -> bool {
        self.form.ends_with(Action::NextField)
    }

    /// Moves to the next field.
    pub fn next(&mut self) {
        self.form.act(Action::NextField);
    }

    /// Shows the fields and focuses the first.
    pub fn show(&mut self, name: Option<&str>) {
        self.form.set_visible(NAME, name.is_some());
        self.form.focus(NAME);
    }

    /// The form, updated for drawing.
    pub fn form(&mut self, name: Option<&str>) -> &mut Form {
        if let Some(name) = name {
            let words = self.missing(Some(name)).filter(|(key, _)| *key == NAME);
            self.form
                .set_hint(NAME, words.map_or(DONE.to_owned(), |(_, words)| words));
        }
        &mut self.form
    }

    /// Clears the fields for another plan.
    pub fn clear(&mut self) {
        self.form.set_text(NAME, "");
        self.form.set_text(PROFILE, "");
    }

    /// Passes an event to the focused field.
    pub fn edit(&mut self, event: &Event) -> bool {
        self.form.edit(event)
    }
}

/// The field for the name of a production profile; [`clear_if_changed`] shows it.
pub fn field() -> Field {
    Field::text(PROFILE, "PROD", "").hidden()
}

/// Shows that field if the session needs it, and whether it is filled in.
pub fn clear_if_changed(form: &mut Form, session: &Session) {
    let profile = session.profile_to_type();
    form.set_visible(PROFILE, profile.is_some());
    let missing = missing(form, profile.as_deref());
    form.set_hint(PROFILE, missing.unwrap_or_else(|| DONE.to_owned()));
}

/// Clears that field: each write is confirmed.
pub fn clear(form: &mut Form) {
    form.set_text(PROFILE, "");
}

/// Shows that the field is missing and focuses it. `false` if nothing is missing.
pub fn show_errors(form: &mut Form, session: &Session) -> bool {
    clear_if_changed(form, session);
    let missing = missing(form, session.profile_to_type().as_deref());
    form.set_error(PROFILE, missing.as_deref().unwrap_or_default());
    if missing.is_some() {
        form.focus(PROFILE);
    }
    missing.is_some()
}

fn missing(form: &Form, profile: Option<&str>) -> Option<String> {
    let profile = profile.filter(|profile| !is_same(form.text(PROFILE), profile))?;
    Some(to_confirm(profile))
}

fn to_confirm(name: &str) -> String {
    format!("Type {name} to confirm")
}

/// Runs of spaces count as one: the screen does not show the difference.
fn is_same(typed: &str, name: &str) -> bool {
    typed.split_whitespace().eq(name.split_whitespace())
}
