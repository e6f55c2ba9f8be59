//! The dialog to inspect a token. A paste is decoded immediately; typed text on submit.

use crossterm::event::Event;
use ratatui::layout::Rect;
use ratatui::text::Line;
use secrecy::{ExposeSecret, SecretString};

use crate::app::message::{Effect, TaskEvent};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::domain::explain::explain_related;
use crate::domain::oauth::token_finder::UnreadablePaste;
use crate::input::Action;
use crate::screens::token::explanation;
use crate::ui::form::{Field, Form};
use crate::ui::frame::Canvas;
use crate::ui::properties::{Problem, prose};
use crate::ui::scroll::{Scroll, draw_lines};

const WIDTH: u16 = 76;
const TOKEN: &str = "token";

/// The dialog, and why the last paste is not a token.
pub struct PasteScreen {
    form: Form,
    unreadable: Option<UnreadablePaste>,
    scroll: Scroll,
}

impl PasteScreen {
    pub fn new() -> Self {
        Self {
            form: Form::new(vec![Field::secret(TOKEN, "Token")]),
            unreadable: None,
            scroll: Scroll::default(),
        }
    }

    fn lines(&self, width: u16, view: &View) -> Vec<Line<'static>> {
        match &self.unreadable {
            None => prose(
                "Paste a token, an Authorization header or a token endpoint response. It is decoded locally and shown masked.",
                width,
                view.theme.dim,
            ),
            Some(UnreadablePaste {
                what, next, about, ..
            }) => {
                let mut lines = Problem {
                    what,
                    subject: "",
                    remedy: next,
                }
                .lines(width, view.theme);
                if let Some(explained) = about.as_deref().and_then(explain_related) {
                    lines.push(Line::default());
                    lines.extend(explanation::lines(&explained, width, view));
                }
                lines
            }
        }
    }
}

impl Actions for PasteScreen {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        ActionRows::default()
            .with(
                ActionRow::new(Action::Submit, |paste: &mut Self, _| {
                    vec![Effect::ParsePaste(paste.form.secret(TOKEN).into())]
                })
                .label("inspect"),
            )
            .each(
                &[Action::PageDown, Action::PageUp],
                |paste: &mut Self, action, _| {
                    paste.scroll.act(action);
                    Vec::new()
                },
            )
            .scrolling(
                self.scroll
                    .is_needed()
                    .then_some([Action::PageDown, Action::PageUp]),
            )
    }
}

impl Screen for PasteScreen {
    fn title(&self, _view: &View) -> String {
        "inspect".to_owned()
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        if let Event::Paste(text) = event {
            // Text before a paste belongs to it: terminals may split a long paste.
            let typed = self.form.secret(TOKEN);
            let whole = SecretString::from(format!("{}{text}", typed.expose_secret()));
            self.form.edit(event);
            return Some(vec![Effect::ParsePaste(whole.into())]);
        }
        self.form.edit(event).then(Vec::new)
    }

    fn unsaved_reason(&self, _view: &View) -> Option<String> {
        let typed = !self.form.secret(TOKEN).expose_secret().is_empty();
        typed.then(|| "Not inspected; press again to discard".to_owned())
    }

    fn on_event(&mut self, fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        if let TaskEvent::PasteParsed(Err(unreadable)) = fact {
            self.unreadable = Some(unreadable.clone());
            self.scroll = Scroll::default();
            self.form.set_text(TOKEN, "");
        }
        Vec::new()
    }

    fn mode(&self) -> Mode {
        Mode::popup(true)
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let width = WIDTH.min(area.width);
        let lines = self.lines(width.saturating_sub(5), view);
        let title = "Inspect a token";
        let rest = self
            .form
            .draw_popup(frame, area, title, WIDTH, lines.len(), view.theme);
        draw_lines(frame, rest, view.theme, &lines, &mut self.scroll);
    }
}
