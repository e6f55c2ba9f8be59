//! Finding the token in what a person pastes or a script pipes: a header line, a token endpoint's answer, a wrapped e-mail.

use std::borrow::Cow;

use serde_json::Value;

use super::jwt::{Jwt, JwtError};

/// Why no single token could be found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasteError {
    #[error("there is nothing to decode")]
    Empty,
    /// Nothing begins as a JWT's header must.
    #[error("there is no token in it: a JWT is header.claims.signature and begins with ey")]
    None,
    /// Where they are: the names of the JSON fields that hold them, or their lines.
    #[error("it holds {} tokens ({}): give one of them alone", .0.len(), .0.join(", "))]
    Several(Vec<String>),
}

/// A token that was pasted, decoded and not trusted, and what was taken away around it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedPaste {
    pub jwt: Jwt,
    /// Length of the signature in bytes: 256 for a key of 2,048 bits, and another number where the token was cut.
    pub signature: usize,
    /// What stood around the token or in it and was cleaned away, in words; empty where it was pasted as it is.
    pub cleaned: Vec<String>,
}

/// Why nothing can be read of a paste, and what to do about it. It quotes nothing of the paste.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct UnreadablePaste {
    pub what: String,
    pub next: String,
    /// Whether it looked like a token at all.
    pub looked_like_one: bool,
}

/// Finds the token in `text` and decodes it. The token's own text is the first of the pair.
///
/// # Errors
/// There is none, there are several, or what is there is no JWT: where it stops being one is said by position.
pub fn read(text: &str) -> Result<(String, ParsedPaste), UnreadablePaste> {
    let found = locate(text).map_err(|error| UnreadablePaste {
        looked_like_one: matches!(error, PasteError::Several(_)),
        what: error.to_string(),
        next: "Give the token itself, an Authorization header, or a token endpoint's answer."
            .to_owned(),
    })?;
    let unreadable = |error: JwtError| UnreadablePaste {
        what: format!("this is no JWT: {error}"),
        next: what_next(&error, &found),
        looked_like_one: true,
    };
    let jwt = Jwt::parse(&found.token).map_err(unreadable)?;
    let signature = Jwt::signature(&found.token).map_err(unreadable)?.len();
    let reading = ParsedPaste {
        jwt,
        signature,
        cleaned: found.cleaned,
    };
    Ok((found.token, reading))
}

/// Whether a word would be taken for a token, or for a part of one.
#[must_use]
pub fn looks_like_a_token(text: &str) -> bool {
    read(text).map_or_else(|unreadable| unreadable.looked_like_one, |_| true)
}

fn what_next(error: &JwtError, found: &Candidate) -> String {
    let length = found.token.chars().count();
    let ends = if found.stopped_at_space {
        format!(
            "White space follows its character {length}, and a token holds none: copy it without."
        )
    } else {
        format!("It ends after {length} characters.")
    };
    match error {
        JwtError::Parts(1) => format!("{ends} It was cut off in its header: copy it again, whole."),
        JwtError::Parts(2) => format!(
            "{ends} It was cut off in its claims, before the signature: copy it again, whole."
        ),
        JwtError::Parts(5) => {
            "Five parts: an encrypted token (JWE), such as a Cognito refresh token. Only its issuer can read it."
                .to_owned()
        }
        JwtError::Parts(_) | JwtError::Base64 { .. } | JwtError::Json { .. } => {
            "It may have been cut off or altered on its way: copy it again.".to_owned()
        }
    }
}

/// A token's text, and how it was come by.
#[derive(Debug, Default)]
struct Candidate {
    token: String,
    cleaned: Vec<String>,
    /// Words follow it on its line.
    stopped_at_space: bool,
}

/// The token in `text`, without `Authorization: Bearer `, quotes, JSON around it or line breaks in it. Of a JSON answer it is the
/// access token.
fn locate(text: &str) -> Result<Candidate, PasteError> {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let hidden = text
        .chars()
        .position(is_invisible)
        .map(|at| format!("an invisible character at position {}", at + 1));
    let text = visible.trim();
    if text.is_empty() {
        return Err(PasteError::Empty);
    }
    let mut found = match serde_json::from_str::<Value>(text) {
        Ok(Value::String(inner)) => {
            let mut found = locate(&inner)?;
            found.cleaned.insert(0, "quotes around it".to_owned());
            Ok(found)
        }
        Ok(json @ (Value::Object(_) | Value::Array(_))) => find_in_json(&json),
        _ => find_in_lines(text),
    }?;
    found.cleaned.extend(hidden);
    Ok(found)
}

/// The text with every line break as a line feed: a terminal pastes each as the carriage return that Enter sends.
#[must_use]
pub fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

/// What chat programs and web pages put between letters for their own ends.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

