//! The plans of fixes that create or delete something.

use super::FixContext;
use crate::domain::client::{AppClient, CLIENT_TOKEN_FLOW, TimeUnit, Validity};
use crate::domain::new_client::{NewClient, m2m};
use crate::domain::plan::{self, Plan, Step, Target};
use crate::domain::pool::{Domain, NewDomain, UserPool};
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::scope::ScopeName;

/// The scopes that no resource server defines.
pub(super) fn inactive<'a>(
    listed: &'a [ScopeName],
    servers: &'a [ResourceServer],
) -> impl Iterator<Item = &'a ScopeName> {
    let gone = |scope: &&ScopeName| ScopeState::of(scope, servers) == ScopeState::Inactive;
    listed.iter().filter(gone)
}

/// Defines the undefined scopes of a client.
pub(super) fn define_scopes(client: &AppClient, seen: &FixContext) -> Plan {
    plan::define_scopes(&client.settings.scopes, seen.pool, seen.servers)
}

/// Of a token whose own lifetime is in a unit that is not known.
const HOUR: Validity = Validity {
    value: 1,
    unit: TimeUnit::Hours,
};

/// An M2M client with a secret and this client's custom scopes.
fn machine(client: &AppClient, name: String) -> NewClient {
    let custom = client.settings.scopes.iter();
    let custom: Vec<ScopeName> = custom
        .filter(|scope| scope.is_for_machines())
        .cloned()
        .collect();
    let life = client.settings.access_token;
    let life = life.seconds().map_or(HOUR, |_| life);
    let mut new = m2m(name, custom, life);
    let asks_the_api = client.settings.explicit_auth_flows.iter();
    if asks_the_api
        .into_iter()
        .any(|flow| flow == CLIENT_TOKEN_FLOW)
    {
        new.explicit_auth_flows = vec![CLIENT_TOKEN_FLOW.to_owned()];
    }
    // Cognito accepts OAuth only with scopes; GetClientToken needs neither.
    if new.scopes.is_empty() {
        new.oauth_enabled = false;
        new.flows.clear();
    }
    new
}

/// The M2M part of a client that users and programs share.
pub(super) fn machine_of(client: &AppClient) -> Step {
    let name: String = client.settings.name.chars().take(124).collect();
    Step::CreateClient(machine(client, format!("{name}-m2m")))
}

/// Deletes the domain and creates the same one.
pub(super) fn recreate_domain(domain: &Domain, pool: &UserPool) -> Plan {
    let mut plan = plan::delete_domain(Target::from(pool), domain, &[]);
    plan.steps.push(Step::CreateDomain(NewDomain {
        name: domain.name.clone(),
        certificate_arn: domain.certificate_arn.clone(),
        managed_login_version: domain.managed_login_version,
    }));
    plan
}

/// Deletes a scope that no client lists.
pub(super) fn delete_scope(scope: &ScopeName, seen: &FixContext) -> Option<Plan> {
    let (identifier, name) = scope.split()?;
    let mut servers = seen.servers.iter();
    let before = servers.find(|server| server.identifier == identifier)?;
    let mut after = before.clone();
    after.scopes.retain(|scope| scope.name != name);
    let pool = Target::from(seen.pool);
    Some(plan::edit_server(
        pool,
        before,
        &after,
        &[],
        seen.servers,
        false,
    ))
}
