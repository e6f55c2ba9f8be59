//! A matrix: named rows, narrow columns under upright heads in groups, totals at the right and the bottom, and a cursor in two
//! dimensions. Names and totals stay visible while the rest scrolls.

mod layout;

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use unicode_segmentation::UnicodeSegmentation as _;

use super::scroll::scrollbar;
use super::table::MARKER;
use super::text::{Cut, ELLIPSIS, clean, columns, put, put_line, width};
use super::theme::Theme;
use crate::input::Action;
use crate::ui::frame::Canvas;
use layout::Layout;

/// Columns of the marker and its space.
const MARGIN: u16 = 2;
/// The columns of the rows' totals.
const TOTAL: u16 = 7;
/// The contents of a grid. Only visible cells are requested.
pub trait Cells {
    fn columns(&self) -> usize;
    fn rows(&self) -> usize;
    /// Returns the group that a column belongs to.
    fn group(&self, column: usize) -> &str;
    /// Returns a column's head, and how it is drawn.
    fn head(&self, column: usize) -> (&str, Style);
    /// Returns a row's name and total.
    fn row(&self, row: usize) -> (Line<'_>, Line<'_>);
    /// Returns one character, and its style.
    fn cell(&self, row: usize, column: usize) -> (&'static str, Style);
    /// Returns a column's total: digits, and a sign behind them as a warning.
    fn total(&self, column: usize) -> (String, Style);
}

/// The cursor's place in a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// `None` on the heads.
    pub row: Option<usize>,
    /// `None` on the names.
    pub column: Option<usize>,
}

/// The cursor of a grid, and how far it is scrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridState {
    /// Counts from the heads, which are 0.
    row: usize,
    /// Counts from the names, which are 0.
    column: usize,
    first_row: usize,
    first_column: usize,
    page: usize,
}

impl Default for GridState {
    /// The first cell.
    fn default() -> Self {
        Self {
            row: 1,
            column: 1,
            first_row: 0,
            first_column: 0,
            page: 0,
        }
    }
}

impl GridState {
    /// Returns the cursor's place in a grid of this many rows and columns.
    #[must_use]
    pub fn place(&self, rows: usize, columns: usize) -> Cell {
        Cell {
            row: self.row.min(rows).checked_sub(1),
            column: self.column.min(columns).checked_sub(1),
        }
    }

    /// Moves the cursor.
    pub fn select(&mut self, place: Cell) {
        self.row = place.row.map_or(0, |row| row + 1);
        self.column = place.column.map_or(0, |column| column + 1);
    }

    /// Returns the rows visible in the last drawing.
    #[must_use]
    pub fn visible(&self, rows: usize) -> std::ops::Range<usize> {
        self.first_row.min(rows)..self.first_row.saturating_add(self.page).min(rows)
    }

    /// Handles a moving action; `false` for any other.
    pub fn act(&mut self, action: Action, cells: &impl Cells) -> bool {
        let (rows, columns) = (cells.rows(), cells.columns());
        let (row, column) = (self.row.min(rows), self.column.min(columns));
        // One row stays visible for orientation.
        let page = self.page.saturating_sub(1).max(1);
        match action {
            Action::Down => self.row = row.saturating_add(1).min(rows),
            Action::Up => self.row = row.saturating_sub(1),
            Action::First => self.row = rows.min(1),
            Action::Last => self.row = rows,
            Action::PageDown => self.row = row.saturating_add(page).min(rows),
            Action::PageUp => self.row = row.saturating_sub(page).max(rows.min(1)),
            Action::Right => self.column = column.saturating_add(1).min(columns),
            Action::Left => self.column = column.saturating_sub(1),
            Action::NextTab => self.column = next_group(cells, column),
            Action::PrevTab => self.column = group_before(cells, column),
            _ => return false,
        }
        true
    }
}

/// Returns the first column of the group after `column`, both counted with the names; after the last group, the first one.
fn next_group(cells: &impl Cells, column: usize) -> usize {
    let Some(at) = column.checked_sub(1) else {
        return cells.columns().min(1);
    };
    let group = cells.group(at);
    (at..cells.columns())
        .find(|other| cells.group(*other) != group)
        .map_or(cells.columns().min(1), |found| found + 1)
}

/// Returns the first column of this group, or from there of the previous group; before the first group, the last one.
fn group_before(cells: &impl Cells, column: usize) -> usize {
    let start_of = |at: usize| {
        let group = cells.group(at);
        (0..at)
            .rev()
            .take_while(|other| cells.group(*other) == group)
            .last()
            .unwrap_or(at)
    };
    let last = cells.columns().checked_sub(1);
    let target = match column.checked_sub(1) {
        Some(at) if start_of(at) < at => Some(start_of(at)),
        Some(at) => at.checked_sub(1).or(last).map(start_of),
        None => last.map(start_of),
    };
    target.map_or(0, |at| at + 1)
}

/// A grid, ready to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Grid<'a> {
    /// The heads of the names and of the row totals, and the name of the column totals.
    pub words: [&'a str; 3],
    /// The largest possible total. It sets the column width, so that nothing jumps as totals grow.
    pub most: usize,
}

