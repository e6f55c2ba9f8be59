//! The plan that defines scopes again.

use super::{CurrentState, DesiredPool, DesiredState, Existing, Plan, Step, set_up};
use crate::domain::pool::UserPool;
use crate::domain::resource_server::{ResourceServer, Scope, ScopeState};
use crate::domain::scope::ScopeName;

/// Defines those of `listed` that no resource server defines. Their descriptions are lost, so the name serves as one.
#[must_use]
pub fn define_scopes(listed: &[ScopeName], pool: &UserPool, defined: &[ResourceServer]) -> Plan {
    let gone = |scope: &&ScopeName| ScopeState::of(scope, defined) == ScopeState::Inactive;
    let mut servers: Vec<ResourceServer> = Vec::new();
    for (identifier, name) in listed.iter().filter(gone).filter_map(ScopeName::split) {
        let scope = Scope {
            name: name.to_owned(),
            description: name.to_owned(),
        };
        match servers
            .iter_mut()
            .find(|server| server.identifier == identifier)
        {
            Some(server) => server.scopes.push(scope),
            None => servers.push(ResourceServer {
                identifier: identifier.to_owned(),
                name: as_name(identifier),
                scopes: vec![scope],
                ..ResourceServer::default()
            }),
        }
    }
    let wanted = DesiredState {
        pool: DesiredPool::This(pool.id.clone()),
        servers,
        client: None,
        domain: None,
    };
    let found = CurrentState {
        pool: Some(pool.clone()),
        servers: defined.to_vec(),
        ..CurrentState::default()
    };
    let mut plan = set_up(&wanted, &found);
    plan.steps
        .retain(|step| !matches!(step, Step::There(Existing::Pool { .. })));
    plan
}

/// A name from an identifier: Cognito allows fewer characters in names.
#[must_use]
pub fn as_name(identifier: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || " _+=,.@-".contains(c);
    identifier
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .collect()
}
