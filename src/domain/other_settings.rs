//! Settings that Cognito describes and this build does not know.

use std::collections::BTreeMap;

/// The members of a description that this build has no field for: their API names, each with its value as JSON text. Members of a
/// known object have a path, such as `RefreshTokenRotation.Mode`.
///
/// They are sent back with every update, shown, and compared before a write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherSettings(BTreeMap<String, String>);

impl OtherSettings {
    /// From pairs of a name and its JSON text. The value of a member that names a secret or a password is left out, because this
    /// type is printed and shown.
    #[must_use]
    pub fn new(members: impl IntoIterator<Item = (String, String)>) -> Self {
        let hides = |name: &str| {
            let name = name.to_ascii_lowercase();
            (name.contains("secret") && !name.ends_with("arn")) || name.contains("password")
        };
        let members = members.into_iter().map(|(name, value)| {
            let value = if hides(&name) {
                "(hidden)".to_owned()
            } else {
                value
            };
            (name, value)
        });
        Self(members.collect())
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The names alone.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether this build knows every setting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
