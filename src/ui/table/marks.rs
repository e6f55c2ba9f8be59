//! Marks the letters that a filter matched in the cells.

use ratatui::text::Line;
use unicode_segmentation::UnicodeSegmentation;

use super::column::{Column, ColumnSpan};
use super::within;
use crate::ui::filter::Filter;
use crate::ui::frame::Canvas;
use crate::ui::text::{Cut, clean, columns, truncate, width};
use crate::ui::theme::Theme;

/// Marks the row drawn at (`x`, `y`), number `index` of the rows that match the filter.
pub(super) fn draw(
    frame: &mut Canvas,
    (x, y): (u16, u16),
    theme: &Theme,
    filter: &Filter,
    index: usize,
    cells: &[(ColumnSpan, &Column, &Line<'_>)],
) {
    let texts: Vec<String> = cells
        .iter()
        .map(|(_, _, cell)| clean(&cell.to_string()).into_owned())
        .collect();
    for (at, graphemes) in filter.marks(index, &texts) {
        let (Some((place, column, cell)), Some(text)) = (cells.get(at), texts.get(at)) else {
            continue;
        };
        let (x, room) = within(x, *place, column, cell);
        // A line of several spans is always cut at its end.
        let cut = if cell.spans.len() == 1 {
            column.cut
        } else {
            Cut::End
        };
        let shown = truncate(text, usize::from(room), cut);
        for (from, to) in match_ranges(text, &shown, &graphemes) {
            for column in from..to {
                if let Some(cell) = frame.buffer_mut().cell_mut((x + columns(column), y)) {
                    cell.set_style(theme.found);
                }
            }
        }
    }
}

/// Returns the columns of `shown`, a cut version of `text`, that show the `wanted` graphemes of `text`.
fn match_ranges(text: &str, shown: &str, wanted: &[usize]) -> Vec<(usize, usize)> {
    let whole: Vec<&str> = text.graphemes(true).collect();
    let left: Vec<&str> = shown.graphemes(true).collect();
    let alike = |(a, b): &(&&str, &&str)| a == b;
    let head = whole.iter().zip(&left).take_while(alike).count();
    // The ellipsis belongs to neither end.
    let most = left.len().saturating_sub(head + 1);
    let tail = whole
        .iter()
        .rev()
        .zip(left.iter().rev())
        .take(most)
        .take_while(alike)
        .count();
    let place = |&at: &usize| {
        if at < head {
            Some(at)
        } else {
            let from_end = whole.len().checked_sub(at)?;
            (from_end <= tail).then(|| left.len() - from_end)
        }
    };
    let spot = |at: usize| {
        let before: usize = left.iter().take(at).map(|grapheme| width(grapheme)).sum();
        Some((before, before + width(left.get(at)?)))
    };
    wanted.iter().filter_map(place).filter_map(spot).collect()
}

#[cfg(test)]
mod tests {
    use crossterm::event::Event;

    use super::*;
    use crate::ui::table::{Row, Table, TableState};
    use crate::ui::testing::buffer;

    /// Returns the drawn text, and below it a `^` for each marked column.
    fn marked(query: &str, cells: [&'static str; 2], theme: &Theme) -> Vec<String> {
        const COLUMNS: [Column; 2] = [Column::fixed("", 9), Column::fixed("", 7).middle()];
        let mut filter = Filter::default();
        filter.set_rows([cells]);
        filter.open();
        filter.edit(&Event::Paste(query.to_owned()));
        let buffer = buffer(20, 1, |frame| {
            Table::new(&COLUMNS).found_by(&filter).draw(
                frame,
                frame.area(),
                theme,
                &mut TableState::default(),
                filter.len(),
                |_| Row::new(cells),
            );
        });
        let of = |letter: &dyn Fn(&ratatui::buffer::Cell) -> String| {
            let line: String = buffer.content().iter().map(letter).collect();
            line.trim_end().to_owned()
        };
        let found = |cell: &ratatui::buffer::Cell| {
            let style = cell.style();
            let is = style.fg == theme.found.fg.or(style.fg)
                && style.add_modifier.contains(theme.found.add_modifier);
            if is && cell.symbol() != "▌" {
                "^"
            } else {
                " "
            }
            .to_owned()
        };
        vec![of(&|cell| cell.symbol().to_owned()), of(&found)]
    }

    #[test]
    fn marks_stand_under_their_letters_however_the_cell_is_cut() {
        for theme in [Theme::colour(), Theme::monochrome()] {
            let marked = |query, cells| marked(query, cells, &theme);
            assert_eq!(
                marked("auth", ["my_auth", "4k2ab"]),
                ["▌ my_auth   4k2ab", "     ^^^^"]
            );
            assert_eq!(
                marked("k29q", ["machine_auth", "4k2abcdef9qv"]),
                ["▌ machine_… 4k2…9qv", "             ^^ ^^"]
            );
            assert_eq!(
                marked("auth", ["machine_auth", "4k2"]),
                ["▌ machine_… 4k2", ""]
            );
            assert_eq!(
                marked("客x", ["顧客x\u{202e}", "4k2"]),
                ["▌ 顧 客 x⟨U+… 4k2", "    ^^^"]
            );
        }
    }
}
