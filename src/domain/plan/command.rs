//! Builds AWS CLI commands.
//!
//! A value that is not a plain word goes as JSON under the API's name: a leading hyphen would make an option, a URL would be fetched,
//! and a terminal could obey invisible characters.

use std::fmt::Display;

use super::step::CliContext;
use crate::domain::client::Validity;
use crate::domain::export::escape::{EscapeStyle, is_hidden, quoted};
use crate::domain::shell::{option, quote};

/// The shell variable with the id of a created pool.
const POOL: &str = "\"$USER_POOL_ID\"";

/// A command under construction, one option per line.
pub(super) struct Command {
    text: String,
    /// Options whose values are not plain words.
    strange: Vec<(String, String)>,
    /// A command that prints the rest of the request.
    input: Option<String>,
}

impl Command {
    /// A command about the pool.
    pub fn new(operation: &str, place: CliContext) -> Self {
        let mut command = Self::about_no_pool(operation, place);
        if let Some(pool) = place.pool {
            return command.with("--user-pool-id", pool);
        }
        command.push("--user-pool-id", POOL);
        command
    }

    /// A Cognito command without an existing pool.
    pub fn about_no_pool(operation: &str, place: CliContext) -> Self {
        Self::of_service("cognito-idp", operation, place)
    }

    /// A command of another AWS service.
    pub fn of_service(service: &str, operation: &str, place: CliContext) -> Self {
        let mut text = "aws".to_owned();
        for (name, value) in [
            ("--endpoint-url", place.endpoint),
            ("--profile", place.profile),
            ("--region", place.region),
        ] {
            if let Some(value) = value {
                text.push(' ');
                text.push_str(&option(name, value));
            }
        }
        Self {
            text: format!("{text} {service} {operation}"),
            strange: Vec::new(),
            input: None,
        }
    }

    /// An option with a quoted value or none.
    pub fn push(&mut self, option: &str, value: &str) {
        self.text.push_str(" \\\n  ");
        self.text.push_str(option);
        if !value.is_empty() {
            self.text.push(' ');
            self.text.push_str(value);
        }
    }

    pub fn with(mut self, option: &str, value: impl Display) -> Self {
        let value = value.to_string();
        if is_plain(&value) {
            self.push(option, &quote(&value));
        } else {
            self.strange.push((option.to_owned(), value));
        }
        self
    }

    pub fn maybe(self, option: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(option, value),
            None => self,
        }
    }

    /// An option whose value is the JSON of a structure.
    pub fn structure(mut self, option: &str, json: Option<String>) -> Self {
        if let Some(json) = json {
            self.push(option, &quote(&json));
        }
        self
    }

    /// An option with several values; omitted if empty.
    pub fn list<T>(mut self, option: &str, items: &[T], word: impl Fn(&T) -> String) -> Self {
        let words: Vec<String> = items.iter().map(word).collect();
        if !words.iter().all(|word| is_plain(word)) {
            let words: Vec<String> = words.iter().map(|word| json(word)).collect();
            self.push(option, &quote(&format!("[{}]", words.join(","))));
        } else if !words.is_empty() {
            let words: Vec<String> = words.iter().map(|word| quote(word)).collect();
            self.push(option, &words.join(" "));
        }
        self
    }

    /// The rest of the request with the pool's id, printed by the command `make`.
    pub fn input(mut self, make: &str) -> Self {
        self.input = Some(make.to_owned());
        self
    }

    /// A pair of options for true and false.
    pub fn flag(mut self, on: Option<bool>, name: &str) -> Self {
        match on {
            Some(true) => self.push(&format!("--{name}"), ""),
            Some(false) => self.push(&format!("--no-{name}"), ""),
            None => {}
        }
        self
    }

    /// The lives of the tokens and their units.
    pub fn lives(self, lives: [(&str, &str, Option<Validity>); 3]) -> Self {
        let mut command = self;
        let mut units = Vec::new();
        for (option, token, life) in lives {
            if let Some(life) = life.filter(|life| life.seconds().is_some()) {
                command = command.with(option, life.value);
                units.push(format!("{token}={}", life.unit.as_api()));
            }
        }
        if units.is_empty() {
            command
        } else {
            command.with("--token-validity-units", units.join(","))
        }
    }

    pub fn text(mut self) -> String {
        let strange = std::mem::take(&mut self.strange);
        match self.input.take() {
            // A command has one such option.
            Some(make) => self.push("--cli-input-json", &format!("\"$({make})\"")),
            None if strange.is_empty() => {}
            None => {
                let members: Vec<String> = strange
                    .iter()
                    .map(|(option, value)| format!("{}:{}", json(&member(option)), json(value)))
                    .collect();
                let input = quote(&format!("{{{}}}", members.join(",")));
                self.push("--cli-input-json", &input);
            }
        }
        self.text
    }

    /// The command in one line.
    pub fn line(self) -> String {
        self.text().replace(" \\\n  ", " ")
    }
}

/// Whether the CLI reads a word literally, and all of it is visible.
fn is_plain(word: &str) -> bool {
    // AWS CLI version 1 fetches the last two.
    let fetched = ["file://", "fileb://", "http://", "https://"];
    let lower = word.to_ascii_lowercase();
    !word.starts_with(['-', '[', '{'])
        && !fetched.iter().any(|start| lower.starts_with(start))
        && !word.chars().any(is_hidden)
}

/// The API's name of an option: `ClientName` of `--client-name`.
fn member(option: &str) -> String {
    let words = option.trim_start_matches('-').split('-');
    words
        .map(|word| match word {
            "uri" => "URI".to_owned(),
            "urls" => "URLs".to_owned(),
            word => {
                let mut letters = word.chars();
                let first = letters.next().map(|c| c.to_ascii_uppercase());
                first.into_iter().chain(letters).collect()
            }
        })
        .collect()
}

/// A JSON text.
pub(super) fn json(text: &str) -> String {
    quoted(text, EscapeStyle::Json)
}

/// A JSON object of texts, without missing values.
pub(super) fn object(members: &[(&str, Option<&str>)]) -> String {
    let members: Vec<String> = members
        .iter()
        .filter_map(|(name, value)| Some(format!("{}:{}", json(name), json((*value)?))))
        .collect();
    format!("{{{}}}", members.join(","))
}
