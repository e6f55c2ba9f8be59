//! Asks once per session whether a secret may be copied through the terminal.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::{CopyRequest, Effect};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::input::Action;
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, popup};
use crate::ui::properties::{key_lines, prose};
use crate::ui::text::{Cut, put_line};

const WIDTH: u16 = 72;

/// The risks of a secret in OSC 52.
const RISKS: [&str; 2] = [
    "Without a desktop clipboard, the terminal can copy it (OSC 52). It can't mark it as a secret or clear it later: \
     it stays until something else is copied, perhaps in a history.",
    "tmux and SSH hops can read it; delivery can't be confirmed.",
];

/// A copy that waits for confirmation.
pub struct Osc52Prompt {
    request: CopyRequest,
}

impl Osc52Prompt {
    pub fn new(request: CopyRequest) -> Self {
        Self { request }
    }
}

impl Actions for Osc52Prompt {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        let copy = Effect::CopyThroughTerminal(self.request.clone());
        ActionRows::default()
            .with(
                ActionRow::new(Action::Enter, move |_, _| vec![Effect::Back, copy.clone()])
                    .label("copy"),
            )
            .with(ActionRow::ask(Action::Back, Effect::Back).label("cancel"))
    }
}

impl Screen for Osc52Prompt {
    fn title(&self, _view: &View) -> String {
        "copy".to_owned()
    }

    fn mode(&self) -> Mode {
        Mode::popup(false)
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let theme = view.theme;
        let width = WIDTH.min(area.width);
        let mut lines = Vec::new();
        for risk in RISKS {
            lines.extend(prose(risk, width.saturating_sub(4), theme.text));
            lines.push(Line::default());
        }
        let keys = [
            (view.keys.label(Action::Enter), "copy and don't ask again"),
            (view.keys.label(Action::Back), "cancel"),
        ];
        lines.extend(key_lines(&keys, width.saturating_sub(4), theme));
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let area = popup(frame, area, width, height.saturating_add(2));
        let inner = Pane::titled("Copy a secret through the terminal?")
            .focused(true)
            .draw(frame, area, theme);
        for (line, y) in lines.iter().zip(inner.top()..inner.bottom()) {
            let at = (inner.x, y);
            put_line(
                frame.buffer_mut(),
                at,
                line,
                inner.width,
                Cut::End,
                theme.text,
            );
        }
    }
}
