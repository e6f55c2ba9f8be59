//! The canvas of all widgets.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;

/// A frame being drawn: its cells and the cursor.
///
/// Like ratatui's own frame, but on any buffer: the first frame is drawn before a terminal with its two buffers exists, and a
/// saved screen has no terminal.
#[derive(Debug)]
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    cursor: Option<Position>,
}

impl<'a> Canvas<'a> {
    /// Creates a canvas over the whole buffer, without a cursor.
    pub const fn new(buffer: &'a mut Buffer) -> Self {
        Self {
            buffer,
            cursor: None,
        }
    }

    /// Returns the whole area.
    #[must_use]
    pub const fn area(&self) -> Rect {
        self.buffer.area
    }

    /// Returns the cells.
    pub const fn buffer_mut(&mut self) -> &mut Buffer {
        self.buffer
    }

    /// Draws a widget within the area.
    pub fn render_widget(&mut self, widget: impl Widget, area: Rect) {
        widget.render(area, self.buffer);
    }

    /// Shows the cursor at `position`.
    pub fn set_cursor_position(&mut self, position: impl Into<Position>) {
        self.cursor = Some(position.into());
    }

    /// Returns the cursor's position, if it is visible.
    #[must_use]
    pub const fn cursor(&self) -> Option<Position> {
        self.cursor
    }
}
