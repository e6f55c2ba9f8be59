//! Finding the token in what a person pastes or a script pipes: a header line, a token endpoint's answer, a wrapped e-mail.

use serde_json::Value;

/// Why no single token could be found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasteError {
    #[error("there is nothing to decode")]
    Empty,
    /// Nothing begins as a JWT's header must.
    #[error("there is no token in it: a JWT is header.claims.signature and begins with ey")]
    None,
    /// The names of the JSON fields that hold tokens.
    #[error("it holds {} tokens ({}): give one of them alone", .0.len(), .0.join(", "))]
    Several(Vec<String>),
}

/// The text of the token in `text`, to be given to [`super::jwt::Jwt::parse`]: without `Authorization: Bearer `, quotes, JSON around it
/// or line breaks in it. Of a JSON answer it is the access token.
///
/// # Errors
/// There is none, or there are several and none of them is the access token.
pub fn find_token(text: &str) -> Result<String, PasteError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(PasteError::Empty);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(Value::String(inner)) => find_token(&inner),
        Ok(json @ (Value::Object(_) | Value::Array(_))) => find_in_json(&json),
        _ => find_in_lines(text).ok_or(PasteError::None),
    }
}

fn find_in_json(json: &Value) -> Result<String, PasteError> {
    let mut found = Vec::new();
    collect("", json, &mut found);
    let access = |name: &str| matches!(name, "access_token" | "AccessToken");
    if let Some(at) = found.iter().position(|(name, _)| access(name)) {
        return Ok(found.swap_remove(at).1);
    }
    match found.len() {
        0 => Err(PasteError::None),
        1 => Ok(found.swap_remove(0).1),
        _ => Err(PasteError::Several(
            found.into_iter().map(|(name, _)| name).collect(),
        )),
    }
}

fn collect(name: &str, json: &Value, found: &mut Vec<(String, String)>) {
    match json {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| collect(name, value, found)),
        Value::Array(items) => items.iter().for_each(|item| collect(name, item, found)),
        Value::String(text) => {
            found.extend(find_in_lines(text).map(|token| (name.to_owned(), token)));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The first word that begins as a token does; a word that ends its line goes on in lines that are nothing but such words.
fn find_in_lines(text: &str) -> Option<String> {
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some((mut token, ends_line)) = find_in_line(line) else {
            continue;
        };
        if ends_line {
            for more in lines {
                let more = unwrapped(more);
                if more.is_empty() || !more.chars().all(of_token) {
                    break;
                }
                token.push_str(more);
            }
        }
        return Some(token);
    }
    None
}

/// A token's beginning in `line`, and whether the line holds nothing after it.
fn find_in_line(line: &str) -> Option<(String, bool)> {
    let mut pieces = line.split(|c: char| c.is_whitespace() || "\"'`<>=:,;&?{}()[]".contains(c));
    let word = pieces.find(|word| begins_token(word))?;
    Some((
        word.trim_end_matches('\\').to_owned(),
        pieces.all(str::is_empty),
    ))
}

/// A header is a JSON object, and `{` with a quote, a space or a line break after it encodes as one of these. Short words that
/// only look so, such as `eye`, are prose.
fn begins_token(word: &str) -> bool {
    (word.starts_with("ey") || word.starts_with("ew")) && word.len() > 16
}

fn unwrapped(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || "\"'`,;\\".contains(c))
}

fn of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '=')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzY29wZSI6ImFwaSJ9.c2lnbmF0dXJl";

    #[test]
    fn what_stands_around_a_token_is_taken_away() {
        for text in [
            TOKEN.to_owned(),
            format!("  {TOKEN}\r\n"),
            format!("Bearer {TOKEN}"),
            format!("authorization: bearer {TOKEN}\n"),
            format!("> Authorization: Bearer {TOKEN}\n> Accept: */*\n"),
            format!("curl -H 'Authorization: Bearer {TOKEN}' https://api.example.com/"),
            format!("\"{TOKEN}\""),
            format!("'{TOKEN}',"),
            format!("TOKEN={TOKEN}"),
            format!("https://app.example.com/#access_token={TOKEN}&expires_in=3600"),
            format!(r#"{{"access_token":"{TOKEN}","expires_in":3600,"token_type":"Bearer"}}"#),
            format!(r#"{{"ClientAuthenticationResult":{{"AccessToken":"{TOKEN}"}}}}"#),
            format!(r#"{{"id_token":"eyJhbGciOiJub25lIn0.e30.","access_token":"{TOKEN}"}}"#),
            format!(r#"["{TOKEN}"]"#),
            format!("The token is\n\n{TOKEN}\n\nand it works."),
            TOKEN.replace('.', ".\n"),
            TOKEN.replace("NiJ9", "Ni\n    J9"),
            format!("\"{}\"", TOKEN.replace('.', ".\n")),
        ] {
            assert_eq!(find_token(&text).as_deref(), Ok(TOKEN), "{text}");
        }
    }

    #[test]
    fn an_unsigned_token_and_one_with_a_spaced_header_are_found() {
        for token in [
            "eyJhbGciOiJub25lIn0.e30.",
            "eyAiYWxnIjogIm5vbmUiIH0.e30.",
            "ewogICJhbGciOiAibm9uZSIKfQ.e30.",
        ] {
            assert_eq!(find_token(token).as_deref(), Ok(token));
        }
    }

    #[test]
    fn no_token_and_several_are_told_apart() {
        assert_eq!(find_token(" \n"), Err(PasteError::Empty));
        assert_eq!(find_token("keep an eye.on it"), Err(PasteError::None));
        assert_eq!(
            find_token(r#"{"error":"invalid_client"}"#),
            Err(PasteError::None)
        );
        let two = format!(r#"{{"id_token":"{TOKEN}","refresh_token":"{TOKEN}"}}"#);
        assert_eq!(
            find_token(&two).unwrap_err().to_string(),
            "it holds 2 tokens (id_token, refresh_token): give one of them alone"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "(\\PC|\\pC|ey|\\.|\"|\n){0,80}") {
            let _ = find_token(&text);
        }
    }
}
