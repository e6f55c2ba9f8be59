//! The JSON of resources: `show` prints it, `create` and `update` read it.
//!
//! When it is read, a member that says which resource it is, or that Cognito sets by itself, is ignored; a member that is absent
//! keeps the current setting; an unknown member is refused.

pub mod client;
pub mod domain;
pub mod pool;
pub mod server;

use std::fs::File;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::commands::Failure;
use crate::commands::shared::stdin;

/// What `--file` may be, for errors.
const NEXT: &str = "Use the JSON that `cognitui show --json` prints.";

/// Reads the document of `--file`; `-` is stdin. Empty without a file.
///
/// # Errors
/// It cannot be read, or is not such a document.
pub fn read<T: DeserializeOwned + Default>(path: Option<&Path>) -> Result<T, Failure> {
    let Some(path) = path else {
        return Ok(T::default());
    };
    let (text, name) = if path.as_os_str() == "-" {
        let name = "stdin".to_owned();
        (stdin::read(Ok(std::io::stdin()), &name, NEXT)?, name)
    } else {
        let name = path.display().to_string();
        (stdin::read(File::open(path), &name, NEXT)?, name)
    };
    serde_json::from_str(&text).map_err(|error| {
        let reason = error.to_string();
        // Other messages quote the value, which may be a secret.
        let reason = if reason.starts_with("unknown field") || !error.is_data() {
            reason
        } else {
            format!(
                "a value at line {} column {} is of the wrong type",
                error.line(),
                error.column()
            )
        };
        Failure::usage(format!("cannot use {name}: {reason}"), NEXT)
    })
}

/// A member that may be absent, which keeps a setting, or null, which clears it.
#[derive(Debug, Default)]
pub enum Member<T> {
    #[default]
    Absent,
    Null,
    Value(T),
}

impl<T> Member<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Keeps, clears or changes a setting.
    pub fn change<U>(&self, setting: &mut Option<U>, convert: impl Fn(&T) -> U) {
        match self {
            Self::Absent => {}
            Self::Null => *setting = None,
            Self::Value(value) => *setting = Some(convert(value)),
        }
    }
}

impl<T> From<Option<T>> for Member<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Serialize> Serialize for Member<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Member<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

/// `value` instead of what a file says, if it is given.
fn instead<T>(member: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *member = value;
    }
}

/// The same for a repeatable option.
fn instead_list(member: &mut Option<Vec<String>>, values: &[String]) {
    if !values.is_empty() {
        *member = Some(values.to_vec());
    }
}
