//! What a screen is, and what it may see.

use crossterm::event::Event;
use ratatui::layout::Rect;

use super::message::{Effect, Query, TaskEvent};
use super::session::Session;
use super::store::Store;
use crate::domain::identity::Caller;
use crate::domain::time::Timestamp;
use crate::input::{Action, KeyMap};
use crate::ui::frame::Canvas;
use crate::ui::theme::Theme;

/// One screen or popup on the stack: its state, its keys, its drawing. A screen never waits for anything: it reads the Store and
/// returns effects.
pub trait Screen {
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

    /// What it can do, in the order of the footer and the help.
    fn actions(&self) -> &'static [Action];

    /// What an action is called in the footer here, where the table's word would say too little.
    fn label(&self, action: Action) -> &'static str {
        action.word()
    }

    /// Why an action of its own can't be done now.
    fn disabled_reason(&self, _action: Action, _view: &View) -> Option<String> {
        None
    }

    /// What an action of its own waits for, in words that say what it will do then: it is done as soon as that is there, unless
    /// another key is pressed before. Asked when the key is pressed, so that what it waits for can be among the needs from then on.
    fn pending_reason(&mut self, _action: Action, _view: &View) -> Option<String> {
        None
    }

    /// Does one of its own actions.
    fn on_action(&mut self, action: Action, view: &View) -> Vec<Effect>;

    /// Offers an event to a text field. `Some` where the field took it.
    fn on_input(&mut self, _event: &Event, _view: &View) -> Option<Vec<Effect>> {
        None
    }

    /// Whether a text field has the focus, so that letters are text: then no hint may promise that they do something.
    fn is_typing(&self) -> bool {
        false
    }

    /// Whether it is a form and nothing else: then a letter was meant as text even where the field with the focus takes none.
    fn is_form(&self) -> bool {
        false
    }

    /// A popup: the screen below is drawn first.
    fn is_popup(&self) -> bool {
        false
    }

    /// Learns of an answer that concerns it.
    fn on_event(&mut self, _fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        Vec::new()
    }

    /// Until when something on it moves once a second, such as a countdown; called with the present time.
    fn animates_until(&self, _now: Timestamp) -> Option<Timestamp> {
        None
    }

    /// When it needs a tick, such as after a pause in the typing.
    fn wake_at(&self) -> Option<Timestamp> {
        None
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

    /// The keys that move a text which is longer than its place was when it was last drawn.
    fn scroll_keys(&self) -> Option<[Action; 2]> {
        None
    }

    /// The keys that move such a text to the sides, where its lines were wider than their place.
    fn side_scroll_keys(&self) -> Option<[Action; 2]> {
        None
    }

    /// Something that must be hidden when the user looks away: on leaving, on losing focus, on suspending.
    fn hide_secrets(&mut self) {}

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View);
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
