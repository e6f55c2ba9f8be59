//! A command of the AWS CLI in the making.

use std::fmt::Display;

use super::step::Place;
use crate::domain::client::{TimeUnit, Validity};
use crate::domain::handover::quote;

/// The shell variable that `create-user-pool` leaves the new pool's id in.
const POOL: &str = "\"$USER_POOL_ID\"";

/// A command in the making, an option a line.
pub(super) struct Command(String);

impl Command {
    /// A command about the pool.
    pub fn new(operation: &str, place: Place) -> Self {
        let mut command = Self::about_no_pool(operation, place);
        let pool = place
            .pool
            .map_or_else(|| POOL.to_owned(), |pool| quote(pool.as_str()));
        command.push("--user-pool-id", &pool);
        command
    }

    /// A command of Cognito's about no pool that is there.
    pub fn about_no_pool(operation: &str, place: Place) -> Self {
        Self::of_service("cognito-idp", operation, place)
    }

    /// A command of another service of AWS.
    pub fn of_service(service: &str, operation: &str, place: Place) -> Self {
        let mut text = "aws".to_owned();
        if let Some(endpoint) = place.endpoint {
            text.push_str(" --endpoint-url ");
            text.push_str(&quote(endpoint));
        }
        if let Some(profile) = place.profile {
            text.push_str(" --profile ");
            text.push_str(&quote(profile));
        }
        if let Some(region) = place.region {
            text.push_str(" --region ");
            text.push_str(&quote(region));
        }
        Self(format!("{text} {service} {operation}"))
    }

    /// An option whose value is quoted already, or that has none.
    pub fn push(&mut self, option: &str, value: &str) {
        self.0.push_str(" \\\n  ");
        self.0.push_str(option);
        if !value.is_empty() {
            self.0.push(' ');
            self.0.push_str(value);
        }
    }

    pub fn with(mut self, option: &str, value: impl Display) -> Self {
        let value = value.to_string();
        if value.starts_with('-') {
            // On its own it would be taken for an option.
            self.push(&format!("{option}={}", quote(&value)), "");
        } else {
            self.push(option, &quote(&value));
        }
        self
    }

    pub fn maybe(self, option: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(option, value),
            None => self,
        }
    }

    /// An option with several values; left out where there is none.
    pub fn list<T>(mut self, option: &str, items: &[T], word: impl Fn(&T) -> String) -> Self {
        let words: Vec<String> = items.iter().map(word).collect();
        // The first version of the AWS CLI would fetch a URL that stands alone.
        if words.iter().any(|word| word.starts_with("http")) {
            let words: Vec<String> = words.iter().map(|word| json(word)).collect();
            return self.with(option, format!("[{}]", words.join(",")));
        }
        if !words.is_empty() {
            let words: Vec<String> = words.iter().map(|word| quote(word)).collect();
            self.push(option, &words.join(" "));
        }
        self
    }

    /// A value that may be a URL, which the first version of the AWS CLI would fetch: such a one is said under the API's own name.
    pub fn uri(self, option: &str, member: &str, value: Option<&str>) -> Self {
        match value {
            Some(url) if url.starts_with("http") => self.with(
                "--cli-input-json",
                format!("{{{}:{}}}", json(member), json(url)),
            ),
            other => self.maybe(option, other),
        }
    }

    /// The rest of the request, as the command `make` prints it.
    pub fn input(mut self, make: &str) -> Self {
        self.push("--cli-input-json", &format!("\"$({make})\""));
        self
    }

    /// A pair of options, one for each side.
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
            if let Some(life) = life {
                command = command.with(option, life.value);
                units.push(format!("{token}={}", unit(life.unit)));
            }
        }
        if units.is_empty() {
            command
        } else {
            command.with("--token-validity-units", units.join(","))
        }
    }

    pub fn text(self) -> String {
        self.0
    }

    /// The command in one line.
    pub fn line(self) -> String {
        self.0.replace(" \\\n  ", " ")
    }
}

fn unit(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Seconds => "seconds",
        TimeUnit::Minutes => "minutes",
        TimeUnit::Hours => "hours",
        TimeUnit::Days => "days",
    }
}

pub(super) fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
