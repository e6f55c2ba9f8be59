//! A saved screen: text, and SVG with colours and weights.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, CellWidth as _};
use ratatui::style::{Color, Modifier};

/// Pixels of a cell in the SVG.
const CELL: (u32, u32) = (9, 18);
const PAPER: &str = "#1e1e24";
const INK: &str = "#d8d8dc";

/// Covers with `•` the pieces of each row that `find` returns as byte ranges.
pub fn cover(buffer: &mut Buffer, find: impl Fn(&str) -> Vec<std::ops::Range<usize>>) {
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        let (text, cells) = row(buffer, y);
        for range in find(&text) {
            let covered = cells.iter().filter(|(at, _)| range.contains(at));
            for (_, x) in covered {
                if let Some(cell) = buffer.cell_mut((*x, y)) {
                    let width = usize::from(cell.symbol().cell_width().max(1));
                    cell.set_symbol(if width > 1 { "••" } else { "•" });
                }
            }
        }
    }
}

/// Returns the rows as text, without trailing blanks.
#[must_use]
pub fn text(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut text = String::new();
    for y in area.top()..area.bottom() {
        text.push_str(row(buffer, y).0.trim_end());
        text.push('\n');
    }
    text
}

/// Returns the screen as SVG.
#[must_use]
pub fn svg(buffer: &Buffer) -> String {
    let area = buffer.area;
    let (wide, high) = (
        u32::from(area.width) * CELL.0,
        u32::from(area.height) * CELL.1,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"{PAPER}\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"15\" fill=\"{INK}\" xml:space=\"preserve\">\n"
    );
    for y in area.top()..area.bottom() {
        for (_, x) in row(buffer, y).1 {
            if let Some(cell) = buffer.cell((x, y)) {
                let place = (
                    u32::from(x - area.x) * CELL.0,
                    u32::from(y - area.y) * CELL.1,
                );
                draw_cell(&mut svg, place, cell);
            }
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn draw_cell(svg: &mut String, (x, y): (u32, u32), cell: &ratatui::buffer::Cell) {
    let reversed = cell.modifier.contains(Modifier::REVERSED);
    let wide = u32::from(cell.symbol().cell_width().max(1)) * CELL.0;
    let ink = colour(cell.fg);
    // Writing to a string cannot fail.
    if reversed {
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{}\" fill=\"{ink}\"/>",
            CELL.1
        );
    }
    if cell.symbol().trim().is_empty() {
        return;
    }
    let mut style = format!(" fill=\"{}\"", if reversed { PAPER } else { ink });
    for (modifier, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::DIM, " opacity=\"0.6\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ] {
        if cell.modifier.contains(modifier) {
            style.push_str(attribute);
        }
    }
    let _ = write!(svg, "<text x=\"{x}\" y=\"{}\"{style}>", y + 14);
    for c in cell.symbol().chars() {
        match c {
            '&' => svg.push_str("&amp;"),
            '<' => svg.push_str("&lt;"),
            '>' => svg.push_str("&gt;"),
            c => svg.push(c),
        }
    }
    svg.push_str("</text>\n");
}

/// Returns the theme's colours as most dark terminals show them.
fn colour(colour: Color) -> &'static str {
    match colour {
        Color::Cyan => "#5fc8d8",
        Color::Yellow => "#e0c060",
        Color::Red => "#e86a6a",
        Color::Green => "#7fc97f",
        _ => INK,
    }
}

/// Returns a row's text and, for each cell that starts a character, its byte offset in the text and its column.
fn row(buffer: &Buffer, y: u16) -> (String, Vec<(usize, u16)>) {
    let mut text = String::new();
    let mut cells = Vec::new();
    let mut x = buffer.area.left();
    while x < buffer.area.right() {
        let symbol = buffer.cell((x, y)).map_or(" ", |cell| cell.symbol());
        cells.push((text.len(), x));
        text.push_str(symbol);
        // A wide character covers the cells behind it.
        x = x.saturating_add(symbol.cell_width().max(1));
    }
    (text, cells)
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn buffer() -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 2));
        buffer.set_string(0, 0, "顧 <id> & x", Style::new());
        buffer.set_string(0, 1, "gone", Style::new().fg(Color::Red));
        buffer
    }

    #[test]
    fn what_is_covered_keeps_its_columns() {
        let mut buffer = buffer();
        cover(&mut buffer, |row| {
            let found = ["顧", "id"].iter().filter_map(|word| {
                let at = row.find(word)?;
                Some(at..at + word.len())
            });
            found.collect()
        });
        assert_eq!(text(&buffer), "•• <••> & x\ngone\n");
    }

    #[test]
    fn a_picture_is_well_formed_and_has_its_colours() {
        let svg = svg(&buffer());
        for piece in [">&lt;</text>", ">&amp;</text>", "fill=\"#e86a6a\">g</text>"] {
            assert!(svg.contains(piece), "{piece} is not in {svg}");
        }
        assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
    }
}
