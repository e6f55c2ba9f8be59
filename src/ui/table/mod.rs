//! A table: fixed columns, rows built only while visible, and a cursor that stays visible.

mod column;
mod marks;

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use self::column::{ColumnSpan, places};
use crate::input::Action;
use crate::ui::filter::Filter;
use crate::ui::frame::Canvas;
use crate::ui::scroll::scrollbar;
use crate::ui::text::{Cut, clean, columns, line_width, put, put_line, wrap};
use crate::ui::theme::Theme;

pub use self::column::Column;

/// The mark of the selected row, with or without colour.
pub const MARKER: &str = "▌";
/// Columns of the marker and its space; one more at the right is the scrollbar's.
const MARGIN: u16 = 2;

/// The sort order of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Smallest or earliest first.
    Ascending,
    /// Largest or latest first.
    Descending,
}

impl Order {
    /// Returns the arrow of a sorted column.
    #[must_use]
    pub const fn arrow(self) -> &'static str {
        match self {
            Self::Ascending => " ↑",
            Self::Descending => " ↓",
        }
    }
}

/// The cells of one row, one per declared column, also for dropped columns.
#[derive(Clone, Debug, Default)]
pub struct Row<'a> {
    cells: Vec<Line<'a>>,
    style: Style,
}

impl<'a> Row<'a> {
    /// Creates a row of these cells.
    pub fn new<C: Into<Line<'a>>>(cells: impl IntoIterator<Item = C>) -> Self {
        Self {
            cells: cells.into_iter().map(Into::into).collect(),
            style: Style::new(),
        }
    }

    /// Sets the style of the whole row, below that of its cells.
    #[must_use]
    pub fn style(self, style: Style) -> Self {
        Self { style, ..self }
    }
}

/// The cursor's row, and the topmost row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableState {
    selected: usize,
    offset: usize,
    page: usize,
}

impl TableState {
    /// Returns the selected row of a table of `len` rows; `None` for an empty one.
    #[must_use]
    pub fn selected(&self, len: usize) -> Option<usize> {
        len.checked_sub(1).map(|last| self.selected.min(last))
    }

    /// Moves the cursor to `row`. Past the end, the last row is selected.
    pub fn select(&mut self, row: usize) {
        self.selected = row;
    }

    /// Returns the rows of a table of `len` rows that the next drawing shows, in the height of the last one: fetch their details first.
    #[must_use]
    pub fn visible(&self, len: usize) -> std::ops::Range<usize> {
        let mut next = *self;
        next.clamp(len, self.page);
        next.offset.min(len)..next.offset.saturating_add(self.page).min(len)
    }

    /// Handles a moving action in a table of `len` rows; `false` for any other action.
    pub fn act(&mut self, action: Action, len: usize) -> bool {
        let last = len.saturating_sub(1);
        let at = self.selected.min(last);
        // One row stays visible for orientation.
        let page = self.page.saturating_sub(1).max(1);
        self.selected = match action {
            Action::Down => at.saturating_add(1).min(last),
            Action::Up => at.saturating_sub(1),
            Action::First => 0,
            Action::Last => last,
            Action::PageDown => at.saturating_add(page).min(last),
            Action::PageUp => at.saturating_sub(page),
            _ => return false,
        };
        true
    }

    /// Fits cursor and offset to `len` rows, of which `height` are visible.
    fn clamp(&mut self, len: usize, height: usize) {
        let last = len.saturating_sub(1);
        self.page = height;
        self.selected = self.selected.min(last);
        self.offset = self
            .offset
            .min(self.selected)
            .max((self.selected + 1).saturating_sub(height))
            .min(len.saturating_sub(height));
    }
}

/// A table, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    columns: &'a [Column],
    empty: Cow<'a, str>,
    sorted: Option<(usize, Order)>,
    filter: Option<&'a Filter>,
    focused: bool,
}

impl<'a> Table<'a> {
    /// Creates a table of these columns.
    #[must_use]
    pub const fn new(columns: &'a [Column]) -> Self {
        Self {
            columns,
            empty: Cow::Borrowed(""),
            sorted: None,
            filter: None,
            focused: true,
        }
    }

    /// Sets the sentence shown if there are no rows: empty, loading, failed and denied each have their own.
    #[must_use]
    pub fn empty(self, sentence: impl Into<Cow<'a, str>>) -> Self {
        Self {
            empty: sentence.into(),
            ..self
        }
    }

    /// Marks the column that the rows are sorted by.
    #[must_use]
    pub const fn sorted(mut self, column: usize, order: Order) -> Self {
        self.sorted = Some((column, order));
        self
    }

