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

/// What a scope that a client lists is worth now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeState {
    /// Defined on a resource server: tokens carry it.
    Active,
    /// Listed on the client, but its resource server or scope was deleted: Cognito accepts a request for it and leaves it
    /// out of the token. Adding the scope again revives it.
    Inactive,
    /// An OpenID scope: for sign-in, never for `client_credentials`.
    OpenId,
    /// A scope of Cognito's own, which no resource server of the pool defines.
    System,
}

impl ScopeState {
    /// The state of `scope` where the pool has `servers`.
    #[must_use]
    pub fn of(scope: &ScopeName, servers: &[ResourceServer]) -> Self {
        if scope.is_system() {
            return Self::System;
        }
        let Some((identifier, name)) = scope.split() else {
            return Self::OpenId;
        };
        let defined = servers.iter().any(|server| {
            server.identifier == identifier && server.scopes.iter().any(|s| s.name == name)
        });
        if defined {
            Self::Active
        } else {
            Self::Inactive
        }
    }
}
