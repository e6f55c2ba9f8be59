//! Requested against granted scopes.

use crate::domain::client::AppClient;
use crate::domain::pool::UserPool;
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::scope::{OPEN_ID, ScopeName};
use crate::domain::scope_meant::{self, Slip};

/// What became of the requested scopes. Order carries no meaning: Cognito's does not either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeDiff {
    /// Requested and in the token.
    pub granted: Vec<ScopeName>,
    /// Requested and not in the token, each with the reason.
    pub missing: Vec<(ScopeName, String)>,
    /// In the token without having been requested.
    pub extra: Vec<ScopeName>,
}

/// Compares a request with the token it led to. An empty request means all of the client's scopes of resource servers.
/// `servers` is `None` where they are not all read.
#[must_use]
pub fn scope_diff(
    requested: &[ScopeName],
    granted: &[ScopeName],
    client: Option<&AppClient>,
    servers: Option<&[ResourceServer]>,
    pool: Option<&UserPool>,
) -> ScopeDiff {
    let all_of_client = requested.is_empty();
    let expected: Vec<ScopeName> = match (all_of_client, client) {
        (false, _) => requested.to_vec(),
        (true, Some(client)) => client
            .settings
            .scopes
            .iter()
            .filter(|scope| scope.split().is_some())
            .cloned()
            .collect(),
        (true, None) => granted.to_vec(),
    };
    let (kept, lost): (Vec<_>, Vec<_>) = expected
        .iter()
        .cloned()
        .partition(|scope| granted.contains(scope));
    ScopeDiff {
        granted: kept,
        missing: lost
            .into_iter()
            .map(|scope| {
                let reason = why_missing(&scope, client, servers, pool);
                (scope, reason)
            })
            .collect(),
        extra: granted
            .iter()
            .filter(|scope| !expected.contains(scope))
            .cloned()
            .collect(),
    }
}

fn why_missing(
    scope: &ScopeName,
    client: Option<&AppClient>,
    servers: Option<&[ResourceServer]>,
    pool: Option<&UserPool>,
) -> String {
    let listed = client.map(|client| client.settings.scopes.contains(scope));
    let meant = || {
        let held = client.map(|client| client.settings.scopes.as_slice());
        scope_meant::hint(scope.as_str(), servers, held)
    };
    // Without the servers only a scope that would be of none of them has a state.
    let state = ScopeState::of(scope, servers.unwrap_or_default());
    match (state, listed) {
        (ScopeState::Active | ScopeState::Inactive, _) if servers.is_none() => {
            "unknown: the pool's resource servers are not read".to_owned()
        }
        (ScopeState::System, _) => {
            "unknown: Cognito issues its own scopes by rules of its own".to_owned()
        }
        (ScopeState::OpenId, _) if OPEN_ID.contains(&scope.as_str()) => {
            "an OpenID scope: for sign-in, never for client_credentials".to_owned()
        }
        (ScopeState::OpenId, _) => {
            meant().unwrap_or_else(|| Slip::BareName.reason().to_owned())
        }
        (ScopeState::Inactive, Some(true)) => {
            "inactive: its resource server no longer defines it; define it again or take it off the client".to_owned()
        }
        (ScopeState::Inactive, _) => match meant() {
            Some(meant) => format!("no resource server defines it: {meant}"),
            None => "no resource server defines it".to_owned(),
        },
        (ScopeState::Active, Some(false)) => "the client may not have it: add it to AllowedOAuthScopes".to_owned(),
        (ScopeState::Active, _) if pool.is_some_and(UserPool::may_change_m2m_tokens) => {
            "the pool's pre-token trigger may have taken it out".to_owned()
        }
        (ScopeState::Active, _) => {
            "unknown: the client or the resource server may have changed since they were read; refresh".to_owned()
        }
    }
}