    /// Marks the filter's matches. The rows must be the matching ones, in the filter's order.
    #[must_use]
    pub const fn found_by(mut self, filter: &'a Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Sets whether the table has the focus; if not, its cursor is dim.
    #[must_use]
    pub const fn focused(mut self, focused: bool) -> Self {
        self.focused = focused;
        self
    }

    /// Draws the head and the visible ones of `len` rows; `row` is called only for these.
    pub fn draw<'r>(
        &self,
        frame: &mut Canvas,
        area: Rect,
        theme: &Theme,
        state: &mut TableState,
        len: usize,
        mut row: impl FnMut(usize) -> Row<'r>,
    ) {
        let area = area.intersection(frame.area());
        // In a single line, the selected row says more than the head.
        let head = u16::from(area.height > 1);
        let body = Rect {
            y: area.y.saturating_add(head),
            height: area.height.saturating_sub(head),
            ..area
        };
        state.clamp(len, usize::from(body.height));
        if area.is_empty() {
            return;
        }
        let places = places(self.columns, area.width.saturating_sub(MARGIN + 1));
        if head > 0 {
            self.draw_head(frame, area, theme, &places);
        }
        if len == 0 {
            self.draw_empty(frame, body, theme);
        }
        for (y, index) in (body.y..body.bottom()).zip(state.offset..len) {
            let selected = index == state.selected;
            let row = row(index);
            let line = Rect {
                y,
                height: 1,
                ..body
            };
            self.draw_row(frame, line, theme, &places, &row, selected);
            if let Some(filter) = self.filter {
                let shown = |place: &ColumnSpan| {
                    let column = self.columns.get(place.column)?;
                    Some((*place, column, row.cells.get(place.column)?))
                };
                let cells: Vec<_> = places.iter().filter_map(shown).collect();
                marks::draw(frame, (line.x, y), theme, filter, index, &cells);
            }
        }
        scrollbar(frame, body, theme, state.offset, len);
    }

    fn draw_head(&self, frame: &mut Canvas, area: Rect, theme: &Theme, places: &[ColumnSpan]) {
        for place in places {
            let Some(column) = self.columns.get(place.column) else {
                continue;
            };
            let arrow = match self.sorted {
                Some((sorted, order)) if sorted == place.column => order.arrow(),
                _ => "",
            };
            let title = Line::from(format!("{}{arrow}", column.title));
            draw_cell(frame, (area.x, area.y), *place, column, &title, theme.dim);
        }
    }

    fn draw_empty(&self, frame: &mut Canvas, body: Rect, theme: &Theme) {
        let width = body.width.saturating_sub(MARGIN + 1);
        let lines = wrap(&clean(&self.empty), usize::from(width));
        for (y, line) in (body.y..body.bottom()).zip(lines) {
            put(
                frame.buffer_mut(),
                (body.x + MARGIN, y),
                &line,
                width,
                Cut::End,
                theme.dim,
            );
        }
    }

    fn draw_row(
        &self,
        frame: &mut Canvas,
        area: Rect,
        theme: &Theme,
        places: &[ColumnSpan],
        row: &Row<'_>,
        selected: bool,
    ) {
        let style = if selected && self.focused {
            row.style.patch(theme.selected)
        } else {
            row.style
        };
        let bar = Rect {
            width: area.width.saturating_sub(1),
            ..area
        };
        if style != Style::new() {
            frame.buffer_mut().set_style(bar, style);
        }
        if selected {
            let marker = if self.focused {
                theme.accent
            } else {
                theme.dim
            };
            put(
                frame.buffer_mut(),
                (area.x, area.y),
                MARKER,
                bar.width,
                Cut::End,
                marker,
            );
        }
        for place in places {
            if let (Some(column), Some(cell)) =
                (self.columns.get(place.column), row.cells.get(place.column))
            {
                draw_cell(frame, (area.x, area.y), *place, column, cell, style);
            }
        }
    }
}

fn draw_cell(
    frame: &mut Canvas,
    (x, y): (u16, u16),
    place: ColumnSpan,
    column: &Column,
    cell: &Line<'_>,
    style: Style,
) {
    let (x, room) = within(x, place, column, cell);
    put_line(frame.buffer_mut(), (x, y), cell, room, column.cut, style);
}

