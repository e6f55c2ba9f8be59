//! Presets: set-ups with questions, kept as TOML files.
//!
//! ```toml
//! title  = "A machine client"
//! about  = "What it makes, in a sentence or two."
//! source = "Where the recipe comes from."
//!
//! [[ask]]
//! key     = "name"
//! label   = "App client"
//! kind    = "text"             # text, life, bool, choice or domain-prefix
//! default = "batch"            # left out: it must be answered; "": it may be left empty
//! help    = "Shown under the field."
//!
//! [pool]                       # left out: the pool must be named
//! find = "part-of-its-name"    # or `name = ...` and its settings, for a pool that is made where there is none
//!
//! [[server]]
//! identifier = "api"
//! name = "api"
//! [[server.scope]]
//! name = "read"
//! description = "Read access"
//!
//! [client]
//! name = "{name}"
//! scopes = ["api/read"]
//!
//! [domain]                     # left out of the set-up where its prefix is answered with nothing
//! prefix = "{name}-auth"
//! ```
//!
//! Every string may hold `{key}`, the answer to a question; `{{` and `}}` are braces. The defaults of questions may hold the keys of
//! questions before them. `{region}` is always there: the Region that is worked in.

mod catalog;
mod check;
mod file;
mod fill;

use std::collections::BTreeMap;
use std::str::FromStr;

pub use catalog::{PresetCatalog, PresetLookupError, UserFile};

use serde::{Deserialize, Serialize};

use super::client::Validity;
use super::limits;
use super::plan::{DesiredPool, DesiredState};

/// The key that is always there: the Region.
const REGION: &str = "region";

/// A preset that was read and makes sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// What it is called on the command line: the file's name without `.toml`.
    pub name: String,
    pub title: String,
    pub about: String,
    pub source: String,
    pub asks: Vec<Question>,
    file: file::File,
}

/// A question of a preset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub key: String,
    pub label: String,
    pub kind: QuestionKind,
    /// The words of a choice, else none.
    pub choices: Vec<String>,
    /// What the answer is where none is given; `None` where one must be given. It may hold `{key}` of earlier questions.
    pub default: Option<String>,
    pub help: String,
    /// Only the preset's own user pool takes the answer: it is not asked if another pool is named.
    pub for_its_pool: bool,
}

/// What an answer looks like, by its name in a preset's file and in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuestionKind {
    #[default]
    Text,
    /// A token's lifetime, such as `60 minutes`.
    Life,
    /// `yes` or `no`.
    Bool,
    /// One of the question's choices.
    Choice,
    /// The prefix of an Amazon Cognito domain.
    DomainPrefix,
}

/// Answers by the key of their question. What is not answered has its default.
pub type Answers = BTreeMap<String, String>;

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerError {
    /// The question's key; `None` where no answer can be blamed.
    pub key: Option<String>,
    pub message: String,
}

/// Why a preset's file can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}, column {column}: {message}")]
pub struct PresetError {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// What is said of a question that may not be left open, wherever it is said.
const NO_ANSWER: &str = "it has no answer, and needs one";

impl Question {
    /// The words that it is answered with, one of which is always chosen; `None` where the answer is typed.
    #[must_use]
    pub fn words(&self) -> Option<Vec<&str>> {
        match self.kind {
            QuestionKind::Bool => Some(vec!["yes", "no"]),
            QuestionKind::Choice => Some(self.choices.iter().map(String::as_str).collect()),
            QuestionKind::Text | QuestionKind::Life | QuestionKind::DomainPrefix => None,
        }
    }

    /// Whether an answer is of the question's kind.
    ///
    /// # Errors
    /// Why it is not.
    pub fn check(&self, answer: &str) -> Result<(), String> {
        if answer.is_empty() {
            return match self.default.as_deref() {
                Some("") => Ok(()),
                _ => Err(NO_ANSWER.to_owned()),
            };
        }
        match self.kind {
            QuestionKind::Text => Ok(()),
            QuestionKind::Life => Validity::from_str(answer).map(|_| ()),
            QuestionKind::Bool => fill::yes_or_no(answer).map(|_| ()),
            QuestionKind::Choice => {
                let words: Vec<&str> = self.choices.iter().map(String::as_str).collect();
                fill::one_of(answer, &words)
            }
            QuestionKind::DomainPrefix => Ok(limits::domain_prefix(answer)?),
        }
    }
}

impl Preset {
    /// Reads a preset. `path` is what errors call the file.
    ///
    /// # Errors
    /// The first thing in it that can't be, with its line and column.
    pub fn parse(name: &str, path: &str, text: &str) -> Result<Self, PresetError> {
        check::parse(name, path, text)
    }

    /// Whether the preset says itself which user pool it is for.
    #[must_use]
    pub fn knows_its_pool(&self) -> bool {
        self.file.pool.is_some()
    }

    /// The questions that matter where the user pool is named, or is not.
    pub fn asks_where(&self, pool_is_named: bool) -> impl Iterator<Item = &Question> {
        self.asks
            .iter()
            .filter(move |ask| !(pool_is_named && ask.for_its_pool))
    }

    /// The answers with the defaults of what is not answered.
    #[must_use]
    pub fn answered(&self, answers: &Answers, region: &str) -> Answers {
        let mut all = Answers::from([(REGION.to_owned(), region.to_owned())]);
        for ask in &self.asks {
            let given = answers.get(&ask.key).cloned();
            let answer = given.or_else(|| {
                let default = ask.default.as_ref()?;
                Some(fill::filled(default, &all))
            });
            if let Some(answer) = answer {
                all.insert(ask.key.clone(), answer);
            }
        }
        all
    }

    /// The set-up with these answers, in this Region. `pool` is the pool that was named; it comes before the preset's own.
    ///
    /// # Errors
    /// Every answer that Cognito would refuse, and every question that has none.
    pub fn wanted(
        &self,
        answers: &Answers,
        pool: Option<DesiredPool>,
        region: &str,
    ) -> Result<DesiredState, Vec<AnswerError>> {
        let mut wrong = Vec::new();
        let mut blame = |key: &str, message: String| {
            wrong.push(AnswerError {
                key: Some(key.to_owned()),
                message,
            });
        };
        for key in answers.keys() {
            if self.asks.iter().all(|ask| ask.key != *key) {
                blame(key, "this preset does not ask for it".to_owned());
            }
        }
        let all = self.answered(answers, region);
        for ask in self.asks_where(pool.is_some()) {
            match all.get(&ask.key) {
                None => blame(&ask.key, NO_ANSWER.to_owned()),
                Some(answer) => {
                    if let Err(message) = ask.check(answer) {
                        blame(&ask.key, message);
                    }
                }
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut filling = fill::Renderer {
            answers: &all,
            bad: Vec::new(),
        };
        let wanted = filling.wanted(&self.file, pool);
        let wrong: Vec<AnswerError> = filling
            .bad
            .into_iter()
            .map(|bad| AnswerError {
                key: bad.key,
                message: bad.message,
            })
            .collect();
        match wanted {
            Some(wanted) if wrong.is_empty() => Ok(wanted),
            None if wrong.is_empty() => Err(vec![AnswerError {
                key: None,
                message: "this preset makes no user pool: name the one it is for".to_owned(),
            }]),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests;