impl Grid<'_> {
    /// Draws heads, rows and totals, scrolled to the cursor.
    pub fn draw(
        &self,
        frame: &mut Canvas,
        area: Rect,
        theme: &Theme,
        state: &mut GridState,
        cells: &impl Cells,
    ) {
        let area = area.intersection(frame.area());
        state.row = state.row.min(cells.rows());
        state.column = state.column.min(cells.columns());
        if area.is_empty() {
            state.page = 0;
            return;
        }
        let layout = self.layout(area, state, cells);
        let place = state.place(cells.rows(), cells.columns());
        self.draw_heads(frame, area, theme, &layout, cells, place);
        for (y, row) in (layout.body.y..layout.body.bottom()).zip(state.first_row..cells.rows()) {
            draw_row(frame, (area, y), theme, &layout, cells, row, place);
        }
        self.draw_totals(frame, area, theme, &layout, cells);
        scrollbar(frame, layout.body, theme, state.first_row, cells.rows());
    }

    fn draw_heads(
        &self,
        frame: &mut Canvas,
        area: Rect,
        theme: &Theme,
        layout: &Layout,
        cells: &impl Cells,
        place: Cell,
    ) {
        if layout.head == 0 {
            return;
        }
        let bottom = area.y + layout.head - 1;
        let here = place.row.is_none();
        if here {
            put(
                frame.buffer_mut(),
                (area.x, bottom),
                MARKER,
                1,
                Cut::End,
                theme.accent,
            );
        }
        let [names, totals, _] = self.words;
        put(
            frame.buffer_mut(),
            (area.x + MARGIN, bottom),
            names,
            layout.names,
            Cut::End,
            theme.dim,
        );
        let x = area.x + MARGIN + layout.names + 1;
        let pad = TOTAL.saturating_sub(columns(width(totals)));
        put(
            frame.buffer_mut(),
            (x + pad, bottom),
            totals,
            TOTAL - pad,
            Cut::End,
            theme.dim,
        );
        if layout.head == 1 {
            return;
        }
        for (x, wide, column) in &layout.groups {
            let of_cursor = place
                .column
                .is_some_and(|at| cells.group(at) == cells.group(*column));
            let style = if of_cursor { theme.strong } else { theme.dim };
            put(
                frame.buffer_mut(),
                (*x, area.y),
                cells.group(*column),
                *wide,
                Cut::Middle,
                style,
            );
        }
        let height = usize::from(layout.head - 1);
        for (column, x, pitch) in &layout.columns {
            let (head, style) = cells.head(*column);
            let style = if place.column == Some(*column) {
                style.patch(theme.accent).patch(theme.strong)
            } else {
                style
            };
            let head = clean(head);
            if layout.flat {
                // The end of the name is above the cells.
                let wide = pitch - 1;
                let pad = wide.saturating_sub(columns(width(&head)));
                let at = (x + pad, bottom);
                put(
                    frame.buffer_mut(),
                    at,
                    &head,
                    wide - pad,
                    Cut::Middle,
                    style,
                );
                continue;
            }
            let mut letters: Vec<&str> = head.graphemes(true).collect();
            if letters.len() > height {
                // The end is what differs: `orders.read`, `orders.write`.
                let tail = height.saturating_sub(1) / 2;
                let from = height.saturating_sub(tail + 1);
                letters.splice(from..letters.len() - tail, [ELLIPSIS]);
            }
            let top = area.y + layout.head - columns(letters.len());
            for (y, letter) in (top..).zip(letters) {
                let at = (x + pitch - 2, y);
                put(frame.buffer_mut(), at, letter, 2, Cut::End, style);
            }
        }
    }

    fn draw_totals(
        &self,
        frame: &mut Canvas,
        area: Rect,
        theme: &Theme,
        layout: &Layout,
        cells: &impl Cells,
    ) {
        let y = layout.body.bottom();
        if y >= area.bottom() {
            return;
        }
        let [_, _, word] = self.words;
        let room = layout.names + 1 + TOTAL;
        put(
            frame.buffer_mut(),
            (area.x + MARGIN, y),
            word,
            room,
            Cut::End,
            theme.dim,
        );
        for (column, x, pitch) in &layout.columns {
            let (total, style) = cells.total(*column);
            let digits = columns(total.chars().take_while(char::is_ascii_digit).count());
            let pad = (pitch - 1).saturating_sub(digits);
            put(
                frame.buffer_mut(),
                (x + pad, y),
                &total,
                pitch - pad,
                Cut::End,
                style,
            );
        }
    }
}

fn draw_row(
    frame: &mut Canvas,
    (area, y): (Rect, u16),
    theme: &Theme,
    layout: &Layout,
    cells: &impl Cells,
    row: usize,
    place: Cell,
) {
    let here = place.row == Some(row);
    let (name, total) = cells.row(row);
    let base = if here {
        let bar = Rect {
            y,
            height: 1,
            width: area.width.saturating_sub(1),
            ..area
        };
        frame.buffer_mut().set_style(bar, theme.selected);
        put(
            frame.buffer_mut(),
            (area.x, y),
            MARKER,
            1,
            Cut::End,
            theme.accent,
        );
        theme.selected
    } else {
        Style::new()
    };
    let x = area.x + MARGIN;
    put_line(
        frame.buffer_mut(),
        (x, y),
        &name,
        layout.names,
        Cut::End,
        base,
    );
    let x = x + layout.names + 1;
    let pad = TOTAL.saturating_sub(columns(super::text::line_width(&total)));
    put_line(
        frame.buffer_mut(),
        (x + pad, y),
        &total,
        TOTAL - pad,
        Cut::End,
        base,
    );
    for (column, x, pitch) in &layout.columns {
        let (sign, style) = cells.cell(row, *column);
        let middle = x + pitch - 2;
        put(
            frame.buffer_mut(),
            (middle, y),
            sign,
            1,
            Cut::End,
            base.patch(style),
        );
        if here && place.column == Some(*column) {
            for (x, bracket) in [(middle - 1, "["), (middle + 1, "]")] {
                put(
                    frame.buffer_mut(),
                    (x, y),
                    bracket,
                    1,
                    Cut::End,
                    theme.accent,
                );
            }
        }
    }
}

#[cfg(test)]
mod tests;
