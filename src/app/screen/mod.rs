//! What a screen is, and what it may see.

pub mod rows;

use crossterm::event::Event;
use ratatui::layout::Rect;

use self::rows::Keys;
use super::message::{Effect, Query, TaskEvent};
use super::session::Session;
use super::store::Store;
use crate::domain::identity::Caller;
use crate::domain::time::Timestamp;
use crate::input::KeyMap;
use crate::ui::frame::Canvas;
use crate::ui::theme::Theme;

/// One screen or popup on the stack: its state and its drawing; its keys are its [rows](rows::Actions). A screen never waits for
/// anything: it reads the Store and returns effects.
pub trait Screen: Keys {
    /// Its word in the breadcrumb; empty for none.
    fn title(&self, view: &View) -> String;

    /// What it shows. The app asks for what is missing.
    fn queries(&self) -> Vec<Query> {
        Vec::new()
    }

    /// Up to `room` details that it would show next, the rows in sight first. They are asked for a few at a time.
    fn prefetch(&mut self, _view: &View, _room: usize) -> Vec<Query> {
        Vec::new()
    }

    /// Offers an event to a text field. `Some` where the field took it.
    fn on_input(&mut self, _event: &Event, _view: &View) -> Option<Vec<Effect>> {
        None
    }

    /// How it takes keys, and whether another screen is seen below it.
    fn mode(&self) -> Mode {
        Mode::default()
    }

    /// Learns of an answer that concerns it.
    fn on_event(&mut self, _fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        Vec::new()
    }

    /// When it changes by itself.
    fn ticks(&self) -> Ticks {
        Ticks::Never
    }

    /// What it starts by itself, now that it is on top and things are as they are.
    fn on_update(&mut self, _view: &View) -> Vec<Effect> {
        Vec::new()
    }

    /// Closes what is open within it, such as a box for a file's name. `false` where nothing is: then going back leaves the screen.
    fn close_inner(&mut self) -> bool {
        false
    }

    /// Why it should not be left without a second thought, and that a second press leaves: something typed that is not written. Then
    /// leaving it, or what is open within it, asks first.
    fn unsaved_reason(&self, _view: &View) -> Option<String> {
        None
    }

    /// Something that must be hidden when the user looks away: on leaving, on losing focus, on suspending.
    fn hide_secrets(&mut self) {}

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View);
}

/// How a screen takes keys, and whether another screen is seen below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mode {
    /// A popup: the screen below is drawn first.
    pub popup: bool,
    /// A text field has the focus, so that letters are text: then no hint may promise that they do something.
    pub typing: bool,
    /// It is a form and nothing else: then a letter was meant as text even where the field with the focus takes none.
    pub form: bool,
}

impl Mode {
    /// A screen of its own, with or without the focus on a text field.
    pub const fn typing(typing: bool) -> Self {
        Self {
            popup: false,
            typing,
            form: false,
        }
    }

    /// A form, or what is no form yet.
    pub const fn form(form: bool, typing: bool) -> Self {
        Self {
            popup: false,
            typing,
            form,
        }
    }

    /// A popup, with or without the focus on a text field.
    pub const fn popup(typing: bool) -> Self {
        Self {
            popup: true,
            typing,
            form: false,
        }
    }
}

/// When a screen changes by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ticks {
    #[default]
    Never,
    /// Once a second, such as a countdown.
    EverySecondUntil(Timestamp),
    /// Once, such as after a pause in the typing.
    At(Timestamp),
}

impl Ticks {
    /// Once a second, as long as something on the screen moves.
    pub fn every_second(until: Option<Timestamp>) -> Self {
        until.map_or(Self::Never, Self::EverySecondUntil)
    }
}

/// What a screen may see of the rest.
pub struct View<'a> {
    pub store: &'a Store,
    pub session: &'a Session,
    pub keys: &'a KeyMap,
    pub theme: &'a Theme,
    pub now: Timestamp,
    /// Which picture of the spinner is due.
    pub spinner: usize,
}

impl View<'_> {
    /// The known identity of this session.
    #[must_use]
    pub fn caller(&self) -> Caller {
        let who = self.store.identity().value();
        self.session.caller(who.map(|who| who.account.as_str()))
    }
}
