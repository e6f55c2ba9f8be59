//! Panes, tabs and popups: the only widgets with borders.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Borders, Clear, Padding};

use super::text::{Cut, clean, columns, put, width};
use super::theme::Theme;
use crate::ui::frame::Canvas;

/// A title in a pane's border, with the number of things in the tab if known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab<'a> {
    title: &'a str,
    count: Option<usize>,
    doubtful: bool,
}

impl<'a> Tab<'a> {
    /// Creates a tab without a number.
    #[must_use]
    pub const fn new(title: &'a str) -> Self {
        Self::counted(title, None)
    }

    /// Creates a tab with a number; `None` while it is unknown.
    #[must_use]
    pub const fn counted(title: &'a str, count: Option<usize>) -> Self {
        Self {
            title,
            count,
            doubtful: false,
        }
    }

    /// Marks the number as possibly out of date.
    #[must_use]
    pub const fn doubtful(self, doubtful: bool) -> Self {
        Self { doubtful, ..self }
    }

    fn text(&self) -> String {
        let title = clean(self.title);
        match self.count {
            Some(count) if self.doubtful => format!("{title} {count}?"),
            Some(count) => format!("{title} {count}"),
            None => title.into_owned(),
        }
    }
}

/// A pane with a border: titles in the top border, one column of padding at the left and right.
#[derive(Clone, Debug)]
pub struct Pane<'a> {
    tabs: Vec<Tab<'a>>,
    active: usize,
    right: &'a str,
    focused: bool,
    danger: bool,
}

impl<'a> Pane<'a> {
    /// Creates a pane with one title; an empty title leaves the border plain.
    #[must_use]
    pub fn titled(title: &'a str) -> Self {
        Self::tabbed(vec![Tab::new(title)], 0)
    }

    /// Creates a pane with several tabs, of which number `active` (from 0) is shown.
    #[must_use]
    pub const fn tabbed(tabs: Vec<Tab<'a>>, active: usize) -> Self {
        Self {
            tabs,
            active,
            right: "",
            focused: false,
            danger: false,
        }
    }

    /// Adds words at the right of the top border, separated by ` · `; words that do not fit are dropped from the end.
    #[must_use]
    pub const fn right(mut self, right: &'a str) -> Self {
        self.right = right;
        self
    }

    /// Sets whether the pane has the focus, for a screen with several panes.
    #[must_use]
    pub const fn focused(mut self, focused: bool) -> Self {
        self.focused = focused;
        self
    }

    /// Draws the border as a warning: the confirmed action cannot be undone.
    #[must_use]
    pub const fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// Draws the border and returns the area inside.
    pub fn draw(&self, frame: &mut Canvas, area: Rect, theme: &Theme) -> Rect {
        let area = area.intersection(frame.area());
        if area.is_empty() {
            return area;
        }
        let style = match (self.danger, self.focused) {
            (true, _) => theme.danger,
            (false, true) => theme.border_focus,
            (false, false) => theme.border,
        };
        border(frame, area, style);
        let inner = Block::bordered()
            .padding(Padding::horizontal(1))
            .inner(area);
        let room = area.width.saturating_sub(2);
        let used = self.draw_tabs(frame, area, theme, room);
        let right = clean(self.right);
        let mut right = right.as_ref();
        let needed = |right| columns(width(right)).saturating_add(2);
        while used.saturating_add(needed(right)) >= room && !right.is_empty() {
            right = right.rsplit_once(" · ").map_or("", |(before, _)| before);
        }
        let needed = needed(right);
        if !right.is_empty() {
            let x = area.right() - 1 - needed;
            put(
                frame.buffer_mut(),
                (x, area.y),
                &format!(" {right} "),
                needed,
                Cut::End,
                theme.dim,
            );
        }
        inner
    }

