//! Text from outside as the literals and comments of each language: nothing in it is expanded, ends the literal early, or
//! reaches a terminal as a command.

use std::fmt::Write as _;

/// How a language spells a character by its number. Up to U+FFFF all have `\uXXXX`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) enum EscapeStyle {
    /// Two UTF-16 units, `\uD83D\uDE00`.
    Json,
    /// `\U0001F600`.
    Yaml,
    /// `\U0001F600`; `${` and `%{` begin a template.
    Hcl,
    /// `\u{1F600}`.
    TypeScript,
}

/// A double-quoted literal.
pub(in crate::domain) fn quoted(text: &str, spelling: EscapeStyle) -> String {
    format!("\"{}\"", escaped(text, spelling))
}

/// The text between the quotes of a double-quoted literal.
pub(super) fn escaped(text: &str, spelling: EscapeStyle) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if spelling == EscapeStyle::Hcl && chars.peek() == Some(&'{') => {
                out.extend([c, c]);
            }
            c if is_hidden(c) => by_number(c, spelling, &mut out),
            c => out.push(c),
        }
    }
    out
}

fn by_number(c: char, spelling: EscapeStyle, out: &mut String) {
    let number = u32::from(c);
    // Writing to a string cannot fail.
    let _ = match spelling {
        _ if number <= 0xFFFF => write!(out, "\\u{number:04X}"),
        EscapeStyle::Yaml | EscapeStyle::Hcl => write!(out, "\\U{number:08X}"),
        EscapeStyle::TypeScript => write!(out, "\\u{{{number:X}}}"),
        EscapeStyle::Json => c
            .encode_utf16(&mut [0; 2])
            .iter()
            .try_for_each(|unit| write!(out, "\\u{unit:04X}")),
    };
}

/// Whether a reader would not see the character for what it is: controls, overrides of the direction, what has no width.
pub(in crate::domain) fn is_hidden(c: char) -> bool {
    !matches!(c, '"' | '\'' | '\\') && c.escape_debug().len() > 1
}

/// A line of a comment.
pub(super) fn comment(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let hidden = is_hidden(c);
            let shown = (!hidden).then_some(c);
            shown
                .into_iter()
                .chain(hidden.then(|| c.escape_debug()).into_iter().flatten())
        })
        .collect()
}

/// Lines of a comment, each behind `mark`, and an empty line.
pub(super) fn comments(lines: &[String], mark: &str) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("{mark} {}", comment(line)))
        .collect();
    format!("{}\n\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_literal_early_or_is_expanded() {
        let text = "a\"b\\c\n${x}%{y}$z\u{7}";
        assert_eq!(
            quoted(text, EscapeStyle::Hcl),
            r#""a\"b\\c\n$${x}%%{y}$z\u0007""#
        );
        assert_eq!(
            quoted(text, EscapeStyle::Json),
            r#""a\"b\\c\n${x}%{y}$z\u0007""#
        );
    }

    #[test]
    fn what_nobody_sees_is_spelt_by_its_number() {
        let text = "\u{202e}é😀\u{e0001}";
        assert_eq!(
            quoted(text, EscapeStyle::Json),
            r#""\u202Eé😀\uDB40\uDC01""#
        );
        assert_eq!(quoted(text, EscapeStyle::Yaml), r#""\u202Eé😀\U000E0001""#);
        assert_eq!(quoted(text, EscapeStyle::Hcl), r#""\u202Eé😀\U000E0001""#);
        assert_eq!(
            quoted(text, EscapeStyle::TypeScript),
            r#""\u202Eé😀\u{E0001}""#
        );
        assert_eq!(comment("a\nb\u{1b}[2J'"), r"a\nb\u{1b}[2J'");
    }
}
