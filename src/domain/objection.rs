//! What speaks against a value or a setting.

use std::fmt;

/// A reason and the way out. Programs get the two apart; [`fmt::Display`] makes the sentence that people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// What is wrong, without the period: `The name is empty`.
    pub what: String,
    /// What to do about it, in sentences.
    pub way_out: String,
}

impl Objection {
    pub fn new(what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            way_out: way_out.into(),
        }
    }
}

#[cfg(test)]
impl Objection {
    /// Whether both parts are there, each in its own words: a clause, and sentences.
    pub(crate) fn is_whole(&self) -> bool {
        let is_clause = !self.what.is_empty() && !self.what.ends_with(['.', ':']);
        let way_out = &self.way_out;
        is_clause && way_out.starts_with(char::is_uppercase) && way_out.ends_with(['.', '?'])
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.what, self.way_out)
    }
}

/// For a form, whose fields show sentences.
impl From<Objection> for String {
    fn from(objection: Objection) -> Self {
        objection.to_string()
    }
}