    /// Draws the titles and returns the columns they took. If they do not all fit, the active one stays visible.
    fn draw_tabs(&self, frame: &mut Canvas, area: Rect, theme: &Theme, room: u16) -> u16 {
        let texts: Vec<String> = self.tabs.iter().map(Tab::text).collect();
        // Each title has a space on both sides and one column of border before the next.
        let wide = |text: &String| width(text) + 3;
        let mut first = 0;
        while first < self.active
            && texts
                .iter()
                .take(self.active + 1)
                .skip(first)
                .map(wide)
                .sum::<usize>()
                > usize::from(room) + 1
        {
            first += 1;
        }
        let mut used = 0u16;
        for (index, text) in texts
            .iter()
            .enumerate()
            .skip(first)
            .filter(|(_, text)| !text.is_empty())
        {
            // A single letter of a title says nothing.
            if room.saturating_sub(used) < 5 {
                break;
            }
            let style = self.title_style(theme, index);
            let left = room - used;
            let at = (area.x + 1 + used, area.y);
            put(frame.buffer_mut(), at, " ", left, Cut::End, Style::new());
            let taken = put(
                frame.buffer_mut(),
                (at.0 + 1, at.1),
                text,
                left - 2,
                Cut::End,
                style,
            );
            put(
                frame.buffer_mut(),
                (at.0 + 1 + taken, at.1),
                " ",
                1,
                Cut::End,
                Style::new(),
            );
            used = used.saturating_add(taken).saturating_add(3).min(room);
        }
        used
    }

    fn title_style(&self, theme: &Theme, index: usize) -> Style {
        match (self.danger, index == self.active, self.tabs.len()) {
            (true, ..) => theme.danger.patch(theme.title),
            (_, true, 1) => theme.title,
            (_, true, _) => theme.tab,
            (_, false, _) => theme.dim,
        }
    }
}

/// Draws the border as four sides. A ratatui `Block` would also visit all cells inside, to set a style that changes nothing.
fn border(frame: &mut Canvas, area: Rect, style: Style) {
    let line = |borders| Block::new().borders(borders).border_style(style);
    if area.width < 2 || area.height < 2 {
        return frame.render_widget(line(Borders::ALL), area);
    }
    let ends = Borders::LEFT | Borders::RIGHT;
    let row = Rect { height: 1, ..area };
    frame.render_widget(line(Borders::TOP | ends), row);
    let last = Rect {
        y: area.bottom() - 1,
        ..row
    };
    frame.render_widget(line(Borders::BOTTOM | ends), last);
    let left = Rect {
        y: area.y + 1,
        width: 1,
        height: area.height - 2,
        ..area
    };
    frame.render_widget(line(Borders::LEFT), left);
    let right = Rect {
        x: area.right() - 1,
        ..left
    };
    frame.render_widget(line(Borders::RIGHT), right);
}

/// Splits the inside of a pane by a vertical line: a list at the left, a preview of `right` columns at the right.
pub fn split(frame: &mut Canvas, area: Rect, theme: &Theme, right: u16) -> (Rect, Rect) {
    let area = area.intersection(frame.area());
    let right = right.min(area.width.saturating_sub(3));
    let left = area.width.saturating_sub(right.saturating_add(2));
    let x = area.x + left;
    let line = Rect {
        x,
        width: 1.min(area.right().saturating_sub(x)),
        ..area
    };
    let edge = Block::new()
        .borders(Borders::LEFT)
        .border_style(theme.border);
    frame.render_widget(edge, line);
    let preview = Rect {
        x: (x + 2).min(area.right()),
        width: right,
        ..area
    };
    (
        Rect {
            width: left,
            ..area
        },
        preview,
    )
}

/// Splits the inside of a pane by a horizontal line: a list at the top, `bottom` rows about its selected row below.
pub fn stack(frame: &mut Canvas, area: Rect, theme: &Theme, bottom: u16) -> (Rect, Rect) {
    let area = area.intersection(frame.area());
    let bottom = bottom.min(area.height.saturating_sub(1));
    let top = area.height.saturating_sub(bottom.saturating_add(1));
    let y = area.y + top;
    let line = "─".repeat(usize::from(area.width));
    put(
        frame.buffer_mut(),
        (area.x, y),
        &line,
        area.width,
        Cut::End,
        theme.border,
    );
    let below = Rect {
        y: (y + 1).min(area.bottom()),
        height: bottom,
        ..area
    };
    (
        Rect {
            height: top,
            ..area
        },
        below,
    )
}

