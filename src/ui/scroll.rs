//! Text that may be longer than its area, and its scrollbar.

use std::borrow::Borrow;
use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::text::{Cut, ELLIPSIS, clean, line_width, put, put_line, skip_columns, width};
use super::theme::Theme;
use crate::input::Action;
use crate::ui::frame::Canvas;

/// Columns of one step to the left or right.
const STEP: usize = 8;

/// How far a text is scrolled: in lines, and in columns if its lines can be wider than their area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    offset: usize,
    page: usize,
    len: usize,
    left: usize,
    room: usize,
    widest: usize,
}

impl Scroll {
    /// Returns whether the text, as drawn last, is longer than its area.
    #[must_use]
    pub const fn is_needed(&self) -> bool {
        self.len > self.page
    }

    /// Returns the keys that scroll line by line, if the text as drawn last needs them.
    #[must_use]
    pub fn keys(&self) -> Option<[Action; 2]> {
        self.is_needed().then_some([Action::Down, Action::Up])
    }

    /// Returns the keys that scroll left and right, if a line of the text as drawn last is wider than its area.
    #[must_use]
    pub fn keys_to_the_sides(&self) -> Option<[Action; 2]> {
        (self.widest > self.room).then_some([Action::Left, Action::Right])
    }

    /// Handles a moving action for the text as drawn last; `false` for any other action.
    pub fn act(&mut self, action: Action) -> bool {
        let last = self.len.saturating_sub(self.page);
        let page = self.page.saturating_sub(1).max(1);
        let rightmost = self.widest.saturating_sub(self.room);
        let to = match action {
            Action::Left => {
                self.left = self.left.saturating_sub(STEP);
                return true;
            }
            Action::Right => {
                self.left = self.left.saturating_add(STEP).min(rightmost);
                return true;
            }
            Action::Down => self.offset.saturating_add(1),
            Action::Up => self.offset.saturating_sub(1),
            Action::First => 0,
            Action::Last => last,
            Action::PageDown => self.offset.saturating_add(page),
            Action::PageUp => self.offset.saturating_sub(page),
            _ => return false,
        };
        self.offset = to.min(last);
        true
    }

    /// Scrolls as little as possible to show these lines in a view of `page` lines; if they do not all fit, the first ones.
    pub fn follow(&mut self, lines: Range<usize>, page: usize) {
        let least = lines.end.saturating_sub(page);
        self.offset = self.offset.max(least).min(lines.start);
    }
}

/// Draws `lines`, each in one row and cut if too wide, from the position of `scroll`. The last column of the area is the
/// scrollbar's.
pub fn draw_lines<'a, L: Borrow<Line<'a>>>(
    frame: &mut Canvas,
    area: Rect,
    theme: &Theme,
    lines: &[L],
    scroll: &mut Scroll,
) {
    draw_wide_lines(frame, area, theme, lines, 0, scroll);
}

/// Draws lines that must not be wrapped, such as code. If the `widest`, a number of columns, is wider than the area, they scroll
/// left and right.
pub fn draw_wide_lines<'a, L: Borrow<Line<'a>>>(
    frame: &mut Canvas,
    area: Rect,
    theme: &Theme,
    lines: &[L],
    widest: usize,
    scroll: &mut Scroll,
) {
    let area = area.intersection(frame.area());
    scroll.widest = widest;
    scroll.room = usize::from(area.width.saturating_sub(1));
    scroll.left = scroll.left.min(widest.saturating_sub(scroll.room));
    scroll.page = usize::from(area.height);
    scroll.len = lines.len();
    scroll.offset = scroll.offset.min(lines.len().saturating_sub(scroll.page));
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(scroll.offset)) {
        let width = area.width.saturating_sub(1);
        let line = line.borrow();
        let shifted;
        let line = if scroll.left > 0 {
            shifted = from_column(line, scroll.left);
            &shifted
        } else {
            line
        };
        put_line(
            frame.buffer_mut(),
            (area.x, y),
            line,
            width,
            Cut::End,
            theme.text,
        );
    }
    scrollbar(frame, area, theme, scroll.offset, lines.len());
}

