//! Makes untrusted text safe, measures and cuts it, for the screens and the output of commands.
//!
//! Names, descriptions, claims and error bodies come from outside. A terminal interprets some characters and hides others, so
//! [`clean`] makes all of them visible. All widths are terminal columns, and nothing here splits a grapheme.
//!
//! A room of its own, as `ui` and `commands` may not import each other. It imports no other room.

use std::borrow::Cow;
use std::fmt::Write as _;

use ratatui::buffer::CellWidth as _;
use unicode_segmentation::UnicodeSegmentation;

/// Replaces the part that was cut.
pub const ELLIPSIS: &str = "…";

/// Which part of a text that is too wide is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cut {
    /// The end: for names and prose.
    #[default]
    End,
    /// The middle: for ids and URLs, which differ at their ends.
    Middle,
}

/// Replaces every character that a terminal would interpret, reorder or hide: `ESC` becomes `␛`, a right-to-left override
/// `⟨U+202E⟩`. Emoji keep the joiners that make them one picture.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut clean_so_far = true;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |&(_, next)| next);
        if is_hidden(c) && !belongs_to_emoji(before, c, after) {
            if clean_so_far {
                out.push_str(text.get(..at).unwrap_or_default());
                clean_so_far = false;
            }
            write_visibly(&mut out, c);
        } else if !clean_so_far {
            out.push(c);
        }
        before = c;
    }
    if clean_so_far {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(out)
    }
}

/// Returns whether `c` is a control character, or has no width or shape of its own: Unicode's default-ignorable characters,
/// including the bidi controls, the line separators, private use and noncharacters.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0xAD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164
            | 0xE000..=0xF8FF | 0xFDD0..=0xFDEF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB
            | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0x0010_FFFF)
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Returns whether `c` is the joiner or the variation selector inside an emoji, such as 👩‍💻 or ❤️, where it changes the shape.
fn belongs_to_emoji(before: char, c: char, after: char) -> bool {
    let pictograph =
        |c: char| matches!(u32::from(c), 0x2190..=0x27FF | 0x2900..=0x2BFF | 0x1F000..=0x1FAFF);
    match c {
        '\u{200D}' => (pictograph(before) || before == '\u{FE0F}') && pictograph(after),
        '\u{FE0E}' | '\u{FE0F}' => {
            pictograph(before) || (matches!(before, '0'..='9' | '#' | '*') && after == '\u{20E3}')
        }
        _ => false,
    }
}

fn write_visibly(out: &mut String, c: char) {
    let code = u32::from(c);
    let picture = match code {
        0..=0x1F => char::from_u32(0x2400 + code),
        0x7F => Some('␡'),
        _ => None,
    };
    match picture {
        Some(picture) => out.push(picture),
        // Writing to a String cannot fail.
        None => drop(write!(out, "⟨U+{code:04X}⟩")),
    }
}

/// Returns the columns of `text` on the screen, grapheme by grapheme as it is drawn.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(grapheme_width).sum()
}

/// Returns how many bytes at the start of `text` are printable ASCII, each a grapheme by itself. The last one before anything
/// else is excluded, as an accent may follow it.
#[must_use]
pub fn plain_start(text: &str) -> usize {
    let is_plain = |byte: &u8| (0x20..0x7f).contains(byte);
    match text.bytes().position(|byte| !is_plain(&byte)) {
        None => text.len(),
        Some(at) => at.saturating_sub(1),
    }
}

/// Returns the width that ratatui uses when it draws. It accepts no lone control character; [`clean`] leaves none.
fn grapheme_width(grapheme: &str) -> usize {
    if grapheme.len() == 1 {
        1
    } else {
        usize::from(grapheme.cell_width())
    }
}

/// Cuts `text` to `max` columns; `…` replaces its end if it is wider.
#[must_use]
pub fn truncate_end(text: &str, max: usize) -> Cow<'_, str> {
    if width(text) <= max {
        return Cow::Borrowed(text);
    }
    if max == 0 {
        return Cow::Borrowed("");
    }
    Cow::Owned(format!("{}{ELLIPSIS}", head(text, max - 1)))
}

/// Cuts `text` to `max` columns; `…` replaces its middle if it is wider. The head keeps the odd column.
#[must_use]
pub fn truncate_middle(text: &str, max: usize) -> Cow<'_, str> {
    if width(text) <= max {
        return Cow::Borrowed(text);
    }
    if max == 0 {
        return Cow::Borrowed("");
    }
    let kept = max - 1;
    let end = kept / 2;
    Cow::Owned(format!(
        "{}{ELLIPSIS}{}",
        head(text, kept - end),
        tail(text, end)
    ))
}

/// Cuts with [`truncate_end`] or [`truncate_middle`], as `cut` says.
#[must_use]
pub fn truncate(text: &str, max: usize, cut: Cut) -> Cow<'_, str> {
    match cut {
        Cut::End => truncate_end(text, max),
        Cut::Middle => truncate_middle(text, max),
    }
}

/// Returns the longest start of `text` within `max` columns.
fn head(text: &str, max: usize) -> &str {
    let plain = plain_start(text);
    if plain >= max {
        return text.get(..max).unwrap_or_default();
    }
    let mut used = plain;
    for (at, grapheme) in text.get(plain..).unwrap_or_default().grapheme_indices(true) {
        used += grapheme_width(grapheme);
        if used > max {
            return text.get(..plain + at).unwrap_or_default();
        }
    }
    text
}

