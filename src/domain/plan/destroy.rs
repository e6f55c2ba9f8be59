//! Plans a take-down.
//!
//! Cognito does not record what a set-up made. So a take-down keeps, with a reason ([`Step::Kept`]), what may not
//! belong to the set-up alone, unless that is requested, too:
//!
//! - It deletes the app client with the set-up's name.
//! - It removes the set-up's scopes, except those that another client has, and deletes a resource server without scopes.
//! - It deletes the domain if the pool has no other client.
//! - It deletes the pool only if the set-up makes its pool and the pool has nothing else: no other client, resource server, scope or
//!   domain, and certainly no users. Deletion protection, a trigger, dynamic client registration, and settings that differ from the
//!   set-up's or are unknown keep the pool, too.

use std::collections::HashSet;

use super::edit::holders_of;
use super::step::{Existing, Step};
use super::{CurrentState, DesiredPool, DesiredState, Plan};
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::ClientId;
use crate::domain::plan::apply::{namesakes, no_pool, target};
use crate::domain::plan::text::{held, named, named_others};
use crate::domain::pool::{Domain, NewPool, UserPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;

/// What a take-down removes although it may be shared or older than the set-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DestroyScope {
    /// The pool with all contents, if the set-up makes its pool.
    pub pool: bool,
    pub domain: bool,
    /// Scopes that other clients have, and their resource servers.
    pub scopes: bool,
}

