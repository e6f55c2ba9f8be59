//! What everything is drawn on.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;

/// A frame being drawn: its cells and the cursor.
///
/// As ratatui's own frame, but of any buffer: a first frame is drawn before there is a terminal with its two buffers, and a
/// picture that is kept has no terminal at all.
#[derive(Debug)]
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    cursor: Option<Position>,
}

impl<'a> Canvas<'a> {
    /// A frame over all of the buffer, with no cursor.
    pub const fn new(buffer: &'a mut Buffer) -> Self {
        Self {
            buffer,
            cursor: None,
        }
    }

    /// All that can be drawn on.
    #[must_use]
    pub const fn area(&self) -> Rect {
        self.buffer.area
    }

    /// The cells.
    pub const fn buffer_mut(&mut self) -> &mut Buffer {
        self.buffer
    }

    /// Draws a widget within the area.
    pub fn render_widget(&mut self, widget: impl Widget, area: Rect) {
        widget.render(area, self.buffer);
    }

    /// Shows the cursor there.
    pub fn set_cursor_position(&mut self, position: impl Into<Position>) {
        self.cursor = Some(position.into());
    }

    /// The cursor's position, if it is shown.
    #[must_use]
    pub const fn cursor(&self) -> Option<Position> {
        self.cursor
    }
}
