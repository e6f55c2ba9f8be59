//! The only way to put text on the screen: sanitize, cut to the width, draw.

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::Line;

pub use crate::text::{
    Cut, ELLIPSIS, clean, plain_start, skip_columns, truncate, truncate_end, truncate_middle,
    width, wrap,
};

/// Converts a number of columns to the screen's type, saturating.
#[must_use]
pub fn columns(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Writes `text`, sanitized and cut to `max` columns, at (`x`, `y`). Returns the columns it took; outside of the buffer, 0.
pub fn put(
    buf: &mut Buffer,
    (x, y): (u16, u16),
    text: &str,
    max: u16,
    cut: Cut,
    style: Style,
) -> u16 {
    if !buf.area.contains((x, y).into()) {
        return 0;
    }
    let room = max.min(buf.area.right().saturating_sub(x));
    let cleaned = clean(text);
    let shown = truncate(&cleaned, usize::from(room), cut);
    let (plain, rest) = shown.split_at(plain_start(&shown));
    let begin = buf.index_of(x, y);
    // One letter per cell: finding graphemes in all names would take a seventh of a frame's time.
    if let Some(cells) = buf.content.get_mut(begin..begin + plain.len()) {
        for (cell, letter) in cells.iter_mut().zip(plain.bytes()) {
            cell.set_char(char::from(letter)).set_style(style);
        }
    }
    let taken = columns(plain.len());
    if rest.is_empty() {
        return taken;
    }
    let left = usize::from(room.saturating_sub(taken));
    let (end, _) = buf.set_stringn(x + taken, y, rest, left, style);
    end.saturating_sub(x)
}

/// Writes a line of styled spans like [`put`], each span's style over the line's over `base`. A line of several spans is always
/// cut at its end.
pub fn put_line(
    buf: &mut Buffer,
    (x, y): (u16, u16),
    line: &Line<'_>,
    max: u16,
    cut: Cut,
    base: Style,
) -> u16 {
    let base = base.patch(line.style);
    if let [span] = line.spans.as_slice() {
        return put(buf, (x, y), &span.content, max, cut, base.patch(span.style));
    }
    let mut left = line_width(line);
    let mut used = 0;
    for span in &line.spans {
        let room = max.saturating_sub(used);
        let taken = width(&clean(&span.content));
        left = left.saturating_sub(taken);
        let style = base.patch(span.style);
        if taken + usize::from(left > 0) <= usize::from(room) || left + taken <= usize::from(room) {
            used += put(buf, (x + used, y), &span.content, room, Cut::End, style);
        } else {
            // A span that would just fit must still show that the rest is cut.
            let cut_here = format!("{}{ELLIPSIS}", span.content);
            used += put(buf, (x + used, y), &cut_here, room, Cut::End, style);
            break;
        }
    }
    used
}

/// Returns the columns of `line` after sanitizing.
#[must_use]
pub fn line_width(line: &Line<'_>) -> usize {
    line.spans
        .iter()
        .map(|span| width(&clean(&span.content)))
        .sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::layout::Rect;

    use super::*;

    proptest! {
        #[test]
        fn letters_are_put_as_the_library_sets_them(
            text in "([ -~]|[äe\u{301}…客👩\u{200d}💻\u{1b}]){0,24}",
            x in 0u16..20,
            max in 0u16..24,
        ) {
            let style = Style::new().bold();
            let area = Rect::new(0, 0, 20, 2);
            let mut ours = Buffer::empty(area);
            let used = put(&mut ours, (x, 1), &text, max, Cut::End, style);
            let mut theirs = Buffer::empty(area);
            let shown = truncate(&clean(&text), usize::from(max.min(20 - x)), Cut::End).into_owned();
            let (end, _) = theirs.set_stringn(x, 1, shown, usize::from(max), style);
            prop_assert_eq!(used, end - x);
            prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn a_line_of_spans_shows_that_its_end_was_cut() {
        let draw = |max| {
            let mut buf = Buffer::empty(Rect::new(0, 0, 9, 1));
            let line = Line::from(vec!["2 active".into(), " ".into()]);
            let used = put_line(&mut buf, (0, 0), &line, max, Cut::Middle, Style::new());
            let text: String = buf
                .content()
                .iter()
                .map(ratatui::buffer::Cell::symbol)
                .collect();
            (used, text)
        };
        assert_eq!(draw(9), (9, "2 active ".into()));
        assert_eq!(draw(8), (8, "2 activ… ".into()));
        assert_eq!(draw(0), (0, "         ".into()));
    }
}
