//! Finding the token in what a person pastes or a script pipes: a header line, a token endpoint's answer, a log, a wrapped e-mail.

mod around;
mod damage;
mod related;
mod scan;
mod views;

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use super::jwt::Jwt;
pub use related::Related;

/// A token that was pasted, decoded and not trusted, and what was taken away around it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedPaste {
    pub jwt: Jwt,
    /// Length of the signature in bytes: 256 for a key of 2,048 bits, and another number where the token was cut. `None` of decoded
    /// claims, which have no signature.
    pub signature: Option<usize>,
    /// What stood around the token or in it and was cleaned away, in words; empty where it was pasted as it is.
    pub cleaned: Vec<String>,
}

impl ParsedPaste {
    /// Whether it is no token but decoded claims.
    #[must_use]
    pub fn is_decoded(&self) -> bool {
        self.signature.is_none()
    }
}

/// One of the tokens in a paste.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundToken {
    /// The token itself; empty of decoded claims.
    pub text: String,
    pub reading: ParsedPaste,
    pub place: TokenPlace,
}

/// Where a token of a paste is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// In a line, counted from 1.
    Line(usize),
    /// In the JSON field of this name.
    Field(String),
    /// The paste is the token's claims, decoded.
    Claims,
}

impl fmt::Display for TokenPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "on line {line}"),
            Self::Field(name) => f.write_str(name),
            Self::Claims => f.write_str("decoded claims"),
        }
    }
}

impl FoundToken {
    /// Whether it is an access token, by the field that holds it or by its own words.
    fn is_access(&self) -> bool {
        let by_field = |name| matches!(name, "access_token" | "AccessToken" | "accessToken");
        matches!(&self.place, TokenPlace::Field(name) if by_field(name.as_str()))
            || self.reading.jwt.claim_str("token_use") == Some("access")
    }
}

/// Why nothing can be read of a paste, and what to do about it. It quotes nothing of the paste but what it is about.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{what}")]
pub struct UnreadablePaste {
    pub what: String,
    pub next: String,
    /// Whether it looked like a token at all.
    pub looked_like_one: bool,
    /// What it is about, where it is something else that belongs to a token.
    pub about: Option<Box<Related>>,
}

/// All tokens in `text`, each once, in their order; decoded claims count as one.
///
/// # Errors
/// There is none, or what is there is no JWT: where it stops being one is said by position.
pub fn find(text: &str) -> Result<Vec<FoundToken>, UnreadablePaste> {
    let visible: String = text.chars().filter(|c| !views::is_invisible(*c)).collect();
    let hidden = text
        .chars()
        .position(views::is_invisible)
        .map(|at| format!("an invisible character at position {}", at + 1));
    let text = with_line_feeds(&visible);
    let text = text.trim();
    let mut found = whole(text);
    if found.is_empty() {
        return unread(text);
    }
    for token in &mut found {
        token.reading.cleaned.extend(hidden.clone());
    }
    Ok(found)
}

/// The place of the token that is meant: the only one, or the only access token.
#[must_use]
pub fn meant(found: &[FoundToken]) -> Option<usize> {
    if found.len() == 1 {
        return Some(0);
    }
    let mut access = found.iter().enumerate().filter(|(_, one)| one.is_access());
    let (at, _) = access.next()?;
    access.next().is_none().then_some(at)
}

/// What is said of the others where one of several is meant.
#[must_use]
pub fn others(found: &[FoundToken], meant: usize) -> Option<String> {
    let others = found.iter().enumerate().filter(|(at, _)| *at != meant);
    let others: Vec<String> = others.map(|(_, one)| one.place.to_string()).collect();
    let tokens = match others.len() {
        0 => return None,
        1 => "1 other token".to_owned(),
        many => format!("{many} other tokens"),
    };
    Some(format!(
        "the access token was taken; {tokens}: {}",
        others.join(", ")
    ))
}

/// The one token in `text`. The token's own text is the first of the pair.
///
/// # Errors
/// As [`find`], or there are several.
pub fn read(text: &str) -> Result<(String, ParsedPaste), UnreadablePaste> {
    let mut found = find(text)?;
    if let Some(at) = meant(&found) {
        let others = others(&found, at);
        let mut one = found.swap_remove(at);
        one.reading.cleaned.extend(others);
        return Ok((one.text, one.reading));
    }
    let places: Vec<String> = found.iter().map(|one| one.place.to_string()).collect();
    Err(UnreadablePaste {
        what: format!(
            "it holds {} tokens ({}): give one of them alone",
            places.len(),
            places.join(", ")
        ),
        next: NEXT.to_owned(),
        looked_like_one: true,
        about: None,
    })
}