/// Returns the part of a line from this column on, after an ellipsis for what was cut.
fn from_column(line: &Line<'_>, column: usize) -> Line<'static> {
    if line_width(line) == 0 {
        return Line::default();
    }
    let mut skip = column + 1;
    let mut spans = vec![Span::raw(ELLIPSIS)];
    for span in &line.spans {
        let text = clean(&span.content);
        let kept = skip_columns(&text, skip).to_owned();
        skip = skip.saturating_sub(width(&text));
        spans.push(Span::styled(kept, span.style));
    }
    Line::from(spans).style(line.style)
}

/// Draws a thin bar in the last column of `area` if it shows only some of `len` rows, from `offset` on.
pub(super) fn scrollbar(frame: &mut Canvas, area: Rect, theme: &Theme, offset: usize, len: usize) {
    let height = usize::from(area.height);
    if area.is_empty() || len <= height {
        return;
    }
    let size = (height * height / len).max(1);
    let hidden = len - height;
    // The bar touches the bottom only at the very end.
    let start = (height - size) * offset.min(hidden) / hidden;
    for (at, y) in (area.y..area.bottom()).enumerate() {
        let (symbol, style) = if (start..start + size).contains(&at) {
            ("┃", theme.text)
        } else {
            ("│", theme.dim)
        };
        put(
            frame.buffer_mut(),
            (area.right() - 1, y),
            symbol,
            1,
            Cut::End,
            style,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::lines;

    #[test]
    fn the_text_follows_what_is_looked_at() {
        let mut scroll = Scroll::default();
        let mut offset = |lines: Range<usize>| {
            scroll.follow(lines, 5);
            scroll.offset
        };
        assert_eq!(offset(2..4), 0);
        assert_eq!(offset(6..8), 3);
        assert_eq!(offset(4..6), 3);
        assert_eq!(offset(1..2), 1);
        assert_eq!(offset(10..20), 10);
    }

    #[test]
    fn a_wide_text_scrolls_to_the_sides_and_stops_at_its_ends() {
        let content = [
            Line::from("name = \"abcdefghijklmnop\""),
            Line::from("}"),
            Line::from(vec![
                "name".into(),
                " = ".into(),
                "client_credentials".into(),
            ]),
        ];
        let widest = content.iter().map(line_width).max().unwrap();
        let mut scroll = Scroll::default();
        let shown = |scroll: &mut Scroll| {
            lines(13, 3, |frame| {
                let area = frame.area();
                draw_wide_lines(frame, area, &Theme::colour(), &content, widest, scroll);
            })
        };
        assert_eq!(
            shown(&mut scroll),
            ["name = \"abc… ", "}            ", "name = clie… "]
        );
        assert_eq!(
            scroll.keys_to_the_sides(),
            Some([Action::Left, Action::Right])
        );
        scroll.act(Action::Right);
        assert_eq!(
            shown(&mut scroll),
            ["…bcdefghijk… ", "…            ", "…ient_crede… "]
        );
        for _ in 0..9 {
            scroll.act(Action::Right);
        }
        assert_eq!(
            shown(&mut scroll),
            ["…ghijklmnop\" ", "…            ", "…credentials "]
        );
        for _ in 0..9 {
            scroll.act(Action::Left);
        }
        assert_eq!(shown(&mut scroll)[1], "}            ");
        draw_narrow(&mut scroll);
        assert_eq!(scroll.keys_to_the_sides(), None);
    }

    /// Draws lines that fit in the place of wide ones.
    fn draw_narrow(scroll: &mut Scroll) {
        lines(13, 3, |frame| {
            let area = frame.area();
            draw_lines(frame, area, &Theme::colour(), &[Line::from("}")], scroll);
        });
    }

    #[test]
    fn a_long_text_scrolls_and_stops_at_its_ends() {
        let content: Vec<Line> = (0..6).map(|n| Line::from(format!("line {n}"))).collect();
        let mut scroll = Scroll::default();
        let shown = |scroll: &mut Scroll| {
            lines(8, 3, |frame| {
                draw_lines(frame, frame.area(), &Theme::colour(), &content, scroll);
            })
        };
        assert_eq!(shown(&mut scroll), ["line 0 ┃", "line 1 │", "line 2 │"]);
        assert!(scroll.act(Action::PageDown));
        assert_eq!(shown(&mut scroll), ["line 2 │", "line 3 ┃", "line 4 │"]);
        scroll.act(Action::Last);
        scroll.act(Action::Down);
        assert_eq!(shown(&mut scroll), ["line 3 │", "line 4 │", "line 5 ┃"]);
        // Keys that arrive faster than frames count from the end, not from beyond it.
        for action in [Action::Down, Action::Down, Action::Up] {
            scroll.act(action);
        }
        assert_eq!(shown(&mut scroll)[0], "line 2 │");
        scroll.act(Action::First);
        scroll.act(Action::Up);
        assert_eq!(shown(&mut scroll)[0], "line 0 ┃");
        assert!(!scroll.act(Action::Copy));
    }
}