/// Returns where a cell starts in a row that starts at `x`, and its greatest width.
fn within(x: u16, place: ColumnSpan, column: &Column, cell: &Line<'_>) -> (u16, u16) {
    let pad = if column.right {
        place.width.saturating_sub(columns(line_width(cell)))
    } else {
        0
    };
    (x + MARGIN + place.x + pad, place.width - pad)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::testing::{lines, text};

    const COLUMNS: [Column; 4] = [
        Column::flexible("NAME", 8, 20),
        Column::fixed("ID", 7).middle().rank(2),
        Column::flexible("SCOPES", 6, 30).rank(1),
        Column::fixed("TOKEN", 5).right(),
    ];

    fn clients(index: usize) -> Row<'static> {
        let name = ["machine_auth", "billing-export", "web"][index % 3];
        Row::new([name, "4k2abcdefgh9qv", "1 active", "1 h"])
    }

    fn drawn(width: u16, height: u16, len: usize, state: &mut TableState) -> Vec<String> {
        lines(width, height, |frame| {
            let table = Table::new(&COLUMNS)
                .empty("No app clients yet. n makes one.")
                .sorted(0, Order::Ascending);
            table.draw(frame, frame.area(), &Theme::colour(), state, len, clients);
        })
    }

    #[test]
    fn columns_are_aligned_and_cut_as_declared() {
        assert_eq!(
            drawn(48, 4, 3, &mut TableState::default()),
            [
                "  NAME ↑           ID      SCOPES         TOKEN ",
                "▌ machine_auth     4k2…9qv 1 active         1 h ",
                "  billing-export   4k2…9qv 1 active         1 h ",
                "  web              4k2…9qv 1 active         1 h ",
            ]
        );
    }

    #[test]
    fn the_least_needed_columns_drop_out_first() {
        let heads = |width| drawn(width, 2, 0, &mut TableState::default()).remove(0);
        assert_eq!(heads(32), "  NAME ↑   ID      SCOPES TOKEN ");
        assert_eq!(heads(31), "  NAME ↑       SCOPES    TOKEN ");
        assert_eq!(heads(20), "  NAME ↑      TOKEN ");
        assert_eq!(heads(14), "  NAME ↑   T… ");
        assert_eq!(heads(5), "  N… ");
    }

    #[test]
    fn the_cursor_stays_in_view_and_only_what_is_seen_is_built() {
        let mut state = TableState::default();
        let mut built = Vec::new();
        let mut draw = |state: &mut TableState| {
            built.clear();
            lines(20, 4, |frame| {
                let area = frame.area();
                Table::new(&COLUMNS).draw(frame, area, &Theme::colour(), state, 10_000, |index| {
                    built.push(index);
                    clients(index)
                });
            });
            built.clone()
        };
        assert_eq!(draw(&mut state), [0, 1, 2]);
        assert!(state.act(Action::Last, 10_000));
        assert_eq!(draw(&mut state), [9997, 9998, 9999]);
        assert_eq!(state.visible(10_000), 9997..10_000);
        state.act(Action::PageUp, 10_000);
        assert_eq!(state.selected(10_000), Some(9997));
        state.act(Action::Up, 10_000);
        assert_eq!(draw(&mut state), [9996, 9997, 9998]);
        state.act(Action::First, 10_000);
        assert_eq!(draw(&mut state), [0, 1, 2]);
        assert!(!state.act(Action::Copy, 10_000));
    }

    #[test]
    fn a_list_that_shrinks_takes_the_cursor_with_it() {
        let mut state = TableState::default();
        state.select(50);
        assert_eq!(state.selected(2), Some(1));
        drawn(40, 4, 2, &mut state);
        assert_eq!(state.selected(60), Some(1));
        assert_eq!(state.selected(0), None);
    }

    #[test]
    fn no_rows_are_a_sentence() {
        assert_eq!(
            drawn(20, 4, 0, &mut TableState::default())[1..],
            [
                "  No app clients    ",
                "  yet. n makes one. ",
                "                    "
            ]
        );
    }

    #[test]
    fn a_scrollbar_stands_only_where_there_is_more() {
        let bar = |len| {
            let rows = drawn(20, 4, len, &mut TableState::default());
            rows[1..]
                .iter()
                .map(|row| row.chars().last().expect("a row"))
                .collect::<String>()
        };
        assert_eq!(bar(3), "   ");
        assert_eq!(bar(9), "┃││");
    }

    #[test]
    fn untrusted_cells_are_drawn_clean() {
        let shown = text(40, 2, |frame| {
            let area = frame.area();
            let mut state = TableState::default();
            Table::new(&COLUMNS).draw(frame, area, &Theme::colour(), &mut state, 1, |_| {
                Row::new(["\x1b[2J\u{202E}x"])
            });
        });
        assert!(shown.contains("▌ ␛[2J⟨U+202E…"), "{shown}");
    }
}
