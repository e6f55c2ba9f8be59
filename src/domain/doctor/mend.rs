//! What the console can change by itself about a finding. The rest takes a decision, or a name, that nobody can make for the user.

use super::grants::is_sign_in;
use super::{Finding, Subject, scopes};
use crate::domain::client::{AppClient, ClientSettings, OAuthFlow, TimeUnit, Validity};
use crate::domain::plan::{self, Plan, Target};
use crate::domain::pool::UserPool;
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::{ScopeName, ScopeState};

/// A change that mends a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// `AllowedOAuthFlowsUserPoolClient` on.
    OAuthOn,
    /// Scopes that are not defined go, or give way to the one that was meant.
    PruneScopes,
    /// The scopes of sign-in go.
    DropSignInScopes,
    /// `AllowedOAuthFlows` becomes `client_credentials` alone.
    MachineFlow,
    /// The explicit flows of sign-in go.
    DropSignInFlows,
    /// Callback and logout URLs go.
    DropUrls,
    /// `AccessTokenValidity` becomes an hour.
    HourTokens,
    /// `DeletionProtection` on.
    Protect,
}

impl Mend {
    /// What mends the findings of a rule; `None` where it takes a person.
    #[must_use]
    pub fn of(rule: &str) -> Option<Self> {
        Some(match rule {
            "oauth-off" => Self::OAuthOn,
            "inactive-scopes" => Self::PruneScopes,
            "sign-in-scopes" => Self::DropSignInScopes,
            "machine-without-flow" => Self::MachineFlow,
            "sign-in-flows" | "sign-in-flows-by-default" => Self::DropSignInFlows,
            "callback-urls" => Self::DropUrls,
            "token-short" | "token-long" => Self::HourTokens,
            "deletion-unprotected" => Self::Protect,
            _ => return None,
        })
    }

    /// Its word for scripts, which never changes.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OAuthOn => "oauth-on",
            Self::PruneScopes => "prune-scopes",
            Self::DropSignInScopes => "drop-sign-in-scopes",
            Self::MachineFlow => "machine-flow",
            Self::DropSignInFlows => "drop-sign-in-flows",
            Self::DropUrls => "drop-urls",
            Self::HourTokens => "hour-tokens",
            Self::Protect => "protect",
        }
    }

    fn mended(self, client: &AppClient, servers: &[ResourceServer]) -> ClientSettings {
        let mut after = client.settings.clone();
        match self {
            Self::OAuthOn => after.oauth_enabled = true,
            Self::PruneScopes => {
                after.scopes = active(&after.scopes, servers);
                // Cognito takes OAuth only with scopes.
                after.oauth_enabled &= !after.scopes.is_empty();
            }
            Self::DropSignInScopes => {
                after.scopes.retain(|scope| scope.split().is_some());
                after.oauth_enabled &= !after.scopes.is_empty();
            }
            Self::MachineFlow => after.flows = vec![OAuthFlow::ClientCredentials],
            Self::DropSignInFlows => {
                after.explicit_auth_flows.retain(|flow| !is_sign_in(flow));
                // An empty list would stand for the default, which allows sign-in.
                if after.explicit_auth_flows.is_empty() {
                    after.explicit_auth_flows = vec!["ALLOW_REFRESH_TOKEN_AUTH".to_owned()];
                }
            }
            Self::DropUrls => {
                after.callback_urls.clear();
                after.logout_urls.clear();
                after.default_redirect_uri = None;
            }
            Self::HourTokens => {
                after.access_token = Validity {
                    value: 60,
                    unit: TimeUnit::Minutes,
                };
            }
            Self::Protect => {}
        }
        after
    }
}

/// The plan that mends a finding. `client` is the one that the finding is about, with all its settings; `servers` are all of the pool's.
#[must_use]
pub fn mend(
    finding: &Finding,
    pool: &UserPool,
    client: Option<&AppClient>,
    servers: &[ResourceServer],
) -> Option<Plan> {
    let mend = finding.mend()?;
    match (&finding.subject, client) {
        (Subject::Pool, _) => Some(plan::protect(pool, true)),
        (Subject::Client { .. }, Some(client)) => {
            let after = mend.mended(client, servers);
            Some(plan::edit_client(
                Target::from(pool),
                client,
                &after,
                servers,
            ))
        }
        _ => None,
    }
}

/// The scopes that are defined, and in place of those that are not the one that was probably meant.
fn active(listed: &[ScopeName], servers: &[ResourceServer]) -> Vec<ScopeName> {
    let mut kept: Vec<ScopeName> = Vec::new();
    for scope in listed {
        let right = match ScopeState::of(scope, servers) {
            ScopeState::Inactive => scopes::meant(scope, servers),
            ScopeState::Active | ScopeState::OpenId => Some(scope.clone()),
        };
        if let Some(scope) = right.filter(|scope| !kept.contains(scope)) {
            kept.push(scope);
        }
    }
    kept
}
