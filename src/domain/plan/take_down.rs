//! The way back from a set-up.

use super::edit::holders_of;
use super::set_up::{namesakes, no_pool, target};
use super::step::Step;
use super::{Found, Plan, Wanted, WantedPool};
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::ClientId;
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::ScopeName;

/// The steps that take away what [`super::set_up`] of the same `wanted` made, in the reverse order: the client, the domain, the scopes,
/// and the pool where the set-up is one that makes its pool. A resource server that has more scopes than were wanted stays with
/// those. `others` are the pool's clients with their settings, so that each step can say who else uses what goes; the client of
/// the set-up may be among them. What is gone already is left out.
#[must_use]
pub fn take_down(wanted: &Wanted, found: &Found, others: &[AppClient]) -> Plan {
    let mut plan = Plan::of(target(wanted, found));
    if let Some(obstacle) = no_pool(&wanted.pool, found) {
        plan.obstacles.push(obstacle);
    }
    let Some(pool) = &found.pool else { return plan };
    let whole = matches!(wanted.pool, WantedPool::Create(_));
    let ours: Option<&AppClient> = found.namesakes.first().filter(|_| wanted.client.is_some());
    if let Some(client) = &wanted.client {
        plan.obstacles.extend(namesakes(client, found));
    }
    // Before all else: who may not switch it off has then lost nothing.
    if whole && pool.deletion_protection {
        plan.steps.push(Step::SetDeletionProtection {
            seen: Box::new(pool.clone()),
            on: false,
        });
    }
    if let Some(client) = ours {
        plan.steps.push(Step::DeleteClient {
            id: client.id.clone(),
            name: client.settings.name.clone(),
        });
    }
    let rest = other_clients(&found.clients, ours.map(|client| &client.id));
    for domain in &found.domains {
        let wanted = wanted.domain.as_ref();
        if whole || wanted.is_some_and(|wanted| wanted.name == domain.name) {
            plan.steps.push(Step::DeleteDomain {
                domain: domain.clone(),
                clients: rest.clone(),
            });
        }
    }
    for server in wanted.servers.iter().rev() {
        let there = found
            .servers
            .iter()
            .find(|there| there.identifier == server.identifier);
        plan.steps
            .extend(there.and_then(|there| scopes_gone(server, there, others, ours)));
    }
    if whole {
        plan.steps.push(Step::DeletePool {
            name: pool.name.clone(),
            clients: rest,
            users: pool.estimated_users,
        });
    }
    plan
}

fn other_clients(clients: &[ClientSummary], ours: Option<&ClientId>) -> Vec<ClientSummary> {
    clients
        .iter()
        .filter(|client| Some(&client.id) != ours)
        .cloned()
        .collect()
}

/// The step that takes the `wanted` scopes from the server that is `there`: with the last of them the server goes.
fn scopes_gone(
    wanted: &ResourceServer,
    there: &ResourceServer,
    clients: &[AppClient],
    ours: Option<&AppClient>,
) -> Option<Step> {
    let is_wanted = |name: &str| wanted.scopes.iter().any(|scope| scope.name == name);
    let (going, staying): (Vec<_>, Vec<_>) = there
        .scopes
        .iter()
        .cloned()
        .partition(|scope| is_wanted(&scope.name));
    let names: Vec<ScopeName> = going
        .iter()
        .map(|scope| ScopeName::custom(&there.identifier, &scope.name))
        .collect();
    let mut holders = holders_of(&names, clients);
    holders.retain(|holder| ours.is_none_or(|client| client.id != holder.id));
    if staying.is_empty() {
        return Some(Step::DeleteServer {
            server: there.clone(),
            holders,
        });
    }
    (!going.is_empty()).then(|| Step::UpdateServer {
        before: there.clone(),
        after: ResourceServer {
            scopes: staying,
            ..there.clone()
        },
        holders,
    })
}
