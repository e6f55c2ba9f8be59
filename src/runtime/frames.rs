//! Draws the first frame on a terminal, and the frames after it.

use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::Position;

/// Draws the first frame on a blank screen, and returns the terminal for the next frames.
///
/// A ratatui terminal compares each frame with the one before, and has a buffer for both. Nothing precedes the first frame, so it
/// is written before the second buffer exists: on a large screen, filling that buffer takes longer than drawing.
///
/// `draw` draws on the whole buffer and returns the position of the cursor, if it is shown.
pub fn first<B: Backend>(
    mut backend: B,
    draw: impl FnOnce(&mut Buffer) -> Option<Position>,
) -> Result<Terminal<B>, B::Error> {
    let mut buffer = Buffer::empty(backend.size()?.into());
    let cursor = draw(&mut buffer);
    backend.draw(marks(&buffer))?;
    match cursor {
        Some(position) => {
            backend.show_cursor()?;
            backend.set_cursor_position(position)?;
        }
        None => backend.hide_cursor()?,
    }
    backend.flush()?;
    let mut terminal = Terminal::new(backend)?;
    if terminal.get_frame().area() == buffer.area {
        *terminal.current_buffer_mut() = buffer;
        terminal.swap_buffers();
    } else {
        // The size has just changed: the old frame is no longer on the screen.
        terminal.backend_mut().clear()?;
    }
    Ok(terminal)
}

/// Draws the next frame.
pub fn next<B: Backend>(
    terminal: &mut Terminal<B>,
    draw: impl FnOnce(&mut Buffer) -> Option<Position>,
) -> Result<(), B::Error> {
    terminal.autoresize()?;
    let cursor = draw(terminal.current_buffer_mut());
    terminal.apply_buffer_with_cursor(cursor).map(drop)
}

/// Returns the cells that differ from a blank screen, with their columns and rows.
fn marks(buffer: &Buffer) -> impl Iterator<Item = (u16, u16, &Cell)> {
    let mut covered = 0;
    let cells = buffer.content().iter().enumerate();
    cells.filter_map(move |(at, cell)| {
        // The cell behind a wide letter is not written: that would cut the letter in two.
        if covered > 0 {
            covered -= 1;
            return None;
        }
        if *cell == Cell::EMPTY {
            return None;
        }
        covered = cell.cell_width().saturating_sub(1);
        let (x, y) = buffer.pos_of(at);
        Some((x, y, cell))
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell as Kept;
    use std::convert::Infallible;

    use ratatui::backend::{ClearType, TestBackend, WindowSize};
    use ratatui::layout::{Rect, Size};
    use ratatui::style::{Color, Style};

    use super::*;

    /// A screen that shrinks after its size was read for the first time.
    struct ShrinkingBuffer {
        screen: TestBackend,
        asked: Kept<bool>,
    }

    impl Backend for ShrinkingBuffer {
        type Error = Infallible;

        fn draw<'a, I>(&mut self, content: I) -> Result<(), Infallible>
        where
            I: Iterator<Item = (u16, u16, &'a Cell)>,
        {
            self.screen.draw(content)
        }

        fn hide_cursor(&mut self) -> Result<(), Infallible> {
            self.screen.hide_cursor()
        }

        fn show_cursor(&mut self) -> Result<(), Infallible> {
            self.screen.show_cursor()
        }

        fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
            self.screen.get_cursor_position()
        }

        fn set_cursor_position<P: Into<Position>>(&mut self, at: P) -> Result<(), Infallible> {
            self.screen.set_cursor_position(at)
        }

        fn clear(&mut self) -> Result<(), Infallible> {
            self.screen.clear()
        }

        fn clear_region(&mut self, what: ClearType) -> Result<(), Infallible> {
            self.screen.clear_region(what)
        }

        fn size(&self) -> Result<Size, Infallible> {
            let size = self.screen.size()?;
            let shrunk = self.asked.replace(true);
            Ok(Size::new(size.width - u16::from(shrunk), size.height))
        }

        fn window_size(&mut self) -> Result<WindowSize, Infallible> {
            self.screen.window_size()
        }

        fn flush(&mut self) -> Result<(), Infallible> {
            self.screen.flush()
        }
    }

    /// Letters of all widths, some of them styled.
    fn paint(buffer: &mut Buffer) -> Option<Position> {
        let red = Style::new().fg(Color::Red);
        buffer.set_string(0, 0, "plain 顧客 ❤️ 👩‍💻", Style::new());
        buffer.set_string(1, 1, "  顧 red  ", red);
        buffer.set_style(Rect::new(2, 1, 9, 2), Style::new().bg(Color::Blue));
        buffer.set_string(19, 1, "顧", red);
        None
    }

    #[test]
    fn a_first_frame_is_written_as_the_difference_to_a_blank_screen() {
        let area = Rect::new(0, 0, 21, 3);
        let mut painted = Buffer::empty(area);
        paint(&mut painted);
        let written: Vec<_> = marks(&painted).collect();
        assert_eq!(written, Buffer::empty(area).diff(&painted));
    }

    #[test]
    fn the_frame_after_the_first_is_compared_with_it() {
        let mut terminal = first(TestBackend::new(21, 3), paint).expect("shown");
        // On this blank screen, anything written again would show.
        terminal.backend_mut().clear().expect("cleared");
        next(&mut terminal, paint).expect("shown");
        terminal
            .backend()
            .assert_buffer(&Buffer::empty(Rect::new(0, 0, 21, 3)));
    }

    #[test]
    fn the_cursor_stands_where_it_is_asked_for_or_is_hidden() {
        let at = Position::new(4, 1);
        let mut screen = TestBackend::new(21, 3);
        screen.show_cursor().expect("shown");
        let mut terminal = first(screen, paint).expect("shown");
        assert!(!terminal.backend().cursor_visible());
        next(&mut terminal, |_| Some(at)).expect("shown");
        assert!(terminal.backend().cursor_visible());
        terminal.backend_mut().assert_cursor_position(at);

        let mut terminal = first(TestBackend::new(21, 3), |_| Some(at)).expect("shown");
        assert!(terminal.backend().cursor_visible());
        terminal.backend_mut().assert_cursor_position(at);
    }

    #[test]
    fn a_screen_that_changed_behind_the_first_frame_is_drawn_anew() {
        let screen = ShrinkingBuffer {
            screen: TestBackend::new(21, 3),
            asked: Kept::new(false),
        };
        let mut terminal = first(screen, paint).expect("shown");
        next(&mut terminal, |buffer| {
            buffer.set_string(0, 0, "small", Style::new());
            None
        })
        .expect("shown");
        let mut wanted = Buffer::empty(Rect::new(0, 0, 21, 3));
        wanted.set_string(0, 0, "small", Style::new());
        terminal.backend().screen.assert_buffer(&wanted);
    }
}
