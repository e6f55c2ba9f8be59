//! Asks for the code of an MFA device.

use crossterm::event::Event;
use ratatui::layout::Rect;
use ratatui::text::Line;
use secrecy::ExposeSecret;

use crate::app::message::{Effect, TaskEvent};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::cognito::{CodeRequest, Error};
use crate::input::Action;
use crate::ui::form::{Field, Form};
use crate::ui::frame::Canvas;
use crate::ui::properties::{Problem, prose, spinner};
use crate::ui::scroll::{Scroll, draw_lines};

const WIDTH: u16 = 72;
const CODE: &str = "code";

/// The dialog, and what became of the last code.
pub struct MfaCode {
    request: CodeRequest,
    form: Form,
    /// A code is on its way.
    sent: bool,
    failed: Option<Error>,
}

impl MfaCode {
    pub fn new(request: CodeRequest) -> Self {
        Self {
            request,
            form: Form::new(vec![Field::secret(CODE, "Code")]),
            sent: false,
            failed: None,
        }
    }

    fn refusal(&self) -> Option<String> {
        let code = self.form.secret(CODE);
        if self.sent {
            Some("The code is being checked".to_owned())
        } else if code.expose_secret().trim().is_empty() {
            Some("Type the code first".to_owned())
        } else {
            None
        }
    }

    fn give(&mut self) -> Vec<Effect> {
        let code = self.form.secret(CODE);
        self.sent = true;
        // Each code works once.
        self.form.set_text(CODE, "");
        vec![Effect::GiveCode(code.expose_secret().trim().into())]
    }

    fn lines(&self, width: u16, view: &View) -> Vec<Line<'static>> {
        if self.sent {
            let waits = format!("{} asking AWS STS", spinner(view.spinner));
            return prose(&waits, width, view.theme.dim);
        }
        match &self.failed {
            None => {
                let CodeRequest {
                    profile, serial, ..
                } = &self.request;
                let asks = format!("The role of profile {profile} needs a code of {serial}.");
                prose(&asks, width, view.theme.dim)
            }
            Some(error) => Problem {
                what: &error.to_string(),
                subject: &error.detail,
                remedy: &error.hint,
            }
            .lines(width, view.theme),
        }
    }
}

impl Actions for MfaCode {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        ActionRows::default().with(
            ActionRow::new(Action::Submit, |dialog: &mut Self, _| dialog.give())
                .label("log in")
                .refused(|dialog, _| dialog.refusal()),
        )
    }
}

impl Screen for MfaCode {
    fn title(&self, _view: &View) -> String {
        "log in".to_owned()
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        self.form.edit(event).then(Vec::new)
    }

    fn mode(&self) -> Mode {
        Mode::popup(true)
    }

    fn on_event(&mut self, event: &TaskEvent, _view: &View) -> Vec<Effect> {
        if let TaskEvent::CodeGiven(outcome) = event {
            self.sent = false;
            self.failed = outcome.clone().err();
        }
        Vec::new()
    }

    fn hide_secrets(&mut self) {
        self.form.set_text(CODE, "");
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let width = WIDTH.min(area.width);
        let lines = self.lines(width.saturating_sub(5), view);
        let title = "Log in with MFA";
        let rest = self
            .form
            .draw_popup(frame, area, title, WIDTH, lines.len(), view.theme);
        draw_lines(frame, rest, view.theme, &lines, &mut Scroll::default());
    }
}