/// Returns the longest end of `text` within `max` columns.
fn tail(text: &str, max: usize) -> &str {
    if text.is_ascii() {
        return text
            .get(text.len().saturating_sub(max)..)
            .unwrap_or_default();
    }
    let mut used = 0;
    let mut start = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme_width(grapheme);
        if used > max {
            break;
        }
        start = at;
    }
    text.get(start..).unwrap_or_default()
}

/// Returns `text` without its first `skipped` columns; a wide grapheme on the edge is removed, too.
#[must_use]
pub fn skip_columns(text: &str, skipped: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        if used >= skipped {
            return text.get(at..).unwrap_or_default();
        }
        used += grapheme_width(grapheme);
    }
    ""
}

/// Wraps `text` into lines of at most `max` columns, at spaces. A word wider than a line breaks after a sign in its second half,
/// as in a URL or a scope's name, else at the end of the line.
#[must_use]
pub fn wrap(text: &str, max: usize) -> Vec<String> {
    if max == 0 {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for mut word in text.split(' ').filter(|word| !word.is_empty()) {
        if used > 0 && used + 1 + width(word) > max {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        while width(word) > max {
            let part = match head(word, max) {
                // A two-column character does not fit into a one-column line.
                "" => break,
                part => up_to_sign(part),
            };
            lines.push(part.to_owned());
            word = word.strip_prefix(part).unwrap_or_default();
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += width(word);
    }
    if used > 0 || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Returns `part` up to its last sign of a URL or a scope's name, if that is more than half of it.
fn up_to_sign(part: &str) -> &str {
    let sign = |c: char| matches!(c, '/' | '.' | ':' | '?' | '&' | '=');
    let end = part.rfind(sign).map_or(part.len(), |at| at + 1);
    let whole = end <= part.len() / 2;
    part.get(..if whole { part.len() } else { end })
        .unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_would_obey_becomes_visible() {
        assert_eq!(clean("\x1b[31mred\x07\x7f"), "␛[31mred␇␡");
        assert_eq!(clean("a\u{202E}b\u{85}\n"), "a⟨U+202E⟩b⟨U+0085⟩␊");
        assert_eq!(clean("zero\u{200B}width"), "zero⟨U+200B⟩width");
        assert_eq!(clean("a\u{200D}b\u{FE0F}"), "a⟨U+200D⟩b⟨U+FE0F⟩");
    }

    #[test]
    fn ordinary_text_is_left_alone_and_not_copied() {
        for text in ["api/admin", "Größe", "顧客", "👩‍💻 ❤️ 1️⃣", "e\u{301}"] {
            assert!(
                matches!(clean(text), Cow::Borrowed(same) if same == text),
                "{text}"
            );
        }
    }

    #[test]
    fn cutting_keeps_graphemes_whole() {
        assert_eq!(truncate_end("machine_auth", 8), "machine…");
        assert_eq!(truncate_middle("4k2abcdefghi9qv", 7), "4k2…9qv");
        assert_eq!(truncate_middle("4k2abcdefghi9qv", 8), "4k2a…9qv");
        assert_eq!(truncate_end("👩‍💻👩‍💻👩‍💻", 4), "👩‍💻…");
        assert_eq!(
            truncate_middle("e\u{301}e\u{301}e\u{301}e\u{301}", 3),
            "e\u{301}…e\u{301}"
        );
        assert_eq!(truncate_end("顧客", 3), "顧…");
        assert_eq!(truncate_end("abc", 0), "");
        assert_eq!(truncate_end("abc", 1), "…");
    }

    #[test]
    fn wrapping_breaks_at_spaces_and_only_then_within_words() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(
            wrap("ab https://x.example", 8),
            ["ab", "https://", "x.exampl", "e"]
        );
        assert_eq!(
            wrap("https://acme.auth.eu-west-1.amazoncognito.com/oauth2", 28),
            ["https://acme.auth.eu-west-1.", "amazoncognito.com/oauth2"]
        );
        assert_eq!(
            wrap("billing/refunds.write", 19),
            ["billing/refunds.", "write"]
        );
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("顧客", 1), ["顧客"]);
    }

    proptest! {
        #[test]
        fn nothing_hidden_survives(text in "(\\PC|\\pC|[\u{200B}-\u{202E}\u{2060}-\u{206F}\u{7f}-\u{9f}\u{61c}a👩❤\u{fe0f}]){0,40}") {
            let shown = clean(&text);
            prop_assert!(!shown.chars().any(char::is_control));
            let bidi = |c: char| matches!(u32::from(c), 0x061C | 0x200E | 0x200F | 0x202A..=0x202E | 0x2066..=0x2069);
            prop_assert!(!shown.chars().any(bidi));
            prop_assert_eq!(clean(&shown), shown.clone());
        }

        #[test]
        fn a_cut_text_fits(text in "\\PC{0,30}", max in 0usize..20) {
            let text = clean(&text);
            prop_assert!(width(&truncate_end(&text, max)) <= max);
            prop_assert!(width(&truncate_middle(&text, max)) <= max);
        }
    }
}
