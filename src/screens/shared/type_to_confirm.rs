//! What has to be typed before something is written: the name of what can't be had back, and, on a production profile, the profile's.

use crossterm::event::Event;

use crate::app::session::Session;
use crate::input::Action;
use crate::ui::form::{Field, Form};

const NAME: &str = "name";
const PROFILE: &str = "profile";
/// Stands below what is typed as it should be.
const DONE: &str = "That is it";

/// The fields of a confirmation.
pub struct TypeToConfirm {
    form: Form,
    profile: Option<String>,
}

impl TypeToConfirm {
    /// Nothing is typed yet.
    pub fn new(session: &Session) -> Self {
        let name = Field::text(NAME, "Type its name", "").hidden();
        let mut typed = Self {
            form: Form::new(vec![name, field()]),
            profile: None,
        };
        typed.adapt(session);
        typed
    }

    /// Asks for the profile's name from now on, or no longer: whose account it is may show late.
    pub fn adapt(&mut self, session: &Session) {
        self.profile = session.profile_to_type();
        clear_if_changed(&mut self.form, session);
    }

    /// Whether anything has to be typed, where `name` has to be.
    pub fn asks(&self, name: Option<&str>) -> bool {
        name.is_some() || self.profile.is_some()
    }

    /// What is still to be typed, and into which field.
    pub fn missing(&self, name: Option<&str>) -> Option<(&'static str, String)> {
        let name = name.filter(|name| !is_same(self.form.text(NAME), name));
        let name = name.map(|name| (NAME, to_confirm(name)));
        name.or_else(|| Some((PROFILE, missing(&self.form, self.profile.as_deref())?)))
    }

    /// Moves on to the next field that is not filled in. `false` where it has the focus already.
    pub fn go_on(&mut self, name: Option<&str>) -> bool {
        match self.missing(name) {
            Some((key, _)) if self.form.focused() != Some(key) => {
                self.form.focus(key);
                true
            }
            _ => false,
        }
    }

    /// Whether that would move on.
    pub fn goes_on(&self, name: Option<&str>) -> bool {
        let missing = self.missing(name);
        missing.is_some_and(|(key, _)| self.form.focused() != Some(key))
    }

    /// Whether no field comes after the one with the focus.
    pub fn is_at_end(&self) -> bool {
        self.form.ends_with(Action::NextField)
    }

    /// Goes to the next field.
    pub fn next(&mut self) {
        self.form.act(Action::NextField);
    }

    /// Shows the fields there are where `name` has to be typed, the first of them with the focus.
    pub fn show(&mut self, name: Option<&str>) {
        self.form.set_visible(NAME, name.is_some());
        self.form.focus(NAME);
    }

    /// The form, brought up to date with what is to be typed, to be drawn.
    pub fn form(&mut self, name: Option<&str>) -> &mut Form {
        if let Some(name) = name {
            let words = self.missing(Some(name)).filter(|(key, _)| *key == NAME);
            self.form
                .set_hint(NAME, words.map_or(DONE.to_owned(), |(_, words)| words));
        }
        &mut self.form
    }

    /// Takes away what was typed: it was about another plan.
    pub fn clear(&mut self) {
        self.form.set_text(NAME, "");
        self.form.set_text(PROFILE, "");
    }

    /// Offers an event to the field with the focus.
    pub fn edit(&mut self, event: &Event) -> bool {
        self.form.edit(event)
    }
}

/// The field for the name of a production profile; [`clear_if_changed`] shows it where there is one.
pub fn field() -> Field {
    Field::text(PROFILE, "PROD", "").hidden()
}

/// Shows that field where the session asks for it, and says whether it is filled in.
pub fn clear_if_changed(form: &mut Form, session: &Session) {
    let profile = session.profile_to_type();
    form.set_visible(PROFILE, profile.is_some());
    let missing = missing(form, profile.as_deref());
    form.set_hint(PROFILE, missing.unwrap_or_else(|| DONE.to_owned()));
}

/// Takes away what was typed there: another try is another write.
pub fn clear(form: &mut Form) {
    form.set_text(PROFILE, "");
}

/// Says at that field that it is not filled in, and gives it the focus. `false` where nothing is missing.
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

/// Runs of spaces count as one: more could not be told apart on the screen.
fn is_same(typed: &str, name: &str) -> bool {
    typed.split_whitespace().eq(name.split_whitespace())
}
