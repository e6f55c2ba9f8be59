//! The forms in which a text may hold a token: as it is, and without what programs write letters as.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What chat programs and web pages put between letters for their own ends.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

/// Decodes a text that a program encoded; another is left as it is.
type Decoder = fn(&str) -> String;

/// A text as it is, then decoded in each way that changes it, with what that way is called.
pub(super) fn of(text: &str) -> Vec<(String, Option<&'static str>)> {
    let plain = without_escapes(text);
    let ways: [(Decoder, &str); 4] = [
        (percent, "percent-encoding in it"),
        (backslashes, "escapes in it"),
        (entities, "HTML entities in it"),
        (base64_words, "base64 around it"),
    ];
    let decoded = ways.map(|(decode, name)| (decode(&plain), Some(name)));
    let changed = decoded.into_iter().filter(|(view, _)| *view != plain);
    let mut views: Vec<_> = changed.collect();
    views.insert(0, (plain, None));
    views
}

/// Without the sequences that colour a terminal.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\u{1b}' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('[') => {
                letters.find(|c| ('\u{40}'..='\u{7e}').contains(c));
            }
            // A hyperlink or a title, up to its terminator.
            Some(']') => {
                while let Some(letter) = letters.next() {
                    if letter == '\u{7}'
                        || letter == '\u{1b}' && letters.next_if_eq(&'\\').is_some()
                    {
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    plain
}

/// Replaces each `lead` that a code of `read` follows.
fn replaced(text: &str, lead: &str, read: impl Fn(&str) -> Option<(char, usize)>) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(lead) {
        plain.push_str(before);
        if let Some((letter, length)) = read(after) {
            plain.push(letter);
            rest = after.get(length..).unwrap_or_default();
        } else {
            plain.push_str(lead);
            rest = after;
        }
    }
    plain + rest
}

fn code(digits: &str, radix: u32) -> Option<char> {
    let plain = digits.chars().all(|digit| digit.is_digit(radix));
    char::from_u32(u32::from_str_radix(digits, radix).ok()?).filter(|_| plain)
}

fn percent(text: &str) -> String {
    let once = |text: &str| {
        replaced(text, "%", |rest| {
            let digits = rest.get(..2)?;
            code(digits, 16).filter(char::is_ascii).map(|c| (c, 2))
        })
    };
    // Encoded once more where one address is in another.
    let plain = once(text);
    if plain.contains("%2") || plain.contains("%3") {
        return once(&plain);
    }
    plain
}

/// Of JSON and of languages: `\n`, `\"`, `\/`, `\u002e`, `\x2e`.
fn backslashes(text: &str) -> String {
    let once = |text: &str| {
        replaced(text, "\\", |rest| {
            let first = rest.chars().next()?;
            match first {
                'n' | 'r' => Some(('\n', 1)),
                't' => Some((' ', 1)),
                'u' => code(rest.get(1..5)?, 16).map(|c| (c, 5)),
                'x' => code(rest.get(1..3)?, 16).map(|c| (c, 3)),
                '"' | '\'' | '/' | '\\' => Some((first, 1)),
                _ => None,
            }
        })
    };
    let plain = once(text);
    if plain.contains('\\') {
        return once(&plain);
    }
    plain
}

fn entities(text: &str) -> String {
    replaced(text, "&", |rest| {
        let (name, _) = rest.split_once(';').filter(|(name, _)| name.len() <= 6)?;
        let letter = match name {
            "quot" => '"',
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "period" => '.',
            "nbsp" => ' ',
            _ => match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
                Some(digits) => code(digits, 16)?,
                None => code(name.strip_prefix('#')?, 10)?,
            },
        };
        Some((letter, name.len() + 1))
    })
}

/// Words that decode to a token, as Kubernetes keeps secrets.
fn base64_words(text: &str) -> String {
    let begins = ["ZXlK", "QmVhcmVyIGV5", "ImV5"];
    let words = text.split_inclusive(|c: char| c.is_whitespace() || "\"':,".contains(c));
    words
        .map(|word| {
            let bare = word.trim_end_matches(|c: char| c.is_whitespace() || "\"':,".contains(c));
            let decoded = begins
                .iter()
                .any(|begin| bare.starts_with(begin))
                .then(|| STANDARD.decode(bare).ok())
                .flatten();
            match decoded.and_then(|bytes| String::from_utf8(bytes).ok()) {
                Some(plain) => plain + word.get(bare.len()..).unwrap_or_default(),
                None => word.to_owned(),
            }
        })
        .collect()
}