fn find_in_json(json: &Value) -> Result<Candidate, PasteError> {
    let mut found = Vec::new();
    collect("", json, &mut found);
    let access = |name: &str| matches!(name, "access_token" | "AccessToken");
    let at = match found.iter().position(|(name, _)| access(name)) {
        Some(at) => at,
        None if found.len() > 1 => {
            return Err(PasteError::Several(
                found.into_iter().map(|(name, _)| name).collect(),
            ));
        }
        None => 0,
    };
    let (name, mut token) = found.into_iter().nth(at).ok_or(PasteError::None)?;
    let field = if name.is_empty() {
        "JSON around it".to_owned()
    } else {
        format!("JSON around it: the field {name} was taken")
    };
    token.cleaned.insert(0, field);
    Ok(token)
}

fn collect(name: &str, json: &Value, found: &mut Vec<(String, Candidate)>) {
    match json {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| collect(name, value, found)),
        Value::Array(items) => items.iter().for_each(|item| collect(name, item, found)),
        Value::String(text) => {
            let token = find_in_lines(text).ok();
            found.extend(token.map(|token| (name.to_owned(), token)));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The first word that begins as a token does; a word that ends its line goes on in lines that are nothing but such words.
fn find_in_lines(text: &str) -> Result<Candidate, PasteError> {
    let text = &with_line_feeds(text);
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some((mut found, ends_line)) = find_in_line(line) else {
            continue;
        };
        if at > 0 {
            found.cleaned.insert(0, format!("{at} lines before it"));
        }
        let first = found.token.chars().count();
        let mut breaks = 0;
        let mut begin = vec![at + 1];
        if ends_line {
            for (at, more) in lines {
                let more = unwrapped(more);
                if more.is_empty() || !more.chars().all(of_token) {
                    break;
                }
                breaks += 1;
                if begins_token(more) && dots(&found) >= 2 * begin.len() {
                    begin.push(at + 1);
                }
                found.token.push_str(more);
            }
        }
        // A signature's second line may begin as a token does; a token has two dots.
        if begin.len() > 1 && dots(&found) >= 2 * begin.len() {
            let lines = begin.iter().map(|line| format!("on line {line}"));
            return Err(PasteError::Several(lines.collect()));
        }
        if breaks > 0 {
            let words = match breaks {
                1 => format!("a line break after its character {first}"),
                many => format!("{many} line breaks, the first after its character {first}"),
            };
            found.cleaned.push(words);
        }
        return Ok(found);
    }
    Err(PasteError::None)
}

fn dots(found: &Candidate) -> usize {
    found.token.matches('.').count()
}

/// A token's beginning in `line`, and whether the line holds nothing after it.
fn find_in_line(line: &str) -> Option<(Candidate, bool)> {
    let parts = |c: char| c.is_whitespace() || QUOTES.contains(c) || "<>=:,;&?{}()[]".contains(c);
    let mut at = 0;
    let mut pieces = line.split(parts).map(|word| {
        let begins = at;
        at += word.chars().count() + 1;
        (begins, word)
    });
    let (begins, word) = pieces.find(|(_, word)| begins_token(word))?;
    let token = word.trim_end_matches('\\').to_owned();
    let before: String = line.chars().take(begins).collect();
    let after = line.chars().nth(begins + word.chars().count());
    let ends_line = pieces.all(|(_, word)| word.is_empty());
    let found = Candidate {
        cleaned: around(&before, after),
        stopped_at_space: after.is_some_and(char::is_whitespace) && !ends_line,
        token,
    };
    Some((found, ends_line))
}

/// Straight, typographic and angular quotes; typographic ones are what editors make of straight ones.
const QUOTES: &str =
    "\"'`\u{2018}\u{2019}\u{201a}\u{201c}\u{201d}\u{201e}\u{ab}\u{bb}\u{2039}\u{203a}";

/// The text around a token on its line, described.
fn around(before: &str, after: Option<char>) -> Vec<String> {
    let mut cleaned = Vec::new();
    let quote = |c: char| QUOTES.contains(c);
    let plain = before.trim_end_matches(quote).trim_end();
    if plain.to_ascii_lowercase().ends_with("bearer") {
        cleaned.push("`Bearer` in front of it".to_owned());
    } else if !plain.is_empty() {
        cleaned.push(format!(
            "{} characters in front of it",
            before.chars().count()
        ));
    }
    let quotes = [before.chars().next_back(), after];
    let mut quotes = quotes.into_iter().flatten().filter(|c| quote(*c));
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

/// A header is a JSON object, and `{` with a quote, a space or a line break after it encodes as one of these. Short words that
/// only look so, such as `eye`, are prose.
fn begins_token(word: &str) -> bool {
    (word.starts_with("ey") || word.starts_with("ew")) && word.len() > 16
}

fn unwrapped(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || QUOTES.contains(c) || ",;\\".contains(c))
}

fn of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '=')
}

#[cfg(test)]
mod tests;
