//! The matrix for the grid.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::screen::View;
use crate::domain::ids::PoolId;
use crate::domain::scope_matrix::{Cell, ScopeColumn, ScopeMatrix};
use crate::screens::shared::format;
use crate::ui::grid::Cells;

/// The filtered matrix.
pub struct MapCells<'a> {
    map: &'a ScopeMatrix,
    rows: &'a [usize],
    columns: &'a [usize],
    pool: &'a PoolId,
    view: &'a View<'a>,
    /// A scope counts as unused only once all clients are read.
    whole: bool,
}

impl<'a> MapCells<'a> {
    pub fn of(
        map: &'a ScopeMatrix,
        rows: &'a [usize],
        columns: &'a [usize],
        pool: &'a PoolId,
        view: &'a View<'a>,
    ) -> Self {
        Self {
            map,
            rows,
            columns,
            pool,
            view,
            whole: map.is_whole(),
        }
    }

    fn column(&self, at: usize) -> Option<&'a ScopeColumn> {
        self.map.columns.get(*self.columns.get(at)?)
    }

    /// The style of a scope that no loaded resource server defines.
    fn undefined(&self) -> Style {
        if self.map.servers_whole {
            self.view.theme.bad
        } else {
            self.view.theme.dim
        }
    }
}

impl Cells for MapCells<'_> {
    fn columns(&self) -> usize {
        self.columns.len()
    }

    fn rows(&self) -> usize {
        self.rows.len()
    }

    fn group(&self, column: usize) -> &str {
        self.column(column).map_or("", ScopeColumn::server)
    }

    fn head(&self, column: usize) -> (&str, Style) {
        let theme = self.view.theme;
        let Some(column) = self.column(column) else {
            return ("", theme.text);
        };
        let style = if !column.defined {
            self.undefined()
        } else if self.whole && column.holders == 0 {
            theme.warn
        } else {
            theme.text
        };
        (column.name(), style)
    }

    fn row(&self, row: usize) -> (Line<'_>, Line<'_>) {
        let theme = self.view.theme;
        let Some(row) = self.rows.get(row).and_then(|row| self.map.rows.get(*row)) else {
            return (Line::default(), Line::default());
        };
        let name = Line::raw(row.name.as_str());
        let Some(held) = &row.held else {
            let load = self.view.store.client(self.pool, &row.id);
            return (name, format::pending(load, self.pool, self.view).into());
        };
        let count = held.allowed + held.inactive;
        let total = if held.whole_servers.is_empty() {
            // A space instead of the sign aligns the digits.
            Line::from(vec![Span::raw(count.to_string()), Span::raw(" ")])
        } else {
            Line::from(vec![Span::styled(format!("{count}!"), theme.warn)])
        };
        (name, total)
    }

    fn cell(&self, row: usize, column: usize) -> (&'static str, Style) {
        let theme = self.view.theme;
        let cell = self
            .rows
            .get(row)
            .zip(self.columns.get(column))
            .and_then(|(row, column)| self.map.cell(*row, *column));
        match cell {
            Some(cell) => (sign(cell), style(cell, self.view)),
            None => (" ", theme.text),
        }
    }

    fn total(&self, column: usize) -> (String, Style) {
        let theme = self.view.theme;
        match self.column(column) {
            Some(column) if self.whole && column.holders == 0 => ("0!".to_owned(), theme.warn),
            // Clients that are not read may have it.
            Some(column) if column.holders == 0 => ("?".to_owned(), theme.dim),
            // At least this many.
            Some(column) if !self.whole => (format!("{}+", column.holders), theme.dim),
            Some(column) if !column.defined && self.map.servers_whole => {
                (format!("{}!", column.holders), theme.bad)
            }
            Some(column) => (column.holders.to_string(), theme.dim),
            None => (String::new(), theme.dim),
        }
    }
}

/// The sign of a cell.
pub const fn sign(cell: Cell) -> &'static str {
    match cell {
        Cell::Allowed => "●",
        Cell::Inactive => "○",
        Cell::NotAllowed => "·",
        Cell::NotDefined => " ",
        Cell::Listed => "?",
    }
}

/// The style of a cell.
pub fn style(cell: Cell, view: &View) -> Style {
    match cell {
        Cell::Allowed => view.theme.good,
        Cell::Inactive => view.theme.bad,
        Cell::NotAllowed | Cell::NotDefined | Cell::Listed => view.theme.dim,
    }
}