const NEXT: &str = "Give the token itself, an Authorization header, or a token endpoint's answer.";

/// Whether a word would be taken for a token, or for a part of one.
#[must_use]
pub fn looks_like_a_token(text: &str) -> bool {
    read(text).map_or_else(|unreadable| unreadable.looked_like_one, |_| true)
}

/// The tokens that are whole.
fn whole(text: &str) -> Vec<FoundToken> {
    let mut found = Vec::new();
    match serde_json::from_str::<Value>(text) {
        Ok(Value::String(inner)) => {
            for mut token in whole(&inner) {
                let quotes = "quotes around it".to_owned();
                token.reading.cleaned.insert(0, quotes);
                found.push(token);
            }
        }
        Ok(json @ (Value::Object(_) | Value::Array(_))) => collect("", &json, &mut found),
        _ => found = in_text(text),
    }
    let mut once: Vec<FoundToken> = Vec::new();
    for token in found {
        if !once.iter().any(|known| known.text == token.text) {
            once.push(token);
        }
    }
    once
}

fn collect(name: &str, json: &Value, found: &mut Vec<FoundToken>) {
    match json {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| collect(name, value, found)),
        Value::Array(items) => items.iter().for_each(|item| collect(name, item, found)),
        Value::String(text) => {
            let field = if name.is_empty() {
                "JSON around it".to_owned()
            } else {
                format!("JSON around it: the field {name} was taken")
            };
            // A field may hold JSON once more, as a browser's storage does.
            for mut token in whole(&with_line_feeds(text)) {
                token.reading.cleaned.insert(0, field.clone());
                // A line of a field's text says less than the field.
                if !name.is_empty() && matches!(token.place, TokenPlace::Line(_)) {
                    token.place = TokenPlace::Field(name.to_owned());
                }
                found.push(token);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// In the first form of the text that holds any.
fn in_text(text: &str) -> Vec<FoundToken> {
    for (view, name) in views::of(text) {
        let found = scan::tokens(&view);
        if found.is_empty() {
            continue;
        }
        let found = found.into_iter().map(|mut token| {
            token.cleaned.extend(name.map(str::to_owned));
            FoundToken {
                text: token.text,
                place: TokenPlace::Line(token.line + 1),
                reading: ParsedPaste {
                    jwt: token.jwt,
                    signature: Some(token.signature),
                    cleaned: token.cleaned,
                },
            }
        });
        return found.collect();
    }
    Vec::new()
}

/// What a text without a whole token is.
fn unread(text: &str) -> Result<Vec<FoundToken>, UnreadablePaste> {
    if text.is_empty() {
        return Err(UnreadablePaste {
            what: "there is nothing to decode".to_owned(),
            next: NEXT.to_owned(),
            looked_like_one: false,
            about: None,
        });
    }
    let damaged = views::of(text)
        .iter()
        .find_map(|(view, _)| damage::of(view));
    if let Some((error, next)) = damaged {
        return Err(UnreadablePaste {
            what: format!("this is no JWT: {error}"),
            next,
            looked_like_one: true,
            about: None,
        });
    }
    match related::of(text) {
        Some(Related::Claims(jwt)) => Ok(vec![FoundToken {
            text: String::new(),
            place: TokenPlace::Claims,
            reading: ParsedPaste {
                jwt,
                signature: None,
                cleaned: vec!["decoded claims without a signature".to_owned()],
            },
        }]),
        Some(about) => Err(UnreadablePaste {
            what: about.what(),
            next: about.next(),
            looked_like_one: false,
            about: Some(Box::new(about)),
        }),
        None => Err(UnreadablePaste {
            what: "there is no token in it: a JWT is header.claims.signature and begins with ey"
                .to_owned(),
            next: NEXT.to_owned(),
            looked_like_one: false,
            about: None,
        }),
    }
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

#[cfg(test)]
mod surroundings;
#[cfg(test)]
mod tests;
