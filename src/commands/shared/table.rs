//! Tables, printed page by page.

use std::fmt::Write as _;

use crate::text::{Cut, clean, truncate, width};

/// Between two columns.
const GAP: &str = "  ";
/// The minimum width of a column that is cut to fit the terminal.
const NARROWEST: usize = 6;

/// A column's heading, and what to cut if the room is too small.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub title: &'static str,
    pub cut: Cut,
    /// The usual width of its cells, so that a short first page aligns with later pages.
    pub usual: usize,
}

/// A table whose rows arrive in pages. Columns are as wide as the widest cell so far and may grow with a later page.
pub struct Table {
    columns: Vec<Column>,
    /// The wanted widths, before cutting.
    widths: Vec<usize>,
    /// The columns of the terminal; `None` without a limit.
    room: Option<usize>,
    bold: bool,
    started: bool,
}

impl Table {
    pub fn new(columns: Vec<Column>, room: Option<usize>, bold: bool) -> Self {
        Self {
            widths: columns
                .iter()
                .map(|column| column.usual.max(width(column.title)))
                .collect(),
            columns,
            room,
            bold,
            started: false,
        }
    }

    /// Widens the columns for a row, for rows that arrive one by one.
    pub fn fit(&mut self, row: &[String]) {
        self.widen(row.iter().map(|cell| width(&clean(cell))));
    }

    fn widen(&mut self, cells: impl Iterator<Item = usize>) {
        for (widest, cell) in self.widths.iter_mut().zip(cells) {
            *widest = (*widest).max(cell);
        }
    }

    /// The lines of the next page, cleaned; the first page has the heading.
    pub fn page(&mut self, rows: &[Vec<String>]) -> String {
        let rows: Vec<Vec<_>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| clean(cell)).collect())
            .collect();
        for row in &rows {
            self.widen(row.iter().map(|cell| width(cell)));
        }
        let widths = self.fitted();
        let mut lines = String::new();
        if !self.started && !rows.is_empty() {
            self.started = true;
            let titles = self.columns.iter().map(|column| column.title);
            let heading = self.line(titles, &widths);
            if self.bold {
                // Writing to a string cannot fail, here and below.
                let _ = writeln!(lines, "\x1b[1m{heading}\x1b[0m");
            } else {
                let _ = writeln!(lines, "{heading}");
            }
        }
        for row in &rows {
            let line = self.line(row.iter().map(AsRef::as_ref), &widths);
            let _ = writeln!(lines, "{line}");
        }
        lines
    }

    /// The widths that fit: the widest column shrinks first.
    fn fitted(&self) -> Vec<usize> {
        let mut widths = self.widths.clone();
        let Some(room) = self.room else {
            return widths;
        };
        let gaps = GAP.len() * widths.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + gaps > room {
            match widths.iter_mut().max() {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
        }
        widths
    }

    fn line<'a>(&self, cells: impl Iterator<Item = &'a str>, widths: &[usize]) -> String {
        let mut line = String::new();
        for ((cell, column), width_here) in cells.zip(&self.columns).zip(widths) {
            let shown = match self.room {
                Some(_) => truncate(cell, *width_here, column.cut),
                None => cell.into(),
            };
            let padding = width_here.saturating_sub(width(&shown));
            let _ = write!(line, "{shown}{:padding$}{GAP}", "");
        }
        line.truncate(line.trim_end().len());
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(room: Option<usize>) -> Table {
        let column = |title, cut| Column {
            title,
            cut,
            usual: 0,
        };
        Table::new(
            vec![column("ID", Cut::Middle), column("NAME", Cut::End)],
            room,
            false,
        )
    }

    fn row(id: &str, name: &str) -> Vec<String> {
        vec![id.to_owned(), name.to_owned()]
    }

    #[test]
    fn later_pages_grow_the_columns_and_repeat_no_heading() {
        let mut table = table(None);
        assert_eq!(
            table.page(&[row("abc", "one"), row("d", "two")]),
            "ID   NAME\nabc  one\nd    two\n"
        );
        assert_eq!(table.page(&[row("efghij", "three")]), "efghij  three\n");
        assert_eq!(table.page(&[row("k", "")]), "k\n");
    }

    #[test]
    fn rows_that_come_one_by_one_stand_in_line_once_all_were_seen() {
        let rows = [row("abc", "one"), row("d", "two")];
        let mut streamed = table(None);
        for row in &rows {
            streamed.fit(row);
        }
        let lines: String = rows.map(|row| streamed.page(&[row])).into_iter().collect();
        assert_eq!(lines, "ID   NAME\nabc  one\nd    two\n");
    }

    #[test]
    fn nothing_is_cut_without_a_limit_and_all_fits_with_one() {
        let id = "eu-west-1_AbCdEf123";
        let name = "a name that goes on and on";
        let whole = table(None).page(&[row(id, name)]);
        assert!(whole.contains(id) && whole.contains(name), "{whole}");
        let narrow = table(Some(24)).page(&[row(id, name)]);
        assert!(narrow.lines().all(|line| width(line) <= 24), "{narrow}");
        assert!(
            narrow.contains("eu-w") && narrow.contains("f123"),
            "{narrow}"
        );
    }

    #[test]
    fn wide_characters_stay_aligned_and_controls_are_made_visible() {
        let lines = table(None).page(&[row("顧客", "\x1b[31mred"), row("abcd", "\u{202e}x\ny")]);
        assert_eq!(lines, "ID    NAME\n顧客  ␛[31mred\nabcd  ⟨U+202E⟩x␊y\n");
    }

    #[test]
    fn a_column_starts_as_wide_as_its_cells_usually_are() {
        let column = |usual| Column {
            title: "ID",
            cut: Cut::Middle,
            usual,
        };
        let mut table = Table::new(vec![column(4), column(0)], None, false);
        assert_eq!(table.page(&[row("a", "b")]), "ID    ID\na     b\n");
        assert_eq!(table.page(&[row("abcd", "b")]), "abcd  b\n");
    }

    #[test]
    fn the_heading_waits_for_a_row() {
        let mut table = table(None);
        assert_eq!(table.page(&[]), "");
        assert_eq!(table.page(&[row("a", "b")]), "ID  NAME\na   b\n");
    }
}
