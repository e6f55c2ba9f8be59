//! The table of limits: the shapes of the service model for the operations here.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

/// The kinds of shapes in inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    String,
    Integer,
    Boolean,
    Structure,
    List,
    Map,
}

/// A shape of the model. `min` and `max` limit a length, or the value of an integer.
#[derive(Debug, Deserialize)]
pub struct Shape {
    #[serde(rename = "type")]
    pub kind: Kind,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub pattern: Option<String>,
    #[serde(default, rename = "enum")]
    pub allowed: Vec<String>,
    /// Values that the service accepts although its model does not list them.
    #[serde(default)]
    also_enum: Vec<String>,
    #[serde(default)]
    pub required: Vec<String>,
    #[serde(default)]
    pub members: BTreeMap<String, String>,
    member: Option<String>,
    key: Option<String>,
    value: Option<String>,
    #[serde(default)]
    pub sensitive: bool,
    #[serde(skip)]
    regex: OnceLock<Option<Regex>>,
}

/// The input of each operation, and all shapes.
#[derive(Debug, Deserialize)]
pub struct Limits {
    operations: BTreeMap<String, String>,
    shapes: BTreeMap<String, Shape>,
}

impl Limits {
    /// Returns the table, parsed on first use. `None` if the embedded file is damaged, which a test rules out.
    pub fn get() -> Option<&'static Self> {
        static LIMITS: OnceLock<Option<Limits>> = OnceLock::new();
        LIMITS
            .get_or_init(|| {
                serde_json::from_str(include_str!("../../../assets/sandbox/limits.json")).ok()
            })
            .as_ref()
    }

    /// Returns the table of Secrets Manager.
    pub fn secrets_manager() -> Option<&'static Self> {
        static LIMITS: OnceLock<Option<Limits>> = OnceLock::new();
        let file = include_str!("../../../assets/sandbox/secrets_manager.json");
        LIMITS
            .get_or_init(|| serde_json::from_str(file).ok())
            .as_ref()
    }

    /// Returns the input of an operation.
    pub fn input(&self, operation: &str) -> Option<&Shape> {
        self.shape(self.operations.get(operation)?)
    }

    pub fn shape(&self, name: &str) -> Option<&Shape> {
        self.shapes.get(name)
    }

    /// Returns the member of a structure.
    pub fn member(&self, of: &Shape, name: &str) -> Option<&Shape> {
        self.shape(of.members.get(name)?)
    }

    /// Returns the elements of a list.
    pub fn element(&self, of: &Shape) -> Option<&Shape> {
        self.shape(of.member.as_deref()?)
    }

    /// Returns the keys of a map.
    pub fn key(&self, of: &Shape) -> Option<&Shape> {
        self.shape(of.key.as_deref()?)
    }

    /// Returns the values of a map.
    pub fn value(&self, of: &Shape) -> Option<&Shape> {
        self.shape(of.value.as_deref()?)
    }
}

impl Shape {
    /// Returns whether the text is a value of the enum, or the shape is no enum.
    pub fn allows(&self, text: &str) -> bool {
        self.allowed.is_empty()
            || [&self.allowed, &self.also_enum]
                .into_iter()
                .flatten()
                .any(|allowed| allowed == text)
    }

    /// Returns whether the whole text matches the pattern, or the shape has none.
    pub fn matches(&self, text: &str) -> bool {
        let Some(pattern) = &self.pattern else {
            return true;
        };
        let regex = self.regex.get_or_init(|| compile(pattern));
        regex.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

fn compile(pattern: &str) -> Option<Regex> {
    Regex::new(&format!("\\A(?:{})\\z", from_java(pattern))).ok()
}

/// Converts a pattern of the model from Java: it matches whole values, and `\w`, `\s` and `\S`, which occur only inside brackets,
/// and `\d` are ASCII. They are spelt out, because here they would be Unicode's, for which this build of the regex crate has no
/// tables.
fn from_java(pattern: &str) -> String {
    const SPACE: &str = " \\t\\n\\x0B\\f\\r";
    pattern
        .replace("\\w", "0-9A-Za-z_")
        .replace("\\s", SPACE)
        .replace("\\S", &format!("[^{SPACE}]"))
        .replace("\\d", "[0-9]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole_and_every_pattern_compiles() {
        assert_eq!(Limits::get().unwrap().operations.len(), 30);
        let secrets_manager = Limits::secrets_manager().unwrap();
        assert_eq!(secrets_manager.operations.len(), 9);
        whole(Limits::get().unwrap());
        whole(secrets_manager);
    }

    fn whole(limits: &Limits) {
        for (name, shape) in &limits.shapes {
            let parts = [&shape.member, &shape.key, &shape.value];
            for part in shape.members.values().chain(parts.into_iter().flatten()) {
                assert!(limits.shape(part).is_some(), "{name} lacks {part}");
            }
            let pattern = shape.pattern.as_deref().unwrap_or_default();
            assert!(compile(pattern).is_some(), "{name}: {pattern}");
        }
        assert!(
            limits
                .operations
                .values()
                .all(|input| limits.shape(input).is_some())
        );
    }

    /// Tests are built with more features of the regex crate than the program, so a class that compiles here may fail there.
    #[test]
    fn no_pattern_needs_more_of_the_regex_crate_than_the_program_has() {
        let tables = [Limits::get(), Limits::secrets_manager()];
        for (name, shape) in tables.iter().flat_map(|table| &table.unwrap().shapes) {
            let ours = from_java(shape.pattern.as_deref().unwrap_or_default());
            for class in ["\\w", "\\W", "\\s", "\\S", "\\d", "\\D", "\\b", "\\B"] {
                assert!(!ours.contains(class), "{name}: {class} in {ours}");
            }
        }
    }

    #[test]
    fn space_is_what_java_takes_for_it() {
        let token = compile("[\\S]+").unwrap();
        assert!(token.is_match("a\u{a0}b"));
        assert!(!token.is_match("a b"));
        assert!(!compile("[\\w\\s]+").unwrap().is_match("a\u{a0}b"));
    }
}