/// Clears an area of at most `width` by `height` in the middle of the screen, for a popup.
pub fn popup(frame: &mut Canvas, screen: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(screen.width);
    let height = height.min(screen.height);
    let area = Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + (screen.height - height) / 2,
        width,
        height,
    };
    frame.render_widget(Clear, area);
    area
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::buffer;

    #[test]
    fn a_border_of_sides_looks_like_a_block() {
        for (width, height) in [(1, 1), (1, 3), (4, 1), (2, 2), (2, 5), (5, 2), (7, 4)] {
            let area = Rect::new(1, 1, width, height);
            let drawn = |draw: &dyn Fn(&mut Canvas)| buffer(9, 7, draw);
            let style = Theme::colour().danger;
            let sides = drawn(&|frame| border(frame, area, style));
            let block = Block::bordered().border_style(style);
            let whole = drawn(&|frame| frame.render_widget(&block, area));
            assert_eq!(sides, whole, "{width}x{height}");
        }
    }
    use crate::ui::testing::{lines, text};

    fn tabs(width: u16, active: usize) -> String {
        lines(width, 2, |frame| {
            let tabs = vec![
                Tab::new("Overview"),
                Tab::counted("App clients", Some(4)),
                Tab::counted("Domains", None),
            ];
            Pane::tabbed(tabs, active).draw(frame, frame.area(), &Theme::colour());
        })
        .remove(0)
    }

    #[test]
    fn tabs_stand_in_the_border_and_the_active_one_is_always_seen() {
        assert_eq!(
            tabs(48, 1),
            "┌ Overview ─ App clients 4 ─ Domains ──────────┐"
        );
        assert_eq!(tabs(24, 1), "┌ App clients 4 ─ Dom… ┐");
        assert_eq!(tabs(20, 1), "┌ App clients 4 ───┐");
        assert_eq!(tabs(12, 2), "┌ Domains ─┐");
        assert_eq!(tabs(8, 2), "┌ Dom… ┐");
    }

    #[test]
    fn the_words_at_the_right_go_from_the_end_where_there_is_no_room() {
        let top = |width| {
            let shown = lines(width, 2, |frame| {
                let pane = Pane::titled("App clients").right("2 errors · 1 hint · 11 of 11 read");
                pane.draw(frame, frame.area(), &Theme::colour());
            });
            shown[0].clone()
        };
        assert_eq!(
            top(52),
            "┌ App clients ── 2 errors · 1 hint · 11 of 11 read ┐"
        );
        assert_eq!(top(40), "┌ App clients ────── 2 errors · 1 hint ┐");
        assert_eq!(top(30), "┌ App clients ───── 2 errors ┐");
        assert_eq!(top(20), "┌ App clients ─────┐");
    }

    #[test]
    fn a_pane_has_one_space_of_air_and_a_word_at_the_right() {
        let draw = |width| {
            lines(width, 3, |frame| {
                let pane = Pane::titled("Token").right("3 s ago");
                let inner = pane.draw(frame, frame.area(), &Theme::colour());
                put(
                    frame.buffer_mut(),
                    inner.as_position().into(),
                    "text",
                    9,
                    Cut::End,
                    Style::new(),
                );
            })
        };
        assert_eq!(
            draw(22),
            [
                "┌ Token ──── 3 s ago ┐",
                "│ text               │",
                "└────────────────────┘"
            ]
        );
        assert_eq!(draw(18)[0], "┌ Token ─────────┐");
    }

    #[test]
    fn a_popup_covers_what_is_below_it() {
        let shown = text(9, 5, |frame| {
            for y in 0..5 {
                put(
                    frame.buffer_mut(),
                    (0, y),
                    "xxxxxxxxx",
                    9,
                    Cut::End,
                    Style::new(),
                );
            }
            let area = popup(frame, frame.area(), 5, 3);
            Pane::titled("").draw(frame, area, &Theme::colour());
        });
        assert_eq!(
            shown,
            "xxxxxxxxx\nxx┌───┐xx\nxx│   │xx\nxx└───┘xx\nxxxxxxxxx"
        );
    }

    #[test]
    fn a_split_leaves_air_at_both_sides_of_its_line() {
        let shown = text(10, 1, |frame| {
            let (left, right) = split(frame, frame.area(), &Theme::colour(), 4);
            put(
                frame.buffer_mut(),
                left.as_position().into(),
                "list",
                left.width,
                Cut::End,
                Style::new(),
            );
            put(
                frame.buffer_mut(),
                right.as_position().into(),
                "side",
                right.width,
                Cut::End,
                Style::new(),
            );
        });
        assert_eq!(shown, "list│ side");
    }

    #[test]
    fn a_stack_keeps_to_its_area_however_low() {
        for height in 0..6 {
            text(4, 6, |frame| {
                let area = Rect::new(0, 0, 4, height);
                let (top, below) = stack(frame, area, &Theme::colour(), 3);
                assert_eq!(top.height + below.height, height.saturating_sub(1));
                assert!(below.bottom() <= area.bottom(), "{below:?}");
            });
        }
        let shown = lines(4, 3, |frame| {
            stack(frame, frame.area(), &Theme::colour(), 1);
        });
        assert_eq!(shown, ["    ", "────", "    "]);
    }
}
