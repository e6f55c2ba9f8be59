//! A console without a network: the test answers its questions itself, and holds its clock.

use cognitui::app::App;
use cognitui::app::message::{Effect, Fact, Msg, Route};
use cognitui::app::screen::Session;
use cognitui::cognito::{Error, ErrorKind};
use cognitui::domain::time::Timestamp;
use cognitui::input::KeyMap;
use cognitui::screens;
use cognitui::ui::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::screen;

/// The app and a terminal in memory. All times are in seconds.
pub struct Desk {
    pub app: App,
    terminal: Terminal<TestBackend>,
}

impl Desk {
    /// A console that opens on a screen. Nothing is asked yet.
    pub fn on(route: Route, now: i64) -> Self {
        let app = App::new(
            Session::default(),
            KeyMap::default(),
            Theme::colour(),
            screens::open,
            route,
            Timestamp::from_seconds(now),
        );
        let terminal = Terminal::new(TestBackend::new(100, 40)).unwrap();
        Self { app, terminal }
    }

    /// Draws, and reads what was drawn.
    pub fn screen(&mut self) -> String {
        self.terminal.draw(|frame| self.app.draw(frame)).unwrap();
        screen::text(self.terminal.backend().buffer())
    }

    /// Lets an answer arrive.
    pub fn tell(&mut self, fact: Fact, now: i64) -> Vec<Effect> {
        self.app
            .update(Msg::Fact(Box::new(fact)), Timestamp::from_seconds(now))
    }
}

/// A failure of no matter what.
pub fn timeout() -> Error {
    Error {
        operation: "any",
        resource: None,
        kind: ErrorKind::Timeout,
        detail: String::new(),
        hint: String::new(),
    }
}
