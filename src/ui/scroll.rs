//! Text that may be longer than its area, and the scrollbar that says so.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::text::{Cut, put, put_line};
use super::theme::Theme;
use crate::input::Action;

/// How far a text is scrolled, in lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    offset: usize,
    page: usize,
    len: usize,
}

impl Scroll {
    /// Whether the text as last drawn is longer than its area.
    #[must_use]
    pub const fn is_needed(&self) -> bool {
        self.len > self.page
    }

    /// The keys that scroll line by line, where the text as last drawn needs it.
    #[must_use]
    pub fn keys(&self) -> Option<[Action; 2]> {
        self.is_needed().then_some([Action::Down, Action::Up])
    }

    /// Does what a moving action asks of the text as last drawn. `false` where the action is not one of these.
    pub fn act(&mut self, action: Action) -> bool {
        let last = self.len.saturating_sub(self.page);
        let page = self.page.saturating_sub(1).max(1);
        let to = match action {
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

    /// Scrolls as little as needed to bring these lines into a view of `page` lines; of more than fit, the first.
    pub fn follow(&mut self, lines: Range<usize>, page: usize) {
        let least = lines.end.saturating_sub(page);
        self.offset = self.offset.max(least).min(lines.start);
    }
}

/// Draws `lines`, each in one row and cut where it is too wide, from where `scroll` stands. The last column of the area
/// is the scrollbar's.
pub fn draw_lines(
    frame: &mut Frame,
    area: Rect,
    theme: &Theme,
    lines: &[Line<'_>],
    scroll: &mut Scroll,
) {
    let area = area.intersection(frame.area());
    scroll.page = usize::from(area.height);
    scroll.len = lines.len();
    scroll.offset = scroll.offset.min(lines.len().saturating_sub(scroll.page));
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(scroll.offset)) {
        let width = area.width.saturating_sub(1);
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

/// A thin bar in the last column of `area`, where `area` shows a part of `len` rows from `offset` on; none where it shows
/// them all.
pub(super) fn scrollbar(frame: &mut Frame, area: Rect, theme: &Theme, offset: usize, len: usize) {
    let height = usize::from(area.height);
    if area.is_empty() || len <= height {
        return;
    }
    let size = (height * height / len).max(1);
    let hidden = len - height;
    // Only at the very end does the bar touch the bottom.
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
        // Keys that come faster than frames count from the end, not from beyond it.
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
