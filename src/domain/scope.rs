//! Scope names, and what state a client's scope is in.

use std::fmt;

/// The scopes that no resource server defines: for user sign-in, never for `client_credentials`.
pub const OPEN_ID: [&str; 5] = [
    "openid",
    "email",
    "phone",
    "profile",
    "aws.cognito.signin.user.admin",
];

/// What the names of Cognito's own scopes begin with. No resource server of the pool defines them, and they are never inactive.
const SYSTEM: &str = "aws.cognito";

/// A scope as a client lists it and a token carries it: `identifier/name` for a resource server's own scope, or one of
/// those of [`OPEN_ID`], which have no `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeName(String);

impl ScopeName {
    /// Wraps a full scope name; nothing is checked.
    pub fn new(full: impl Into<String>) -> Self {
        Self(full.into())
    }

    /// Joins a resource server's identifier and one of its scopes' names.
    #[must_use]
    pub fn custom(identifier: &str, name: &str) -> Self {
        Self(format!("{identifier}/{name}"))
    }

    /// The scopes of a list as OAuth writes it, with spaces between them, each once (RFC 6749, section 3.3). A comma may be a part of a name.
    pub fn of_lists<'a>(lists: impl IntoIterator<Item = &'a str>) -> Vec<Self> {
        let mut scopes: Vec<Self> = Vec::new();
        for scope in lists.into_iter().flat_map(str::split_whitespace) {
            if !scopes.iter().any(|known| known.as_str() == scope) {
                scopes.push(Self::new(scope));
            }
        }
        scopes
    }

    /// The full name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Identifier and scope name, split at the *last* `/`: an identifier may be a URL, a scope name has no `/`.
    /// `None` for a scope of no resource server.
    #[must_use]
    pub fn split(&self) -> Option<(&str, &str)> {
        self.0.rsplit_once('/').filter(|_| !self.is_system())
    }

    /// Whether it is a scope of Cognito's own that machines may have, such as `aws.cognito/dcr/register`. The one of
    /// [`OPEN_ID`] that begins like them is for sign-in.
    #[must_use]
    pub fn is_system(&self) -> bool {
        self.0.starts_with(SYSTEM) && !OPEN_ID.contains(&self.0.as_str())
    }

    /// Whether a token without a person can carry it: a resource server's scope, or one of Cognito's own for machines.
    #[must_use]
    pub fn is_for_machines(&self) -> bool {
        self.is_system() || self.split().is_some()
    }
}

impl fmt::Display for ScopeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
