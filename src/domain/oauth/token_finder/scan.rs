//! Finds whole tokens in a text: the header and the claims of each decode to JSON objects.
//!
//! What may stand in a token without being of it: the end of a line with what programs put there (a backslash, a closing quote and
//! `+`), the next line's beginning (an indent, `> `, a quote), white space that a chat program put in. A signature goes on in
//! the next line only if it is then as long as its algorithm's signatures are, or if that line is nothing but more of it.

use super::around::{is_quote, words_around};
use crate::domain::oauth::jwt::Jwt;

/// More beginnings of a token than this are not looked at: a text can be full of them.
const ATTEMPTS: usize = 5_000;
/// The longest header in characters.
const HEADER: usize = 2_048;

/// White space in a signature counts only before at least as many letters.
const WORD: usize = 16;

/// A token in a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scanned {
    /// Without what stood in it.
    pub text: String,
    pub jwt: Jwt,
    /// Length of the signature in bytes.
    pub signature: usize,
    /// The line that it begins on, from 0.
    pub line: usize,
    /// What stood around it or in it, in words.
    pub cleaned: Vec<String>,
}

/// All tokens of a text, in its order.
pub(super) fn tokens(text: &str) -> Vec<Scanned> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut attempts) = (0, 0);
    while at < letters.len() && attempts < ATTEMPTS {
        if !may_begin(&letters, at) {
            at += 1;
            continue;
        }
        attempts += 1;
        match token_at(&letters, at) {
            Some((end, token)) => {
                found.push(token);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// A header is a JSON object: `{` with a quote, a space or a line break after it. A terminal may break the line within these letters.
fn may_begin(letters: &[char], at: usize) -> bool {
    if letters.get(at) != Some(&'e') {
        return false;
    }
    let rest = letters.get(at + 1..).unwrap_or_default().iter();
    let mut rest = rest.filter(|letter| !matches!(letter, '\r' | '\n'));
    match (rest.next(), rest.next()) {
        (Some('y'), Some(next)) => "ABCDIJKL".contains(*next),
        (Some('w'), Some(next)) => "klmnopqr0123".contains(*next),
        _ => false,
    }
}

/// A token's letters as they are read, and where in the text.
struct Reader<'a> {
    letters: &'a [char],
    at: usize,
    token: String,
    /// After how many of the token's letters something was left out, and whether it was a line break.
    gaps: Vec<(usize, bool)>,
}

fn token_at(letters: &[char], begin: usize) -> Option<(usize, Scanned)> {
    let mut reader = Reader {
        letters,
        at: begin,
        token: String::new(),
        gaps: Vec::new(),
    };
    reader.part(HEADER)?;
    // Before the claims are read: most of what only begins like a token ends here.
    let header = Jwt::parse(&format!("{}e30.", reader.token)).ok()?;
    reader.part(usize::MAX)?;
    Jwt::parse(&reader.token).ok()?;
    reader.signature(lengths(header.algorithm()))?;
    let signature = Jwt::signature(&reader.token).ok()?.len();
    let jwt = Jwt::parse(&reader.token).ok()?;
    let line = letters.iter().take(begin).filter(|c| **c == '\n').count();
    let line_begin = line_begin(letters, begin);
    let before: String = letters.get(line_begin..begin)?.iter().collect();
    let mut cleaned = words_around(line, &before, letters.get(reader.at).copied());
    cleaned.extend(words_for(&reader.gaps));
    Some((
        reader.at,
        Scanned {
            text: reader.token,
            jwt,
            signature,
            line,
            cleaned,
        },
    ))
}

fn line_begin(letters: &[char], at: usize) -> usize {
    let before = letters.iter().take(at);
    let back = before.rev().take_while(|c| **c != '\n').count();
    at - back
}

fn words_for(gaps: &[(usize, bool)]) -> Option<String> {
    let (first, is_break) = gaps.first()?;
    let what = if gaps.iter().any(|(_, is_break)| *is_break) && gaps.len() > 1 {
        return Some(format!(
            "{} line breaks, the first after its character {first}",
            gaps.len()
        ));
    } else if *is_break {
        "a line break"
    } else {
        "white space"
    };
    Some(format!("{what} after its character {first}"))
}

/// The lengths of an algorithm's signatures in base64url; empty where any may be right.
fn lengths(algorithm: Option<&str>) -> &'static [usize] {
    match algorithm.unwrap_or_default() {
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => &[342, 512, 683],
        "HS256" => &[43],
        "HS384" => &[64],
        "HS512" | "ES256" | "ES256K" | "EdDSA" => &[86],
        "ES384" => &[128],
        "ES512" => &[176],
        _ => &[],
    }
}

impl Reader<'_> {
    fn letter(&self, at: usize) -> Option<char> {
        self.letters.get(at).copied()
    }

    /// Reads a part and the dot behind it. `None` if there is none.
    fn part(&mut self, most: usize) -> Option<()> {
        let begin = self.token.len();
        loop {
            self.run();
            if self.token.len() - begin > most {
                return None;
            }
            // Some programs write the padding that a JWT leaves out.
            let padded = self.skip(self.at, |c| c == '=');
            if self.letter(padded) == Some('.') {
                self.token.push('.');
                self.at = padded + 1;
                return Some(());
            }
            let (next, is_break) = self.gap(self.at)?;
            if self.letter(next).is_none_or(|c| !of_part(c) && c != '.') {
                return None;
            }
            self.gaps.push((self.token.chars().count(), is_break));
            self.at = next;
        }
    }

    /// Reads the signature. `None` if it has a letter that a signature cannot have.
    fn signature(&mut self, lengths: &[usize]) -> Option<()> {
        // The dot may end a line.
        if self.letter(self.at).is_none_or(|c| !of_part(c))
            && let Some((next, is_break)) = self.gap(self.at)
            && !lengths.is_empty()
            && self.letter(next).is_some_and(of_part)
        {
            self.gaps.push((self.token.chars().count(), is_break));
            self.at = next;
        }
        let begin = self.token.len();
        self.run();
        let whole = |length: usize| lengths.contains(&length);
        if whole(self.token.len() - begin) || lengths.is_empty() {
            return Some(());
        }
        let most = lengths.iter().max().copied().unwrap_or_default();
        // The end with all lines that are only token, and the end with the line that completes it.
        let mut plain = (self.at, self.token.len(), self.gaps.len());
        let mut is_plain = true;
        while let Some((next, is_break)) = self.gap(self.at) {
            let (at, length) = (self.at, self.token.chars().count());
            self.at = next;
            self.run();
            let now = self.token.len() - begin;
            // Prose may follow on the line, and its words are short.
            let too_short = !is_break && self.at - next < WORD;
            if self.at == next || too_short || now > most || begins_another(self.letters, next) {
                self.at = at;
                break;
            }
            self.gaps.push((length, is_break));
            if whole(now) {
                return Some(());
            }
            is_plain &= is_break && self.ends_line();
            if is_plain {
                plain = (self.at, self.token.len(), self.gaps.len());
            }
        }
        let (at, length, gaps) = plain;
        self.at = at;
        self.token.truncate(length);
        self.gaps.truncate(gaps);
        let goes_on = |at: usize| self.letter(at).is_some_and(of_part);
        match self.letter(self.at) {
            // More parts, or a letter that no token has.
            Some('.' | '*' | '$' | '!' | '~' | '/' | '+' | '@' | '#') if goes_on(self.at + 1) => {
                None
            }
            _ => Some(()),
        }
    }

    /// Reads letters of a part.
    fn run(&mut self) {
        while let Some(letter) = self.letter(self.at).filter(|letter| of_part(*letter)) {
            self.token.push(letter);
            self.at += 1;
        }
    }

    fn skip(&self, from: usize, over: impl Fn(char) -> bool) -> usize {
        let rest = self.letters.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|letter| over(**letter)).count()
    }

    /// What may stand in a token from `from` on: where it goes on, and whether that is on another line.
    fn gap(&self, from: usize) -> Option<(usize, bool)> {
        let end = self.skip(from, |c| c != '\n' && ends_a_line(c));
        if self.letter(end) != Some('\n') {
            let next = self.skip(from, |c| c == ' ' || c == '\t');
            return (next > from && self.letter(next).is_some()).then_some((next, false));
        }
        let next = self.skip(end + 1, begins_a_line);
        // A blank line ends a token, and so does the end of the text.
        self.letter(next).filter(|letter| *letter != '\n')?;
        Some((self.past_gutter(next), true))
    }

    /// Editors and `cat -n` number lines.
    fn past_gutter(&self, from: usize) -> usize {
        let number = self.skip(from, |c| c.is_ascii_digit());
        let bar = self.skip(number, |c| c == ' ');
        match self.letter(bar) {
            Some('|' | '│' | ':' | '┃' | '\t') if number > from => {
                self.skip(bar + 1, begins_a_line)
            }
            _ => from,
        }
    }

    /// Whether nothing but a line's end follows.
    fn ends_line(&self) -> bool {
        let end = self.skip(self.at, |c| c != '\n' && ends_a_line(c));
        self.letter(end).is_none_or(|letter| letter == '\n')
    }
}

/// Whether another token begins there: its header decodes.
fn begins_another(letters: &[char], at: usize) -> bool {
    let mut reader = Reader {
        letters,
        at,
        token: String::new(),
        gaps: Vec::new(),
    };
    may_begin(letters, at)
        && reader.part(HEADER).is_some()
        && Jwt::parse(&format!("{}e30.", reader.token)).is_ok()
}

const fn of_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}

/// What programs put at the end of a line that goes on: shells, string literals, mail.
fn ends_a_line(letter: char) -> bool {
    letter == ' ' || letter == '\t' || is_quote(letter) || "\\+^,;=&|│┃↩⏎".contains(letter)
}

/// What they put at the beginning of the next.
fn begins_a_line(letter: char) -> bool {
    letter == ' ' || letter == '\t' || is_quote(letter) || ">|│┃#*+/<".contains(letter)
}
