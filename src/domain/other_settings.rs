//! Settings that Cognito describes and this build does not know.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::LazyLock;

/// The members of a description that this build has no field for: their API names, each with its value as JSON text. Members of a
/// known object have a path, such as `RefreshTokenRotation.Mode`.
///
/// They are sent back with every update, shown, and compared before a write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OtherSettings {
    members: BTreeMap<String, String>,
    /// Stands for the values that are left out, so that they are compared, too.
    hidden: u64,
}

/// Its keys differ from run to run, so that nothing can be guessed from what it makes of a value.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl OtherSettings {
    /// From pairs of a name and its JSON text. The value of a member that names a secret or a password is left out, because this
    /// type is printed and shown.
    #[must_use]
    pub fn new(members: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut all = Self::default();
        for (path, value) in members {
            if hides(&path) {
                all.hidden ^= HASHER.hash_one((&path, &value));
                all.members.insert(path, "(hidden)".to_owned());
            } else {
                all.members.insert(path, value);
            }
        }
        all
    }

    /// Adds members of the same object.
    pub fn extend(&mut self, members: impl IntoIterator<Item = (String, String)>) {
        let more = Self::new(members);
        self.hidden ^= more.hidden;
        self.members.extend(more.members);
    }

    /// The same with the members of another object, each under a path that begins with `prefix`.
    #[must_use]
    pub fn with(mut self, prefix: &str, other: Self) -> Self {
        self.hidden ^= other.hidden;
        let members = other.members.into_iter();
        self.members
            .extend(members.map(|(name, value)| (format!("{prefix}.{name}"), value)));
        self
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The names alone.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// Whether this build knows every setting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// Whether the value of a member may be a secret, going by its own name.
fn hides(path: &str) -> bool {
    let name = path.rsplit_once('.').map_or(path, |(_, name)| name);
    let name = name.to_ascii_lowercase();
    (name.contains("secret") && !name.ends_with("arn")) || name.contains("password")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_may_be_a_secret_is_compared_and_not_shown() {
        let of =
            |name: &str, value: &str| OtherSettings::new([(name.to_owned(), value.to_owned())]);
        for name in ["FutureSecret", "Policies.FuturePassword"] {
            let one = of(name, "1");
            assert_eq!(one.iter().next(), Some((name, "(hidden)")));
            assert_eq!(one, of(name, "1"));
            assert_ne!(one, of(name, "2"));
        }
        for name in ["Policies.PasswordPolicy.Mode", "FutureSecretArn", "Mode"] {
            assert_eq!(of(name, "1").iter().next(), Some((name, "1")));
        }
    }
}
