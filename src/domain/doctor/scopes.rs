//! Rules about scopes, of clients and of resource servers.

use std::collections::HashSet;

use super::{ClientSnapshot, Evidence, PoolSnapshot};
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::scope::ScopeName;
use crate::domain::scope_meant::misspelt;

pub(super) fn none_listed(_: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let client = described.client;
    (client.settings.is_m2m() && client.settings.scopes.is_empty()).then(|| {
        Evidence::new(
            "AllowedOAuthScopes is empty",
            "Add the scopes it needs to AllowedOAuthScopes, as identifier/name.",
        )
    })
}

pub(super) fn sign_in_scopes(_: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let client = described.client;
    let scopes = client
        .settings
        .scopes
        .iter()
        .filter(|scope| !scope.is_for_machines());
    let scopes: Vec<&str> = scopes.map(ScopeName::as_str).collect();
    (client.settings.is_m2m() && !scopes.is_empty()).then(|| {
        Evidence::new(
            format!("AllowedOAuthScopes has {}", scopes.join(", ")),
            "Remove them from AllowedOAuthScopes.",
        )
    })
}

pub(super) fn inactive(found: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let servers = found.servers?;
    let gone: Vec<&ScopeName> = described
        .client
        .settings
        .scopes
        .iter()
        .filter(|scope| ScopeState::of(scope, servers) == ScopeState::Inactive)
        .collect();
    if gone.is_empty() {
        return None;
    }
    let names: Vec<&str> = gone.iter().map(|scope| scope.as_str()).collect();
    let meant: Vec<String> = gone
        .iter()
        .filter_map(|scope| Some(format!("{} for {scope}", misspelt(scope, servers)?)))
        .collect();
    let fix = if meant.is_empty() {
        "Define them on their resource server, which reactivates them, or remove them from AllowedOAuthScopes."
            .to_owned()
    } else {
        format!(
            "Correct AllowedOAuthScopes. Probably meant: {}.",
            meant.join(", ")
        )
    };
    Some(Evidence::new(
        format!(
            "inactive: {}; {} of {} scopes",
            names.join(", "),
            gone.len(),
            described.client.settings.scopes.len()
        ),
        fix,
    ))
}

pub(super) fn whole_server(found: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let client = described.client;
    let held: HashSet<&ScopeName> = client.settings.scopes.iter().collect();
    // A server with a single scope leaves no choice.
    let whole: Vec<&ResourceServer> = found
        .servers?
        .iter()
        .filter(|server| server.scopes.len() > 1)
        .filter(|server| server.scope_names().all(|scope| held.contains(&scope)))
        .collect();
    (!whole.is_empty()).then(|| {
        let servers: Vec<String> = whole
            .iter()
            .map(|server| format!("all {} of {}", server.scopes.len(), server.identifier))
            .collect();
        Evidence::new(
            servers.join(", "),
            "Remove the scopes that it does not need, or split it into two clients.",
        )
    })
}

pub(super) fn unused(found: &PoolSnapshot) -> Vec<(ScopeName, Evidence)> {
    let (Some(servers), Some(clients)) = (found.servers, found.every_client()) else {
        return Vec::new();
    };
    let held: HashSet<&ScopeName> = clients
        .iter()
        .flat_map(|described| &described.client.settings.scopes)
        .collect();
    let unheld = servers
        .iter()
        .flat_map(ResourceServer::scope_names)
        .filter(|scope| !held.contains(scope));
    unheld
        .map(|scope| {
            let seen = match clients.len() {
                0 => "the pool has no app client".to_owned(),
                1 => "the pool's one app client does not list it".to_owned(),
                n => format!("none of {n} app clients lists it"),
            };
            let evidence = Evidence::new(
                seen,
                "Add it to the clients that need it, or delete it from its resource server.",
            );
            (scope, evidence)
        })
        .collect()
}
