//! A console with one screen that does nothing, for what is not a matter of screens.

use ratatui::layout::Rect;

use super::App;
use super::message::{Effect, Route};
use super::screen::{Screen, View};
use crate::app::session::Session;
use crate::domain::time::Timestamp;
use crate::input::{Action, KeyMap};
use crate::ui::frame::Canvas;
use crate::ui::theme::Theme;

/// The screen.
pub struct EmptyScreen;

impl Screen for EmptyScreen {
    fn title(&self, _view: &View) -> String {
        "blank".to_owned()
    }

    fn actions(&self) -> &'static [Action] {
        &[]
    }

    fn on_action(&mut self, _action: Action, _view: &View) -> Vec<Effect> {
        Vec::new()
    }

    fn draw(&mut self, _frame: &mut Canvas, _area: Rect, _view: &View) {}
}

/// The console, on the screen that `open` makes.
pub fn console(open: super::ScreenFactory) -> App {
    let (keys, theme) = (KeyMap::default(), Theme::colour());
    let now = Timestamp::from_seconds(1);
    App::new(Session::default(), keys, theme, open, Route::Pools, now)
}