/// The steps that remove what [`super::set_up`] of the same `wanted` made, in reverse order: client, domain, scopes, and the pool if the
/// set-up makes its pool. `others` are the pool's clients with their settings, to find other users of each resource; the set-up's client
/// may be among them. A missing client counts as unreadable. Omits what no longer exists.
#[must_use]
pub fn take_down(
    wanted: &DesiredState,
    found: &CurrentState,
    others: &[AppClient],
    also: DestroyScope,
) -> Plan {
    let mut plan = Plan::of(target(wanted, found));
    if let Some(obstacle) = no_pool(&wanted.pool, found) {
        plan.obstacles.push(obstacle);
    }
    let Some(pool) = &found.pool else { return plan };
    if let Some(client) = &wanted.client {
        plan.obstacles.extend(namesakes(client, found));
    }
    let ours: Option<&AppClient> = found.namesakes.first().filter(|_| wanted.client.is_some());
    let rest = other_clients(&found.clients, ours.map(|client| &client.id));
    let against = match &wanted.pool {
        DesiredPool::Create(new) => Some(against(new, pool, wanted, found, &rest)),
        DesiredPool::This(_) | DesiredPool::Find(_) => None,
    };
    let whole = also.pool && against.is_some() || against.as_ref().is_some_and(Vec::is_empty);
    // First: without permission to turn it off nothing is lost.
    if whole && pool.deletion_protection != Some(false) {
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
    for domain in &found.domains {
        let ours = wanted.domain.as_ref();
        if whole || ours.is_some_and(|ours| ours.name == domain.name) {
            plan.steps
                .push(domain_gone(domain, &rest, whole || also.domain));
        }
    }
    let listed: HashSet<&ClientId> = rest.iter().map(|client| &client.id).collect();
    let read: HashSet<&ClientId> = others.iter().map(|other| &other.id).collect();
    let sharing = Sharing {
        others: others
            .iter()
            .filter(|other| listed.contains(&other.id))
            .collect(),
        unread: listed.difference(&read).count(),
        take: whole || also.scopes,
    };
    for server in wanted.servers.iter().rev() {
        let mut there = found.servers.iter();
        if let Some(there) = there.find(|there| there.identifier == server.identifier) {
            plan.steps.extend(sharing.scopes_gone(server, there));
        }
    }
    if whole {
        plan.steps.push(Step::DeletePool {
            name: pool.name.clone(),
            clients: rest,
            users: pool.estimated_users,
        });
    } else if let Some(against) = against {
        plan.steps.push(Step::Kept {
            thing: Existing::Pool {
                id: pool.id.clone(),
                name: pool.name.clone(),
            },
            why: format!("it has {}", against.join(", ")),
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

/// What a pool has that may not belong to the set-up.
fn against(
    new: &NewPool,
    pool: &UserPool,
    wanted: &DesiredState,
    found: &CurrentState,
    rest: &[ClientSummary],
) -> Vec<String> {
    let mut reasons = Vec::new();
    if !rest.is_empty() {
        reasons.push(named_others(rest));
    }
    match pool.estimated_users {
        Some(0) => {}
        Some(users) => reasons.push(format!("about {users} users")),
        None => reasons.push("an unknown number of users".to_owned()),
    }
    let strange: Vec<&str> = found
        .servers
        .iter()
        .filter(|there| has_more(there, &wanted.servers))
        .map(|there| there.identifier.as_str())
        .collect();
    if !strange.is_empty() {
        reasons.push(named(&strange, "other scopes in", "other scopes in"));
    }
    let ours = wanted.domain.as_ref();
    for domain in &found.domains {
        if ours.is_none_or(|ours| ours.name != domain.name) {
            reasons.push(format!("the domain {}", domain.name));
        }
    }
    if pool.deletion_protection != Some(false) && !new.deletion_protection {
        reasons.push("deletion protection".to_owned());
    }
    if pool.pre_token_trigger.is_some() || !pool.lambda_triggers.is_empty() {
        reasons.push("a trigger".to_owned());
    }
    // Applications may register clients unless this is certainly off.
    let registration = pool.dcr.as_ref();
    if registration.is_some_and(|dcr| dcr.enabled != Some(false)) {
        reasons.push("dynamic client registration".to_owned());
    }
    if !pool.other.is_empty() {
        let names: Vec<&str> = pool.other.iter().map(|(name, _)| name).collect();
        reasons.push(format!("unknown settings: {}", names.join(", ")));
    }
    let settings = unlike(new, pool);
    if !settings.is_empty() {
        reasons.push(format!("other values of {}", settings.join(", ")));
    }
    reasons
}

/// Whether a resource server or one of its scopes is not `wanted`.
fn has_more(there: &ResourceServer, wanted: &[ResourceServer]) -> bool {
    let ours = wanted
        .iter()
        .find(|ours| ours.identifier == there.identifier);
    ours.is_none_or(|ours| there.scopes.iter().any(|scope| !defines(ours, scope)))
}

fn defines(server: &ResourceServer, scope: &Scope) -> bool {
    server.scopes.iter().any(|known| known.name == scope.name)
}

/// The settings whose values differ from the set-up's.
pub(super) fn unlike(new: &NewPool, pool: &UserPool) -> Vec<&'static str> {
    let tags = new
        .tags
        .iter()
        .all(|(key, value)| pool.tags.get(key) == Some(value));
    let usernames = new.username_attributes.is_empty()
        || new
            .username_attributes
            .iter()
            .all(|name| pool.username_attributes.contains(name));
    [
        ("UserPoolTags", tags),
        ("UsernameAttributes", usernames),
        ("UserPoolTier", new.tier.is_none() || new.tier == pool.tier),
        (
            "AllowAdminCreateUserOnly",
            !new.admin_create_only || pool.admin_create_only,
        ),
    ]
    .into_iter()
    .filter(|(_, same)| !same)
    .map(|(setting, _)| setting)
    .collect()
}

fn domain_gone(domain: &Domain, rest: &[ClientSummary], take: bool) -> Step {
    if take || rest.is_empty() {
        return Step::DeleteDomain {
            domain: domain.clone(),
            clients: rest.to_vec(),
        };
    }
    Step::Kept {
        thing: Existing::Domain {
            name: domain.name.clone(),
        },
        why: format!(
            "the pool has {}; deleting it removes their token endpoint",
            named_others(rest)
        ),
    }
}

/// Other clients that may have the set-up's scopes.
struct Sharing<'a> {
    others: Vec<&'a AppClient>,
    /// The count of unreadable clients.
    unread: usize,
    /// Whether to remove the scopes anyway.
    take: bool,
}

impl Sharing<'_> {
    /// The steps that remove the `wanted` scopes from the server `there`, or delete it with its last scope.
    fn scopes_gone(&self, wanted: &ResourceServer, there: &ResourceServer) -> Vec<Step> {
        let full = |scope: &Scope| ScopeName::custom(&there.identifier, &scope.name);
        let is_held = |scope: &Scope| {
            let lists = |client: &&AppClient| client.settings.scopes.contains(&full(scope));
            self.unread > 0 || self.others.iter().any(lists)
        };
        let (ours, mut staying): (Vec<_>, Vec<_>) = there
            .scopes
            .iter()
            .cloned()
            .partition(|scope| defines(wanted, scope));
        let (kept, going): (Vec<_>, Vec<_>) = ours
            .into_iter()
            .partition(|scope| !self.take && is_held(scope));
        let others: Vec<AppClient> = self.others.iter().map(|other| (*other).clone()).collect();
        let holders = |scopes: &[Scope]| {
            let names: Vec<ScopeName> = scopes.iter().map(full).collect();
            holders_of(&names, &others)
        };
        let mut steps = Vec::new();
        if !kept.is_empty() {
            let by = held(&holders(&kept));
            let why = match self.unread {
                0 => format!("its scopes are used by {by}"),
                1 => "one app client could not be read and may use its scopes".to_owned(),
                unread => {
                    format!("{unread} app clients could not be read and may use its scopes")
                }
            };
            steps.push(Step::Kept {
                thing: Existing::Server {
                    identifier: there.identifier.clone(),
                },
                why,
            });
            staying.extend(kept);
        }
        if staying.is_empty() {
            steps.push(Step::DeleteServer {
                server: there.clone(),
                holders: holders(&going),
            });
        } else if !going.is_empty() {
            let mut after = there.clone();
            after.scopes.retain(|scope| staying.contains(scope));
            steps.push(Step::UpdateServer {
                before: there.clone(),
                after,
                holders: holders(&going),
            });
        }
        steps
    }
}
