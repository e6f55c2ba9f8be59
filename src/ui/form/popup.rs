//! A form of one field in a popup.

use ratatui::layout::{Constraint, Layout, Rect};

use super::Form;
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, popup};
use crate::ui::theme::Theme;

impl Form {
    /// Draws a form of one field in a popup of `width` columns. Returns the area below the field, with room for `lines`.
    pub fn draw_popup(
        &mut self,
        frame: &mut Canvas,
        screen: Rect,
        title: &str,
        width: u16,
        lines: usize,
        theme: &Theme,
    ) -> Rect {
        let height = u16::try_from(lines).unwrap_or(u16::MAX);
        let area = popup(frame, screen, width, height.saturating_add(4));
        let inner = Pane::titled(title).focused(true).draw(frame, area, theme);
        let [top, rest] =
            Layout::vertical([Constraint::Length(2), Constraint::Fill(1)]).areas(inner);
        self.draw(frame, top, theme);
        rest
    }
}
