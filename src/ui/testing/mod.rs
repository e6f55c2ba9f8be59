//! What the widgets' tests draw on.

mod looks;
mod sizes;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::Canvas;

/// What `draw` leaves on a screen of this size.
pub fn buffer(width: u16, height: u16, draw: impl FnOnce(&mut Canvas)) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    draw(&mut Canvas::new(&mut buffer));
    buffer
}

/// The same, as one string a row.
pub fn lines(width: u16, height: u16, draw: impl FnOnce(&mut Canvas)) -> Vec<String> {
    let buffer = buffer(width, height, draw);
    let rows = buffer.content().chunks(usize::from(width.max(1)));
    rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect())
        .collect()
}

/// The same, as one string.
pub fn text(width: u16, height: u16, draw: impl FnOnce(&mut Canvas)) -> String {
    lines(width, height, draw).join("\n")
}
