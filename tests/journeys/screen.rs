//! Reads a drawn screen.

use ratatui::buffer::{Buffer, CellWidth as _};

/// Returns the buffer as text, one line per row, without trailing blanks.
pub fn text(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut lines = Vec::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut x = area.left();
        while x < area.right() {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            // A wide character covers the cells behind it.
            x += symbol.cell_width().max(1);
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

/// Returns whether the words are on the screen: in a row, or wrapped over the rows of a pane, or of a column beside another.
pub fn has(screen: &str, words: &str) -> bool {
    let words = squeezed(words);
    let panes = screen
        .lines()
        .map(|line| line.matches('│').count() + 1)
        .max()
        .unwrap_or(1);
    let whole = screen.replace('│', " ");
    squeezed(&whole).contains(&words)
        || (0..panes).any(|pane| squeezed(&column(screen, pane)).contains(&words))
}

/// Returns the text between two borders, over all rows.
fn column(screen: &str, pane: usize) -> String {
    let parts = screen
        .lines()
        .filter_map(|line| line.split('│').nth(pane))
        .map(str::trim);
    parts.collect::<Vec<_>>().join(" ")
}

fn squeezed(text: &str) -> String {
    // A pane's scrollbar stands in its last column.
    let text = text.replace(['┃', '█'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the characters on the screen that a terminal would interpret, or that hide or reorder others, except the joiner inside
/// an emoji.
pub fn dangerous(screen: &str) -> Vec<char> {
    let hides = |c: char| {
        c != '\n' && c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    let is_emoji = |c: Option<&char>| c.is_some_and(|c| *c >= '\u{1f000}');
    let letters: Vec<char> = screen.chars().collect();
    let found = letters.iter().enumerate().filter(|(at, c)| {
        let joins = **c == '\u{200d}'
            && is_emoji(letters.get(at.wrapping_sub(1)))
            && is_emoji(letters.get(at + 1));
        hides(**c) && !joins
    });
    found.map(|(_, c)| *c).collect()
}

#[test]
fn words_are_found_however_they_are_wrapped() {
    let screen = "┌ A ───┐┌ B ───┐\n│ one  ││ three│\n│ two  ││ four │\n└──────┘└──────┘";
    for words in ["one two", "three four", "one"] {
        assert!(has(screen, words), "{words}");
    }
    assert!(!has(screen, "two three"));
}
