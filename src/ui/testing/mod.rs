//! Helpers of the widgets' tests.

mod looks;
mod sizes;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::Canvas;

/// Returns what `draw` draws on a screen of this size.
pub fn buffer(width: u16, height: u16, draw: impl FnOnce(&mut Canvas)) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    draw(&mut Canvas::new(&mut buffer));
    buffer
}

/// Returns what `draw` draws, one string per row.
pub fn lines(width: u16, height: u16, draw: impl FnOnce(&mut Canvas)) -> Vec<String> {
    let buffer = buffer(width, height, draw);
    let rows = buffer.content().chunks(usize::from(width.max(1)));
    rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect())
        .collect()
}

/// Returns what `draw` draws, as one string.
pub fn text(width: u16, height: u16, draw: impl FnOnce(&mut Canvas)) -> String {
    lines(width, height, draw).join("\n")
}
