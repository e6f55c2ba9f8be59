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

use std::collections::BTreeMap;

use super::plan::{Wanted, WantedPool};

/// A preset that was read and makes sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// What it is called on the command line: the file's name without `.toml`.
    pub name: String,
    pub title: String,
    pub about: String,
    pub source: String,
    pub asks: Vec<Ask>,
}

/// A question of a preset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub key: String,
    pub label: String,
    pub kind: Kind,
    /// What the answer is where none is given; `None` where one must be given. It may hold `{key}` of earlier questions.
    pub default: Option<String>,
    pub help: String,
}

/// What an answer looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A token's lifetime, such as `60 minutes`.
    Life,
    /// `yes` or `no`.
    Bool,
    Choice(Vec<String>),
    /// The prefix of an Amazon Cognito domain.
    DomainPrefix,
}

/// Answers by the key of their question. What is not answered has its default.
pub type Answers = BTreeMap<String, String>;

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
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

impl Preset {
    /// The set-up with these answers, in this Region. `pool` is the pool that was named; it comes before the preset's own.
    ///
    /// # Errors
    /// Every answer that Cognito would refuse, and every question that has none.
    pub fn wanted(
        &self,
        _answers: &Answers,
        _pool: Option<WantedPool>,
        _region: &str,
    ) -> Result<Wanted, Vec<Wrong>> {
        Err(Vec::new())
    }
}
