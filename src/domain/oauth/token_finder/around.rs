//! The surroundings of a token, in words.

/// Straight, typographic and angular quotes; typographic ones are what editors make of straight ones.
const QUOTES: &str =
    "\"'`\u{2018}\u{2019}\u{201a}\u{201c}\u{201d}\u{201e}\u{ab}\u{bb}\u{2039}\u{203a}";

pub(super) fn is_quote(letter: char) -> bool {
    QUOTES.contains(letter)
}

/// The text around a token: the lines before it, and what is on its own.
pub(super) fn words_around(lines: usize, before: &str, after: Option<char>) -> Vec<String> {
    let mut cleaned = Vec::new();
    if lines > 0 {
        cleaned.push(format!("{lines} lines before it"));
    }
    let plain = before.trim_end_matches(is_quote).trim_end();
    if plain.to_ascii_lowercase().ends_with("bearer") {
        cleaned.push("`Bearer` in front of it".to_owned());
    } else if !plain.is_empty() {
        cleaned.push(format!(
            "{} characters in front of it",
            before.chars().count()
        ));
    }
    let quotes = [before.chars().next_back(), after];
    let mut quotes = quotes.into_iter().flatten().filter(|c| is_quote(*c));
    if let Some(found) = quotes.next() {
        let kind = if found.is_ascii() {
            "quotes around it".to_owned()
        } else {
            format!(
                "typographic quotes around it, at position {}",
                before.chars().count().max(1)
            )
        };
        cleaned.push(kind);
    }
    cleaned
}
