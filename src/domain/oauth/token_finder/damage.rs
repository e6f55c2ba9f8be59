//! Where a text stops being a token: said only where no whole one is found.

use super::around::is_quote;
use crate::domain::oauth::jwt::{Jwt, JwtError};

/// What is wrong with the first word that begins as a token does, and what to do; `None` without such a word.
pub(super) fn of(text: &str) -> Option<(JwtError, String)> {
    let found = first(text)?;
    let error = Jwt::parse(&found.token).err()?;
    let next = what_next(&error, &found);
    Some((error, next))
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

/// A word that begins as a token does, with the lines that go on with it.
#[derive(Debug)]
struct Candidate {
    token: String,
    /// Words follow it on its line.
    stopped_at_space: bool,
}

fn first(text: &str) -> Option<Candidate> {
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some((mut found, ends_line)) = first_in(line) else {
            continue;
        };
        if ends_line {
            for more in lines {
                let more = more
                    .trim_matches(|c: char| c.is_whitespace() || is_quote(c) || ",;\\".contains(c));
                if more.is_empty() || !more.chars().all(of_token) {
                    break;
                }
                found.token.push_str(more);
            }
        }
        return Some(found);
    }
    None
}

fn first_in(line: &str) -> Option<(Candidate, bool)> {
    let parts = |c: char| c.is_whitespace() || is_quote(c) || "<>=:,;&?{}()[]".contains(c);
    let mut at = 0;
    let mut pieces = line.split(parts).map(|word| {
        at += word.chars().count() + 1;
        // Stars make a word bold in chat programs.
        (at, word.trim_matches('*'))
    });
    let (end, word) = pieces.find(|(_, word)| begins_token(word))?;
    let after = line.chars().nth(end - 1);
    let ends_line = pieces.all(|(_, word)| word.is_empty());
    let found = Candidate {
        token: word.trim_end_matches('\\').to_owned(),
        stopped_at_space: after.is_some_and(char::is_whitespace) && !ends_line,
    };
    Some((found, ends_line))
}

/// A header is a JSON object, and `{` with a quote, a space or a line break after it encodes as one of these. Short words that
/// only look so, such as `eye`, are prose.
fn begins_token(word: &str) -> bool {
    (word.starts_with("ey") || word.starts_with("ew")) && word.len() > 16
}

fn of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '=')
}
