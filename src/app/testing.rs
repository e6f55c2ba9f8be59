//! A console with one screen that does nothing, for tests that need no screen.

use ratatui::layout::Rect;

use super::App;
use super::message::Route;
use super::screen::rows::{ActionRows, Actions};
use super::screen::{Screen, View};
use crate::app::session::Session;
use crate::domain::ids::PoolId;
use crate::domain::time::Timestamp;
use crate::input::KeyMap;
use crate::ui::frame::Canvas;
use crate::ui::theme::Theme;

/// The screen that does nothing.
pub struct EmptyScreen;

impl Actions for EmptyScreen {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        ActionRows::default()
    }
}

impl Screen for EmptyScreen {
    fn title(&self, _view: &View) -> String {
        "blank".to_owned()
    }

    fn draw(&mut self, _frame: &mut Canvas, _area: Rect, _view: &View) {}
}

impl App {
    /// The same, where the user has asked for all clients of this pool.
    #[must_use]
    pub fn reading_all(mut self, pool: PoolId) -> Self {
        self.store.set_read_all(pool, true);
        self
    }
}

/// Creates the console, on the screen that `open` makes.
pub fn console(open: super::ScreenFactory) -> App {
    let (keys, theme) = (KeyMap::default(), Theme::colour());
    let now = Timestamp::from_seconds(1);
    App::new(Session::default(), keys, theme, open, Route::Pools, now)
}
