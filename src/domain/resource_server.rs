//! Resource servers: the APIs a pool issues scopes for.

use super::other_settings::OtherSettings;
use super::scope::ScopeName;

/// An API that the pool's tokens can give access to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ResourceServer {
    /// Immutable key, 1 to 256 characters; the part of a scope before the last `/`.
    pub identifier: String,
    /// Shown to people; never part of a scope.
    pub name: String,
    pub scopes: Vec<Scope>,
    /// `ManagedBy`, such as `COGNITO`: who else made it and changes it. Such a server can't be changed or deleted here.
    pub managed_by: Option<String>,
    /// What else Cognito describes of it and its scopes, and this build does not know. Updates send it back.
    pub other: OtherSettings,
}

/// One scope of a resource server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// 1 to 256 characters without `/`.
    pub name: String,
    /// 1 to 256 characters; Cognito requires one.
    pub description: String,
}

impl ResourceServer {
    /// The server's scopes as app clients and tokens spell them.
    pub fn scope_names(&self) -> impl Iterator<Item = ScopeName> + '_ {
        self.scopes
            .iter()
            .map(|scope| ScopeName::custom(&self.identifier, &scope.name))
    }
}
