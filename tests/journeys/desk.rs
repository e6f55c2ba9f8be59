//! A console without a network: the test answers its queries itself, and sets its clock.

use cognitui::app::App;
use cognitui::app::message::clipboard::ClipboardKind;
use cognitui::app::message::{CopyRequest, Effect, Message, RequestId, Route, TaskEvent};
use cognitui::app::session::Session;
use cognitui::cognito::{Error, ErrorKind};
use cognitui::domain::time::Timestamp;
use cognitui::input::KeyMap;
use cognitui::screens;
use cognitui::ui::theme::Theme;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::screen;

/// The app and a terminal in memory. All times are in seconds.
pub struct Desk {
    pub app: App,
}

impl Desk {
    /// Opens a console on a screen. No query is sent yet.
    pub fn on(route: Route, now: i64) -> Self {
        let app = App::new(
            Session::default(),
            KeyMap::default(),
            Theme::colour(),
            screens::open,
            route,
            Timestamp::from_seconds(now),
        );
        Self { app }
    }

    /// Draws, and returns the screen.
    pub fn screen(&mut self) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 100, 40));
        self.app.draw(&mut buffer);
        screen::text(&buffer)
    }

    /// Delivers an event.
    pub fn tell(&mut self, fact: TaskEvent, now: i64) -> Vec<Effect> {
        self.app
            .update(Message::Event(Box::new(fact)), Timestamp::from_seconds(now))
    }

    /// Delivers the last event of a request.
    pub fn answer(&mut self, id: RequestId, event: TaskEvent, now: i64) -> Vec<Effect> {
        let message = Message::Done(id, Box::new(event));
        self.app.update(message, Timestamp::from_seconds(now))
    }

    /// Reports a copy; returns whether the console may be left without a question then.
    pub fn may_leave_after(&mut self, request: CopyRequest, what: &str) -> bool {
        self.may_leave_after_copy(request, what, ClipboardKind::Desktop)
    }

    /// The same for a copy that was made in this way.
    pub fn may_leave_after_copy(
        &mut self,
        request: CopyRequest,
        what: &str,
        way: ClipboardKind,
    ) -> bool {
        let copied = TaskEvent::Copied {
            request,
            what: what.to_owned(),
            outcome: Ok(way),
        };
        self.tell(copied, 1_000);
        // Another key first: the same asked twice would be the answer.
        let quit = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        let keys = [KeyEvent::from(KeyCode::Down), quit];
        let mut effects = keys.into_iter().flat_map(|key| {
            let pressed = Message::Input(Event::Key(key));
            self.app.update(pressed, Timestamp::from_seconds(1_000))
        });
        effects.any(|effect| effect == Effect::Quit)
    }
}

/// Returns an error of an arbitrary kind.
pub fn timeout() -> Error {
    Error {
        operation: "any",
        resource: None,
        kind: ErrorKind::Timeout,
        detail: String::new(),
        hint: String::new(),
        request_id: None,
    }
}
