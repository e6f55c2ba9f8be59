//! Frames on a terminal: the first, and those that follow.

use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::Position;

/// Shows a first frame on a screen that is blank, and gives the terminal that shows the next ones.
///
/// A terminal compares each frame with the one before, and takes a buffer for either. Of a first frame it is known that there was
/// nothing before it, so it leaves before there are two: on a large screen, to fill the second takes longer than to draw.
///
/// `draw` draws on all of the buffer, and says where the cursor is to stand, if anywhere.
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
        // Its size was changed just now: what was shown is nowhere any more.
        terminal.backend_mut().clear()?;
    }
    Ok(terminal)
}

/// Shows another frame.
pub fn next<B: Backend>(
    terminal: &mut Terminal<B>,
    draw: impl FnOnce(&mut Buffer) -> Option<Position>,
) -> Result<(), B::Error> {
    terminal.autoresize()?;
    let cursor = draw(terminal.current_buffer_mut());
    terminal.apply_buffer_with_cursor(cursor).map(drop)
}

/// The cells that make a blank screen show this, with their columns and rows.
fn marks(buffer: &Buffer) -> impl Iterator<Item = (u16, u16, &Cell)> {
    let mut covered = 0;
    let cells = buffer.content().iter().enumerate();
    cells.filter_map(move |(at, cell)| {
        // What a wide letter covers is not written: it would cut the letter in two.
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

    /// A screen that becomes smaller after its size was asked for the first time.
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

    /// Letters of every width, some of them with a look of their own.
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
        // Were anything written again, it would be seen on this blank.
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
